# ruff: noqa: F811
"""Abonneren tegen het naïeve orakel: wie er een zet, wie er een ziet, en wie na elke stand nog iets hoort (§1, §6, §7).

Van organisaties loopt elke stand mee in `test_oppervlak_orakel.py` (oppervlak `abonnement`); hier wie mag, en de app
van een houder of vertegenwoordiger. Een bericht noemt alleen de Task.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from server.oauth.abonnee import abonnees
from server.oauth.actor import actor_als_json
from server.post.bezorger import Bezorger
from server.post.versturen import Verzender
from server.store.clients import Client, zet_client
from server.store.tokens import maak_verlening
from tests.conftest import actor
from tests.oppervlakken_anders import NAMENS
from tests.orakel import Taak
from tests.orakelschrijven import MAG_ABONNEREN
from tests.orakelwereld import MERK, VANDAAG, maak
from tests.server.access.test_namens_orakel import _resources, houder_kijkt, mag_namens
from tests.server.access.test_oppervlak_anders import client_van
from tests.server.access.test_oppervlak_orakel import ROLLEN, Plaats, dialect, plaats  # noqa: F401
from tests.server.post.conftest import aanvraag
from tests.zichtwereld import FUNCTIE, MANDAAT, NU, ORG, PASPOORT

Json = dict[str, Any]
SCOPES = "patient/*.cruds offline_access"


@pytest.mark.parametrize("rol", ROLLEN)
async def test_een_abonnement_zet_alleen_een_app_en_is_van_haar_alleen(plaats: Plaats, rol: str) -> None:
    app: Json = {"soort": "app", "organisatie": ORG[rol], "functie": None}
    ander = {**app, "organisatie": ORG[ROLLEN[ROLLEN.index(rol) - 1]]}
    wie = {
        "app": actor(rol, "system/*.cruds", client_id="een", **app),
        "mens": actor(rol, "user/*.cruds", client_id="een", organisatie=ORG[rol], functie=FUNCTIE[rol]),
        "app zonder scope": actor(rol, "system/Task.cruds system/Subscription.rs", client_id="een", **app),
        "andere app": actor(rol, "system/*.cruds", client_id="twee", **app),
        "ander huis": actor(ROLLEN[ROLLEN.index(rol) - 1], "system/*.cruds", client_id="drie", **ander),
    }
    clients = {naam: client_van(plaats, f"{rol} {naam}", a) for naam, a in wie.items()}
    vraag = aanvraag(plaats.ontvanger.adres)
    for naam, status in MAG_ABONNEREN.items():
        a = await clients[naam].post("Subscription", json=vraag)
        assert a.status_code == status, (rol, naam, a.text[:300])
    gemaakt = (await clients["app"].post("Subscription", json=vraag)).json()
    plek, nooit = f"Subscription/{gemaakt['id']}", "Subscription/nooit"
    uit = {**gemaakt, "status": "off"}
    for naam in ("andere app", "ander huis"):
        eigen_huis = naam == "andere app"
        c = clients[naam]
        for methode, dicht in (("GET", 404), ("PUT", 405), ("DELETE", 404)):
            json = {"json": uit} if methode == "PUT" else {}
            a = await c.request(methode, plek, **json)  # type: ignore[arg-type]
            if eigen_huis:  # "in sight, but not yours to change"
                assert a.status_code == (200 if methode == "GET" else 403), (methode, a.text)
                continue
            elders = {"json": {**uit, "id": "nooit"}} if methode == "PUT" else {}
            b = await c.request(methode, nooit, **elders)  # type: ignore[arg-type]
            assert (a.status_code, a.content) == (b.status_code, b.content), (rol, methode)
            assert a.status_code == dicht, (rol, methode, a.text[:300])
        gezien = (await c.get("Subscription?_count=50")).text
        assert (gemaakt["id"] in gezien) is eigen_huis, (rol, naam)
    assert (await clients["app"].delete(plek)).status_code == 204, rol


def hoort(rol: str, m: Any, h: Any) -> tuple[bool, bool]:
    """Of de app van deze mens nu van een Task hoort, en of haar abonnement nog leeft (§7 en groep `voortgang`)."""
    leeft = houder_kijkt(h) if rol == "houder" else mag_namens(m, h)
    onbeperkt = rol == "houder" or (not m.groepen and not str(m.soort).startswith("helper"))
    return leeft and (onbeperkt or "voortgang" in m.groepen), leeft


async def test_de_app_van_houder_of_vertegenwoordiger_hoort_na_elke_stand_wat_het_orakel_zegt(plaats: Plaats) -> None:
    """Het abonnement begint als alles mag; daarna komt de stand, en dan pas verandert de taak."""
    p, klok = plaats, NU.replace(day=VANDAAG).timestamp()
    bezorger = Bezorger(p.opslag, abonnees(p.opslag), Verzender(demo=True), lambda: klok)
    await zet_client(p.opslag, Client("gezin", "persoonlijk", "App", None, scopes=SCOPES))
    taak = maak([], [Taak("Task/t0", "Organization/ander", None, True, frozenset())], frozenset())[1][0]
    for stand, (rol, m, h) in NAMENS.items():
        namens = {"mandaat": MANDAAT, "namens": "Yvonne"} if rol == "vertegenwoordiger" else {}
        wie = actor(rol, SCOPES, patient=PASPOORT, client_id="gezin", **namens)
        ja = await maak_verlening(p.opslag, "gezin", SCOPES, actor_als_json(wie), int(time.time()), patient=PASPOORT)
        begin = NAMENS["de houder" if rol == "houder" else "gemachtigde"]
        await p.zet(taak, *_resources(*begin[1:]))
        app = client_van(
            p, stand, actor(rol, SCOPES, patient=PASPOORT, client_id="gezin", verlening=ja.familie, **namens)
        )
        a = await app.post("Subscription", json=aanvraag(p.ontvanger.adres))
        assert a.status_code == 201, (stand, a.text[:300])
        plek = a.json()["id"]
        await bezorger.ronde()
        for begonnen in (False, True):  # eerst zonder de stand: anders bewijst stilte niets
            if begonnen:
                await p.zet(*_resources(m, h))
            voor = len(p.ontvanger.post)
            await p.zet(taak)
            await bezorger.ronde()
            nieuw = [b.inhoud.decode() for b in p.ontvanger.post[voor:]]
            bericht, leeft = hoort(rol, m, h) if begonnen else (True, True)
            assert [("Task/t0" in b) for b in nieuw] == ([True] if bericht else []), (stand, begonnen, nieuw)
            assert not any(MERK.findall(b) or PASPOORT in b for b in nieuw), (stand, nieuw)
        opname = await p.opslag.momentopname(PASPOORT)
        versie = opname.get("Subscription", plek)
        assert versie is not None and (versie.inhoud["status"] == "off") is not leeft, (stand, versie.inhoud)
        events = await app.get(f"Subscription/{plek}/$events")
        assert bericht or "Task/t0" not in events.text, (stand, events.text[:300])
        await p.zet({**versie.inhoud, "status": "off"})
    await bezorger.stop()
