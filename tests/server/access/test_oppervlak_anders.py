# ruff: noqa: F811
"""Houder, vertegenwoordiger, team, aanleiding, fijne scope en uitnodiging over HTTP, tegen het naïeve orakel.

Aanvulling op `test_oppervlak_orakel.py`: dezelfde oppervlakken en dezelfde vergelijking, met wie daar niet vraagt. De
gewone ronde is paarsgewijs (elke stand, elk oppervlak); `lang` doet elke combinatie.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

import server.store.versions as versies
from server.access.actor import Actor
from tests.conftest import actor
from tests.oppervlakken_anders import (
    FIJN,
    NAAM,
    NAMENS,
    Fijn,
    bladzijden_namens,
    kijkers,
    mag_en_er,
    register_van,
    sessie_namens,
    types_van,
    zet_register,
)
from tests.oppervlakken_erbij import losse_lezing, operaties, uitvoer, zoeken
from tests.orakel import Vrager, Wereld, zichtbaar
from tests.orakelpaspoort import GEGEVENS, RESOURCES
from tests.orakelteams import Aanleiding, voor
from tests.orakelwereld import MERK, VANDAAG, aanwezig, maak, standen, vrager_van
from tests.server.access import test_oppervlak_orakel as basis
from tests.server.access.test_namens_orakel import _resources
from tests.server.access.test_oppervlak_orakel import Plaats, Vraag, _plek, dialect, plaats  # noqa: F401
from tests.server.access.test_teams_orakel import bericht
from tests.zichtwereld import FUNCTIE, MANDAAT, ORG, PASPOORT, PATIENT

Json = dict[str, Any]


class VraagNamens(Vraag):
    """Met ook het eigen mandaat en de toestemmingen in beeld, die geen woord dragen."""

    def kent(self, pad: str, plekken: list[str], types: set[str]) -> None:
        super().kent(pad, [p for p in plekken if not p.startswith("RelatedPerson/")], types)


def client_van(p: Plaats, teken: str, wie: Actor) -> httpx.AsyncClient:
    """Een client die als deze vrager over HTTP vraagt, en meetelt."""
    p.kaarten.actors[teken] = wie
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=p.app), base_url="http://test/fhir/",
        headers={"authorization": f"Bearer {teken}", "accept": "application/fhir+json"},
        event_hooks={"request": [p.tel]},
    )  # fmt: skip
    p.clients.append(client)
    return client


# --- houder en vertegenwoordiger (§7)

OPPERVLAKKEN_NAMENS = (
    basis.alles_in_bladzijden, basis.compartiment, basis.xml, basis.elk_type, basis.batch, basis.wat_meekomt,
    basis.geschiedenis, basis.korter, zoeken, uitvoer, losse_lezing, operaties, bladzijden_namens,
)  # fmt: skip


async def _namens(plaats: Plaats, alles: bool) -> None:
    koekjes: dict[str, str] = {}

    async def cookie_namens(rol: str) -> str:
        if rol not in koekjes:
            koekjes[rol] = await sessie_namens(plaats, rol)
        return koekjes[rol]

    plaats.cookie_namens = cookie_namens  # type: ignore[attr-defined]
    for nummer, (stand, (rol, m, h)) in enumerate(NAMENS.items()):
        await plaats.zet(*_resources(m, h))
        mag, er = mag_en_er(rol, m, h)
        wie = {"mandaat": MANDAAT, "namens": "Yvonne"} if rol == "vertegenwoordiger" else {}
        client = client_van(plaats, stand, actor(rol, "patient/*.cruds", patient=PASPOORT, **wie))
        v = VraagNamens(client, Wereld(dict(GEGEVENS)), mag, er, (), plaats, rol)
        for k, oppervlak in enumerate(OPPERVLAKKEN_NAMENS):
            if alles or (nummer + k) % 5 == 0:
                v.uitleg = (stand, oppervlak.__name__)
                await oppervlak(v)
                if oppervlak is operaties:  # een kale patch mag de houder wel: zet terug wat er stond
                    await plaats.zet(*_resources(m, h))


async def test_houder_en_vertegenwoordiger_zien_langs_elk_oppervlak_wat_het_orakel_toestaat(
    plaats: Plaats,
) -> None:
    await _namens(plaats, alles=False)


@pytest.mark.lang
async def test_houder_en_vertegenwoordiger_elke_combinatie(plaats: Plaats) -> None:
    await _namens(plaats, alles=True)
    assert plaats.gesteld[0] >= 3_000, plaats.gesteld


# --- teams en aanleiding (§1)

OPPERVLAKKEN_TEAM = tuple(
    o for o in basis.OPPERVLAKKEN if o.__name__ not in ("abonnement", "bladzijden")
)  # het abonnement is van de app, de bladzijden van vaste mensen


async def _teams(plaats: Plaats, alles: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, (wie, (kijker, aan_team)) in enumerate(kijkers().items()):
        await zet_register(plaats, register_van(kijker.huis))
        for a in kijker.aanleidingen:
            await _opent(plaats, f"open-{n}", a.mens, a.uren, monkeypatch)
        soort: Json = (
            {"soort": "persoon", "functie": kijker.mens} if kijker.mens else {"soort": "app", "client_id": "a"}
        )
        scopes = "user/*.cruds" if kijker.mens else "system/*.cruds"
        app = not kijker.mens
        velden = soort if kijker.mens else {**soort, "functie": None}
        client = client_van(plaats, wie, actor("verstrekker", scopes, organisatie="gemeente", **velden))
        for nummer, (stand, (ts, ks)) in enumerate(standen("verstrekker").items()):
            if aan_team and ks and kijker.huis.teams:
                ks = [_aan(k, kijker.huis.teams[0].id) for k in ks]
            feiten, resources = maak(ts, ks or standen("verstrekker")["een gesloten opdracht"][1], frozenset(GEGEVENS))
            vast = [r for r in resources if _plek(r) in ("Consent/c0", "Task/t0")]
            if not ts:
                vast += maak(standen("verstrekker")["ingetrokken"][0], [], frozenset())[1]
            await plaats.zet(*vast)
            namen = {f"Organization/{kijker.huis.organisatie}", kijker.naam}
            bij, vrager = voor(feiten, kijker, VANDAAG), Vrager("verstrekker", frozenset(namen))
            v = Vraag(
                client, bij, zichtbaar(bij, vrager, VANDAAG), aanwezig(bij, vrager), (), plaats, "verstrekker", app
            )
            for k, oppervlak in enumerate(OPPERVLAKKEN_TEAM):
                if alles or (nummer * 7 + n * 5 + k) % 45 == 0:
                    v.uitleg = (wie, stand, oppervlak.__name__)
                    await oppervlak(v)
        await _sluit(plaats, f"open-{n}")


def _aan(taak: Any, team: str) -> Any:
    return type(taak)(taak.plek, f"Organization/{team}", taak.doel, taak.open, taak.wijst)


async def _opent(plaats: Plaats, id_: str, mens: str, uren: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """De aanleiding zoals de server haar schrijft, zoveel uur vóór de klok van de deur."""

    gemaakt = bericht(0, Aanleiding(mens, uren))
    inhoud, moment = gemaakt.inhoud | {"id": id_}, gemaakt.moment
    with monkeypatch.context() as m:
        # De opslag zet het moment; hier is dat de klok van de deur, en niet die van nu.
        m.setattr(versies, "nu_als_instant", lambda _: moment)
        opname = await plaats.opslag.momentopname(PASPOORT)
        wijziging = [versies.Wijziging("Communication", id_, inhoud)]
        await plaats.opslag.schrijf(PASPOORT, opname.volgnummer, wijziging, f"PractitionerRole/{mens}", "bron", ())


async def _sluit(plaats: Plaats, id_: str) -> None:
    opname = await plaats.opslag.momentopname(PASPOORT)
    if opname.get("Communication", id_) is not None:
        weg = [versies.Wijziging("Communication", id_, None)]
        await plaats.opslag.schrijf(PASPOORT, opname.volgnummer, weg, PATIENT, "zelf", ())


async def test_teams_en_aanleiding_langs_elk_oppervlak(plaats: Plaats, monkeypatch: pytest.MonkeyPatch) -> None:
    await _teams(plaats, False, monkeypatch)


@pytest.mark.lang
async def test_teams_en_aanleiding_elke_combinatie(plaats: Plaats, monkeypatch: pytest.MonkeyPatch) -> None:
    await _teams(plaats, True, monkeypatch)
    assert plaats.gesteld[0] >= 10_000, plaats.gesteld


# --- fijne scopes (§3, *Scope narrows, never widens*)


async def _fijn(v: Vraag, fijn: Fijn) -> None:
    lezen, zoeken_ = types_van(fijn, "r"), types_van(fijn, "s")
    for plek in RESOURCES:
        a = await v.client.get(plek)
        v.gezien(plek, a.text)
        goed = 200 if plek in v.er else 404 if plek.partition("/")[0] in lezen else 403
        assert a.status_code == goed, (v.uitleg, plek, a.status_code, goed)
        await v.get(f"{plek}/_history/1", 200, 403, 404)
        await v.get(f"{plek}/_history", 200, 403, 404)
    for type_ in basis.TYPES:
        a = await v.client.get(f"{type_}?{'_id' if type_ in ('Patient', 'Provenance') else 'patient'}={PASPOORT}")
        v.gezien(type_, a.text)
        if type_ not in zoeken_:
            assert a.status_code in (403, 400), (v.uitleg, type_, a.status_code)
            continue
        gevonden = {_plek(r["resource"]) for r in a.json().get("entry", ())}
        assert gevonden == {p for p in v.er if p.startswith(f"{type_}/")}, (v.uitleg, type_, gevonden)
        for erbij in ("_include=*&_revinclude=*", "_include:iterate=*", "_summary=true"):
            b = await v.client.get(f"{type_}?patient={PASPOORT}&{erbij}")
            v.gezien(erbij, b.text)
    for pad in (f"{PATIENT}/$everything", f"{PATIENT}/*", "AuditEvent?_count=50"):
        await v.get(pad, 200, 400, 403, 404)
    regels = [{"request": {"method": "GET", "url": p}} for p in sorted(RESOURCES)]
    a = await v.client.post("", json={"resourceType": "Bundle", "type": "batch", "entry": regels})
    v.gezien("batch", a.text)
    for wijziging in ("delete", "patch"):
        for plek in sorted(RESOURCES)[:3]:
            koppen = {"content-type": "application/json-patch+json", "if-match": 'W/"2"'}
            anders: Json = {"content": "[]", "headers": koppen} if wijziging == "patch" else {}
            a = await getattr(v.client, wijziging)(plek, **anders)
            assert a.status_code in (403, 405), (v.uitleg, plek, a.status_code)  # geen van deze scopes schrijft


LANG = [pytest.param(rol, marks=pytest.mark.lang) for rol in ("verstrekker", "leverancier")]


@pytest.mark.parametrize("rol", ["therapeut", "houder", *LANG])
async def test_een_fijne_scope_laat_alleen_zien_wat_eraan_voldoet(plaats: Plaats, rol: str) -> None:
    stand = standen("therapeut" if rol == "houder" else rol)
    for nummer, fijn in enumerate(FIJN):
        for naam in ("alles", "met uitzonderingen", "een opdracht") if nummer == 0 else ("alles",):
            ts, ks = stand[naam]
            feiten, resources = maak(ts, ks, frozenset(GEGEVENS))
            zonder = [] if ts else maak(stand["ingetrokken"][0], [], frozenset())[1]
            await plaats.zet(*zonder, *(r for r in resources if _plek(r) in ("Consent/c0", "Task/t0")))
            if rol == "houder":
                mag, er = mag_en_er(*NAMENS["de houder"])
                wie = actor("houder", " ".join(f"patient/{s}" for s in fijn.scopes.split()), patient=PASPOORT)
            else:
                vrager, _ = vrager_van(rol, False)
                mag, er = zichtbaar(feiten, vrager, VANDAAG), aanwezig(feiten, vrager)
                wie = basis_actor(rol, fijn)
            er &= fijn.plekken
            mag &= {s.merk for p in er for s in GEGEVENS[p].stukken}
            v = Vraag(
                client_van(plaats, f"{rol}{nummer}{naam}", wie), feiten, mag, er, (rol, fijn.scopes, naam), plaats
            )
            await _fijn(v, fijn)
            if ks:  # sluit de opdracht: de volgende stand heeft haar niet
                await plaats.zet(*(r for r in maak([], stand["een gesloten opdracht"][1], frozenset())[1]))


def basis_actor(rol: str, fijn: Fijn) -> Actor:
    """De mens in deze rol, met een token voor deze scopes."""
    scopes = " ".join(f"user/{s}" for s in fijn.scopes.split())
    return actor(rol, scopes, organisatie=ORG[rol], functie=FUNCTIE[rol])


# --- QR, link en cijfers: wat de gast ziet vóór het ja


@pytest.mark.parametrize("rol", ["therapeut", "verstrekker", "leverancier"])
async def test_een_uitnodiging_noemt_de_gast_niets_dan_de_naam(plaats: Plaats, rol: str) -> None:
    """De houder ziet in het voorbeeld wat de ander straks leest; de ander ziet tot haar ja hooguit haar naam."""
    m, h = NAMENS["de houder"][1:]
    await plaats.zet(*_resources(m, h))
    await plaats.zet(*maak(*standen(rol)["ingetrokken"], frozenset())[1])
    houder = {"cookie": f"hmp={await sessie_namens(plaats, 'houder')}"}
    keuze = {"therapeut": "advies", "verstrekker": "onderzoek", "leverancier": "reparatie"}[rol]
    voorstel = await plaats.web.get(f"/delen/nieuw/{keuze}", headers=houder)
    teken = re.search(r'name="csrf" value="([^"]+)"', voorstel.text)
    assert voorstel.status_code == 200 and teken and NAAM in voorstel.text
    velden = {"csrf": teken[1], "besluit": "ja", "hulpmiddel": "Device/rolstoel"}
    gemaakt = await plaats.web.post(f"/delen/nieuw/{keuze}", headers=houder, data=velden)
    assert gemaakt.status_code == 303, gemaakt.text[:500]
    kaart = await plaats.web.get(gemaakt.headers["location"], headers=houder)
    cijfers, token = re.search(r'hmp-code">([\d ]+)<', kaart.text), re.search(r"/uitnodiging#([\w-]+)", kaart.text)
    assert cijfers and token
    gast = {"cookie": f"hmp={await plaats.cookie(rol)}"}
    bladzijde = await plaats.web.get("/code", headers=gast)
    csrf = re.search(r'name="csrf" value="([^"]+)"', bladzijde.text)
    assert csrf
    antwoord = await plaats.web.post("/code", headers=gast, data={"csrf": csrf[1], "code": cijfers[1]})
    teksten = [antwoord.text]
    for pad in ("/uitnodiging", "/uitnodiging/wacht", "/clienten", "/", f"/client/{PASPOORT}"):
        teksten.append((await plaats.web.get(pad, headers=gast)).text)
    if antwoord.status_code == 303:
        teksten.append((await plaats.web.get(antwoord.headers["location"], headers=gast)).text)
    assert {w for t in teksten for w in MERK.findall(t)} <= {NAAM}, rol
    assert (await plaats.als(rol, False).get(PATIENT)).status_code == 404
    voorbeeld = await plaats.web.get(f"{gemaakt.headers['location']}/voorbeeld", headers=houder)
    gezien = set(MERK.findall(voorbeeld.text))
    assert voorbeeld.status_code == 200 and gezien, voorbeeld.status_code
    assert not gezien & {s.merk for g in GEGEVENS.values() for s in g.stukken if s.nodig is None}
