"""Alle resources van één houder → het paspoort waar het domein over redeneert.

Bij elke resource horen de herkomst en het moment die de opslag vastlegde; die gaan voor wat in `meta` staat. Een
bevestiging (Provenance `bevestigd`) telt alleen voor precies de versie die zij noemt (docs/fhir-afbeelding.md,
*Herkomst*). Wat het domein niet kent, blijft liggen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from paspoort.advies import Afstemming, FunctioneelAdvies
from paspoort.fhir import aanvraag, advies, beschikking, document, gezondheid, houder, hulpmiddel, plan
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import TAAKSOORT
from paspoort.fhir.voorstel import telt_niet
from paspoort.fhir.waarden import code_uit, keuze, moment
from paspoort.gegeven import Gebeurtenis, Gegeven, Herkomst
from paspoort.houder import Houder
from paspoort.paspoort import Paspoort, zonder_versie

Bron = tuple[Json, str, str | datetime | None]
Lezer = Callable[[Json], Gegeven]

# Per FHIR-type: welk vak van het paspoort, en wie het leest. Waar één type meer is, kiest een functie.
VAKKEN: dict[str, tuple[str, Lezer]] = {
    "RelatedPerson": ("vertegenwoordigers", houder.vertegenwoordiger_uit_fhir),
    "Condition": ("aandoeningen", gezondheid.aandoening_uit_fhir),
    "Observation": ("metingen", gezondheid.meting_uit_fhir),
    "Goal": ("doelen", gezondheid.doel_uit_fhir),
    "Device": ("hulpmiddelen", hulpmiddel.hulpmiddel_uit_fhir),
    "DeviceUseStatement": ("gebruiken", hulpmiddel.gebruik_uit_fhir),
    "CarePlan": ("voorzieningenplannen", plan.voorzieningenplan_uit_fhir),
    "CareTeam": ("begeleiding", plan.begeleiding_uit_fhir),
    "DocumentReference": ("documenten", document.uit_fhir),
    "Provenance": ("gebeurtenissen", document.gebeurtenis_uit_fhir),
}
VRAGENLIJSTEN: dict[str, tuple[str, Lezer]] = {
    "evaluatie": ("evaluaties", advies.evaluatie_uit_fhir),
    "persoonlijk-plan": ("plannen", plan.persoonlijk_plan_uit_fhir),
}


def paspoort_uit(resources: Iterable[Bron]) -> Paspoort:
    """Een `Paspoort` uit (inhoud, herkomst, moment) per huidige resource; de volgorde doet er niet toe."""
    vakken: dict[str, list[Any]] = {}
    eigenaar = Houder()
    for inhoud, herkomst, vastgelegd in resources:
        if telt_niet(inhoud):
            continue  # een voorstel is pas een feit als de houder het overneemt
        if inhoud.get("resourceType") == "Patient":
            eigenaar = replace(houder.uit_fhir(inhoud), **_stempel(herkomst, vastgelegd))
            continue
        keus = _vak(inhoud)
        if keus is not None:
            vak, lezer = keus
            gegeven: Any = lezer(inhoud)
            vakken.setdefault(vak, []).append(replace(gegeven, **_stempel(herkomst, vastgelegd)))
    bevestigd = _bevestigd(vakken.get("gebeurtenissen", []))
    if "adviezen" in vakken:
        vakken["adviezen"] = [_met_verloop(a, vakken.get("gebeurtenissen", [])) for a in vakken["adviezen"]]
    return Paspoort(
        houder=_met_bevestiging(eigenaar, bevestigd),
        **{
            vak: tuple(_met_bevestiging(g, bevestigd) for g in sorted(gegevens, key=lambda g: (g.id, g.versie)))
            for vak, gegevens in vakken.items()
        },
    )


def gegeven_uit(inhoud: Json) -> Gegeven | None:
    """Eén resource als zelfstandig naamwoord, of niets als het domein hem niet kent."""
    if inhoud.get("resourceType") == "Patient":
        return houder.uit_fhir(inhoud)
    keus = _vak(inhoud)
    return keus[1](inhoud) if keus else None


def _vak(inhoud: Json) -> tuple[str, Lezer] | None:
    soort = str(inhoud.get("resourceType", ""))
    if soort == "QuestionnaireResponse":
        if advies.is_advies(inhoud):
            return "adviezen", advies.uit_fhir
        return next((keus for id, keus in VRAGENLIJSTEN.items() if advies.is_lijst(inhoud, id)), None)
    if soort == "DeviceRequest":
        if aanvraag.is_verzoek(inhoud):
            return "verzoeken", aanvraag.verzoek_uit_fhir
        return ("besluiten", beschikking.uit_fhir) if inhoud.get("intent") == "order" else None
    if soort == "Task":
        if aanvraag.is_opdracht(inhoud):
            return "opdrachten", aanvraag.opdracht_uit_fhir
        if code_uit(inhoud.get("code"), TAAKSOORT) == "behandeling":
            return "behandelingen", aanvraag.behandeling_uit_fhir
        return None
    return VAKKEN.get(soort)


def _stempel(herkomst: str, vastgelegd: str | datetime | None) -> dict[str, Any]:
    op = vastgelegd if isinstance(vastgelegd, datetime) else moment(vastgelegd)
    stempel: dict[str, Any] = {"herkomst": keuze(Herkomst, herkomst) or Herkomst.ZELF}
    return stempel | ({"moment": op} if op else {})


def _bevestigd(gebeurtenissen: list[Gebeurtenis]) -> dict[str, Gebeurtenis]:
    """Per `Type/id/versie` de oudste bevestiging. Een doel zonder versie bevestigt niets."""
    gevonden: dict[str, Gebeurtenis] = {}
    # Alleen wat de server zelf vastlegde; een meegebrachte Provenance (import) bevestigt hier niets.
    echt = [g for g in gebeurtenissen if g.soort == "bevestigd" and g.herkomst in {Herkomst.BRON, Herkomst.BEVESTIGD}]
    for gebeurtenis in sorted((g for g in echt if g.op), key=lambda g: (str(g.op), g.id)):
        for doel in gebeurtenis.doelen:
            gevonden.setdefault(doel, gebeurtenis)
    return gevonden


def _met_bevestiging(gegeven: Any, bevestigd: dict[str, Gebeurtenis]) -> Any:
    gebeurtenis = bevestigd.get(gegeven.bewijs)
    if gebeurtenis is None or gebeurtenis.op is None:
        return gegeven
    wie = gebeurtenis.namens or gebeurtenis.door
    return replace(gegeven, bevestigd_door=wie, bevestigd_op=gebeurtenis.op.date())


def _met_verloop(gegeven: FunctioneelAdvies, gebeurtenissen: list[Gebeurtenis]) -> FunctioneelAdvies:
    """Het advies met wat er daarna mee gebeurde; de volgorde van de gebeurtenissen doet er niet toe."""
    bij: dict[str, list[tuple[datetime, str, Gebeurtenis, str]]] = {}
    for g in gebeurtenissen:
        doel = next((d for d in g.doelen if zonder_versie(d) == gegeven.verwijzing), None)
        if doel is not None and g.op is not None:
            bij.setdefault(g.soort, []).append((g.op, g.id, g, doel))
    afgestemd = [
        Afstemming(op, g.door, g.namens, int(nummer) if (nummer := doel.rpartition("/")[2]).isdigit() else None)
        for op, _, g, doel in sorted(bij.get("afgestemd", ()), key=lambda x: x[:2])
    ]
    geldig = max(bij.get("nog-geldig", ()), key=lambda x: x[:2], default=None)
    weg = min(bij.get("ingetrokken", ()), key=lambda x: x[:2], default=None)
    return replace(
        gegeven,
        afgestemd_met=tuple(afgestemd),
        nog_geldig_op=geldig[0].date() if geldig else None,
        ingetrokken_op=weg[0].date() if weg else None,
        ingetrokken_reden=weg[2].reden if weg else None,
    )
