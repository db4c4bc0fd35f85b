"""Wat het paspoort al weet: de tabel achter `bron-in-paspoort` van een vraag (docs/fhir-afbeelding.md, Vragenlijsten).

Zoekt in de resources van één paspoort en in eerdere formulieren. Kiest niet tussen bronnen: dat doet `vullen.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import vragenlijst
from paspoort.fhir.vragenlijst import gegevens
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, Gegeven, antwoorden
from paspoort.fhir.vragenlijst.controle import AFGEROND
from paspoort.fhir.vragenlijst.inhoud import Inhoud, bron_uit
from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.fouten import PaspoortFout


def zoek(bron: str, inhoud: Inhoud) -> tuple[tuple[Gegeven, ...], ...]:
    """Per alternatief van `bron` (gescheiden door `|`) wat het paspoort weet. KeyError bij een onbekende bron."""
    return tuple(tuple(_alternatief(naam, inhoud)) for naam in bron.split("|"))


def bestaat(naam: str) -> bool:
    """Of dit één alternatief is dat de tabel kent."""
    soort, scheiding, code = naam.partition(":")
    return bool(code) and soort in MET_CODE if scheiding else soort in ZONDER_CODE


def _alternatief(naam: str, inhoud: Inhoud) -> Iterable[Gegeven]:
    soort, scheiding, code = naam.partition(":")
    return MET_CODE[soort](inhoud, code) if scheiding else ZONDER_CODE[soort](inhoud)


# --- eerdere formulieren


def laatste_advies(inhoud: Inhoud) -> Json | None:
    """Het nieuwste definitieve advies dat niet is ingetrokken."""
    ingetrokken = {
        str(doel.get("reference", "")).split("/_history/")[0]
        for provenance in inhoud.van("Provenance")
        if any(c.get("code") == "ingetrokken" for c in (provenance.get("activity") or {}).get("coding") or [])
        for doel in provenance.get("target") or []
    }
    for response in inhoud.van("QuestionnaireResponse"):
        if (
            is_advies(response)
            and response.get("status") in AFGEROND
            and f"QuestionnaireResponse/{response.get('id')}" not in ingetrokken
        ):
            return response
    return None


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
    """Het antwoord op `code` in het laatste advies; `eis` geeft elke eis als mapping van code naar waarde."""
    response = laatste_advies(inhoud)
    advies = _lees(response) if response else None
    if response is None or advies is None:
        return
    bron = bron_uit(response, advies.een("auteur-naam"))
    eisen = advies.groepen("eis")
    if code == "eis":
        for eis in eisen:
            yield Gegeven({v.sleutel: eis.een(v.sleutel) for v in eis.vragen if eis.alle(v.sleutel)}, bron)
        return
    for rij in (advies, *eisen):
        for waarde in rij.alle(code):
            yield Gegeven(waarde, bron)


def _verzoek(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
    """Het antwoord in het laatste verzoek."""
    for response in _responses(inhoud, "verzoek"):
        verzoek = _lees(response)
        for waarde in verzoek.alle(code) if verzoek else ():
            yield Gegeven(waarde, bron_uit(response))
        return


ZONDER_CODE: Final[Mapping[str, Callable[[Inhoud], Iterable[Gegeven]]]] = {
    "Patient.name": gegevens.naam,
    "Patient.address": gegevens.adres,
    "Patient.telecom": gegevens.telecom,
    "Patient.birthDate": gegevens.geboren,
    "RelatedPerson": gegevens.naasten,
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
    "Goal": gegevens.doelen,
    "Device.in-gebruik": gegevens.in_gebruik,
    "Device.leverancier": gegevens.leveranciers,
    "Device.proef": gegevens.proeven,
    "DeviceUseStatement.sinds": gegevens.gebruikt_sinds,
    "DeviceUseStatement.verstrekker": gegevens.verstrekkers,
    "besluit": gegevens.besluiten,
}
MET_CODE: Final[Mapping[str, Callable[[Inhoud, str], Iterable[Gegeven]]]] = {
    "advies": _advies,
    "verzoek": _verzoek,
    "maat": gegevens.maat,
}
FORMULIEREN: Final = frozenset({"advies", "verzoek"})  # bronnen die zelf antwoorden op een vragenlijst zijn
