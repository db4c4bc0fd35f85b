"""De houder wist een advies: niets ervan is nog te lezen, behalve in het afschrift van wie besliste."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import bouw, eigen
from server.store import statements as sql
from server.store.versions import Wijziging
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER
from tests.server.fhir.test_advies_berichten import bericht
from tests.server.fhir.test_advies_gebeurtenissen import deel_concept, parameters
from tests.server.fhir.test_stroom_beslis import dien_in
from tests.server.fhir.test_stroom_beslis import parameters as beslissing
from tests.server.fhir.test_stroom_definitief import GROEPEN, begin, reactie

# Woorden die nergens anders staan.
WOORDEN = ("Zwartbes", "Kruisbes", "Aalbes", "Framboos", "Moerbei", "Vlierbes", "Duindoorn", "Rozebottel")
ADVIES = {
    "hulpvraag": "Zwartbes plukken.",
    "diagnose": ["Kruisbes"],
    "wil": ["Aalbes"],
    "contact-auteur": True,
    "eis": [{**s.ADVIES["eis"][0], "eis-onderbouwing": "Framboos; anders komt zij er niet in."}],
}


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database; de sleutels wel, die toetst tests/server/store."""
    return "sqlite"


async def heel_leven(als: Any, wereld: Any) -> tuple[Any, str, str]:
    """Een advies dat alles meemaakte: afstemmen, reactie, definitief, besluit, nog geldig."""
    therapeut, id_ = await tot_definitief(als, wereld)
    consulent = als(rol="verstrekker")
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *GROEPEN)
    ids = await dien_in(als)
    besluit = await consulent.post(f"Task/{ids['taak']}/$beslis", json=beslissing("doorgezet"))
    assert besluit.status_code == 200, besluit.text
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$nog-geldig")).status_code == 201
    return therapeut, id_, ids["taak"]


async def tot_definitief(als: Any, wereld: Any) -> tuple[Any, str]:
    """Een advies waar gemeente en leverancier over meedachten en de houder op reageerde."""
    therapeut, id_ = await begin(als, wereld, **ADVIES)
    await deel_concept(wereld, GEMEENTE, id_)
    await deel_concept(wereld, LEVERANCIER, id_)
    consulent = als(rol="verstrekker")
    plek = f"QuestionnaireResponse/{id_}"
    assert (await consulent.post(f"{plek}/$afgestemd", json=parameters(opmerking="Moerbei."))).status_code == 201
    gezegd = await als(rol="leverancier").post("Communication", json=bericht("opmerking", id_, "Vlierbes."))
    assert gezegd.status_code == 201
    zegt = reactie(id_)
    zegt["item"][0]["answer"] = [{"valueString": "Duindoorn."}]
    assert (await als().post("QuestionnaireResponse", json=zegt)).status_code == 201
    assert (await therapeut.post(f"{plek}/$definitief")).status_code == 200
    return therapeut, id_


async def alles_van(client: Any, id_: str, ids: tuple[str, ...] = ()) -> str:
    """Wat deze vrager nog leest, langs elke weg die bij een advies hoort."""
    adressen = [
        f"Patient/{HOUDER}/$everything",
        f"QuestionnaireResponse/{id_}",
        f"QuestionnaireResponse/{id_}/_history",
        *(f"QuestionnaireResponse/{id_}/_history/{n}" for n in (1, 2, 3)),
        f"QuestionnaireResponse?patient={HOUDER}&_include=QuestionnaireResponse:author",
        f"QuestionnaireResponse?_id={id_}&patient={HOUDER}&_revinclude=Provenance:target",
        *(f"{t}?patient={HOUDER}" for t in ("Communication", "Condition", "Goal", "Observation", "DeviceUseStatement")),
        f"Provenance?patient={HOUDER}",
        f"Task?patient={HOUDER}",
        "QuestionnaireResponse/_history",
        "Communication/_history",
        *ids,
    ]
    teksten = [(await client.get(a)).text for a in adressen]
    gevuld = await client.post(
        "Questionnaire/functioneel-advies/$populate",
        json={
            "resourceType": "Parameters",
            "parameter": [{"name": "subject", "valueReference": {"reference": f"Patient/{HOUDER}"}}],
        },
    )
    return "\n".join([*teksten, gevuld.text])


