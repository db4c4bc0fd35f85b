"""De gegevens in een paspoort die een vraag kunnen beantwoorden: mensen, gezondheid, functioneren, maten, hulpmiddelen.

Elke functie is één rij van de tabel in `bron.py` en geeft gegevens met hun bron, de nieuwste eerst. Kiest en vult niet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import FUNCTIONELE_BEPERKING, ICF, codestelsel
from paspoort.fhir.voorstel import voorstel_van
from paspoort.fhir.vragenlijst.antwoorden import Gegeven
from paspoort.fhir.vragenlijst.inhoud import Inhoud, bron_uit, deel, extensie, leesbaar

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
ERNST: Final = codestelsel("icf-ernst")
WONING: Final = frozenset({"woningaanpassing", "roerende-woonvoorziening"})  # voorzieningsoort
VERVOER: Final = "12"  # zo beginnen de categorieën van vervoersvoorzieningen
ERNST_PROGNOSE: Final = ("progressief", "stabiel", "herstel-mogelijk")  # zwaarste eerst
# --- Patient en mensen eromheen


def naam(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for naam in (patient.get("name") or [])[:1]:
            delen = [*naam.get("given", []), naam.get("family", "")]
            yield Gegeven(naam.get("text") or " ".join(filter(None, delen)), bron_uit(patient, "de houder"))


def adres(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for adres in (patient.get("address") or [])[:1]:
            delen = [*adres.get("line", []), adres.get("postalCode"), adres.get("city")]
            yield Gegeven(adres.get("text") or ", ".join(filter(None, delen)), bron_uit(patient, "de houder"))


def telecom(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        for contact in patient.get("telecom") or []:
            yield Gegeven(contact.get("value"), bron_uit(patient, "de houder"))


def geboren(inhoud: Inhoud) -> Iterator[Gegeven]:
    for patient in inhoud.van("Patient"):
        if patient.get("birthDate"):
            yield Gegeven(patient["birthDate"], bron_uit(patient, "de houder"))


def naasten(inhoud: Inhoud) -> Iterator[Gegeven]:
    for naaste in inhoud.van("RelatedPerson"):
        for naam in (naaste.get("name") or [])[:1]:
            tekst = naam.get("text") or " ".join(filter(None, [*naam.get("given", []), naam.get("family", "")]))
            yield Gegeven(tekst, bron_uit(naaste))


def naasten_met_band(inhoud: Inhoud) -> Iterator[Gegeven]:
    for naaste in inhoud.van("RelatedPerson"):
        for naam in (naaste.get("name") or [])[:1]:
            tekst = naam.get("text") or " ".join(filter(None, [*naam.get("given", []), naam.get("family", "")]))
            band = ", ".join(filter(None, (leesbaar(r) for r in naaste.get("relationship") or [])))
            yield Gegeven(f"{tekst} ({band})" if band else tekst, bron_uit(naaste))


def team(inhoud: Inhoud) -> Iterator[Gegeven]:
    for team in inhoud.van("CareTeam"):
        for deelnemer in team.get("participant") or []:
            lid = deelnemer.get("member") or {}
            yield Gegeven(lid.get("display") or lid.get("reference"), bron_uit(team))


# --- gezondheid, functioneren, maten


def _is_beperking(condition: Json) -> bool:
    codings = [c for cat in condition.get("category") or [] for c in cat.get("coding") or []]
    return any(c.get("code") == FUNCTIONELE_BEPERKING for c in codings)


def diagnose(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        if not _is_beperking(condition):
            yield Gegeven(leesbaar(condition.get("code")), bron_uit(condition))


def sinds(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        begin = condition.get("onsetDateTime") or condition.get("onsetString")
        leeftijd = (condition.get("onsetAge") or {}).get("value")
        if begin or leeftijd is not None:
            yield Gegeven(str(begin) if begin else f"leeftijd {leeftijd} jaar", bron_uit(condition))


def prognose(inhoud: Inhoud) -> Iterator[Gegeven]:
    """De zwaarste prognose van alle aandoeningen."""
    gevonden = [(extensie(c, "prognose").get("valueCode"), c) for c in inhoud.van("Condition")]
    for code in ERNST_PROGNOSE:
        for gevonden_code, condition in gevonden:
            if gevonden_code == code:
                yield Gegeven(code, bron_uit(condition))
                return


def levenslang(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Blijvend als één aandoening het is; anders niet, als er één van zegt dat zij het niet is."""
    gevonden = [(extensie(c, "levenslang").get("valueBoolean"), c) for c in inhoud.van("Condition")]
    for waarde in (True, False):
        for gezegd, condition in gevonden:
            if gezegd is waarde:
                yield Gegeven(waarde, bron_uit(condition))
                return


