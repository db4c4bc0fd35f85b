"""De bladzijden van de beheerder, en meekijken met een aanleiding, door echte formulieren heen."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import fields, is_dataclass
from typing import cast

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from joserfc.jwk import ECKey

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.store.audit import regels_van_paspoort
from tests.web.test_werk_contexten import namen
from tests.web.werkwereld import browser, csrf, dien_in, log_in, velden, wereld
from web.beheer import router
from web.beheer.aanmelden import MedewerkerContext
from web.beheer.apps import AppContext, AppsContext
from web.beheer.mandaten import MandaatContext
from web.beheer.mensen import PersoonContext
from web.beheer.organisaties import GegevensContext, OrganisatieContext, StartContext
from web.beheer.teams import TeamContext
from web.bezoek import Huis
from web.bladzijde import SJABLONEN

PAREN = {
    "start": StartContext, "organisatie": OrganisatieContext, "gegevens": GegevensContext, "team": TeamContext,
    "persoon": PersoonContext, "mandaat": MandaatContext, "apps": AppsContext, "app": AppContext,
    "medewerker": MedewerkerContext,
}  # fmt: skip


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gemaakt:
        yield gemaakt


async def stuur(wie: httpx.AsyncClient, op: str, heen: str = "", **anders: str | list[str]) -> httpx.Response:
    """Vul het formulier van de bladzijde `op` in zoals een browser het instuurt."""
    html = (await wie.get(op)).text
    eigen = {n: w for n, w in velden(html).items() if n != "csrf"} if not heen else {}
    return await wie.post(heen or op, data={**eigen, **anders, "csrf": csrf(html)})


def doorgestuurd(antwoord: httpx.Response) -> str:
    assert antwoord.status_code == 303, antwoord.text[:2000]
    return antwoord.headers["location"]


def zegt_eerst(html: str, knop: str, gevolg: str) -> None:
    """De knop zit dicht, samen met wat er dan gebeurt: wie haar ziet, las het."""
    dicht = next(d for d in re.findall(r"<details>(.*?)</details>", html, re.S) if f">{knop}</button>" in d)
    assert gevolg in dicht.split("<button")[0] and html.count(f">{knop}</button>") == 1


@pytest.mark.parametrize("naam", PAREN)
def test_een_sjabloon_leest_precies_de_velden_van_zijn_context(naam: str) -> None:
    context = PAREN[naam]
    assert is_dataclass(context) and context.__dataclass_params__.frozen  # type: ignore[attr-defined]
    # `kop` staat in een macro van delen.html die deze bladzijde zonder kop niet gebruikt.
    elders = {"v", "sessie", *({"kop"} if naam == "medewerker" else ())}
    assert namen(f"beheer/{naam}.html") - elders == {f.name for f in fields(context)}


def test_elk_sjabloon_van_het_beheer_heeft_een_context() -> None:
    assert {p.stem for p in (SJABLONEN / "beheer").glob("*.html")} == {*PAREN, "veld"}


async def test_alleen_een_beheerder_komt_bij_het_beheer_en_zij_ziet_geen_paspoort(app: FastAPI) -> None:
    beheer = await log_in(app, "beheer")
    assert doorgestuurd(await beheer.get("/")) == "/beheer"
    paden = sorted({r.path for r in router(cast(Huis, None)).routes if r.path != "/medewerker"})  # type: ignore[attr-defined]
    assert len(paden) >= 15
    anderen = [await log_in(app, wie) for wie in ("yvonne", "bianca", "nienke")]
    for pad in paden:
        pad = pad.replace("{id}", "lindewaard")
        for ander in anderen:
            assert (await ander.get(pad)).status_code in (404, 405), pad
            assert (await ander.post(pad, data={"geschorst": "ja"})).status_code in (404, 405), pad
        assert (await browser(app).get(pad)).status_code in (303, 405), pad
    for pad in ("/clienten", "/werkvoorraad", f"/client/{YVONNE.patient}", "/hulpmiddelen", "/aanleiding"):
        assert (await beheer.get(pad)).status_code == 404, pad
    for pad in ("/beheer/organisatie/bestaat-niet", "/beheer/team/lindewaard", "/beheer/persoon/x", "/beheer/app/x"):
        assert (await beheer.get(pad)).status_code == 404, pad
    assert "Yvonne" not in (await beheer.get("/beheer/organisatie/lindewaard")).text


async def test_een_organisatie_opzetten_met_team_mens_mandaat_en_app(app: FastAPI) -> None:
    b = await log_in(app, "beheer")
    fout = await stuur(b, "/beheer/organisatie", kvk="12")
    assert fout.status_code == 422
    assert all(f'href="#{veld}"' in fout.text for veld in ("naam", "soort", "kvk"))
    huis = doorgestuurd(
        await stuur(
            b, "/beheer/organisatie", naam="GR De Streek", soort=["gr", "gemeente"], kvk="1234 5678", plaats="Ede"
        )
    )
    doorgestuurd(await stuur(b, f"{huis}/team", naam="Wmo", neemt_aan=["onderzoek"]))
    html = (await b.get(huis)).text
    assert "Geen team neemt dit werk aan" in html and "herhaalverzoek" in html.casefold()
    team = re.search(r"/beheer/team/([\w-]+)", html)
    assert team
    doorgestuurd(await stuur(b, f"/beheer/team/{team[1]}", neemt_aan=["alles"], actief="ja"))
    persoon = doorgestuurd(await stuur(b, f"{huis}/persoon", naam="Kim de Wit", rol="verstrekker", teams=[team[1]]))
    assert (await stuur(b, f"{huis}/persoon", naam="X", rol="therapeut")).status_code == 422
    krom = await stuur(b, persoon, mail="kim bij de streek")
    assert krom.status_code == 422 and 'href="#mail"' in krom.text
    for mail in ("kim@destreek.nl", "", "kim@destreek.nl"):
        doorgestuurd(await stuur(b, persoon, mail=mail))
        assert velden((await b.get(persoon)).text)["mail"] == [mail]
    functie = app.state.opslag.register.get("PractitionerRole", persoon.rsplit("/", 1)[1])
    assert functie.inhoud["telecom"] == [{"system": "email", "value": "kim@destreek.nl", "use": "work"}]
    doorgestuurd(await stuur(b, persoon, f"{persoon}/inlog", issuer="https://inlog.test", sub="kim"))
    html = (await b.get(persoon)).text
    assert "https://inlog.test" in html
    zegt_eerst(html, "Ja, haal deze inlog weg", "Dit is de enige inlog.")
    zegt_eerst(html, "Ja, schors nu", "Kim de Wit wordt overal uitgelogd")
    doorgestuurd(await stuur(b, f"{huis}/mandaat", aan="lindewaard", taak="onderzoek", tot="2030-01-01"))
    assert (
        await stuur(b, f"{huis}/mandaat", aan="lindewaard", taak="onderzoek", sinds="2030-01-01", tot="2029-01-01")
    ).status_code == 422
    html = (await b.get(huis)).text
    assert all(
        w in html
        for w in (
            "Gemeente, Gemeenschappelijke regeling",
            "12345678",
            "Ede",
            "Kim de Wit",
            "1 persoon",
            "Gemeente Lindewaard doet voor GR De Streek",
        )
    )
    zegt_eerst(html, "Ja, trek dit mandaat in", "Gemeente Lindewaard ziet niets meer van dit werk van GR De Streek")
    zegt_eerst(html, "Ja, schors nu", "Iedereen die hier werkt (1) en elke app van GR De Streek (0) ziet niets meer.")
    doorgestuurd(
        await stuur(b, huis, f"{huis}/mandaat/weg", van=huis.rsplit("/", 1)[1], aan="lindewaard", taak="onderzoek")
    )
    assert "doet voor" not in (await b.get(huis)).text

    sleutel = ECKey.generate_key("P-384", {"use": "sig"}, auto_kid=True)
    publiek, geheim = ({"keys": [sleutel.as_dict(private=p)]} for p in (False, True))
    basis = {"naam": "Zaaksysteem", "scope": "system/Task.rs", "soort": "gr", "organisatie": huis.rsplit("/", 1)[1]}
    kapot = await stuur(b, f"{huis}/app", "/beheer/app", **basis, jwks=json.dumps(geheim))
    assert kapot.status_code == 422 and 'href="#jwks"' in kapot.text
    adres = doorgestuurd(
        await stuur(b, f"{huis}/app", "/beheer/app", **basis, jwks=json.dumps(publiek), waarvoor="Zaken")
    )
    html = (await b.get(adres)).text
    assert sleutel.thumbprint() in html and "Zaken" in html
    assert "Zelf, zonder mens: de voortgang (lezen en zoeken)." in html
    zegt_eerst(html, "Ja, schors nu", "Haar tokens zijn ingetrokken.")
    doorgestuurd(await stuur(b, adres, f"{adres}/schors", geschorst="ja"))
    assert "Nu geschorst" in (await b.get(adres)).text
    onzeker = await stuur(b, adres, f"{adres}/weg")
    assert onzeker.status_code == 422 and 'href="#zeker"' in onzeker.text
    doorgestuurd(await stuur(b, adres, f"{adres}/weg", zeker="ja"))
    assert (await b.get(adres)).status_code == 404


async def test_een_code_maakt_iemand_medewerker_en_schorsen_sluit_meteen(app: FastAPI) -> None:
    b = await log_in(app, "beheer")
    persoon = doorgestuurd(
        await stuur(
            b,
            "/beheer/organisatie/lindewaard/persoon",
            naam="Adelien Dekker",
            rol="verstrekker",
            teams=["lindewaard-team-wmo"],
        )
    )
    html = (await stuur(b, persoon, f"{persoon}/code")).text
    code = re.search(r"<strong>(\w{4}-\w{4}-\w{4})</strong>", html)
    assert code and code[1] not in (await b.get(persoon)).text
    adelien = await log_in(app, "adelien")
    assert (await stuur(adelien, "/medewerker", code="AAAA-BBBB-CCCC")).status_code == 422
    assert doorgestuurd(await stuur(adelien, "/medewerker", code=code[1])) == "/inloggen/rol"
    assert (await stuur(adelien, "/medewerker", code=code[1])).status_code == 422
    keuze = (await adelien.get("/inloggen/rol")).text
    lid = re.search(r'value="([^"]+)">Consulent bij Gemeente Lindewaard', keuze)
    assert lid
    doorgestuurd(await adelien.post("/inloggen/rol", data={"csrf": csrf(keuze), "lidmaatschap": lid[1]}))
    taak = await dien_in(app, YVONNE.patient)
    assert (await adelien.get(f"/intake/{taak}")).status_code == 200
    doorgestuurd(await stuur(b, persoon, f"{persoon}/schors", geschorst="ja"))
    assert (await adelien.get(f"/intake/{taak}")).status_code in (303, 404)
    bianca = await log_in(app, "bianca")
    assert (await bianca.get(f"/intake/{taak}")).status_code == 200
    organisatie = "/beheer/organisatie/lindewaard"
    doorgestuurd(await stuur(b, organisatie, f"{organisatie}/schors", geschorst="ja"))
    assert (await bianca.get(f"/intake/{taak}")).status_code == 404
    doorgestuurd(await stuur(b, organisatie, f"{organisatie}/schors", geschorst="nee"))
    assert (await bianca.get(f"/intake/{taak}")).status_code == 200


async def test_een_collega_opent_met_een_reden_die_de_houder_leest(app: FastAPI) -> None:
    taak = await dien_in(app, YVONNE.patient)
    tom, yvonne = await log_in(app, "tom"), await log_in(app, "yvonne")
    assert "Yvonne" not in (await tom.get("/werkvoorraad")).text
    assert (await tom.get(f"/intake/{taak}")).status_code == 404
    assert (await tom.get(f"/client/{YVONNE.patient}")).status_code == 404
    reden = "Bianca is ziek en mevrouw belt over haar rolstoel."
    niets = await stuur(tom, "/aanleiding", kenmerk="bestaat-niet", reden=reden)
    vreemd = await stuur(tom, "/aanleiding", kenmerk="999990019", reden=reden)
    assert (
        niets.status_code == vreemd.status_code == 422
        and "Hier is niets" in niets.text
        and "Hier is niets" in vreemd.text
    )
    assert (await stuur(tom, "/aanleiding", kenmerk=taak, reden="kort")).status_code == 422
    assert (await tom.get(f"/intake/{taak}")).status_code == 404
    assert (
        doorgestuurd(await stuur(tom, "/aanleiding", kenmerk=f"http://test/intake/{taak}", reden=reden))
        == f"/intake/{taak}"
    )
    open_ = await tom.get(f"/intake/{taak}")
    assert open_.status_code == 200 and "Yvonne" in open_.text
    assert "U kijkt mee met een reden" in open_.text
    assert (await stuur(tom, f"/intake/{taak}", f"/intake/{taak}", actie="bevestig")).status_code >= 400
    start = (await yvonne.get("/")).text
    assert "Tom Brouwer" in start and reden in start
    keek = (await yvonne.get("/wie-keek-mee")).text
    assert "Tom Brouwer" in keek and reden in keek
    regels = await regels_van_paspoort(app.state.opslag, YVONNE.patient, aantal=50)
    assert any("aanleiding:Communication/" in (r.grond or "") for r in regels)
    doorgestuurd(
        await stuur(
            yvonne,
            "/meekijken",
            "/meekijken",
            bericht=re.search(r'name="bericht" value="([\w-]+)"', (await yvonne.get("/meekijken")).text)[1],
        )
    )  # type: ignore[index]
    assert (await tom.get(f"/intake/{taak}")).status_code == 404


async def test_wie_een_verzoek_doorgeeft_ziet_het_niet_meer_en_wie_het_krijgt_wel(app: FastAPI) -> None:
    taak = await dien_in(app, YVONNE.patient)
    tom, bianca = await log_in(app, "tom"), await log_in(app, "bianca")
    assert "Geef dit verzoek door" in (await bianca.get(f"/intake/{taak}/doorgeven")).text
    assert (await tom.get(f"/intake/{taak}/doorgeven")).status_code == 404
    adres = f"/intake/{taak}/doorgeven"
    assert (await stuur(bianca, adres, naar="PractitionerRole/veenrade-wmo-1")).status_code == 422
    assert doorgestuurd(await stuur(bianca, adres, naar="Organization/lindewaard-team-jeugd")) == "/werkvoorraad"
    assert (await bianca.get(f"/intake/{taak}")).status_code == 404
    assert (await bianca.get(f"/client/{YVONNE.patient}")).status_code == 404
    assert (await tom.get(f"/intake/{taak}")).status_code == 200
    assert doorgestuurd(await stuur(tom, adres, naar="PractitionerRole/lindewaard-wmo-1")) == "/werkvoorraad"
    assert (await tom.get(f"/intake/{taak}")).status_code == 404
    assert (await bianca.get(f"/intake/{taak}")).status_code == 200
