"""FHIR-JSON lezen en schrijven zonder dat er iets verschuift: decimalen, volgorde en tekens blijven zoals ze kwamen.

FHIR R4 §2.6.2 (JSON): UTF-8, geen dubbele namen, en `1.0` is iets anders dan `1`. Controleert alleen of het
JSON is, niet of het FHIR is: dat doet `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

import orjson

from paspoort.fouten import Melding, PaspoortFout

Json = dict[str, Any]

MAX_DIEPTE = 64
MAX_CIJFERS = 36
MAX_EXPONENT = 60
_GROOTSTE = 2**63 - 1
_HALF_TEKEN = re.compile(rb"\\u[dD][89a-fA-F]")


class _Ongeldig(ValueError):  # noqa: N818 - het domein spreekt Nederlands
    """Een fout midden in het ontleden; `lees` maakt er een PaspoortFout van."""

    def __init__(self, code: str, **waarden: str) -> None:
        super().__init__(code)
        self.melding = Melding(code, None, waarden)


def lees(data: bytes) -> Json:
    """Bytes van buiten → één JSON-object; getallen met een punt of exponent worden `Decimal`.

    Werpt `PaspoortFout` met `json-kapot` (regel en kolom), `json-geen-utf8`, `json-dubbel` (de naam), `json-getal`,
    `json-te-diep` of `json-geen-object`.
    """
    inhoud = _lees(data)
    if not isinstance(inhoud, dict):
        raise PaspoortFout(Melding("json-geen-object"))
    return inhoud


def lees_lijst(data: bytes) -> list[Any]:
    """Bytes van buiten → één JSON-lijst (JSON Patch), met dezelfde grenzen; `json-geen-lijst` bij iets anders."""
    inhoud = _lees(data)
    if not isinstance(inhoud, list):
        raise PaspoortFout(Melding("json-geen-lijst"))
    return inhoud


def _lees(data: bytes) -> Any:
    try:
        tekst = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PaspoortFout(Melding("json-geen-utf8")) from None
    try:
        inhoud = json.loads(
            tekst,
            parse_float=_decimaal,
            parse_int=_geheel,
            parse_constant=_geen_getal,
            object_pairs_hook=_zonder_dubbel,
        )
    except json.JSONDecodeError as fout:
        waarden = {"regel": str(fout.lineno), "kolom": str(fout.colno)}
        raise PaspoortFout(Melding("json-kapot", None, waarden)) from None
    except _Ongeldig as fout:
        raise PaspoortFout(fout.melding) from None
    except RecursionError:
        raise PaspoortFout(Melding("json-te-diep", None, {"diepte": str(MAX_DIEPTE)})) from None
    if data.count(b"{") + data.count(b"[") > MAX_DIEPTE and _dieper_dan(inhoud, MAX_DIEPTE):
        raise PaspoortFout(Melding("json-te-diep", None, {"diepte": str(MAX_DIEPTE)}))
    if _HALF_TEKEN.search(data):
        _weiger_halve_tekens(inhoud)
    return inhoud


def lees_opgeslagen(data: bytes) -> Json:
    """Bytes die wij zelf schreven: al gecontroleerd door `lees`, dus zonder de controles (snelle leesweg)."""
    inhoud: Json = json.loads(data, parse_float=Decimal)
    return inhoud


def schrijf(inhoud: Json, netjes: bool = False) -> bytes:
    """JSON → bytes, compact of met inspringing, in dezelfde volgorde en met elke `Decimal` in de cijfers van toen."""
    return orjson.dumps(inhoud, default=_schrijf_decimaal, option=orjson.OPT_INDENT_2 if netjes else None)


def _schrijf_decimaal(waarde: object) -> orjson.Fragment:
    if isinstance(waarde, Decimal) and waarde.is_finite():
        return orjson.Fragment(str(waarde).encode())
    raise TypeError(f"geen JSON: {type(waarde).__name__}")


def _zonder_dubbel(paren: list[tuple[str, Any]]) -> Json:
    object_ = dict(paren)
    if len(object_) != len(paren):
        gezien: set[str] = set()
        for naam, _ in paren:
            if naam in gezien:
                raise _Ongeldig("json-dubbel", naam=naam)
            gezien.add(naam)
    return object_


def _decimaal(tekst: str) -> Decimal:
    # Een exponent van een miljard past in acht tekens, maar niet in het geheugen van wie ermee rekent.
    getal = Decimal(tekst)
    if not getal.is_finite() or len(getal.as_tuple().digits) > MAX_CIJFERS or abs(getal.adjusted()) > MAX_EXPONENT:
        raise _Ongeldig("json-getal")
    return getal


def _geheel(tekst: str) -> int:
    if len(tekst) > 20 or abs(getal := int(tekst)) > _GROOTSTE:
        raise _Ongeldig("json-getal")
    return getal


def _geen_getal(_: str) -> NoReturn:
    raise _Ongeldig("json-getal")


def _dieper_dan(waarde: object, rest: int) -> bool:
    if isinstance(waarde, dict):
        return rest == 0 or any(_dieper_dan(v, rest - 1) for v in waarde.values() if isinstance(v, (dict, list)))
    if isinstance(waarde, list):
        return rest == 0 or any(_dieper_dan(v, rest - 1) for v in waarde if isinstance(v, (dict, list)))
    return False


def _weiger_halve_tekens(inhoud: object) -> None:
    """Een losse helft van een surrogaatpaar is geen Unicode en kan niet als UTF-8 terug."""
    schrijf_strikt: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False, default=str).encode
    try:
        schrijf_strikt(inhoud).encode("utf-8")
    except UnicodeEncodeError:
        raise PaspoortFout(Melding("json-geen-utf8")) from None
