"""De Provenance bij wat een vertegenwoordiger schrijft: wie het deed, namens wie, bij welke versies (toegang.md §7).

Het log noemt elke handeling; dit blijft bij de gegevens zelf, ook in een export. Beslist niets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from paspoort.fhir.stelsels import codestelsel
from server.access.actor import Actor
from server.fhir.afschrift import met_versie
from server.fhir.request import Json
from server.store.versions import Momentopname, Wijziging


def gebeurtenissen(actor: Actor, m: Momentopname, werk: Sequence[Wijziging], nu: datetime) -> list[Wijziging]:
    """Eén Provenance over alles wat deze vertegenwoordiger in één keer maakte of wijzigde; leeg voor een ander.

    Wat de server daarbij bijwerkt (met een eigen auteur) en wat verwijderd wordt, hoort er niet bij.
    """
    doelen = [met_versie(m, werk, f"{w.type}/{w.id}") for w in werk if w.inhoud is not None and w.auteur is None]
    if actor.rol != "vertegenwoordiger" or actor.mandaat is None or not doelen:
        return []
    inhoud: Json = {
        "resourceType": "Provenance",
        "target": [{"reference": d} for d in doelen],
        "recorded": nu.isoformat(timespec="seconds"),
        "activity": {"coding": [{"system": codestelsel("gebeurtenis"), "code": "namens"}]},
        "agent": [
            {
                "who": {"reference": f"RelatedPerson/{actor.mandaat}"},
                "onBehalfOf": {"reference": f"Patient/{m.partitie}"},
            }
        ],
    }
    return [Wijziging("Provenance", str(uuid4()), inhoud)]
