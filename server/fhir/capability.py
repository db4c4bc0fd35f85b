"""Het CapabilityStatement, gemaakt uit de registry: wat hier staat wordt gerouteerd, en omgekeerd.

Toelichting staat in `capability_woorden.py`; wat elk type is, zegt zijn profiel. Beslist zelf niets over wat kan.
Bron: FHIR R4 capabilitystatement.html, http.html#capabilities; SMART App Launch 2.2 (oauth-uris, SMART-on-FHIR).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import BASIS
from paspoort.fouten import Melding, PaspoortFout
from server.fhir import capability_woorden as woorden
from server.fhir.definities import Definities
from server.fhir.operations import OPENBARE_OPERATIES, OPERATIES, OpenbareOperatie, Operatie
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import vakken
from server.fhir.request import FhirRequest, FhirResponse, Json
from server.post.onderwerp import ONDERWERP, ONDERWERPEN
from server.registry import (
    DEFINITIES,
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
DATUM: Final = "2026-11-22"
ID: Final = "hulpmiddelenpaspoort"
VOLGORDE: Final = (
    "read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type",
)  # fmt: skip
VORMEN: Final = ("application/fhir+json", "json", "application/fhir+xml", "xml")
PATCHVORMEN: Final = ("application/json-patch+json",)
COMPARTIMENT: Final = "http://hl7.org/fhir/CompartmentDefinition/patient"  # met Device en Task van ons erbij
# Wat in R4 normatief is (versions.html#maturity), voor zover deze server het heeft.
NORMATIEF: Final = frozenset(
    {"Binary", "CapabilityStatement", "CodeSystem", "Observation", "OperationDefinition", "Patient"}
    | {"StructureDefinition", "ValueSet"}
)
BEVEILIGING: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
OAUTH: Final = {"authorize": "authorize", "token": "token", "introspect": "introspect", "revoke": "revoke"}


class Mogelijkheden:
    """`GET /metadata` in zijn drie vormen, één keer gemaakt."""

    def __init__(self, definities: Definities, basis: str, oauth: str) -> None:
        """`basis`: de FHIR-basis zonder schuine streep; `oauth`: het adres waar de OAuth-adressen onder hangen."""
        self.volledig = capability(definities, basis, oauth)
        self._per_vorm = {
            "full": _bytes(self.volledig),
            "normative": _bytes(_normatief(self.volledig)),
            "terminology": _bytes(terminologie(definities, basis)),
        }

    def antwoord(self, vraag: FhirRequest) -> FhirResponse:
        """200 met ETag, of 304 als de vrager het al heeft. PaspoortFout `zoek-waarde` bij een onbekende `mode`."""
        vorm = next((w for n, w in vraag.query if n == "mode"), "full")
        if vorm not in self._per_vorm:
            raise PaspoortFout(Melding("zoek-waarde", "mode", {"naam": "mode"}))
        inhoud, etag = self._per_vorm[vorm]
        if etag in (t.strip() for t in (vraag.if_none_match or "").split(",")):
            return FhirResponse(304, None, {"etag": etag})
        return FhirResponse(200, inhoud, {"content-type": FHIR_JSON, "etag": etag})


def mogelijkheden(definities: Definities, basis: str, oauth: str) -> Mogelijkheden:
    """De `Mogelijkheden` op dit adres; het volledige statement is daarna ook als resource te lezen."""
    gemaakt = _gemaakt(definities, basis, oauth)
    definities.voeg_toe(gemaakt.volledig)
    return gemaakt


_gemaakt = cache(Mogelijkheden)  # één keer per proces en adres: het maken kost meer dan de rest van een app


def _bytes(inhoud: Json) -> tuple[bytes, str]:
    tekst = schrijf(inhoud)
    return tekst, f'W/"{hashlib.sha256(tekst).hexdigest()[:16]}"'


def capability(definities: Definities, basis: str, oauth: str) -> Json:
    """Het statement voor een server op `basis` met zijn OAuth-adressen onder `oauth`."""
    return {
        "resourceType": "CapabilityStatement",
        "id": ID,
        "language": "nl",
        **_kop("CapabilityStatement", woorden.STATEMENT, basis),
        "fhirVersion": "4.0.1",
        "format": list(VORMEN),
        "patchFormat": list(PATCHVORMEN),
        "rest": [
            {
                "mode": "server",
                "documentation": woorden.REST,
                "security": _beveiliging(oauth),
                "resource": [
                    *(_resource(soort, definities) for soort in TYPES.values()),
                    *(_definitie(naam, definities) for naam in DEFINITIETYPES),
                ],
                "interaction": [{"code": c, "documentation": d} for c, d in woorden.SYSTEEM.items()],
                "compartment": [COMPARTIMENT],
            }
        ],
    }


def terminologie(definities: Definities, basis: str) -> Json:
    """`mode=terminology`: welke codestelsels deze server kent. Bron: FHIR R4 terminologycapabilities.html."""
    stelsels = (t.bron.inhoud for t in definities.van_type("CodeSystem"))
    return {
        "resourceType": "TerminologyCapabilities",
        "id": ID,
        "language": "nl",
        **_kop("TerminologyCapabilities", woorden.TERMINOLOGIE, basis),
        "lockedDate": False,
        "codeSystem": [{"uri": s["url"], "version": [{"code": s["version"], "isDefault": True}]} for s in stelsels],
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": vak.naam} for vak in vakken(OPENBARE_OPERATIES["ValueSet", "expand"].definitie)],
        },
        "codeSearch": "all",
    }


def _kop(type: str, omschrijving: str, basis: str) -> Json:
    return {
        "url": f"{BASIS}{type}/{ID}",
        "version": VERSIE,
        "name": "Hulpmiddelenpaspoort",
        "title": "Wat deze server kan",
        "status": "active",
        "experimental": False,
        "date": DATUM,
        "publisher": "Hulpmiddelenpaspoort",
        "description": omschrijving,
        "kind": "instance",
        "software": {"name": "hulpmiddelenpaspoort", "version": VERSIE},
        "implementation": {"description": "Hulpmiddelenpaspoort", "url": basis},
    }


def _normatief(volledig: Json) -> Json:
    rest = volledig["rest"][0]
    alleen = [r for r in rest["resource"] if r["type"] in NORMATIEF]
    return {**volledig, "rest": [{**rest, "resource": alleen}]}


def _beveiliging(oauth: str) -> Json:
    return {
        "extension": [
            {
                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                "extension": [{"url": naam, "valueUri": f"{oauth}/{pad}"} for naam, pad in OAUTH.items()],
            }
        ],
        "cors": True,
        "service": [{"coding": [{"system": BEVEILIGING, "code": "SMART-on-FHIR"}], "text": "SMART-on-FHIR"}],
        "description": woorden.BEVEILIGING,
    }


def _resource(soort: Resourcetype, definities: Definities) -> Json:
    uit: Json = {"type": soort.name, "profile": soort.profile}
    if ook := _profielen(soort, definities):
        uit["supportedProfile"] = ook
    if soort.name == "Subscription":  # R4 kent geen SubscriptionTopic; zo noemt de backport wat er te kiezen is
        uit["extension"] = [{"url": ONDERWERPEN, "valueCanonical": ONDERWERP}]
    if profiel := definities.op_url(soort.profile):
        uit["documentation"] = profiel["description"]
    if soort.interactions:
        uit["interaction"] = [_interactie(soort, n) for n in VOLGORDE if n in soort.interactions]
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
        parameters = (*GEMEENSCHAPPELIJK, *soort.search)
        uit |= _zoeken(_met_alles(soort.includes), _met_alles(soort.revincludes), parameters)
    if operaties := [_operatie(OPERATIES[n], definities) for n in soort.operations if n in OPERATIES]:
        uit["operation"] = operaties
    return uit


def _definitie(naam: str, definities: Definities) -> Json:
    """Een type dat alleen te lezen en te zoeken is, zonder token."""
    profiel = f"{BASIS}StructureDefinition/hmp-{naam}"
    operaties = [_operatie(o, definities) for (type_, _), o in OPENBARE_OPERATIES.items() if type_ == naam]
    return {
        "type": naam,
        **({"profile": profiel} if definities.op_url(profiel) else {}),
        "documentation": woorden.DEFINITIES[naam],
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "not-supported",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        **_zoeken((), (), (*GEMEENSCHAPPELIJK, *DEFINITIES[naam].search)),
        **({"operation": operaties} if operaties else {}),
    }


def _profielen(soort: Resourcetype, definities: Definities) -> list[str]:
    """Onze andere profielen op dit type, zoals de opdracht bij Task."""
    alle = (t.bron.inhoud for t in definities.van_type("StructureDefinition"))
    return [d["url"] for d in alle if d["type"] == soort.name and d["url"] != soort.profile]


def _interactie(soort: Resourcetype, code: str) -> Json:
    zinnen = [woorden.INTERACTIE.get(code, ""), woorden.PER_TYPE.get((soort.name, code), "")]
    toelichting = " ".join(z for z in zinnen if z)
    return {"code": code, "documentation": toelichting} if toelichting else {"code": code}


def _met_alles(namen: Iterable[str]) -> list[str]:
    """De namen, met ervoor de korte vormen voor alles: `*`, en `Type:*` per type waar zij vandaan wijzen."""
    lijst = list(namen)
    return [*dict.fromkeys(("*", *(f"{n.partition(':')[0]}:*" for n in lijst))), *lijst] if lijst else []


def _zoeken(includes: Iterable[str], revincludes: Iterable[str], parameters: Iterable[SearchParam]) -> Json:
    uit: Json = {}
    if lijst := list(includes):
        uit["searchInclude"] = lijst
    if lijst := list(revincludes):
        uit["searchRevInclude"] = lijst
    uit["searchParam"] = [_parameter(p) for p in parameters]
    return uit


def _parameter(parameter: SearchParam) -> Json:
    return {
        "name": parameter.name,
        **({"definition": parameter.definition} if parameter.definition else {}),
        "type": parameter.type,
        "documentation": woorden.parameter(parameter.name, parameter.expression, parameter.target),
    }


def _operatie(operatie: Operatie | OpenbareOperatie, definities: Definities) -> Json:
    uit: Json = {"name": operatie.naam, "definition": operatie.canonical}
    if onze := definities.get("OperationDefinition", operatie.definitie):
        uit["documentation"] = onze.bron.inhoud["description"]
    return uit
