"""PyPI fhirclient (SMART): strenge modellen voor alles wat heen en terug gaat; het token haalt hij zelf (`authorize`).

Voor vread, geschiedenis en operaties heeft hij alleen `request_json` en `post_json`; voor PATCH alleen zijn sessie.
"""

from __future__ import annotations

from typing import Any

import stap as s
from fhirclient import client as smart
from fhirclient.models.bundle import Bundle
from fhirclient.models.device import Device
from fhirclient.models.deviceusestatement import DeviceUseStatement
from fhirclient.models.observation import Observation
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.patient import Patient
from stap import FHIR, SCOPE, STUKKEN, VERKLARING, geweigerd, stap

mijn = smart.FHIRClient(
    settings={"app_id": "demo-proef", "api_base": FHIR, "scope": SCOPE, "jwt_token": VERKLARING, "patient_id": "-"}
)


def fout(f: Exception) -> tuple[int | None, Any]:
    antwoord = f.response  # type: ignore[attr-defined]
    return antwoord.status_code, OperationOutcome(antwoord.json()).as_json()


def ontdekken() -> dict[str, str]:
    mijn.prepare()
    return {
        "token": mijn.server.request_json(".well-known/smart-configuration")["token_endpoint"],
        "fhir": mijn.server.capabilityStatement.fhirVersion,
    }


def aanmelden() -> dict[str, bool]:
    mijn.authorize()
    return {"aangemeld": mijn.ready}


def maak(model: Any, inhoud: Any) -> Any:
    return model(model(inhoud).create(mijn.server)).as_json()


def wijzig(geslacht: str) -> Any:
    """De eerste versie met een ander geslacht: haar meta.versionId telt als If-Match."""
    eerste = Patient(patient)
    eerste.gender = geslacht
    return Patient(eerste.update(mijn.server)).as_json()


def zoek_mee() -> list[str]:
    maak(DeviceUseStatement, s.gebruik_van(patient["id"], device["id"]))
    vraag = DeviceUseStatement.where({"patient": patient["id"]}).include("device")
    return s.types_in(next(iter(vraag.perform_iter(mijn.server))).as_json())


def bladeren() -> dict[str, Any]:
    for _ in range(5):
        maak(Observation, s.per(patient["id"], "maat"))
    vraag = Observation.where({"patient": patient["id"], "_count": "2"})
    bladzijden = [[r.resource.id for r in bladzijde.entry] for bladzijde in vraag.perform_iter(mijn.server)]
    return {"eerste": len(bladzijden[0]), "alle": [id_ for bladzijde in bladzijden for id_ in bladzijde]}


def eigen_maten() -> int:
    vraag = Observation.where({"code": "zitbreedte", "_count": "50"})
    alle = vraag.perform_resources_iter(mijn.server)
    return sum(r.subject.reference == f"Patient/{patient['id']}" for r in alle)


def patch() -> Any:
    koppen = mijn.server.auth.signed_headers({"content-type": "application/json-patch+json", "if-match": 'W/"2"'})
    regels = [
        {"op": "test", "path": "/gender", "value": "unknown"},
        {"op": "replace", "path": "/gender", "value": "other"},
    ]
    antwoord = mijn.server.session.patch(f"{FHIR}/Patient/{patient['id']}", json=regels, headers=koppen)
    mijn.server.raise_for_status(antwoord)
    return Patient(antwoord.json()).as_json()


def bundel(inhoud: Any) -> Any:
    return Bundle(mijn.server.post_json("", Bundle(inhoud).as_json()).json()).as_json()


def keur(inhoud: Any) -> list[str]:
    return s.ernsten(OperationOutcome(mijn.server.post_json("Patient/$validate", inhoud).json()).as_json())


def verwijderen() -> Any:
    los = Device.read(maak(Device, STUKKEN["hulpmiddel"])["id"], mijn.server)
    los.delete()
    return geweigerd(lambda: Device.read(los.id, mijn.server), fout)


stap("ontdekken", "prepare(), request_json()", ontdekken)
stap("token", "authorize()", aanmelden)
patient = stap("maken", "Patient().create()", lambda: maak(Patient, STUKKEN["patient"]))
device = stap("maken zonder patient", "Device().create()", lambda: maak(Device, STUKKEN["hulpmiddel"]))
stap("lezen", "Patient.read()", lambda: Patient.read(patient["id"], mijn.server).as_json())
stap("wijzigen", "Patient().update()", lambda: wijzig("unknown"))
stap("verouderd", "Patient().update()", lambda: geweigerd(lambda: wijzig("male"), fout))
stap("oude versie", "Patient.read_from()", lambda: Patient.read_from(
    f"Patient/{patient['id']}/_history/1", mijn.server).as_json())  # fmt: skip
stap("geschiedenis", "Bundle.read_from()", lambda: s.versies(
    Bundle.read_from(f"Patient/{patient['id']}/_history", mijn.server).as_json()))  # fmt: skip
stap("zoeken met include", "where().include().perform_iter()", zoek_mee)
stap("bladeren", "where().perform_iter()", bladeren)
stap("zoeken over eigen paspoorten", "where().perform_resources_iter()", eigen_maten)
stap("patch", "server.session.patch()", patch)
stap("transactie", "server.post_json()", lambda: s.plaatsen(bundel(STUKKEN["transactie"])))
stap("transactie terug", "server.post_json()", lambda: {
    **geweigerd(lambda: mijn.server.post_json("", s.mislukte(STUKKEN["transactie"])), fout),
    "gebleven": next(iter(Patient.where({"family": "Terug"}).perform_iter(mijn.server))).total,
})  # fmt: skip
stap("alles", "Bundle.read_from($everything)", lambda: s.types_in(
    Bundle.read_from(f"Patient/{patient['id']}/$everything", mijn.server).as_json()))  # fmt: skip
stap("keuren", "server.post_json($validate)", lambda: {
    "goed": keur(STUKKEN["patient"]), "kapot": keur(STUKKEN["kapot"])})  # fmt: skip
stap("verwijderen", "Device().delete(), Device.read()", verwijderen)
