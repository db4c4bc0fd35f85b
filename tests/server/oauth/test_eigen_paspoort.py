"""Het eerste eigen paspoort: alleen met een keuze, één keer, met het BSN alleen op een grond (toegang.md §5)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from paspoort.fhir.stelsels import BSN
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from server.oauth.eigen_paspoort import maak_eigen_paspoort
from server.store.audit import regels_van_paspoort
from server.store.passports import Opslag
from server.store.session import Account, bewaar_account, lidmaatschappen, verwijder_lidmaatschap
from tests.conftest import ANDER, HOUDER
from tests.server.oauth.conftest import velden_van

GROND = "Wmo 2015 art. 5.2.9"
NIEUW_BSN, VAN_YVONNE = "999993653", "999911120"
PERSOON = {
    "naam": "Sam Nieuw",
    "voornamen": "Sam Noa",
    "achternaam": "Nieuw",
    "geboortedatum": "1990-02-03",
    "bsn": NIEUW_BSN,
}


@pytest.fixture
def dialect() -> str:
    """Wat de opslag doet, is daar getest."""
    return "sqlite"


async def account(opslag: Opslag, sub: str = "sam") -> Account:
    return await bewaar_account(opslag, "https://inlog.example", sub, "Sam Nieuw")


async def patient(opslag: Opslag, id: str) -> dict[str, Any]:
    versie = (await opslag.momentopname(id)).get("Patient", id)
    assert versie is not None and versie.herkomst == "zelf"
    return dict(versie.inhoud)


async def test_het_paspoort_heeft_wat_de_dienst_wist_en_is_geldig(opslag: Opslag, wereld: Any) -> None:
    lid = await maak_eigen_paspoort(opslag, await account(opslag), PERSOON, GROND)
    inhoud = await patient(opslag, str(lid.patient))
    assert inhoud["name"][0] == {"family": "Nieuw", "given": ["Sam", "Noa"]} and inhoud["birthDate"] == "1990-02-03"
    assert [i["value"] for i in inhoud["identifier"] if i["system"] == BSN] == [NIEUW_BSN]
    assert [m for m in Validator.laad().controleer(inhoud) if m.ernst == "error"] == []
    assert lid.rol == "houder" and (await lidmaatschappen(opslag, lid.account)) == (lid,)
    assert [(r.handeling, r.grond) for r in await regels_van_paspoort(opslag, str(lid.patient))] == [
        ("create", f"eigen; bsn: {GROND}")
    ]


@pytest.mark.parametrize(("grond", "bsn"), [("", NIEUW_BSN), (GROND, "123456789"), (GROND, "")], ids=str)
async def test_zonder_grond_of_goed_nummer_komt_er_geen_bsn_in(
    opslag: Opslag, wereld: Any, grond: str, bsn: str
) -> None:
    lid = await maak_eigen_paspoort(opslag, await account(opslag), {"bsn": bsn, "geboortedatum": "0000-02-03"}, grond)
    inhoud = await patient(opslag, str(lid.patient))
    assert "identifier" not in inhoud and "birthDate" not in inhoud
    assert inhoud["name"] == [{"text": "Sam Nieuw"}]


async def test_twee_keer_drukken_geeft_een_paspoort(opslag: Opslag, wereld: Any) -> None:
    wie = await account(opslag)
    leden = await asyncio.gather(*(maak_eigen_paspoort(opslag, wie, PERSOON, "") for _ in range(4)))
    assert len({lid.patient for lid in leden}) == 1 and len(await lidmaatschappen(opslag, wie.id)) == 1
    assert len(await opslag.partities()) == 3


async def test_wie_hier_al_een_paspoort_heeft_krijgt_dat_en_geen_tweede(opslag: Opslag, wereld: Any) -> None:
    lid = await maak_eigen_paspoort(opslag, await account(opslag), PERSOON | {"bsn": VAN_YVONNE}, GROND)
    assert lid.patient == HOUDER and len(await opslag.partities()) == 2
    zonder = await maak_eigen_paspoort(opslag, await account(opslag, "noa"), PERSOON | {"bsn": VAN_YVONNE}, "")
    assert zonder.patient != HOUDER


async def test_bij_twee_paspoorten_met_hetzelfde_nummer_kiest_niemand_vanzelf(opslag: Opslag, wereld: Any) -> None:
    versie = (await opslag.momentopname(ANDER)).get("Patient", ANDER)
    assert versie is not None
    await wereld.zet(ANDER, {**versie.inhoud, "identifier": [{"system": BSN, "value": VAN_YVONNE}]})
    with pytest.raises(PaspoortFout) as fout:
        await maak_eigen_paspoort(opslag, await account(opslag), PERSOON | {"bsn": VAN_YVONNE}, GROND)
    assert fout.value.meldingen[0].code == "paspoort-dubbel"


async def test_wie_het_paspoort_wist_kan_opnieuw_beginnen(opslag: Opslag, wereld: Any) -> None:
    wie = await account(opslag)
    lid = await maak_eigen_paspoort(opslag, wie, PERSOON, "")
    await opslag.wis(str(lid.patient))
    await verwijder_lidmaatschap(opslag, lid.id)
    nieuw = await maak_eigen_paspoort(opslag, wie, PERSOON, "")
    assert nieuw.patient != lid.patient and (await patient(opslag, str(nieuw.patient)))["name"]


async def test_van_inloggen_tot_het_eigen_paspoort(browser: Any, opslag: Opslag, mensen: dict[str, str]) -> None:
    client = browser()
    await client.post("/inloggen", data={"persoon": "leeg"})
    keuze = velden_van((await client.get("/inloggen/rol")).text)
    token = client.cookies["hmp"]
    assert (await client.post("/inloggen/paspoort", data=keuze | {"csrf": "x"})).status_code == 403
    gemaakt = await client.post("/inloggen/paspoort", data=keuze)
    assert gemaakt.headers["location"] == "/" and client.cookies["hmp"] != token
    (lid,) = await lidmaatschappen(opslag, mensen["leeg"])
    assert lid.rol == "houder" and (await patient(opslag, str(lid.patient)))["name"] == [{"text": "Leeg"}]
    nogmaals = velden_van((await client.get("/inloggen/rol")).text)
    assert "Maak mijn paspoort" not in (await client.get("/inloggen/rol")).text
    assert (await client.post("/inloggen/paspoort", data=nogmaals)).headers["location"] == "/inloggen/rol"
    assert await lidmaatschappen(opslag, mensen["leeg"]) == (replace(lid),)
