"""Versies toevoegen en teruglezen, botsen, en nooit iets overschrijven."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from paspoort.fhir.fhirjson import lees
from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, Volgnummerbotsing, Wijziging

HERKOMST = "http://hulpmiddelenpaspoort.nl/fhir/CodeSystem/herkomst"


async def test_wat_geschreven_is_wordt_zo_teruggelezen(opslag: Opslag, paspoort: str, maak: Any) -> None:
    inhoud = lees(b'{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.50},"code":{"text":"x"}}')
    (versie,) = await opslag.schrijf(paspoort, 0, [Wijziging("Observation", "o1", inhoud)], "account-1", "zelf")
    assert (versie.versie, versie.volgnummer, versie.auteur, versie.herkomst) == (1, 1, "account-1", "zelf")
    assert b'"value":1.50' in versie.tekst
    opslag.vergeet(paspoort)
    gelezen = (await opslag.momentopname(paspoort)).get("Observation", "o1")
    assert gelezen is not None
    assert gelezen.tekst == versie.tekst
    assert gelezen.auteur == "account-1"
    assert gelezen.inhoud["valueQuantity"]["value"] == Decimal("1.50")
    assert list(gelezen.inhoud) == ["resourceType", "id", "meta", "status", "valueQuantity", "code"]


async def test_meta_is_van_de_opslag_en_de_rest_blijft(opslag: Opslag, paspoort: str) -> None:
    inhoud = {
        "resourceType": "Patient",
        "name": [{"family": "Proef"}],
        "meta": {
            "profile": ["http://voorbeeld/p"],
            "versionId": "99",
            "lastUpdated": "1999-01-01",
            "tag": [{"system": HERKOMST, "code": "bron"}, {"system": "http://ander", "code": "x"}],
        },
        "id": "p1",
    }
    (versie,) = await opslag.schrijf(paspoort, 0, [Wijziging("Patient", "p1", inhoud)], "a", lambda w: "import")
    meta = versie.inhoud["meta"]
    assert list(versie.inhoud) == ["resourceType", "name", "meta", "id"]
    assert meta["versionId"] == "1"
    assert meta["lastUpdated"] == versie.moment
    assert versie.moment.endswith("Z")
    assert len(versie.moment) == len("2026-01-01T00:00:00.000Z")
    assert meta["profile"] == ["http://voorbeeld/p"]
    assert meta["tag"] == [{"system": "http://ander", "code": "x"}, {"system": HERKOMST, "code": "import"}]
    assert inhoud["meta"]["versionId"] == "99", "de invoer blijft zoals zij was"


async def test_versienummers_tellen_per_resource_en_alle_versies_blijven(
    opslag: Opslag, paspoort: str, maak: Any
) -> None:
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1", "een"), maak.aandoening("c2"))
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1", "twee"))
    await maak.schrijf(opslag, paspoort, Wijziging("Condition", "c1", None))
    versies = await opslag.versies(paspoort, "Condition", "c1")
    assert [(v.versie, v.volgnummer, v.verwijderd) for v in versies] == [(3, 4, True), (2, 3, False), (1, 1, False)]
    assert [v.inhoud.get("code") for v in versies] == [None, {"text": "twee"}, {"text": "een"}]
    een = await opslag.versie(paspoort, "Condition", "c1", 1)
    assert een is not None
    assert een.inhoud["code"] == {"text": "een"}
    assert await opslag.versie(paspoort, "Condition", "c1", 9) is None
    assert await opslag.versie("ander", "Condition", "c1", 1) is None
    m = await opslag.momentopname(paspoort)
    verwijderd = m.get("Condition", "c1")
    assert verwijderd is not None
    assert verwijderd.verwijderd
    assert [v.id for v in m.alle()] == [v.id for v in m.van_type("Condition")] == ["c2"]
    assert m.van_type("Device") == ()


async def test_een_oud_volgnummer_botst_en_schrijft_niets(opslag: Opslag, paspoort: str, maak: Any) -> None:
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
    with pytest.raises(Volgnummerbotsing):
        await opslag.schrijf(paspoort, 0, [maak.aandoening("c2")], "a", "zelf", [maak.regel(paspoort)])
    assert [v.id for v in (await opslag.momentopname(paspoort)).alle()] == ["c1"]
    assert await opslag.partitie_van("Condition", "c2") is None


async def test_een_id_in_een_ander_paspoort_is_bezet(opslag: Opslag, paspoort: str, maak: Any) -> None:
    await opslag.maak_partitie("p2", "paspoort")
    await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
    with pytest.raises(PaspoortFout) as fout:
        await maak.schrijf(opslag, "p2", maak.aandoening("c1"))
    assert [m.code for m in fout.value.meldingen] == ["id-bezet"]
    assert await opslag.partitie_van("Condition", "c1") == "p1"


async def test_twee_keer_dezelfde_resource_in_een_opdracht_kan_niet(opslag: Opslag, paspoort: str, maak: Any) -> None:
    with pytest.raises(ValueError, match="twee keer"):
        await maak.schrijf(opslag, paspoort, maak.aandoening("c1"), maak.aandoening("c1"))


async def test_een_onbekende_partitie_is_niet_gevonden(opslag: Opslag) -> None:
    with pytest.raises(PaspoortFout) as fout:
        await opslag.momentopname("bestaat-niet")
    assert fout.value.meldingen[0].code == "niet-gevonden"


async def test_een_partitie_bestaat_maar_een_keer(opslag: Opslag, paspoort: str) -> None:
    with pytest.raises(PaspoortFout) as fout:
        await opslag.maak_partitie(paspoort, "paspoort")
    assert fout.value.meldingen[0].code == "partitie-bestaat"


async def test_partities_op_volgorde_en_die_van_een_proefapp(opslag: Opslag) -> None:
    for id_ in ("b", "a", "c"):
        await opslag.maak_partitie(id_, "paspoort", "proef" if id_ != "a" else None)
    await opslag.maak_partitie("org-1", "organisatie")
    assert await opslag.partities(aantal=2) == ("a", "b")
    assert await opslag.partities(na="b") == ("c",)
    assert await opslag.partities("organisatie") == ("org-1",)
    assert await opslag.testpartities("proef") == ("b", "c")
    assert (await opslag.momentopname("b")).testdata_van == "proef"
    assert (await opslag.momentopname("org-1")).soort == "organisatie"


async def test_gelijktijdige_schrijvers_overschrijven_elkaar_nooit(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any
) -> None:
    """Twee processen (twee keer open) tellen samen op: elke geslaagde optelling blijft staan."""
    ander = await Opslag.open(settings)
    await maak.schrijf(opslag, paspoort, maak.aandoening("teller", "0"))

    async def tel_op(eigen: Opslag, keer: int) -> None:
        while keer:
            m = await eigen.momentopname(paspoort)
            huidig = m.get("Condition", "teller")
            assert huidig is not None
            nieuw = maak.aandoening("teller", str(int(huidig.inhoud["code"]["text"]) + 1))
            try:
                await eigen.schrijf(paspoort, m.volgnummer, [nieuw], "a", "zelf")
            except Volgnummerbotsing:
                await asyncio.sleep(0)
                continue
            keer -= 1

    try:
        await asyncio.gather(*(tel_op(o, 5) for o in (opslag, ander) for _ in range(3)))
    finally:
        await ander.sluit()
    versies = await opslag.versies(paspoort, "Condition", "teller")
    assert [v.versie for v in versies] == list(range(31, 0, -1))
    assert [int(v.inhoud["code"]["text"]) for v in versies] == list(range(30, -1, -1))


async def test_een_ander_proces_ziet_de_wijziging_bij_de_volgende_vraag(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any
) -> None:
    ander = await Opslag.open(settings)
    try:
        assert (await ander.momentopname(paspoort)).alle() == ()
        await maak.schrijf(opslag, paspoort, maak.aandoening("c1"))
        assert [v.id for v in (await ander.momentopname(paspoort)).alle()] == ["c1"]
        await opslag.schors("org-x")
        await ander.momentopname(paspoort)
        assert "org-x" in ander.register.geschorst
        await opslag.schors("org-x", False)
        await ander.momentopname(paspoort)
        assert "org-x" not in ander.register.geschorst
    finally:
        await ander.sluit()


async def test_een_falende_eenheid_sleept_de_groep_niet_mee(opslag: Opslag, maak: Any) -> None:
    """Alles tegelijk aangeboden komt in één groep; alleen wat niet past valt terug."""
    for i in range(10):
        await opslag.maak_partitie(f"g{i}", "paspoort")
        await maak.schrijf(opslag, f"g{i}", maak.aandoening(f"c{i}", "een"))
    goed = [opslag.schrijf(f"g{i}", 1, [maak.aandoening(f"c{i}", "twee")], "a", "zelf") for i in range(10)]
    fout = [opslag.schrijf(f"g{i}", 1, [maak.aandoening(f"c{i}", "drie")], "a", "zelf") for i in range(0, 10, 2)]
    uitslag = await asyncio.gather(*goed, *fout, return_exceptions=True)
    assert sum(isinstance(u, Volgnummerbotsing) for u in uitslag) == 5
    assert sum(isinstance(u, tuple) for u in uitslag) == 10
    for i in range(10):
        opslag.vergeet(f"g{i}")
        versie = (await opslag.momentopname(f"g{i}")).get("Condition", f"c{i}")
        assert versie is not None
        assert versie.versie == 2
        verwacht = "twee" if isinstance(uitslag[i], tuple) else "drie"
        assert versie.inhoud["code"]["text"] == verwacht, "wat bevestigd is, staat er"


async def test_een_verkeerde_hoofdsleutel_opent_niets(settings: Settings, opslag: Opslag) -> None:
    verkeerd = Settings(**{**vars(settings), "master_key": b"\0" * 32})
    with pytest.raises(PaspoortFout) as fout:
        await Opslag.open(verkeerd)
    assert fout.value.meldingen[0].code == "opslag-stil"