async def test_na_het_wissen_is_er_niets_meer_van_te_lezen(als: Any, wereld: Any) -> None:
    therapeut, id_, _ = await heel_leven(als, wereld)
    voor = await alles_van(als(), id_)
    zichtbaar = [w for w in WOORDEN if w in voor]
    assert set(zichtbaar) >= {"Zwartbes", "Kruisbes", "Aalbes", "Framboos", "Moerbei", "Vlierbes", "Duindoorn"}
    m = await wereld.momentopname()
    hing = [f"{v.type}/{v.id}" for v in m.alle() if any(w.encode() in v.tekst for w in WOORDEN) or id_ in str(v.inhoud)]
    for client in (therapeut, als(rol="verstrekker"), als(rol="leverancier")):
        assert (await client.post(f"QuestionnaireResponse/{id_}/$wis")).status_code in (403, 404)
    weg = await als().post(f"QuestionnaireResponse/{id_}/$wis")
    assert weg.status_code == 204, weg.text
    rollen = [als(), therapeut, als(rol="verstrekker"), als(rol="leverancier")]
    for client in rollen:
        over = await alles_van(client, id_, tuple(hing))
        assert not [w for w in WOORDEN if w in over]
    assert (await als().get(f"QuestionnaireResponse/{id_}")).status_code in (404, 410)
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 404
    m = await wereld.momentopname()
    assert not [v for v in m.alle() if any(w.encode() in v.tekst for w in WOORDEN)]
    for plek in hing:  # ook de opslag zelf leest geen eerdere versie meer van wat gewist is
        type_, _, eigen = plek.partition("/")
        if m.get(type_, eigen) is None:
            for versie in await wereld.opslag.versies(HOUDER, type_, eigen):
                assert not any(w.encode() in versie.tekst for w in WOORDEN)


async def leest_de_opslag(wereld: Any, plekken: list[str]) -> str:
    """Wat de opslag zelf nog leest van deze plekken, elke versie."""
    versies = [v for p in plekken for v in await wereld.opslag.versies(HOUDER, *p.split("/"))]
    return "\n".join(v.tekst.decode() for v in versies)


async def test_wat_eerst_verwijderd_is_wist_hij_daarna_met_alles_wat_meeging(als: Any, wereld: Any) -> None:
    therapeut, id_ = await tot_definitief(als, wereld)
    m = await wereld.momentopname()
    hing = [
        v.verwijzing for v in m.alle() if any(w.encode() in v.tekst for w in WOORDEN) and v.type != "GuidanceResponse"
    ]
    assert {p.partition("/")[0] for p in hing} >= {"QuestionnaireResponse", "Communication", "Goal"}
    assert (await als().delete(f"QuestionnaireResponse/{id_}")).status_code == 204
    assert [w for w in WOORDEN if w in await leest_de_opslag(wereld, hing)], "verwijderen bewaart de geschiedenis"
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 410
    assert (await als(rol="verstrekker").post(f"QuestionnaireResponse/{id_}/$wis")).status_code in (404, 410)
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    assert not [w for w in WOORDEN if w in await leest_de_opslag(wereld, hing)]
    assert not [w for w in WOORDEN if w in await alles_van(als(), id_, tuple(hing))]
    assert (await als().get(f"QuestionnaireResponse/{id_}/_history")).status_code == 404
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 404


