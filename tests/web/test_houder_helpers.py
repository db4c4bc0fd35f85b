"""Wie helpt mij: iemand laten helpen met een code, wat diegene dan kan, stoppen, afschermen en de verjaardag."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI

from paspoort.vertegenwoordiging import verjaardag
from server.access.actor import Actor
from server.demo.dossier import id_van
from server.demo.personen.anna import ANNA
from server.demo.personen.gerda import GERDA
from server.demo.personen.rene import RENE
from server.demo.personen.yvonne import YVONNE
from server.fhir.request import FhirRequest
from server.oauth.demo import ACCOUNT_ISSUER
from server.settings import Settings
from server.store.mail import te_doen
from server.store.session import Lidmaatschap, account_van, lidmaatschappen, zet_lidmaatschap
from tests.klok import vandaag
from tests.web.houderwereld import resources, stuur, volg
from tests.web.werkwereld import browser, csrf, log_in, vraag, wereld

Json = dict[str, Any]
DIENST = Actor("dienst", "beheerder", "Test", scopes=None)


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE, GERDA, ANNA, RENE)) as app:
        yield app


async def kies(client: httpx.AsyncClient, woord: str) -> None:
    """Kies de rol waar dit woord in staat."""
    bladzijde = await client.get("/inloggen/rol")
    knoppen = re.findall(r"<button[^>]*value=\"([^\"]+)\"[^>]*>(.*?)</button>", bladzijde.text, re.S)
    lid = next(waarde for waarde, tekst in knoppen if woord in tekst)
    antwoord = await client.post("/inloggen/rol", data={"csrf": csrf(bladzijde.text), "lidmaatschap": lid})
    assert antwoord.status_code == 303


async def geef(yvonne: httpx.AsyncClient, **velden: Any) -> httpx.Response:
    """De bladzijde met de code."""
    keuze = {"soort": "helper-invullen", "groep": ["hulpmiddelen"], "tot": _over(100)} | velden
    return await volg(yvonne, await stuur(yvonne, "/wie-helpt-mij/nieuw", keuze))


async def ligt(app: FastAPI, type_: str, id_: str) -> Json:
    """De resource zoals de bediening haar leest: een kind onder de twaalf kijkt niet zelf."""
    return await vraag(app, DIENST, FhirRequest("GET", type_, id_))


def _over(dagen: int) -> str:
    return (vandaag() + timedelta(days=dagen)).isoformat()


async def laat_gerda_helpen(yvonne: httpx.AsyncClient, gerda: httpx.AsyncClient, **velden: Any) -> str:
    """Van code tot ja; geeft het adres van de code."""
    bladzijde = await geef(yvonne, **velden)
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', bladzijde.text)
    assert cijfers and "Nog niemand ziet iets" in bladzijde.text
    assert "Gerda Blom" in (await volg(gerda, await stuur(gerda, "/helpen", {"code": cijfers[1]}))).text
    start = (await yvonne.get("/")).text
    adres = re.search(r"/wie-helpt-mij/code/\w+", start)
    assert adres and "Is dit Gerda Blom?" in start
    assert "Gerda Blom" in (await volg(yvonne, await stuur(yvonne, adres[0], {"besluit": "ja"}))).text
    return adres[0]


async def test_iemand_laten_helpen_en_weer_stoppen(app: FastAPI) -> None:
    yvonne, gerda = await log_in(app, "yvonne"), await log_in(app, "gerda")
    adres = await laat_gerda_helpen(yvonne, gerda)
    mandaat = next(r for r in await resources(app, YVONNE.patient, "RelatedPerson") if "Gerda" in str(r))
    assert mandaat["period"] == {"start": vandaag().isoformat(), "end": _over(100)}
    assert (await yvonne.get(adres)).status_code == 303  # de code is op

    await kies(gerda, "Yvonne")
    bladzijde = await gerda.get("/hulpmiddelen")
    assert "u handelt namens Yvonne Verbeek" in bladzijde.text and "rolstoel" in bladzijde.text.lower()
    assert (await gerda.get("/delen")).status_code == 403 and (await gerda.get("/wie-keek-mee")).status_code == 403
    eigen = await gerda.get("/wie-helpt-mij")
    assert "Gerda Blom" in eigen.text and "/stop" not in eigen.text and "/nieuw" not in eigen.text
    assert (await gerda.get("/wie-helpt-mij/nieuw")).status_code == 404
    teken = csrf(eigen.text)
    weg = f"/wie-helpt-mij/{mandaat['id']}/stop"
    assert (await gerda.post(weg, data={"csrf": teken})).status_code == 403
    assert "Gerda Blom namens Yvonne Verbeek" in (await yvonne.get("/wie-keek-mee?wie=alles")).text

    overzicht = await yvonne.get("/wie-helpt-mij")
    assert "Leest mee en vult in" in overzicht.text and "Peter Verbeek" in overzicht.text
    assert (await yvonne.post(weg, data={"csrf": csrf(overzicht.text)})).status_code == 303
    assert "Voorbij" in (await yvonne.get("/wie-helpt-mij")).text
    for pad in ("/", "/hulpmiddelen", "/delen"):
        antwoord = await gerda.get(pad)
        assert antwoord.status_code in (303, 404) and "rolstoel" not in antwoord.text.lower(), pad


async def test_een_lopende_sessie_ziet_niets_meer_zodra_het_mandaat_eindigt_zonder_dat_de_rol_weg_is(
    app: FastAPI,
) -> None:
    peter = await log_in(app, "peter")
    assert (await peter.get("/")).status_code == 200
    mandaat = next(r for r in await resources(app, YVONNE.patient, "RelatedPerson") if "Peter" in str(r))
    gisteren = {**mandaat, "period": {"start": "2025-01-03", "end": _over(-1)}}
    await vraag(app, DIENST, FhirRequest("PUT", "RelatedPerson", mandaat["id"], body=gisteren))
    for pad in ("/", "/hulpmiddelen", "/wie-keek-mee", "/delen", "/mijn-gegevens"):
        antwoord = await peter.get(pad)
        assert antwoord.status_code == 404 and "Uw toegang is voorbij" in antwoord.text, pad
        assert "Yvonne" not in antwoord.text


async def test_na_overlijden_is_het_paspoort_dicht_voor_iedereen_die_hier_inlogt(app: FastAPI) -> None:
    yvonne, peter = await log_in(app, "yvonne"), await log_in(app, "peter")
    persoon = (await resources(app, YVONNE.patient, "Patient"))[0]
    await vraag(app, DIENST, FhirRequest("PUT", "Patient", persoon["id"], body={**persoon, "deceasedBoolean": True}))
    assert "gesloten" in (await yvonne.get("/")).text and (await peter.get("/")).status_code == 404


ONVOLLEDIG: tuple[tuple[Json, str], ...] = (
    ({"soort": "curator"}, "Kies wat diegene mag"),
    ({"groep": []}, "Kies minstens één ding"),
    ({"groep": ["contact"]}, "Kies minstens één ding"),
    ({"tot": ""}, "Kies een dag na vandaag"),
    ({"tot": "vandaag"}, "Kies een dag na vandaag"),
    ({"tot": "9999-01-01"}, "Kies een dag na vandaag"),
)


async def test_een_onvolledige_keuze_zegt_wat_er_mist(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    for velden, zin in ONVOLLEDIG:
        keuze = {"soort": "helper-lezen", "groep": ["hulpmiddelen"], "tot": _over(10)} | velden
        antwoord = await stuur(yvonne, "/wie-helpt-mij/nieuw", keuze)
        assert antwoord.status_code == 422 and zin in antwoord.text


async def test_een_code_om_te_helpen_werkt_alleen_bij_helpen_en_nooit_voor_uzelf(app: FastAPI) -> None:
    yvonne, nienke = await log_in(app, "yvonne"), await log_in(app, "nienke")
    bladzijde = await geef(yvonne)
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', bladzijde.text)
    assert cijfers is not None
    assert "Deze code is er niet" in (await stuur(nienke, "/code", {"code": cijfers[1]})).text
    assert "uw eigen paspoort" in (await stuur(yvonne, "/helpen", {"code": cijfers[1]})).text
    assert (await stuur(nienke, "/helpen", {"code": cijfers[1]})).status_code == 303  # ook wie hier werkt, kan helpen
    assert (
        "Log eerst in"
        in (await httpx.AsyncClient(transport=yvonne._transport, base_url="http://test").get("/helpen")).text
    )


async def test_wie_nog_geen_rol_heeft_kan_inloggen_om_te_helpen(app: FastAPI, settings: Settings) -> None:
    bekend = json.loads((settings.data / "demo.json").read_text())
    nieuw = {"code": "noor", "naam": "Noor Nieuw", "rol": ""}
    (settings.data / "demo.json").write_text(json.dumps({"personen": [*bekend["personen"], nieuw]}))
    noor, yvonne = browser(app), await log_in(app, "yvonne")
    assert (await noor.post("/inloggen", data={"persoon": "noor", "volgende": "/helpen"})).status_code == 303
    assert (await noor.get("/hulpmiddelen")).status_code == 303
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', (await geef(yvonne, soort="helper-lezen")).text)
    assert cijfers is not None and (await stuur(noor, "/helpen", {"code": "12"})).status_code == 422
    assert (await stuur(noor, "/helpen", {"code": cijfers[1]})).status_code == 303
    adres = re.search(r"/wie-helpt-mij/code/\w+", (await yvonne.get("/")).text)
    assert adres is not None and "Noor Nieuw" in (await yvonne.get(adres[0])).text
    await stuur(yvonne, adres[0], {"besluit": "ja"})
    await kies(noor, "Yvonne")
    assert "namens Yvonne Verbeek" in (await noor.get("/hulpmiddelen")).text


async def test_een_helper_die_meeleest_verstuurt_geen_enkel_formulier(app: FastAPI) -> None:
    lisa, rene, nienke = await log_in(app, "lisa"), await log_in(app, "rene"), await log_in(app, "nienke")
    code = await volg(rene, await stuur(rene, "/delen/nieuw/advies", {}))
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', code.text)
    assert cijfers is not None and (await stuur(nienke, "/code", {"code": cijfers[1]})).status_code == 303
    assert "Is dit Nienke Postma?" in (await rene.get("/")).text
    start = await lisa.get("/")
    assert "u handelt namens René Hofman" in start.text and "Is dit" not in start.text
    antwoord = await lisa.post("/papier/nieuw/besluit", data={"csrf": csrf(start.text)})
    assert antwoord.status_code == 403 and "Vraag René Hofman" in antwoord.text
    assert "Dwarslaesie" not in (await lisa.get("/hulpmiddelen")).text


async def test_een_kind_van_dertien_kiest_wat_de_ouder_niet_ziet(app: FastAPI) -> None:
    opslag = app.state.opslag
    persoon = await ligt(app, "Patient", ANNA.patient)
    nu = vandaag()
    dertien = {**persoon, "birthDate": nu.replace(year=nu.year - 13, month=1, day=1).isoformat()}
    await vraag(app, DIENST, FhirRequest("PUT", "Patient", ANNA.patient, body=dertien))
    account = await account_van(opslag, ACCOUNT_ISSUER, "gerda")
    await zet_lidmaatschap(opslag, Lidmaatschap(account.id, "houder", patient=ANNA.patient, namens="Anna zelf"))
    anna, mirjam = await log_in(app, "gerda"), await log_in(app, "mirjam")
    await kies_paspoort(anna, ANNA.patient, app)
    overzicht = await anna.get("/wie-helpt-mij")
    assert "Ouder met gezag" in overzicht.text and "/stop" not in overzicht.text
    pad = f"/wie-helpt-mij/{id_van('anna', 'mirjam')}/afschermen"
    vorm = await anna.get(pad)
    device = re.search(r'value="(Device/[^"]+)"', vorm.text)
    assert device is not None and "Wat ziet Mirjam Kuipers niet?" in vorm.text
    assert (await stuur(anna, pad, {"stuk": [device[1], "Device/verzonnen"]})).status_code == 303
    dicht = next(r for r in await resources(app, ANNA.patient, "RelatedPerson") if "Mirjam" in str(r))
    verborgen = {e["valueReference"]["reference"] for e in dicht["extension"] if "valueReference" in e}
    assert device[1] in verborgen and any(v.startswith("DeviceUseStatement/") for v in verborgen)
    assert f"/hulpmiddelen/{device[1].partition('/')[2]}" not in (await mirjam.get("/hulpmiddelen")).text
    assert (await mirjam.get(pad)).status_code == 404
    assert "verborg" not in (await mirjam.get("/wie-helpt-mij")).text
    assert (await stuur(anna, pad, {})).status_code == 303
    open_ = next(r for r in await resources(app, ANNA.patient, "RelatedPerson") if "Mirjam" in str(r))
    assert not any("valueReference" in e for e in open_["extension"])


async def kies_paspoort(client: httpx.AsyncClient, patient: str, app: FastAPI) -> None:
    """Kies de houdersrol bij dit paspoort."""
    account = await account_van(app.state.opslag, ACCOUNT_ISSUER, "gerda")
    lid = next(x for x in await lidmaatschappen(app.state.opslag, account.id) if x.patient == patient)
    bladzijde = await client.get("/inloggen/rol")
    antwoord = await client.post("/inloggen/rol", data={"csrf": csrf(bladzijde.text), "lidmaatschap": lid.id})
    assert antwoord.status_code == 303


async def test_de_startbladzijde_zegt_een_verjaardag_op_tijd_aan(app: FastAPI) -> None:
    mirjam = await log_in(app, "mirjam")
    for leeftijd, zin in ((16, "kunt u hier niet meer in"), (12, "zelf inloggen")):
        persoon = await ligt(app, "Patient", ANNA.patient)
        geboren = verjaardag(vandaag() + timedelta(days=60), -leeftijd)
        nieuw = {**persoon, "birthDate": geboren.isoformat()}
        await vraag(app, DIENST, FhirRequest("PUT", "Patient", ANNA.patient, body=nieuw))
        start = (await mirjam.get("/")).text
        assert f"Anna Kuipers wordt {leeftijd} op" in start and zin in start


async def test_een_helper_schrijft_een_ja_op_dat_pas_telt_met_de_code_die_alleen_de_houder_kreeg(app: FastAPI) -> None:
    """Besluit 0030, van begin tot eind door de bladzijden: kiezen, code, gast, ja, wachten, bevestigen."""
    yvonne, gerda, nienke = await log_in(app, "yvonne"), await log_in(app, "gerda"), await log_in(app, "nienke")
    await laat_gerda_helpen(yvonne, gerda, groep=["hulpmiddelen", "toestemmingen"])
    await kies(gerda, "Yvonne")
    vooraf = {c["id"] for c in await resources(app, YVONNE.patient, "Consent")}

    # zij ziet geen geboortedatum en geen log: toch helpt zij nu, en staat er niet dat nog niemand keek
    assert "Er helpt nu niemand" not in (await gerda.get("/wie-helpt-mij")).text
    assert "Nog niemand" not in (await gerda.get("/")).text
    voorstel = await gerda.get("/delen/nieuw/advies")
    assert voorstel.status_code == 200 and "U ziet alleen wat u zelf mag lezen" in voorstel.text
    ziekten = [c["code"]["text"] for c in await resources(app, YVONNE.patient, "Condition") if "text" in c["code"]]
    assert ziekten and not [z for z in ziekten if z in voorstel.text]  # zij helpt alleen met hulpmiddelen
    antwoord = await stuur(gerda, "/delen/nieuw/advies", {"besluit": "ja"})
    bladzijde = await volg(gerda, antwoord)
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', bladzijde.text)
    assert cijfers
    await volg(nienke, await stuur(nienke, "/code", {"code": cijfers[1]}))
    wacht = await stuur(gerda, antwoord.headers["location"], {"besluit": "ja"})
    adres = wacht.headers["location"]
    assert adres.startswith("/delen/bevestig/")
    (nieuw,) = [c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] not in vooraf]
    assert nieuw["status"] == "proposed"

    brief = next(m for m in await te_doen(app.state.opslag, 2**52) if m.consent == nieuw["id"] and "code" in m.gegevens)
    code = brief.gegevens["code"]
    assert code not in (await gerda.get(adres)).text
    mis = await stuur(gerda, adres, {"code": "0000 0000" if code != "0000 0000" else "1111 1111"})
    assert mis.status_code == 422
    assert (await stuur(gerda, adres, {"code": code})).status_code == 303
    (nieuw,) = [c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] not in vooraf]
    assert nieuw["status"] == "active" and nieuw["verification"][0]["verified"] is True
    assert "Gerda Blom namens Yvonne Verbeek" in (await yvonne.get("/wie-keek-mee?wie=alles")).text


async def test_een_helper_stopt_en_verandert_geen_toestemming_en_een_helper_die_leest_geeft_er_geen(
    app: FastAPI,
) -> None:
    yvonne, gerda = await log_in(app, "yvonne"), await log_in(app, "gerda")
    await laat_gerda_helpen(yvonne, gerda, groep=["hulpmiddelen", "toestemmingen"])
    await kies(gerda, "Yvonne")
    lopend = next(c for c in await resources(app, YVONNE.patient, "Consent") if c["status"] == "active")
    teken = csrf((await gerda.get("/delen")).text)
    kaart = f"/delen/toestemming/{lopend['id']}"
    for pad in (kaart, f"{kaart}/minder", f"{kaart}/langer", "/delen/app"):
        antwoord = await gerda.post(pad, data={"csrf": teken, "besluit": "ja", "tot": _over(9), "app": "x"})
        assert antwoord.status_code == 403, pad
    (zelfde,) = [c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] == lopend["id"]]
    assert zelfde == lopend

    rene, yvonne_helpt = await log_in(app, "rene"), await log_in(app, "yvonne")
    bladzijde = await geef(rene, soort="helper-lezen", groep=["toestemmingen"])
    cijfers = re.search(r'hmp-code">(\d{3} \d{3})<', bladzijde.text)
    assert cijfers
    await volg(yvonne_helpt, await stuur(yvonne_helpt, "/helpen", {"code": cijfers[1]}))
    code = re.search(r"/wie-helpt-mij/code/\w+", (await rene.get("/")).text)
    assert code
    await volg(rene, await stuur(rene, code[0], {"besluit": "ja"}))
    await kies(yvonne_helpt, "René")
    teken = csrf((await yvonne_helpt.get("/delen")).text)
    assert (await yvonne_helpt.post("/delen/nieuw/advies", data={"csrf": teken})).status_code == 403
