"""Verzonnen paspoorten en tokens om mee te meten: even zwaar als een echt paspoort, en voor iedereen hetzelfde.

Alleen voor `paspoort bench`, in een tijdelijke map. Wie hier een verhaal zoekt: dat staat in `server/demo`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from paspoort.fhir.stelsels import DOEL, GEGEVENSGROEP, codestelsel
from paspoort.toegang.doelen import DOELEN
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.tokens import geef_token, maak_verlening
from server.store.versions import Wijziging

Json = dict[str, Any]
Wie = Literal["houder", "app"]

ORGANISATIE: Final = "bench-praktijk"
APP: Final = "bench-app"
SAMEN: Final = 32  # zoveel paspoorten tegelijk vullen: dan delen zij hun COMMIT
GELDIG: Final = 24 * 3600
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_DEELNAME: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_TOELICHTING: Final = (
    "Verzonnen toelichting van ongeveer de lengte die een behandelaar schrijft: wat er gemeten is, hoe, in welke "
    "houding, waarmee vergeleken, en wat dat betekent voor het gebruik thuis, buiten en onderweg. "
)
# Wat een paspoort bevat, in deze verhouding; de Patient en de toestemming komen er nog bij.
VERDELING: Final = ("Observation", "Observation", "Observation", "Device", "DeviceUseStatement", "Condition", "Goal")


@dataclass(frozen=True, slots=True)
class Gevuld:
    """Wat er klaarstaat: per paspoort haar id en het token waarmee ernaar gevraagd wordt."""

    paspoorten: tuple[tuple[str, str], ...]


async def vul(
    opslag: Opslag, aantal: int, resources: int, wie: Wie, vorder: Callable[[int], None] = lambda _: None
) -> Gevuld:
    """Zet `aantal` paspoorten van `resources` resources in een lege opslag, met tokens voor `wie`."""
    nu = int(time.time())
    m = await opslag.momentopname(REGISTER)
    organisatie = Wijziging("Organization", ORGANISATIE, _organisatie())
    await opslag.schrijf(REGISTER, m.volgnummer, [organisatie], "dienst", "bron")
    ids = [f"bench-{n:06d}" for n in range(aantal)]
    for begin in range(0, aantal, SAMEN):
        await asyncio.gather(*(_paspoort(opslag, id_, resources) for id_ in ids[begin : begin + SAMEN]))
        vorder(min(begin + SAMEN, aantal))
    if wie == "app":
        token = await _token(opslag, "system/*.cruds", _app(), nu)
        return Gevuld(tuple((id_, token) for id_ in ids))
    paren: list[tuple[str, str]] = []
    for begin in range(0, aantal, SAMEN):
        deel = ids[begin : begin + SAMEN]
        tokens = await asyncio.gather(*(_token(opslag, "patient/*.cruds", _houder(i), nu) for i in deel))
        paren += zip(deel, tokens, strict=True)
    return Gevuld(tuple(paren))


def resources_van(patient: str, aantal: int) -> Iterable[Json]:
    """De Patient, een toestemming en wat daarbij hoort: samen `aantal` resources (minstens vier)."""
    yield {
        "resourceType": "Patient",
        "id": patient,
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}]},
        "name": [{"family": "Meting", "given": ["Test"]}],
        "birthDate": "1970-01-01",
        "gender": "unknown",
    }
    yield _toestemming(patient)
    yield _device(patient, 0)
    yield gebruik(patient, f"{patient}-use-0", 0)
    for n in range(1, aantal - 3):
        yield _MAKEN[VERDELING[n % len(VERDELING)]](patient, n)


def gebruik(patient: str, id: str | None = None, n: int = 0) -> Json:
    """Een gebruik van het eerste hulpmiddel; zonder id om in te sturen."""
    return {
        "resourceType": "DeviceUseStatement",
        **({"id": id} if id else {}),
        "status": "active" if n % 3 == 0 else "completed",
        "subject": {"reference": f"Patient/{patient}"},
        "device": {"reference": f"Device/{patient}-device-0"},
        "timingPeriod": {"start": f"20{10 + n % 15}-06-03"},
        "note": _noot(n),
    }


def _observation(patient: str, n: int) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"{patient}-obs-{n}",
        "status": "final",
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
        "code": {"coding": [{"system": codestelsel("maat"), "code": "zitbreedte"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": f"2025-{1 + n % 12:02d}-10",
        "valueQuantity": {"value": 40 + n % 9, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
        "note": _noot(n),
    }


def _device(patient: str, n: int) -> Json:
    return {
        "resourceType": "Device",
        "id": f"{patient}-device-{n}",
        "status": "active",
        "patient": {"reference": f"Patient/{patient}"},
        "type": {
            "coding": [
                {"system": "http://snomed.info/sct", "code": "58938008", "display": "rolstoel"},
                {"system": codestelsel("iso9999"), "code": "12 22"},
            ]
        },
        "deviceName": [{"name": f"Rolstoel {n}", "type": "user-friendly-name"}],
        "manufacturer": "Verzonnen fabriek",
        "modelNumber": "V1",
        "note": _noot(n),
    }


def _use(patient: str, n: int) -> Json:
    return gebruik(patient, f"{patient}-use-{n}", n)


def _condition(patient: str, n: int) -> Json:
    return {
        "resourceType": "Condition",
        "id": f"{patient}-cond-{n}",
        "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "282291009"}]}],
        "code": {"text": "Verzonnen aandoening"},
        "subject": {"reference": f"Patient/{patient}"},
        "recordedDate": "2019-05-02",
        "note": _noot(n),
    }


def _goal(patient: str, n: int) -> Json:
    return {
        "resourceType": "Goal",
        "id": f"{patient}-goal-{n}",
        "lifecycleStatus": "active",
        "description": {"text": f"Verzonnen doel {n}: zelf naar buiten kunnen"},
        "subject": {"reference": f"Patient/{patient}"},
        "startDate": "2025-02-01",
        "note": _noot(n),
    }


_MAKEN: Final[dict[str, Callable[[str, int], Json]]] = {
    "Observation": _observation,
    "Device": _device,
    "DeviceUseStatement": _use,
    "Condition": _condition,
    "Goal": _goal,
}


def _noot(n: int) -> list[Json]:
    return [{"text": f"{n}. {_TOELICHTING * 3}"}]


def _toestemming(patient: str) -> Json:
    groepen = sorted(DOELEN["advies"].groepen["therapeut"])
    return {
        "resourceType": "Consent",
        "id": f"{patient}-consent",
        "status": "active",
        "scope": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]
        },
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": f"Patient/{patient}"},
        "dateTime": "2026-01-01T09:00:00+01:00",
        "performer": [{"reference": f"Patient/{patient}"}],
        "policyRule": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]},
        "provision": {
            "type": "permit",
            "period": {"start": "2026-01-01", "end": "2099-12-31"},
            "actor": [
                {
                    "role": {"coding": [{"system": _DEELNAME, "code": "IRCP"}]},
                    "reference": {"reference": f"Organization/{ORGANISATIE}"},
                }
            ],
            "purpose": [{"system": DOEL, "code": "advies"}],
            "securityLabel": [{"system": GEGEVENSGROEP, "code": g} for g in groepen],
        },
    }


def _organisatie() -> Json:
    soort = [{"coding": [{"system": codestelsel("organisatiesoort"), "code": "zorgpraktijk"}]}]
    return {
        "resourceType": "Organization",
        "id": ORGANISATIE,
        "active": True,
        "name": "Verzonnen praktijk",
        "type": soort,
    }


def _houder(patient: str) -> Json:
    return {"soort": "persoon", "rol": "houder", "naam": "Test Meting", "patient": patient, "client_id": APP}


def _app() -> Json:
    return {
        "soort": "app", "rol": "therapeut", "naam": "Verzonnen praktijk", "organisatie": ORGANISATIE, "client_id": APP,
    }  # fmt: skip


async def _paspoort(opslag: Opslag, id: str, resources: int) -> None:
    await opslag.maak_partitie(id, "paspoort")
    wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in resources_van(id, resources)]
    await opslag.schrijf(id, 0, wijzigingen, f"Patient/{id}", "zelf")
    opslag.vergeet(id)


async def _token(opslag: Opslag, scopes: str, actor: Json, nu: int) -> str:
    verlening = await maak_verlening(opslag, APP, scopes, actor, nu, patient=actor.get("patient"))
    token = await geef_token(opslag, "toegang", verlening.familie, APP, scopes, actor, nu, nu + GELDIG)
    if token is None:
        raise RuntimeError("het token van de meting is niet uitgegeven")
    return token
