"""Schorsen en ontslaan bij het tokenpunt: wie geschorst is krijgt geen nieuw token, en wat er liep eindigt."""

from __future__ import annotations

import time

import pytest
from authlib.oauth2.rfc6749 import InvalidGrantError

from paspoort.fhir.fhirjson import Json
from paspoort.fouten import PaspoortFout
from server.oauth.actor import actor_van_token
from server.oauth.bewaring import app_actor
from server.store.clients import Client
from server.store.passports import Opslag
from server.store.personeel import inlogs_van, schors_functie
from server.store.register import REGISTER
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from server.store.tokens import geef_token, maak_verlening
from server.store.versions import Wijziging
from tests.server.oauth.test_backend import vraag


async def test_een_geschorste_organisatie_krijgt_geen_nieuw_token_en_daarna_weer_wel(browser, opslag: Opslag) -> None:
    await opslag.schors("gemeente-veldkant")
    antwoord = await browser().post("/oauth/token", data=vraag())
    assert antwoord.status_code == 401 and antwoord.json()["error"] == "invalid_client"
    await opslag.schors("gemeente-veldkant", geschorst=False)
    assert (await browser().post("/oauth/token", data=vraag())).status_code == 200


async def test_schorsen_van_een_functie_beeindigt_haar_tokens_en_geen_andere(opslag: Opslag, wereld) -> None:
    nu, functie = int(time.time()), "therapeut-nienke"
    account = await bewaar_account(opslag, "https://inlog.test", "nienke", "Nienke")
    await zet_lidmaatschap(opslag, Lidmaatschap(account.id, "therapeut", "praktijk-handvat", functie))
    tokens = {}
    for wat in (functie, None):
        actor = {"soort": "persoon", "rol": "therapeut", "naam": "Nienke", "account": account.id, "functie": wat}
        v = await maak_verlening(opslag, "app", "user/*.rs", actor, nu, account=account.id)
        tokens[wat] = await geef_token(opslag, "toegang", v.familie, "app", "user/*.rs", actor, nu, nu + 600)
    assert (await actor_van_token(opslag, str(tokens[functie]))).functie == functie
    await schors_functie(opslag, functie, True, nu)
    assert opslag.register.is_stil(None, functie)
    with pytest.raises(PaspoortFout, match="niet-ingelogd"):
        await actor_van_token(opslag, str(tokens[functie]))
    assert (await actor_van_token(opslag, str(tokens[None]))).naam == "Nienke"
    assert [i.account.id for i in await inlogs_van(opslag, functie)] == [account.id]
    await schors_functie(opslag, functie, False, nu)
    assert not opslag.register.is_stil(None, functie)


async def test_een_app_van_een_organisatie_met_meer_soorten_houdt_haar_eigen_rol(opslag: Opslag, wereld) -> None:
    oud = opslag.register.get("Organization", "praktijk-handvat")
    assert oud is not None

    async def met_soorten(*soorten: str) -> None:
        coding = [{"coding": [{"system": oud.inhoud["type"][0]["coding"][0]["system"], "code": s}]} for s in soorten]
        inhoud: Json = {**oud.inhoud, "type": coding}
        m = await opslag.momentopname(REGISTER)
        await opslag.schrijf(
            REGISTER, m.volgnummer, [Wijziging("Organization", "praktijk-handvat", inhoud)], "dienst", "bron"
        )

    app = Client("a", "zorgpraktijk", "App", "praktijk-handvat")
    for soorten, rol in (
        (("zorgpraktijk", "leverancier"), "therapeut"),
        (("leverancier", "zorgpraktijk"), "therapeut"),
        (("leverancier",), "leverancier"),
    ):
        await met_soorten(*soorten)
        assert app_actor(app, opslag).rol == rol
    with pytest.raises(InvalidGrantError):
        app_actor(Client("a", "persoonlijk", "App"), opslag)
