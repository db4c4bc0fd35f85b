"""Eén antwoord als tekst in een invoerveld, en terug: zoals mensen het typen naar value[x] van FHIR.

Wat niet te lezen is, blijft de tekst die er stond (valueString); `controle` wijst het aan. Een tijdstip zonder zone is
in Nederland. FHIR R4 Questionnaire.item.type, datatypes.html.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.gelding import waarde_van
from paspoort.fhir.vragenlijst.vraag import WAARDE_ELEMENTEN, Keuze, Vraag
from paspoort.fhir.vragenlijst.waarde import gelijk
from paspoort.toestemming import HIER
from paspoort.toestemmingsverloop import MAANDEN

JA_NEE: Final = {"ja": True, "true": True, "nee": False, "false": False}
_MAANDNAMEN: Final = {n: i for i, maand in enumerate(MAANDEN, 1) for n in (maand, maand[:3])} | {"mrt": 3}
_GETAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_HEEL: Final = re.compile(r"[+-]?[0-9]{1,12}")
_MAAT: Final = re.compile(r"(-?[0-9][0-9.,]*)\s*(.*)", re.DOTALL)
_DAG: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[a-z]{3,9})\.?[-/. ]([0-9]{4})")
_MAAND: Final = re.compile(r"([0-9]{1,2}|[a-z]{3,9})[-/ ]([0-9]{4})")
_KLOK: Final = re.compile(r"([0-9]{1,2})[:.u]([0-9]{2})( ?uur)?")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIJDSTIP: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):00([+-][0-9]{2}:[0-9]{2})")


def lees(vraag: Vraag, waarde: Any) -> tuple[str, Any]:
    """(value[x], inhoud) uit een gewone waarde of wat iemand typte; wat niet past wordt valueString."""
    if vraag.type in ("choice", "open-choice"):
        return _keuze(vraag, waarde)
    naam = WAARDE_ELEMENTEN[vraag.type][0]
    if isinstance(waarde, str):
        waarde = _uit_tekst(vraag, naam, waarde)
    elif naam == "valueDecimal" and isinstance(waarde, int | float) and not isinstance(waarde, bool):
        waarde = Decimal(str(waarde))
    if isinstance(waarde, str) and naam in ("valueBoolean", "valueDecimal", "valueInteger", "valueQuantity"):
        return "valueString", waarde
    return naam, waarde


def schrijf(vraag: Vraag, antwoord: Any) -> str:
    """Wat er in het veld staat bij dit `answer`; van een hoeveelheid het getal, van een keuze de optiewaarde."""
    naam, waarde = waarde_van(antwoord) or ("", "")
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    keuze = next((k for k in vraag.keuzes if k.element == naam and gelijk(k.inhoud, waarde)), None)
    if keuze is not None:
        return optiewaarde(vraag, keuze)
    if naam == "valueCoding":
        return str(waarde.get("code", "")) if isinstance(waarde, dict) else ""
    if naam == "valueReference":
        return str(waarde.get("reference") or waarde.get("display") or "") if isinstance(waarde, dict) else ""
    if naam == "valueAttachment":
        return str(waarde.get("title") or "een bestand") if isinstance(waarde, dict) else ""
    if naam == "valueQuantity":
        return getaltekst(waarde.get("value", "")) if isinstance(waarde, dict) else ""
    if naam == "valueDateTime" and isinstance(waarde, str):
        return _tijdstip_tekst(waarde)
    if naam == "valueTime" and isinstance(waarde, str):
        return waarde.removesuffix(":00") if waarde.count(":") == 2 else waarde
    return waarde if isinstance(waarde, str) else getaltekst(waarde)


def eenheid_van(antwoord: Any) -> str:
    """De eenheid van een hoeveelheid zoals zij in het veld staat; leeg bij iets anders."""
    naam, waarde = waarde_van(antwoord) or ("", None)
    return str(waarde.get("code") or waarde.get("unit") or "") if naam == "valueQuantity" and waarde else ""


def is_vrij(vraag: Vraag, antwoord: Any) -> bool:
    """Of dit antwoord eigen woorden zijn naast de keuzes van een open-choice, ook als zij luiden als een code."""
    naam, waarde = waarde_van(antwoord) or ("", None)
    open_keuze = vraag.type == "open-choice" and bool(vraag.keuzes) and naam == "valueString"
    return open_keuze and not any(k.element == naam and k.inhoud == waarde for k in vraag.keuzes)


def optiewaarde(vraag: Vraag, keuze: Keuze) -> str:
    """De waarde van deze keuze in een formulier: haar code, met het stelsel erbij als de code anders niet uniek is."""
    dubbel = sum(k.code == keuze.code for k in vraag.keuzes) > 1
    return f"{keuze.systeem}|{keuze.code}" if dubbel and keuze.systeem else keuze.code


def getaltekst(getal: Any) -> str:
    """Een getal met een komma, zonder machten van tien."""
    if isinstance(getal, Decimal) and getal.is_finite():
        return format(getal, "f").replace(".", ",")
    return str(getal).replace(".", ",")


def _keuze(vraag: Vraag, waarde: Any) -> tuple[str, Any]:
    """De keuze bij een code, optiewaarde of Coding; een vrije tekst waar dat mag."""
    if isinstance(waarde, dict):
        keuze = next((k for k in vraag.keuzes if gelijk(k.inhoud, waarde)), None)
        # met de tekst van de vragenlijst; wat leeg is, mag niet in FHIR
        return (keuze.element, keuze.inhoud) if keuze else ("valueCoding", {n: w for n, w in waarde.items() if w})
    for keuze in vraag.keuzes:
        past = str(waarde) in (keuze.code, optiewaarde(vraag, keuze)) if isinstance(waarde, str) else False
        if past or (not isinstance(waarde, str) and gelijk(keuze.inhoud, waarde)):
            return keuze.element, keuze.inhoud
    if vraag.type == "open-choice" or any(k.element == "valueString" for k in vraag.keuzes):
        return "valueString", str(waarde)
    return "valueCoding", {"code": str(waarde)}


def _uit_tekst(vraag: Vraag, naam: str, tekst: str) -> Any:
    match naam:
        case "valueBoolean":
            return JA_NEE.get(tekst.lower(), tekst)
        case "valueDecimal":
            return _decimaal(tekst)
        case "valueInteger":
            return int(tekst) if _HEEL.fullmatch(tekst) else tekst
        case "valueDate":
            return datum_iso(tekst)
        case "valueDateTime":
            return _tijdstip(tekst)
        case "valueTime":
            klok = _KLOK.fullmatch(tekst)
            return f"{int(klok[1]):02d}:{klok[2]}:00" if klok else tekst
        case "valueQuantity":
            return _hoeveelheid(vraag, tekst)
        case "valueReference":
            return {"reference": tekst}
    return tekst


def _decimaal(tekst: str) -> Decimal | str:
    """Een getal zoals mensen het typen, met komma of punt; iets anders blijft de tekst die er stond."""
    met_punt = tekst.replace(",", ".")
    return Decimal(met_punt) if _GETAL.fullmatch(met_punt) else tekst


def _hoeveelheid(vraag: Vraag, tekst: str) -> Json | str:
    """`12,5 kg`; zonder eenheid de enige of eerste die de vraag noemt."""
    delen = _MAAT.fullmatch(tekst)
    getal = _decimaal(delen[1]) if delen else tekst
    if delen is None or isinstance(getal, str):
        return tekst
    maten = vraag.grenzen.maten
    gevonden = next((m for m in maten if delen[2] in (m[1], m[2])), None) if delen[2] else next(iter(maten), None)
    if gevonden is None:
        return {"value": getal} | ({"unit": delen[2]} if delen[2] else {})
    stelsel, code, naam = gevonden
    return {"value": getal, "unit": naam or code} | ({"system": stelsel, "code": code} if stelsel and code else {})


def datum_iso(tekst: str) -> str:
    """Een datum zoals mensen haar typen wordt jjjj-mm-dd (of jjjj-mm); de rest blijft zoals zij is."""
    klein = tekst.lower()
    if delen := _DAG.fullmatch(klein):
        maand = _maand(delen[2])
        return f"{delen[3]}-{maand}-{delen[1]:0>2}" if maand else tekst
    if delen := _MAAND.fullmatch(klein):
        maand = _maand(delen[1])
        return f"{delen[2]}-{maand}" if maand else tekst
    return tekst


def _maand(tekst: str) -> str | None:
    nummer = int(tekst) if tekst.isdecimal() else _MAANDNAMEN.get(tekst)
    return None if nummer is None else f"{nummer:02d}"


def _tijdstip(tekst: str) -> str:
    dag, scheiding, rest = tekst.rpartition(" ")
    klok = _KLOK.fullmatch(rest)
    datum = datum_iso(dag.removesuffix(" om").strip()) if scheiding and klok else datum_iso(tekst)
    if not klok or not _ISO.fullmatch(datum):
        return datum if _ISO.fullmatch(datum) else tekst
    try:
        moment = datetime.fromisoformat(f"{datum}T{int(klok[1]):02d}:{klok[2]}:00").replace(tzinfo=HIER)
    except ValueError:
        return tekst
    return moment.isoformat()


def _tijdstip_tekst(waarde: str) -> str:
    """`03-05-2026 14:30` als dat precies terug te lezen is; anders zoals het er staat."""
    delen = _TIJDSTIP.fullmatch(waarde)
    dag = delen[1] if delen else waarde
    if not _ISO.fullmatch(dag):
        return waarde
    mooi = "-".join(reversed(dag.split("-"))) + (f" {delen[2]}" if delen else "")
    return mooi if _tijdstip(mooi) == waarde else waarde
