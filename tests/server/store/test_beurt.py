"""De beurt van een formulier: precies één aanroeper krijgt haar, op elke database; de uitkomst is versleuteld."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from server.store.forms import (
    formulieren_van,
    geef_beurt_terug,
    klaar_met_beurt,
    neem_beurt,
    uitkomst_van_beurt,
    wacht_er_een,
)
from server.store.passports import Opslag
from server.store.sql import query
from server.store.tables import tabel
from server.store.tables_oauth import FormulierRij

NU = 1_800_000_000


async def test_van_twintig_krijgt_er_een_de_beurt(opslag: Opslag) -> None:
    gekregen = await asyncio.gather(*(neem_beurt(opslag, "a", "papier", NU, 60) for _ in range(20)))
    assert sum(gekregen) == 1
    assert await uitkomst_van_beurt(opslag, "a", "papier") == ""


async def test_wat_eruit_kwam_blijft_en_is_niet_te_lezen(opslag: Opslag) -> None:
    assert await neem_beurt(opslag, "a", "papier", NU, 60)
    await klaar_met_beurt(opslag, "a", "papier", "/papier/geheim", NU + 3600)
    assert await uitkomst_van_beurt(opslag, "a", "papier") == "/papier/geheim"
    assert await uitkomst_van_beurt(opslag, "b", "papier") is None
    rijen = await opslag.db.rijen(query(select(tabel(FormulierRij).c.id, tabel(FormulierRij).c.inhoud)))
    assert len(rijen) == 1 and b"geheim" not in rijen[0][1] and "papier" not in rijen[0][0]


async def test_teruggeven_maakt_de_weg_vrij(opslag: Opslag) -> None:
    assert await neem_beurt(opslag, "a", "papier", NU, 60)
    await geef_beurt_terug(opslag, "a", "papier")
    assert await uitkomst_van_beurt(opslag, "a", "papier") is None
    assert await neem_beurt(opslag, "a", "papier", NU, 60)


async def test_een_beurt_is_geen_formulier_dat_wacht(opslag: Opslag) -> None:
    await klaar_met_beurt(opslag, "a", "papier", "/papier/1", NU + 3600)
    assert not await wacht_er_een(opslag, "a", NU)
    assert await formulieren_van(opslag, "a", "lid", NU) == ()
