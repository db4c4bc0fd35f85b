"""Het CapabilityStatement, gemaakt uit de registry: wat hier staat wordt gerouteerd, en omgekeerd.

Bron: FHIR R4 capabilitystatement.html; SMART App Launch 2.2 (oauth-uris, SMART-on-FHIR).
"""

from __future__ import annotations

from typing import Any, Final

from paspoort.fhir.stelsels import BASIS
from server.fhir.operations import OPERATIES
from server.registry import (
    DEFINITIE_ZOEKEN,
    DEFINITIETYPES,
    GEMEENSCHAPPELIJK,
    TYPES,
    Resourcetype,
    SearchParam,
    conditional_create,
    conditional_delete,
    conditional_read,
    conditional_update,
)

VERSIE: Final = "0.1.0"
DATUM: Final = "2026-01-01"
VOLGORDE: Final = (
    "read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type",
)  # fmt: skip


def capability(basis: str, oauth: str) -> dict[str, Any]:
    """Het statement voor een server op `basis` (de FHIR-basis) met zijn OAuth-adressen onder `oauth`."""
    return {
        "resourceType": "CapabilityStatement",
        "id": "hulpmiddelenpaspoort",
        "url": f"{BASIS}CapabilityStatement/hulpmiddelenpaspoort",
        "version": VERSIE,
        "name": "Hulpmiddelenpaspoort",
        "title": "Hulpmiddelenpaspoort",
        "status": "active",
        "date": DATUM,
        "publisher": "Hulpmiddelenpaspoort",
        "description": "Persoonlijke gezondheidsomgeving voor hulpmiddelen: één paspoort, gedeeld met toestemming.",
        "kind": "instance",
        "software": {"name": "hulpmiddelenpaspoort", "version": VERSIE},
        "implementation": {"description": "Hulpmiddelenpaspoort", "url": basis},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": _beveiliging(oauth),
                "resource": [*map(_resource, TYPES.values()), *map(_definitie, DEFINITIETYPES)],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _beveiliging(oauth: str) -> dict[str, Any]:
    stelsel = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    adressen = {"authorize": "authorize", "token": "token", "introspect": "introspect", "revoke": "revoke"}
    return {
        "cors": False,
        "service": [{"coding": [{"system": stelsel, "code": "SMART-on-FHIR"}]}],
        "description": "OAuth 2.1 en SMART App Launch 2.2; zie .well-known/smart-configuration.",
        "extension": [
            {
                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                "extension": [{"url": naam, "valueUri": f"{oauth}/{pad}"} for naam, pad in adressen.items()],
            }
        ],
    }


def _resource(soort: Resourcetype) -> dict[str, Any]:
    uit: dict[str, Any] = {"type": soort.name, "profile": soort.profile}
    if soort.interactions:
        uit["interaction"] = [{"code": n} for n in VOLGORDE if n in soort.interactions]
    uit |= {
        "versioning": "versioned-update" if "update" in soort.interactions else "versioned",
        "readHistory": "vread" in soort.interactions,
        "updateCreate": False,
        "conditionalCreate": conditional_create(soort),
        "conditionalRead": conditional_read(soort),
        "conditionalUpdate": conditional_update(soort),
        "conditionalDelete": conditional_delete(soort),
        "referencePolicy": ["literal", "local", "enforced"],
    }
    if "search-type" in soort.interactions:
        if soort.includes:
            uit["searchInclude"] = list(soort.includes)
        if soort.revincludes:
            uit["searchRevInclude"] = list(soort.revincludes)
        uit["searchParam"] = [_parameter(p) for p in (*GEMEENSCHAPPELIJK, *soort.search)]
    operaties = [{"name": n, "definition": _definitie_van(soort.name, n)} for n in soort.operations if n in OPERATIES]
    if operaties:
        uit["operation"] = operaties
    return uit


def _definitie_van(type: str, operatie: str) -> str:
    standaard = {
        "everything": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
        "validate": "http://hl7.org/fhir/OperationDefinition/Resource-validate",
    }
    return standaard.get(operatie) or f"{BASIS}OperationDefinition/{type}-{operatie}"


def _definitie(naam: str) -> dict[str, Any]:
    return {
        "type": naam,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [_parameter(p) for p in DEFINITIE_ZOEKEN],
    }


def _parameter(parameter: SearchParam) -> dict[str, str]:
    return {"name": parameter.name, "type": parameter.type}
