"""De houder en haar advies: lezen in gewone woorden, wie meedenkt, wat zij opslaat, en weghalen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.yvonne import YVONNE
from server.demo.register import HUISWIJS, LINDEWAARD, NOORDERWIEL
from server.fhir.request import FhirRequest
from server.store.audit import regels_van_paspoort
from tests.databases import verse_settings
from tests.web.advieswereld import (
    EISEN,
    GEMEENTE,
    LEVERANCIER,
    MENSEN,
    P,
    concept,
    definitief,
    doe,
    geef,
    laat_meedenken,
)
from tests.web.houderwereld import resources, stuur, volg
from tests.web.werkwereld import csrf, houder_van, log_in, vraag, wereld

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """Eén app voor alle tests: elke test schrijft een eigen advies."""
    with verse_settings("sqlite", tmp_path_factory.mktemp("advies")) as settings:
        async with wereld(settings, (YVONNE,)) as gevuld:
            yield gevuld


async def test_bovenaan_staat_in_het_kort_wat_nodig_is_en_wat_een_wens_is(app: FastAPI) -> None:
    id_ = await concept(app)
    html = (await (await log_in(app, "yvonne")).get(f"/advies/{id_}")).text
    assert "Er staat 1 ding in die nodig is" in html or "Er staat 1 ding in" in html
    nodig, wens = html.index("Zelf van houding veranderen"), html.index("Op ooghoogte zitten")
    assert html.index("Dit is nodig") < nodig < html.index("Dit zou fijn zijn") < wens
    assert html.index("In het kort") < nodig
    assert "Zonder dit: Een wond, en weken in bed." in html


async def test_vaktaal_staat_er_met_uitleg_en_vragen_in_gewone_woorden(app: FastAPI) -> None:
    id_ = await concept(app)
    html = (await (await log_in(app, "yvonne")).get(f"/advies/{id_}")).text
    assert "Van de ene plek naar de andere gaan" in html, "transfer"
    assert "Wat lukt niet, of moeilijk?" in html and "Beperkingen in activiteiten" not in html


async def test_de_reactie_blijft_staan_als_er_iets_mist(app: FastAPI) -> None:
    id_ = await concept(app)
    client = await log_in(app, "yvonne")
    antwoord = await stuur(client, f"/advies/{id_}", {"reactie-houder": "Ik mis mijn hond."})
    assert antwoord.status_code == 422 and "Ik mis mijn hond." in antwoord.text, "akkoord is nodig"
    klaar = await stuur(client, f"/advies/{id_}", {"reactie-houder": "Ik mis mijn hond.", "akkoord": "deels"})
    html = (await volg(client, klaar)).text
    assert "Uw reactie is bewaard" in html and "Ik mis mijn hond." in html
    assert re.search(r'value="deels"[^>]* checked', html)


async def test_zij_ziet_wie_mee_wil_denken_en_wat_die_dan_leest(app: FastAPI) -> None:
    id_ = await concept(app, vraagt=(GEMEENTE, LEVERANCIER))
    client = await log_in(app, "yvonne")
    assert "Mag Gemeente Lindewaard meedenken?" in (await client.get("/")).text, "het staat op start"
    assert "Mag Gemeente Lindewaard meedenken?" in (await client.get(f"/advies/{id_}")).text
    gemeente = (await client.get(f"/advies/{id_}/meelezen/{LINDEWAARD}")).text
    leverancier = (await client.get(f"/advies/{id_}/meelezen/{NOORDERWIEL}")).text
    wel_g, wel_l = (re.search(r'aria-label="Wel te lezen">(.*?)</ul>', h, re.S)[1] for h in (gemeente, leverancier))  # type: ignore[index]
    assert wel_g.count("<li>") == 2 and wel_l.count("<li>") == 1, "de leverancier alleen de eisen"
    assert "<p>Is er haast bij? " in gemeente, "een antwoord zonder vraag zegt niets"
    assert (await client.get(f"/advies/{id_}/meelezen/{HUISWIJS}")).status_code == 404, "wie niet gevraagd is"


async def test_na_ja_leest_de_gemeente_alleen_dit_concept_en_stoppen_werkt_meteen(app: FastAPI) -> None:
    id_ = await concept(app, vraagt=(GEMEENTE,))
    client, lees = await log_in(app, "yvonne"), FhirRequest("GET", "QuestionnaireResponse", id_)
    antwoord = await stuur(client, f"/advies/{id_}/meelezen/{LINDEWAARD}", {"besluit": "ja"})
    assert "U zei ja. Leest mee tot" in (await volg(client, antwoord)).text
    toestemming = next(c for c in await resources(app, P, "Consent") if "afstemming" in str(c))
    assert f"QuestionnaireResponse/{id_}" in str(toestemming["extension"])
    assert (await app.state.poort.handle(MENSEN["bianca"], lees)).status == 200
    antwoord = await stuur(client, f"/advies/{id_}/meelezen/{LINDEWAARD}", {"besluit": "stop"})
    assert "Leest niet meer mee." in (await volg(client, antwoord)).text
    assert (await app.state.poort.handle(MENSEN["bianca"], lees)).status == 404


async def test_na_nee_vraagt_niemand_het_nog_eens(app: FastAPI) -> None:
    id_ = await concept(app, vraagt=(GEMEENTE,))
    client = await log_in(app, "yvonne")
    await volg(client, await stuur(client, f"/advies/{id_}/meelezen/{LINDEWAARD}", {"besluit": "nee"}))
    html = (await client.get(f"/advies/{id_}")).text
    assert "U zei nee. Leest niet mee." in html and "Mag Gemeente Lindewaard meedenken?" not in html
    assert f"/advies/{id_}/meelezen" not in (await client.get("/")).text
    lees = FhirRequest("GET", "QuestionnaireResponse", id_)
    assert (await app.state.poort.handle(MENSEN["bianca"], lees)).status == 404


async def test_zij_leest_opmerkingen_en_wie_afstemde(app: FastAPI) -> None:
    id_ = await concept(app)
    await laat_meedenken(app, id_)
    bianca = await log_in(app, "bianca")
    await stuur_op(bianca, id_, {"actie": "opmerking", "opmerking": "Past dit in de lift?", "eis": "2"})
    await stuur_op(bianca, id_, {"actie": "afgestemd", "afgestemd": ""})
    html = (await (await log_in(app, "yvonne")).get(f"/advies/{id_}")).text
    assert "Past dit in de lift?" in html and "Over: “Zelf van houding veranderen" in html
    assert "Bianca Smit, Gemeente Lindewaard dacht mee op" in html


async def stuur_op(client: httpx.AsyncClient, id_: str, velden: Mapping[str, str]) -> None:
    """Wat een consulent op de bladzijde van het advies instuurt."""
    bladzijde = await client.get(f"/advies/{id_}/lees")
    assert bladzijde.status_code == 200, bladzijde.text[:400]
    antwoord = await client.post(f"/advies/{id_}/meedenken", data={"csrf": csrf(bladzijde.text), **velden})
    assert antwoord.status_code == 303, antwoord.text[:3000]


async def test_ingetrokken_nog_geldig_en_een_nieuwe_versie_staan_er_in_woorden(app: FastAPI) -> None:
    oud = await definitief(app)
    client = await log_in(app, "yvonne")
    await doe(app, "nienke", oud, "nog-geldig")
    html = (await client.get(f"/advies/{oud}")).text
    assert "Dit advies klopt nog." in html and "Er zit een zegel op." in html
    nieuw = await definitief(app, vervangt=oud, hulpvraag="Yvonne wil ook met de trein.")
    html = (await client.get(f"/advies/{nieuw}")).text
    assert "Wat is er anders dan in het vorige advies?" in html and "Yvonne wil ook met de trein." in html
    assert "Er is een nieuwer advies." in (await client.get(f"/advies/{oud}")).text
    await doe(app, "nienke", nieuw, "nog-geldig")
    await doe(app, "nienke", nieuw, "trek-in", reden="De woning verandert.")
    html = (await client.get(f"/advies/{nieuw}")).text
    assert "Dit advies geldt niet meer." in html and "De woning verandert." in html
    assert "Dit advies klopt nog." not in html, "wat is ingetrokken, klopt niet meer"
    lijst = (await client.get("/adviezen")).text
    assert lijst.index("Dit is oud") < lijst.index(f"/advies/{nieuw}") < lijst.index("Ingetrokken")


async def test_een_vraag_van_de_gemeente_en_het_antwoord_staan_erbij(app: FastAPI) -> None:
    id_ = await definitief(app)
    await geef(app)
    await stuur_op(await log_in(app, "bianca"), id_, {"actie": "vraag", "vraag": "Kan dit ook met een zuil?"})
    bericht = next(c for c in await resources(app, P, "Communication") if "zuil" in str(c))
    client = await log_in(app, "yvonne")
    html = (await client.get(f"/advies/{id_}")).text
    assert "Kan dit ook met een zuil?" in html and "Er is nog geen antwoord." in html
    body = {
        "resourceType": "Communication", "status": "completed", "category": [{"coding": [
            {"system": bericht["category"][0]["coding"][0]["system"], "code": "antwoord"}]}],
        "subject": bericht["subject"], "about": bericht["about"],
        "inResponseTo": [{"reference": f"Communication/{bericht['id']}"}],
        "payload": [{"contentString": "Nee, dan valt zij om."}],
    }  # fmt: skip
    await vraag(app, MENSEN["nienke"], FhirRequest("POST", "Communication", body=body))
    html = (await client.get(f"/advies/{id_}")).text
    assert "Nee, dan valt zij om." in html and "Er is nog geen antwoord." not in html


async def test_verwijderen_haalt_het_uit_beeld_en_wissen_vraagt_een_vinkje(app: FastAPI) -> None:
    id_ = await definitief(app)
    client = await log_in(app, "yvonne")
    html = (await client.get(f"/advies/{id_}/weg")).text
    assert "Verwijderen." in html and "Wissen." in html and "Niemand heeft in dit paspoort een kopie" in html
    zonder = await stuur(client, f"/advies/{id_}/weg", {})
    assert zonder.status_code == 422 and "Kies hoe u het advies weghaalt." in zonder.text
    half = await stuur(client, f"/advies/{id_}/weg", {"hoe": "wissen"})
    assert half.status_code == 422 and "Zet een vinkje" in half.text
    assert (await client.get(f"/advies/{id_}")).status_code == 200, "er is nog niets weg"
    html = (await volg(client, await stuur(client, f"/advies/{id_}/weg", {"hoe": "verwijderen"}))).text
    assert "Het advies is weg." in html and html.index("Verwijderde adviezen (1)") < html.index(f"/advies/{id_}/weg")
    assert (await client.get(f"/advies/{id_}")).status_code == 404
    assert f"/advies/{id_}/weg" in (await client.get("/adviezen")).text
    gelogd = await regels_van_paspoort(app.state.opslag, P, aantal=5)
    assert any(r.handeling == "vread" and r.wat == (f"QuestionnaireResponse/{id_}",) for r in gelogd)
    html = (await client.get(f"/advies/{id_}/weg")).text
    assert "Dit advies wissen" in html and "Verwijderen." not in html
    half = await stuur(client, f"/advies/{id_}/weg", {})
    assert half.status_code == 422 and "Zet een vinkje" in half.text
    html = (await volg(client, await stuur(client, f"/advies/{id_}/weg", {"zeker": "ja"}))).text
    assert "Het advies is gewist." in html and id_ not in html
    assert (await client.get(f"/advies/{id_}/weg")).status_code == 404


async def test_een_eis_zonder_nodig_of_wens_staat_onder_geen_van_beide(app: FastAPI) -> None:
    zonder = {k: v for k, v in EISEN[0].items() if k != "eis-soort"}
    id_ = await concept(app, eis=[zonder, *EISEN[1:]])
    await laat_meedenken(app, id_)
    for wie, pad, onder in (("yvonne", "", "Dit is nodig"), ("bianca", "/lees", "Noodzakelijk")):
        html = (await (await log_in(app, wie)).get(f"/advies/{id_}{pad}")).text
        eigen = html[html.index('id="open-eisen"') :]
        assert zonder["eis-tekst"] in eigen[: eigen.index("</section>")]
        nodig = html[html.index(f">{onder}</h2>") :]
        assert zonder["eis-tekst"] not in nodig[: nodig.index("</section>")]


async def test_wat_zij_al_heeft_staat_erbij_en_komt_met_alles_opslaan_niet_dubbel(app: FastAPI) -> None:
    nieuw = "Verzonnen artrose in de handen"
    id_ = await definitief(app, diagnose=[nieuw])
    client, adres = await log_in(app, "yvonne"), f"/advies/{id_}/voorstellen"
    assert "Dit staat er al." not in (await client.get(adres)).text
    zelf = {"resourceType": "Condition", "subject": {"reference": f"Patient/{P}"}, "code": {"text": nieuw}}
    diagnoses = await resources(app, P, "Condition")
    zelf["category"] = next(d["category"] for d in diagnoses if d["code"].get("text") == nieuw)
    await vraag(app, houder_van(P), FhirRequest("POST", "Condition", body=zelf))
    html = (await client.get(adres)).text
    assert html.count("Dit staat er al.") == 1 and html.index(nieuw) < html.index("Dit staat er al.")
    html = (await volg(client, await stuur(client, adres, {"kies": "ja"}))).text
    assert "Wat al in uw paspoort stond, is niet nog eens opgeslagen." in html and f'href="{adres}"' not in html
    assert f'href="{adres}"' not in (await client.get("/")).text
    geldig = [d for d in await resources(app, P, "Condition") if d["code"].get("text") == nieuw]
    standen = sorted(d.get("verificationStatus", {}).get("coding", [{}])[0].get("code", "") for d in geldig)
    assert standen == ["", "provisional"], "niet dubbel, en ook niet afgewezen: het klopt immers"


async def test_zij_neemt_een_voorstel_over_wijst_een_ander_af_en_de_rest_in_een_keer(app: FastAPI) -> None:
    id_ = await definitief(
        app, diagnose=["Spierziekte zonder naam"], zitbreedte="44", wil=["Zelf naar de markt rijden."]
    )
    client, adres = await log_in(app, "yvonne"), f"/advies/{id_}/voorstellen"
    assert "Wilt u dit opslaan?" in (await client.get("/")).text
    assert f'href="{adres}"' in (await client.get(f"/advies/{id_}")).text
    html = (await client.get(adres)).text
    assert "Spierziekte zonder naam" in html and "Zelf naar de markt rijden." in html
    plekken = dict(re.findall(r'value="ja:(\w+)/([^"]+)"', html))
    assert {"Condition", "Goal"} <= set(plekken)
    aandoening, doel = f"Condition/{plekken['Condition']}", f"Goal/{plekken['Goal']}"
    await stuur(client, adres, {"kies": f"ja:{aandoening}"})
    html = (await client.get(adres)).text
    assert "Spierziekte zonder naam" not in html and "Zelf naar de markt rijden." in html
    await stuur(client, adres, {"kies": f"nee:{doel}"})
    await stuur(client, adres, {"kies": "ja"})
    html = (await client.get(adres)).text
    assert "U hebt alles gekozen" in html and f'href="{adres}"' not in (await client.get(f"/advies/{id_}")).text
    namen = {str(c.get("code")): c for c in await resources(app, P, "Condition")}
    over = next(c for naam, c in namen.items() if "Spierziekte zonder naam" in naam)
    assert "provisional" not in str(over["verificationStatus"])
    afgewezen = next(g for g in await resources(app, P, "Goal") if g["id"] == plekken["Goal"])
    assert afgewezen["lifecycleStatus"] == "rejected"
    assert (await stuur(client, adres, {"kies": f"ja:{doel}"})).status_code == 303, "wat gekozen is, blijft zo"
    assert (await vraag(app, houder_van(P), FhirRequest("GET", "Goal", plekken["Goal"])))[
        "lifecycleStatus"
    ] == "rejected"


async def test_wissen_haalt_ook_de_opmerkingen_en_de_reactie_weg(app: FastAPI) -> None:
    id_ = await concept(app)
    await laat_meedenken(app, id_)
    await stuur_op(await log_in(app, "bianca"), id_, {"actie": "opmerking", "opmerking": "Een geheime opmerking."})
    client = await log_in(app, "yvonne")
    await stuur(client, f"/advies/{id_}", {"reactie-houder": "Mijn geheime reactie.", "akkoord": "ja"})
    html = (await volg(client, await stuur(client, f"/advies/{id_}/weg", {"hoe": "wissen", "zeker": "ja"}))).text
    assert "Het advies is gewist." in html and id_ not in html
    alles = str(await resources(app, P, "Communication")) + str(await resources(app, P, "QuestionnaireResponse"))
    assert "geheime" not in alles
    assert (await client.get(f"/advies/{id_}")).status_code == 404


async def test_een_helper_ziet_dezelfde_bladzijden_met_namens_wie(app: FastAPI) -> None:
    id_ = await concept(app, vraagt=(GEMEENTE,))
    peter = await log_in(app, "peter")
    paden = (f"/advies/{id_}", "/adviezen", f"/advies/{id_}/meelezen/{LINDEWAARD}", f"/advies/{id_}/weg")
    gezien = {pad: antwoord.text for pad in paden if (antwoord := await peter.get(pad)).status_code == 200}
    assert "/adviezen" in gezien and all("u handelt namens" in html for html in gezien.values())
