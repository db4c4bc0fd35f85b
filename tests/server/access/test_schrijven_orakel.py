# ruff: noqa: F811
"""Schrijven en abonneren over HTTP tegen het naïeve orakel (`orakelschrijven.py`): rol × stand × wijze × resource.

Wie iets niet ziet, krijgt op een wijziging precies dezelfde bytes als bij iets wat nooit bestond; een nee verandert
niets. De gewone ronde is paarsgewijs, `lang` doet elke combinatie.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from server.store.versions import Wijziging
from tests.conftest import actor
from tests.oppervlakken_anders import NAMENS
from tests.orakel import _bestaat, zichtbaar
from tests.orakelschrijven import (
    DINGEN,
    GEGEVENS,
    HOUDERS,
    NIEUW,
    WIJZEN,
    Beeld,
    Ding,
    antwoord,
    groepen_van,
    nieuw,
)
from tests.orakelwereld import VANDAAG, Wereld, aanwezig, maak, standen, vrager_van
from tests.server.access.test_namens_orakel import _resources, houder_kijkt, mag_namens
from tests.server.access.test_oppervlak_anders import client_van
from tests.server.access.test_oppervlak_orakel import ROLLEN, Plaats, dialect, plaats  # noqa: F401
from tests.zichtwereld import FUNCTIE, MANDAAT, ORG, PASPOORT, PATIENT

Json = dict[str, Any]
NOOIT = "nooit"
# Elke wijziging verandert echt iets: wat gelijk blijft, zou een controle die niet kijkt niet verraden.
ANDERS: Json = {"language": "fy"}


async def zet(p: Plaats, wie: str, *resources: Json) -> None:
    """Rechtstreeks in de opslag, op naam van deze schrijver."""
    m = await p.opslag.momentopname(PASPOORT)
    wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in resources]
    await p.opslag.schrijf(PASPOORT, m.volgnummer, wijzigingen, wie, "bron", ())


async def maak_paspoort(p: Plaats, schrijver: str) -> None:
    """Het paspoort van `orakelschrijven`, zonder de rest; wat `eigen` is, is van deze schrijver."""
    m = await p.opslag.momentopname(PASPOORT)
    weg = [Wijziging(v.type, v.id, None) for v in m.alle() if not v.verwijderd and f"{v.type}/{v.id}" not in GEGEVENS]
    await p.opslag.schrijf(PASPOORT, m.volgnummer, weg, PATIENT, "zelf", ())
    await zet(p, PATIENT, *(d.inhoud for d in DINGEN if d.van == "houder"))
    await zet(p, schrijver, *(d.inhoud for d in DINGEN if d.van == "eigen"))


class Schrijver:
    """Eén vrager in één stand: stuurt, vergelijkt met het orakel, en zet terug wat er stond."""

    def __init__(self, p: Plaats, client: httpx.AsyncClient, beeld: Beeld, schrijver: str, uitleg: tuple[Any, ...]):
        self.p, self.client, self.beeld, self.schrijver, self.uitleg = p, client, beeld, schrijver, uitleg

    async def stuur(self, wijze: str, type_: str, id_: str, inhoud: Json, versie: int) -> httpx.Response:
        """De wijziging, langs een van de wegen die er zijn."""
        koppen = {"if-match": f'W/"{versie}"'}
        inhoud = inhoud | {"id": id_} | ANDERS
        if wijze == "PATCH":
            proef = json.dumps([{"op": "add", "path": f"/{naam}", "value": w} for naam, w in ANDERS.items()])
            koppen["content-type"] = "application/json-patch+json"
            return await self.client.patch(f"{type_}/{id_}", content=proef, headers=koppen)
        if wijze == "DELETE":
            return await self.client.delete(f"{type_}/{id_}")
        if wijze == "PUT?":
            zonder = {k: w for k, w in inhoud.items() if k != "id"} | {"meta": {"versionId": str(versie)}}
            return await self.client.put(f"{type_}?_id={id_}", json=zonder)
        if wijze == "PUT":
            return await self.client.put(f"{type_}/{id_}", json=inhoud, headers=koppen)
        methode, _, soort = wijze.partition(" in ")
        regel: Json = {"request": {"method": methode, "url": f"{type_}/{id_}"}}
        if methode == "PUT":
            regel |= {"resource": inhoud}
            regel["request"]["ifMatch"] = koppen["if-match"]
        bundel = {"resourceType": "Bundle", "type": {"transactie": "transaction"}.get(soort, soort), "entry": [regel]}
        return await self.client.post("", json=bundel)

    async def wijzig(self, wijze: str, d: Ding) -> None:
        """Eén wijziging van iets wat er is, en bij een verborgen ding dezelfde van iets wat er nooit was."""
        m = await self.p.opslag.momentopname(PASPOORT)
        type_, _, id_ = d.plek.partition("/")
        versie = m.get(type_, id_)
        assert versie is not None
        a = await self.stuur(wijze, type_, id_, d.inhoud, versie.versie)
        status, hoort = uitkomst(wijze, a), antwoord(wijze, d, self.beeld)
        waar = (*self.uitleg, wijze, d.plek)
        nu = await self.p.opslag.momentopname(PASPOORT)
        erna = nu.volgnummer
        if hoort in (404, 405):
            b = await self.stuur(wijze, type_, NOOIT, d.inhoud, versie.versie)
            if wijze == "PUT?" and (a.status_code, b.status_code) == (201, 201):
                await self.haal_weg(type_, a, b)  # niets gevonden: dan is het maken, ook bij iets verborgens
                return
            assert (a.status_code, kaal(a, id_)) == (b.status_code, kaal(b, NOOIT)), (waar, a.text[:400], b.text[:400])
            assert status >= 400 and erna == m.volgnummer, (waar, a.text[:300])
            assert wijze == "PUT?" or status == hoort, (waar, status, hoort, a.text[:300])
            return
        if wijze.startswith("DELETE") and d.wordt_genoemd and hoort == 204:
            assert status in (204, 409, 422), (waar, status)
        else:
            assert status == hoort, (waar, status, hoort, a.text[:300])
        if status >= 400:
            assert erna == m.volgnummer, waar
        else:
            laatste = nu.get(type_, id_)
            weg = wijze.startswith("DELETE")
            assert laatste is not None and laatste.verwijderd is weg, waar
            assert weg or ANDERS.items() <= laatste.inhoud.items(), waar
            await zet(self.p, PATIENT if d.van == "houder" else self.schrijver, d.inhoud)

    async def haal_weg(self, type_: str, *gemaakt: httpx.Response) -> None:
        """Wat er net bij kwam, weer weg; het orakel kent het niet."""
        m = await self.p.opslag.momentopname(PASPOORT)
        ids = [a.headers["location"].partition(f"{type_}/")[2].partition("/")[0] for a in gemaakt]
        await self.p.opslag.schrijf(
            PASPOORT, m.volgnummer, [Wijziging(type_, i, None) for i in ids], PATIENT, "zelf", ()
        )

    async def maak(self, naam: str) -> None:
        """Iets nieuws; in een paspoort waar niets te zien is, precies zoals in een paspoort dat er nooit was."""
        inhoud, groep = NIEUW[naam]
        m = await self.p.opslag.momentopname(PASPOORT)
        a = await self.client.post(inhoud["resourceType"], json=inhoud)
        waar, hoort = (*self.uitleg, naam), nieuw(groep, self.beeld)
        if not self.beeld.loopt:
            elders = json.loads(json.dumps(inhoud).replace(PATIENT, f"Patient/{NOOIT}"))
            b = await self.client.post(inhoud["resourceType"], json=elders)
            assert (a.status_code, kaal(a, PASPOORT)) == (b.status_code, kaal(b, NOOIT)), (waar, a.text[:300])
            assert a.status_code >= 400, waar
        elif groep is None:
            assert a.status_code in (403, 405), (waar, a.status_code)
        elif hoort is None:
            assert a.status_code == 201 or a.status_code >= 400, (waar, a.status_code)
        else:
            assert a.status_code == hoort, (waar, a.status_code, hoort, a.text[:300])
        if a.status_code == 201:
            await self.haal_weg(inhoud["resourceType"], a)
        else:
            assert (await self.p.opslag.momentopname(PASPOORT)).volgnummer == m.volgnummer, waar


def uitkomst(wijze: str, a: httpx.Response) -> int:
    """De status van de ene wijziging; die van een batch staat in haar regel."""
    if a.status_code == 200 and " in " in wijze:
        return int(a.json()["entry"][0]["response"]["status"][:3])
    return a.status_code


def kaal(a: httpx.Response, id_: str) -> bytes:
    """Het antwoord zonder het id dat de vrager zelf noemde."""
    return a.content.replace(id_.encode(), b"ID")


async def _loop(p: Plaats, rol: str, alles: bool) -> None:
    for nummer, (stand, (ts, ks)) in enumerate(standen(rol).items()):
        for app in (False, True):
            beurt, over = divmod(nummer + ROLLEN.index(rol), 2)
            if not alles and (over or beurt % 2 == app):
                continue  # om en om een stand, en om en om als mens en als app
            schrijver = f"Organization/{ORG[rol]}" if app else f"PractitionerRole/{FUNCTIE[rol]}"
            await maak_paspoort(p, schrijver)
            werk = [r for r in maak(ts, ks, frozenset())[1] if r["resourceType"] in ("Consent", "Task")]
            await zet(p, PATIENT, *werk)
            wereld = Wereld(dict(GEGEVENS), ts, ks, {"DeviceUseStatement/zit": "Device/rolstoel"})
            vrager, _ = vrager_van(rol, app)
            er, mag = aanwezig(wereld, vrager), zichtbaar(wereld, vrager, VANDAAG)
            groepen, loopt, beperkt = groepen_van(wereld, rol, vrager.namen, VANDAAG)
            beeld = Beeld(rol, er, mag, groepen, False, loopt=loopt, beperkt=beperkt)
            s = Schrijver(p, p.als(rol, app), beeld, schrijver, (rol, "app" if app else "mens", stand))
            for k, d in enumerate(DINGEN):
                for j, wijze in enumerate(WIJZEN):
                    if alles or (nummer + k + j + ROLLEN.index(rol)) % len(WIJZEN) == 0:
                        await s.wijzig(wijze, d)
            for k, naam in enumerate(NIEUW):
                if alles or (nummer + k) % 3 == ROLLEN.index(rol):
                    await s.maak(naam)


async def test_schrijven_mag_precies_wie_het_orakel_noemt(plaats: Plaats) -> None:
    for rol in ROLLEN:
        await _loop(plaats, rol, alles=False)


@pytest.mark.lang
@pytest.mark.parametrize("rol", ROLLEN)
async def test_schrijven_elke_combinatie(plaats: Plaats, rol: str) -> None:
    await _loop(plaats, rol, alles=True)
    assert plaats.gesteld[0] >= 1_500, plaats.gesteld


# --- de houder en wie haar vertegenwoordigt (§7)


def beeld_namens(rol: str, m: Any, h: Any) -> Beeld:
    """Wat de houder of een vertegenwoordiger ziet en mag, naïef."""
    alles = {s.merk for gegeven in GEGEVENS.values() for s in gegeven.stukken}
    kan = houder_kijkt(h) if rol == "houder" else mag_namens(m, h)
    if not kan:
        return Beeld(rol, set(), set(), set(), False, loopt=False)
    helper = m.soort in ("helper-lezen", "helper-invullen")
    onbeperkt = rol == "houder" or (not m.groepen and not helper)
    alle = {x for gegeven in GEGEVENS.values() for x in gegeven.zien} | {"verzoeken"}
    groepen = alle if onbeperkt else set(m.groepen) | {"contact"}
    dicht = m.afgeschermd if rol != "houder" else frozenset()
    er = {p for p, x in GEGEVENS.items() if p not in dicht and x.zien & groepen}
    per_plek = {p: groepen if p not in dicht else set() for p in GEGEVENS}
    mag = {
        s.merk
        for p in er
        for s in GEGEVENS[p].stukken
        if s.nodig <= groepen and (s.ook is None or _bestaat(Wereld(dict(GEGEVENS)), per_plek, s.ook))
    }
    heel = groepen >= {"contact", "persoon", "bsn"}
    assert onbeperkt or not mag >= alles
    return Beeld(rol, er, mag, groepen, heel, schrijft=m.soort != "helper-lezen")


async def _namens(p: Plaats, alles: bool) -> None:
    praktijk = "PractitionerRole/nienke"
    for nummer, (stand, (rol, m, h)) in enumerate(NAMENS.items()):
        if m.soort == "helper-invullen":
            continue  # wat invullen is, zegt §7 niet; zie tests/server/access/test_vertegenwoordiging_schrijven.py
        await maak_paspoort(p, praktijk)
        mens = {
            **DINGEN[0].inhoud,
            **{k: w for k, w in _resources(m, h)[0].items() if k in ("birthDate", "deceasedBoolean")},
        }
        await zet(p, PATIENT, mens, *(r for r in _resources(m, h) if r["resourceType"] == "RelatedPerson"))
        wie = {"mandaat": MANDAAT, "namens": "Yvonne"} if rol == "vertegenwoordiger" else {}
        client = client_van(p, f"schrijft {stand}", actor(rol, "patient/*.cruds", patient=PASPOORT, **wie))
        s = Schrijver(p, client, beeld_namens(rol, m, h), praktijk, (stand,))
        for k, d in enumerate(DINGEN[1:]):
            for j, wijze in enumerate(WIJZEN):
                if alles or (nummer + k + j) % len(WIJZEN) == 0:
                    await s.wijzig(wijze, d)
        for k, naam in enumerate(NIEUW):
            if alles or m.soort == "helper-lezen" or (nummer + k) % 4 == 0:
                await s.maak(naam)


async def test_houder_en_vertegenwoordiger_schrijven_wat_het_orakel_zegt(plaats: Plaats) -> None:
    await _namens(plaats, alles=False)


@pytest.mark.lang
async def test_houder_en_vertegenwoordiger_schrijven_elke_combinatie(plaats: Plaats) -> None:
    await _namens(plaats, alles=True)


def test_het_orakel_zegt_bij_elke_rol_meer_dan_een_ding() -> None:
    """Een orakel dat altijd nee zegt, vindt niets."""
    for rol in (*ROLLEN, "houder"):
        beeld = Beeld(rol, set(GEGEVENS), {s.merk for x in GEGEVENS.values() for s in x.stukken}, set(), True)
        gezegd = {antwoord(wijze, d, beeld) for d in DINGEN for wijze in WIJZEN}
        assert gezegd >= {200, 403} | ({204} if rol in HOUDERS else set()), (rol, gezegd)
