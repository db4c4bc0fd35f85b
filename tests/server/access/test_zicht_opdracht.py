"""Lopende opdrachten, afschriften, het register en wat een rol alleen onder voorwaarde leest (toegang.md §1, §3)."""

from __future__ import annotations

import pytest

from server.access.actor import Actor
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
    taak,
    toestemming,
    versie,
    zicht,
)

GEMEENTE, RIJDT = "Organization/gemeente", "Organization/rijdt"
ALLES = {"contact", "persoon", "bsn", "gezondheid", "hulpmiddelen", "advies", "eisen", "besluiten", "voortgang"}
NAAM = {"resourceType": "Patient", "id": PASPOORT, "name": [{"text": "Yvonne"}], "birthDate": "1961-04-02"}


def ziet(z, m):
    return {f"{v.type}/{v.id}" for v in m.alle() if z.toon(v) is not None}


def test_een_lopende_opdracht_toont_de_taak_en_waar_zij_naar_wijst_en_niet_verder():
    m = opname(
        taak(RIJDT, "levering", ["DeviceUseStatement/gebruik"]),
        NAAM,
        gebruik(derivedFrom=[{"reference": "QuestionnaireResponse/q"}]),
        hulpmiddel(),
        hulpmiddel("bed"),
        aandoening(),
    )
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


def test_wie_zelf_een_taak_maakt_houdt_daarmee_geen_zicht_op_de_taak_van_een_ander():
    """Anders zou een gemeente na intrekken blijven meelezen, met een Task zonder doel die zij nooit sluit."""
    eigen = taak(GEMEENTE, None, basedOn=[{"reference": "Task/u"}, {"reference": "Communication/gesprek"}])
    gesprek = {"resourceType": "Communication", "id": "gesprek", "status": "completed"}
    met_hen = gesprek | {"recipient": [{"reference": GEMEENTE}], "payload": [{"contentString": "Hoe is het?"}]}
    m = opname(eigen, taak(RIJDT, "levering", [], "u"), met_hen, toestemming(GEMEENTE, ALLES), NAAM)
    z = zicht(actor("verstrekker"), m)
    assert {"Task/t", "Task/u", "Communication/gesprek"} <= ziet(z, m), "met toestemming wel"
    m = opname(eigen, taak(RIJDT, "levering", [], "u"), met_hen, toestemming(GEMEENTE, ALLES, status="inactive"), NAAM)
    assert ziet(zicht(actor("verstrekker"), m), m) == {"Task/t"}


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
            "resourceType": "Communication",
            "id": id,
            "status": "completed",
            "subject": {"reference": PATIENT},
            "sender": {"reference": PATIENT},
            "recipient": [{"reference": met}],
            "payload": [{"contentString": "hoi"}],
        }

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
        toestemming(GEMEENTE, {"hulpmiddelen"}),
        hulpmiddel(),
        aandoening(),
        gebeurtenis("p1", "Device/rolstoel"),
        gebeurtenis("p2", "Condition/als"),
        gebeurtenis("p3", "Provenance/p3"),
    )
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
