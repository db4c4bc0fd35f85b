"""Het log: vóór het antwoord, als keten, per paspoort en per organisatie te lezen, en anders stopt alles."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, audit, dagwortel, logcontrole


async def test_een_regel_komt_terug_zoals_zij_gelogd_is(opslag: Opslag, paspoort: str, maak: Any) -> None:
    gelogd = maak.regel(paspoort, client="app-1", namens="P. Voorbeeld")
    await opslag.log([gelogd])
    (gelezen,) = await audit.regels_van_paspoort(opslag, paspoort)
    assert gelezen.id
    assert gelezen.moment.endswith("Z")
    for veld in ("actor", "naam", "rol", "organisatie", "client", "namens", "handeling", "partitie", "doel", "grond"):
        assert getattr(gelezen, veld) == getattr(gelogd, veld), veld
    assert gelezen.wat == gelogd.wat
    assert await audit.regel(opslag, gelezen.id) == gelezen
    assert await audit.regel(opslag, "bestaat-niet") is None


async def test_nieuwste_eerst_met_bladzijden_en_zonder_die_van_anderen(
    opslag: Opslag, paspoort: str, maak: Any
) -> None:
    await opslag.maak_partitie("p2", "paspoort")
    for i in range(7):
        await opslag.log([maak.regel(paspoort, wat=(f"Condition/c{i}",)), maak.regel("p2", organisatie="ander")])
    gezien: list[str] = []
    na = None
    while bladzijde := await audit.regels_van_paspoort(opslag, paspoort, na=na, aantal=3):
        gezien += [r.wat[0] for r in bladzijde]
        na = bladzijde[-1].id
    assert gezien == [f"Condition/c{i}" for i in range(6, -1, -1)]
    eigen = await audit.regels_van_organisatie(opslag, "praktijk")
    assert [r.partitie for r in eigen] == ["p1"] * 7
    assert len(await audit.regels_van_organisatie(opslag, "ander")) == 7


async def test_zonder_log_geen_antwoord_en_geen_versie(opslag: Opslag, paspoort: str, maak: Any, ruw: Any) -> None:
    ruw.doe("ALTER TABLE logregel RENAME TO weg")
    with pytest.raises(PaspoortFout) as fout:
        await opslag.log([maak.regel(paspoort)])
    assert fout.value.meldingen[0].code == "opslag-stil"
    with pytest.raises(PaspoortFout) as fout:
        await maak.schrijf(opslag, paspoort, maak.aandoening("c1"), log=(maak.regel(paspoort),))
    assert fout.value.meldingen[0].code == "opslag-stil"
    ruw.doe("ALTER TABLE weg RENAME TO logregel")
    assert (await opslag.momentopname(paspoort)).alle() == ()
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"), log=(maak.regel(paspoort),))
    assert (await logcontrole.controleer(opslag)).goed, "na een storing begint een nieuwe stroom"


VERBREEK = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


async def test_een_verbroken_verbinding_geneest_vanzelf(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    if settings.database_url.startswith("sqlite"):
        pytest.skip("SQLite heeft geen verbinding om te verbreken")
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
    ruw.doe(VERBREEK)
    bevestigd = {"c1"}
    codes: set[str] = set()
    for i in range(20):
        try:
            await maak.schrijf(opslag, paspoort, maak.aandoening(f"n{i}"), log=(maak.regel(paspoort),))
            bevestigd.add(f"n{i}")
        except PaspoortFout as fout:
            codes |= {m.code for m in fout.meldingen}
    assert codes <= {"opslag-stil"}
    assert len(bevestigd) > 10, "de pool maakt nieuwe verbindingen"
    opslag.vergeet(paspoort)
    assert {v.id for v in (await opslag.momentopname(paspoort)).alle()} >= bevestigd
    assert (await logcontrole.controleer(opslag)).goed


async def test_een_geweigerde_schrijfopdracht_laat_geen_logregel_achter(
    opslag: Opslag, paspoort: str, maak: Any
) -> None:
    """Log en gegevens delen een transactie: botst de een, dan ontbreekt de ander ook."""
    m = await opslag.momentopname(paspoort)
    opdrachten = [
        opslag.schrijf(paspoort, m.volgnummer, [maak.aandoening(f"c{i}")], "a", "zelf", [maak.regel(paspoort)])
        for i in range(3)
    ]
    uitslag = await asyncio.gather(*opdrachten, return_exceptions=True)
    geslaagd = sum(isinstance(u, tuple) for u in uitslag)
    assert geslaagd == 1
    assert len(await audit.regels_van_paspoort(opslag, paspoort)) == 1


KNOEIEN = {
    "uitkomst": "UPDATE logregel SET uitkomst = 'geweigerd' WHERE nummer = 2",
    "organisatie": "UPDATE logregel SET organisatie = NULL WHERE nummer = 2",
    "regel weg": "DELETE FROM logregel WHERE nummer = 2",
    "wie": "UPDATE logregel SET wie = wat WHERE nummer = 2",
}


@pytest.mark.parametrize("opdracht", KNOEIEN.values(), ids=KNOEIEN.keys())
async def test_de_controle_ziet_knoeien(opslag: Opslag, paspoort: str, maak: Any, ruw: Any, opdracht: str) -> None:
    await opslag.log([maak.regel(paspoort) for _ in range(3)])
    goed = await logcontrole.controleer(opslag)
    assert goed.goed
    assert (goed.regels, goed.stromen) == (3, 1)
    ruw.doe(opdracht)
    assert not (await logcontrole.controleer(opslag)).goed


async def test_een_ondertekende_dag_ziet_ook_een_afgekapte_stroom(
    opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    await opslag.log([maak.regel(paspoort) for _ in range(3)])
    morgen = datetime.now(UTC).date() + timedelta(days=1)
    vandaag = (morgen - timedelta(days=1)).isoformat()
    assert await dagwortel.teken_dagen(opslag, morgen) == (vandaag,)
    assert await dagwortel.teken_dagen(opslag, morgen) == ()
    assert (await logcontrole.controleer(opslag)).dagen == 1
    ruw.doe("DELETE FROM logregel WHERE nummer = 3")
    fouten = (await logcontrole.controleer(opslag)).fouten
    assert any(vandaag in fout for fout in fouten)


async def test_een_nagemaakte_dag_valt_op(opslag: Opslag, paspoort: str, maak: Any, ruw: Any) -> None:
    await opslag.log([maak.regel(paspoort)])
    await dagwortel.teken_dagen(opslag, datetime.now(UTC).date() + timedelta(days=1))
    ruw.doe("UPDATE dagwortel SET stromen = '[]'")
    assert any("handtekening" in fout for fout in (await logcontrole.controleer(opslag)).fouten)


async def test_elk_proces_heeft_zijn_eigen_stroom(settings: Settings, opslag: Opslag, paspoort: str, maak: Any) -> None:
    ander = await Opslag.open(settings)
    try:
        await opslag.log([maak.regel(paspoort)])
        await ander.log([maak.regel(paspoort)])
    finally:
        await ander.sluit()
    controle = await logcontrole.controleer(opslag)
    assert (controle.regels, controle.stromen, controle.fouten) == (2, 2, ())
    assert len(await audit.regels_van_paspoort(opslag, paspoort)) == 2
