"""Welke FHIR-interactie een vraag is, met welke methode en op welk adres. Voor deur, rand en Bundle.

Kijkt alleen naar de vorm van de vraag; of het mag weegt de deur. Bron: FHIR R4 http.html (§3.1.0).
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.adres import ALLE_TYPES
from server.fhir.request import FhirRequest
from server.registry import TYPES, Resourcetype, conditional_delete, conditional_update

# Naam van de interactie: (methode, adres). Een adres met `?` kiest de resource met een zoekvraag.
VORM: Final[dict[str, tuple[str, str]]] = {
    "read": ("GET", "/{type}/{id}"),
    "vread": ("GET", "/{type}/{id}/_history/{vid}"),
    "history-instance": ("GET", "/{type}/{id}/_history"),
    "history-type": ("GET", "/{type}/_history"),
    "search-type": ("GET", "/{type}"),
    "create": ("POST", "/{type}"),
    "update": ("PUT", "/{type}/{id}"),
    "patch": ("PATCH", "/{type}/{id}"),
    "delete": ("DELETE", "/{type}/{id}"),
    "transaction": ("POST", "/"),
}
VOORWAARDELIJK: Final = {"update": ("PUT", "/{type}?"), "delete": ("DELETE", "/{type}?")}
# Query-velden die over de vorm van het antwoord gaan en niet over de inhoud.
VORMGEVING: Final = ("_format", "_pretty")
_OP_ID: Final = {"GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_OP_TYPE: Final = {"GET": "search-type", "POST": "create"}
_MET_VRAAG: Final = {"PUT": "update", "DELETE": "delete"}


def interactie_van(vraag: FhirRequest) -> str:
    """De naam van de interactie, of `$naam` van een operatie. Leeg als de methode hier niets betekent."""
    if vraag.operation:
        return f"${vraag.operation}"
    methode = vraag.method
    if vraag.compartment is not None:
        # Zoeken binnen een compartiment; zonder type (`*`) over alle types samen.
        naam = "search-compartment" if vraag.type == ALLE_TYPES else "search-type"
        return naam if methode in ("GET", "POST") else ""
    if vraag.type is None:
        return "transaction" if methode == "POST" else ""
    if vraag.history or vraag.vid:
        naam = "history-type" if vraag.id is None else "vread" if vraag.vid else "history-instance"
        return naam if methode == "GET" else ""
    if vraag.search:
        return "search-type" if methode == "POST" else ""  # `_search` is een adres voor formulieren
    if vraag.id is not None:
        return _OP_ID.get(methode, "")
    if methode in _MET_VRAAG and criteria(vraag):
        return _MET_VRAAG[methode]
    return _OP_TYPE.get(methode, "")


def criteria(vraag: FhirRequest) -> tuple[tuple[str, str], ...]:
    """De zoekvraag van een voorwaardelijke interactie: de query zonder wat over de vorm van het antwoord gaat."""
    return tuple((n, w) for n, w in vraag.query if n not in VORMGEVING)


def kent(soort: Resourcetype, naam: str, vraag: FhirRequest) -> bool:
    """Of dit type deze interactie kent, ook in haar voorwaardelijke vorm."""
    if vraag.id is None and naam == "update":
        return conditional_update(soort)
    if vraag.id is None and naam == "delete":
        return conditional_delete(soort) == "single"
    return naam in soort.interactions


def methode_onbekend(vraag: FhirRequest) -> PaspoortFout:
    """405 met in `Allow` wat op dit adres wel kan."""
    if vraag.compartment is not None:
        return niet_deze_methode(vraag.method, ["GET", "POST"])
    if vraag.type is None:
        return niet_deze_methode(vraag.method, ["POST"])
    if vraag.search:
        return niet_deze_methode(vraag.method, ["POST"])
    namen = (
        {"history-instance", "vread"}
        if (vraag.history or vraag.vid) and vraag.id
        else {"history-type"}
        if vraag.history
        else set(_OP_ID.values())
        if vraag.id
        else {"search-type", "create"}
    )
    return niet_deze_methode(vraag.method, sorted({VORM[n][0] for n in TYPES[vraag.type].interactions & namen}))


def niet_deze_methode(methode: str, mag: list[str]) -> PaspoortFout:
    """De melding bij een methode die hier niet kan."""
    return PaspoortFout(Melding("methode-onbekend", None, {"methode": methode[:20], "mag": ", ".join(mag)}))
