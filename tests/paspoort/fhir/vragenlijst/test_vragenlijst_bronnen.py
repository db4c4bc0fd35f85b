"""Waar een vooraf ingevuld antwoord vandaan komt: per bron één gegeven, en welke bron voorgaat."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import AGB, HERKOMST, ICF, TAAKSOORT, codestelsel, extension
from paspoort.fhir.vragenlijst import antwoorden, bouw, controleer, eigen, keuzes_uit, vul_voor
from paspoort.fhir.vragenlijst.bron import namen_van, trappen

ADVIES = eigen("functioneel-advies")
ERGO = "PractitionerRole/ergo"
KOP = {"author": {"reference": ERGO}, "authored": "2026-11-22T10:00:00+01:00"}
EIS = {"eis-tekst": "Rijdt zelf.", "eis-soort": "noodzakelijk", "eis-onderbouwing": "Is alleen.", "eis-doel": "Werken"}


def ext(id: str, **waarde: Any) -> Json:
    return {"url": extension(id), **waarde}


def van(herkomst: str, versie: str = "1") -> Json:
    return {"versionId": versie, "tag": [{"system": HERKOMST, "code": herkomst}]}


def gevuld(*resources: Json) -> Any:
    response, _ = vul_voor(ADVIES, resources, kop=KOP)
    assert controleer(response, ADVIES) == []
    return antwoorden(response, ADVIES)


def zitbreedte(id: str, waarde: int, dag: str, herkomst: str) -> Json:
    return {
        "resourceType": "Observation",
        "id": id,
        "meta": van(herkomst),
        "status": "final",
        "effectiveDateTime": dag,
        "code": {"coding": [{"system": codestelsel("maat"), "code": "zitbreedte"}]},
        "valueQuantity": {"value": waarde, "code": "cm"},
    }


def waarneming(code: str, naam: str, dag: str = "2026-11-09", **waarde: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"{code}-{dag}",
        "status": "final",
        "effectiveDateTime": dag,
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "functioneren"}]}],
        "code": {"coding": [{"system": ICF, "code": code, "display": naam}]},
        **waarde,
    }


def plan(**gezegd: str) -> Json:
    waarden = {code.replace("_", "-"): tekst for code, tekst in gezegd.items()}
    return bouw(eigen("persoonlijk-plan"), waarden, "completed", {"id": "plan", "authored": "2026-11-10"})


def taak(**velden: Any) -> Json:
    code = {"coding": [{"system": TAAKSOORT, "code": "behandeling"}]}
    return {"resourceType": "Task", "id": "t", "status": "in-progress", "code": code, **velden}


def in_gebruik(id: str, naam: str, *extensies: Json, stelsel: str = "wmo", **gebruik: Any) -> tuple[Json, Json]:
    door = ext("verstrekker", extension=[{"url": "stelsel", "valueCode": stelsel}])
    return (
        {"resourceType": "Device", "id": id, "deviceName": [{"name": naam}], "extension": list(extensies)},
        {"resourceType": "DeviceUseStatement", "id": f"g-{id}", "status": "active", "extension": [door],
         "device": {"reference": f"Device/{id}"}, **gebruik},
    )  # fmt: skip


def test_met_een_streep_vullen_bronnen_elkaar_aan_en_met_twee_telt_de_volgende_pas_als_er_niets_was() -> None:
    assert trappen("a|b||c") == (("a", "b"), ("c",))
    assert namen_van("a|b||c") == ("a", "b", "c")


def test_wat_een_ander_vaststelde_of_bevestigde_gaat_voor_wat_de_houder_zelf_zegt() -> None:
    zelf, vast = zitbreedte("zelf", 44, "2026-06-01", "zelf"), zitbreedte("vast", 41, "2025-01-01", "bron")
    assert gevuld(zelf, vast).een("zitbreedte") == 41
    bevestiging = {
        "resourceType": "Provenance",
        "id": "b",
        "activity": {"coding": [{"code": "bevestigd"}]},
        "target": [{"reference": "Observation/zelf/_history/1"}],
    }
    assert gevuld(zelf, vast, bevestiging).een("zitbreedte") == 44
    nieuwere_versie = zelf | {"meta": van("zelf", "2")}
    assert gevuld(nieuwere_versie, vast, bevestiging).een("zitbreedte") == 41, "bevestigd was een eerdere versie"
    assert gevuld(zelf).een("zitbreedte") == 44


def test_een_eerste_advies_begint_met_het_persoonlijk_plan_en_wat_het_team_zag() -> None:
    gegeven = gevuld(
        plan(
            wie_bent_u="Ik ben René.",
            situatie="Bovenwoning met lift.",
            welke_woningaanpassing="Een lage drempel.",
            waarom_ondersteuning="Ik ga naar huis.",
            wat_is_belangrijk="Weer werken.",
            waarbij_en_wat_zelf="Ik rijd zelf.",
            welke_zorgverleners="Wijkverpleging.",
        ),
        waarneming("b730", "Spierkracht", valueString="Benen geen kracht."),
        waarneming("d465", "Rijden", valueString="800 meter."),
        waarneming("d850", "Werk", valueString="Leraar."),
        {
            "resourceType": "RelatedPerson",
            "id": "l",
            "name": [{"text": "Lisa"}],
            "relationship": [{"text": "vriendin"}],
        },
    )
    verwacht = {
        "hulpvraag": "Ik ga naar huis.",
        "wil": "Weer werken.",
        "kan": "Ik rijd zelf.",
        "persoonlijke-factoren": "Ik ben René.",
        "omgeving-woning": "Bovenwoning met lift.\nEen lage drempel.",
        "omgeving-hulp": "Wijkverpleging.\nLisa (vriendin)",
        "stoornissen": "Spierkracht: Benen geen kracht.",
        "activiteiten": "Rijden: 800 meter.",
        "participatie": "Werk: Leraar.",
    }
    assert {code: gegeven.tekst(code) for code in verwacht} == verwacht


def test_een_doel_van_de_houder_gaat_voor_haar_plan() -> None:
    doel = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "description": {"text": "Zelf naar buiten"}}
    assert gevuld(plan(wat_is_belangrijk="Weer werken."), doel).alle("wil") == ("Zelf naar buiten",)


def test_het_register_zegt_wie_schrijft_en_alleen_over_de_schrijver() -> None:
    rol = {
        "resourceType": "PractitionerRole",
        "id": "ergo",
        "practitioner": {"reference": "Practitioner/p"},
        "code": [{"coding": [{"system": codestelsel("rol"), "code": "therapeut"}], "text": "Ergotherapeut"}],
    }
    persoon = {
        "resourceType": "Practitioner",
        "id": "p",
        "name": [{"text": "Nienke Postma"}],
        "identifier": [{"system": "urn:elders", "value": "1"}, {"system": AGB, "value": "88000101"}],
    }
    ander = rol | {"id": "ander", "practitioner": {"display": "Iemand anders"}}
    eerder = bouw(ADVIES, {"behandelaar": False}, "completed", {**KOP, "id": "e"})
    gegeven = gevuld(rol, persoon, ander, eerder)
    assert gegeven.een("auteur-naam") == "Nienke Postma"
    assert gegeven.een("auteur-rol") == "ergotherapeut"
    assert gegeven.een("registratienummer") == "88000101"
    assert gegeven.een("behandelaar") is False
    vreemd, _ = vul_voor(ADVIES, [rol, persoon, eerder], kop={**KOP, "author": {"reference": "Organization/x"}})
    assert antwoorden(vreemd, ADVIES).een("auteur-naam") is None
    assert antwoorden(vreemd, ADVIES).een("behandelaar") is None


def test_haast_en_ontslag_komen_uit_het_lopende_verzoek() -> None:
    dag = ext("ontslagdatum", valueDate="2026-12-15")
    lopend = taak(extension=[ext("spoed", valueBoolean=True), dag, ext("opnamedatum", valueDate="2026-08-30")])
    gegeven = gevuld(lopend)
    assert (gegeven.een("urgentie"), gegeven.een("ontslagdatum")) == ("spoed", "2026-12-15")
    assert gegeven.alle("complex-kenmerk") == ("revalidatiecentrum",)
    assert gevuld(lopend | {"status": "completed"}).een("urgentie") is None
    voorbij = taak(extension=[ext("ontslagdatum", valueDate="2026-11-01")])
    assert gevuld(voorbij).een("ontslagdatum") is None


@pytest.mark.parametrize(("geboren", "kenmerk"), [("2008-11-23", ("kind",)), ("2008-11-22", ()), ("2016", ())])
def test_een_kind_is_een_kind_tot_de_dag_van_achttien(geboren: str, kenmerk: tuple[str, ...]) -> None:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": geboren}
    assert gevuld(patient).alle("complex-kenmerk") == kenmerk


def test_hulpmiddelen_uit_twee_wetten_en_een_ziekte_die_erger_wordt_maken_complex() -> None:
    wmo, zvw = in_gebruik("a", "Rolstoel"), in_gebruik("b", "Beademing", stelsel="zvw")
    erger = {"resourceType": "Condition", "id": "c", "code": {"text": "ALS"},
             "extension": [ext("prognose", valueCode="progressief")]}  # fmt: skip
    assert gevuld(*wmo, *zvw, erger).alle("complex-kenmerk") == ("domeinoverstijgend", "progressief")
    assert gevuld(*wmo).alle("complex-kenmerk") == ()


def test_wat_er_in_huis_is_en_waar_iemand_mee_reist_staat_bij_de_omgeving() -> None:
    gegeven = gevuld(
        *in_gebruik("l", "Traplift", ext("voorzieningsoort", valueCode="woningaanpassing")),
        *in_gebruik("s", "Scootmobiel", ext("categorie", valueCode="12A05")),
    )
    assert gegeven.een("omgeving-woning") == "In de woning: Traplift"
    assert gegeven.een("omgeving-vervoer") == "Reist met: Scootmobiel"


def test_een_proef_en_een_evaluatie_noemen_het_hulpmiddel_ook_als_het_weg_is() -> None:
    proef = ext("proef", extension=[{"url": "resultaat", "valueString": "te zwaar"}])
    weg = {"resourceType": "Device", "id": "p", "status": "inactive", "deviceName": [{"name": "Proefrolstoel"}]}
    gebruik = {"resourceType": "DeviceUseStatement", "id": "gp", "status": "completed", "extension": [proef],
               "device": {"reference": "Device/p"}}  # fmt: skip
    evaluatie = bouw(eigen("evaluatie"), {"problemen": "De motor hapert."}, "completed", {"id": "e"})
    evaluatie["extension"] = [ext("betreft", valueReference={"reference": "DeviceUseStatement/g-r"})]
    gegeven = gevuld(weg, gebruik, evaluatie, *in_gebruik("r", "Rolstoel"))
    assert gegeven.een("eerder-geprobeerd") == "Proefrolstoel: te zwaar\nRolstoel: De motor hapert."
    assert gegeven.alle("hulpmiddelen-nu") == ("Rolstoel",)
    (rij,) = gegeven.groepen("geprobeerd")
    assert (rij.een("geprobeerd-wat"), rij.een("geprobeerd-resultaat")) == ("Proefrolstoel", "te zwaar")


def test_gecodeerd_functioneren_wordt_een_rij_en_in_woorden_een_regel_tekst() -> None:
    ernst = {"coding": [{"system": codestelsel("icf-ernst"), "code": "ernstig", "display": "Ernstig probleem"}]}
    gegeven = gevuld(
        waarneming("b730", "Spierkracht", valueCodeableConcept=ernst, note=[{"text": "Vooral de benen."}]),
        waarneming("b730", "Spierkracht", "2025-01-01", valueCodeableConcept=ernst),
        waarneming("d465", "Rijden", valueString="800 meter."),
        waarneming("d999", "Geen code van ons", valueCodeableConcept=ernst),
    )
    rijen = gegeven.groepen("icf")
    assert [(r.een("icf-code"), r.een("icf-ernst"), r.een("icf-toelichting")) for r in rijen] == [
        ("b730", "ernstig", None)
    ]
    assert gegeven.een("stoornissen") == "Spierkracht: Vooral de benen.\nSpierkracht: Ernstig probleem"
    assert "Rijden: 800 meter." in gegeven.een("activiteiten")


def test_doelen_en_rijen_van_het_vorige_advies_komen_bij_wat_het_paspoort_weet_elk_een_keer() -> None:
    doel = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "description": {"text": "Werken"}}
    eerder = bouw(ADVIES, {"wil": ["Werken", "Sporten"], "icf": [{"icf-code": _icf("d920"), "icf-ernst": "licht"}],
                           "eis": [EIS]}, "completed", {**KOP, "id": "e"})  # fmt: skip
    ernst = {"coding": [{"system": codestelsel("icf-ernst"), "code": "ernstig"}]}
    gegeven = gevuld(doel, eerder, waarneming("b730", "Spierkracht", valueCodeableConcept=ernst))
    assert gegeven.alle("wil") == ("Werken", "Sporten")
    assert [r.een("icf-code") for r in gegeven.groepen("icf")] == ["b730", "d920"]


def _icf(code: str) -> Json:
    return {"system": ICF, "code": code}


def test_een_verkort_advies_neemt_niet_weg_wat_het_volledige_advies_ervoor_zei() -> None:
    verkort = eigen("verkort-advies")
    vol = bouw(ADVIES, {"stoornissen": "Weinig kracht.", "zitbreedte": 38, "eis": [EIS]}, "completed",
               {"id": "v", "authored": "2025-01-01"})  # fmt: skip
    kort = bouw(verkort, {"zitbreedte": 41, "eis": [EIS | {"eis-tekst": "Zit 41 cm breed."}]}, "completed",
                {"id": "k", "authored": "2026-06-01"})  # fmt: skip
    gegeven = gevuld(vol, kort)
    assert gegeven.een("stoornissen") == "Weinig kracht."
    assert gegeven.een("zitbreedte") == 41
    assert [eis.een("eis-tekst") for eis in gegeven.groepen("eis")] == ["Zit 41 cm breed."]


def test_bij_een_eis_kiest_de_schrijver_uit_deel_een_en_uit_het_paspoort() -> None:
    doel = {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "description": {"text": "Zelf naar buiten"}}
    beperking = {"resourceType": "Condition", "id": "c", "code": {"text": "Kan niet staan"},
                 "category": [{"coding": [{"code": "248536006"}]}]}  # fmt: skip
    lang = {"resourceType": "Goal", "id": "l", "description": {"text": "x" * 251}}
    getypt = bouw(ADVIES, {"wil": ["Weer werken", "Zelf  naar buiten"], "icf": [{"icf-code": _icf("d465")}]})
    vraag = ADVIES.per_code["eis-doel"]
    gekozen = keuzes_uit(vraag, getypt, ADVIES, [doel, beperking, lang])
    assert gekozen[:2] == ("Weer werken", "Zelf naar buiten") and gekozen[-1] == "Kan niet staan"
    assert len(gekozen) == 4 and all(len(keuze) <= 250 for keuze in gekozen)
    assert keuzes_uit(ADVIES.per_code["hulpvraag"], getypt, ADVIES, [doel]) == ()
