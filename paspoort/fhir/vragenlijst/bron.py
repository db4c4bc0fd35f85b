"""Wat het paspoort al weet: de tabel achter `bron-in-paspoort` van een vraag (docs/fhir-afbeelding.md, Vragenlijsten).

Zoekt in de resources van één paspoort en in eerdere formulieren. Kiest niet tussen bronnen: dat doet `vullen.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import vragenlijst
from paspoort.fhir.vragenlijst import gegevens, kenmerken, schrijver
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, Gegeven, antwoorden
from paspoort.fhir.vragenlijst.controle import AFGEROND
from paspoort.fhir.vragenlijst.inhoud import Inhoud, bron_uit, extensie, plek
from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.fouten import PaspoortFout


def trappen(bron: str) -> tuple[tuple[str, ...], ...]:
    """De alternatieven van `bron`: met `|` ertussen vullen zij elkaar aan, na `||` telt pas als er niets was."""
    return tuple(tuple(trap.split("|")) for trap in bron.split("||"))


def namen_van(bron: str) -> tuple[str, ...]:
    """Elk alternatief van `bron`, in volgorde."""
    return tuple(naam for trap in trappen(bron) for naam in trap)


def zoek(bron: str, inhoud: Inhoud) -> tuple[tuple[Gegeven, ...], ...]:
    """Per alternatief van `bron` wat het paspoort weet. KeyError bij een onbekende bron."""
    return tuple(tuple(_alternatief(naam, inhoud)) for naam in namen_van(bron))


def bestaat(naam: str) -> bool:
    """Of dit één alternatief is dat de tabel kent."""
    soort, scheiding, code = naam.partition(":")
    return bool(code) and soort in MET_CODE if scheiding else soort in ZONDER_CODE


def _alternatief(naam: str, inhoud: Inhoud) -> Iterable[Gegeven]:
    soort, scheiding, code = naam.partition(":")
    return MET_CODE[soort](inhoud, code) if scheiding else ZONDER_CODE[soort](inhoud)


# --- eerdere formulieren


def adviezen(inhoud: Inhoud) -> Iterator[Json]:
    """De definitieve adviezen die niet zijn ingetrokken, wat het eerst telt voorop."""
    ingetrokken = {
        str(doel.get("reference", "")).split("/_history/")[0]
        for provenance in inhoud.van("Provenance")
        if any(c.get("code") == "ingetrokken" for c in (provenance.get("activity") or {}).get("coding") or [])
        for doel in provenance.get("target") or []
    }
    for response in inhoud.van("QuestionnaireResponse"):
        if is_advies(response) and response.get("status") in AFGEROND and plek(response) not in ingetrokken:
            yield response


def _responses(inhoud: Inhoud, id: str) -> Iterator[Json]:
    for response in inhoud.van("QuestionnaireResponse"):
        if str(response.get("questionnaire", "")).partition("|")[0] == vragenlijst(id):
            yield response


def _lees(response: Json) -> Antwoorden | None:
    try:
        return antwoorden(response)
    except PaspoortFout:  # een versie die wij niet kennen: dan weten wij ook niets
        return None


def _advies(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
    """Het antwoord op `code` in het laatste advies dat ernaar vraagt; een verkort advies vraagt niet alles.

    Een herhaalde groep, zoals `eis`, geeft elke rij als mapping van code naar waarde.
    """
    for response in adviezen(inhoud):
        advies = _lees(response)
        vraag = next((v for top in advies.vragen for v in top.boom() if v.sleutel == code), None) if advies else None
        if advies is None or vraag is None:
            continue
        bron = bron_uit(response, advies.een("auteur-naam"))
        if vraag.is_groep:
            for rij in advies.groepen(code):
                yield Gegeven({v.sleutel: rij.een(v.sleutel) for v in rij.vragen if rij.alle(v.sleutel)}, bron)
            return
        for bak in (advies, *advies.groepen("eis")):
            for waarde in bak.alle(code):
                yield Gegeven(waarde, bron)
        return


def _formulier(id: str) -> Callable[[Inhoud, str], Iterator[Gegeven]]:
    """Het antwoord in het laatste formulier van deze soort."""

    def zoek_antwoord(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
        for response in _responses(inhoud, id):
            formulier = _lees(response)
            for waarde in formulier.alle(code) if formulier else ():
                yield Gegeven(waarde, bron_uit(response, None if id == "verzoek" else "de houder"))
            return

    return zoek_antwoord


def _evaluatie(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
    """Het antwoord in elke evaluatie, met het hulpmiddel waar zij over gaat."""
    for response in _responses(inhoud, "evaluatie"):
        evaluatie = _lees(response)
        for waarde in evaluatie.alle(code) if evaluatie else ():
            over = gegevens.hulpmiddelnaam(inhoud, extensie(response, "betreft").get("valueReference"))
            yield Gegeven(f"{over}: {waarde}" if over else waarde, bron_uit(response, "de houder"))


ZONDER_CODE: Final[Mapping[str, Callable[[Inhoud], Iterable[Gegeven]]]] = {
    "Patient.name": gegevens.naam,
    "Patient.address": gegevens.adres,
    "Patient.telecom": gegevens.telecom,
    "Patient.birthDate": gegevens.geboren,
    "RelatedPerson": gegevens.naasten,
    "RelatedPerson.hulp": gegevens.naasten_met_band,
    "CareTeam": gegevens.team,
    "Condition.diagnose": gegevens.diagnose,
    "Condition.onset": gegevens.sinds,
    "Condition.prognose": gegevens.prognose,
    "Condition.levenslang": gegevens.levenslang,
    "Condition.levenslang-in-woorden": gegevens.blijvend_in_woorden,
    "Condition.beperking": gegevens.beperking,
    "Observation.stoornissen": gegevens.functioneren("stoornissen"),
    "Observation.activiteiten": gegevens.functioneren("activiteiten"),
    "Observation.participatie": gegevens.functioneren("participatie"),
    "Observation.icf": gegevens.icf,
    "Goal": gegevens.doelen,
    "Device.in-gebruik": gegevens.in_gebruik,
    "Device.leverancier": gegevens.leveranciers,
    "Device.proef": gegevens.proeven,
    "Device.proef-rij": gegevens.proefrijen,
    "Device.woning": gegevens.in_de_woning,
    "Device.vervoer": gegevens.om_te_reizen,
    "DeviceUseStatement.sinds": gegevens.gebruikt_sinds,
    "DeviceUseStatement.verstrekker": gegevens.verstrekkers,
    "besluit": gegevens.besluiten,
    "CarePlan.gepland": kenmerken.gepland,
    "behandeling.urgentie": kenmerken.urgentie,
    "behandeling.ontslagdatum": kenmerken.ontslagdatum,
    "complexiteit": kenmerken.kenmerken,
    "auteur.naam": schrijver.naam,
    "auteur.rol": schrijver.beroep,
    "auteur.registratienummer": schrijver.registratienummer,
    "auteur.behandelaar": schrijver.behandelaar,
}
MET_CODE: Final[Mapping[str, Callable[[Inhoud, str], Iterable[Gegeven]]]] = {
    "advies": _advies,
    "verzoek": _formulier("verzoek"),
    "plan": _formulier("persoonlijk-plan"),
    "evaluatie": _evaluatie,
    "maat": gegevens.maat,
}
FORMULIEREN: Final = frozenset({"advies", "verzoek", "plan", "evaluatie"})  # zelf antwoorden op een vragenlijst
OVERZICHT: Final = frozenset({"advies", "verzoek"})  # wat toen bekend was staat er al in: alleen nieuwer komt erbij
