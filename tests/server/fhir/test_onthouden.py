"""Wat bij een momentopname onthouden wordt, verandert geen antwoord, geen toegang en geen log."""

from __future__ import annotations

from typing import Any

from server.store.audit import regels_van_paspoort
from tests.conftest import HOUDER

ALLES = f"Patient/{HOUDER}/$everything"


def plekken(antwoord: Any) -> set[str]:
    assert antwoord.status_code == 200, antwoord.text
    return {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in antwoord.json()["entry"]}


async def test_tweemaal_alles_ophalen_geeft_dezelfde_bytes_en_dezelfde_logregel(als: Any, opslag: Any) -> None:
    client = als()
    een, twee = await client.get(ALLES), await client.get(ALLES)
    assert een.content == twee.content
    regels = [r for r in await regels_van_paspoort(opslag, HOUDER) if r.handeling == "$everything"]
    assert len(regels) == 2
    assert regels[0].wat == regels[1].wat
    assert set(regels[0].wat) == plekken(een)
    assert (regels[0].grond, regels[0].actor) == (regels[1].grond, regels[1].actor)


async def test_na_het_intrekken_is_er_niets_meer_ook_al_was_het_onthouden(als: Any, wereld: Any) -> None:
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    client = als(rol="therapeut")
    assert plekken(await client.get(ALLES)) == plekken(await client.get(ALLES))
    assert (await client.get(f"Device?patient={HOUDER}")).json()["total"] == 1
    await wereld.trek_in(id_)
    assert (await client.get(ALLES)).status_code == 404
    assert (await client.get(f"Device?patient={HOUDER}")).json()["total"] == 0


async def test_wie_minder_mag_krijgt_niet_wat_voor_een_ander_onthouden_is(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "gezondheid")
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    houder = plekken(await als().get(ALLES))
    therapeut = plekken(await als(rol="therapeut").get(ALLES))
    leverancier = plekken(await als(rol="leverancier").get(ALLES))
    beperkt = plekken(await als(scopes="patient/Patient.rs patient/Device.rs").get(ALLES))
    # van de toestemmingen ziet een partij alleen de hare
    zonder = [{p for p in s if not p.startswith("Consent/")} for s in (leverancier, therapeut, houder)]
    assert zonder[0] < zonder[1] <= zonder[2]
    assert [len(s) - len(z) for s, z in zip((leverancier, therapeut, houder), zonder, strict=True)] == [1, 1, 2]
    assert {p.partition("/")[0] for p in beperkt} == {"Patient", "Device"}
    assert plekken(await als().get(ALLES)) == houder


async def test_een_voorwaarde_volgt_de_inhoud_van_nu(als: Any, wereld: Any) -> None:
    client = als()
    vraag = "DeviceUseStatement?status=active"
    assert [(await client.get(vraag)).json()["total"] for _ in range(2)] == [1, 1]
    versie = (await wereld.momentopname()).get("DeviceUseStatement", "gebruik-yvonne")
    await wereld.zet(HOUDER, {**versie.inhoud, "status": "completed"})
    assert (await client.get(vraag)).json()["total"] == 0
    assert (await client.get("DeviceUseStatement?status:not=active")).json()["total"] == 1


async def test_een_onthouden_voorwaarde_verraadt_geen_verborgen_veld(als: Any, wereld: Any) -> None:
    """De houder zocht op haar geboortedatum; wie die niet ziet, vindt haar er niet mee."""
    vraag = f"Patient?_id={HOUDER}&birthdate=1979-05-04"
    assert (await als().get(vraag)).json()["total"] == 1
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    leverancier = als(rol="leverancier")
    gezien = (await leverancier.get(f"Patient/{HOUDER}")).json()
    assert (await leverancier.get(vraag)).json()["total"] == (1 if "birthDate" in gezien else 0)
