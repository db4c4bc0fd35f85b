"""Het schema uit de migraties is het schema uit de tabellen, in beide databases en beide dialecten."""

from __future__ import annotations

import asyncio
import pkgutil
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, text

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, Wijziging, tables_oauth
from server.store.migrations import data
from server.store.tables import Basis
from server.store.vault import KluisBasis

# De migraties van de gegevens na de eerste, de nieuwste eerst: elke noemt haar voorganger.
_ALLE = [import_module(f"{data.__name__}.{m.name}") for m in pkgutil.iter_modules(data.__path__)]
_NA = {m.down_revision: m for m in _ALLE}


def _later(revisie: str) -> list[Any]:
    volgende = _NA.get(revisie)
    return [*_later(volgende.revision), volgende] if volgende else []


LATER = _later("data0001")


def terug_naar_het_begin(url: str) -> set[str]:
    """Maak de latere migraties ongedaan, zoals de eerste versie haar database achterliet; geeft de tabellen."""
    motor = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with motor.begin() as verbinding:
        with Operations.context(MigrationContext.configure(verbinding)):
            for migratie in LATER:
                migratie.downgrade()
        verbinding.execute(text("UPDATE schema_data SET version_num = 'data0001'"))
        tabellen = set(inspect(verbinding).get_table_names())
    motor.dispose()
    return tabellen


def verschillen(url: str, metadata: MetaData, versietabel: str) -> list[Any]:
    """Wat alembic zou veranderen om van de database bij de tabellen te komen."""
    schema = None
    if url.startswith("postgres"):
        url, _, schema = url.replace("postgresql://", "postgresql+psycopg://").partition("?schema=")
    motor = create_engine(url)
    with motor.connect() as verbinding:
        if schema:
            verbinding.execute(text(f"SET search_path TO {schema}"))
        uit = compare_metadata(MigrationContext.configure(verbinding, opts={"version_table": versietabel}), metadata)
    motor.dispose()
    return list(uit)


async def test_de_migraties_maken_precies_de_tabellen(settings: Settings, opslag: Opslag) -> None:
    assert "oauth_token" in Basis.metadata.tables, tables_oauth.__name__
    assert verschillen(settings.database_url, Basis.metadata, "schema_data") == []
    assert verschillen(settings.vault_url, KluisBasis.metadata, "schema_kluis") == []


async def test_een_database_van_een_oudere_versie_wordt_bijgewerkt_en_houdt_wat_erin_staat(
    settings: Settings, maak: Any, ruw: Any
) -> None:
    eerder = await Opslag.open(settings)
    await eerder.maak_partitie("p1", "paspoort")
    taak = {"resourceType": "Task", "id": "t1", "status": "requested", "owner": {"reference": "Organization/gemeente"}}
    await maak.schrijf(eerder, "p1", maak.aandoening("c1"), Wijziging("Task", "t1", taak))
    await eerder.sluit()
    werk = ruw.doe("SELECT * FROM werkvoorraad")
    assert LATER[-1].down_revision == "data0001"
    assert not {"abonnement", "melding"} & terug_naar_het_begin(settings.database_url)

    nu = await Opslag.open(settings)
    try:
        assert verschillen(settings.database_url, Basis.metadata, "schema_data") == []
        assert [v.verwijzing for v in (await nu.momentopname("p1")).alle()] == ["Condition/c1", "Task/t1"]
        assert len(werk) == 1 and ruw.doe("SELECT * FROM werkvoorraad") == werk
        await maak.schrijf(nu, "p1", Wijziging("Task", "t1", {**taak, "status": "accepted"}))
    finally:
        await nu.sluit()


async def test_sleutels_en_gegevens_staan_in_verschillende_databases(settings: Settings) -> None:
    assert settings.database_url != settings.vault_url
    assert not set(Basis.metadata.tables) & set(KluisBasis.metadata.tables)


async def test_twee_processen_die_tegelijk_voor_het_eerst_starten(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        een, twee = await Opslag.open(settings), await Opslag.open(settings)
    else:
        een, twee = await asyncio.gather(Opslag.open(settings), Opslag.open(settings))
    await een.maak_partitie("p1", "paspoort")
    assert (await twee.momentopname("p1")).volgnummer == 0
    await een.sluit()
    await twee.sluit()


async def test_een_onbereikbare_database_is_een_stille_opslag(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        url = "sqlite:////proc/bestaat/niet/paspoort.db"
    else:
        url = "postgresql://niemand@127.0.0.1:1/niets"
    with pytest.raises(PaspoortFout) as fout:
        await Opslag.open(Settings(**{**vars(settings), "database_url": url}))
    assert fout.value.meldingen[0].code == "opslag-stil"


async def test_na_sluiten_wordt_niets_meer_aangenomen(opslag: Opslag, paspoort: str, maak: Any) -> None:
    m = await opslag.momentopname(paspoort)
    await opslag.db.sluit()
    with pytest.raises(PaspoortFout):
        await opslag.log([maak.regel(None)])
    assert m.volgnummer == 0
