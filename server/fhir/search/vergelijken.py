"""Een zoekwaarde als proef op een waarde uit een resource: één functie per soort parameter, één keer gemaakt per vraag.

Datums staan in `tijd.py`, getallen in `getal.py`. Kent geen resources; waar de waarden staan zegt `pad.py`.
Bron: FHIR R4 search.html (token, reference, string, uri, modifiers).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from server.fhir.search import getal, tijd
from server.fhir.search.pad import doeltype
from server.fhir.search.tijd import Bereik, bereik, bereik_van
from server.registry import SearchParam

__all__ = ["Bereik", "Proef", "bereik", "bereik_van", "eigen_verwijzing", "maak_proef", "vereenvoudig"]

Proef = Callable[[Any], bool]

PIJP: Final = "\ue000"  # een beschermde `|` in een zoekwaarde, zolang er nog op gesplitst wordt
_VERWIJZING: Final = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]{1,64})?")
_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
# Waar een naam of adres uit bestaat; de rest (use, period, extensies) is geen tekst om op te zoeken.
TEKSTDELEN: Final = (
    "text", "family", "given", "prefix", "suffix",
    "line", "city", "district", "state", "postalCode", "country",
)  # fmt: skip


def maak_proef(parameter: SearchParam, bepaler: str | None, waarde: str, basis: str) -> Proef | None:
    """De zoekwaarde als proef op één element, of None als de waarde niet goed gevormd is.

    `bepaler`: van deze server bekend voor de soort; `:missing` en `:not` weegt de aanroeper over alle waarden.
    `basis`: het adres van deze server, zonder schuine streep; wat daaronder ligt is van hier.
    """
    if bepaler == "identifier":
        proef = _token(waarde, "", streng=False)
        return None if proef is None else lambda e: isinstance(e, dict) and proef(e.get("identifier"))
    soort = parameter.type
    if soort == "token":
        return _token(waarde, parameter.system, streng=parameter.name == "_id")
    waarde = waarde.replace(PIJP, "|")
    if soort == "reference":
        return _reference(waarde, bepaler, basis)
    if soort == "string":
        return _string(waarde, "klank" if parameter.name == "phonetic" else bepaler)
    if soort == "date":
        return tijd.maak(waarde)
    if soort == "number":
        return getal.maak_getal(waarde)
    if soort == "quantity":
        return getal.maak_hoeveelheid(waarde)
    return lambda element: element == waarde  # uri


def _token(waarde: str, impliciet: str, *, streng: bool) -> Proef | None:
    """`code`, `stelsel|code`, `|code` (zonder stelsel) en `stelsel|`.

    Hoofdletters tellen niet ("when in doubt"), behalve bij een id. Een `code`-element heeft het stelsel `impliciet`.
    """
    if waarde.count("|") > 1 or waarde in ("", "|"):
        return None
    stelsel, streep, code = (deel.replace(PIJP, "|") for deel in waarde.rpartition("|"))
    gezocht = code if streng else code.casefold()

    def gelijk(eigen: Any) -> bool:
        return isinstance(eigen, str) and (eigen if streng else eigen.casefold()) == gezocht

    def los(eigen: str) -> bool:
        """Een code, tekst of id zonder eigen stelsel."""
        if streep and stelsel and impliciet and stelsel != impliciet:
            return False
        return not code or gelijk(eigen)

    def past(element: Any) -> bool:
        if isinstance(element, str):
            return los(element)
        if isinstance(element, bool):
            return gezocht == ("true" if element else "false")
        if not isinstance(element, dict):
            return False
        if "coding" in element:
            return any(past(c) for c in element["coding"] or () if isinstance(c, dict))
        eigen = element["value"] if "value" in element else element.get("code")
        if eigen is None and not (streep and not code):
            return False
        if streep and element.get("system", "") != stelsel:
            return False
        return not code or gelijk(eigen)

    return past


def eigen_verwijzing(tekst: str, basis: str) -> str:
    """Een verwijzing zonder het adres van deze server ervoor; die van elders blijft zoals zij is."""
    return tekst[len(basis) + 1 :] if basis and tekst.startswith(basis + "/") else tekst


def _reference(waarde: str, bepaler: str | None, basis: str) -> Proef | None:
    """`Type/id`, `id`, een volledig adres, een canonical met of zonder `|versie`, een `urn:`."""
    if not waarde or len(waarde) > 500 or " " in waarde or waarde.startswith("/"):
        return None
    gezocht = eigen_verwijzing(waarde, basis)
    plaats = _VERWIJZING.fullmatch(gezocht)
    if plaats is None and bepaler is not None:
        plaats = _VERWIJZING.fullmatch(f"{bepaler}/{gezocht}")
    if plaats is None and _ID.fullmatch(gezocht):
        return _op_id(gezocht)
    if plaats is not None and bepaler not in (None, plaats[1]):
        return _nooit
    kern, versie = (f"{plaats[1]}/{plaats[2]}", plaats[3]) if plaats else (gezocht, None)
    met_versie = "|" in kern or versie is not None

    def past(element: Any) -> bool:
        if isinstance(element, str):  # canonical of uri
            return element == kern or (not met_versie and element.partition("|")[0] == kern)
        tekst = element.get("reference") if isinstance(element, dict) else None
        if not isinstance(tekst, str) or (bepaler and doeltype(element) != bepaler):
            return False
        eigen = eigen_verwijzing(tekst, basis)
        return eigen == kern + (versie or "") or (not versie and eigen.partition("/_history/")[0] == kern)

    return past


def _op_id(id_: str) -> Proef:
    def past(element: Any) -> bool:
        if isinstance(element, str):
            return element == id_
        tekst = element.get("reference") if isinstance(element, dict) else None
        if not isinstance(tekst, str):
            return False
        return tekst.partition("/_history/")[0].rpartition("/")[2] == id_ or tekst == id_

    return past


def _nooit(_: Any) -> bool:
    return False


def _string(waarde: str, bepaler: str | None) -> Proef | None:
    gezocht = vereenvoudig(waarde)
    if not gezocht and bepaler != "exact":
        return None

    def raak(tekst: str) -> bool:
        if bepaler == "exact":
            return tekst == waarde
        if bepaler == "klank":
            return klank(tekst) == klank(waarde)
        kaal = vereenvoudig(tekst)
        return gezocht in kaal if bepaler == "contains" else kaal.startswith(gezocht)

    def past(element: Any) -> bool:
        if isinstance(element, str):
            return raak(element)
        if isinstance(element, Mapping):
            delen = (element.get(naam) for naam in TEKSTDELEN)
            return any(past(d) for d in delen if d is not None)
        return isinstance(element, list) and any(past(e) for e in element)

    return past


@lru_cache(maxsize=8192)
def vereenvoudig(tekst: str) -> str:
    """Zonder hoofdletters, accenten en dubbele spaties, zoals een string-parameter vergelijkt."""
    kaal = "".join(c for c in unicodedata.normalize("NFKD", tekst.casefold()) if not unicodedata.combining(c))
    return " ".join(kaal.split())


_KLANKEN: Final = (
    ("ij", "y"),
    ("ei", "y"),
    ("ck", "k"),
    ("ch", "g"),
    ("ph", "f"),
    ("ks", "x"),
    ("th", "t"),
    ("sch", "s"),
)
_GROEP: Final = {c: str(n) for n, groep in enumerate(("bfpvw", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for c in groep}


def klank(tekst: str) -> str:
    """De klank van een naam: eerste letter en de groepen medeklinkers daarna (Soundex, met Nederlandse klanken)."""
    kaal = re.sub(r"[^a-z]", "", vereenvoudig(tekst))
    for van, naar in _KLANKEN:
        kaal = kaal.replace(van, naar)
    cijfers = [_GROEP.get(c, "") for c in kaal]
    rest = "".join(c for c, vorige in zip(cijfers[1:], cijfers, strict=False) if c and c != vorige)
    return kaal[:1] + rest
