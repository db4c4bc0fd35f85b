"""Bladzijden terwijl er geschreven wordt: wat er bij het begin was, komt precies één keer; en wat een link verraadt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.stelsels import BSN
from paspoort.fhir.validatie import Validator
from server.fhir.definities import Definities
from server.fhir.gateway import Poort
from server.fhir.request import FhirRequest
from server.store.passports import Opslag
from server.store.versions import Wijziging
from tests.conftest import HOUDER, actor
from tests.databases import verse_settings

Json = dict[str, Any]


def doel(id_: str, **anders: Any) -> Json:
    wie = {"reference": f"Patient/{HOUDER}"}
    vast = {"lifecycleStatus": "active", "description": {"text": id_}, "subject": wie}
    return {"resourceType": "Goal", "id": id_, **vast, **anders}


def link(bundel: Json, naam: str) -> str | None:
    return next((k["url"] for k in bundel["link"] if k["relation"] == naam), None)


def ids(bundel: Json) -> list[str]:
    return [e["resource"]["id"] for e in bundel.get("entry", []) if e["search"]["mode"] == "match"]


# --- onder schrijven

opdracht = st.tuples(st.sampled_from(["raak", "maak", "weg", "sluit"]), st.integers(0, 9))


@given(
    st.lists(st.lists(opdracht, max_size=3), min_size=2, max_size=5),
    st.integers(1, 4),
    st.sampled_from([None, "_id", "-_id", "-_lastUpdated", "start-date", "-start-date,_id"]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_wat_er_bij_het_begin_was_komt_precies_een_keer(
    tmp_path_factory: pytest.TempPathFactory,
    validator: Validator,
    definities: Definities,
    beurten: list[list[tuple[str, int]]],
    aantal: int,
    sort: str | None,
) -> None:
    asyncio.run(_blader(tmp_path_factory.mktemp("b"), validator, definities, beurten, aantal, sort))


async def _blader(
    map_: Path,
    validator: Validator,
    definities: Definities,
    beurten: list[list[tuple[str, int]]],
    aantal: int,
    sort: str | None,
) -> None:
    with verse_settings("sqlite", map_) as instellingen:
        opslag = await Opslag.open(instellingen)
        try:
            poort = Poort(opslag, instellingen.fhir_url, validator, definities)
            await opslag.maak_partitie(HOUDER, "paspoort")
            staat = {f"d{n}": doel(f"d{n}", startDate=f"20{20 + n % 4}-01-01") for n in range(8)}

            async def schrijf(*wijzigingen: Wijziging) -> None:
                m = await opslag.momentopname(HOUDER)
                await opslag.schrijf(HOUDER, m.volgnummer, wijzigingen, f"Patient/{HOUDER}", "zelf", ())

            await schrijf(*(Wijziging("Goal", i, inhoud) for i, inhoud in staat.items()))
            begin, overleefd, beurt = set(staat), set(staat), iter(beurten)
            query: list[tuple[str, str]] = [("lifecycle-status", "active"), ("_count", str(aantal))]
            query += [("_sort", sort)] if sort else []
            gezien: list[str] = []
            while True:
                bundel = lees((await poort.handle(actor(), FhirRequest("GET", "Goal", query=tuple(query)))).body or b"")
                gezien += ids(bundel)
                assert len(gezien) < 100
                volgende = link(bundel, "next")
                if volgende is None:
                    break
                query = [(n, w[0]) for n, w in parse_qs(urlsplit(volgende).query).items()]
                for soort, n in next(beurt, []):
                    id_ = f"nieuw{n}" if soort == "maak" else f"d{n}"
                    bestaat = id_ in staat
                    if soort == "maak" and not bestaat:
                        staat[id_] = doel(id_, startDate="2021-06-01")
                        await schrijf(Wijziging("Goal", id_, staat[id_]))
                    elif soort == "raak" and bestaat:
                        staat[id_] = {**staat[id_], "startDate": f"20{10 + n}-03-03"}
                        await schrijf(Wijziging("Goal", id_, staat[id_]))
                    elif soort == "sluit" and bestaat:
                        staat[id_] = {**staat[id_], "lifecycleStatus": "completed"}
                        await schrijf(Wijziging("Goal", id_, staat[id_]))
                        overleefd.discard(id_)
                    elif soort == "weg" and bestaat:
                        del staat[id_]
                        await schrijf(Wijziging("Goal", id_, None))
                        overleefd.discard(id_)
            assert len(gezien) == len(set(gezien)), "iets kwam dubbel"
            assert overleefd <= set(gezien), "iets ontbrak"
            assert set(gezien) <= begin, "wat er later bij kwam, doet niet mee"
        finally:
            await opslag.sluit()


async def test_vooruit_en_terug_geven_dezelfde_bladzijden(als: Any, wereld: Any) -> None:
    await wereld.zet(HOUDER, *(doel(f"d{n}") for n in range(7)))
    client = als()
    heen: list[list[str]] = []
    bundel = (await client.get("Goal?_count=3&_sort=-_id")).json()
    assert link(bundel, "prev") is None
    while True:
        heen.append(ids(bundel))
        volgende = link(bundel, "next")
        if volgende is None:
            break
        bundel = (await client.get(volgende)).json()
    terug = [ids(bundel)]
    while vorige := link(bundel, "prev"):
        bundel = (await client.get(vorige)).json()
        terug.append(ids(bundel))
    assert heen == [["d6", "d5", "d4"], ["d3", "d2", "d1"], ["d0"]]
    assert terug == [["d0"], ["d3", "d2", "d1"], ["d6", "d5", "d4"]]


# --- wat een link verraadt


async def test_wat_met_post_gezocht_is_staat_in_geen_enkele_link(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/gemeente-veldkant", "onderzoek", "contact", "bsn", "persoon")
    client = als(rol="verstrekker")
    vraag = {"identifier": f"{BSN}|999911120", "family": "Yvonne", "birthdate": "1979-05-04"}
    antwoord = await client.post("Patient/_search", data=vraag)
    assert ids(antwoord.json()) == [HOUDER]
    assert all(geheim not in link(antwoord.json(), "self") for geheim in ("999911120", "Yvonne", "1979", "family"))
    opnieuw = await client.get(link(antwoord.json(), "self"))
    assert ids(opnieuw.json()) == [HOUDER]  # `self` doet dezelfde vraag, zonder haar te tonen


async def test_een_volgende_bladzijde_van_post_zoekt_met_get_op_hetzelfde_verder(als: Any, wereld: Any) -> None:
    await wereld.zet(HOUDER, *(doel(f"d{n}", lifecycleStatus="active" if n % 2 else "completed") for n in range(8)))
    client = als()
    bundel = (await client.post("Goal/_search?_count=2", data={"lifecycle-status": "active"})).json()
    gezien = ids(bundel)
    while volgende := link(bundel, "next"):
        assert "active" not in volgende
        assert set(parse_qs(urlsplit(volgende).query)) == {"_bladzijde", "_count"}
        bundel = (await client.get(volgende)).json()
        gezien += ids(bundel)
    assert sorted(gezien) == ["d1", "d3", "d5", "d7"]


async def test_een_link_is_alleen_voor_wie_hem_kreeg_en_voor_die_vraag(als: Any, wereld: Any) -> None:
    await wereld.zet(HOUDER, *(doel(f"d{n}") for n in range(4)))
    client = als()
    volgende = link((await client.get("Goal?_count=2")).json(), "next") or ""
    teken = parse_qs(urlsplit(volgende).query)["_bladzijde"][0]
    assert (await client.get(volgende)).status_code == 200
    assert (await als(scopes="patient/Goal.rs").get(volgende)).status_code == 200  # een ander token, dezelfde vrager
    await wereld.deel("Organization/praktijk-handvat", "advies", "functioneren", "contact")
    gerommeld = teken[:-2] + ("AA" if teken[-2:] != "AA" else "BB")
    for antwoord in (
        await als(rol="therapeut").get(volgende),
        await als(client_id="andere-app").get(volgende),
        await client.get("Condition", params={"_bladzijde": teken}),
        await client.get(f"Patient/{HOUDER}/Goal", params={"_bladzijde": teken}),
        await client.get("Goal", params={"_bladzijde": gerommeld}),
        await client.get("Goal", params={"_bladzijde": teken, "lifecycle-status": "active"}),
    ):
        assert antwoord.status_code == 400, antwoord.text
        assert antwoord.json()["issue"][0]["expression"] == ["_bladzijde"]


async def test_na_intrekken_geeft_ook_een_oude_link_niets_meer(als: Any, wereld: Any) -> None:
    await wereld.zet(HOUDER, *(doel(f"d{n}") for n in range(4)))
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "functioneren", "contact")
    client = als(rol="therapeut")
    bundel = (await client.get(f"Goal?patient={HOUDER}&_count=2")).json()
    assert len(ids(bundel)) == 2
    await wereld.trek_in(id_)
    assert ids((await client.get(link(bundel, "next"))).json()) == []


async def test_definities_en_het_log_bladeren_ook(als: Any, anoniem: httpx.AsyncClient) -> None:
    for client, vraag in ((anoniem, "ValueSet?_count=7"), (als(), "AuditEvent?_count=2")):
        await client.get("Goal")
        bundel = (await client.get(vraag)).json()
        gezien, totaal = ids(bundel), bundel["total"]
        while (volgende := link(bundel, "next")) and len(gezien) < totaal:
            bundel = (await client.get(volgende)).json()
            gezien += ids(bundel)
        assert len(gezien) == len(set(gezien)) >= totaal
