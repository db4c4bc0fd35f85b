"""Wat iemand typte terwijl zij niet meer was ingelogd: bewaren, en na het inloggen teruggeven.

Bewaren mag alleen met het teken van een eigen formulier; dat zegt ook van wie het was en in welke rol. Teruggeven gaat
alleen naar diezelfde persoon in diezelfde rol (`server/store/forms.py`). Het invullen zelf doet `web/invullen.py`. Er
wordt nooit iets vanzelf verstuurd.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.routing import Match

from server.oauth.inloggen import veilig_pad, vreemd
from server.oauth.sessie import BEWAAR_SECONDEN, Sessies
from server.store.forms import Formulier, bewaar_formulier, formulieren_van, gooi_formulier_weg
from server.store.passports import Opslag
from server.store.session import lees_csrf
from web.eenmaal import VELD
from web.invullen import vul_in, zet_bovenaan

PAD: Final = "/formulier"
TEKEN_SECONDEN: Final = 24 * 3600  # ouder dan een sessie ooit duurt: dan is het niet meer van nu
TEKENS_HOOGSTENS: Final = 256 * 1024
VELDEN_HOOGSTENS: Final = 2000
ONGEZIEN: Final = frozenset({"csrf", VELD})

TERUG: Final = (
    "<p><strong>Wat u typte, staat er weer.</strong> Kijk het na en verstuur het. Een foto kiest u opnieuw.</p>"
)
WACHT: Final = (
    "<p><strong>U hebt nog iets niet verstuurd.</strong></p>"
    '<a class="hmp-link" href="/formulier">Bekijk wat u typte</a>'
)


async def bewaar(
    opslag: Opslag,
    sessies: Sessies,
    request: Request,
    velden: Iterable[tuple[str, Any]],
    pagina: str,
    doel: str,
) -> bool:
    """Bewaar een formulier dat niet meer kon. Waar als het bewaard is.

    Met een open sessie alleen als die van dezelfde persoon in dezelfde rol is: anders landt tekst bij een ander.
    """
    sessie = await sessies.huidige(request)
    teksten = [(n, w) for n, w in velden if isinstance(w, str)]
    teken = lees_csrf(opslag, dict(teksten).get("csrf", ""))
    nu = int(time.time())
    if teken is None or not teken[1] or nu - teken[2] > TEKEN_SECONDEN or vreemd(request):
        return False
    account, lid, _ = teken
    if sessie is not None and (sessie.account.id, sessie.gekozen and sessie.gekozen.id) != (account, lid):
        return False
    over = tuple((n, w) for n, w in teksten if n not in ONGEZIEN)
    if not over or len(over) > VELDEN_HOOGSTENS or sum(len(n) + len(w) for n, w in over) > TEKENS_HOOGSTENS:
        return False
    formulier = Formulier(account, lid, veilig_pad(pagina), veilig_pad(doel), over)
    await bewaar_formulier(opslag, formulier, nu, nu + BEWAAR_SECONDEN)
    if sessie is not None:
        await sessies.zet_formulier(request, True)
    return True


def pagina_van(request: Request) -> str:
    """Waar het formulier stond, als die bladzijde er nog is; anders de lijst van wat wacht."""
    vandaan = urlsplit(request.headers.get("referer", ""))
    eigen = vandaan.netloc == request.headers.get("host", "")
    pad = veilig_pad(vandaan.path) if eigen else PAD
    return pad if heeft_bladzijde(request, pad) else PAD


def heeft_bladzijde(request: Request, pad: str) -> bool:
    """Of er op dit pad iets te zien is."""
    scope = {"type": "http", "method": "GET", "path": pad, "root_path": "", "headers": []}
    return any(r.matches(scope)[0] is Match.FULL for r in request.app.router.routes)


async def met_wat_wacht(opslag: Opslag, sessies: Sessies, request: Request, antwoord: Response) -> Response:
    """De bladzijde met wat er op haar getypt was, of met een regel dat er nog iets wacht."""
    sessie = await sessies.huidige(request)
    if sessie is None or sessie.gekozen is None or not sessie.gegevens.get("formulier"):
        return antwoord
    if request.url.path == PAD or antwoord.status_code != 200 or not isinstance(antwoord, HTMLResponse):
        return antwoord
    wachten = await formulieren_van(opslag, sessie.account.id, sessie.gekozen.id, int(time.time()))
    if not wachten:
        await sessies.zet_formulier(request, False)
        return antwoord
    html, hier = bytes(antwoord.body).decode(), request.url.path
    for formulier in (f for f in reversed(wachten) if hier in (f.pagina, f.doel)):
        gevuld = vul_in(html, hier, formulier.doel, formulier.velden)
        if gevuld is not None:
            return _met(antwoord, zet_bovenaan(gevuld, TERUG))
    return _met(antwoord, zet_bovenaan(html, WACHT))


async def verstuurd(opslag: Opslag, sessies: Sessies, request: Request, antwoord: Response) -> None:
    """Is hetzelfde formulier nu wel aangekomen, dan hoeft het niet meer bewaard."""
    sessie = await sessies.huidige(request)
    if sessie is None or sessie.gekozen is None or not sessie.gegevens.get("formulier"):
        return
    if antwoord.status_code >= 400:
        return
    for f in await formulieren_van(opslag, sessie.account.id, sessie.gekozen.id, int(time.time())):
        if f.doel == request.url.path:
            await gooi_formulier_weg(opslag, sessie.account.id, f.id)


async def vergeet(opslag: Opslag, sessies: Sessies, request: Request, onder: str) -> None:
    """Gooi weg wat deze persoon in deze rol typte op bladzijden onder `onder` (een pad): wat daar stond, is gewist."""
    sessie = await sessies.huidige(request)
    if sessie is None or sessie.gekozen is None:
        return
    for f in await formulieren_van(opslag, sessie.account.id, sessie.gekozen.id, int(time.time())):
        if any(pad == onder or pad.startswith(f"{onder}/") for pad in (f.pagina, f.doel)):
            await gooi_formulier_weg(opslag, sessie.account.id, f.id)


def _met(antwoord: HTMLResponse, html: str) -> HTMLResponse:
    koppen = {n: w for n, w in antwoord.headers.items() if n not in ("content-length", "content-type")}
    return HTMLResponse(html, antwoord.status_code, headers=koppen)
