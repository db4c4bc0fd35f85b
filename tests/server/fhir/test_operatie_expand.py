"""ValueSet/$expand: elke eigen lijst klapt uit zoals zij er staat, of zegt dat het niet kan."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import codestelsel, waardelijst
from paspoort.fhir.validatie import definities
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.waardelijst import klap_uit
from paspoort.fouten import PaspoortFout

ALLE = [d for d in definities() if d["resourceType"] in ("ValueSet", "CodeSystem")]
LIJSTEN = [d for d in ALLE if d["resourceType"] == "ValueSet"]
EXPAND = "$expand"


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def codes(antwoord: Any) -> list[str]:
    return [c["code"] for c in antwoord.json()["expansion"].get("contains", [])]


def test_elke_lijst_klapt_uit_tot_wat_de_validator_toelaat() -> None:
    per_url = {d["url"]: d for d in ALLE}
    validator = Codes(ALLE)
    kan_niet = 0
    for lijst in LIJSTEN:
        bekend = validator.lijst(lijst["url"])
        assert bekend is not None
        try:
            uit = klap_uit(lijst, per_url.get)
        except PaspoortFout as fout:
            assert fout.meldingen[0].code == "uitklappen-kan-niet"
            kan_niet += 1
            assert bekend.open_stelsels
            continue
        assert set(uit.begrippen) == bekend.codes, lijst["id"]
        assert uit.onvolledig == bool(bekend.open_stelsels), lijst["id"]
    assert kan_niet < len(LIJSTEN) / 4


async def test_elke_lijst_antwoordt_zonder_token_met_een_geldige_valueset(anoniem: Any, validator: Any) -> None:
    for lijst in LIJSTEN:
        antwoord = await anoniem.get(f"ValueSet/{lijst['id']}/{EXPAND}?count=3")
        assert antwoord.status_code in (200, 422), antwoord.text
        if antwoord.status_code == 422:
            assert antwoord.json()["issue"][0]["code"] == "too-costly"
            continue
        inhoud = antwoord.json()
        assert [m for m in validator.controleer(inhoud) if m.ernst == "error"] == [], lijst["id"]
        assert "compose" not in inhoud and inhoud["url"] == lijst["url"]
        assert len(inhoud["expansion"].get("contains", [])) == min(3, inhoud["expansion"]["total"])


async def test_op_adres_op_id_en_met_parameters_is_het_dezelfde_lijst(anoniem: Any) -> None:
    url = waardelijst("route")
    op_id = await anoniem.get(f"ValueSet/route/{EXPAND}")
    op_url = await anoniem.get(f"ValueSet/{EXPAND}", params={"url": url})
    met_versie = await anoniem.get(f"ValueSet/{EXPAND}", params={"url": url, "valueSetVersion": "1.0.0"})
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "url", "valueUri": f"{url}|1.0.0"}]}
    gepost = await anoniem.post(f"ValueSet/{EXPAND}", json=parameters)
    verwacht = ["leverancier-direct", "doorzetten", "akkoord-casemanager", "verkort-onderzoek", "onderzoek"]
    for antwoord in (op_id, op_url, met_versie, gepost):
        assert antwoord.status_code == 200, antwoord.text
        assert codes(antwoord) == verwacht
    (gebruikt,) = op_id.json()["expansion"]["parameter"]
    assert gebruikt == {"name": "used-codesystem", "valueUri": f"{codestelsel('route')}|1.0.0"}


@pytest.mark.parametrize("aantal", [1, 2, 7])
async def test_bladeren_met_count_en_offset_geeft_elke_code_een_keer(anoniem: Any, aantal: int) -> None:
    heel = await anoniem.get(f"ValueSet/categorie/{EXPAND}")
    totaal = heel.json()["expansion"]["total"]
    samen: list[str] = []
    kenmerken = set()
    for van in range(0, totaal, aantal):
        antwoord = await anoniem.get(f"ValueSet/categorie/{EXPAND}?count={aantal}&offset={van}")
        uitgeklapt = antwoord.json()["expansion"]
        assert (uitgeklapt["total"], uitgeklapt["offset"]) == (totaal, van)
        kenmerken.add(uitgeklapt["identifier"])
        samen += codes(antwoord)
    assert samen == codes(heel)
    assert len(kenmerken) == 1
    leeg = (await anoniem.get(f"ValueSet/categorie/{EXPAND}?count=0")).json()["expansion"]
    assert (leeg["total"], "contains" in leeg) == (totaal, False)


async def test_filter_zoekt_op_het_begin_van_woorden_en_op_de_code(anoniem: Any) -> None:
    alles = (await anoniem.get(f"ValueSet/categorie/{EXPAND}")).json()["expansion"]["contains"]
    op_code = await anoniem.get(f"ValueSet/categorie/{EXPAND}", params={"filter": "11a03"})
    assert codes(op_code) == ["11A03"]
    tekst = next(c["display"] for c in alles if c["code"] == "11A03")
    op_tekst = await anoniem.get(f"ValueSet/categorie/{EXPAND}", params={"filter": tekst.upper()})
    assert "11A03" in codes(op_tekst)
    assert codes(await anoniem.get(f"ValueSet/categorie/{EXPAND}", params={"filter": "bestaatniet"})) == []
    for taal in ("nl-NL", "en"):
        antwoord = await anoniem.get(f"ValueSet/categorie/{EXPAND}?displayLanguage={taal}&activeOnly=true")
        assert codes(antwoord) == [c["code"] for c in alles]


def test_lijsten_van_lijsten_uitzonderingen_talen_en_wat_niet_meer_geldt() -> None:
    stelsel = {
        "resourceType": "CodeSystem",
        "url": "urn:s",
        "version": "2",
        "content": "complete",
        "concept": [
            {"code": "a", "display": "Een", "designation": [{"language": "en-GB", "value": "One"}]},
            {"code": "b", "display": "Twee", "concept": [{"code": "b1", "display": "Twee één"}]},
            {"code": "c", "display": "Drie", "property": [{"code": "status", "valueCode": "retired"}]},
        ],
    }
    heel = {"url": "urn:heel", "resourceType": "ValueSet", "compose": {"include": [{"system": "urn:s"}]}}
    deel = {
        "url": "urn:deel",
        "resourceType": "ValueSet",
        "compose": {
            "include": [{"valueSet": ["urn:heel"]}],
            "exclude": [{"system": "urn:s", "concept": [{"code": "b1"}]}],
        },
    }
    snede = {
        "url": "urn:snede",
        "resourceType": "ValueSet",
        "compose": {
            "include": [{"system": "urn:s", "concept": [{"code": "a"}, {"code": "b1"}], "valueSet": ["urn:deel"]}]
        },
    }
    kring = {"url": "urn:kring", "resourceType": "ValueSet", "compose": {"include": [{"valueSet": ["urn:kring"]}]}}
    alle = {d["url"]: d for d in (stelsel, heel, deel, snede, kring)}
    assert [c for _, c in klap_uit(heel, alle.get).begrippen] == ["a", "b", "b1", "c"]
    assert [c for _, c in klap_uit(deel, alle.get).begrippen] == ["a", "b", "c"]
    assert [c for _, c in klap_uit(snede, alle.get).begrippen] == ["a"]
    begrippen = klap_uit(heel, alle.get).begrippen
    assert [b.actief for b in begrippen.values()] == [True, True, True, False]
    een = begrippen["urn:s", "a"]
    assert (een.in_taal("en"), een.in_taal("nl"), een.in_taal(None)) == ("One", "Een", "Een")
    for kapot in (kring, {"url": "x", "compose": {"include": [{"system": "urn:s", "filter": [{}]}]}}):
        with pytest.raises(PaspoortFout):
            klap_uit(kapot, alle.get)


@pytest.mark.parametrize(
    ("adres", "status", "plek"),
    [
        (f"ValueSet/bestaat-niet/{EXPAND}", 404, None),
        (f"ValueSet/{EXPAND}?url=urn:onbekend", 404, None),
        (f"ValueSet/{EXPAND}?url={codestelsel('route')}", 404, None),
        (f"ValueSet/{EXPAND}?url={waardelijst('route')}|0.1", 404, None),
        (f"ValueSet/{EXPAND}", 400, "url"),
        (f"ValueSet/route/{EXPAND}?count=-1", 400, "count"),
        (f"ValueSet/route/{EXPAND}?offset=x", 400, "offset"),
        (f"ValueSet/route/{EXPAND}?activeOnly=ja", 400, "activeOnly"),
        (f"ValueSet/route/{EXPAND}?count=1&count=2", 400, "count"),
        (f"ValueSet/route/{EXPAND}?url={waardelijst('route')}", 400, "url"),
        (f"ValueSet/route/{EXPAND}?property=x", 400, "property"),
        (f"CodeSystem/route/{EXPAND}", 404, None),
        ("ValueSet/route/$onzin", 404, None),
    ],
)
async def test_kromme_invoer(anoniem: Any, adres: str, status: int, plek: str | None) -> None:
    antwoord = await anoniem.get(adres)
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.json()["issue"][0].get("expression") == ([plek] if plek else None)


async def test_een_andere_methode_is_405_en_noemt_wat_wel_mag(anoniem: Any) -> None:
    antwoord = await anoniem.put(f"ValueSet/route/{EXPAND}", json={"resourceType": "Parameters"})
    assert (antwoord.status_code, antwoord.headers["allow"]) == (405, "GET, POST")
