"""De drie gronden van zicht en hun einde, regel voor regel (toegang.md §1, §3, §4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from paspoort.fhir.stelsels import codestelsel
from server.access.actor import Actor
from server.store.register import Mandaat
from tests.zichtwereld import (
    MANDAAT,
    PASPOORT,
    PATIENT,
    aandoening,
    actor,
    gebruik,
    hulpmiddel,
    mandaat,
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
    m = opname(aandoening(text={"status": "generated", "div": "<div>x</div>"}), hulpmiddel(), NAAM, mandaat())
    z = zicht(actor(rol), m)
    assert ziet(z, m) == {"Condition/als", "Device/rolstoel", f"Patient/{PASPOORT}", f"RelatedPerson/{MANDAAT}"}
    getoond = z.toon(m.get("Condition", "als"))
    assert getoond.volledig and getoond.tekst is m.get("Condition", "als").tekst
    assert [g.soort for g in getoond.gronden] == ["eigen" if rol == "houder" else "mandaat"]


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
        toestemming(GEMEENTE, {"hulpmiddelen"}, id="een"),
        toestemming(GEMEENTE, {"gezondheid"}, id="twee"),
        aandoening(),
        hulpmiddel(),
    )
    z = zicht(actor("verstrekker"), m)
    assert {"Condition/als", "Device/rolstoel"} <= ziet(z, m)
    assert [g.verwijzing for g in z.toon(m.get("Condition", "als")).gronden] == ["Consent/twee"]


@pytest.mark.parametrize("doel", ["levering", "reparatie"])
def test_bij_levering_en_reparatie_alleen_de_hulpmiddelen_waar_het_om_gaat(doel):
    foto = {
        "resourceType": "DocumentReference",
        "id": "foto",
        "status": "current",
        "subject": {"reference": PATIENT},
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "foto"}]},
        "content": [{"attachment": {"url": "Binary/plaatje"}}],
        "context": {"related": [{"reference": "Device/rolstoel"}]},
    }
    ander = [hulpmiddel("bed"), gebruik("slaap", "bed")]
    bij = [
        hulpmiddel(),
        gebruik(),
        hulpmiddel("kussen", parent={"reference": "Device/rolstoel"}),
        foto,
        {"resourceType": "Binary", "id": "plaatje", "contentType": "image/png", "data": "AA=="},
        {"resourceType": "Binary", "id": "los", "contentType": "image/png", "data": "AA=="},
    ]
    m = opname(toestemming(RIJDT, {"hulpmiddelen"}, doel, betreft=["Device/rolstoel"]), *bij, *ander)
    assert ziet(zicht(actor("leverancier"), m), m) == {
        "Consent/c",
        "Device/rolstoel",
        "DeviceUseStatement/gebruik",
        "Device/kussen",
        "DocumentReference/foto",
        "Binary/plaatje",
    }
    niets = opname(toestemming(RIJDT, {"hulpmiddelen"}, doel), *bij, *ander)
    assert ziet(zicht(actor("leverancier"), niets), niets) == {"Consent/c"}
