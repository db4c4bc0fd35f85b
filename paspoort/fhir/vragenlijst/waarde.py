"""Of één antwoord bij zijn vraag past: één waarde, van het goede type, uit de keuzes, binnen de grenzen.

FHIR R4 Questionnaire.item (type, answerOption, answerValueSet, maxLength, readOnly) en de extensies van HL7 daarbij.
Kent geen items en geen volgorde; dat doet `controle`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.referenties import ontleed
from paspoort.fhir.validatie_codes import Waardelijst, los_uitgeklapt
from paspoort.fhir.validatie_orde import orde
from paspoort.fhir.vragenlijst.vraag import WAARDE_ELEMENTEN, Vraag
from paspoort.fouten import Melding

Lijsten = Callable[[str], Waardelijst | None]

# wat er in gewone taal bij een type hoort: (Nederlands). De Engelse tekst van de melding noemt het FHIR-type.
VERWACHT: Final = {
    "boolean": "ja of nee",
    "decimal": "een getal",
    "integer": "een heel getal",
    "date": "een datum die bestaat",
    "dateTime": "een datum met tijd",
    "time": "een tijd",
    "string": "tekst",
    "text": "tekst",
    "url": "een webadres",
    "choice": "een keuze uit de lijst",
    "open-choice": "een keuze uit de lijst, of tekst",
    "attachment": "een bestand",
    "reference": "een verwijzing",
    "quantity": "een getal met een eenheid",
}
_DATUM = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_TIJD = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?\Z")
_DATUMTIJD = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})\Z")
_GETALLEN: Final = ("valueDecimal", "valueInteger")


def antwoord_fouten(antwoord: object, vraag: Vraag, plek: str, lijsten: Lijsten) -> Iterator[Melding]:
    """De fouten in één antwoord, elk bij zijn element."""
    wat = {"vraag": vraag.tekst, "verwacht": VERWACHT[vraag.type], "type": vraag.type}
    if not isinstance(antwoord, dict):
        yield Melding("antwoord-vorm", plek)
        return
    waarden = [naam for naam in antwoord if naam.startswith("value")]
    if not waarden:
        yield Melding("antwoord-leeg", plek, wat)
    for naam in waarden[1:]:
        yield Melding("antwoord-verkeerd-type", f"{plek}.{naam}", wat)
    for naam in waarden[:1]:
        code, meer = _fout(naam, antwoord[naam], vraag, lijsten) or (None, {})
        if code is not None:
            yield Melding(code, f"{plek}.{naam}", wat | meer)


def _fout(naam: str, waarde: Any, vraag: Vraag, lijsten: Lijsten) -> tuple[str, dict[str, str]] | None:
    g = vraag.grenzen
    if not _mag(naam, vraag) or not _goed_gevormd(naam, waarde):
        return "antwoord-verkeerd-type", {}
    if isinstance(waarde, str) and not waarde.strip():
        return "antwoord-leeg", {}
    if isinstance(waarde, str) and vraag.max_lengte and len(waarde) > vraag.max_lengte:
        return "antwoord-te-lang", {"lengte": str(vraag.max_lengte)}
    if isinstance(waarde, str) and g.kortst and len(waarde) < g.kortst:
        return "antwoord-te-kort", {"lengte": str(g.kortst)}
    if isinstance(waarde, str) and g.patroon and not re.fullmatch(g.patroon, waarde):
        return "antwoord-niet-zo", {}
    if not _is_keuze(naam, waarde, vraag, lijsten):
        return "antwoord-geen-keuze", {}
    if g.alleen_lezen and g.begin and not any(_zelfde(n, w, naam, waarde) for n, w in g.begin):
        return "antwoord-ligt-vast", {}
    if naam in _GETALLEN and not Decimal(str(waarde)).is_finite():
        return "antwoord-buiten-grens", _grenzen(vraag)
    if orde(waarde, g.laagst) == -1 or orde(waarde, g.hoogst) == 1:
        return "antwoord-buiten-grens", _grenzen(vraag)
    if naam in _GETALLEN and g.decimalen is not None and _decimalen(waarde) > g.decimalen:
        return "antwoord-te-precies", {"decimalen": str(g.decimalen)}
    if naam == "valueReference" and g.doelen and _doel(waarde) not in g.doelen:
        return "antwoord-verkeerd-type", {}
    if naam == "valueQuantity" and g.eenheden and (waarde.get("system"), waarde.get("code")) not in g.eenheden:
        return "antwoord-geen-keuze", {}
    if naam == "valueAttachment" and not _bestand_mag(waarde, vraag):
        return "antwoord-verkeerd-type", {}
    return None


def _grenzen(vraag: Vraag) -> dict[str, str]:
    laagst, hoogst = vraag.grenzen.laagst, vraag.grenzen.hoogst
    return {
        "minimum": "…" if laagst is None else str(laagst),
        "maximum": "…" if hoogst is None else str(hoogst),
        "eenheid": vraag.eenheid or "",
    }


def _mag(naam: str, vraag: Vraag) -> bool:
    """Het element bij het type; een keuze uit vaste teksten of getallen heeft het element van die keuzes."""
    opties = {n for n, _ in vraag.grenzen.opties}
    if vraag.type in ("choice", "open-choice") and opties:
        return naam in opties or (vraag.type == "open-choice" and naam == "valueString")
    return naam in WAARDE_ELEMENTEN[vraag.type]


def _is_keuze(naam: str, waarde: Any, vraag: Vraag, lijsten: Lijsten) -> bool:
    """Uit de vaste antwoorden of de waardelijst; bij open-choice mag tekst altijd."""
    g = vraag.grenzen
    if vraag.type == "open-choice" and naam == "valueString":
        return True
    if g.opties:
        return any(_zelfde(n, w, naam, waarde) for n, w in g.opties)
    if g.lijst is None or naam != "valueCoding":
        return True
    lijst = los_uitgeklapt(g.los) if g.los is not None else lijsten(g.lijst)
    if lijst is None and vraag.keuzes:  # wat wij helemaal konden uitklappen
        return any(gelijk(k.inhoud, waarde) for k in vraag.keuzes)
    # een lijst die hier niet is, houdt niets tegen; dat zegt de vragenlijst zelf, niet wie antwoordt
    return lijst is None or lijst.bevat(waarde.get("system"), waarde.get("code")) != "eruit"


def _zelfde(naam: str, vast: Any, andere_naam: str, waarde: Any) -> bool:
    return naam == andere_naam and gelijk(vast, waarde)


def gelijk(links: Any, rechts: Any) -> bool:
    """Of twee antwoorden hetzelfde zijn: codes op stelsel en code, hoeveelheden op waarde en eenheid."""
    if isinstance(links, dict) and isinstance(rechts, dict):
        if "reference" in links or "reference" in rechts:
            return bool(links.get("reference") == rechts.get("reference"))
        zelfde = links.get("code") == rechts.get("code") and links.get("system") == rechts.get("system")
        if "value" in links or "value" in rechts:
            return zelfde and orde(links.get("value"), rechts.get("value")) == 0
        return zelfde
    if isinstance(links, bool) or isinstance(rechts, bool):
        return links is rechts
    return bool(links == rechts) or (isinstance(links, str) and isinstance(rechts, str) and orde(links, rechts) == 0)


def _decimalen(waarde: Any) -> int:
    exponent = Decimal(str(waarde)).as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _doel(verwijzing: Any) -> str | None:
    tekst = verwijzing.get("reference")
    deel = ontleed(tekst) if isinstance(tekst, str) else None
    genoemd = verwijzing.get("type")
    return deel[0] if deel is not None else genoemd if isinstance(genoemd, str) else None


def _bestand_mag(bestand: Any, vraag: Vraag) -> bool:
    g = vraag.grenzen
    if g.soorten and bestand.get("contentType") not in g.soorten:
        return False
    data, groot = bestand.get("data"), bestand.get("size")
    omvang = len(data) * 3 // 4 if isinstance(data, str) else groot
    return g.bytes is None or not isinstance(omvang, int) or omvang <= g.bytes


def _goed_gevormd(naam: str, waarde: object) -> bool:
    """Of de JSON-waarde bij het FHIR-type van het element past; een datum moet ook bestaan."""
    match naam:
        case "valueBoolean":
            return isinstance(waarde, bool)
        case "valueDecimal":
            return isinstance(waarde, int | float | Decimal) and not isinstance(waarde, bool)
        case "valueInteger":
            return isinstance(waarde, int) and not isinstance(waarde, bool) and -(2**31) <= waarde < 2**31
        case "valueDate":
            return isinstance(waarde, str) and _bestaat(waarde)
        case "valueDateTime":
            return isinstance(waarde, str) and (_bestaat(waarde) or _moment_bestaat(waarde))
        case "valueTime":
            return isinstance(waarde, str) and bool(_TIJD.match(waarde))
        case "valueString" | "valueUri":
            return isinstance(waarde, str)
        case "valueCoding":
            return isinstance(waarde, dict) and all(
                isinstance(waarde.get(d, ""), str) for d in ("system", "code", "display")
            )
        case _:
            return isinstance(waarde, dict) and bool(waarde)


def _bestaat(tekst: str) -> bool:
    if not _DATUM.match(tekst):
        return False
    try:
        date.fromisoformat(tekst + "0000-01-01"[len(tekst) :])  # jjjj en jjjj-mm worden de eerste dag
    except ValueError:
        return False
    return True


def _moment_bestaat(tekst: str) -> bool:
    if not _DATUMTIJD.match(tekst):
        return False
    try:
        datetime.fromisoformat(tekst)
    except ValueError:
        return False
    return True
