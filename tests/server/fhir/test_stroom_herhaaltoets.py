"""$herhaaltoets over de echte app: wie haar mag vragen, wat zij antwoordt, en wat er bij het verzoek bewaard wordt."""

from __future__ import annotations

from typing import Any

from tests import stroomwereld as s
from tests.conftest import GEMEENTE


def _los(verzoek: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": [{"name": "verzoek", "resource": verzoek}]}


async def test_anoniem_en_zonder_scope_krijgen_geen_uitslag(anoniem: Any, als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    assert (await anoniem.post("DeviceRequest/$herhaaltoets", json=_los(s.verzoek()))).status_code == 401
    zonder = await als(scopes="patient/Device.rs").post("DeviceRequest/$herhaaltoets", json=_los(s.verzoek()))
    assert zonder.status_code == 403


async def test_de_houder_ziet_vooraf_dat_een_ongewijzigde_vervanging_door_mag(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    antwoord = await als().post("DeviceRequest/$herhaaltoets", json=_los(s.verzoek()))
    assert antwoord.status_code == 200, antwoord.text
    uitslag = antwoord.json()
    assert uitslag["resourceType"] == "GuidanceResponse"
    assert s.uitslag_van(uitslag, "route") == "leverancier-direct", uitslag
    assert s.uitslag_van(uitslag, "besluit-nodig") == "geen"
    assert s.uitslag_van(uitslag, "gevraagde-vragen") == 0
    assert {g["uitkomst"] for g in s.gronden_van(uitslag)} == {"ja"}
    assert all(g["norm"] for g in s.gronden_van(uitslag))


async def test_wat_de_houder_zelf_opgaf_is_onbekend_en_noemt_wie_het_kan_bevestigen(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    uitslag = (await als().post("DeviceRequest/$herhaaltoets", json=_los(s.verzoek()))).json()
    assert s.uitslag_van(uitslag, "route") == "onderzoek"
    assert "DeviceRequest" in {d["type"] for d in uitslag["dataRequirement"]}
    assert s.GEHEIM not in str(uitslag)


async def test_een_kapot_verzoek_geeft_alle_fouten_bij_hun_element(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    kapot = {**s.verzoek(), "intent": "order", "status": "bestaat-niet"}
    antwoord = await als().post("DeviceRequest/$herhaaltoets", json=_los(kapot))
    assert antwoord.status_code in (400, 422)
    assert antwoord.json()["issue"][0]["expression"][0].startswith("Parameters.parameter[0].resource")
    leeg = await als().post("DeviceRequest/$herhaaltoets", json={"resourceType": "Parameters"})
    assert leeg.status_code == 400
    vreemd = {"resourceType": "Parameters", "parameter": [{"name": "iets", "valueString": "x"}]}
    antwoord = await als().post("DeviceRequest/$herhaaltoets", json=vreemd)
    assert (antwoord.status_code, antwoord.json()["issue"][0]["expression"]) == (400, ["Parameters.parameter[0].name"])


async def test_de_gemeente_zonder_grond_en_de_leverancier_vinden_niets(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    antwoord = await als(rol="verstrekker").post("DeviceRequest/$herhaaltoets", json=_los(s.verzoek()))
    assert antwoord.status_code == 422
    assert antwoord.json()["issue"][0]["details"]["coding"][0]["code"] == "referentie-onbekend"


async def test_wie_het_voor_een_ander_doel_ziet_krijgt_403(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    await wereld.zet(s.HOUDER, {**s.verzoek(), "id": "verzoek-1"}, herkomst="zelf")
    await wereld.deel(f"Organization/{GEMEENTE}", "verhuizing", "verzoeken", "hulpmiddelen")
    antwoord = await als(rol="verstrekker").get("DeviceRequest/verzoek-1/$herhaaltoets")
    assert antwoord.status_code == 403, antwoord.text
    assert (await als(rol="leverancier").get("DeviceRequest/verzoek-1/$herhaaltoets")).status_code == 404


async def test_de_consulent_krijgt_de_gronden_maar_geen_verwijzing_naar_de_diagnose(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    koop = s.apparaat()
    koop["extension"][1] = {**koop["extension"][1], "valueCode": "koop"}
    koop["extension"].append({"url": s.extension("technische-levensduur-tot"), "valueDate": "2024-01-01"})
    await wereld.zet(s.HOUDER, koop)
    await wereld.zet(s.HOUDER, {**s.verzoek(), "id": "verzoek-1"}, herkomst="zelf")
    await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "verzoeken", "hulpmiddelen", "besluiten")
    antwoord = await als(rol="verstrekker").get("DeviceRequest/verzoek-1/$herhaaltoets")
    assert antwoord.status_code == 200, antwoord.text
    uitslag = antwoord.json()
    assert s.uitslag_van(uitslag, "route") == "doorzetten"
    blijvend = next(g for g in s.gronden_van(uitslag) if g["feit"] == "blijvend")
    assert blijvend["uitkomst"] == "ja"
    assert "Condition/" not in antwoord.text
    assert s.GEHEIM not in antwoord.text
    assert "DeviceRequest/besluit-2019/_history/1" in antwoord.text
    eigen = await als().get("DeviceRequest/verzoek-1/$herhaaltoets")
    assert "Condition/diagnose-yvonne/_history/" in eigen.text


async def test_elke_uitslag_voldoet_aan_ons_eigen_profiel(als: Any, wereld: Any, validator: Any) -> None:
    routes = set()
    for herkomst in ("zelf", "bron"):
        await s.vul(wereld, herkomst=herkomst)
        for wijziging in ("ongewijzigd", "nieuw"):
            verzoek = s.verzoek()
            verzoek["extension"][1]["valueCode"] = wijziging
            uitslag = (await als().post("DeviceRequest/$herhaaltoets", json=_los(verzoek))).json()
            assert [m for m in validator.controleer(uitslag) if m.ernst == "error"] == []
            routes.add(s.uitslag_van(uitslag, "route"))
    assert len(routes) > 1


async def test_de_verstrekker_kiest_het_beleid_en_moet_bestaan(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    id_ = (await als().post("DeviceRequest", json=s.verzoek())).json()["id"]
    for adres, delen in (("DeviceRequest", _los(s.verzoek())["parameter"]), (f"DeviceRequest/{id_}", [])):
        for verwijzing, status, plek in (
            (f"Organization/{GEMEENTE}", 200, None),
            ("Organization/bestaat-niet", 422, "valueReference"),
            ("Patient/houder-yvonne", 400, "valueReference"),
            ("https://elders.nl/fhir/Organization/x", 400, "valueReference"),
        ):
            deel = {"name": "verstrekker", "valueReference": {"reference": verwijzing}}
            parameters = {"resourceType": "Parameters", "parameter": [*delen, deel]}
            antwoord = await als().post(f"{adres}/$herhaaltoets", json=parameters)
            assert antwoord.status_code == status, (adres, verwijzing, antwoord.text)
            if plek:
                verwacht = [f"Parameters.parameter[{len(delen)}].{plek}"]
                assert antwoord.json()["issue"][0]["expression"] == verwacht


async def test_op_een_bewaard_verzoek_mag_get_en_hoort_geen_verzoek_in_de_invoer(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    id_ = (await als().post("DeviceRequest", json=s.verzoek())).json()["id"]
    adres = f"DeviceRequest/{id_}/$herhaaltoets"
    assert (await als().get(adres)).json() == (await als().post(adres)).json()
    los = await als().post(adres, json=_los(s.verzoek()))
    assert (los.status_code, los.json()["issue"][0]["expression"]) == (400, ["Parameters.parameter[0].name"])
    in_adres = await als().get(f"{adres}?verstrekker=Organization/{GEMEENTE}")
    assert (in_adres.status_code, in_adres.json()["issue"][0]["expression"]) == (400, ["verstrekker"])
