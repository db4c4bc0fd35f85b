"""PyPI fhirpy. Zijn `patch()` stuurt een los stuk JSON en geen JSON Patch; die gaat met `execute`, met eigen kop."""

from __future__ import annotations

import json
from typing import Any

import stap as s
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome
from stap import FHIR, STUKKEN, geweigerd, stap


def fout(f: Exception) -> tuple[int | None, Any]:
    return None, f.resource if isinstance(f, OperationOutcome) else json.loads(str(f))


def maak(inhoud: Any) -> Any:
    return client.resource(inhoud["resourceType"], **inhoud).create()


def wijzig(geslacht: str) -> Any:
    """De eerste versie met een ander geslacht: haar meta.versionId telt als If-Match."""
    return client.resource("Patient", **{**eerste, "gender": geslacht}).update()


def bladeren() -> dict[str, Any]:
    for _ in range(5):
        maak(s.per(patient.id, "maat"))
    maten = client.resources("Observation").search(patient=patient.id).limit(2)
    return {"eerste": len(maten.fetch()), "alle": [r.id for r in maten]}


def verwijderen() -> Any:
    los = maak(STUKKEN["hulpmiddel"])
    los.delete()
    return geweigerd(lambda: client.reference("Device", los.id).to_resource(), fout)


def bundel(inhoud: Any) -> Any:
    return client.execute("", "post", data=inhoud)


def keur(inhoud: Any) -> list[str]:
    return s.ernsten(client.execute("Patient/$validate", "post", data=inhoud))


def aanmelden() -> dict[str, bool]:
    globals()["bearer"] = f"Bearer {s.haal_token()}"
    return {"aangemeld": True}


los_client = SyncFHIRClient(FHIR)
stap("ontdekken", "execute()", lambda: {
    "token": los_client.execute(".well-known/smart-configuration", "get")["token_endpoint"],
    "fhir": los_client.execute("metadata", "get")["fhirVersion"],
})  # fmt: skip
bearer = ""
stap("token", "httpx, SyncFHIRClient(authorization=)", aanmelden)
client = SyncFHIRClient(FHIR, authorization=bearer)
patient = stap("maken", "resource().create()", lambda: maak(STUKKEN["patient"]))
eerste = json.loads(json.dumps(dict(patient)))
device = stap("maken zonder patient", "resource().create()", lambda: maak(STUKKEN["hulpmiddel"]))
stap("lezen", "reference().to_resource()", lambda: client.reference("Patient", patient.id).to_resource())
stap("wijzigen", "resource().update()", lambda: wijzig("unknown"))
stap("verouderd", "resource().update()", lambda: geweigerd(lambda: wijzig("male"), fout))
stap("oude versie", "execute()", lambda: client.execute(f"Patient/{patient.id}/_history/1", "get"))
stap("geschiedenis", "resource().execute(_history)", lambda: s.versies(patient.execute("_history", "get")))
maak(s.gebruik_van(patient.id, device.id))
stap("zoeken met include", "resources().include().fetch_raw()", lambda: s.types_in(
    client.resources("DeviceUseStatement").search(patient=patient.id)
    .include("DeviceUseStatement", "device").fetch_raw()
))  # fmt: skip
stap("bladeren", "resources().limit(), for … in", bladeren)
stap("zoeken over eigen paspoorten", "resources().search().fetch_all()", lambda: len([
    r for r in client.resources("Observation").search(code="zitbreedte").limit(50).fetch_all()
    if r.subject.reference == f"Patient/{patient.id}"
]))  # fmt: skip
patcher = SyncFHIRClient(
    FHIR, bearer, extra_headers={"content-type": "application/json-patch+json", "if-match": 'W/"2"'}
)
stap("patch", "execute() met Content-Type en If-Match", lambda: patcher.execute(f"Patient/{patient.id}", "patch", data=[
    {"op": "test", "path": "/gender", "value": "unknown"},
    {"op": "replace", "path": "/gender", "value": "other"},
]))  # fmt: skip
stap("transactie", "execute()", lambda: s.plaatsen(bundel(STUKKEN["transactie"])))
stap("transactie terug", "execute()", lambda: {
    **geweigerd(lambda: bundel(s.mislukte(STUKKEN["transactie"])), fout),
    "gebleven": client.resources("Patient").search(family="Terug").fetch_raw()["total"],
})  # fmt: skip
stap("alles", "resource().execute($everything)", lambda: s.types_in(patient.execute("$everything", "get")))
stap("keuren", "execute($validate)", lambda: {"goed": keur(STUKKEN["patient"]), "kapot": keur(STUKKEN["kapot"])})
stap("verwijderen", "delete(), reference().to_resource()", verwijderen)
# Wat alleen fhirpy zo doet: verversen met If-None-Match zonder aanhalingstekens, en tellen met `_count=0`.
stap("verversen", "resource().refresh()", lambda: {"versie": patient.refresh().meta.versionId})
soepel = SyncFHIRClient(FHIR, bearer, extra_headers={"prefer": "handling=lenient"})
stap("tellen", "resources().count()", lambda: soepel.resources("Observation").search(patient=patient.id).count())
