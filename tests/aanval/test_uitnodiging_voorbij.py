"""Een uitnodiging (QR, link) die ingetrokken, verlopen of gebruikt is, en wie haar aannam maar niet mag: niets.

De korte code en het raden: `test_raden.py`; de gewone weg: `tests/web/test_aannemen.py`.
"""

from __future__ import annotations

import re
import time

import httpx
import pytest

from server.store.invitations import nodig_uit
from tests.aanval.aanvalwereld import HIER, Product
from web.uitnodiging import Aanbod

pytestmark = pytest.mark.asyncio(loop_scope="module")
GEHEIM = "M_hier_"


async def _aangenomen(p: Product, wie: str, token: str) -> httpx.Response:
    client = await p.browser(wie)
    a = await p.stuur(client, "/uitnodiging", {"token": token})
    # Wat per bladzijde en per minuut verandert, hoort niet bij het antwoord.
    tekst = re.sub(r'name="csrf" value="[^"]*"|data-over="\d+"|ingelogd tot [\d.:]+', "", a.text)
    return httpx.Response(a.status_code, headers={"location": a.headers.get("location", "")}, text=tekst)


@pytest.mark.parametrize("waarom", ["ingetrokken", "verlopen", "al aangenomen", "bevestigd"])
async def test_een_uitnodiging_die_voorbij_is_is_gelijk_aan_een_die_nooit_was(p: Product, waarom: str) -> None:
    nu = int(time.time())
    aanbod = Aanbod("advies", "therapeut", "Hanna").als_gegevens()
    u, token, _ = await nodig_uit(p.opslag, HIER, aanbod, nu, nu - 1 if waarom == "verlopen" else nu + 600)
    if waarom == "ingetrokken":
        assert (await p.stuur(await p.browser("hanna"), f"/delen/uitnodiging/{u.id}", {"besluit": "stop"})).is_redirect
    elif waarom != "verlopen":
        assert (await _aangenomen(p, "nienke", token)).headers["location"] == "/uitnodiging/wacht"
        if waarom == "bevestigd":
            assert (
                await p.stuur(await p.browser("hanna"), f"/delen/uitnodiging/{u.id}", {"besluit": "ja"})
            ).is_redirect
    voorbij, nooit = await _aangenomen(p, "nienke", token), await _aangenomen(p, "nienke", "n" * len(token))
    assert (voorbij.status_code, voorbij.text, voorbij.headers) == (nooit.status_code, nooit.text, nooit.headers)
    assert voorbij.status_code == 422 and "hanna" not in voorbij.text.lower()


async def test_wie_de_houder_weigert_of_wie_geschorst_is_ziet_ook_na_aannemen_niets(p: Product) -> None:
    nu = int(time.time())
    mens, houder = await p.persoon("nienke"), await p.browser("hanna")
    for besluit in ("nee", "ja"):
        u, token, _ = await nodig_uit(
            p.opslag, HIER, Aanbod("advies", "therapeut", "Hanna").als_gegevens(), nu, nu + 600
        )
        assert (await _aangenomen(p, "nienke", token)).headers["location"] == "/uitnodiging/wacht"
        await p.opslag.schors("praktijk", besluit == "ja")
        try:
            await p.stuur(houder, f"/delen/uitnodiging/{u.id}", {"besluit": besluit})
            a = await mens.get("Condition/als-hier")
            assert a.status_code in (401, 404) and GEHEIM not in a.text, besluit
        finally:
            await p.opslag.schors("praktijk", geschorst=False)
    assert (await mens.get("Condition/als-hier")).status_code == 200, "na de schorsing geldt wat de houder toeliet"
