"""Een resource verhuist in één transactie van de ene partitie naar de andere: zelfde id, leesbare geschiedenis."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from server.settings import Settings
from server.store import Opslag, Volgnummerbotsing, Wijziging
from server.store.logcontrole import controleer_keten
from server.store.versions import Deel, Vertrek

ORG = "org-leverancier"


def stoel(**velden: Any) -> dict[str, Any]:
    return {"resourceType": "Device", "id": "stoel", "serialNumber": "SN-1", **velden}


@pytest_asyncio.fixture
async def vertrek(opslag: Opslag, paspoort: str, maak: Any) -> Vertrek:
    """Een Device met twee versies bij de leverancier."""
    await opslag.maak_partitie(ORG, "organisatie")
    await maak.schrijf(opslag, ORG, Wijziging("Device", "stoel", stoel()))
    await maak.schrijf(opslag, ORG, Wijziging("Device", "stoel", stoel(lotNumber="L-2")))
    return Vertrek(ORG, (await opslag.momentopname(ORG)).volgnummer, 2)


async def verhuis(opslag: Opslag, paspoort: str, vertrek: Vertrek, vervolg: Any = None) -> None:
    m = await opslag.momentopname(paspoort)
    inhoud = stoel(lotNumber="L-2", patient={"reference": f"Patient/{paspoort}"})
    wijziging = Wijziging("Device", "stoel", inhoud, "Organization/leverancier", "bron", vertrek)
    await opslag.schrijf(paspoort, m.volgnummer, [wijziging], "account-1", "zelf", (), vervolg)


async def test_na_de_verhuizing_ligt_zij_alleen_nog_in_het_paspoort(
    opslag: Opslag, settings: Settings, paspoort: str, vertrek: Vertrek
) -> None:
    await verhuis(opslag, paspoort, vertrek)
    ander = await Opslag.open(settings)  # een ander proces leest alles opnieuw
    for lezer in (opslag, ander):
        assert await lezer.partitie_van("Device", "stoel") == paspoort
        assert (await lezer.momentopname(ORG)).get("Device", "stoel") is None
        versie = (await lezer.momentopname(paspoort)).get("Device", "stoel")
        assert versie is not None
        assert (versie.versie, versie.auteur, versie.verwijderd) == (4, "Organization/leverancier", False)
        assert versie.inhoud["meta"]["versionId"] == "4"
    await ander.sluit()


async def test_wie_al_meelas_ziet_haar_ook_vertrekken(
    opslag: Opslag, settings: Settings, paspoort: str, vertrek: Vertrek
) -> None:
    ander = await Opslag.open(settings)
    assert (await ander.momentopname(ORG)).get("Device", "stoel") is not None
    await verhuis(opslag, paspoort, vertrek)
    assert (await ander.momentopname(ORG)).get("Device", "stoel") is None
    await ander.sluit()


async def test_de_geschiedenis_blijft_leesbaar_met_dezelfde_nummers(
    opslag: Opslag, paspoort: str, vertrek: Vertrek
) -> None:
    await verhuis(opslag, paspoort, vertrek)
    alle = await opslag.versies(paspoort, "Device", "stoel")
    assert [v.versie for v in alle] == [4, 2, 1]
    assert {v.partitie for v in alle} == {paspoort}
    eerste = await opslag.versie(paspoort, "Device", "stoel", 1)
    assert eerste is not None and "lotNumber" not in eerste.inhoud
    assert await opslag.versie(paspoort, "Device", "stoel", 3) is None
    assert await opslag.versie("niet-dit-paspoort", "Device", "stoel", 1) is None


async def test_beide_ketens_kloppen_na_de_verhuizing_en_een_volgende_versie(
    opslag: Opslag, paspoort: str, vertrek: Vertrek, maak: Any
) -> None:
    await verhuis(opslag, paspoort, vertrek)
    await maak.schrijf(opslag, paspoort, Wijziging("Device", "stoel", stoel(lotNumber="L-5")))
    await maak.schrijf(opslag, ORG, Wijziging("Device", "andere", {"resourceType": "Device", "id": "andere"}))
    assert [v.versie for v in await opslag.versies(paspoort, "Device", "stoel")] == [5, 4, 2, 1]
    assert await controleer_keten(opslag, paspoort) == ()
    assert await controleer_keten(opslag, ORG) == ()


async def test_zij_verhuist_maar_een_keer(opslag: Opslag, paspoort: str, vertrek: Vertrek) -> None:
    await opslag.maak_partitie("p2", "paspoort")
    await verhuis(opslag, paspoort, vertrek)
    with pytest.raises(Volgnummerbotsing):
        await verhuis(opslag, "p2", vertrek)
    assert (await opslag.momentopname("p2")).volgnummer == 0


async def test_veranderde_zij_intussen_dan_verhuist_er_niets(
    opslag: Opslag, paspoort: str, vertrek: Vertrek, maak: Any
) -> None:
    await maak.schrijf(opslag, ORG, Wijziging("Device", "stoel", stoel(lotNumber="L-3")))
    with pytest.raises(Volgnummerbotsing):
        await verhuis(opslag, paspoort, vertrek)
    assert await opslag.partitie_van("Device", "stoel") == ORG


async def test_een_afschrift_in_dezelfde_partitie_gaat_mee_in_dezelfde_transactie(
    opslag: Opslag, paspoort: str, vertrek: Vertrek
) -> None:
    afschrift = Wijziging("Binary", "afschrift", {"resourceType": "Binary", "id": "afschrift"})
    deel = Deel(ORG, vertrek.verwacht_volgnummer, (afschrift,))
    await verhuis(opslag, paspoort, vertrek, lambda versies: ((), [deel]))
    m = await opslag.momentopname(ORG)
    assert m.get("Binary", "afschrift") is not None and m.get("Device", "stoel") is None
    assert await controleer_keten(opslag, ORG) == ()


async def test_wissen_neemt_de_versies_van_voor_de_verhuizing_mee(
    opslag: Opslag, settings: Settings, paspoort: str, vertrek: Vertrek
) -> None:
    await verhuis(opslag, paspoort, vertrek)
    await opslag.wis(paspoort, "Device", "stoel")
    assert await opslag.versies(paspoort, "Device", "stoel") == ()
    assert not await opslag.kluis.heeft_resource(ORG, "Device", "stoel")
    assert (await opslag.momentopname(ORG)).get("Device", "stoel") is None
