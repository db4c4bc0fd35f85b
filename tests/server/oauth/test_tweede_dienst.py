"""Inloggen bij een tweede, echte OpenID-provider: wat mag, en elke manier waarop zij of een ander kan liegen."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey

from server.settings import Settings
from server.store import session as opgeslagen
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, account_van, zet_lidmaatschap
from tests.server.oauth.conftest import velden_van
from tests.server.oauth.inlogwereld import Huis, binnen, inlogwereld
from tests.server.oauth.proefaanbieder import onbeveiligd


@pytest.fixture
def dialect() -> str:
    """Hier gaat het om de dienst, niet om de database."""
    return "sqlite"


@pytest_asyncio.fixture
async def huis(opslag: Opslag, wereld: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[Huis]:
    async with inlogwereld(opslag, settings, tmp_path) as klaar:
        yield klaar


async def test_met_geheim_met_sleutel_en_met_een_oude_dienst_kom_je_binnen(huis: Huis) -> None:
    for code, dienst in huis.diensten.items():
        client = huis.browser()
        terug = await huis.inloggen(client, code)
        assert (terug.status_code, terug.headers["location"]) == (303, "/delen"), code
        sessie = await huis.sessie(client)
        assert (sessie.account.issuer, sessie.account.sub, sessie.account.naam) == (
            dienst.issuer,
            "persoon-1",
            "Mila Proef",
        )
        assert sessie.acr == dienst.claims.get("acr") and abs(sessie.auth_time - time.time()) < 5
    accounts = {(await huis.sessie(await binnen(huis, d))).account.id for d in huis.diensten}
    assert len(accounts) == len(huis.diensten)


async def test_een_id_token_dat_niet_klopt_laat_niemand_binnen(huis: Huis) -> None:
    dienst, vreemd = huis.diensten["burger"], ECKey.generate_key("P-256", auto_kid=True)
    publiek = json.dumps(dienst.sleutel.as_dict(private=False)).encode()

    def hs256(c: dict[str, Any]) -> str:
        token = onbeveiligd({"alg": "HS256", "kid": str(dienst.sleutel.kid)}, c)
        kern = token.rpartition(".")[0]
        return onbeveiligd(
            {"alg": "HS256", "kid": str(dienst.sleutel.kid)}, c, hmac.digest(publiek, kern.encode(), sha256)
        )

    def met(**anders: Any) -> Callable[[dict[str, Any]], str]:
        return lambda c: dienst.teken({n: w for n, w in (c | anders).items() if w is not None})

    nu = int(time.time())
    leugens: dict[str, Callable[[dict[str, Any]], str]] = {
        "alg none": lambda c: onbeveiligd({"alg": "none"}, c),
        "alg None": lambda c: onbeveiligd({"alg": "None"}, c),
        "alg HS256 met de publieke sleutel": hs256,
        "zelfde kop, geen handtekening": lambda c: dienst.teken(c).rpartition(".")[0] + ".",
        "sleutel van een ander": lambda c: dienst.teken(c, vreemd),
        "sleutel van een ander onder haar kid": lambda c: dienst.teken(
            c, ECKey.import_key({**vreemd.as_dict(private=True), "kid": str(dienst.sleutel.kid)})
        ),
        "sleutel in de kop": lambda c: jwt.encode(
            {"alg": "ES256", "jwk": vreemd.as_dict(private=False)}, c, vreemd, ["ES256"]
        ),
        "ander publiek": met(aud="iemand-anders"),
        "meer publiek zonder azp": met(aud=["paspoort", "iemand-anders"]),
        "azp van een ander": met(aud=["paspoort", "iemand-anders"], azp="iemand-anders"),
        "azp van een ander bij één publiek": met(azp="iemand-anders"),
        "geen publiek": met(aud=None),
        "andere uitgever": met(iss="https://werk.example"),
        "bijna dezelfde uitgever": met(iss=dienst.issuer + "/"),
        "verlopen": met(exp=nu - 120),
        "zonder einde": met(exp=None),
        "einde als tekst": met(exp="9999999999"),
        "uit de toekomst": met(iat=nu + 600),
        "zonder nonce": met(nonce=None),
        "andere nonce": met(nonce="x" * 32),
        "zonder sub": met(sub=None),
        "lege sub": met(sub=""),
        "sub als getal": met(sub=1),
        "auth_time als tekst": met(auth_time="gisteren"),
        "geen token": lambda _: "",
        "onzin": lambda _: "a.b.c",
    }
    for naam, leugen in leugens.items():
        dienst.fout, client = leugen, huis.browser()
        antwoord = await huis.inloggen(client, "burger")
        assert antwoord.status_code == 400 and "niet gelukt" in antwoord.text, naam
        assert "hmp" not in client.cookies, naam
    dienst.fout = None
    assert (await huis.inloggen(huis.browser(), "burger")).status_code == 303


async def test_een_oud_id_token_werkt_niet_bij_een_nieuwe_poging(huis: Huis) -> None:
    dienst = huis.diensten["burger"]
    await huis.inloggen(huis.browser(), "burger")
    oud = dienst.tokens[0]
    dienst.fout = lambda _: oud
    assert (await huis.inloggen(huis.browser(), "burger")).status_code == 400


async def test_elke_poging_werkt_een_keer_en_alleen_in_de_browser_die_begon(huis: Huis) -> None:
    dienst, client = huis.diensten["burger"], huis.browser()
    heen = await huis.heen(client, "burger")
    poging = client.cookies["hmp-inlog"]
    terug = await dienst.kies(heen)
    assert (await huis.browser().get(terug)).status_code == 400
    assert (await client.get(terug.replace("state=", "state=x"))).status_code == 400  # en de poging is op
    client.cookies.set("hmp-inlog", poging)
    assert (await client.get(terug)).status_code == 400
    vers = huis.browser()
    terug = await dienst.kies(await huis.heen(vers, "burger"))
    poging = vers.cookies["hmp-inlog"]
    assert (await vers.get(terug)).status_code == 303
    vers.cookies.set("hmp-inlog", poging)  # wie het cookie bewaarde, en een nieuwe code heeft
    assert (await vers.get(await dienst.kies(heen.split("state=")[0] + "state=" + _state(terug)))).status_code == 400


def _state(adres: str) -> str:
    return str(httpx.URL(adres).params["state"])


async def test_verwisselde_diensten_krijgen_elkaars_code_niet(huis: Huis) -> None:
    """De mix-up van RFC 9700 §4.4: u begint bij een kwade dienst, zij stuurt u door naar de echte."""
    goed, kwaad = huis.diensten["burger"], huis.diensten["kwaad"]
    client = huis.browser()
    heen = httpx.URL(await huis.heen(client, "kwaad"))
    bij_goed = httpx.URL(f"{goed.issuer}/authorize").copy_merge_params(dict(heen.params))
    # De echte dienst kent alleen ons adres voor haar; stuurt zij toch naar dat van de kwade, dan met haar eigen naam.
    gelijk = await goed.kies(str(bij_goed))
    netjes = await goed.kies(str(bij_goed.copy_set_param("redirect_uri", "http://test/inloggen/terug/burger")))
    for terug in (gelijk, netjes):
        poging = client.cookies["hmp-inlog"]
        assert (await client.get(terug)).status_code == 400
        client.cookies.set("hmp-inlog", poging)
    assert kwaad.gezien == [] and goed.gezien == []  # geen code ging naar wie ook
    vers = huis.browser()
    terug = await goed.kies(await huis.heen(vers, "burger"))
    assert "&iss=" in terug
    assert (await vers.get(terug.partition("&iss=")[0])).status_code == 400  # beloofd en weggelaten


async def test_een_gekozen_sessie_van_tevoren_helpt_een_aanvaller_niet(huis: Huis) -> None:
    aanvaller = await binnen(huis, "kwaad")
    token, slachtoffer = aanvaller.cookies["hmp"], huis.browser()
    slachtoffer.cookies.set("hmp", token)
    assert (await huis.inloggen(slachtoffer, "burger")).status_code == 303
    nieuw = next(c.value for c in slachtoffer.cookies.jar if c.name == "hmp" and c.value != token)
    assert nieuw and await opgeslagen.lees_sessie(huis.opslag, token, int(time.time())) is None
    assert await huis.sessie(aanvaller) is None


async def test_een_te_laag_niveau_is_niet_genoeg_en_sterker_inloggen_wel(huis: Huis) -> None:
    dienst, client = huis.diensten["burger"], huis.browser()
    for acr in ("laag", "onbekend", None, 3):
        dienst.claims = {"acr": acr}
        terug = await huis.inloggen(client, "burger")
        assert terug.headers["location"] == "/inloggen/rol?volgende=%2Fdelen", acr
        assert (await huis.sessie(client)).actor is None
    keuze = await client.get("/inloggen/rol")
    assert "Log sterker in" in keuze.text and 'name="lidmaatschap"' not in keuze.text
    lid = (await opgeslagen.lidmaatschappen(huis.opslag, huis.account))[0].id
    velden = {"csrf": velden_van(keuze.text)["csrf"], "lidmaatschap": lid}
    assert (await client.post("/inloggen/rol", data=velden)).status_code == 403
    assert (await huis.sessie(client)).actor is None
    heen = await huis.heen(client, "burger", niveau="midden")
    assert httpx.URL(heen).params["acr_values"] == "midden hoog"
    dienst.claims = {"acr": "hoog"}
    assert (await client.get(await dienst.kies(heen))).headers["location"] == "/delen"
    assert (await huis.sessie(client)).actor.rol == "houder"


async def test_een_rol_die_niet_bij_de_dienst_hoort_is_er_niet_te_kiezen(huis: Huis) -> None:
    await zet_lidmaatschap(huis.opslag, Lidmaatschap(huis.account, "therapeut", functie="therapeut-nienke"))
    client = huis.browser()
    await huis.inloggen(client, "burger")
    keuze = await client.get("/inloggen/rol")
    assert keuze.text.count('name="lidmaatschap"') == 1 and "Dat kan niet met Burger" in keuze.text


async def test_wie_opnieuw_moet_inloggen_heeft_niets_aan_een_oude_inlog(huis: Huis) -> None:
    dienst = huis.diensten["burger"]
    heen = httpx.URL(await huis.heen(huis.browser(), "burger", opnieuw="1")).params
    assert (heen["prompt"], heen["max_age"]) == ("login", "0")
    for auth_time in (int(time.time()) - 300, None):
        dienst.claims = {"acr": "midden", "auth_time": auth_time}
        assert (await huis.inloggen(huis.browser(), "burger", opnieuw="1")).status_code == 400
        assert (await huis.inloggen(huis.browser(), "burger")).status_code == 303
    dienst.claims = {"acr": "midden", "auth_time": int(time.time()) - 300}
    client = huis.browser()
    await huis.inloggen(client, "burger")
    assert time.time() - (await huis.sessie(client)).auth_time >= 299
    dienst.claims = {"acr": "midden"}
    assert (await huis.inloggen(huis.browser(), "burger", opnieuw="1")).status_code == 303


async def test_een_dienst_die_stil_is_of_anders_heet_geeft_een_bladzijde(huis: Huis) -> None:
    dienst, client = huis.diensten["burger"], huis.browser()
    dienst.stil = True
    stil = await client.post("/inloggen/bij", data={"aanbieder": "burger"})
    assert stil.status_code == 400 and "Burger reageert nu niet" in stil.text
    dienst.stil, dienst.issuer = False, "https://burger.example/oidc/"
    assert (await client.post("/inloggen/bij", data={"aanbieder": "burger"})).status_code == 400


async def test_wie_bij_de_dienst_stopt_leest_dat(huis: Huis) -> None:
    client = huis.browser()
    state = _state(await huis.heen(client, "werk"))
    antwoord = await client.get("/inloggen/terug/werk", params={"error": "access_denied", "state": state})
    assert antwoord.status_code == 400 and "U bent gestopt met inloggen" in antwoord.text


async def test_wie_nergens_een_rol_heeft_komt_alleen_binnen_om_er_een_te_krijgen(huis: Huis) -> None:
    huis.diensten["burger"].wie = "nieuw"
    client = huis.browser()
    antwoord = await huis.inloggen(client, "burger")
    assert antwoord.status_code == 400 and "nog geen paspoort of rol" in antwoord.text
    assert await account_van(huis.opslag, huis.diensten["burger"].issuer, "nieuw") is None
    terug = await huis.inloggen(client, "burger", volgende="/medewerker")
    assert terug.headers["location"] == "/medewerker" and (await huis.sessie(client)).actor is None
