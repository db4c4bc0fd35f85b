"""$everything in bladzijden, op tijd en op type: alles één keer, alleen wat te zien is, ook als er iets wijzigt."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import ANDER, HOUDER
from tests.stroomwereld import besluit, gebruik, maat, vul

ALLES = f"Patient/{HOUDER}/$everything"


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def plekken(bundel: dict[str, Any]) -> list[str]:
    return [f"{r['resource']['resourceType']}/{r['resource']['id']}" for r in bundel.get("entry", [])]


def volgende(bundel: dict[str, Any]) -> str | None:
    adres = next((x["url"] for x in bundel["link"] if x["relation"] == "next"), None)
    return adres.split("/fhir/")[1] if adres else None


async def blader(client: Any, adres: str | None) -> list[list[str]]:
    uit = []
    while adres:
        antwoord = await client.get(adres)
        assert antwoord.status_code == 200, antwoord.text
        uit.append(plekken(antwoord.json()))
        adres = volgende(antwoord.json())
    return uit


@pytest.mark.parametrize("aantal", [1, 2, 3, 100])
async def test_bladeren_geeft_alles_een_keer_met_de_patient_voorop(als: Any, wereld: Any, aantal: int) -> None:
    await vul(wereld)
    heel = plekken((await als().get(ALLES)).json())
    bladzijden = await blader(als(), f"{ALLES}?_count={aantal}")
    assert all(len(b) == aantal for b in bladzijden[:-1]) and 0 < len(bladzijden[-1]) <= aantal
    samen = [p for b in bladzijden for p in b]
    assert samen[0] == f"Patient/{HOUDER}"
    assert sorted(samen) == sorted(heel)


async def test_schrijven_tussen_twee_bladzijden_slaat_niets_over_en_herhaalt_niets(als: Any, wereld: Any) -> None:
    await vul(wereld)
    heel = set(plekken((await als().get(ALLES)).json()))
    adres: str | None = f"{ALLES}?_count=2"
    samen: list[str] = []
    ronde = 0
    while adres:
        bundel = (await als().get(adres)).json()
        samen += plekken(bundel)
        adres = volgende(bundel)
        ronde += 1
        await wereld.zet(HOUDER, {**gebruik(), "note": [{"text": f"ronde {ronde}"}]}, besluit())
        await wereld.zet(HOUDER, {**maat(), "id": f"nieuw-{ronde}"})
    assert len(samen) == len(set(samen))
    assert heel <= set(samen)


async def test_de_volgende_bladzijde_draagt_de_vraag_en_verraadt_hem_niet(als: Any, wereld: Any) -> None:
    await vul(wereld)
    eerste = (await als().get(f"{ALLES}?_count=1&_type=Device,DeviceUseStatement&_since=2020-01-01")).json()
    adres = volgende(eerste)
    assert adres is not None
    assert list(parse_qs(urlsplit(adres).query)) == ["_bladzijde", "_count"]
    assert "Device" not in urlsplit(adres).query
    tweede = (await als().get(adres)).json()
    assert {p.partition("/")[0] for p in plekken(eerste) + plekken(tweede)} == {"Device", "DeviceUseStatement"}
    assert eerste["total"] == tweede["total"] == 2


async def test_een_teken_werkt_alleen_voor_wie_het_kreeg_en_voor_dit_paspoort(als: Any, wereld: Any) -> None:
    await vul(wereld)
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    adres = volgende((await als().get(f"{ALLES}?_count=1")).json())
    assert adres is not None
    assert (await als(rol="therapeut").get(adres)).status_code == 400
    assert (await als(patient=ANDER).get(adres.replace(HOUDER, ANDER))).status_code == 400
    vals = adres.replace("_bladzijde=", "_bladzijde=AAAA")
    assert (await als().get(vals)).status_code == 400
    samen = await als().get(f"{adres}&_type=Device")
    assert (samen.status_code, samen.json()["issue"][0]["expression"]) == (400, ["_bladzijde"])
    assert (await als().get(adres)).status_code == 200
    meer = (await als().get(adres.replace("_count=1", "_count=500"))).json()
    assert len(plekken(meer)) == meer["total"] - 1, "hoeveel mag ernaast staan, zoals bij zoeken"


async def test_intrekken_tussen_twee_bladzijden_geeft_niets_meer(als: Any, wereld: Any) -> None:
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    therapeut = als(rol="therapeut")
    adres = volgende((await therapeut.get(f"{ALLES}?_count=1")).json())
    await wereld.trek_in(id_)
    assert (await therapeut.get(adres)).status_code == 404


async def test_op_tijd_van_de_zorg_houdt_wat_geen_tijd_heeft(als: Any, wereld: Any) -> None:
    await vul(wereld)
    alle = set(plekken((await als().get(ALLES)).json()))
    vroeg = set(plekken((await als().get(f"{ALLES}?end=2018-12-31")).json()))
    laat = set(plekken((await als().get(f"{ALLES}?start=2019-04-01")).json()))
    assert "Condition/diagnose-yvonne" in vroeg - laat
    assert "DeviceRequest/besluit-2019" in laat - vroeg
    assert "DeviceUseStatement/gebruik-yvonne" in laat  # loopt nog
    assert {f"Patient/{HOUDER}", "Device/rolstoel-yvonne"} <= vroeg & laat
    assert vroeg | laat == alle - {"Observation/zitbreedte-yvonne"}


async def test_met_parameters_in_de_inhoud_geeft_het_hetzelfde(als: Any, wereld: Any) -> None:
    await vul(wereld)
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "_type", "valueCode": "Device"},
            {"name": "_type", "valueCode": "Condition"},
            {"name": "_count", "valueInteger": 1},
        ],
    }
    met_post = (await als().post(ALLES, json=parameters)).json()
    met_get = (await als().get(f"{ALLES}?_type=Device,Condition&_count=1")).json()
    assert plekken(met_post) == plekken(met_get)
    rest = await blader(als(), volgende(met_post))
    assert {p.partition("/")[0] for p in plekken(met_post) + rest[0]} == {"Device", "Condition"}


async def test_zonder_id_is_het_eigen_paspoort_en_voor_anderen_te_kostbaar(als: Any) -> None:
    eigen = await als().get("Patient/$everything")
    assert (eigen.status_code, eigen.content) == (200, (await als().get(ALLES)).content)
    ander = await als(rol="therapeut").get("Patient/$everything")
    assert (ander.status_code, ander.json()["issue"][0]["code"]) == (400, "too-costly")


@pytest.mark.parametrize(
    ("parameter", "plek"),
    [
        ({"name": "_count", "valueInteger": -1}, "Parameters.parameter[0].valueInteger"),
        ({"name": "_count", "valueString": "3"}, "Parameters.parameter[0]"),
        ({"name": "_count", "valueInteger": True}, "Parameters.parameter[0].valueInteger"),
        ({"name": "_type", "valueCode": "Nee"}, "Parameters.parameter[0].valueCode"),
        ({"name": "_since", "valueInstant": "2026-13-01"}, "Parameters.parameter[0].valueInstant"),
        ({"name": "start", "valueDate": "gisteren"}, "Parameters.parameter[0].valueDate"),
        ({"name": "_bladzijde", "valueString": "x"}, "Parameters.parameter[0].valueString"),
        ({"name": "kleur", "valueString": "x"}, "Parameters.parameter[0].name"),
        ("x", "Parameters.parameter[0].name"),
    ],
)
async def test_een_kromme_parameter_is_400_bij_die_parameter(als: Any, parameter: Any, plek: str) -> None:
    antwoord = await als().post(ALLES, json={"resourceType": "Parameters", "parameter": [parameter]})
    assert antwoord.status_code == 400, antwoord.text
    assert antwoord.json()["issue"][0]["expression"] == [plek]