def blijvend_in_woorden(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gegeven in levenslang(inhoud):
        yield Gegeven(
            "Mijn beperking is blijvend." if gegeven.waarde else "Mijn beperking is misschien tijdelijk.", gegeven.bron
        )


def beperking(inhoud: Inhoud) -> Iterator[Gegeven]:
    for condition in inhoud.van("Condition"):
        if _is_beperking(condition):
            yield Gegeven(leesbaar(condition.get("code")), bron_uit(condition))


def functioneren(deel: str) -> Callable[[Inhoud], Iterator[Gegeven]]:
    """De waarnemingen van één ICF-deel, per dag op code; zonder ICF-code telt een waarneming als activiteit."""

    def zoek_deel(inhoud: Inhoud) -> Iterator[Gegeven]:
        gevonden: list[tuple[str, Gegeven]] = []
        for observation in inhoud.van("Observation"):
            categorieen = [c.get("code") for cat in observation.get("category") or [] for c in _codings(cat)]
            if "functioneren" in categorieen and _icf_deel(observation) == deel:
                waarde = _waarde(observation)
                naam = leesbaar(observation.get("code"))
                code = next((str(c.get("code")) for c in _codings(observation.get("code"))), "")
                gevonden.append((code, Gegeven(f"{naam}: {waarde}" if waarde else naam, bron_uit(observation))))
        op_code = sorted(gevonden, key=lambda paar: paar[0])
        for _, gegeven in sorted(op_code, key=lambda paar: paar[1].bron.wanneer or "", reverse=True):
            yield gegeven

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
    if "valueCodeableConcept" in observation and (bevinding := _noot(observation)):
        return bevinding
    return str(
        observation.get("valueString")
        or observation.get("valueInteger")
        or leesbaar(observation.get("valueCodeableConcept"))
    )


def icf(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Elke getypeerde waarneming als rij van de groep `icf`, van één code de nieuwste.

    Haar bevinding staat in de tekst; alleen wat uit een rij van een advies kwam, houdt de toelichting die er stond.
    """
    gehad: set[str] = set()
    for observation in inhoud.van("Observation"):
        coding = next((c for c in _codings(observation.get("code")) if c.get("system") == ICF), None)
        ernst = next((c for c in _codings(observation.get("valueCodeableConcept")) if c.get("system") == ERNST), None)
        uit_advies = voorstel_van(observation) is not None
        if coding is None or coding.get("code") in gehad or not (ernst or uit_advies):
            continue
        gehad.add(str(coding.get("code")))
        toelichting = _noot(observation) if uit_advies else ""
        rij = {"icf-code": {"display": "", **coding}, "icf-ernst": ernst, "icf-toelichting": toelichting}
        yield Gegeven({code: waarde for code, waarde in rij.items() if waarde}, bron_uit(observation))


def _noot(observation: Json) -> str:
    return str(next((n.get("text") for n in observation.get("note") or []), None) or "")


def _codings(concept: object) -> list[Json]:
    return [c for c in (concept.get("coding") or [] if isinstance(concept, dict) else []) if isinstance(c, dict)]


def maat(inhoud: Inhoud, code: str) -> Iterator[Gegeven]:
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


def doelen(inhoud: Inhoud) -> Iterator[Gegeven]:
    for goal in inhoud.van("Goal"):
        yield Gegeven(leesbaar(goal.get("description")), bron_uit(goal))


# --- hulpmiddelen


def lopend(inhoud: Inhoud) -> Iterator[tuple[Json, Json]]:
    for gebruik in inhoud.van("DeviceUseStatement"):
        device = inhoud.bij(gebruik.get("device"))
        if gebruik.get("status") == "active" and device is not None:
            yield gebruik, device


def _apparaatnaam(device: Json) -> str:
    namen = device.get("deviceName") or [{}]
    return str(namen[0].get("name") or leesbaar(device.get("type")))


def in_gebruik(inhoud: Inhoud) -> Iterator[Gegeven]:
    for _, device in lopend(inhoud):
        yield Gegeven(_apparaatnaam(device), bron_uit(device))


def gebruikt_sinds(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik, device in lopend(inhoud):
        begin = (gebruik.get("timingPeriod") or {}).get("start") or extensie(device, "geleverd-op").get("valueDate")
        if begin:
            yield Gegeven(f"{_apparaatnaam(device)}: {begin}", bron_uit(gebruik))


def verstrekkers(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik, device in lopend(inhoud):
        verstrekker = extensie(gebruik, "verstrekker")
        organisatie = deel(verstrekker, "organisatie").get("valueReference") or {}
        stelsel = str(deel(verstrekker, "stelsel").get("valueCode") or "")
        wie = organisatienaam(inhoud, organisatie) or stelsel
        if wie:
            yield Gegeven(f"{_apparaatnaam(device)}: {wie}", bron_uit(gebruik))


def leveranciers(inhoud: Inhoud) -> Iterator[Gegeven]:
    for _, device in lopend(inhoud):
        wie = organisatienaam(inhoud, extensie(device, "leverancier").get("valueReference") or {})
        if wie:
            yield Gegeven(f"{_apparaatnaam(device)}: {wie}", bron_uit(device))


def organisatienaam(inhoud: Inhoud, verwijzing: Json) -> str:
    organisatie = inhoud.bij(verwijzing) or {}
    return str(organisatie.get("name") or verwijzing.get("display") or verwijzing.get("reference") or "")


def hulpmiddelnaam(inhoud: Inhoud, verwijzing: object) -> str:
    """De naam van dit hulpmiddel, of van het hulpmiddel van dit gebruik."""
    gevonden = inhoud.bij(verwijzing) or {}
    device = inhoud.bij(gevonden.get("device")) if gevonden.get("resourceType") == "DeviceUseStatement" else gevonden
    return _apparaatnaam(device) if device else ""


def in_de_woning(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Wat er in de woning al is aangepast of geplaatst."""
    for _, device in lopend(inhoud):
        if extensie(device, "voorzieningsoort").get("valueCode") in WONING:
            yield Gegeven(f"In de woning: {_apparaatnaam(device)}", bron_uit(device))


def om_te_reizen(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Waar iemand nu mee reist."""
    for _, device in lopend(inhoud):
        if str(extensie(device, "categorie").get("valueCode") or "").startswith(VERVOER):
            yield Gegeven(f"Reist met: {_apparaatnaam(device)}", bron_uit(device))


def proeven(inhoud: Inhoud) -> Iterator[Gegeven]:
    for gebruik in inhoud.van("DeviceUseStatement"):
        resultaat = deel(extensie(gebruik, "proef"), "resultaat").get("valueString")
        if resultaat:
            device = inhoud.bij(gebruik.get("device"))
            yield Gegeven(f"{_apparaatnaam(device)}: {resultaat}" if device else resultaat, bron_uit(gebruik))


def proefrijen(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Elke proef als rij van de groep `geprobeerd`."""
    for gebruik in inhoud.van("DeviceUseStatement"):
        proef = extensie(gebruik, "proef")
        naam = hulpmiddelnaam(inhoud, gebruik.get("device"))
        resultaat = deel(proef, "resultaat").get("valueString")
        if naam and resultaat:
            geslaagd = deel(proef, "geslaagd").get("valueBoolean")
            rij = {"geprobeerd-wat": naam, "geprobeerd-resultaat": resultaat, "geprobeerd-geslaagd": geslaagd}
            yield Gegeven({code: waarde for code, waarde in rij.items() if waarde is not None}, bron_uit(gebruik))


def besluiten(inhoud: Inhoud) -> Iterator[Gegeven]:
    for besluit in inhoud.van("DeviceRequest"):
        if besluit.get("intent") == "order":
            wat = leesbaar(besluit.get("codeCodeableConcept")) or "besluit"
            yield Gegeven(
                f"{wat}, {besluit['authoredOn'][:10]}" if besluit.get("authoredOn") else wat, bron_uit(besluit)
            )
