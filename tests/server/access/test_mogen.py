"""Maken, wijzigen en verwijderen volgens de roltabel (toegang.md §3); elk nee heeft een reden."""

from __future__ import annotations

import pytest

from paspoort.fhir.stelsels import BASIS, BSN, codestelsel, extension
from tests.zichtwereld import (
    PASPOORT,
    PATIENT,
    aandoening,
    actor,
    gebruik,
    hulpmiddel,
    opname,
    taak,
    toestemming,
    versie,
    zicht,
)

GROEPEN = {
    "contact",
    "persoon",
    "gezondheid",
    "functioneren",
    "maten",
    "omgeving",
    "hulpmiddelen",
    "advies",
    "eisen",
    "plan",
    "verzoeken",
    "besluiten",
    "financieel",
    "voortgang",
    "ervaringen",
}
ORGANISATIE = {"therapeut": "praktijk", "verstrekker": "gemeente", "leverancier": "rijdt"}
DOC = {"reference": "DocumentReference/brief"}


def antwoorden(lijst, id="q", status="in-progress", **anders):
    return {
        "resourceType": "QuestionnaireResponse",
        "id": id,
        "status": status,
        "subject": {"reference": PATIENT},
        "questionnaire": f"{BASIS}Questionnaire/{lijst}|1.0.0",
    } | anders


def aanvraag(intent, **anders):
    return {
        "resourceType": "DeviceRequest",
        "id": "dr",
        "intent": intent,
        "status": "draft",
        "subject": {"reference": PATIENT},
    } | anders


def meting(categorie="maten"):
    soort = {"coding": [{"system": codestelsel("observatiesoort"), "code": categorie}]}
    return {"resourceType": "Observation", "id": "m", "subject": {"reference": PATIENT}, "category": [soort]}


def document(soort, **anders):
    return {
        "resourceType": "DocumentReference",
        "id": "brief",
        "subject": {"reference": PATIENT},
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": soort}]},
    } | anders


BERICHT = {
    "resourceType": "Communication",
    "id": "b",
    "subject": {"reference": PATIENT},
    "sender": {"reference": PATIENT},
}


def blik(rol, *resources, soort="persoon"):
    bij = [] if rol == "houder" else [toestemming(f"Organization/{ORGANISATIE[rol]}", GROEPEN)]
    return zicht(actor(rol, soort), opname(*bij, *resources))


# (resource, wie haar mag maken)
MAKEN = [
    (aandoening(), "houder therapeut"),
    (meting("maten"), "houder therapeut"),
    (meting("functioneren"), "houder therapeut"),
    ({"resourceType": "Observation", "id": "m"}, "houder"),
    (hulpmiddel(), "houder therapeut verstrekker leverancier"),
    (gebruik(), "houder therapeut verstrekker leverancier"),
    (
        document("foto", context={"related": [{"reference": "Device/rolstoel"}]}),
        "houder therapeut verstrekker leverancier",
    ),
    (document("beschikking"), "houder verstrekker"),
    (document("overig"), "houder"),
    (antwoorden("functioneel-advies"), "therapeut"),
    (antwoorden("reactie-advies"), "houder therapeut"),
    (antwoorden("persoonlijk-plan"), "houder"),
    (antwoorden("verzoek"), "houder"),
    (antwoorden("evaluatie"), "houder"),
    (antwoorden("van-iemand-anders"), ""),
    (aanvraag("proposal"), "houder leverancier"),
    (aanvraag("proposal", status="active"), "houder"),
    (
        aanvraag("proposal", extension=[{"url": extension("aanvrager"), "valueReference": {"reference": PATIENT}}]),
        "houder",
    ),
    (aanvraag("order"), "verstrekker"),
    (aanvraag("order", supportingInfo=[DOC]), "houder verstrekker"),
    (aanvraag("order", supportingInfo=[DOC], basedOn=[{"reference": "DeviceRequest/x"}]), "verstrekker"),
    (aanvraag("plan"), ""),
    (BERICHT, "houder verstrekker"),
    (taak("Organization/gemeente", "herhaalverzoek", soort="behandeling", aanvrager=PATIENT), "houder"),
    (taak("Organization/rijdt", "levering"), "verstrekker"),
    (taak("Organization/rijdt", "onderzoek"), ""),
    (taak("Organization/gemeente", "onderzoek"), ""),
    (taak("Organization/gemeente", None), "verstrekker"),
    (toestemming("Organization/rijdt", GROEPEN), "houder"),
    (toestemming("Organization/rijdt", GROEPEN, status="proposed"), "houder therapeut verstrekker leverancier"),
    ({"resourceType": "Binary", "id": "x"}, "houder therapeut verstrekker leverancier"),
    ({"resourceType": "RelatedPerson", "id": "x", "patient": {"reference": PATIENT}}, ""),
    ({"resourceType": "Patient", "id": "x"}, ""),
    ({"resourceType": "Provenance", "id": "x"}, ""),
    ({"resourceType": "AuditEvent", "id": "x"}, ""),
    ({"resourceType": "Subscription", "id": "x"}, ""),
    ({"resourceType": "Basic", "id": "x"}, ""),
]


