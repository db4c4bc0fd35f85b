"""Wat een CapabilityStatement belooft, als lijst van verzoeken: de proef op *gesteld = gerouteerd*.

Leest alleen het statement en de OperationDefinitions die het noemt, nooit de code van de server. Bron: FHIR R4
capabilitystatement.html, http.html, operations.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
VOORBEELDEN = Path(__file__).parents[2] / "fhir_profiles" / "examples"

# Elke interactie van R4 op een type: methode en adres. `{id}` is er, `{vid}` is versie 1.
INTERACTIES = {
    "read": ("GET", "{t}/{id}"),
    "vread": ("GET", "{t}/{id}/_history/1"),
    "history-instance": ("GET", "{t}/{id}/_history"),
    "history-type": ("GET", "{t}/_history"),
    "search-type": ("GET", "{t}"),
    "create": ("POST", "{t}"),
    "update": ("PUT", "{t}/{id}"),
    "patch": ("PATCH", "{t}/{id}"),
    "delete": ("DELETE", "{t}/{id}"),
}
# Een waarde die bij elke soort zoekparameter mag.
WAARDE = {
    "token": "iets",
    "reference": "Patient/iemand",
    "date": "2026-01-01",
    "string": "iets",
    "uri": "http://voorbeeld.nl/iets",
    "number": "1",
    "quantity": "1",
    "composite": "iets$1234",  # het tweede deel kan zo een code, een getal en een jaar zijn
    "special": "iets",
}
# Wat geen antwoord is op iets wat de server zegt te kunnen.
KENT_NIET = {
    "type-onbekend", "niet-ondersteund", "methode-onbekend", "zoek-onbekend", "zoek-bepaler", "onverwacht",
    "soort-onbekend", "soort-zoekvraag", "antwoordsoort-onbekend", "voorwaarde-kan-niet",
}  # fmt: skip


@dataclass(frozen=True)
class Proef:
    """Eén verzoek, met hoe het in een foutmelding heet."""

    methode: str
    adres: str
    inhoud: Json | list[Json] | None = None
    koppen: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.methode} {self.adres}"


def rest(statement: Json) -> Json:
    """Het ene deel van het statement dat over deze server gaat."""
    (enige,) = statement["rest"]
    return dict(enige)


def interacties(resource: Json) -> set[str]:
    return {i["code"] for i in resource.get("interaction", ())}


def proef_van(interactie: str, type: str, id: str, inhoud: Json) -> Proef:
    """Het verzoek dat deze interactie is."""
    methode, adres = INTERACTIES[interactie]
    koppen: dict[str, str] = {}
    lijf: Json | list[Json] | None = None
    if methode == "POST":
        lijf = {k: v for k, v in inhoud.items() if k not in ("id", "meta")}
    if methode == "PUT":
        lijf = inhoud
    if methode == "PATCH":
        lijf = [{"op": "test", "path": "/resourceType", "value": type}]
        koppen["content-type"] = "application/json-patch+json"
    if methode in ("PUT", "PATCH", "DELETE"):
        koppen["if-match"] = 'W/"1"'
    return Proef(methode, adres.format(t=type, id=id), lijf, koppen)


def voorwaardelijk(resource: Json, inhoud: Json) -> Iterator[tuple[bool, Proef]]:
    """(gesteld, verzoek) van elke voorwaardelijke vorm; zij kiezen op een `_id` die niemand heeft."""
    type_ = resource["type"]
    kaal = {k: v for k, v in inhoud.items() if k not in ("id", "meta")}
    niemand = "_id=bestaat-niet"
    if "create" in interacties(resource):
        yield resource["conditionalCreate"], Proef("POST", type_, kaal, {"if-none-exist": niemand})
    yield resource["conditionalUpdate"], Proef("PUT", f"{type_}?{niemand}", kaal)
    yield resource["conditionalDelete"] != "not-supported", Proef("DELETE", f"{type_}?{niemand}")


def zoekvragen(resource: Json) -> Iterator[Proef]:
    """Elke zoekparameter, elke include en elke revinclude van een type."""
    type_ = resource["type"]
    for p in resource.get("searchParam", ()):
        yield Proef("GET", f"{type_}?{p['name']}={WAARDE[p['type']]}")
    for waarde in resource.get("searchInclude", ()):
        yield Proef("GET", f"{type_}?_include={waarde}")
    for waarde in resource.get("searchRevInclude", ()):
        yield Proef("GET", f"{type_}?_revinclude={waarde}")


def operatie_op(definitie: Json, type: str | None, id: str) -> Iterator[tuple[bool, Proef]]:
    """(gesteld, verzoek) van een operatie op elk niveau; POST mag altijd, wat erin gaat doet er hier niet toe."""
    naam = f"${definitie['code']}"
    leeg = {"resourceType": "Parameters"}
    if type is None:
        yield definitie["system"], Proef("POST", naam, leeg)
        return
    yield definitie["type"], Proef("POST", f"{type}/{naam}", leeg)
    yield definitie["instance"], Proef("POST", f"{type}/{id}/{naam}", leeg)


def code_van(antwoord: Any) -> str:
    """De eerste foutcode van een antwoord, of leeg."""
    if antwoord.status_code < 400:
        return ""
    inhoud = antwoord.json()
    assert inhoud["resourceType"] == "OperationOutcome", antwoord.text
    return str(inhoud["issue"][0]["details"]["coding"][0]["code"])


def voorbeeld(type: str, patient: str) -> Json:
    """Het goede voorbeeld van een type, van deze houder, met verwijzingen die er niet toe doen weggelaten."""
    bestand = VOORBEELDEN / f"hmp-{type}-goed.json"
    if not bestand.exists():
        return {"resourceType": type, "id": "vb"}
    inhoud: Json = _van_houder(json.loads(bestand.read_text("utf-8")), patient)
    return {**inhoud, "id": f"vb-{type.lower()}"}


def _van_houder(waarde: Any, patient: str) -> Any:
    if isinstance(waarde, dict):
        uit = {k: _van_houder(v, patient) for k, v in waarde.items()}
        if str(uit.get("reference", "")).startswith("Patient/"):
            uit["reference"] = f"Patient/{patient}"
        return uit
    if isinstance(waarde, list):
        return [_van_houder(w, patient) for w in waarde]
    return waarde
