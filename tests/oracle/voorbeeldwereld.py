"""Een paspoort waarin alles bestaat waar de voorbeelden naar wijzen, zodat ze langs de voordeur naar binnen kunnen."""

from __future__ import annotations

from typing import Any

from paspoort.fhir.referenties import ontleed, referenties
from paspoort.fhir.stelsels import codestelsel
from tests.oracle.basis import voorbeelden

Json = dict[str, Any]
HOUDER = "vb-houder"
REGISTER = frozenset(("Organization", "Practitioner", "PractitionerRole"))
# schrijft de server zelf; langs de API maakt niemand ze
LEZEN = frozenset(("Provenance",))
# bewaart de server niet zo: definities, antwoorden, regels van het log, en wat alleen in een ander stuk zit
NIET_BEWAARD = frozenset(
    [
        "AuditEvent",
        "Bundle",
        "Composition",
        "GuidanceResponse",
        "OperationOutcome",
        "Questionnaire",
        "StructureDefinition",
    ]
)
# wijst naar iets wat hier niet bestaat: een type dat wij niet bewaren, of iemand in een paspoort dat nog niet bestaat
GEEN_DOEL = frozenset(("r4-bodySite-goed", "r4-patient-relatedPerson-goed"))

# wie de mensen van de gemeente in de voorbeelden mag zien: een collega
LEZER: Json = {
    "resourceType": "PractitionerRole",
    "id": "vb-collega",
    "active": True,
    "practitioner": {"reference": "Practitioner/vb-hmp-practitioner"},
    "organization": {"reference": "Organization/vb-gemeente"},
}


async def richt_in(wereld: Any) -> None:
    """Zet de paspoorten van de voorbeelden neer, met een leeg doel voor elke verwijzing."""
    doelen = {(d[0], d[1]) for _, inhoud in voorbeelden() for _, tekst in referenties(inhoud) if (d := ontleed(tekst))}
    await wereld.zet("register", LEZER, *(_doel(t, i, "") for t, i in sorted(doelen) if t in REGISTER))
    for _, houder in sorted(d for d in doelen if d[0] == "Patient"):
        await wereld.opslag.maak_partitie(houder, "paspoort", "proef-app")
        binnen = sorted(d for d in doelen if d[0] not in ("Patient", *REGISTER)) if houder == HOUDER else []
        stukken = [_doel(t, i, houder) for t, i in [("Patient", houder), *binnen]]
        await wereld.zet(houder, *stukken, herkomst="zelf", auteur="Device/proef-app")


def _doel(type_: str, id_: str, houder: str) -> Json:
    wie = {"reference": f"Patient/{houder}"}
    kaal: dict[str, Json] = {
        "Patient": {"name": [{"text": "Voorbeeld"}]},
        "Organization": {"name": "Voorbeeld", "active": True},
        "Device": {"patient": wie},
        "RelatedPerson": {"patient": wie},
        "DeviceUseStatement": {"status": "active", "subject": wie, "device": {"reference": "Device/vb-rolstoel"}},
        # een advies van papier wijst naar het papier zelf
        "DocumentReference": {
            "subject": wie,
            "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "advies"}]},
        },
        "Task": {"status": "requested", "intent": "order", "for": wie},
    }
    return {"resourceType": type_, "id": id_, **kaal.get(type_, {"subject": wie})}
