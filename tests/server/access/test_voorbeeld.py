"""Wat de houder vooraf ziet is wat de ander na haar ja echt leest: hetzelfde zicht, voor elk doel en elke rol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from paspoort.fhir.toestemming import naar_fhir
from paspoort.toegang import DOELEN
from paspoort.toestemming import voorstel
from server.access.actor import Rol
from server.access.voorbeeld import voorbeeld
from server.access.zicht import bepaal_zicht
from tests.conftest import FUNCTIES, HOUDER, actor

NU = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAREN = [(doel.code, rol) for doel in DOELEN.values() for rol in doel.groepen]


@pytest.mark.parametrize(("doel", "rol"), PAREN, ids=[f"{d}-{r}" for d, r in PAREN])
async def test_het_voorbeeld_is_wat_de_ander_leest(wereld: Any, doel: str, rol: str) -> None:
    wie = f"PractitionerRole/{FUNCTIES[rol]}"
    t = voorstel(doel, rol, f"Patient/{HOUDER}", wie, date(2026, 11, 22), ("Device/rolstoel-yvonne",))
    m, register = await wereld.momentopname(), wereld.opslag.register
    vooraf = voorbeeld(t, cast(Rol, rol), m, register, NU)
    assert bepaal_zicht(actor(rol), m, register, NU).gronden == ()

    await wereld.zet(HOUDER, {**naar_fhir(t), "id": "ja"}, herkomst="zelf")
    m = await wereld.momentopname()
    zicht = bepaal_zicht(actor(rol), m, wereld.opslag.register, NU)
    echt = [g.inhoud for v in m.alle() if (g := zicht.toon(v)) is not None and v.type != "Consent"]
    assert sorted(map(str, vooraf)) == sorted(map(str, echt))


async def test_wat_wordt_weggelaten_staat_niet_in_het_voorbeeld(wereld: Any) -> None:
    vol = voorstel("advies", "therapeut", f"Patient/{HOUDER}", "Organization/x", date(2026, 11, 22))
    m, register = await wereld.momentopname(), wereld.opslag.register
    assert "spierziekte" in str(voorbeeld(vol, "therapeut", m, register, NU))
    zonder = replace(vol, groepen=vol.groepen - {"gezondheid"})
    assert "spierziekte" not in str(voorbeeld(zonder, "therapeut", m, register, NU))
