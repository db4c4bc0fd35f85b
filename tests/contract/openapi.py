"""Een OpenAPI-beschrijving van de server uit zijn eigen CapabilityStatement, en schemathesis dat er vragen bij bedenkt.

Alleen om te testen. De server geeft zelf geen OpenAPI: FHIR heeft zijn eigen beschrijving.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import schemathesis
from hypothesis import given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.contract.vreemd import WERELD, Antwoord, Vraag, Wereld, keur, voorbeeld
from tests.verhaal.product import Json

FHIR_JSON: Final = "application/fhir+json"
WAARDE: Final[dict[str, Json]] = {
    "date": {"type": "string", "pattern": r"^(eq|ne|gt|lt|ge|le|sa|eb|ap)?[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
    "number": {"type": "number"},
    "quantity": {"type": "string", "pattern": r"^(ge|lt)?[0-9]{1,4}(\|[a-z:/.]*\|[a-z]*)?$"},
    "reference": {"type": "string", "pattern": r"^([A-Z][a-z]+/)?[A-Za-z0-9-]{1,36}$"},
    "uri": {"type": "string", "format": "uri"},
    "token": {"type": "string", "pattern": r"^([a-z:/.]*\|)?[A-Za-z0-9-]*$"},
}
JSONSOORT: Final = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
VRIJ: Final[Json] = {"type": "string", "minLength": 1, "maxLength": 70}
RESOURCE: Final[Json] = {"type": "object", "required": ["resourceType"]}
ANTWOORDEN: Final[Json] = {
    "default": {"description": "FHIR", "content": {FHIR_JSON: {"schema": RESOURCE}}},
    "204": {"description": "verwijderd"},
}  # fmt: skip


def beschrijving(statement: Json, ids: Mapping[str, str], types: Collection[str] | None = None) -> Json:
    """OpenAPI 3.0 van alles wat het CapabilityStatement per type noemt; `ids` bestaan echt."""
    paden: dict[str, Json] = {}
    for soort in statement["rest"][0]["resource"]:
        if types is not None and soort["type"] not in types:
            continue
        for methode, pad, vraag in _van_type(soort, ids.get(soort["type"])):
            paden.setdefault(pad, {})[methode] = {"responses": ANTWOORDEN, **vraag}
    return {"openapi": "3.0.3", "info": {"title": "FHIR", "version": "4.0.1"}, "paths": paden}


def onderzoek(wereld: Wereld, types: Collection[str] | None, kiezen: settings, soort: GenerationMode) -> int:
    """Laat schemathesis vragen bedenken bij wat het CapabilityStatement noemt; geeft hoeveel er gesteld zijn."""
    fhir, app = wereld.product.fhir, wereld.apps["proef"]
    statement = json.loads(wereld.stuur(Vraag("GET", "/metadata")).inhoud)
    schema = schemathesis.openapi.from_dict(beschrijving(statement, wereld.ids, types))
    koppen = {"Authorization": f"Bearer {app.token['access_token']}"}
    gesteld = 0
    for operatie in schema.get_all_operations():

        @kiezen
        @given(geval=operatie.ok().as_strategy(generation_mode=soort))
        def stel(geval: schemathesis.Case) -> None:
            nonlocal gesteld
            gesteld += 1
            antwoord = geval.call(base_url=fhir, headers=koppen)
            vraag = Vraag(geval.method, str(antwoord.request.url).removeprefix(fhir))
            kop = {n.lower(): w[0] for n, w in antwoord.headers.items() if n.lower() != "content-encoding"}
            keur(vraag, Antwoord(antwoord.status_code, kop, antwoord.content))

        with contextlib.suppress(Unsatisfiable):  # waar niets aan te geven is, is niets fout te geven
            stel()
    return gesteld


def _van_type(soort: Json, bestaand: str | None) -> list[tuple[str, str, Json]]:
    type_, uit = soort["type"], []
    id_ = _parameter("id", "path", {"anyOf": [{"enum": [bestaand]}, VRIJ]} if bestaand else VRIJ)
    kan = {i["code"] for i in soort.get("interaction", [])}
    inhoud = {"requestBody": {"required": True, "content": {FHIR_JSON: {"schema": _schema(type_)}}}}
    soorten = {p["name"]: p["type"] for p in soort.get("searchParam", [])}
    zoek = [_parameter(naam, "query", WAARDE.get(s, {"type": "string"})) for naam, s in soorten.items()]
    zoek += [_parameter("_count", "query", {"type": "integer"}), _parameter("_sort", "query", {"type": "string"})]
    versie = _parameter("If-Match", "header", {"type": "string", "pattern": '^(W/)?"[0-9]{1,3}"$'})
    for code, methode, pad, vraag in (
        ("read", "get", f"/{type_}/{{id}}", {"parameters": [id_]}),
        ("vread", "get", f"/{type_}/{{id}}/_history/{{vid}}", {"parameters": [id_, _parameter("vid", "path", VRIJ)]}),
        ("history-instance", "get", f"/{type_}/{{id}}/_history", {"parameters": [id_]}),
        ("history-type", "get", f"/{type_}/_history", {}),
        ("search-type", "get", f"/{type_}", {"parameters": zoek}),
        ("create", "post", f"/{type_}", inhoud),
        ("update", "put", f"/{type_}/{{id}}", {"parameters": [id_, versie], **inhoud}),
        ("delete", "delete", f"/{type_}/{{id}}", {"parameters": [id_]}),
    ):
        if code in kan:
            uit.append((methode, pad, vraag))
    for operatie in soort.get("operation", []):
        uit.append(("get", f"/{type_}/{{id}}/${operatie['name']}", {"parameters": [id_]}))
        uit.append(("post", f"/{type_}/${operatie['name']}", inhoud))
    return uit


def _parameter(naam: str, waar: str, schema: Json) -> Json:
    return {"name": naam, "in": waar, "required": waar == "path", "schema": schema}


def _schema(type_: str) -> Json:
    """De bovenste elementen van het voorbeeld met hun soort; de rest mag alles zijn."""
    stuk: dict[str, Any] = voorbeeld(type_) if type_ in WERELD else {}
    velden = {n: {"type": JSONSOORT[type(w)]} for n, w in stuk.items() if n != "resourceType"}
    return {
        "type": "object",
        "required": ["resourceType"],
        "properties": {**velden, "resourceType": {"type": "string", "enum": [type_]}},
    }
