"""Wie keek mee: kiezen wie, wat en wanneer, bladeren, de uitleg per regel, en een kopie bewaren."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from paspoort.fhir.validatie import Validator
from paspoort.toestemming import HIER
from server.demo.personen.yvonne import YVONNE
from server.demo.register import HUISWIJS, VLIERHOF
from server.store.logrow import Logregel
from server.store.versions import Wijziging
from tests.databases import verse_settings
from tests.logboek import logboek
from tests.web.houderwereld import stuur
from tests.web.werkwereld import log_in, wereld
from web.houder.meekijken import Regel, _beurten
from web.houder.meekijken_zoeken import DAG_HOOGSTENS

MAANDEN_TERUG = datetime.now(UTC) - timedelta(days=90)


def regel(**anders: object) -> Logregel:
    vast: dict[str, object] = {
        "actor": "PractitionerRole/x", "naam": "Mia Bakker", "rol": "therapeut", "organisatie": VLIERHOF,
        "client": None, "namens": None, "handeling": "read", "partitie": YVONNE.patient, "doel": "advies",
        "grond": "toestemming:Consent/weg", "wat": ("Device/a",), "uitkomst": "gelukt",
    }  # fmt: skip
    return Logregel(**{**vast, **anders})  # type: ignore[arg-type]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    with verse_settings("sqlite", tmp_path) as instellingen:
        async with wereld(instellingen, (YVONNE,)) as app:
            oud = MAANDEN_TERUG.strftime("%Y-%m-%dT%H:%M:00.000Z")
            bericht = {
                "resourceType": "Communication", "id": "reden-1", "status": "completed",
                "subject": {"reference": f"Patient/{YVONNE.patient}"},
                "payload": [{"contentString": "Nienke is ziek, ik neem haar werk over."}],
            }  # fmt: skip
            opslag = app.state.opslag
            m = await opslag.momentopname(YVONNE.patient)
            await opslag.schrijf(
                YVONNE.patient,
                m.volgnummer,
                [Wijziging("Communication", "reden-1", bericht)],
                "PractitionerRole/x",
                "bron",
            )
            await opslag.log(
                [
                    regel(moment=oud, naam="Oude Inzage"),
                    regel(naam="Karin Collega", grond="toestemming:Consent/weg aanleiding:Communication/reden-1"),
                    regel(naam="=HYPERLINK(1)", organisatie=HUISWIJS, uitkomst="geweigerd", grond=None),
                    regel(
                        naam="Peter Zoon", rol="vertegenwoordiger", organisatie=None, namens="Yvonne",
                        handeling="update", grond="mandaat:RelatedPerson/m", doel=None, wat=("Device/b",),
                    ),
                ]
            )  # fmt: skip
            yield app


@pytest.fixture
async def yvonne(app: FastAPI) -> httpx.AsyncClient:
    return await log_in(app, "yvonne")


async def lijst(client: httpx.AsyncClient, **query: str) -> str:
    antwoord = await client.get("/wie-keek-mee", params=query)
    assert antwoord.status_code == 200
    return antwoord.text.partition('id="lijst"')[2]


async def test_het_filter_kiest_wie_wat_en_wanneer(yvonne: httpx.AsyncClient) -> None:
    gewoon = await lijst(yvonne)
    assert "Karin Collega bekeek" in gewoon and "Peter Zoon namens Yvonne wijzigde een hulpmiddel." in gewoon
    assert "keek wie er meekeek" not in gewoon, "wat zij zelf deed, staat er pas bij als zij dat vraagt"
    assert "keek wie er meekeek" in await lijst(yvonne, wie="ik", wat="toegang")
    namens = await lijst(yvonne, wie="namens")
    assert "Peter Zoon" in namens and "Karin" not in namens
    geweigerd = await lijst(yvonne, wat="geweigerd")
    assert "=HYPERLINK(1) wilde iets doen wat niet mocht" in geweigerd and "Karin" not in geweigerd
    assert "Karin" in await lijst(yvonne, wie=VLIERHOF) and "HYPERLINK" not in await lijst(yvonne, wie=VLIERHOF)
    schrijven = await lijst(yvonne, wat="schrijven")
    assert "Peter Zoon" in schrijven and "Karin" not in schrijven
    dag = (MAANDEN_TERUG.astimezone(HIER) + timedelta(days=1)).date().isoformat()  # ook vlak voor middernacht
    oud = await lijst(yvonne, tot=dag)
    assert "Oude Inzage" in oud and "Karin" not in oud
    assert "Oude Inzage" not in await lijst(yvonne, van=dag)
    alleen = MAANDEN_TERUG.astimezone(HIER).date().isoformat()
    assert "Oude Inzage" in await lijst(yvonne, van=alleen, tot=dag)


async def test_elke_regel_zegt_waarom_het_mocht_en_een_collega_zijn_reden(yvonne: httpx.AsyncClient) -> None:
    tekst = await lijst(yvonne)
    assert "Dit mocht door uw toestemming. Een collega keek mee en gaf een reden. Waarvoor:" in tekst
    assert "<strong>Reden:</strong> Nienke is ziek, ik neem haar werk over." in tekst
    assert "Er was geen toestemming, of die was al voorbij." in tekst
    assert "Dit mocht door een mandaat." in tekst


async def test_een_dag_die_niet_klopt_is_een_fout_bij_dat_veld(yvonne: httpx.AsyncClient) -> None:
    for query, veld in (({"van": "gisteren"}, "van"), ({"van": "2026-03-02", "tot": "2026-03-01"}, "tot")):
        antwoord = await yvonne.get("/wie-keek-mee", params=query)
        assert antwoord.status_code == 422
        assert f'href="#{veld}"' in antwoord.text and f'id="{veld}-fout"' in antwoord.text


async def test_bladeren_toont_elke_regel_een_keer(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    """Honderdtwintig regels op drie dagen: de bladzijde houdt op aan het eind van een dag."""
    dagen = [(MAANDEN_TERUG + timedelta(days=3 + n)).strftime("%Y-%m-%dT12:00:00.000Z") for n in range(3)]
    await app.state.opslag.log([regel(naam=f"Persoon {n:03d}", moment=dagen[n // 40]) for n in range(120)])
    gezien: list[str] = []
    na = ""
    for _ in range(10):
        tekst = await lijst(yvonne, wie=VLIERHOF, **({"na": na} if na else {}))
        gezien += [d[:11] for d in tekst.split("<p>") if d.startswith("Persoon ")]
        if 'name="na" value="' not in tekst:
            break
        na = tekst.partition('name="na" value="')[2].partition('"')[0]
    assert sorted(gezien) == [f"Persoon {n:03d}" for n in range(120)]
    assert len(gezien) == len(set(gezien))


async def test_wat_op_een_dag_bij_elkaar_hoort_staat_op_een_bladzijde_met_het_hele_aantal(
    app: FastAPI, yvonne: httpx.AsyncClient
) -> None:
    dag = (MAANDEN_TERUG + timedelta(days=3)).strftime("%Y-%m-%dT12:{:02d}:00.000Z")
    await app.state.opslag.log([regel(naam="Drukke Schrijver", moment=dag.format(n // 4)) for n in range(80)])
    bladzijde = await lijst(yvonne, wie=VLIERHOF, van=dag[:10], tot=dag[:10])
    assert bladzijde.count("<p>Drukke Schrijver bekeek") == 1
    assert "80 keer vanaf" in bladzijde and 'name="na"' not in bladzijde


async def test_een_dag_met_heel_veel_regels_gaat_verder_en_slaat_niets_over(
    app: FastAPI, yvonne: httpx.AsyncClient
) -> None:
    moment = (MAANDEN_TERUG + timedelta(days=3)).strftime("%Y-%m-%dT12:00:00.000Z")
    await app.state.opslag.log([regel(naam=f"Persoon {n:03d}", moment=moment) for n in range(DAG_HOOGSTENS + 10)])
    eerste = await lijst(yvonne, wie=VLIERHOF, tot=moment[:10], van=moment[:10])
    na = eerste.partition('name="na" value="')[2].partition('"')[0]
    tweede = await lijst(yvonne, wie=VLIERHOF, tot=moment[:10], van=moment[:10], na=na)
    assert [eerste.count("<p>Persoon "), tweede.count("<p>Persoon ")] == [DAG_HOOGSTENS, 10]
    assert sorted(re.findall(r"<p>Persoon (\d+)", eerste + tweede)) == [f"{n:03d}" for n in range(DAG_HOOGSTENS + 10)]


async def test_een_kopie_als_tabel_staat_in_het_log_en_begint_geen_formule(
    app: FastAPI, yvonne: httpx.AsyncClient
) -> None:
    antwoord = await stuur_kopie(yvonne, vorm="csv")
    assert antwoord.headers["content-type"].startswith("text/csv")
    naam = antwoord.headers["content-disposition"]
    assert naam.startswith('attachment; filename="wie-keek-mee-20') and "vonne" not in naam + str(antwoord.url)
    assert antwoord.headers["cache-control"] == "no-store"
    rijen = list(csv.DictReader(io.StringIO(antwoord.content.decode("utf-8-sig")), delimiter=";"))
    collega = next(r for r in rijen if r["wie"] == "Karin Collega")
    assert collega["reden"] == "Nienke is ziek, ik neem haar werk over."
    assert collega["waarop"] == "Device/a" and collega["doel"] == "advies" and collega["uitkomst"] == "gelukt"
    assert next(r for r in rijen if r["rol"] == "vertegenwoordiger")["namens"] == "Yvonne"
    assert not [c for r in rijen for c in r.values() if c.startswith(("=", "+", "-", "@"))]
    gemaakt = await logboek(app.state.opslag, "log-bewaard")
    assert [(r.partitie, r.rol, r.grond) for r in gemaakt] == [(YVONNE.patient, "houder", "eigen")]


async def test_een_kopie_voor_een_ander_systeem_zijn_geldige_audit_events_binnen_het_filter(
    yvonne: httpx.AsyncClient,
) -> None:
    alles = json.loads((await stuur_kopie(yvonne, vorm="json")).content)
    assert alles["resourceType"] == "Bundle" and alles["type"] == "collection"
    validator = Validator.laad()
    assert [m for e in alles["entry"][:40] for m in validator.controleer(e["resource"]) if m.ernst == "error"] == []
    weigeringen = json.loads((await stuur_kopie(yvonne, vorm="json", wat="geweigerd")).content)["entry"]
    assert 0 < len(weigeringen) < len(alles["entry"])
    assert {e["resource"]["outcome"] for e in weigeringen} == {"4"}
    leeg = json.loads((await stuur_kopie(yvonne, vorm="json", tot="2001-01-01")).content)
    assert "entry" not in leeg


async def test_een_kopie_vraagt_een_formulier_van_hier_en_een_houder(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    assert (await yvonne.get("/wie-keek-mee/bestand")).status_code == 405
    assert (await yvonne.post("/wie-keek-mee/bestand", data={"vorm": "csv"})).status_code == 403
    fout = await stuur(yvonne, "/wie-keek-mee", {"van": "x"})
    assert fout.status_code == 405, "de lijst zelf neemt geen formulier aan"
    nienke = await log_in(app, "nienke")
    assert (await nienke.post("/wie-keek-mee/bestand", data={"vorm": "csv"})).status_code == 404
    assert await logboek(app.state.opslag, "log-bewaard") == []


async def test_zonder_log_geen_kopie(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    """Kan het maken van een kopie niet in het log, dan gaat er geen bestand weg."""
    bladzijde = await yvonne.get("/wie-keek-mee")
    await app.state.opslag.db.sluit()
    teken = bladzijde.text.partition('name="csrf" value="')[2].partition('"')[0]
    antwoord = await yvonne.post("/wie-keek-mee/bestand", data={"csrf": teken, "vorm": "csv"})
    assert antwoord.status_code in (500, 503) and "Karin" not in antwoord.text


async def stuur_kopie(client: httpx.AsyncClient, **velden: str) -> httpx.Response:
    bladzijde = await client.get("/wie-keek-mee")
    teken = bladzijde.text.partition('name="csrf" value="')[2].partition('"')[0]
    antwoord = await client.post("/wie-keek-mee/bestand", data={"csrf": teken, **velden})
    assert antwoord.status_code == 200, antwoord.text[:300]
    return antwoord


def test_een_schrijfbeurt_is_een_zin_met_hoe_vaak_en_weigeren_staat_elk_op_zich() -> None:
    def regel(moment: str, zin: str = "N. wijzigde een advies.", gelukt: bool = True) -> Regel:
        return Regel(f"2026-11-22T{moment}:00.000Z", zin, "", "", "", None, gelukt, f"2026-11-22T{moment}:00.000Z")

    kijk = "N. bekeek een doel."
    rij = [regel("14:20"), regel("14:19", kijk), regel("14:01"), regel("14:00", kijk), regel("13:20")]
    beurten = _beurten(rij)
    assert [(b.zin, b.keer, b.vanaf[11:16]) for b in beurten] == [
        (rij[0].zin, 2, "14:01"), (kijk, 2, "14:00"), (rij[0].zin, 1, "13:20"),
    ]  # fmt: skip
    assert sum(b.keer for b in beurten) == len(rij)
    nee = [regel("14:20", gelukt=False), regel("14:19", gelukt=False)]
    assert len(_beurten(nee)) == 2
