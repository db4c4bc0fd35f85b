"""De keten ziet knoeien, de database verraadt niets, wissen maakt onleesbaar."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, Wijziging, audit, logcontrole, session, worklist
from server.store.sql import Query
from server.store.tokens import geef_token, lees_token, maak_verlening

KNOEIEN = {
    "ciphertext": "UPDATE versie SET inhoud = hash WHERE volgnummer = 2",
    "herkomst": "UPDATE versie SET herkomst = 'bron' WHERE volgnummer = 2",
    "moment": "UPDATE versie SET moment = '2001-01-01T00:00:00.000Z' WHERE volgnummer = 1",
    "versie weg": "DELETE FROM versie WHERE volgnummer = 2",
    "laatste weg": "DELETE FROM versie WHERE volgnummer = 3",
    "laatste weg en teller terug": "UPDATE partitie SET volgnummer = 2 WHERE id = 'p1'",
    "verwijderd teruggezet": "UPDATE versie SET verwijderd = 0 WHERE volgnummer = 3",
}


@pytest.mark.parametrize("opdracht", KNOEIEN.values(), ids=KNOEIEN.keys())
async def test_de_keten_ziet_elke_verandering(
    opslag: Opslag, paspoort: str, maak: Any, ruw: Any, opdracht: str
) -> None:
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
    await maak.schrijf(opslag, paspoort, maak.aandoening("c2"))
    await maak.schrijf(opslag, paspoort, Wijziging("Condition", "c1", None))
    assert await logcontrole.controleer_keten(opslag, paspoort) == ()
    ruw.doe(opdracht)
    assert await logcontrole.controleer_keten(opslag, paspoort) != ()


async def test_een_verwisselde_ciphertext_wordt_niet_gelezen(
    opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    """Een oude versie op de plaats van de nieuwe zetten: AAD bindt ciphertext aan haar plaats."""
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1", "oud"))
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1", "nieuw"))
    ruw.doe("UPDATE versie SET inhoud = (SELECT v.inhoud FROM versie v WHERE v.volgnummer = 1) WHERE volgnummer = 2")
    opslag.vergeet(paspoort)
    with pytest.raises(PaspoortFout) as fout:
        await opslag.momentopname(paspoort)
    assert fout.value.meldingen[0].code == "opslag-stil"


async def test_in_de_databases_staat_niets_persoonlijks_leesbaar(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    geheim = ["Zwartekraai", "999911120", "Amyotrofe", "Beverdam", "Nachtegaal", "sub-4711"]
    patient = {
        "resourceType": "Patient",
        "name": [{"family": "Zwartekraai"}],
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}],
    }
    log = maak.regel(paspoort, rol="houder", naam="J. Zwartekraai", actor="Beverdam")
    await maak.schrijf(opslag, paspoort, Wijziging("Patient", "p1", patient), log=(log,))
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1", "Amyotrofe laterale sclerose"))
    account = await session.bewaar_account(opslag, "https://inlog", "sub-4711", "Nachtegaal")
    token, _ = await session.maak_sessie(opslag, account.id, {"naam": "Nachtegaal"}, 0, 10**10)
    await session.zet_lidmaatschap(opslag, session.Lidmaatschap(account.id, "vertegenwoordiger", namens="Zwartekraai"))
    bytes_ = ruw.alles()
    assert b"Condition" in bytes_, "de proef kijkt echt in de database"
    for woord in [*geheim, token]:
        assert woord.encode() not in bytes_, woord
    sleutels = [settings.master_key]
    assert not any(s in bytes_ for s in sleutels)


async def test_een_gewiste_resource_is_onleesbaar_en_de_keten_klopt(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any
) -> None:
    ander = await Opslag.open(settings)
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"), maak.aandoening("c2"))
    await ander.momentopname(paspoort)
    await opslag.wis(paspoort, "Condition", "c1")
    for eigen in (opslag, ander):
        m = await eigen.momentopname(paspoort)
        assert m.get("Condition", "c1") is None
        assert [v.id for v in m.alle()] == ["c2"]
        assert await eigen.versies(paspoort, "Condition", "c1") == ()
        assert await eigen.versie(paspoort, "Condition", "c1", 1) is None
    await ander.sluit()
    assert await opslag.partitie_van("Condition", "c1") is None
    assert await logcontrole.controleer_keten(opslag, paspoort) == ()
    assert not await opslag.kluis.heeft_resource(paspoort, "Condition", "c1")
    assert await opslag.kluis.heeft_resource(paspoort, "Condition", "c2")
    await maak.schrijf(opslag, paspoort, maak.aandoening("c2", "twee"))
    with pytest.raises(PaspoortFout):
        await opslag.wis(paspoort, "Condition", "c1")


async def test_een_gewist_paspoort_is_weg_en_het_log_blijft_zonder_persoon(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}],
    }
    houder = maak.regel(paspoort, rol="houder", naam="J. Proef", actor="account-houder", organisatie=None)
    await maak.schrijf(opslag, paspoort, Wijziging("Patient", "p1", patient), log=(maak.regel(paspoort), houder))
    v = await maak_verlening(opslag, "app", "patient/*.rs", {"patient": "p1"}, 0, patient="p1")
    token = await geef_token(opslag, "toegang", v.familie, "app", "patient/*.rs", {}, 0, 10**10)
    assert token is not None
    assert await worklist.partities_met_bsn(opslag, "999911120") == ("p1",)

    await opslag.wis(paspoort)
    with pytest.raises(PaspoortFout) as fout:
        await opslag.momentopname(paspoort)
    assert fout.value.meldingen[0].code == "niet-gevonden"
    assert await worklist.partities_met_bsn(opslag, "999911120") == ()
    assert await opslag.partitie_van("Patient", "p1") is None
    assert await lees_token(opslag, token, 1) is None
    assert await logcontrole.controleer_keten(opslag, paspoort) == ()
    assert (await logcontrole.controleer(opslag)).goed
    assert await audit.regels_van_paspoort(opslag, paspoort) == ()
    (eigen,) = await audit.regels_van_organisatie(opslag, "praktijk")
    assert (eigen.naam, eigen.wat, eigen.partitie) == ("Nienke Voorbeeld", (), None)
    assert ruw.doe("SELECT COUNT(*) FROM logregel") == [(2,)]
    assert b"J. Proef" not in ruw.alles()


async def test_een_teruggezette_kluis_wordt_bij_het_openen_opnieuw_gewist(
    settings: Settings, opslag: Opslag, maak: Any
) -> None:
    """De wislijst staat buiten de database: sleutels uit een oude back-up gaan bij de start weer weg."""
    for id_ in ("p1", "p2"):
        await opslag.maak_partitie(id_, "paspoort")
        await maak.schrijf(opslag, id_, maak.aandoening(f"c-{id_}"))
    kluis = {tabel: await opslag.kluis.db.rijen(alles(tabel)) for tabel in ("partitiesleutel", "gegevenssleutel")}
    await opslag.wis("p1")
    await opslag.wis("p2", "Condition", "c-p2")
    await _zet_terug(opslag, kluis)
    assert await opslag.kluis.heeft_partitie("p1")
    assert await opslag.kluis.heeft_resource("p2", "Condition", "c-p2")
    opnieuw = await Opslag.open(settings)
    try:
        assert not await opnieuw.kluis.heeft_partitie("p1")
        assert not await opnieuw.kluis.heeft_resource("p2", "Condition", "c-p2")
        assert await opnieuw.kluis.heeft_partitie("p2")
    finally:
        await opnieuw.sluit()


async def test_een_gewiste_sleutel_staat_ook_niet_meer_in_het_journaal(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
    sleutel = bytes((await opslag.kluis.db.rijen(alles("gegevenssleutel")))[0][4])
    partitie = next(bytes(r[1]) for r in await opslag.kluis.db.rijen(alles("partitiesleutel")) if r[0] == "p1")
    assert sleutel in ruw.alles()
    assert partitie in ruw.alles()
    await opslag.wis(paspoort, "Condition", "c1")
    assert sleutel not in ruw.alles()
    assert partitie in ruw.alles()
    await opslag.wis(paspoort)
    assert partitie not in ruw.alles()


async def test_een_vervalste_regel_op_de_wislijst_telt_niet(opslag: Opslag, paspoort: str) -> None:
    lijst = opslag.settings.data / "wislijst.jws"
    await opslag.maak_partitie("p2", "paspoort")
    await opslag.wis("p2")
    echt = lijst.read_text()
    kop, _, handtekening = echt.strip().split(".")
    nep = "eyJtb21lbnQiOiAiIiwgInBhcnRpdGllIjogInAxIiwgInR5cGUiOiBudWxsLCAiaWQiOiBudWxsfQ"
    lijst.write_text(f"{kop}.{nep}.{handtekening}\nrommel\n{echt}")
    assert [w.partitie for w in opslag.ondertekenaar.wissingen()] == ["p2"]


def alles(tabel: str) -> Query:
    """Alle rijen van een kluistabel."""
    return Query(f"SELECT * FROM {tabel}", f"SELECT * FROM {tabel}", (), {})


async def _zet_terug(opslag: Opslag, kluis: dict[str, Any]) -> None:
    from server.store.sql import Op, Unit, vervang
    from server.store.vault import KluisBasis

    ops = []
    for naam, rijen in kluis.items():
        tabel = KluisBasis.metadata.tables[naam]
        ops += [Op(vervang(tabel), dict(zip(tabel.columns.keys(), rij, strict=True))) for rij in rijen]
    await opslag.kluis.db.voer_uit(Unit(tuple(ops)))
