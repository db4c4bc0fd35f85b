"""De sleutel waarmee de server een definitief advies verzegelt (ES256); de publieke helft staat op /oauth/jwks.

Ligt versleuteld bij de andere tekensleutels van de installatie. Tekent zelf niets; dat doet `server/fhir/zegel.py`.
"""

from __future__ import annotations

import contextlib
import time
from typing import Final

from joserfc.jwk import ECKey

from server.store.passports import Opslag
from server.store.sql import Botsing
from server.store.tokens import Ondertekensleutel, bewaar_ondertekensleutel, ondertekensleutels

ZEGEL_ALG: Final = "ES256"


async def zegelsleutel(opslag: Opslag) -> ECKey:
    """De nieuwste zegelsleutel; de eerste keer wordt hij gemaakt. PaspoortFout `opslag-stil`."""
    rijen = await zegelsleutels(opslag)
    if not rijen:
        sleutel = ECKey.generate_key("P-256", {"use": "sig", "alg": ZEGEL_ALG}, private=True, auto_kid=True)
        jwk = dict(sleutel.as_dict(private=True))
        with contextlib.suppress(Botsing):
            await bewaar_ondertekensleutel(
                opslag, Ondertekensleutel(str(sleutel.kid), ZEGEL_ALG, jwk, int(time.time()))
            )
        rijen = await zegelsleutels(opslag)
    return rijen[0]


async def zegelsleutels(opslag: Opslag) -> tuple[ECKey, ...]:
    """Alle zegelsleutels, nieuwste eerst; een oud zegel blijft na te kijken."""
    rijen = await ondertekensleutels(opslag)
    return tuple(ECKey.import_key(dict(r.jwk)) for r in rijen if r.alg == ZEGEL_ALG)
