"""Het geheim van een abonnement: het staat één keer in het antwoord op de create, en daarna nergens meer.

De abonnee controleert er de handtekening onder elk bericht mee (`server/post/versturen.py`). Kwijt is kwijt: dan vraagt
de app een nieuw abonnement aan. Bron: besluit 0017 (de kop met de handtekening is van ons; R4 kent er geen).
"""

from __future__ import annotations

from paspoort.fhir.fhirjson import schrijf
from server.access.zicht import Getoond
from server.post.onderwerp import GEHEIM
from server.post.versturen import geheim
from server.store.passports import Opslag
from server.store.versions import Versie


def met_geheim(opslag: Opslag, versie: Versie, getoond: Getoond | None) -> Getoond | None:
    """Wat de maker van een nieuwe Subscription terugkrijgt; van elk ander type verandert er niets."""
    if versie.type != "Subscription" or getoond is None:
        return getoond
    kanaal = versie.inhoud["channel"]
    erbij = {"url": GEHEIM, "valueString": geheim(opslag, versie.id)}
    inhoud = {**getoond.inhoud, "channel": {**kanaal, "extension": [*kanaal.get("extension", ()), erbij]}}
    return Getoond(inhoud, schrijf(inhoud), getoond.volledig, getoond.gronden)
