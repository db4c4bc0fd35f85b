"""Een formulier dat iets nieuws maakt, maakt het één keer: ook bij twee tikken, een traag net of *Terug*.

Zo'n formulier draagt een sleutel (`sleutelveld`, in sjablonen `{{ eenmalig() }}`). Wie hetzelfde formulier met dezelfde
inhoud nog eens stuurt, krijgt het antwoord van de eerste keer. Andere inhoud is een ander formulier: wat iemand na
*Terug* verbeterde, gaat nooit verloren. Niet voor formulieren die iets bijwerken; die letten op versies (docs 0053).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile

from server.store.forms import geef_beurt_terug, klaar_met_beurt, neem_beurt, uitkomst_van_beurt
from server.store.passports import Opslag

VELD: Final = "eenmalig"
# Valt de server om tijdens de handeling, dan mag het na een minuut weer; wat af is, blijft een uur bekend.
BEZIG_SECONDEN: Final = 60
KLAAR_SECONDEN: Final = 3600
WACHT_SECONDEN: Final = 10.0
TUSSENPOOS: Final = 0.1


def sleutelveld() -> Markup:
    """Het verborgen veld met een verse sleutel (128 bits)."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(VELD, secrets.token_urlsafe(16))


async def eenmaal(
    opslag: Opslag, wie: tuple[str, str], pad: str, formulier: FormData, doe: Callable[[], Awaitable[Response]]
) -> Response | None:
    """Het antwoord van `doe`, of dat van de eerste keer. None als de eerste keer na tien seconden nog bezig is.

    `wie` is (account, rol). Alleen een 303 telt als gedaan: een formulier dat met een uitleg terugkwam, mag opnieuw.
    Wat `doe` opgooit gaat door, en geeft de beurt terug. PaspoortFout `opslag-stil`.
    """
    if not formulier.get(VELD):
        return await doe()
    wat = f"{wie[1]}|{pad}|{await _afdruk(formulier)}"
    tot = time.monotonic() + WACHT_SECONDEN
    while not await neem_beurt(opslag, wie[0], wat, int(time.time()), BEZIG_SECONDEN):
        adres = await uitkomst_van_beurt(opslag, wie[0], wat)
        if adres:
            return RedirectResponse(adres, 303)
        if time.monotonic() > tot:
            return None
        await asyncio.sleep(TUSSENPOOS)
    try:
        antwoord = await doe()
    except Exception:
        await geef_beurt_terug(opslag, wie[0], wat)
        raise
    if antwoord.status_code == 303:
        await klaar_met_beurt(opslag, wie[0], wat, antwoord.headers["location"], int(time.time()) + KLAAR_SECONDEN)
    else:
        await geef_beurt_terug(opslag, wie[0], wat)
    return antwoord


async def _afdruk(formulier: FormData) -> str:
    """SHA-256 van alle velden en bestanden, in hun volgorde."""
    delen = []
    for naam, waarde in formulier.multi_items():
        if isinstance(waarde, UploadFile):
            delen.append((naam, waarde.filename, hashlib.sha256(await waarde.read()).hexdigest()))
            await waarde.seek(0)
        else:
            delen.append((naam, None, waarde))
    return hashlib.sha256(json.dumps(delen).encode()).hexdigest()