async def test_van_papier_gaat_ook_het_papier_mee_maar_niet_als_iets_anders_erop_rust(als: Any, wereld: Any) -> None:
    for blijft in (False, True):
        bestand, document, advies = f"scan-{blijft}", f"brief-{blijft}", f"papier-{blijft}".lower()
        await zet_papier(wereld, bestand, document, advies)
        if blijft:
            doel = {"reference": f"DocumentReference/{document}"}
            bij = {
                "resourceType": "DocumentReference",
                "id": "bijlage",
                "relatesTo": [{"code": "appends", "target": doel}],
            }
            await wereld.zet(HOUDER, bij)
        assert (await als().post(f"QuestionnaireResponse/{advies}/$wis")).status_code == 204
        m = await wereld.momentopname()
        over = [m.get("DocumentReference", document) is not None, m.get("Binary", bestand) is not None]
        assert over == [blijft, blijft]
        gelezen = await leest_de_opslag(wereld, [f"Binary/{bestand}", f"QuestionnaireResponse/{advies}"])
        assert bool(gelezen) is blijft


@pytest.mark.parametrize("verwijderd", [False, True])
async def test_wat_zelf_meegaat_houdt_de_scan_niet_vast(als: Any, wereld: Any, verwijderd: bool) -> None:
    """Een bericht over het advies noemt het document, en het advies zelf ook het bestand."""
    await zet_papier(wereld, "scan", "brief", "papier", {"reference": "Binary/scan"})
    over = bericht("opmerking", "papier", "Zie de brief.")
    mee = {**over, "id": "over", "payload": [{"contentReference": {"reference": "DocumentReference/brief"}}]}
    await wereld.zet(HOUDER, mee)
    scan = (await wereld.momentopname()).get("Binary", "scan")
    if verwijderd:
        weg = [Wijziging(t, i, None) for t, i in (("Communication", "over"), ("QuestionnaireResponse", "papier"),
                                                  ("DocumentReference", "brief"), ("Binary", "scan"))]  # fmt: skip
        m = await wereld.momentopname()
        await wereld.opslag.schrijf(HOUDER, m.volgnummer, weg, f"Patient/{HOUDER}", lambda _: "zelf", [])
    assert scan is not None and await leest_de_opslag(wereld, ["Binary/scan"])
    assert (await als().post("QuestionnaireResponse/papier/$wis")).status_code == 204
    assert not await leest_de_opslag(wereld, ["Binary/scan", "DocumentReference/brief", "Communication/over"])


