"""Met het token van de leverancier komt langs geen enkele weg een diagnose, een geplant geheim of een BSN naar buiten.

De eis: "The leverancier's token never yields …, by any route". De houder en de ergotherapeut schrijven in elk element
dat zij mogen schrijven een geheim woord; de leverancier krijgt toestemming en een opdracht en probeert alles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from tests.contract import geheimen
from tests.contract.geheimen import GEHEIM, MAG, Geheimen
from tests.verhaal import stukken as s
from tests.verhaal.apps import App, als_organisatie, als_persoon
from tests.verhaal.product import Json, Product

# Openbare afspraken: zij noemen de code van een diagnose, niet die van iemand.
DEFINITIES = {
    "StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "OperationDefinition", "CapabilityStatement",
}  # fmt: skip


@dataclass
class Wereld:
    """Een paspoort vol geheimen, met een lopende opdracht."""

    houder: App
    gemeente: App
    leverancier: App
    wie: str
    bsn: str
    g: Geheimen
    bij: dict[str, str] = field(default_factory=dict)
    alle: list[str] = field(default_factory=list)  # Type/id van alles in het paspoort

    def schoon(self, antwoord: httpx.Response) -> str:
        """De tekst van een antwoord, nadat vaststaat dat er niets in staat wat niet mag."""
        tekst = antwoord.text + str(antwoord.headers)
        vraag = f"{antwoord.request.method} {antwoord.request.url} → {antwoord.status_code}"
        assert GEHEIM not in tekst, f"{vraag}: {self.g.plek(tekst)}"
        assert self.bsn not in tekst, f"{vraag}: BSN"
        assert s.DIAGNOSE not in _zonder_vragenlijsten(antwoord), f"{vraag}: een diagnose"
        return antwoord.text

    def get(self, pad: str, **query: str) -> httpx.Response:
        """GET als de leverancier, schoon."""
        antwoord = self.leverancier.fhir.get(pad, params=query or None)
        self.schoon(antwoord)
        return antwoord


def _zonder_vragenlijsten(antwoord: httpx.Response) -> str:
    """Het antwoord zonder de vragenlijsten zelf: die zijn openbaar en noemen de code waarnaar een antwoord vertaalt."""
    if "json" not in antwoord.headers.get("content-type", ""):
        return antwoord.text
    inhoud = antwoord.json()
    if inhoud.get("resourceType") == "Questionnaire":
        return ""
    regels = inhoud.get("entry", ())
    rest = [r for r in regels if r.get("resource", {}).get("resourceType") != "Questionnaire"]
    return json.dumps({**inhoud, "entry": rest})


@pytest.fixture(scope="module")
def wereld(product: Product) -> Iterator[Wereld]:
    yvonne = product.persoon("Yvonne")
    houder = als_persoon(product, yvonne["code"])
    wie = f"Patient/{yvonne['patient']}"
    patient = houder.lees(wie)
    bsn = next(i["value"] for i in patient["identifier"] if i["system"].endswith("/bsn"))
    w = Wereld(
        houder, als_organisatie(product, "gemeente"), als_organisatie(product, "leverancier"), wie, bsn, Geheimen()
    )
    _plant(product, w, als_organisatie(product, "zorgpraktijk"), patient)
    w.alle = [s.met_id(r["resource"]) for r in houder.lees(f"{wie}/$everything")["entry"]]
    w.alle += [s.met_id(p) for p in houder.zoek("Provenance") + houder.zoek("AuditEvent", patient=wie)]
    yield w


def _plant(product: Product, w: Wereld, therapeut: App, patient: Json) -> None:
    org = {k: f"Organization/{product.app(k)['organisatie']}" for k in ("gemeente", "leverancier", "zorgpraktijk")}
    g, houder, wie = w.g, w.houder, w.wie
    houder.wijzig(
        patient
        | {"text": g.verhaal("Patient"), "maritalStatus": {"text": g("Patient.maritalStatus")}}
        | {"generalPractitioner": [{"display": g("Patient.generalPractitioner.display")}]}
    )
    diagnose = s.met_id(houder.maak(geheimen.aandoening(g, wie, s.DIAGNOSE)))
    houder.maak(geheimen.aandoening(g, wie, s.FUNCTIONELE_BEPERKING))
    for inhoud in geheimen.functioneren(g, wie):
        houder.maak(inhoud)
    houder.maak(geheimen.plan(g, houder.lees("Questionnaire/persoonlijk-plan"), wie))
    houder.maak(geheimen.gesprek(g, wie, org["gemeente"]))
    houder.maak(s.toestemming(wie, org["zorgpraktijk"], "advies"))

    therapeut.maak(geheimen.aandoening(g, wie, s.DIAGNOSE))
    therapeut.maak(geheimen.maat(g, wie))
    lijst = therapeut.lees("Questionnaire/functioneel-advies")
    kop = {"subject": s.verwijs(wie), "author": s.verwijs(org["zorgpraktijk"])}
    kop["author"]["display"] = g("QuestionnaireResponse.author.display")
    kop |= {"text": g.verhaal("QuestionnaireResponse")}
    advies = s.met_id(therapeut.maak(s.antwoorden(lijst, geheimen.advies(g), **kop)))
    therapeut.doe(f"{advies}/$definitief")

    apparaat = s.met_id(houder.maak(geheimen.apparaat(g, wie)))
    gebruik = s.met_id(houder.maak(geheimen.gebruik(g, wie, apparaat, diagnose, advies)))
    houder.maak(s.toestemming(wie, org["gemeente"], "onderzoek"))
    toestemming = s.toestemming(wie, org["leverancier"], "levering", (gebruik, apparaat), text=g.verhaal("Consent"))
    w.bij["toestemming"] = s.met_id(houder.maak(toestemming))
    verzoek = s.met_id(houder.maak(geheimen.verzoek(g, wie, gebruik, diagnose)))
    taak = s.met_id(houder.maak(geheimen.behandeling(g, wie, verzoek, org["gemeente"])))
    klaar = w.gemeente.doe(
        f"{taak}/$beslis",
        s.parameters(
            uitkomst={"valueCode": "toegekend"},
            leverancier={"valueReference": s.verwijs(org["leverancier"])},
            motivering={"valueString": g("$beslis motivering")},
        ),
    )
    opdracht = next(o for o in klaar["output"] if o["type"]["coding"][0]["code"] == "opdracht")
    w.bij |= {"opdracht": opdracht["valueReference"]["reference"], "advies": advies, "apparaat": apparaat}
    w.bij |= {"gebruik": gebruik, "diagnose": diagnose, "verzoek": verzoek, "behandeling": taak}


def test_de_houder_zelf_ziet_alle_geheimen(wereld: Wereld) -> None:
    """Anders zou de rest van dit bestand niets bewijzen."""
    tekst = str(wereld.houder.lees(f"{wereld.wie}/$everything")) + str(wereld.houder.zoek("QuestionnaireResponse"))
    gezien = set(wereld.g.plek(tekst))
    gemist = [p for p in wereld.g.waar if p not in gezien and not p.startswith("$beslis")]
    assert not gemist and len(gezien) > 50, gemist


def test_wat_de_leverancier_nodig_heeft_ziet_hij_wel(wereld: Wereld) -> None:
    opdracht = wereld.get(wereld.bij["opdracht"]).json()
    tekst = str(opdracht)
    for regel in opdracht["input"]:
        if verwijzing := regel.get("valueReference", {}).get("reference"):
            antwoord = wereld.get(verwijzing)
            assert antwoord.status_code == 200, verwijzing
            tekst += antwoord.text
    assert {MAG + "eis", MAG + "rolstoel", MAG + "fabriek"} <= {
        w.strip(".,\"'") for w in tekst.replace('"', " ").replace("'", " ").split()
    }


def test_lezen_oude_versies_en_geschiedenis(wereld: Wereld) -> None:
    assert len(wereld.alle) > 60
    for plek in wereld.alle:
        wereld.get(plek)
        wereld.get(f"{plek}/_history")
        for versie in ("1", "2", "3"):
            wereld.get(f"{plek}/_history/{versie}")
    assert wereld.get(wereld.bij["diagnose"]).status_code == 404
    assert wereld.get(f"{wereld.bij['diagnose']}/_history").status_code == 404


def test_zoeken_op_elk_type_met_elke_parameter(wereld: Wereld) -> None:
    """Ook de aantallen zwijgen: wie op een geheim zoekt, vindt niets, ook niet in iets dat hij gedeeltelijk ziet."""
    vragen = 0
    for type_, params, includes, revincludes in _capability(wereld):
        bundel = wereld.get(type_, patient=wereld.wie) if "patient" in params else wereld.get(type_)
        waarden = [GEHEIM, f"{GEHEIM}007", wereld.bij["diagnose"], s.DIAGNOSE]
        for naam in sorted(params):
            for waarde in waarden if naam != "patient" else [wereld.wie]:
                query = {naam: waarde} | ({"patient": wereld.wie} if "patient" in params else {})
                antwoord = wereld.leverancier.fhir.get(type_, params=query)
                schoon = _zonder_eigen_vraag(antwoord, waarde)
                assert GEHEIM not in schoon and wereld.bsn not in schoon, (type_, naam)
                vragen += 1
                if antwoord.status_code == 200 and naam != "patient" and GEHEIM in waarde:
                    assert antwoord.json()["total"] == 0, (type_, naam, waarde)
        if bundel.status_code == 200 and "patient" in params:
            for verder in includes:
                wereld.get(type_, patient=wereld.wie, _include=verder)
            for verder in revincludes:
                wereld.get(type_, patient=wereld.wie, _revinclude=verder)
            for extra in ({"_summary": "true"}, {"_elements": "reasonCode,text"}, {"_sort": "_lastUpdated"}):
                wereld.get(type_, patient=wereld.wie, **extra)
    assert vragen > 300


def test_niemand_wordt_gevonden_op_een_bsn(wereld: Wereld) -> None:
    for waarde in (wereld.bsn, f"http://fhir.nl/fhir/NamingSystem/bsn|{wereld.bsn}"):
        antwoord = wereld.leverancier.fhir.post("Patient/_search", data={"identifier": waarde})
        assert antwoord.status_code == 200 and antwoord.json()["total"] == 0
        keten = wereld.leverancier.fhir.post("Task/_search", data={"patient.identifier": waarde, "patient": wereld.wie})
        assert keten.status_code == 400 or keten.json()["total"] == 0


def test_operaties_verraden_niets(wereld: Wereld) -> None:
    wereld.get(f"{wereld.wie}/$everything")
    for plek in (wereld.bij[n] for n in ("diagnose", "verzoek", "behandeling", "advies", "gebruik", "apparaat")):
        for operatie in ("$herhaaltoets", "$bevestig", "$definitief", "$beslis", "$everything"):
            if (plek, operatie) == (wereld.bij["gebruik"], "$bevestig"):
                continue  # dat mag hij: zie de volgende test
            if (plek, operatie) == (wereld.bij["apparaat"], "$bevestig"):
                continue
            wereld.schoon(wereld.leverancier.stuur("POST", f"{plek}/{operatie}"))
        wereld.schoon(wereld.leverancier.stuur("POST", f"{plek}/$validate", _leeg(plek)))
    vreemd = s.verzoek(wereld.wie, wereld.bij["gebruik"], geheimen.CATEGORIE)
    wereld.schoon(
        wereld.leverancier.stuur("POST", "DeviceRequest/$herhaaltoets", s.parameters(verzoek={"resource": vreemd}))
    )


def test_bevestigen_echoot_niet_wat_hij_niet_leest(wereld: Wereld) -> None:
    wereld.schoon(wereld.leverancier.stuur("POST", f"{wereld.bij['apparaat']}/$bevestig"))
    erbij = wereld.get("Device", patient=wereld.wie, _revinclude="Provenance:target").json()
    assert any(r["resource"]["resourceType"] == "Provenance" for r in erbij["entry"])


def test_schrijven_en_de_fouten_daarvan_verraden_niets(wereld: Wereld) -> None:
    """Verwijzen naar iets verborgens geeft hetzelfde als verwijzen naar iets dat er nooit was."""
    antwoorden = []
    for doel in (wereld.bij["diagnose"], "Condition/nooit-geweest"):
        inhoud = {
            "resourceType": "DeviceUseStatement",
            "status": "active",
            "subject": s.verwijs(wereld.wie),
            "device": s.verwijs(wereld.bij["apparaat"]),
            "reasonReference": [s.verwijs(doel)],
        }
        antwoord = wereld.leverancier.stuur("POST", "DeviceUseStatement", inhoud)
        wereld.schoon(antwoord)
        antwoorden.append((antwoord.status_code, antwoord.text.replace(doel, "X")))
    assert antwoorden[0] == antwoorden[1] and antwoorden[0][0] >= 400
    for plek in (wereld.bij["diagnose"], "Condition/nooit-geweest"):
        antwoord = wereld.leverancier.stuur("PUT", plek, _leeg(plek), if_match='W/"1"')
        antwoorden.append((antwoord.status_code, wereld.schoon(antwoord).replace(plek, "X")))
    assert antwoorden[2] == antwoorden[3]
    for plek in (wereld.bij["gebruik"], wereld.bij["apparaat"], wereld.bij["advies"]):
        half = wereld.get(plek).json()
        antwoord = wereld.leverancier.stuur("PUT", plek, half)
        wereld.schoon(antwoord)
        assert antwoord.status_code == 403, f"{plek}: wie het half ziet, wijzigt het niet"


def test_de_opdracht_kan_geen_vrije_tekst_dragen(wereld: Wereld) -> None:
    """Ook de gemeente kan er niets in planten (profiel hmp-opdracht)."""
    opdracht = wereld.gemeente.lees(wereld.bij["opdracht"])
    invoer = [*opdracht["input"], {"type": s.code("taakinvoer", "reden-uitstel"), "valueString": GEHEIM}]
    pogingen: list[Json] = [
        {"description": GEHEIM},
        {"note": [{"text": GEHEIM}]},
        {"reasonCode": {"text": GEHEIM}},
        {"input": invoer},
        {"for": {**opdracht["for"], "display": GEHEIM}},
        {"text": {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{GEHEIM}</div>'}},
    ]
    for poging in pogingen:
        antwoord = wereld.gemeente.stuur("PUT", wereld.bij["opdracht"], opdracht | poging)
        assert antwoord.status_code in (400, 403, 422), (list(poging), antwoord.text[:500])
    wereld.get(wereld.bij["opdracht"])


def test_wat_zonder_paspoort_te_lezen_is_noemt_niemand(wereld: Wereld) -> None:
    for pad in ("metadata", ".well-known/smart-configuration", "Questionnaire/functioneel-advies", "Organization"):
        antwoord = wereld.leverancier.fhir.get(pad)
        assert antwoord.status_code == 200
        assert GEHEIM not in antwoord.text and wereld.bsn not in antwoord.text


def test_zonder_toestemming_houdt_de_open_opdracht_alleen_wat_zij_nodig_heeft(wereld: Wereld) -> None:
    """De laatste test van dit bestand: zij trekt de toestemming in, en alles nog eens."""
    wereld.houder.wijzig(wereld.houder.lees(wereld.bij["toestemming"]) | {"status": "inactive"})
    opdracht = wereld.get(wereld.bij["opdracht"])
    assert opdracht.status_code == 200
    genoemd = {r["valueReference"]["reference"] for r in opdracht.json()["input"] if "valueReference" in r}
    genoemd |= {wereld.bij["opdracht"], wereld.wie}
    zichtbaar = set()
    for plek in wereld.alle:
        if wereld.get(plek).status_code == 200:
            zichtbaar.add(plek)
        wereld.get(f"{plek}/_history")
    eigen = {p for p in zichtbaar if p.split("/")[0] in ("Provenance", "AuditEvent", "Consent", "PractitionerRole")}
    assert zichtbaar - eigen <= genoemd, zichtbaar - eigen - genoemd
    assert {wereld.bij["apparaat"], wereld.bij["gebruik"], wereld.bij["advies"]} <= zichtbaar
    wereld.get(f"{wereld.wie}/$everything")
    for type_ in {p.split("/")[0] for p in wereld.alle}:
        wereld.get(type_, patient=wereld.wie)


def _capability(wereld: Wereld) -> list[tuple[str, set[str], list[str], list[str]]]:
    verklaring = wereld.leverancier.lees("metadata")
    uit = []
    for r in verklaring["rest"][0]["resource"]:
        params = {p["name"] for p in r.get("searchParam", [])}
        zoekt = any(i["code"] == "search-type" for i in r.get("interaction", []))
        if params and zoekt and r["type"] not in DEFINITIES:
            uit.append((r["type"], params, r.get("searchInclude", []), r.get("searchRevInclude", [])))
    assert len(uit) >= 15
    return uit


def _zonder_eigen_vraag(antwoord: httpx.Response, waarde: str) -> str:
    """De tekst zonder de vraag zelf: een Bundle herhaalt haar in `link`."""
    if antwoord.status_code != 200:
        return antwoord.text
    inhoud = antwoord.json()
    inhoud.pop("link", None)
    return str(inhoud)


def _leeg(plek: str) -> Json:
    type_, _, id_ = plek.partition("/")
    return {"resourceType": type_, "id": id_}