@pytest.mark.parametrize(("inhoud", "wie"), MAKEN, ids=[f"{i['resourceType']}-{n}" for n, (i, _) in enumerate(MAKEN)])
def test_wie_wat_mag_maken(inhoud, wie):
    besluiten = {rol: blik(rol).mag("S", inhoud, None) for rol in ("houder", *ORGANISATIE)}
    assert {rol for rol, b in besluiten.items() if b.ja} == set(wie.split())
    assert all(b.reden for b in besluiten.values())


@pytest.mark.parametrize("rol", sorted(ORGANISATIE))
def test_zonder_grond_maakt_niemand_iets(rol):
    leeg = zicht(actor(rol), opname())
    assert not any(leeg.mag("S", inhoud, None).ja for inhoud, _ in MAKEN)


def test_maken_vraagt_een_grond_met_die_groep():
    z = zicht(actor("therapeut"), opname(toestemming("Organization/praktijk", {"hulpmiddelen"})))
    assert z.mag("S", hulpmiddel(), None).ja and not z.mag("S", aandoening(), None).ja


@pytest.mark.parametrize(
    ("rol", "auteur", "verwacht"),
    [
        ("houder", PATIENT, True),
        ("houder", "Organization/rijdt", False),
        ("leverancier", "Organization/rijdt", True),
        ("leverancier", "PractitionerRole/lot", True),
        ("leverancier", PATIENT, False),
        ("leverancier", "Organization/gemeente", False),
        ("therapeut", "PractitionerRole/nienke", True),
        ("therapeut", "PractitionerRole/karim", False),
    ],
)
def test_niemand_wijzigt_wat_een_ander_schreef(rol, auteur, verwacht):
    v = versie(hulpmiddel(), auteur=auteur)
    assert blik(rol, v).mag("W", hulpmiddel(status="inactive"), v).ja is verwacht


def test_een_app_wijzigt_wat_haar_organisatie_schreef_en_een_collega_niet():
    v = versie(hulpmiddel(), auteur="PractitionerRole/lot")
    assert blik("leverancier", v, soort="app").mag("W", hulpmiddel(), v).ja
    collega = zicht(actor("leverancier", functie=None), opname(toestemming("Organization/rijdt", GROEPEN), v))
    assert not collega.mag("W", hulpmiddel(), v).ja


def test_wie_een_deel_ziet_wijzigt_niets():
    v = versie(gebruik(reasonCode=[{"text": "ALS"}]), auteur="Organization/rijdt")
    assert not blik("leverancier", v, versie(hulpmiddel())).mag("W", gebruik(), v).ja


def test_een_definitief_advies_verandert_niet_meer():
    for status, verwacht in (("in-progress", True), ("completed", False), ("amended", False)):
        v = versie(antwoorden("functioneel-advies", status=status), auteur="PractitionerRole/nienke")
        assert blik("therapeut", v).mag("W", antwoorden("functioneel-advies"), v).ja is verwacht
        assert (
            not blik("therapeut", v).mag("W", antwoorden("functioneel-advies", status="entered-in-error"), v).ja
            or verwacht
        )


def test_een_verzoek_verandert_niet_meer_als_het_behandeld_is():
    v = versie(aanvraag("proposal"))
    assert blik("houder", v).mag("W", aanvraag("proposal", status="revoked"), v).ja
    klaar = taak("Organization/gemeente", None, status="completed", focus={"reference": "DeviceRequest/dr"})
    assert not blik("houder", v, klaar).mag("W", aanvraag("proposal", status="revoked"), v).ja


def test_een_verzonden_besluit_staat_vast_op_een_vergissing_en_een_bezwaar_na():
    v = versie(aanvraag("order", status="active"), auteur="Organization/gemeente")
    z = blik("verstrekker", v, soort="app")
    assert not z.mag("W", aanvraag("order", status="active", note=[{"text": "anders"}]), v).ja
    assert z.mag("W", aanvraag("order", status="entered-in-error"), v).ja
    bezwaar = {"url": extension("bezwaar"), "extension": [{"url": "ingediend-op", "valueDate": "2026-03-03"}]}
    assert blik("houder", v).mag("W", aanvraag("order", status="active", extension=[bezwaar]), v).ja
    ook_anders = aanvraag("order", status="revoked", extension=[bezwaar])
    assert not blik("houder", v).mag("W", ook_anders, v).ja


