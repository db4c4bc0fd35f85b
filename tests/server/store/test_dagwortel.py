"""Ondertekende dagen en opruimen: wie een regel weghaalt, verandert, verwisselt of een dag laat verdwijnen, valt op."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.cli.beheer import bewaarjaren
from server.settings import InstellingFout, Settings
from server.store import Opslag, bewaren, dagwortel, logcontrole
from server.store.seal import DAGLIJST

VANDAAG = datetime.now(UTC).date()
BEGIN = VANDAAG - timedelta(days=6)


def moment(dag: date, uur: int = 12) -> str:
    return f"{dag.isoformat()}T{uur:02d}:00:00.000Z"


@pytest.fixture
async def dagen(opslag: Opslag, paspoort: str, maak: Any) -> Sequence[date]:
    """Drie regels op elk van vijf dagen in één stroom, en al die dagen ondertekend."""
    uit = [BEGIN + timedelta(days=n) for n in range(5)]
    for dag in uit:
        await opslag.log([maak.regel(paspoort, moment=moment(dag, uur)) for uur in (9, 12, 15)])
    assert await dagwortel.teken_dagen(opslag, VANDAAG) == tuple(
        (BEGIN + timedelta(days=n)).isoformat() for n in range(6)
    )
    assert (await logcontrole.controleer(opslag)).goed
    return uit


KNOEIEN = {
    "regel weg": "DELETE FROM logregel WHERE nummer = 5",
    "regel veranderd": "UPDATE logregel SET uitkomst = 'geweigerd' WHERE nummer = 5",
    "moment veranderd": "UPDATE logregel SET moment = '2020-01-01T00:00:00.000Z' WHERE nummer = 5",
    "afgekapt": "DELETE FROM logregel WHERE nummer > 12",
    "begin weg": "DELETE FROM logregel WHERE nummer <= 3",
    "alles weg": "DELETE FROM logregel",
    "laatste dag weg": "DELETE FROM dagwortel WHERE dag = (SELECT max(dag) FROM dagwortel)",
    "eerste dag weg": "DELETE FROM dagwortel WHERE dag = (SELECT min(dag) FROM dagwortel)",
    "dag ertussen weg": f"DELETE FROM dagwortel WHERE dag = '{(BEGIN + timedelta(days=2)).isoformat()}'",
    "alle dagen weg": "DELETE FROM dagwortel",
    "eindstand leeg": "UPDATE dagwortel SET stromen = '[]'",
    "vorige weg": "UPDATE dagwortel SET vorige = NULL",
    "nagemaakt begin": "INSERT INTO logbegin (stroom, nummer, hash, voor, handtekening) "
    "SELECT stroom, nummer, hash, '2030-01-01', 'x.y.z' FROM logregel WHERE nummer = 3",
}


@pytest.mark.parametrize("opdracht", KNOEIEN.values(), ids=KNOEIEN.keys())
async def test_knoeien_in_de_database_valt_op(opslag: Opslag, dagen: Sequence[date], ruw: Any, opdracht: str) -> None:
    ruw.doe(opdracht)
    assert not (await logcontrole.controleer(opslag)).goed


async def test_twee_regels_verwisselen_valt_op(opslag: Opslag, dagen: Sequence[date], ruw: Any) -> None:
    ruw.doe("UPDATE logregel SET nummer = 1000 WHERE nummer = 5")
    ruw.doe("UPDATE logregel SET nummer = 5 WHERE nummer = 6")
    ruw.doe("UPDATE logregel SET nummer = 6 WHERE nummer = 1000")
    assert not (await logcontrole.controleer(opslag)).goed


async def test_weghalen_en_opnieuw_laten_ondertekenen_valt_op(opslag: Opslag, dagen: Sequence[date], ruw: Any) -> None:
    """Wie alleen de database heeft, kan de server niet laten tekenen wat hij ervan maakte."""
    ruw.doe("DELETE FROM logregel WHERE nummer > 12")
    ruw.doe(f"DELETE FROM dagwortel WHERE dag >= '{dagen[4].isoformat()}'")
    await dagwortel.teken_dagen(opslag, VANDAAG)
    fouten = (await logcontrole.controleer(opslag)).fouten
    assert any(dagen[4].isoformat() in f and "buiten de database" in f for f in fouten)


async def test_de_lijst_buiten_de_database_wordt_ook_nagekeken(
    opslag: Opslag, settings: Settings, dagen: Sequence[date]
) -> None:
    lijst = settings.data / DAGLIJST
    goed = lijst.read_text()
    assert len(goed.splitlines()) == 6 and (lijst.stat().st_mode & 0o777) == 0o600
    lijst.write_text("".join(goed.splitlines(keepends=True)[:-1]))
    assert any("ontbreekt in de lijst" in f for f in (await logcontrole.controleer(opslag)).fouten)
    lijst.write_text(goed + "onzin\n")
    assert any("onleesbaar" in f for f in (await logcontrole.controleer(opslag)).fouten)


async def test_de_eerste_regel_van_een_nieuwe_dag_laat_ondertekenen(opslag: Opslag, paspoort: str, maak: Any) -> None:
    gisteren = VANDAAG - timedelta(days=1)
    await opslag.log([maak.regel(paspoort, moment=moment(gisteren))])
    opslag.dagwacht._dag = gisteren.isoformat()  # zo lang draait dit proces al
    await opslag.log([maak.regel(paspoort)])
    await opslag.dagwacht.klaar()
    assert (await logcontrole.controleer(opslag)).dagen == 1
    await opslag.log([maak.regel(paspoort)])
    assert await dagwortel.teken_dagen(opslag) == (), "één keer is genoeg"


async def test_een_regel_die_net_na_het_ondertekenen_landt_zit_in_de_volgende_dag(
    opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    gisteren, eergisteren = VANDAAG - timedelta(days=1), VANDAAG - timedelta(days=2)
    await opslag.log([maak.regel(paspoort, moment=moment(eergisteren))])
    await dagwortel.teken_dagen(opslag, gisteren)
    await opslag.log([maak.regel(paspoort, moment=moment(eergisteren, 23))])
    await dagwortel.teken_dagen(opslag, VANDAAG)
    ruw.doe("DELETE FROM logregel WHERE nummer = 2")
    assert not (await logcontrole.controleer(opslag)).goed


async def test_opruimen_haalt_weg_wat_voorbij_is_en_de_rest_klopt_nog(
    opslag: Opslag, paspoort: str, dagen: Sequence[date], maak: Any, ruw: Any
) -> None:
    await opslag.log([maak.regel(paspoort)])
    assert await bewaren.ruim_op(opslag, dagen[2]) == 6
    uitslag = await logcontrole.controleer(opslag)
    assert uitslag.goed, uitslag.fouten
    assert ruw.doe("SELECT min(nummer), count(*) FROM logregel")[0] == (7, 11), (
        "negen dagen-regels, vandaag, en opruimen zelf"
    )
    assert await bewaren.ruim_op(opslag, dagen[2]) == 0
    assert await bewaren.ruim_op(opslag, dagen[3]) == 3
    await dagwortel.teken_dagen(opslag, VANDAAG + timedelta(days=1))
    assert (await logcontrole.controleer(opslag)).goed


async def test_na_opruimen_valt_knoeien_nog_op(opslag: Opslag, dagen: Sequence[date], ruw: Any) -> None:
    await bewaren.ruim_op(opslag, dagen[2])
    ruw.doe("DELETE FROM logregel WHERE nummer = 7")
    assert not (await logcontrole.controleer(opslag)).goed


@pytest.mark.parametrize(
    "opdracht",
    ["UPDATE logbegin SET nummer = 9", "DELETE FROM logbegin", "UPDATE logbegin SET hash = wie FROM logregel"],
)
async def test_het_begin_na_opruimen_is_niet_te_verzinnen(
    opslag: Opslag, dagen: Sequence[date], ruw: Any, opdracht: str
) -> None:
    await bewaren.ruim_op(opslag, dagen[2])
    ruw.doe(opdracht)
    assert not (await logcontrole.controleer(opslag)).goed


async def test_wat_niet_ondertekend_is_blijft(opslag: Opslag, paspoort: str, maak: Any) -> None:
    await opslag.log([maak.regel(paspoort, moment=moment(BEGIN))])
    assert await bewaren.ruim_op(opslag, VANDAAG) == 0
    await dagwortel.teken_dagen(opslag, BEGIN + timedelta(days=1))
    assert await bewaren.ruim_op(opslag, VANDAAG) == 0, "alleen dagen vóór de laatste ondertekende"


@pytest.mark.parametrize(("tekst", "jaren"), [("", 5), ("5", 5), ("15", 15), ("20", 20)])
def test_de_bewaartermijn_is_een_instelling(tekst: str, jaren: int) -> None:
    assert bewaarjaren(tekst) == jaren


@pytest.mark.parametrize("tekst", ["4", "0", "21", "-5", "vijf", "5.5"])
def test_korter_dan_de_wet_of_langer_dan_het_dossier_kan_niet(tekst: str) -> None:
    with pytest.raises(InstellingFout, match="LOG_JAREN"):
        bewaarjaren(tekst)