async def test_van_andere_papieren_leest_het_wissen_geen_bestanden(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await zet_papier(wereld, "scan", "brief", "papier")
    await zet_papier(wereld, "ander-scan", "ander-brief", "ander-papier")
    gelezen: list[tuple[Any, ...]] = []
    rijen = wereld.opslag.db.rijen

    async def kijk_mee(vraag: Any, **met: Any) -> Any:
        uit = await rijen(vraag, **met)
        if vraag in (sql.VAN_TYPE, sql.VAN_RESOURCE):  # alle versies; de momentopname zelf leest alles één keer
            gelezen.extend(tuple(r) for r in uit)
        return uit

    monkeypatch.setattr(wereld.opslag.db, "rijen", kijk_mee)
    assert (await als().post("QuestionnaireResponse/papier/$wis")).status_code == 204
    assert any("papier" in rij for rij in gelezen), "de spion ziet wat er gelezen wordt"
    assert not any("ander-scan" in rij for rij in gelezen)


async def zet_papier(wereld: Any, bestand: str, document: str, advies: str, *noemt: dict[str, str]) -> None:
    """Een scan, het document erbij, en het advies dat ervan is overgenomen en ook zelf naar `noemt` verwijst."""
    van = {"reference": f"Patient/{HOUDER}"}
    scan = {"resourceType": "Binary", "id": bestand, "contentType": "application/pdf", "data": "JVBERi0="}
    brief = {"resourceType": "DocumentReference", "id": document, "status": "current", "subject": van,
             "content": [{"attachment": {"contentType": "application/pdf", "url": f"Binary/{bestand}"}}]}  # fmt: skip
    bron = {"url": extension("uit-document"), "valueReference": {"reference": f"DocumentReference/{document}"}}
    ook = [{"url": extension("uit-document"), "valueReference": n} for n in noemt]
    kop = {"extension": [bron, *ook], "subject": van, "author": van, "authored": "2024-05-01"}
    inhoud = bouw(eigen("functioneel-advies"), {"hulpvraag": "Zwartbes."}, status="completed", kop=kop)
    await wereld.zet(HOUDER, scan, brief, {**inhoud, "id": advies})


async def test_het_afschrift_van_de_gemeente_blijft(als: Any, wereld: Any) -> None:
    _, id_, _ = await heel_leven(als, wereld)
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    eigen = await wereld.opslag.momentopname(f"org-{GEMEENTE}")
    bundels = [base64.b64decode(v.inhoud["data"]) for v in eigen.van_type("Binary")]
    assert any(b"150 cm" in b for b in bundels)


async def test_wat_de_houder_overnam_blijft_en_is_zelf_te_verwijderen(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld, **ADVIES)
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 200
    (doel,) = (await wereld.momentopname()).van_type("Goal")
    assert (await als().post(f"Goal/{doel.id}/$neem-over")).status_code == 200
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    assert "Aalbes" in (await als().get(f"Goal/{doel.id}")).text
    assert (await als().delete(f"Goal/{doel.id}")).status_code == 204


async def test_wat_tussen_vastleggen_en_wissen_gebeurt_gaat_mee_of_blijft_naar_wat_het_is(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In een ander tabblad overgenomen blijft; een gebeurtenis over het advies gaat ook dan nog weg."""
    therapeut, id_ = await begin(als, wereld, **ADVIES)
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 200
    (doel,) = (await wereld.momentopname()).van_type("Goal")
    opslag, houder = wereld.opslag, als()
    schrijf, wis_samen = opslag.schrijf, opslag.wis_samen

    async def daarna_overnemen(*wat: Any, **met: Any) -> Any:
        monkeypatch.setattr(opslag, "schrijf", schrijf)
        uit = await schrijf(*wat, **met)
        assert (await houder.post(f"Goal/{doel.id}/$neem-over")).status_code == 200
        return uit

    async def eerst_een_gebeurtenis(*wat: Any) -> None:
        monkeypatch.setattr(opslag, "wis_samen", wis_samen)
        over = [{"reference": f"QuestionnaireResponse/{id_}"}]
        await wereld.zet(HOUDER, {"resourceType": "Provenance", "id": "net-te-laat", "target": over})
        await wis_samen(*wat)

    monkeypatch.setattr(opslag, "schrijf", daarna_overnemen)
    monkeypatch.setattr(opslag, "wis_samen", eerst_een_gebeurtenis)
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    m = await wereld.momentopname()
    assert m.get("Goal", doel.id) is not None and m.get("QuestionnaireResponse", id_) is None
    assert m.get("Provenance", "net-te-laat") is None


async def test_wie_op_het_laatste_moment_iets_overneemt_houdt_het(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wat weggaat is al gekozen, en dan neemt de houder in een ander tabblad het doel over: dat is nu een feit."""
    therapeut, id_ = await begin(als, wereld, **ADVIES)
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 200
    (doel,) = (await wereld.momentopname()).van_type("Goal")
    houder, wis_samen = als(), wereld.opslag.wis_samen

    async def eerst_overnemen(*wat: Any) -> None:
        monkeypatch.setattr(wereld.opslag, "wis_samen", wis_samen)
        assert (await houder.post(f"Goal/{doel.id}/$neem-over")).status_code == 200
        await wis_samen(*wat)

    monkeypatch.setattr(wereld.opslag, "wis_samen", eerst_overnemen)
    assert (await als().post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 204
    assert "Aalbes" in (await houder.get(f"Goal/{doel.id}")).text
    assert (await wereld.momentopname()).get("QuestionnaireResponse", id_) is None


async def test_een_helper_wist_niet_en_anoniem_ook_niet(anoniem: Any, als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld, **ADVIES)
    assert (await anoniem.post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 401
    assert (await als(scopes="patient/*.rs").post(f"QuestionnaireResponse/{id_}/$wis")).status_code == 403
    assert (await therapeut.get(f"QuestionnaireResponse/{id_}")).status_code == 200