def test_een_gegeven_verhuist_niet_naar_een_andere_groep():
    v = versie(aanvraag("proposal"))
    assert not blik("houder", v).mag("W", aanvraag("order", supportingInfo=[DOC]), v).ja


OPDRACHT = taak("Organization/rijdt", "levering", ["Device/rolstoel"])


@pytest.mark.parametrize(
    ("anders", "verwacht"),
    [
        ({"status": "completed"}, True),
        ({"businessStatus": {"text": "besteld"}}, True),
        ({"output": [{"type": {"text": "x"}, "valueString": "y"}]}, True),
        ({"input": []}, False),
        ({"focus": {"reference": "DeviceRequest/geheim"}}, False),
        ({"basedOn": [{"reference": "DeviceRequest/geheim"}]}, False),
        ({"for": {"reference": "Patient/ander"}}, False),
        ({"requester": {"reference": "Organization/rijdt"}}, False),
        ({"owner": {"reference": "Organization/ander"}}, False),
        ({"owner": {"reference": "PractitionerRole/lot"}}, True),
        ({"extension": [{"url": extension("doel"), "valueCode": "verhuizing"}]}, False),
        ({"extension": []}, False),
    ],
)
def test_de_eigenaar_van_een_opdracht_meldt_voortgang_en_verandert_de_afspraken_niet(anders, verwacht):
    v = versie(OPDRACHT, auteur="Organization/gemeente")
    z = zicht(actor("leverancier", "app"), opname(v, hulpmiddel()))
    assert z.mag("W", OPDRACHT | anders, v).ja is verwacht


@pytest.mark.parametrize(
    ("plek", "verwacht"),
    [("Device/rolstoel", True), ("Device/eigen", True), ("Device/nieuw", True), ("Device/ander", False)],
)
def test_een_uitkomst_van_de_eigenaar_wijst_alleen_naar_eigen_werk_of_wat_er_al_stond(plek, verwacht):
    """Anders hield hij daarmee na intrekken wat hij eerst mocht zien."""
    v = versie(OPDRACHT, auteur="Organization/gemeente")
    eigen = versie(hulpmiddel("eigen"), auteur="PractitionerRole/lot")
    deelt = toestemming("Organization/rijdt", GROEPEN)
    nieuw = OPDRACHT | {"output": [{"type": {"text": "x"}, "valueReference": {"reference": plek}}]}
    for soort in ("app", "persoon"):
        z = zicht(actor("leverancier", soort), opname(v, deelt, eigen, hulpmiddel(), hulpmiddel("ander")))
        assert z.mag("W", nieuw, v).ja is verwacht, soort


def test_de_houder_breekt_alleen_het_eigen_lopende_verzoek_af():
    eigen = taak("Organization/gemeente", None, soort="behandeling", aanvrager=PATIENT)
    v = versie(eigen)
    assert blik("houder", v).mag("W", eigen | {"status": "cancelled"}, v).ja
    assert not blik("houder", v).mag("W", eigen | {"status": "completed"}, v).ja
    ander = versie(OPDRACHT)
    assert not blik("houder", ander).mag("W", OPDRACHT | {"status": "cancelled"}, ander).ja


def test_de_houder_verandert_haar_gegevens_maar_niet_haar_nummer():
    oud = {"resourceType": "Patient", "id": PASPOORT, "identifier": [{"system": BSN, "value": "999990019"}]}
    v = versie(oud)
    assert blik("houder", v).mag("W", oud | {"name": [{"text": "Yvonne"}]}, v).ja
    assert not blik("houder", v).mag("W", oud | {"identifier": []}, v).ja


def test_alleen_de_houder_verwijdert():
    v = versie(hulpmiddel(), auteur="Organization/rijdt")
    assert blik("houder", v).mag("D", v.inhoud, v).ja
    assert not any(blik(rol, v, soort="app").mag("D", v.inhoud, v).ja for rol in ORGANISATIE)
    patient = versie({"resourceType": "Patient", "id": PASPOORT})
    assert not blik("houder", patient).mag("D", patient.inhoud, patient).ja


def test_een_partij_trekt_geen_toestemming_van_de_houder_aan():
    v = versie(toestemming("Organization/rijdt", {"contact"}))
    z = zicht(actor("leverancier"), opname(v))
    assert not z.mag("W", toestemming("Organization/rijdt", GROEPEN), v).ja
    assert blik("houder", v).mag("W", toestemming("Organization/rijdt", GROEPEN, status="inactive"), v).ja
