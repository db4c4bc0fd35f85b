"""Wat er verstuurd wordt: een Bundle van type history met de stand als Parameters, en verder alleen ids.

Zuiver. Bron: Subscriptions R5 Backport 1.1, `backport-subscription-notification-r4` en
`backport-subscription-status-r4`. De namen van de parameters zijn die van R4 (met streepjes), en getallen zijn tekst
omdat R4 geen integer64 kent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from paspoort.fhir.fhirjson import Json
from server.post.onderwerp import BACKPORT, ONDERWERP
from server.store.outbox import Melding

PROFIEL_BUNDLE: Final = f"{BACKPORT}backport-subscription-notification-r4"
PROFIEL_STAND: Final = f"{BACKPORT}backport-subscription-status-r4"


def stand(
    basis: str,
    id: str,
    status: str,
    soort: str,
    hoogste: int,
    meldingen: Sequence[Melding] = (),
    fout: str | None = None,
) -> Json:
    """De Parameters met de stand. `soort`: handshake, event-notification, query-status of query-event."""
    delen: list[Json] = [
        {"name": "subscription", "valueReference": {"reference": f"{basis}/Subscription/{id}"}},
        {"name": "topic", "valueCanonical": ONDERWERP},
        {"name": "status", "valueCode": status},
        {"name": "type", "valueCode": soort},
        {"name": "events-since-subscription-start", "valueString": str(hoogste)},
    ]
    for m in meldingen:
        gebeurtenis = [
            {"name": "event-number", "valueString": str(m.nummer)},
            {"name": "timestamp", "valueInstant": m.moment},
            {"name": "focus", "valueReference": {"reference": f"{basis}/Task/{m.task}"}},
        ]
        delen.append({"name": "notification-event", "part": gebeurtenis})
    if fout:
        delen.append({"name": "error", "valueCodeableConcept": {"text": fout}})
    return {
        "resourceType": "Parameters",
        "id": str(uuid4()),
        "meta": {"profile": [PROFIEL_STAND]},
        "parameter": delen,
    }


def kennisgeving(
    basis: str, id: str, status: str, soort: str, hoogste: int, meldingen: Sequence[Melding], nu: datetime
) -> Json:
    """De Bundle zoals zij naar de abonnee gaat, of als antwoord op `$events`: de stand, en per Task waar zij staat."""
    parameters = stand(basis, id, status, soort, hoogste, meldingen)
    regels: list[Json] = [
        {
            "fullUrl": f"urn:uuid:{parameters['id']}",
            "resource": parameters,
            "request": {"method": "GET", "url": f"{basis}/Subscription/{id}/$status"},
            "response": {"status": "200"},
        }
    ]
    for task in dict.fromkeys(m.task for m in meldingen):
        plek = f"{basis}/Task/{task}"
        regels.append(
            {"fullUrl": plek, "request": {"method": "GET", "url": f"Task/{task}"}, "response": {"status": "200"}}
        )
    return {
        "resourceType": "Bundle",
        "id": str(uuid4()),
        "meta": {"profile": [PROFIEL_BUNDLE]},
        "type": "history",
        "timestamp": nu.isoformat(timespec="milliseconds"),
        "entry": regels,
    }
