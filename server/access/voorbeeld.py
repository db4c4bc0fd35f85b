"""Zo ziet een ander het: wat een toestemming zou laten zien, uitgerekend met hetzelfde zicht als bij echt lezen.

Voor de houder, voordat zij ja zegt. Geeft niemand toegang: er is geen Consent en geen vrager, alleen het zicht dat
erbij zou horen. Bron: toegang.md §1 en §4, beeld `03-delen` (*Zo ziet Nienke het*).
"""

from __future__ import annotations

from datetime import datetime

from paspoort.fhir.fhirjson import Json
from paspoort.toegang import DOELEN
from paspoort.toegang.rollen import leesbaar
from paspoort.toestemming import Toestemming
from server.access.actor import Actor, Rol
from server.access.gronden import Grond, betrokken
from server.access.zicht import Zicht
from server.store.register import Register
from server.store.versions import Momentopname


def voorbeeld(
    toestemming: Toestemming, rol: Rol, momentopname: Momentopname, register: Register, nu: datetime
) -> tuple[Json, ...]:
    """Elke resource zoals iemand met deze rol haar met deze toestemming zou zien."""
    doel = DOELEN.get(toestemming.doel or "")
    beperkt = bool(toestemming.betreft) or (doel is not None and doel.betreft)
    grond = Grond(
        soort="toestemming",
        verwijzing="Consent/voorbeeld",
        doel=toestemming.doel,
        groepen=toestemming.groepen & leesbaar(rol),
        tot=toestemming.tot.isoformat() if toestemming.tot else None,
        alleen=toestemming.alleen,
        uitgezonderd=toestemming.uitzonderingen,
        hulpmiddelen=betrokken(momentopname, toestemming.betreft) if beperkt else None,
    )
    lezer = Actor("persoon", rol, "voorbeeld", organisatie="voorbeeld", functie="voorbeeld", scopes=None)
    zicht = Zicht(lezer, momentopname, register, nu, (grond,))
    getoond = (zicht.toon(versie) for versie in momentopname.alle())
    return tuple(g.inhoud for g in getoond if g is not None)
