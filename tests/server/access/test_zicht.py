"""De drie gronden van zicht en hun einde, regel voor regel (toegang.md §1, §3, §4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from paspoort.fhir.stelsels import codestelsel
from server.access.actor import Actor
from server.store.register import Mandaat
from tests.zichtwereld import (
    NU,
    PASPOORT,
    PATIENT,
    REGISTER,
    aandoening,
    actor,
    gebruik,
    hulpmiddel,
    opname,
    register,
    taak,
    toestemming,
    versie,
    zicht,
)

ALLES = {"contact", "persoon", "bsn", "gezondheid", "hulpmiddelen", "advies", "eisen", "besluiten", "voortgang"}
GEMEENTE, RIJDT = "Organization/gemeente", "Organization/rijdt"
NAAM = {"resourceType": "Patient", "id": PASPOORT, "name": [{"text": "Yvonne"}], "birthDate": "1961-04-02"}


def ziet(z, m):
    return {f"{v.type}/{v.id}" for v in m.alle() if z.toon(v) is not None}


@pytest.mark.parametrize("rol", ["houder", "vertegenwoordiger"])
def test_de_houder_ziet_alles_en_krijgt_de_bytes_zoals_ze_liggen(rol):
    m = opname(aandoening(text={"status": "generated", "div": "<div>x</div>"}), hulpmiddel())
    z = zicht(actor(rol), m)
    assert ziet(z, m) == {"Condition/als", "Device/rolstoel"}
    getoond = z.toon(m.get("Condition", "als"))
    assert getoond.volledig and getoond.tekst is m.get("Condition", "als").tekst
    assert [g.soort for g in getoond.gronden] == ["eigen"]


def test_een_houder_ziet_niets_van_een_ander_paspoort():
    m = opname(hulpmiddel())
    assert not zicht(actor("houder", patient="iemand-anders"), m).gronden


@pytest.mark.parametrize("rol", ["therapeut", "verstrekker", "leverancier", "beheerder", "proef", "houder"])
@pytest.mark.parametrize("soort", ["persoon", "app"])
def test_zonder_toestemming_of_opdracht_ziet_niemand_iets(rol, soort):
    m = opname(NAAM, aandoening(), hulpmiddel(), gebruik())
    wie = actor(rol, soort) if rol not in ("houder",) else Actor(soort, "houder", "x", patient=None)
    z = zicht(wie, m)
    assert ziet(z, m) == set() and z.gronden == ()


@pytest.mark.parametrize(
    ("consent", "verwacht"),
    [
        (toestemming(GEMEENTE, ALLES), True),
        (toestemming("PractitionerRole/karim", ALLES), True),
        (toestemming("Organization/ander", ALLES), False),
        (toestemming("https://elders.example/fhir/Organization/gemeente", ALLES), False),
        (toestemming(GEMEENTE, ALLES, status="inactive"), False),
        (toestemming(GEMEENTE, ALLES, status="proposed"), False),
        (toestemming(GEMEENTE, ALLES, status="entered-in-error"), False),
        (toestemming(GEMEENTE, ALLES, tot="2026-03-02"), False),
        (toestemming(GEMEENTE, ALLES, tot="2026-03-03"), True),
        (toestemming(GEMEENTE, ALLES, van="2026-03-04"), False),
        (toestemming(GEMEENTE, ALLES, tot="2026-03-03T11:59:59Z"), False),
        (toestemming(GEMEENTE, ALLES, tot="2026"), False),
        (toestemming(GEMEENTE, ALLES) | {"patient": {"reference": "Patient/ander"}}, False),
        (toestemming(GEMEENTE, set()), False),
    ],
)
def test_een_toestemming_geldt_voor_wie_zij_noemt_en_zolang_zij_loopt(consent, verwacht):
    m = opname(consent, hulpmiddel())
    assert ("Device/rolstoel" in ziet(zicht(actor("verstrekker"), m), m)) is verwacht


@pytest.mark.parametrize(
    "beperking",
    [
        {"class": [{"code": "Device"}]},
        {"code": [{"text": "x"}]},
        {"dataPeriod": {"start": "2026-01-01"}},
        {"type": "deny"},
        {"action": [{"coding": [{"code": "correct"}]}]},
        {"data": [{"meaning": "instance", "reference": {"display": "dat ene"}}]},
        {"provision": [{"type": "deny"}]},
        {"provision": [{"type": "deny", "data": [{"reference": {"reference": "urn:uuid:1"}}]}]},
    ],
)
def test_een_beperking_die_wij_niet_kennen_laat_niets_zien(beperking):
    consent = toestemming(GEMEENTE, ALLES)
    consent["provision"] |= beperking
    m = opname(consent, hulpmiddel())
    assert ziet(zicht(actor("verstrekker"), m), m) == set()


def test_een_ingetrokken_toestemming_werkt_bij_het_volgende_verzoek():
    m = opname(toestemming(GEMEENTE, ALLES), hulpmiddel())
    assert ziet(zicht(actor("verstrekker"), m), m)
    ingetrokken = m.met(2, [versie(toestemming(GEMEENTE, ALLES, status="inactive"), nummer=2)])
    assert ziet(zicht(actor("verstrekker"), ingetrokken), ingetrokken) == set()


def test_een_toestemming_eindigt_zonder_dat_iemand_schrijft():
    m = opname(toestemming(GEMEENTE, ALLES, tot="2026-03-03"), hulpmiddel())
    assert ziet(zicht(actor("verstrekker"), m), m)
    # middernacht in Nederland is 23.00 uur UTC
    laat = datetime.fromisoformat("2026-03-03T22:59:59+00:00")
    assert ziet(zicht(actor("verstrekker"), m, nu=laat), m)
    assert ziet(zicht(actor("verstrekker"), m, nu=laat + timedelta(seconds=1)), m) == set()


@pytest.mark.parametrize(
    "reg",
    [register(geschorst=["gemeente"]), register(inactief=["gemeente"])],
    ids=["geschorst", "niet actief"],
)
def test_een_geschorste_organisatie_ziet_niets_ook_niet_met_een_opdracht(reg):
    m = opname(toestemming(GEMEENTE, ALLES), hulpmiddel(), taak(GEMEENTE, "onderzoek"))
    assert ziet(zicht(actor("verstrekker"), m, reg), m) == set()


def test_een_functie_die_niet_meer_bij_de_organisatie_hoort_ziet_niets():
    m = opname(toestemming(GEMEENTE, ALLES), hulpmiddel())
    assert ziet(zicht(actor("verstrekker", functie="nienke"), m), m) == set()
    assert ziet(zicht(actor("verstrekker", functie="bestaat-niet"), m), m) == set()


def test_een_mandaat_laat_een_andere_organisatie_meelezen_zolang_het_loopt():
    m = opname(toestemming(GEMEENTE, ALLES), hulpmiddel())
    gr = actor("verstrekker", "app", organisatie="ander")
    assert ziet(zicht(gr, m), m) == set()
    loopt = register(mandaten=[Mandaat("gemeente", "ander", "onderzoek", "2026-01-01", "2026-12-31")])
    assert "Device/rolstoel" in ziet(zicht(gr, m, loopt), m)
    voorbij = register(mandaten=[Mandaat("gemeente", "ander", "onderzoek", "2025-01-01", "2025-12-31")])
    assert ziet(zicht(gr, m, voorbij), m) == set()
    andere_taak = register(mandaten=[Mandaat("gemeente", "ander", "levering")])
    assert ziet(zicht(gr, m, andere_taak), m) == set()


def test_een_uitzondering_gaat_over_precies_dat_ene_gegeven():
    m = opname(
        toestemming(GEMEENTE, ALLES, zonder=["Condition/geheim"]),
        aandoening("geheim"),
        aandoening("als"),
        gebruik(
            reasonReference=[{"reference": "Condition/geheim", "display": "geheim"}, {"reference": "Condition/als"}]
        ),
        hulpmiddel(),
    )
    z = zicht(actor("verstrekker"), m)
    assert "Condition/als" in ziet(z, m) and "Condition/geheim" not in ziet(z, m)
    getoond = z.toon(m.get("DeviceUseStatement", "gebruik"))
    assert getoond.inhoud["reasonReference"] == [{"reference": "Condition/als"}] and not getoond.volledig


def test_een_tweede_toestemming_telt_op():
    m = opname(
        toestemming(GEMEENTE, {"hulpmiddelen"}, id="een"), toestemming(GEMEENTE, {"gezondheid"}, id="twee"),
        aandoening(), hulpmiddel(),
    )  # fmt: skip
    z = zicht(actor("verstrekker"), m)
    assert {"Condition/als", "Device/rolstoel"} <= ziet(z, m)
    assert [g.verwijzing for g in z.toon(m.get("Condition", "als")).gronden] == ["Consent/twee"]


@pytest.mark.parametrize("doel", ["levering", "reparatie"])
def test_bij_levering_en_reparatie_alleen_de_hulpmiddelen_waar_het_om_gaat(doel):
    foto = {
        "resourceType": "DocumentReference", "id": "foto", "status": "current", "subject": {"reference": PATIENT},
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "foto"}]},
        "content": [{"attachment": {"url": "Binary/plaatje"}}], "context": {"related": [{"reference": "Device/rolstoel"}]},
    }  # fmt: skip
    ander = [hulpmiddel("bed"), gebruik("slaap", "bed")]
    bij = [
        hulpmiddel(), gebruik(), hulpmiddel("kussen", parent={"reference": "Device/rolstoel"}), foto,
        {"resourceType": "Binary", "id": "plaatje", "contentType": "image/png", "data": "AA=="},
        {"resourceType": "Binary", "id": "los", "contentType": "image/png", "data": "AA=="},
    ]  # fmt: skip
    m = opname(toestemming(RIJDT, {"hulpmiddelen"}, doel, betreft=["Device/rolstoel"]), *bij, *ander)
    assert ziet(zicht(actor("leverancier"), m), m) == {
        "Consent/c", "Device/rolstoel", "DeviceUseStatement/gebruik", "Device/kussen", "DocumentReference/foto",
        "Binary/plaatje",
    }  # fmt: skip
    niets = opname(toestemming(RIJDT, {"hulpmiddelen"}, doel), *bij, *ander)
    assert ziet(zicht(actor("leverancier"), niets), niets) == {"Consent/c"}


def test_een_lopende_opdracht_toont_de_taak_en_waar_zij_naar_wijst_en_niet_verder():
    m = opname(
        taak(RIJDT, "levering", ["DeviceUseStatement/gebruik"]),
        NAAM, gebruik(derivedFrom=[{"reference": "QuestionnaireResponse/q"}]), hulpmiddel(), hulpmiddel("bed"), aandoening(),
    )  # fmt: skip
    z = zicht(actor("leverancier", "app"), m)
    assert ziet(z, m) == {"Task/t", "Patient/yvonne", "DeviceUseStatement/gebruik", "Device/rolstoel"}
    naam = z.toon(m.get("Patient", PASPOORT))
    assert "name" in naam.inhoud and "birthDate" not in naam.inhoud and not naam.volledig
    assert {(g.soort, g.verwijzing, g.doel) for g in naam.gronden} == {("opdracht", "Task/t", "levering")}


@pytest.mark.parametrize("status", ["draft", "completed", "cancelled", "rejected", "failed", "entered-in-error"])
def test_een_gesloten_of_nog_niet_verstuurde_taak_toont_niets(status):
    m = opname(taak(RIJDT, "levering", ["Device/rolstoel"], status=status), hulpmiddel())
    assert ziet(zicht(actor("leverancier"), m), m) == set()


@pytest.mark.parametrize("doel", [None, "onderzoek", "bestaat-niet"])
def test_een_taak_zonder_passend_doel_toont_alleen_zichzelf(doel):
    m = opname(taak(RIJDT, doel, ["Device/rolstoel"]), hulpmiddel(), NAAM)
    assert ziet(zicht(actor("leverancier"), m), m) == {"Task/t"}


def test_een_opdracht_loopt_door_als_de_toestemming_wordt_ingetrokken():
    opdracht = taak(RIJDT, "levering", ["Device/rolstoel"])
    m = opname(
        toestemming(RIJDT, {"hulpmiddelen"}, "levering", status="inactive"), opdracht, hulpmiddel(), hulpmiddel("bed")
    )
    assert ziet(zicht(actor("leverancier"), m), m) == {"Task/t", "Device/rolstoel"}


def test_wat_de_leverancier_tijdens_de_opdracht_zelf_schreef_ziet_hij_terug():
    nieuw, oud = hulpmiddel("nieuw"), hulpmiddel("van-vroeger")
    m = opname(
        taak(RIJDT, "levering"),
        versie(nieuw, auteur=RIJDT, moment="2026-02-02T00:00:00.000Z"),
        versie(oud, auteur=RIJDT, moment="2026-01-02T00:00:00.000Z"),
        hulpmiddel("van-de-houder"),
    )
    assert ziet(zicht(actor("leverancier", "app"), m), m) == {"Task/t", "Device/nieuw"}
    dicht = m.met(2, [versie(taak(RIJDT, "levering", status="completed"), nummer=2)])
    assert ziet(zicht(actor("leverancier", "app"), dicht), dicht) == set()


def test_een_taak_van_een_persoon_is_van_die_persoon_en_van_de_app_van_zijn_organisatie():
    m = opname(taak("PractitionerRole/lot", "levering", ["Device/rolstoel"]), hulpmiddel())
    assert ziet(zicht(actor("leverancier"), m), m) == {"Task/t", "Device/rolstoel"}
    assert ziet(zicht(actor("leverancier", "app"), m), m) == {"Task/t", "Device/rolstoel"}
    zonder_functie = actor("leverancier", functie=None)
    assert ziet(zicht(zonder_functie, m), m) == set()


def test_een_partij_ziet_alleen_de_toestemming_die_haar_noemt():
    m = opname(toestemming(GEMEENTE, ALLES | {"toestemmingen"}), toestemming(RIJDT, ALLES, id="van-rijdt"))
    assert ziet(zicht(actor("verstrekker"), m), m) == {"Consent/c"}


def test_een_gesprek_is_van_wie_erin_zit():
    def gesprek(id, met):
        return {
            "resourceType": "Communication", "id": id, "status": "completed", "subject": {"reference": PATIENT},
            "sender": {"reference": PATIENT}, "recipient": [{"reference": met}], "payload": [{"contentString": "hoi"}],
        }  # fmt: skip

    m = opname(toestemming(GEMEENTE, {"voortgang"}), gesprek("eigen", GEMEENTE), gesprek("ander", RIJDT))
    assert ziet(zicht(actor("verstrekker"), m), m) == {"Consent/c", "Communication/eigen"}


def test_de_therapeut_leest_alleen_de_taken_met_hem():
    consent = toestemming("Organization/praktijk", {"voortgang"}, "advies")
    m = opname(consent, taak("Organization/praktijk", None, id="mijn"), taak(GEMEENTE, None, id="niet-mijn"))
    assert ziet(zicht(actor("therapeut"), m), m) == {"Consent/c", "Task/mijn"}


def test_provenance_volgt_haar_doel():
    def gebeurtenis(id, doel):
        wie = {"who": {"reference": PATIENT}}
        return {"resourceType": "Provenance", "id": id, "target": [{"reference": doel}], "agent": [wie]}

    m = opname(
        toestemming(GEMEENTE, {"hulpmiddelen"}), hulpmiddel(), aandoening(), gebeurtenis("p1", "Device/rolstoel"),
        gebeurtenis("p2", "Condition/als"), gebeurtenis("p3", "Provenance/p3"),
    )  # fmt: skip
    z = zicht(actor("verstrekker"), m)
    assert ziet(z, m) == {"Consent/c", "Device/rolstoel", "Provenance/p1"}
    assert [g.verwijzing for g in z.toon(m.get("Provenance", "p1")).gronden] == ["Consent/c"]


def test_de_proef_app_ziet_alleen_de_paspoorten_die_zij_maakte():
    m = opname(hulpmiddel())
    m.testdata_van = "proef-1"
    assert ziet(zicht(Actor("app", "proef", "p", client_id="proef-1"), m), m) == {"Device/rolstoel"}
    assert ziet(zicht(Actor("app", "proef", "p", client_id="proef-2"), m), m) == set()
    m.testdata_van = None
    assert ziet(zicht(Actor("app", "proef", "p", client_id=None), m), m) == set()


def test_een_organisatie_ziet_alleen_haar_eigen_afschriften():
    m = opname({"resourceType": "Device", "id": "los"}, partitie="org-rijdt", soort="organisatie")
    assert ziet(zicht(actor("leverancier"), m), m) == {"Device/los"}
    assert ziet(zicht(actor("verstrekker"), m), m) == set()
    assert ziet(zicht(actor("houder"), m), m) == set()


def test_in_het_register_zijn_organisaties_voor_iedereen_en_mensen_van_het_eigen_huis():
    m = REGISTER.momentopname
    van_lot = ziet(zicht(actor("leverancier"), m), m)
    assert {"Organization/gemeente", "PractitionerRole/lot", "Practitioner/p-lot"} <= van_lot
    assert not {"PractitionerRole/karim", "Practitioner/p-karim"} & van_lot
    assert "PractitionerRole/karim" in ziet(zicht(actor("beheerder"), m), m)


def test_wie_in_een_gedeeld_paspoort_genoemd_wordt_is_in_het_register_te_lezen():
    from server.access.zicht import bepaal_zicht

    werk = taak(GEMEENTE, None, aanvrager="PractitionerRole/karim")
    blik = zicht(actor("houder"), opname(werk))
    m = REGISTER.momentopname
    met = bepaal_zicht(actor("houder"), m, REGISTER, NU, [blik])
    assert {"PractitionerRole/karim", "Practitioner/p-karim"} <= ziet(met, m)
    assert "PractitionerRole/nienke" not in ziet(met, m)


def test_de_vingerafdruk_verandert_met_het_zicht_en_niet_met_de_gegevens():
    m = opname(toestemming(GEMEENTE, {"hulpmiddelen"}), hulpmiddel())
    een = zicht(actor("verstrekker"), m).vingerafdruk
    meer = m.met(2, [versie(aandoening())])
    assert zicht(actor("verstrekker"), meer).vingerafdruk == een
    ruimer = m.met(2, [versie(toestemming(GEMEENTE, {"hulpmiddelen", "eisen"}), nummer=2)])
    assert zicht(actor("verstrekker"), ruimer).vingerafdruk != een


def test_een_verwijderde_versie_heeft_geen_inhoud_om_te_tonen():
    v = versie(hulpmiddel())
    v.verwijderd = True
    assert zicht(actor("houder"), opname(v)).toon(v) is None
