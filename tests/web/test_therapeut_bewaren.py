"""Het concept dat zichzelf bewaart: tussendoor, op twee schermen, met iets onleesbaars, en als het niet meer mag."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.web import advieswereld as aw
from tests.web.werkwereld import csrf, laat_lezen, log_in, velden, wereld

Velden = dict[str, list[str]]
SCRIPT = {"Accept": "application/json"}


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gevuld:
        await laat_lezen(gevuld, YVONNE.patient)
        yield gevuld


async def scherm(client: httpx.AsyncClient, adres: str) -> Velden:
    """Het formulier zoals een browser het zou insturen."""
    html = (await client.get(adres)).text
    return velden(html[html.index('id="adviesformulier"') : html.index('id="paneel-slot"')])


async def bewaar(client: httpx.AsyncClient, adres: str, formulier: Velden, **anders: str) -> Any:
    """Wat het script doet: hetzelfde formulier, met het antwoord als gegevens."""
    formulier |= {n.replace("__", "."): [w] for n, w in anders.items()}
    antwoord = await client.post(adres, data=formulier, headers=SCRIPT)
    assert antwoord.headers["content-type"] == "application/json", antwoord.text[:300]
    gelezen = antwoord.json()
    if "versie" in gelezen:
        formulier["versie"] = [gelezen["versie"]]
    return gelezen


async def test_vanzelf_bewaren_geeft_de_nieuwe_versie_en_de_check(app: FastAPI) -> None:
    id_, nienke = await aw.concept(app), await log_in(app, "nienke")
    adres = f"/advies/{id_}/bewerk"
    vorm = await scherm(nienke, adres)
    merk = "Besturing zoals op de Velora X3, met kinbediening."
    eerste = await bewaar(nienke, adres, vorm, hulpvraag="Zelf naar het werk.")
    assert eerste["stand"] == "bewaard" and re.fullmatch(r"Bewaard om \d+\.\d\d uur\.", eerste["zin"])
    vorm["eis.0.eis-tekst"] = [merk]
    tweede = await bewaar(nienke, adres, vorm)
    assert int(tweede["versie"]) == int(eerste["versie"]) + 1
    assert "Velora" in tweede["paneel"] and 'href="#eis-0-eis-tekst"' in tweede["paneel"]
    assert not (tweede["keuzes"] or tweede["anders"] or tweede["onleesbaar"])
    # niets veranderd: geen nieuwe versie, en dus ook geen regel bij de houder dat er geschreven is
    assert (await bewaar(nienke, adres, vorm))["versie"] == tweede["versie"]
    # net getypte doelen zijn meteen te kiezen bij een eis
    vorm["wil"] = ["Zelf rijden, ook in het verkeer.", "Naar het koor gaan."]
    assert "Naar het koor gaan." in (await bewaar(nienke, adres, vorm))["voorstellen"]["eis-doel"]


async def test_wat_niet_te_lezen_is_houdt_de_rest_niet_tegen(app: FastAPI) -> None:
    id_, nienke = await aw.concept(app, zitbreedte="40"), await log_in(app, "nienke")
    adres = f"/advies/{id_}/bewerk"
    vorm = await scherm(nienke, adres)
    half = await bewaar(nienke, adres, vorm, zitbreedte="veertig", participatie="Werkt drie dagen.")
    assert [o["naam"] for o in half["onleesbaar"]] == ["zitbreedte"] and half["onleesbaar"][0]["tekst"]
    nu = await scherm(nienke, adres)
    assert nu["participatie"] == ["Werkt drie dagen."] and nu["zitbreedte"] == ["40"]


async def test_twee_schermen_per_veld_samen_en_anders_kiest_de_schrijver(app: FastAPI) -> None:
    id_, nienke = await aw.concept(app), await log_in(app, "nienke")
    adres = f"/advies/{id_}/bewerk"
    een, twee = await scherm(nienke, adres), await scherm(nienke, adres)
    await bewaar(nienke, adres, een, hulpvraag="Van het eerste scherm.")
    samen = await bewaar(nienke, adres, twee, participatie="Van het tweede scherm.")
    assert samen["anders"] == {"hulpvraag": ["Van het eerste scherm."]} and not samen["keuzes"]
    twee["hulpvraag"] = samen["anders"]["hulpvraag"]
    botst = await bewaar(nienke, adres, een, participatie="Toch iets anders.")
    assert [(k["naam"], k["daar"]) for k in botst["keuzes"]] == [("participatie", ["Van het tweede scherm."])]
    assert (await scherm(nienke, adres))["participatie"] == ["Van het tweede scherm."]
    # een eis die daar wegging: de nummers schuiven, dus het script verstuurt het formulier gewoon
    weg = await nienke.post(adres, data=twee | {"rij-weg": ["eis.0"]})
    assert weg.status_code == 303
    assert (await bewaar(nienke, adres, een, hulpvraag="Nog iets."))["stand"] == "opnieuw"


async def test_zonder_script_staan_beide_teksten_om_te_kiezen(app: FastAPI) -> None:
    id_, nienke = await aw.concept(app), await log_in(app, "nienke")
    adres = f"/advies/{id_}/bewerk"
    een, twee = await scherm(nienke, adres), await scherm(nienke, adres)
    een["hulpvraag"], twee["hulpvraag"], twee["participatie"] = ["Van hier."], ["Van daar."], ["Ook dit."]
    assert (await nienke.post(adres, data=een)).status_code == 303
    keuze = await nienke.post(adres, data=twee)
    assert keuze.status_code == 422 and "Op een ander scherm schreef u iets anders" in keuze.text
    assert "Neem de andere tekst: “Van hier.”" in keuze.text and ">Van daar.</textarea>" in keuze.text
    html = keuze.text
    opnieuw = velden(html[html.index('id="adviesformulier"') : html.index('id="paneel-slot"')])
    assert opnieuw["kies:hulpvraag"] == ["hier"] and opnieuw["ander:hulpvraag"] == ["Van hier."]
    opnieuw["kies:hulpvraag"] = ["daar"]
    assert (await nienke.post(adres, data=opnieuw)).status_code == 303
    nu = await scherm(nienke, adres)
    assert nu["hulpvraag"] == ["Van hier."] and nu["participatie"] == ["Ook dit."]


async def test_de_sleutel_voor_dit_toestel_is_van_een_persoon_en_een_advies(app: FastAPI) -> None:
    een, twee, nienke = await aw.concept(app), await aw.concept(app), await log_in(app, "nienke")

    async def sleutel(id_: str) -> str:
        gevonden = re.search(r'data-sleutel="([0-9a-f]{64})"', (await nienke.get(f"/advies/{id_}/bewerk")).text)
        assert gevonden
        return gevonden[1]

    assert await sleutel(een) == await sleutel(een) != await sleutel(twee)
    # wie dit concept niet schrijft, krijgt geen sleutel; en na definitief valt er niets meer te bewaren
    await aw.reageer(app, een)
    await aw.doe(app, "nienke", een, "definitief")
    html = (await nienke.get(f"/advies/{een}/lees")).text
    assert "data-sleutel" not in html
    dicht = await nienke.post(f"/advies/{een}/bewerk", data={"csrf": csrf(html)}, headers=SCRIPT)
    assert (dicht.status_code, dicht.json()) == (409, {"stand": "dicht"})


async def test_een_onderdeel_klopt_met_een_vakje_en_blijft_zo(app: FastAPI) -> None:
    nienke = await log_in(app, "nienke")
    nieuw = f"/advies/nieuw/{YVONNE.patient}"
    html = (await nienke.get(nieuw)).text
    assert "Volledig advies" in html and 'value="verkort-advies"' in html  # er is een advies om op te leunen
    adres = (await nienke.post(nieuw, data={"csrf": csrf(html), "soort": "functioneel-advies"})).headers["location"]
    html = (await nienke.get(adres)).text
    vakjes = re.findall(r'type="checkbox" name="klopt" value="([^"]+)"', html)
    assert any("prognose" in v.split() for v in vakjes)
    aandeel = re.search(r"kwamen uit het paspoort \((\d+) %\)", html)
    assert aandeel and int(aandeel[1]) >= 40
    vorm = await scherm(nienke, adres)
    vorm["klopt"] = [next(v for v in vakjes if "prognose" in v.split())]
    klaar = await bewaar(nienke, adres, vorm)
    assert klaar["stand"] == "bewaard" and not klaar["onleesbaar"], klaar
    over = re.findall(r'type="checkbox" name="klopt" value="([^"]+)"', (await nienke.get(adres)).text)
    assert not any("prognose" in v.split() for v in over) and len(over) == len(vakjes) - 1
    # wie bevestigde, schrijft daarna gewoon door
    weer = await bewaar(nienke, adres, vorm, hulpvraag="Na het vinkje.")
    assert weer["stand"] == "bewaard" and int(weer["versie"]) == int(klaar["versie"]) + 1
    # verkort: dezelfde bladzijde, minder vragen
    kort = (await nienke.post(nieuw, data={"csrf": csrf(html), "soort": "verkort-advies"})).headers["location"]
    html = (await nienke.get(kort)).text
    assert "Wat is er veranderd sinds het vorige advies?" in html and "Persoonlijke factoren" not in html
