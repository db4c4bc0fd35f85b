"""Een bericht bij een advies: een seintje voor de houder en voor wie het aangaat, zonder één woord van wat er staat."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from server.post.mail import Postbode
from server.post.maildeur import SmtpDeur
from server.store.mail import telling
from server.store.mailrow import DAG, OCHTEND
from tests.conftest import FUNCTIES, GEMEENTE, HOUDER, PRAKTIJK
from tests.server.fhir.test_advies_berichten import bericht, final
from tests.server.fhir.test_advies_gebeurtenissen import deel_concept, parameters
from tests.server.fhir.test_stroom_definitief import begin
from tests.server.post.test_mail_de_deur_uit import smtp

VERBODEN = ("Zuurbes", "Yvonne", "Verbeek", "advies/", "houder-yvonne", "Veldkant", "Nienke")


@pytest.fixture
def dialect() -> str:
    """Gaat niet over de database."""
    return "sqlite"


async def met_adressen(wereld: Any, *rollen: str) -> None:
    """De houder wil mail, en wie deze rol heeft op het werk ook."""
    patient = (await wereld.momentopname()).get("Patient", HOUDER).inhoud
    await wereld.zet(HOUDER, {**patient, "telecom": [{"system": "email", "value": "houder@voorbeeld.example"}]})
    for naam in rollen:
        rol = wereld.opslag.register.get("PractitionerRole", FUNCTIES[naam]).inhoud
        await wereld.zet("register", {**rol, "telecom": [{"system": "email", "value": f"{naam}@werk.example"}]})
    await wereld.momentopname()


async def verstuur(wereld: Any, settings: Any, na: float = 0, kenmerken: Any = None) -> list[tuple[str, str]]:
    """Wat er nu, of `na` zoveel seconden, weggaat: aan wie, en de tekst met het onderwerp."""
    async with smtp() as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        bode = Postbode(wereld.opslag, deur, lambda: time.time() + na)
        while await bode.ronde():
            pass
        await bode.stop()
    if kenmerken is not None:
        kenmerken += [str(p["Message-ID"]) for p in server.post]
    return sorted((str(p["To"]), str(p["Subject"]) + p.get_content()) for p in server.post)


async def test_wie_meedenkt_geeft_de_houder_en_de_schrijver_een_seintje_per_dag(
    als: Any, wereld: Any, settings: Any
) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    await met_adressen(wereld, "therapeut", "verstrekker")
    await verstuur(wereld, settings)
    consulent, plek = als(rol="verstrekker"), f"QuestionnaireResponse/{id_}"
    for tekst in ("Zuurbes.", "Nog een Zuurbes."):
        assert (await consulent.post("Communication", json=bericht("opmerking", id_, tekst))).status_code == 201
    assert (await consulent.post(f"{plek}/$afgestemd", json=parameters(opmerking="Zuurbes."))).status_code == 201
    post = await verstuur(wereld, settings)
    assert [aan for aan, _ in post] == ["houder@voorbeeld.example", "therapeut@werk.example"]
    assert not [w for _, tekst in post for w in VERBODEN if w in tekst], post


@pytest.mark.parametrize("dialect", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_wat_na_de_mail_van_vandaag_komt_meldt_de_mail_van_morgen(als: Any, wereld: Any, settings: Any) -> None:
    """Niet vandaag nog een keer, en nooit nooit; een mailprogramma houdt de tweede niet voor de eerste."""
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    await met_adressen(wereld, "therapeut")
    consulent, beiden = als(rol="verstrekker"), ["houder@voorbeeld.example", "therapeut@werk.example"]
    await verstuur(wereld, settings)
    kenmerken: list[str] = []
    for wanneer, komt in ((0, True), (0, False), (DAG + OCHTEND, True)):
        if not wanneer:
            a = await consulent.post("Communication", json=bericht("opmerking", id_, "Zuurbes."))
            assert a.status_code == 201, a.text
        post = await verstuur(wereld, settings, wanneer, kenmerken)
        assert [aan for aan, _ in post] == (beiden if komt else []), (wanneer, post)
        assert not [w for _, tekst in post for w in VERBODEN if w in tekst], post
    assert len(set(kenmerken)) == 4, kenmerken
    # Daarna ligt er niets meer.
    assert await verstuur(wereld, settings, 2 * DAG) == [] and (await telling(wereld.opslag))["wacht"] == 0


async def test_een_vraag_gaat_naar_de_schrijver_en_het_antwoord_naar_wie_vroeg(
    als: Any, wereld: Any, settings: Any
) -> None:
    therapeut, id_ = await final(als, wereld)
    await met_adressen(wereld, "therapeut", "verstrekker")
    await verstuur(wereld, settings)
    vraag = await als(rol="verstrekker").post("Communication", json=bericht("vraag", id_, "Zuurbes?"))
    assert vraag.status_code == 201, vraag.text
    post = await verstuur(wereld, settings)
    assert [aan for aan, _ in post] == ["houder@voorbeeld.example", "therapeut@werk.example"]
    op = {"inResponseTo": [{"reference": f"Communication/{vraag.json()['id']}"}]}
    assert (await therapeut.post("Communication", json=bericht("antwoord", id_, "Zuurbes.", **op))).status_code == 201
    post += (terug := await verstuur(wereld, settings))
    assert [aan for aan, _ in terug] == ["verstrekker@werk.example"], "de houder kreeg er vandaag al een"
    assert not [w for _, tekst in post for w in VERBODEN if w in tekst], post


async def test_zonder_adres_en_na_wissen_gaat_er_niets_weg(als: Any, wereld: Any, settings: Any) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    await verstuur(wereld, settings)
    consulent = als(rol="verstrekker")
    assert (await consulent.post("Communication", json=bericht("opmerking", id_, "Zuurbes."))).status_code == 201
    assert (await telling(wereld.opslag))["wacht"] == 2
    await met_adressen(wereld, "therapeut")
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    assert await verstuur(wereld, settings) == [] and (await telling(wereld.opslag))["vervallen"] >= 2


async def test_wie_niet_meer_meeleest_hoort_ook_niet_dat_er_iets_gebeurde(als: Any, wereld: Any, settings: Any) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    await met_adressen(wereld, "therapeut")
    await verstuur(wereld, settings)
    consulent = als(rol="verstrekker")
    assert (await consulent.post("Communication", json=bericht("opmerking", id_, "Zuurbes."))).status_code == 201
    gestopt = [v.inhoud for v in (await wereld.momentopname()).van_type("Consent") if PRAKTIJK in v.tekst.decode()]
    assert gestopt
    await wereld.zet(HOUDER, *({**c, "status": "inactive"} for c in gestopt))
    # de houder hoort van de opmerking, en dat de toestemming stopte
    assert {aan for aan, _ in await verstuur(wereld, settings)} == {"houder@voorbeeld.example"}
