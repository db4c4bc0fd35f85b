"""Twee organisaties, teams of apps die niet uit elkaar te houden zijn: de fout staat bij het veld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paspoort.fhir.organisatie import Organisatie
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout
from server.fhir.appbeheer import Appbeheer
from server.fhir.registerbeheer import Beheerder, Registerbeheer
from server.store.clients import Client
from server.store.passports import Opslag

BEA = Beheerder("a", "Bea")
EEN = Organisatie("", "Thuiszorg Noord", frozenset({"zorgpraktijk"}), nummers={"kvk": "12345678"})


async def fouten(opdracht: object) -> list[tuple[str, str | None]]:
    """De codes en velden waar deze handeling op stuit; leeg als zij lukt."""
    try:
        await opdracht  # type: ignore[misc]
    except PaspoortFout as nee:
        return [(m.code, m.plek) for m in nee.meldingen]
    return []


@pytest.mark.parametrize(("anders", "veld"), [
    ({"naam": " thuiszorg  NOORD", "nummers": {}}, "naam"),
    ({"naam": "Iemand anders"}, "kvk"),
    ({"naam": "Iemand anders", "nummers": {"kvk": "87654321"}}, None),
    ({"naam": "Iemand anders", "nummers": {"agb": "12345678"}}, None),
])  # fmt: skip
async def test_een_organisatie_met_een_naam_of_nummer_dat_er_al_is(
    opslag: Opslag, validator: Validator, anders: dict[str, object], veld: str | None
) -> None:
    beheer = Registerbeheer(opslag, lambda: validator, BEA)
    id_ = await beheer.zet_organisatie(EEN)
    verwacht = [("beheer-bestaat-al", veld)] if veld else []
    assert await fouten(beheer.zet_organisatie(replace(EEN, **anders))) == verwacht  # type: ignore[arg-type]
    assert await fouten(beheer.zet_organisatie(replace(beheer.organisatie(id_), plaats="Veldkant"))) == []


async def test_een_teamnaam_telt_alleen_binnen_het_eigen_huis(opslag: Opslag, validator: Validator) -> None:
    beheer = Registerbeheer(opslag, lambda: validator, BEA)
    een = await beheer.zet_organisatie(EEN)
    twee = await beheer.zet_organisatie(replace(EEN, naam="Thuiszorg Zuid", nummers={}))
    team = Organisatie("", "Wijk 1", deel_van=een, is_team=True)
    await beheer.zet_organisatie(team)
    assert await fouten(beheer.zet_organisatie(team)) == [("beheer-bestaat-al", "naam")]
    assert await fouten(beheer.zet_organisatie(replace(team, deel_van=twee))) == []


async def test_twee_apps_van_een_organisatie_heten_niet_hetzelfde(opslag: Opslag, validator: Validator) -> None:
    huis = await Registerbeheer(opslag, lambda: validator, BEA).zet_organisatie(EEN)
    beheer = Appbeheer(opslag, BEA)
    app = Client("", "zorgpraktijk", "Dossier", huis, ("https://app.example/terug",), scopes="user/*.rs")
    id_ = await beheer.zet_app(app)
    assert await fouten(beheer.zet_app(replace(app, naam="DOSSIER "))) == [("beheer-bestaat-al", "naam")]
    assert await fouten(beheer.zet_app(replace(app, naam="Dossier 2"))) == []
    assert await fouten(beheer.zet_app(replace(await beheer.app(id_), waarvoor="Verslagen"))) == []


async def test_een_app_van_een_houder_botst_niet_met_die_van_een_organisatie_maar_verhuizen_telt(
    opslag: Opslag, validator: Validator
) -> None:
    huis = await Registerbeheer(opslag, lambda: validator, BEA).zet_organisatie(EEN)
    beheer = Appbeheer(opslag, BEA)
    app = Client("", "zorgpraktijk", "Dossier", huis, ("https://app.example/terug",), scopes="patient/*.rs")
    await beheer.zet_app(app)
    eigen = replace(app, soort="persoonlijk", organisatie=None)
    id_ = await beheer.zet_app(eigen)
    assert await fouten(beheer.zet_app(eigen)) == [("beheer-bestaat-al", "naam")]
    verhuisd = replace(await beheer.app(id_), organisatie=huis)
    assert await fouten(beheer.zet_app(verhuisd)) == [("beheer-bestaat-al", "naam")]
