"""Een ouder, mentor of curator maakt een eerste paspoort: als de inlogdienst het zegt, en nooit dat van een ander."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from paspoort.fhir.stelsels import BSN
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from server.access.actor import Actor
from server.access.vertegenwoordiging import bereik
from server.oauth.paspoort_namens import maak_paspoort_namens, vertegenwoordigden
from server.oauth.sessie import actor_van_lid
from server.settings import Settings
from server.store.audit import regels_van_paspoort
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap, bewaar_account, lidmaatschappen, verwijder_mandaat
from tests.conftest import HOUDER
from tests.server.oauth.conftest import velden_van
from tests.server.oauth.inlogwereld import Huis, inlogwereld

NU = datetime(2026, 11, 22, 12, tzinfo=UTC)
VANDAAG = NU.date()
GROND = "Wmo 2015 art. 5.2.9"
NIEUW_BSN, VAN_YVONNE = "999993653", "999911120"
KIND = {
    "sub": "kind-1", "soort": "ouder-met-gezag", "given_name": "Bo", "family_name": "Nieuw",
    "birthdate": "2018-05-06", "bsn": NIEUW_BSN,
}  # fmt: skip


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest_asyncio.fixture
async def huis(opslag: Opslag, wereld: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[Huis]:
    async with inlogwereld(opslag, settings, tmp_path) as klaar:
        yield klaar


def zegt(*rijen: Any) -> dict[str, str]:
    return {"vertegenwoordigt": json.dumps(rijen)}


async def ouder(opslag: Opslag, sub: str = "ouder") -> Account:
    return await bewaar_account(opslag, "https://inlog.example", sub, "Sam Nieuw")


@pytest.mark.parametrize(
    ("anders", "telt"),
    [
        ({}, True),
        ({"birthdate": "2010-11-23"}, True),  # morgen zestien
        ({"birthdate": "2010-11-22"}, False),  # vandaag zestien
        ({"soort": "mentor"}, False),  # een mentor is er vanaf zestien
        ({"soort": "mentor", "birthdate": "1990-01-01"}, True),
        ({"soort": "curator", "birthdate": "1990-01-01"}, True),
        ({"soort": "gemachtigde", "birthdate": "1990-01-01"}, False),  # die wijst de houder zelf aan
        ({"soort": "helper-lezen"}, False),
        ({"soort": "iets"}, False),
        ({"birthdate": "0000-05-06"}, False),
        ({"birthdate": None}, False),
        ({"sub": ""}, False),
        ({"sub": 7}, False),
        ({"given_name": "", "family_name": ""}, False),
    ],
    ids=str,
)
def test_wat_de_dienst_zegt_telt_alleen_volledig_en_binnen_de_leeftijd(anders: dict[str, Any], telt: bool) -> None:
    assert bool(vertegenwoordigden(zegt(KIND | anders), VANDAAG)) is telt


@pytest.mark.parametrize("tekst", ["", "niets", "{}", "[1, null, []]", '"x"', "7"])
def test_een_claim_die_geen_lijst_is_geeft_niemand(tekst: str) -> None:
    assert vertegenwoordigden({"vertegenwoordigt": tekst}, VANDAAG) == ()


async def test_het_paspoort_is_van_het_kind_en_de_ouder_handelt_namens(opslag: Opslag, wereld: Any) -> None:
    (v,) = vertegenwoordigden(zegt(KIND), VANDAAG)
    lid = await maak_paspoort_namens(opslag, await ouder(opslag), v, GROND, NU)
    m = await opslag.momentopname(str(lid.patient))
    patient, verwant = m.get("Patient", m.partitie), m.get("RelatedPerson", str(lid.mandaat))
    assert patient is not None and verwant is not None
    assert patient.inhoud["birthDate"] == "2018-05-06" and patient.inhoud["name"][0]["given"] == ["Bo"]
    assert [i["value"] for i in patient.inhoud["identifier"] if i["system"] == BSN] == [NIEUW_BSN]
    for versie in (patient, verwant):
        assert [f for f in Validator.laad().controleer(versie.inhoud) if f.ernst == "error"] == []
    wie: Actor = actor_van_lid(await ouder(opslag), lid)
    assert bereik(wie, m, NU) is not None
    zestien = datetime(2034, 5, 6, 12, tzinfo=UTC)
    assert bereik(wie, m, zestien) is None and bereik(wie, m, zestien - timedelta(days=1)) is not None
    (regel,) = await regels_van_paspoort(opslag, m.partitie)
    assert (regel.rol, regel.namens, regel.handeling) == ("vertegenwoordiger", "Bo Nieuw", "create")


async def test_een_bestaand_paspoort_krijgt_niemand_zo(opslag: Opslag, wereld: Any) -> None:
    (v,) = vertegenwoordigden(zegt(KIND | {"bsn": VAN_YVONNE}), VANDAAG)
    wie = await ouder(opslag)
    with pytest.raises(PaspoortFout) as fout:
        await maak_paspoort_namens(opslag, wie, v, GROND, NU)
    assert fout.value.meldingen[0].code == "paspoort-bestaat-al" and await lidmaatschappen(opslag, wie.id) == ()
    zonder = await maak_paspoort_namens(opslag, wie, v, "", NU)  # zonder grond komt het nummer er niet in
    assert zonder.patient != HOUDER
    assert "identifier" not in (await opslag.momentopname(str(zonder.patient))).van_type("Patient")[0].inhoud


async def test_twee_keer_drukken_is_een_paspoort_en_twee_ouders_zijn_er_twee(opslag: Opslag, wereld: Any) -> None:
    (v,) = vertegenwoordigden(zegt(KIND), VANDAAG)
    een, twee = await ouder(opslag), await ouder(opslag, "ander")
    leden = await asyncio.gather(*(maak_paspoort_namens(opslag, een, v, "", NU) for _ in range(3)))
    assert len({lid.patient for lid in leden}) == 1 and len(await lidmaatschappen(opslag, een.id)) == 1
    assert (await maak_paspoort_namens(opslag, twee, v, "", NU)).patient != leden[0].patient


async def test_een_geeindigd_mandaat_komt_niet_terug_door_opnieuw_te_drukken(opslag: Opslag, wereld: Any) -> None:
    (v,) = vertegenwoordigden(zegt(KIND), VANDAAG)
    wie = await ouder(opslag)
    lid = await maak_paspoort_namens(opslag, wie, v, "", NU)
    verwant = (await opslag.momentopname(str(lid.patient))).van_type("RelatedPerson")[0].inhoud
    await wereld.zet(str(lid.patient), {**verwant, "active": False})
    await verwijder_mandaat(opslag, str(lid.patient), str(lid.mandaat))
    opnieuw = await maak_paspoort_namens(opslag, wie, v, "", NU)
    m = await opslag.momentopname(str(opnieuw.patient))
    assert opnieuw.patient == lid.patient and bereik(actor_van_lid(wie, opnieuw), m, NU) is None


async def test_van_inloggen_tot_het_paspoort_van_het_kind(huis: Huis) -> None:
    dienst = huis.diensten["gezin"]
    jong = (datetime.now(UTC).date() - timedelta(days=8 * 365)).isoformat()
    dienst.claims = {"represents": [KIND | {"birthdate": jong}, KIND | {"sub": "x", "birthdate": "1990-01-01"}]}
    client = huis.browser()
    await huis.inloggen(client, "gezin")
    bladzijde = (await client.get("/inloggen/rol")).text
    assert "Maak het paspoort van Bo Nieuw" in bladzijde and bladzijde.count("Maak het paspoort van") == 1
    velden = {n: w for n, w in velden_van(bladzijde).items() if n in ("csrf", "volgende")}
    for voor in ("1", "-1", "x", "99999999999999999999"):  # wie de dienst niet noemt, of niet mag
        mis = await client.post("/inloggen/paspoort", data=velden | {"voor": voor})
        assert mis.headers["location"] == "/inloggen/rol", voor
    assert (await client.post("/inloggen/paspoort", data={"csrf": "x", "voor": "0"})).status_code == 403
    gemaakt = await client.post("/inloggen/paspoort", data=velden | {"voor": "0"})
    assert gemaakt.status_code == 303 and gemaakt.headers["location"] != "/inloggen/rol"
    sessie = await huis.sessie(client)
    lid: Lidmaatschap = sessie.gekozen
    assert (lid.rol, lid.namens) == ("vertegenwoordiger", "Bo Nieuw") and sessie.actor.mandaat == lid.mandaat
    assert "Maak het paspoort" not in (await client.get("/inloggen/rol")).text
    await huis.inloggen(opnieuw := huis.browser(), "gezin")
    keuze = (await opnieuw.get("/inloggen/rol")).text
    assert "Het paspoort van Bo Nieuw" in keuze and "Maak het paspoort" not in keuze


async def test_wie_de_dienst_niet_als_ouder_noemt_krijgt_de_knop_niet(huis: Huis) -> None:
    for code in ("gezin", "kwaad"):
        huis.diensten[code].claims = {"represents": [KIND]} if code == "kwaad" else {}
        client = huis.browser()
        await huis.inloggen(client, code)
        assert "Maak het paspoort" not in (await client.get("/inloggen/rol")).text
