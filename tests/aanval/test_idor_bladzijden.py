"""Elke bladzijde met de id van een ander: niets te zien, niets gedaan, en gelijk aan een id die er nooit was.

De routes komen uit de app zelf, dus een nieuwe bladzijde doet vanzelf mee. Wie vraagt: een andere houder, drie mensen
van organisaties zonder toestemming, de beheerder, en wie niet is ingelogd (toegang.md §6).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest

from server.store.invitations import met_id, nodig_uit
from tests.aanval.aanvalwereld import HIER, Product, plekken
from tests.web.werkwereld import csrf
from web.uitnodiging import Aanbod

pytestmark = pytest.mark.asyncio(loop_scope="module")
VREEMDEN = ("daan", "nienke", "karim", "lot", "beheer", "niemand")
# Wat geen gegevens van een paspoort achter zijn id heeft.
OPENBAAR = ("/docs", "/static", "/oauth", "/demo-inlog", "/.well-known", "/fhir", "/inloggen", "/uitloggen")
PLAATS = re.compile(r"{(\w+)(?::\w+)?}")
FORMULIER = {
    "wat": "stop", "besluit": "ja", "groep": "contact", "groepen": "1", "met": "therapeut", "naam": "X", "app": "x",
    "reden": "omdat", "tekst": "x", "id": "x", "stap": "1", "actie": "stop", "status": "inactive", "patient": HIER,
}  # fmt: skip


def routes(alle: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """(methode, pad) van elke route, ook in een router in een router."""
    for r in alle:
        onder = getattr(r, "routes", None) or getattr(getattr(r, "original_router", None), "routes", None)
        if onder:
            yield from routes(onder)
        else:
            for methode in sorted(getattr(r, "methods", None) or ()):
                yield methode, str(getattr(r, "path", ""))


def met_plaats(p: Product) -> list[tuple[str, str]]:
    gevonden = sorted({(m, pad) for m, pad in routes(p.app.routes) if PLAATS.search(pad) and m in ("GET", "POST")})
    return [(m, pad) for m, pad in gevonden if not pad.startswith(OPENBAAR)]


def ingevuld(pad: str, id: str) -> str:
    return PLAATS.sub(id, pad)


async def _ids(p: Product) -> list[str]:
    """Van elk type een id uit het paspoort van Hanna, het paspoort zelf, en een open uitnodiging."""
    per_type = {plek.partition("/")[0]: plek.partition("/")[2] for plek in plekken(HIER)}
    nu = int(time.time())
    u, _, _ = await nodig_uit(p.opslag, HIER, Aanbod("advies", "therapeut", "Hanna").als_gegevens(), nu, nu + 600)
    return [*dict.fromkeys(per_type.values()), u.id]


def _gelijk(a: httpx.Response, id: str, nooit: str) -> tuple[int, str, str]:
    tekst = re.sub(r'(name="csrf" value=)"[^"]*"', r"\1", a.text)
    return a.status_code, a.headers.get("location", "").replace(nooit, id), tekst.replace(nooit, id)


async def _probeer(p: Product, wie: str, alles: bool) -> None:
    client = p.client() if wie == "niemand" else await p.browser(wie)
    ids = await _ids(p)
    voor = (await p.wereld.momentopname(HIER)).volgnummer
    teken = "" if wie == "niemand" else csrf((await client.get("/weergave")).text)
    gevonden = met_plaats(p)
    assert len(gevonden) > 25, gevonden
    verschil = []
    for nummer, (methode, pad) in enumerate(gevonden):
        beurt = (nummer + VREEMDEN.index(wie)) % len(ids)
        for id in ids if alles else dict.fromkeys((ids[beurt], ids[-1] if "uitnodiging" in pad else ids[beurt])):
            nooit = id.replace("hier", "nerg") if "hier" in id else "0" * len(id)
            antwoorden = []
            for i in (id, nooit):
                velden = {"data": {"csrf": teken, **FORMULIER}} if methode == "POST" else {}
                a = await client.request(methode, ingevuld(pad, i), **velden)
                assert "M_hier_" not in a.text and a.status_code < 500, (pad, i, a.status_code)
                antwoorden.append(_gelijk(a, id, nooit))
            if antwoorden[0] != antwoorden[1]:
                verschil.append((methode, pad, id, antwoorden[0][:2], antwoorden[1][:2]))
    assert not verschil, verschil[:10]
    assert (await p.wereld.momentopname(HIER)).volgnummer == voor, "er werd iets geschreven"
    uitnodiging = await met_id(p.opslag, ids[-1])
    assert uitnodiging is not None and uitnodiging.stand == "open"


@pytest.mark.parametrize("wie", VREEMDEN)
async def test_met_een_id_van_een_ander_is_er_niets_en_gebeurt_er_niets(p: Product, wie: str) -> None:
    """Elke route, met steeds een ander soort id."""
    await _probeer(p, wie, alles=False)


@pytest.mark.lang
@pytest.mark.parametrize("wie", VREEMDEN)
async def test_met_elk_id_van_een_ander_is_er_niets_en_gebeurt_er_niets(p: Product, wie: str) -> None:
    await _probeer(p, wie, alles=True)


async def test_de_houder_zelf_ziet_bij_die_routes_wel_iets(p: Product) -> None:
    """Anders zou de vorige toets ook slagen als elke route stuk was."""
    client = await p.browser("hanna")
    ids = await _ids(p)
    goed = set()
    for methode, pad in met_plaats(p):
        if methode == "GET" and len(goed) < 4:
            eigen = [i for i in ids if pad not in goed and (await client.get(ingevuld(pad, i))).status_code == 200]
            goed |= {pad} if eigen else set()
    assert len(goed) >= 4, goed
