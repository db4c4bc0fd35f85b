"""Een verjaardag met alles open: app, bladzijde, code en drukte in twee processen; niemand schrijft iets (§7).

De klok van de deur gaat een dag vooruit. Wat daarna begint, toont de ouder niets meer op de zestiende verjaardag, en
laat het kind binnen op de twaalfde. Naast `test_na_intrekken.py` (intrekken, einddatum, schorsing).
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.validatie import Validator
from paspoort.toestemming import HIER as NEDERLAND
from server.fhir.definities import Definities
from server.fhir.gateway import Poort
from server.fhir.router import maak_router
from server.oauth.abonnee import VERLENING_WEG, abonnees
from server.oauth.actor import actor_van_token
from server.oauth.demo import ACCOUNT_ISSUER
from server.post.bezorger import Bezorger
from server.post.versturen import Verzender
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from tests.aanval.aanvalwereld import HIER, Product
from tests.aanval.test_na_intrekken import GEHEIM
from tests.aanval.test_tegelijk import Drukte, _client
from tests.ontvanger import luister
from tests.server.oauth.conftest import Proefapp
from tests.server.post.conftest import aanvraag, opdracht
from tests.zichtwereld import mandaat

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
DAG = timedelta(days=1)
PADEN = ("Condition/als-hier", f"Patient/{HIER}/$everything", "Condition?patient=houder-hier")


def morgen_jarig(leeftijd: int) -> str:
    """De geboortedag van wie morgen (in Nederland) zo oud wordt."""
    morgen = datetime.now(NEDERLAND).date() + DAG
    return (date(morgen.year - leeftijd, 3, 1) if (morgen.month, morgen.day) == (2, 29) else
            morgen.replace(year=morgen.year - leeftijd)).isoformat()  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ouder(p: Product) -> str:
    """Een ouder met gezag, met een account in de demo."""
    account = await bewaar_account(p.opslag, ACCOUNT_ISSUER, "oda", "Oda")
    namens = {"patient": HIER, "namens": "Hanna", "mandaat": "ouder-hier"}
    await zet_lidmaatschap(p.opslag, Lidmaatschap(account.id, "vertegenwoordiger", **namens))  # type: ignore[arg-type]
    pad = p.opslag.settings.data / "demo.json"
    personen = json.loads(pad.read_text())["personen"]
    personen.append({"code": "oda", "naam": "Oda", "rol": "vertegenwoordiger"})
    pad.write_text(json.dumps({"personen": personen}))
    verwant = mandaat("ouder-met-gezag", van=None, id="ouder-hier") | {"patient": {"reference": f"Patient/{HIER}"}}
    await p.wereld.zet(HIER, verwant)
    return "oda"


@pytest_asyncio.fixture(loop_scope="module")
async def jarig(p: Product) -> AsyncIterator[Any]:
    """Zet de geboortedag; daarna weer zoals het was."""
    versie = (await p.wereld.momentopname(HIER)).get("Patient", HIER)
    assert versie is not None

    async def zet(leeftijd: int) -> None:
        await p.wereld.zet(HIER, {**versie.inhoud, "birthDate": morgen_jarig(leeftijd)})

    yield zet
    await p.wereld.zet(HIER, dict(versie.inhoud))


async def app_van(p: Product, wie: str, erbij: str = "") -> httpx.AsyncClient:
    """Een app met het token dat deze mens haar gaf."""
    proefapp = Proefapp(await p.browser(wie))
    return p.met_token((await proefapp.tokens(scope=f"launch/patient patient/*.cruds {erbij}".strip()))["access_token"])


async def test_op_de_zestiende_verjaardag_ziet_de_ouder_onder_drukte_niets_meer(
    p: Product, ouder: str, jarig: Any, validator: Validator, definities: Definities
) -> None:
    await jarig(16)
    app, bladzijde = await app_van(p, ouder), await p.browser(ouder)
    tweede = await Opslag.open(p.opslag.settings)
    ander = FastAPI()
    poort = Poort(tweede, p.opslag.settings.fhir_url, validator, definities, klok=p.klok)
    ander.include_router(maak_router(poort, lambda t: actor_van_token(tweede, t), p.opslag.settings))
    clients = [_client(p, proces, app) for proces in (p.app, ander)]
    drukte = Drukte(genoeg=4 * len(clients) * len(PADEN))
    lezers = [asyncio.create_task(drukte.lees_door(c, pad)) for c in clients for pad in PADEN]
    lezers.append(asyncio.create_task(drukte.lees_door(bladzijde, "/mijn-gegevens")))
    try:
        await asyncio.wait_for(drukte.op_gang.wait(), 120)
        voor = (await p.wereld.momentopname(HIER)).volgnummer
        p.klok.verzet = DAG
        drukte.bevestigd = time.monotonic()
        await asyncio.wait_for(drukte.klaar.wait(), 120)
        await asyncio.gather(*lezers)
        lek = [w for w in drukte.later if w.geheim]
        assert not lek, f"{len(lek)} van {len(drukte.later)} toonden nog iets"
        assert {w.status for w in drukte.later} <= {200, 401, 403, 404}
        assert (await p.wereld.momentopname(HIER)).volgnummer == voor, "er werd iets geschreven"
        for pad in ("/", "/hulpmiddelen", "/adviezen", "/delen", "/delen/nieuw/advies", "/wie-keek-mee", "/meer"):
            assert GEHEIM not in (await bladzijde.get(pad)).text, pad
        weg, nooit = await app.get("Condition/als-hier"), await app.get("Condition/als-nooit")
        assert (weg.status_code, weg.content) == (nooit.status_code, nooit.content)
        assert GEHEIM in (await (await p.persoon("hanna")).get("Condition/als-hier")).text  # het kind zelf wel
    finally:
        for lezer in lezers:
            lezer.cancel()
        await tweede.sluit()


async def test_een_code_van_de_ouder_geeft_na_de_verjaardag_niemand_toegang(p: Product, ouder: str, jarig: Any) -> None:
    await jarig(16)
    bij_ouder, gast = await p.browser(ouder), await p.browser("nienke")
    gemaakt = await p.stuur(bij_ouder, "/delen/nieuw/advies", {"besluit": "ja"})
    adres = gemaakt.headers["location"]
    cijfers = re.search(r'hmp-code">([\d ]+)<', (await bij_ouder.get(adres)).text)
    assert cijfers
    assert (await p.stuur(gast, "/code", {"code": cijfers[1]})).status_code == 303
    kaart = await bij_ouder.get(adres)
    teken = re.search(r'name="csrf" value="([^"]+)"', kaart.text)
    assert teken
    vooraf = {v.id for v in (await p.wereld.momentopname(HIER)).van_type("Consent")}
    p.klok.verzet = DAG
    antwoord = await bij_ouder.post(adres, data={"csrf": teken[1], "besluit": "ja"})
    assert antwoord.status_code in (403, 404), antwoord.status_code
    assert {v.id for v in (await p.wereld.momentopname(HIER)).van_type("Consent")} == vooraf
    assert GEHEIM not in (await gast.get("/clienten")).text


async def test_op_de_twaalfde_verjaardag_komt_het_kind_erbij_en_blijft_de_ouder(
    p: Product, ouder: str, jarig: Any
) -> None:
    kind = await p.persoon("hanna")  # een token van eerder
    await jarig(12)
    van_ouder = await app_van(p, ouder)
    assert GEHEIM not in (await kind.get("Condition/als-hier")).text
    assert GEHEIM in (await van_ouder.get("Condition/als-hier")).text
    p.klok.verzet = DAG
    assert GEHEIM in (await kind.get("Condition/als-hier")).text
    assert GEHEIM in (await van_ouder.get("Condition/als-hier")).text


async def test_een_abonnement_van_de_ouder_hoort_na_de_verjaardag_niets_meer(
    p: Product, ouder: str, jarig: Any
) -> None:
    """Ook wat ervoor al klaarlag gaat na middernacht niet meer weg, al liet het kind dezelfde app toe."""
    await jarig(16)
    app, verzet = await app_van(p, ouder, "offline_access"), [0.0]
    kind = await app_van(p, "hanna", "offline_access")
    bezorger = Bezorger(p.opslag, abonnees(p.opslag), Verzender(demo=True), lambda: time.time() + verzet[0])

    def taak(id: str) -> Json:
        naar = {"for": {"reference": f"Patient/{HIER}"}, "owner": {"reference": "Organization/rijdt"}}
        return opdracht(id, "requested", **naar, requester={"reference": "Organization/gemeente"})

    async with luister() as ontvanger:
        a = await app.post("Subscription", json=aanvraag(ontvanger.adres))
        assert a.status_code == 201, a.text
        await bezorger.ronde()
        await p.wereld.zet(HIER, taak("jarig-1"))
        await bezorger.ronde()
        assert [b for b in ontvanger.post if b"jarig-1" in b.inhoud], "zonder dit bericht bewijst de rest niets"
        await p.wereld.zet(HIER, taak("jarig-2"))
        verzet[0], p.klok.verzet = DAG.total_seconds(), DAG
        await p.wereld.zet(HIER, taak("jarig-3"))
        await bezorger.ronde()
        assert not [b for b in ontvanger.post if b"jarig-2" in b.inhoud or b"jarig-3" in b.inhoud]
        events = await app.get(f"Subscription/{a.json()['id']}/$events")
        assert "jarig-" not in events.text, events.text[:500]
        stand = (await kind.get(f"Subscription/{a.json()['id']}")).json()
        assert (stand["status"], stand["error"]) == ("off", VERLENING_WEG)
    await bezorger.stop()
