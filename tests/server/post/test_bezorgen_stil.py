"""Wat er gebeurt als de opslag stil is of een rij niet klopt: de post draait niet rond en houdt anderen niet op."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from paspoort.fouten import Melding, PaspoortFout
from server.post.bezorger import RONDES, Bezorger
from server.post.mail import GEDULD, Postbode
from server.post.maildeur import SmtpDeur
from server.store.mail import telling, verborgen
from server.store.mailrow import VRAAG, leg_klaar
from server.store.sql import Unit
from tests.server.post.conftest import Klok, Postkantoor, aanvraag
from tests.server.post.test_mail_de_deur_uit import smtp


@pytest.fixture
def dialect() -> str:
    """Gaat niet over de database."""
    return "sqlite"


async def test_een_opslag_die_stil_is_houdt_een_ronde_niet_aan_de_gang(kantoor: Postkantoor) -> None:
    vragen = 0

    async def stil(*_: object) -> str:
        nonlocal vragen
        vragen += 1
        # Een bezorger zonder grens draaide hier door; een andere fout stelt uit, zodat de toets dan toch eindigt.
        raise PaspoortFout(Melding("opslag-stil")) if vragen <= 2 * RONDES else RuntimeError

    assert (await kantoor.app.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))).status_code == 201
    bezorger = Bezorger(kantoor.opslag, stil, klok=kantoor.klok)
    await bezorger.ronde()
    assert vragen == RONDES and kantoor.ontvanger.post == []
    await bezorger.stop()
    await kantoor.bezorger.ronde()
    assert len(kantoor.ontvanger.post) == 1, "de handdruk lag er nog"


async def test_een_mail_die_niet_te_ontcijferen_is_houdt_de_andere_niet_op(wereld: Any, settings: Any) -> None:
    opslag, klok = wereld.opslag, Klok()
    goed = {"aan": "yvonne@voorbeeld.example", "naam": "Mia", "organisatie": "Veldkant", "token": "t"}
    # De eerste rij draagt de inhoud van een andere: zij klopt niet met haar sleutel.
    rijen = [leg_klaar(id_, VRAAG, inhoud=verborgen(opslag, van, goed)) for id_, van in (("a", "x"), ("b", "b"))]
    await opslag.db.voer_uit(Unit(tuple(rijen)))
    async with smtp() as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        bode = Postbode(opslag, deur, klok)
        for wacht in (0, *GEDULD):
            klok.nu += wacht
            await bode.ronde()
        await bode.stop()
    assert [str(p["To"]) for p in server.post] == ["yvonne@voorbeeld.example"]
    assert await telling(opslag) == {"wacht": 0, "dood": 1, "gestuurd": 1}, "de beheerder ziet haar als dode brief"
