"""Van hoofdsleutel wisselen: alles blijft te lezen, en daarna opent de oude niets meer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paspoort.fouten import PaspoortFout
from server.settings import Settings, uit_omgeving
from server.store import Opslag, Wijziging

NIEUW = bytes(reversed(range(32)))
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Verzonnen"}]}


async def lees(settings: Settings) -> str:
    opslag = await Opslag.open(settings)
    try:
        versie = (await opslag.momentopname("p1")).get("Patient", "p1")
        assert versie is not None
        return str(versie.inhoud["name"][0]["text"])
    finally:
        await opslag.sluit()


async def test_wisselen_van_hoofdsleutel(settings: Settings) -> None:
    opslag = await Opslag.open(settings)
    await opslag.maak_partitie("p1", "paspoort")
    await opslag.schrijf("p1", 0, [Wijziging("Patient", "p1", PATIENT)], "Patient/p1", "zelf", ())
    await opslag.sluit()
    # Beide bekend, in beide volgorden: zo kan elk proces om de beurt opnieuw starten.
    tijdens = replace(settings, master_key=NIEUW, master_key_oud=settings.master_key)
    for beide in (replace(settings, master_key_oud=NIEUW), tijdens):
        assert await lees(beide) == "Verzonnen"
    opslag = await Opslag.open(tijdens)
    aantal = await opslag.kluis.herwikkel()
    assert aantal > 2 and await opslag.kluis.herwikkel() == 0
    await opslag.sluit()
    assert await lees(replace(settings, master_key=NIEUW)) == "Verzonnen"
    with pytest.raises(PaspoortFout):
        await Opslag.open(settings)


async def test_zonder_de_oude_hoofdsleutel_gaat_er_niets_stuk(settings: Settings) -> None:
    await (await Opslag.open(settings)).sluit()
    with pytest.raises(PaspoortFout):
        await Opslag.open(replace(settings, master_key=NIEUW, master_key_oud=bytes(32)))
    await (await Opslag.open(settings)).sluit()


def test_de_oude_hoofdsleutel_komt_uit_de_omgeving(tmp_path) -> None:  # type: ignore[no-untyped-def]
    omgeving = {"DATA": str(tmp_path), "MASTER_KEY": "A" * 43 + "=", "MASTER_KEY_OLD": "B" * 42 + "A="}
    settings = uit_omgeving(omgeving)
    assert settings.master_key_oud is not None and settings.master_key_oud != settings.master_key
    assert repr(settings.master_key_oud) not in repr(settings)
