"""Een toestemming versmallen, verlengen en volgen door de bladzijden: eerst zien hoe het wordt, dan geldt het."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.toestemming import uit_fhir
from server.demo.personen.yvonne import YVONNE
from server.demo.register import NIENKE
from server.fhir.request import FhirRequest
from server.post.mail import Postbode
from server.post.maildeur import Bericht
from server.settings import Settings
from tests.klok import vandaag
from tests.web.houderwereld import resources, stuur, volg
from tests.web.werkwereld import laat_lezen, log_in, wereld
from web.bladzijde import dag

Json = dict[str, Any]


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as app:
        yield app


class Bus:
    """Een deur die onthoudt wat eruit ging, of een tijdje dicht is."""

    def __init__(self, dicht: int = 0) -> None:
        self.berichten: list[Bericht] = []
        self.dicht = dicht

    async def stuur(self, id: str, bericht: Bericht) -> None:
        if self.dicht:
            self.dicht -= 1
            raise ConnectionRefusedError
        self.berichten.append(bericht)


async def gegeven(app: FastAPI) -> str:
    """Een verse toestemming voor Nienke; haar id."""
    await laat_lezen(app, YVONNE.patient)
    nieuwste = max(await resources(app, YVONNE.patient, "Consent"), key=lambda c: c["meta"]["lastUpdated"])
    assert NIENKE in str(nieuwste)
    return str(nieuwste["id"])


async def consent(app: FastAPI, id_: str) -> Json:
    return next(c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] == id_)


async def test_minder_laten_lezen_eerst_bekijken_dan_bewaren(app: FastAPI) -> None:
    id_ = await gegeven(app)
    await _het_hele_voorbeeld_zegt_wat_nienke_leest(app, id_)
    yvonne, nienke = await log_in(app, "yvonne"), await log_in(app, "nienke")
    pad = f"/delen/toestemming/{id_}/minder"
    vol = (await yvonne.get(pad)).text
    assert "Spinale musculaire atrofie" in (await nienke.get(f"/client/{YVONNE.patient}")).text
    groepen = [g for g in re.findall(r'name="groep" value="(\w+)"', vol) if g != "gezondheid"]
    alle = re.findall(r'name="stukken" value="([^"]+)"', vol)
    ding = next(p for p in alle if p.startswith("Device/"))
    velden = {"groepen": "ja", "groep": groepen, "stukken": alle, "stuk": [p for p in alle if p != ding]}

    bekeken = await stuur(yvonne, pad, {**velden, "besluit": "bekijk"})
    assert bekeken.status_code == 200 and "nog niet bewaard" in bekeken.text
    assert "gezondheid" in {c["code"] for c in (await consent(app, id_))["provision"]["securityLabel"]}

    kaart = await volg(yvonne, await stuur(yvonne, pad, {**velden, "besluit": "ja"}))
    assert "Bewaard. Dit geldt vanaf nu." in kaart.text
    t = uit_fhir(await consent(app, id_))
    assert t.groepen == frozenset(groepen) and ding in t.uitzonderingen
    gelezen = (await nienke.get(f"/client/{YVONNE.patient}")).text
    assert "Spinale musculaire atrofie" not in gelezen
    # het verloop zegt wat er gebeurde en wie het deed
    assert "Niet meer te lezen: diagnoses en prognose." in kaart.text
    assert "gingen dicht" in kaart.text or "ging dicht" in kaart.text
    assert "De toestemming begon." in kaart.text and "<small>U</small>" in kaart.text


async def test_minder_kan_niet_stiekem_meer_zijn_en_langer_niet_te_lang(app: FastAPI) -> None:
    id_ = await gegeven(app)
    yvonne = await log_in(app, "yvonne")
    pad = f"/delen/toestemming/{id_}/minder"
    voor = uit_fhir(await consent(app, id_))
    ver = (vandaag() + timedelta(days=900)).isoformat()
    te_lang = await stuur(yvonne, pad, {"groepen": "ja", "groep": ["contact"], "tot": ver, "besluit": "ja"})
    assert te_lang.status_code == 422 and 'href="#tot"' in te_lang.text
    await stuur(yvonne, pad, {"groepen": "ja", "groep": ["contact", "bsn", "toezicht"], "besluit": "ja"})
    na = uit_fhir(await consent(app, id_))
    assert na.groepen == {"contact"} and na.tot == voor.tot
    niets = await stuur(yvonne, pad, {"groepen": "ja", "besluit": "ja"})
    assert niets.status_code == 422 and "Laat minstens één ding lezen" in niets.text
    await stuur(yvonne, f"/delen/toestemming/{id_}", {})
    kort = (vandaag() + timedelta(days=7)).isoformat()
    id_ = await gegeven(app)
    over = re.findall(r'name="groep" value="(\w+)"', (await yvonne.get(f"/delen/toestemming/{id_}/minder")).text)
    await stuur(
        yvonne, f"/delen/toestemming/{id_}/minder", {"groepen": "ja", "groep": over, "tot": kort, "besluit": "ja"}
    )
    pad = f"/delen/toestemming/{id_}/langer"
    for fout in ("", "morgen", kort, (vandaag() + timedelta(days=400)).isoformat()):
        assert (await stuur(yvonne, pad, {"tot": fout})).status_code == 422, fout
    half = (vandaag() + timedelta(days=90)).isoformat()
    kaart = await volg(yvonne, await stuur(yvonne, pad, {"tot": half}))
    assert (await consent(app, id_))["provision"]["period"]["end"] == half
    assert "Langer: tot" in kaart.text and "Korter: tot" in kaart.text
    # en wat voorbij is, verandert niet meer
    kaart = await volg(yvonne, await stuur(yvonne, f"/delen/toestemming/{id_}", {}))
    assert "Er werd gestopt met delen." in kaart.text and "/minder" not in kaart.text
    assert f"<dt>Tot wanneer?</dt><dd>{dag(vandaag())}</dd>" in kaart.text, "de dag van het stoppen"
    for wat in ("minder", "langer"):
        assert (await yvonne.get(f"/delen/toestemming/{id_}/{wat}")).status_code == 404
    assert "Er valt niets te lezen" in (await yvonne.get(f"/delen/toestemming/{id_}/voorbeeld")).text


async def test_elke_verandering_geeft_een_mail_zonder_iets_gevoeligs(app: FastAPI) -> None:
    opslag = app.state.opslag
    bus = Bus()
    bode = Postbode(opslag, bus)
    await bode.ronde()
    bus.berichten.clear()  # van wat er in de demo al stond
    id_ = await gegeven(app)
    yvonne = await log_in(app, "yvonne")
    await stuur(
        yvonne, f"/delen/toestemming/{id_}/minder", {"groepen": "ja", "groep": ["contact", "eisen"], "besluit": "ja"}
    )
    await stuur(yvonne, f"/delen/toestemming/{id_}", {})
    assert await bode.ronde() == 3 and await bode.ronde() == 0
    assert [b.onderwerp for b in bus.berichten] == [
        "Iemand mag nu meelezen", "Iemand mag minder meelezen", "Iemand mag niet meer meelezen",
    ]  # fmt: skip
    patient = (await app.state.poort.handle(_yvonne(), FhirRequest("GET", "Patient", YVONNE.patient))).body
    for b in bus.berichten:
        assert b.aan.encode() in patient and "Nienke Postma van De Vlierhof" in b.tekst
        for geheim in ("advies", "ziekte", "rolstoel", "diagnose", "Yvonne", "eisen", id_, YVONNE.patient):
            assert geheim not in b.tekst + b.onderwerp, geheim
    # en wat niet weg kan, wacht en komt één keer aan
    nu = [time.time()]
    bus = Bus(dicht=2)
    bode = Postbode(opslag, bus, klok=lambda: nu[0])
    await gegeven(app)
    for _ in range(4):
        await bode.ronde()
        nu[0] += 3600
    assert len(bus.berichten) == 1 and 'uitkomst="mislukt"} 2' in bode.tekst()


def _yvonne() -> Any:
    from tests.web.werkwereld import houder_van

    return houder_van(YVONNE.patient)


async def _het_hele_voorbeeld_zegt_wat_nienke_leest(app: FastAPI, id_: str) -> None:
    yvonne, nienke = await log_in(app, "yvonne"), await log_in(app, "nienke")
    voorbeeld = (await yvonne.get(f"/delen/toestemming/{id_}/voorbeeld")).text
    bij_haar = (await nienke.get(f"/client/{YVONNE.patient}")).text
    regels = [re.sub(r"<[^>]+>", "", r) for r in re.findall(r"<ul[^>]*>(.*?)</ul>", bij_haar, re.S)]
    zinnen = [unescape(z).strip() for r in regels for z in r.splitlines() if z.strip()]
    kaal = unescape(re.sub(r"<[^>]+>", "", voorbeeld))
    assert zinnen and [z for z in zinnen if len(z) > 30 and z not in kaal] == []
    assert "Dit ziet Nienke Postma, De Vlierhof nu" in kaal
