"""Naïef orakel voor schrijven en abonneren: wie wat mag, en wat hij terugkrijgt (toegang.md §3, §6 en §7).

Opgeschreven uit die tabellen, zonder iets van de toegangscode; wat te zien is, komt van `orakel.py`. Waar de tabellen
zwijgen staat `None`: dan telt alleen dat er niets lekt en dat een nee niets verandert. Ook de inhoud staat hier: een
klein paspoort van geldige resources, elk met een schrijver, met dezelfde namen als in `orakelpaspoort.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from paspoort.fhir.stelsels import BASIS, BSN, codestelsel
from tests.orakel import DOEL, LEEST, Gegeven, Stuk, Toestemming, Wereld
from tests.orakelwoorden import g, m_
from tests.zichtwereld import PASPOORT, PATIENT

Json = dict[str, Any]

# §3: wie iets nieuws maakt (S) en wie het eigen werk wijzigt (W), per groep. Wat er niet staat, mag niet.
MAAKT: Final = {
    "therapeut": g("gezondheid functioneren maten omgeving hulpmiddelen advies eisen"),  # verzoeken: met een machtiging
    "verstrekker": g("hulpmiddelen besluiten financieel voortgang"),
    "leverancier": g("hulpmiddelen verzoeken"),  # verzoeken: een signaal
    "houder": g("gezondheid functioneren maten omgeving hulpmiddelen plan verzoeken ervaringen toestemmingen"),
}
WIJZIGT_EIGEN: Final = {
    "therapeut": g("gezondheid functioneren maten omgeving hulpmiddelen advies eisen"),
    "verstrekker": g("hulpmiddelen besluiten financieel voortgang"),
    "leverancier": g("hulpmiddelen voortgang"),
    "houder": g("contact persoon gezondheid functioneren maten omgeving hulpmiddelen plan verzoeken toestemmingen"),
}
TOT_DEFINITIEF: Final = g("advies eisen")
HOUDERS: Final = ("houder", "vertegenwoordiger")
WIJZEN: Final = ("PUT", "PATCH", "DELETE", "PUT?", "PUT in transactie", "DELETE in batch")
_WIE: Final = {"reference": PATIENT}
_ADVIES: Final = f"{BASIS}Questionnaire/functioneel-advies|1.0.0"
_TERM: Final = "http://terminology.hl7.org/CodeSystem/condition-"


@dataclass(frozen=True)
class Ding:
    """Eén resource waar iemand aan schrijft. `van`: `eigen` (van wie vraagt) of `houder`."""

    inhoud: Json
    gegeven: Gegeven
    groep: str
    van: str
    definitief: bool = False
    wordt_genoemd: bool = False  # weghalen kan niet zolang een ander gegeven ernaar wijst

    @property
    def plek(self) -> str:
        return self.gegeven.plek


def _conditie(id: str, code: str) -> Json:
    stand = {"coding": [{"system": f"{_TERM}clinical", "code": "active"}]}
    soort = [{"coding": [{"system": "http://snomed.info/sct", "code": code}]}]
    return {
        "resourceType": "Condition", "id": id, "clinicalStatus": stand, "category": soort, "code": {"text": m_(id)},
        "subject": _WIE,
    }  # fmt: skip


def _hulpmiddel(id: str) -> Json:
    soort = {"coding": [{"system": codestelsel("categorie"), "code": "11A03"}]}
    naam = [{"name": m_(id), "type": "user-friendly-name"}]
    return {
        "resourceType": "Device", "id": id, "status": "active", "patient": _WIE, "type": soort, "deviceName": naam,
    }  # fmt: skip


def _advies(id: str, status: str) -> Json:
    deel = {"linkId": "1", "item": [
        {"linkId": "1.1", "answer": [{"valueString": m_(id)}]},
        {"linkId": "1.2", "answer": [{"valueString": m_(f"{id}_diagnose")}]},
    ]}  # fmt: skip
    return {
        "resourceType": "QuestionnaireResponse", "id": id, "status": status, "questionnaire": _ADVIES, "subject": _WIE,
        "authored": "2026-02-01T10:00:00+01:00", "item": [deel],
    }  # fmt: skip


def _een(plek: str, groep: str, hulpmiddel: str | None = None) -> Gegeven:
    return Gegeven(plek, (Stuk(m_(plek.partition("/")[2]), g(groep)),), g(groep), hulpmiddel)


def _twee(id: str, concept: bool) -> Gegeven:
    stukken = (Stuk(m_(id), g("advies")), Stuk(m_(f"{id}_diagnose"), g("gezondheid")))
    return Gegeven(f"QuestionnaireResponse/{id}", stukken, g("advies gezondheid"), concept=concept)


_ZIT: Final[Json] = {
    "resourceType": "DeviceUseStatement", "id": "zit", "status": "active", "subject": _WIE,
    "device": {"reference": "Device/rolstoel", "display": m_("zit_device")}, "note": [{"text": m_("zit")}],
}  # fmt: skip
_BREEDTE: Final[Json] = {
    "resourceType": "Observation", "id": "breedte", "status": "final", "subject": _WIE,
    "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
    "code": {"coding": [{"system": codestelsel("maat"), "code": "zitbreedte"}]}, "effectiveDateTime": "2026-02-10",
    "valueQuantity": {"value": 46, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
    "note": [{"text": m_("breedte")}],
}  # fmt: skip
_DOEL: Final[Json] = {
    "resourceType": "Goal", "id": "buiten", "lifecycleStatus": "active", "description": {"text": m_("buiten")},
    "subject": _WIE,
}  # fmt: skip
_MENS: Final[Json] = {
    "resourceType": "Patient", "id": PASPOORT, "name": [{"text": m_("naam")}], "birthDate": "1979-05-04",
    "identifier": [{"system": BSN, "value": "999911120"}],
}  # fmt: skip
# Een datum en een nummer dragen geen woord; de andere groepen van de Patient tellen alleen mee voor "helemaal".
_PATIENT = Gegeven(PATIENT, (Stuk(m_("naam"), g("contact")),), g("contact persoon bsn"))
_GEBRUIK = Gegeven(
    "DeviceUseStatement/zit",
    (Stuk(m_("zit"), g("hulpmiddelen")), Stuk(m_("zit_device"), g("hulpmiddelen"), "Device/rolstoel")),
    g("hulpmiddelen"),
)
# §4, "hulpmiddelen(concerned)": wat de partij zelf schreef, rekenen wij erbij; de tabel zegt het niet. Daarom hebben
# de eigen hulpmiddelen hier geen `hulpmiddel` om op te beperken.
DINGEN: Final = (
    Ding(_MENS, _PATIENT, "contact", "houder", wordt_genoemd=True),
    Ding(_conditie("als", "282291009"), _een("Condition/als", "gezondheid"), "gezondheid", "eigen"),
    Ding(_conditie("lopen", "248536006"), _een("Condition/lopen", "functioneren"), "functioneren", "houder"),
    Ding(_BREEDTE, _een("Observation/breedte", "maten"), "maten", "eigen"),
    Ding(_DOEL, _een("Goal/buiten", "functioneren"), "functioneren", "eigen"),
    Ding(
        _hulpmiddel("rolstoel"), _een("Device/rolstoel", "hulpmiddelen"), "hulpmiddelen", "eigen",
        wordt_genoemd=True,
    ),
    Ding(_hulpmiddel("bed"), _een("Device/bed", "hulpmiddelen", "Device/bed"), "hulpmiddelen", "houder"),
    Ding(_ZIT, _GEBRUIK, "hulpmiddelen", "eigen"),
    Ding(_advies("advies", "completed"), _twee("advies", False), "advies", "eigen", definitief=True),
    Ding(_advies("concept", "in-progress"), _twee("concept", True), "advies", "eigen"),
)  # fmt: skip
GEGEVENS: Final = {d.plek: d.gegeven for d in DINGEN}


def _nieuw(inhoud: Json, **anders: Any) -> Json:
    return {k: w for k, w in inhoud.items() if k != "id"} | anders


_VERZOEK: Final[Json] = {
    "resourceType": "DeviceRequest", "status": "draft", "intent": "proposal", "subject": _WIE,
    "codeCodeableConcept": {"coding": [{"system": codestelsel("categorie"), "code": "11A03"}]},
    "authoredOn": "2026-03-01",
}  # fmt: skip
_HERKOMST: Final[Json] = {
    "resourceType": "Provenance", "target": [{"reference": "Device/rolstoel"}], "recorded": "2026-03-01T10:00:00Z",
    "agent": [{"who": {"reference": "Organization/gemeente"}}],
}  # fmt: skip
# naam → (inhoud, groep); groep None: niemand schrijft dit (§3, "AuditEvent, Provenance, versions: nobody writes them").
NIEUW: Final[dict[str, tuple[Json, str | None]]] = {
    "een diagnose": (_nieuw(_conditie("n", "282291009")), "gezondheid"),
    "een beperking": (_nieuw(_conditie("n", "248536006")), "functioneren"),
    "een maat": (_nieuw(_BREEDTE), "maten"),
    "een doel": (_nieuw(_DOEL), "functioneren"),
    "een hulpmiddel": (_nieuw(_hulpmiddel("n")), "hulpmiddelen"),
    "een advies": (_nieuw(_advies("n", "in-progress")), "advies"),
    "een signaal": (_VERZOEK, "verzoeken"),
    "een herkomst": (_HERKOMST, None),
}


@dataclass(frozen=True)
class Beeld:
    """Wat deze vrager in deze stand ziet, volgens `orakel.py` (of het orakel van §7)."""

    rol: str
    er: set[str]
    mag: set[str]
    groepen: set[str]  # van alle gronden samen
    patient_heel: bool
    schrijft: bool = True  # een helper die meeleest schrijft niet
    loopt: bool = True  # er is een grond
    beperkt: bool = False  # alleen het hulpmiddel waar het over gaat
    extra: dict[str, Any] = field(default_factory=dict)

    def heel(self, d: Ding) -> bool:
        """§2: wie iets mist, ziet een deel; ook een verwijzing naar wie niet te zien is, telt."""
        if d.plek == PATIENT:
            return self.patient_heel
        return d.plek in self.er and {s.merk for s in d.gegeven.stukken} <= self.mag and PATIENT in self.er


def antwoord(wijze: str, d: Ding, b: Beeld) -> int:
    """De status bij een losse wijziging van wat er al is (§6)."""
    if d.plek not in b.er:
        return 405 if wijze.startswith("PUT") else 404
    if not b.heel(d) or not b.schrijft:
        return 403
    if wijze.startswith("DELETE"):
        # "the houder may verwijderen in the own passport"; wie schreef, meldt een vergissing.
        return 204 if b.rol in HOUDERS and d.plek != PATIENT else 403
    rol = "houder" if b.rol in HOUDERS else b.rol
    eigen = d.van == ("houder" if b.rol in HOUDERS else "eigen")
    klaar = d.definitief and d.groep in TOT_DEFINITIEF
    return 200 if eigen and not klaar and d.groep in WIJZIGT_EIGEN[rol] else 403


def nieuw(groep: str | None, b: Beeld) -> int | None:
    """201 of 403 bij iets nieuws in een paspoort waar de vrager bij kan; None waar de tabellen zwijgen."""
    rol = "houder" if b.rol in HOUDERS else b.rol
    if groep is None or groep not in MAAKT[rol] or not b.schrijft:
        return 403
    if PATIENT not in b.er or (b.beperkt and groep == "hulpmiddelen"):
        return None  # het nieuwe wijst naar wie niet te zien is, of is zelf nog nergens bij betrokken
    # "within sight": een signaal valt buiten wat een leverancier leest, en staat er toch in de tabel
    signaal = groep == "verzoeken" and rol == "leverancier"
    return 201 if groep in b.groepen or signaal else 403


def groepen_van(wereld: Wereld, rol: str, namen: frozenset[str], vandaag: int) -> tuple[set[str], bool, bool]:
    """Alle groepen van de gronden samen, of er een grond is, en of zij alleen over een hulpmiddel gaan."""
    geldig = [t for t in wereld.toestemmingen if _geldt(t, namen, vandaag)]
    taken = [t for t in wereld.taken if t.open and t.eigenaar in namen]
    uit = {groep for t in geldig for groep in t.groepen}
    for taak in taken:
        uit |= set(DOEL.get((taak.doel or "", rol), set())) | {"voortgang"}
    doelen = {t.doel for t in geldig} | {t.doel for t in taken}
    beperkt = bool(doelen & {"levering", "reparatie"}) or any(t.betreft for t in geldig)
    return uit & LEEST[rol], bool(geldig or taken), beperkt


def _geldt(t: Toestemming, namen: frozenset[str], vandaag: int) -> bool:
    return t.actief and t.aan in namen and t.dag_van <= vandaag <= t.dag_tot


# Abonneren: een app doet het, geen mens (besluit 0017); scope `Subscription.c` is nodig (§6, 403 insufficient_scope).
MAG_ABONNEREN: Final = {"app": 201, "mens": 403, "app zonder scope": 403}
