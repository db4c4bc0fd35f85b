"""Wat het paspoort al weet: de tabel achter `bron-in-paspoort` van een vraag (docs/fhir-afbeelding.md, Vragenlijsten).

Elke rij zoekt in de resources van één paspoort en geeft gegevens met hun bron. Kiest niet tussen bronnen en vult niets in:
dat doet `vullen.py`. Ziet alleen wat de aanroeper meegeeft; het zicht is dan al toegepast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import FUNCTIONELE_BEPERKING, HERKOMST, codestelsel, extension, vragenlijst
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, Bron, Gegeven, antwoorden
from paspoort.fhir.vragenlijst.controle import AFGEROND
from paspoort.fouten import PaspoortFout

# internationale codes voor maten die ook van buiten komen (nl-core BodyHeight, BodyWeight)
MAATCODES: Final[Mapping[str, str]] = {
    "8302-2": "lichaamslengte",
    "1153637007": "lichaamslengte",
    "29463-7": "lichaamsgewicht",
    "27113001": "lichaamsgewicht",
}
NAAR_EENHEID: Final[Mapping[str, Decimal]] = {  # UCUM → de eenheid van onze vragen (cm en kg)
    "cm": Decimal(1),
    "m": Decimal(100),
    "mm": Decimal("0.1"),
    "kg": Decimal(1),
    "g": Decimal("0.001"),
}
ERNST_PROGNOSE: Final = ("progressief", "stabiel", "herstel-mogelijk")  # zwaarste eerst
HERKOMST_WIE: Final[Mapping[str, str]] = {"zelf": "de houder", "document": "de houder, van papier", "import": "overgenomen bestand"}
NIET_GELDIG: Final = frozenset({"entered-in-error", "refuted", "inactive", "resolved", "cancelled", "revoked"})


@dataclass(frozen=True)
class Inhoud:
    """De resources van één paspoort op type, de nieuwste eerst; wat foutief of voorbij is, is eruit."""

    per_type: Mapping[str, tuple[Json, ...]]

    def van(self, type: str) -> tuple[Json, ...]:
        """De geldige resources van dit type."""
        return self.per_type.get(type, ())

    def bij(self, verwijzing: object) -> Json | None:
        """De resource achter een Reference of `Type/id`, als die erbij zit."""
        doel = verwijzing.get("reference") if isinstance(verwijzing, dict) else verwijzing
        type, _, id = str(doel).partition("/")
        return next((r for r in self.van(type) if r.get("id") == id), None)


def inhoud_van(resources: Iterable[Json]) -> Inhoud:
    """Ordent de resources; de volgorde waarin zij komen maakt niet uit."""
    per_type: dict[str, list[Json]] = {}
    for resource in resources:
        if not _statussen(resource) & NIET_GELDIG:
            per_type.setdefault(str(resource.get("resourceType")), []).append(resource)
    gesorteerd = {t: tuple(sorted(rs, key=lambda r: (_wanneer(r) or "", str(r.get("id"))), reverse=True)) for t, rs in per_type.items()}
    return Inhoud(gesorteerd)


def zoek(bron: str, inhoud: Inhoud) -> tuple[tuple[Gegeven, ...], ...]:
    """Per alternatief van `bron` (gescheiden door `|`) wat het paspoort weet. KeyError bij een bron die niet bestaat."""
    return tuple(tuple(_alternatief(naam, inhoud)) for naam in bron.split("|"))


def _alternatief(naam: str, inhoud: Inhoud) -> Iterable[Gegeven]:
    soort, scheiding, code = naam.partition(":")
    return MET_CODE[soort](inhoud, code) if scheiding else ZONDER_CODE[soort](inhoud)


# --- wie, wanneer, waaruit


def bron_uit(resource: Json, wie: str | None = None) -> Bron:
    """De bron van wat er in deze resource staat."""
    return Bron(wie or _wie(resource), _wanneer(resource), f"{resource.get('resourceType')}/{resource.get('id')}")


def _wie(resource: Json) -> str:
    for naam in ("recorder", "asserter", "performer", "author", "requester", "source"):
        waarde = resource.get(naam)
        eerste = waarde[0] if isinstance(waarde, list) and waarde else waarde
        if isinstance(eerste, dict) and eerste.get("display"):
            return str(eerste["display"])
    tags = (resource.get("meta") or {}).get("tag") or []
    herkomst = next((t.get("code") for t in tags if t.get("system") == HERKOMST), "")
    return HERKOMST_WIE.get(str(herkomst), "het paspoort")


def _wanneer(resource: Json) -> str | None:
    for naam in ("authored", "effectiveDateTime", "recordedDate", "authoredOn", "date", "startDate"):
        if isinstance(resource.get(naam), str):
            return str(resource[naam])[:10]
    laatst = (resource.get("meta") or {}).get("lastUpdated")
    return str(laatst)[:10] if laatst else None


def _statussen(resource: Json) -> set[str]:
    statussen = {str(resource.get("status", ""))}
    for naam in ("clinicalStatus", "verificationStatus"):
        statussen |= {str(c.get("code")) for c in (resource.get(naam) or {}).get("coding") or []}
    return statussen


def _tekst(concept: object) -> str:
    """De leesbare tekst van een CodeableConcept."""
    if not isinstance(concept, dict):
        return ""
    codings = concept.get("coding") or [{}]
    return str(concept.get("text") or next((c["display"] for c in codings if c.get("display")), "") or codings[0].get("code", ""))


def _extensie(resource: Json, id: str) -> Json:
    return next((e for e in resource.get("extension") or [] if e.get("url") == extension(id)), {})


def _deel(ext: Json, url: str) -> Json:
    return next((e for e in ext.get("extension") or [] if e.get("url") == url), {})


# --- Patient en mensen eromheen


def _naam(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for naam in (patient.get("name") or [])[:1]:
            delen = [*naam.get("given", []), naam.get("family", "")]
            yield Gegeven(naam.get("text") or " ".join(filter(None, delen)), bron_uit(patient, "de houder"))


def _adres(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for adres in (patient.get("address") or [])[:1]:
            delen = [*adres.get("line", []), adres.get("postalCode"), adres.get("city")]
            yield Gegeven(adres.get("text") or ", ".join(filter(None, delen)), bron_uit(patient, "de houder"))


def _telecom(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for contact in patient.get("telecom") or []:
            yield Gegeven(contact.get("value"), bron_uit(patient, "de houder"))


def _geboren(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        if patient.get("birthDate"):
            yield Gegeven(patient["birthDate"], bron_uit(patient, "de houder"))


def _naasten(inhoud: Inhoud) -> Iterator[Gegeven]:
    for naaste in inhoud.van("RelatedPerson"):
        for naam in (naaste.get("name") or [])[:1]:
            tekst = naam.get("text") or " ".join(filter(None, [*naam.get("given", []), naam.get("family", "")]))
            yield Gegeven(tekst, bron_uit(naaste))


def _team(inhoud: Inhoud) -> Iterator[Gegeven]:
    for team in inhoud.van("CareTeam"):
        for deelnemer in team.get("participant") or []:
            lid = deelnemer.get("member") or {}
            yield Gegeven(lid.get("display") or lid.get("reference"), bron_uit(team))


# --- gezondheid, functioneren, maten


def _is_beperking(condition: Json) -> bool:
    codings = [c for cat in condition.get("category") or [] for c in cat.get("coding") or []]
    return any(c.get("code") == FUNCTIONELE_BEPERKING for c in codings)


def _diagnose(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        if not _is_beperking(condition):
            yield Gegeven(_tekst(condition.get("code")), bron_uit(condition))


def _sinds(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        begin = condition.get("onsetDateTime") or condition.get("onsetString")
        leeftijd = (condition.get("onsetAge") or {}).get("value")
        if begin or leeftijd is not None:
            yield Gegeven(str(begin) if begin else f"leeftijd {leeftijd} jaar", bron_uit(condition))


def _prognose(inhoud: Inhoud) -> Iterator[Gegeven]:
    """De zwaarste prognose van alle aandoeningen."""
    gevonden = [(_extensie(c, "prognose").get("valueCode"), c) for c in inhoud.van("Condition")]
    for code in ERNST_PROGNOSE:
        for gevonden_code, condition in gevonden:
            if gevonden_code == code:
                yield Gegeven(code, bron_uit(condition))
                return


def _levenslang(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Blijvend als één aandoening het is; anders niet, als er één van zegt dat zij het niet is."""
    gevonden = [(_extensie(c, "levenslang").get("valueBoolean"), c) for c in inhoud.van("Condition")]
    for waarde in (True, False):
        for gezegd, condition in gevonden:
            if gezegd is waarde:
                yield Gegeven(waarde, bron_uit(condition))
                return


def _blijvend_in_woorden(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gegeven in _levenslang(inhoud):
        yield Gegeven("Mijn beperking is blijvend." if gegeven.waarde else "Mijn beperking is misschien tijdelijk.", gegeven.bron)


def _beperking(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        if _is_beperking(condition):
            yield Gegeven(_tekst(condition.get("code")), bron_uit(condition))


def _functioneren(deel: str) -> Callable[[Inhoud], Iterator[Gegeven]]:
    """De waarnemingen van één ICF-deel; zonder ICF-code telt een waarneming als activiteit."""

    def zoek_deel(inhoud: Inhoud) -> Iterator[Gegeven]:
        for observation in inhoud.van("Observation"):
            categorieen = [c.get("code") for cat in observation.get("category") or [] for c in cat.get("coding") or []]
            if "functioneren" in categorieen and _icf_deel(observation) == deel:
                waarde = _waarde(observation)
                naam = _tekst(observation.get("code"))
                yield Gegeven(f"{naam}: {waarde}" if waarde else naam, bron_uit(observation))

    return zoek_deel


def _icf_deel(observation: Json) -> str:
    for coding in (observation.get("code") or {}).get("coding") or []:
        code = str(coding.get("code", ""))
        if "icf" in str(coding.get("system", "")) and code[:1] in ("b", "s"):
            return "stoornissen"
        if "icf" in str(coding.get("system", "")) and code[:2] in ("d6", "d7", "d8", "d9"):
            return "participatie"
    return "activiteiten"


def _waarde(observation: Json) -> str:
    if "valueQuantity" in observation:
        hoeveel = observation["valueQuantity"]
        eenheid = hoeveel.get("unit") or hoeveel.get("code") or ""
        return f"{hoeveel.get('value', '')} {eenheid}".strip().replace(".", ",")
    if "valueBoolean" in observation:
        return "ja" if observation["valueBoolean"] else "nee"
    return str(observation.get("valueString") or observation.get("valueInteger") or _tekst(observation.get("valueCodeableConcept")))


def _maat(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
    """De nieuwste meting van deze maat, in cm of kg."""
    for observation in inhoud.van("Observation"):
        codes = {(c.get("system"), c.get("code")) for c in (observation.get("code") or {}).get("coding") or []}
        eigen = (codestelsel("maat"), code) in codes
        hoeveel = observation.get("valueQuantity") or {}
        factor = NAAR_EENHEID.get(str(hoeveel.get("code") or hoeveel.get("unit")))
        if (eigen or any(MAATCODES.get(str(c)) == code for _, c in codes)) and factor and "value" in hoeveel:
            gemeten = Decimal(str(hoeveel["value"])) * factor
            yield Gegeven(gemeten if factor == 1 else gemeten.normalize() + 0, bron_uit(observation))
            return


def _doelen(inhoud: Inhoud) -> Iterator[Gegeven]:
    for goal in inhoud.van("Goal"):
        yield Gegeven(_tekst(goal.get("description")), bron_uit(goal))


# --- hulpmiddelen


def _lopend(inhoud: Inhoud) -> Iterator[tuple[Json, Json]]:
    for gebruik in inhoud.van("DeviceUseStatement"):
        device = inhoud.bij(gebruik.get("device"))
        if gebruik.get("status") == "active" and device is not None:
            yield gebruik, device


def _apparaatnaam(device: Json) -> str:
    namen = device.get("deviceName") or [{}]
    return str(namen[0].get("name") or _tekst(device.get("type")))


def _in_gebruik(inhoud: Inhoud) -> Iterator[Gegeven]:
    for _, device in _lopend(inhoud):
        yield Gegeven(_apparaatnaam(device), bron_uit(device))


def _gebruikt_sinds(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik, device in _lopend(inhoud):
        begin = (gebruik.get("timingPeriod") or {}).get("start") or _extensie(device, "geleverd-op").get("valueDate")
        if begin:
            yield Gegeven(f"{_apparaatnaam(device)}: {begin}", bron_uit(gebruik))


def _verstrekkers(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik, device in _lopend(inhoud):
        verstrekker = _extensie(gebruik, "verstrekker")
        organisatie = _deel(verstrekker, "organisatie").get("valueReference") or {}
        stelsel = str(_deel(verstrekker, "stelsel").get("valueCode") or "")
        wie = _organisatienaam(inhoud, organisatie) or stelsel
        if wie:
            yield Gegeven(f"{_apparaatnaam(device)}: {wie}", bron_uit(gebruik))


def _leveranciers(inhoud: Inhoud) -> Iterator[Gegeven]:
    for _, device in _lopend(inhoud):
        wie = _organisatienaam(inhoud, _extensie(device, "leverancier").get("valueReference") or {})
        if wie:
            yield Gegeven(f"{_apparaatnaam(device)}: {wie}", bron_uit(device))


def _organisatienaam(inhoud: Inhoud, verwijzing: Json) -> str:
    organisatie = inhoud.bij(verwijzing) or {}
    return str(organisatie.get("name") or verwijzing.get("display") or verwijzing.get("reference") or "")


def _proeven(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik in inhoud.van("DeviceUseStatement"):
        resultaat = _deel(_extensie(gebruik, "proef"), "resultaat").get("valueString")
        if resultaat:
            device = inhoud.bij(gebruik.get("device"))
            yield Gegeven(f"{_apparaatnaam(device)}: {resultaat}" if device else resultaat, bron_uit(gebruik))


def _besluiten(inhoud: Inhoud) -> Iterator[Gegeven]:
    for besluit in inhoud.van("DeviceRequest"):
        if besluit.get("intent") == "order":
            wat = _tekst(besluit.get("codeCodeableConcept")) or "besluit"
            yield Gegeven(f"{wat}, {besluit['authoredOn'][:10]}" if besluit.get("authoredOn") else wat, bron_uit(besluit))


# --- eerdere formulieren


def laatste_advies(inhoud: Inhoud) -> Json | None:
    """Het nieuwste definitieve advies dat niet is ingetrokken."""
    ingetrokken = {
        str(doel.get("reference", "")).split("/_history/")[0]
        for provenance in inhoud.van("Provenance")
        if any(c.get("code") == "ingetrokken" for c in (provenance.get("activity") or {}).get("coding") or [])
        for doel in provenance.get("target") or []
    }
    for response in _responses(inhoud, "functioneel-advies"):
        if response.get("status") in AFGEROND and f"QuestionnaireResponse/{response.get('id')}" not in ingetrokken:
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
    "Patient.name": _naam,
    "Patient.address": _adres,
    "Patient.telecom": _telecom,
    "Patient.birthDate": _geboren,
    "RelatedPerson": _naasten,
    "CareTeam": _team,
    "Condition.diagnose": _diagnose,
    "Condition.onset": _sinds,
    "Condition.prognose": _prognose,
    "Condition.levenslang": _levenslang,
    "Condition.levenslang-in-woorden": _blijvend_in_woorden,
    "Condition.beperking": _beperking,
    "Observation.stoornissen": _functioneren("stoornissen"),
    "Observation.activiteiten": _functioneren("activiteiten"),
    "Observation.participatie": _functioneren("participatie"),
    "Goal": _doelen,
    "Device.in-gebruik": _in_gebruik,
    "Device.leverancier": _leveranciers,
    "Device.proef": _proeven,
    "DeviceUseStatement.sinds": _gebruikt_sinds,
    "DeviceUseStatement.verstrekker": _verstrekkers,
    "besluit": _besluiten,
}
MET_CODE: Final[Mapping[str, Callable[[Inhoud, str], Iterable[Gegeven]]]] = {
    "advies": _advies,
    "verzoek": _verzoek,
    "maat": _maat,
}
