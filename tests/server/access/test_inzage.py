"""Wie keek mee: zinnen, grond en doel, AuditEvent, en wie welke regel ziet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paspoort.fhir.validatie import Validator
from server.access.inzage import HANDELINGEN, audit_event, inzagen, mag_inzien, regels_voor, waarom, zin
from server.store.logrow import Logregel
from tests.zichtwereld import MANDAAT, PASPOORT, actor, mandaat, mens, opname, zicht

REGEL = Logregel(
    actor="PractitionerRole/karim",
    naam="Karim Haddou",
    rol="verstrekker",
    organisatie="gemeente",
    client="app-1",
    namens=None,
    handeling="read",
    partitie=PASPOORT,
    doel="herhaalverzoek",
    grond="toestemming:Consent/c",
    wat=("Device/a", "Device/b", "Task/t"),
    uitkomst="gelukt",
    moment="2026-03-03T12:00:00.000Z",
    id="s1-4",
)


def test_een_regel_is_een_zin_in_gewone_taal():
    assert zin(REGEL) == "Karim Haddou bekeek 2 hulpmiddelen en de voortgang."
    assert waarom(REGEL) == "uw toestemming: uw herhaalverzoek afhandelen"
    assert zin(replace(REGEL, namens="Yvonne", wat=("Consent/c",), handeling="create")) == (
        "Karim Haddou namens Yvonne voegde toe: een toestemming."
    )


def test_wat_niet_te_tellen_is_krijgt_geen_getal():
    twee = replace(REGEL, wat=("DeviceUseStatement/a", "DeviceUseStatement/b", "Task/a", "Task/b", "Goal/a", "Goal/b"))
    assert zin(twee) == "Karim Haddou bekeek het gebruik van hulpmiddelen, de voortgang en 2 doelen."


def test_een_weigering_zegt_niet_waar_het_over_ging():
    geweigerd = zin(replace(REGEL, uitkomst="geweigerd"))
    assert "niet mocht" in geweigerd and "hulpmiddel" not in geweigerd


def test_wat_mislukt_is_niet_wat_niet_mocht():
    assert zin(replace(REGEL, uitkomst="mislukt")) == "Karim Haddou vroeg iets wat niet lukte."


def test_zoeken_zonder_vondst_is_ook_een_zin():
    assert zin(replace(REGEL, wat=(), handeling="search-type")) == "Karim Haddou zocht, en vond niets."


@pytest.mark.parametrize("handeling", [*HANDELINGEN, "iets-nieuws"])
@pytest.mark.parametrize("uitkomst", ["gelukt", "geweigerd", "mislukt", "fout"])
def test_elke_regel_is_een_geldig_audit_event(handeling, uitkomst):
    inhoud = audit_event(replace(REGEL, handeling=handeling, uitkomst=uitkomst), actor("houder"))
    assert [m for m in Validator.laad().controleer(inhoud) if m.ernst == "error"] == []
    assert {"what": {"reference": f"Patient/{PASPOORT}"}} in inhoud["entity"]
    assert inhoud["outcome"] == {"gelukt": "0", "geweigerd": "4", "mislukt": "4", "fout": "8"}[uitkomst]


def test_een_regel_zonder_naam_of_paspoort_is_ook_geldig():
    leeg = replace(
        REGEL, actor="", naam="", organisatie=None, client=None, partitie=None, doel=None, grond=None, wat=()
    )
    assert [m for m in Validator.laad().controleer(audit_event(leeg, actor("houder"))) if m.ernst == "error"] == []
    assert zin(leeg) == "Iemand zocht, en vond niets." and waarom(leeg) == ""


@pytest.mark.parametrize(
    ("wie", "verwacht"),
    [
        (actor("houder"), True),
        (actor("vertegenwoordiger"), True),
        (actor("houder", patient="ander"), False),
        (actor("verstrekker"), True),
        (actor("leverancier"), False),
        (actor("therapeut", organisatie="gemeente"), False),
        (actor("beheerder", organisatie="gemeente"), False),
    ],
)
def test_de_houder_ziet_alles_en_een_organisatie_haar_eigen_handelingen(wie, verwacht):
    blik = zicht(wie, opname(mens(), mandaat()))
    assert mag_inzien(wie, REGEL, blik) is verwacht
    assert len(inzagen(wie, [REGEL], blik)) == int(verwacht)


@pytest.mark.parametrize(
    ("stukken", "verwacht"),
    [
        ({}, ["Device/a", "Device/b", "Task/t"]),
        ({"zonder": ["Device/a"]}, ["Device/b", "Task/t"]),
        ({"zonder": ["Device/a", "Device/b", "Task/t"]}, None),
        ({"groepen": ["hulpmiddelen"]}, None),
        ({"groepen": ["toezicht"]}, ["Device/a", "Device/b", "Task/t"]),
        ({"tot": "2026-03-02"}, None),
    ],
)
def test_een_vertegenwoordiger_leest_het_log_zo_ver_het_mandaat_reikt(stukken, verwacht):
    wie = actor("vertegenwoordiger")
    gelezen = regels_voor(wie, [REGEL], zicht(wie, opname(mens(), mandaat(**stukken))))
    assert [list(r.wat) for r in gelezen] == ([verwacht] if verwacht else [])


def test_wie_voor_een_ander_handelde_staat_in_het_audit_event_met_beide():
    regel = replace(
        REGEL, actor=f"Patient/{PASPOORT}", rol="vertegenwoordiger", organisatie=None, client=None,
        namens="Yvonne", naam="Peter", grond=f"mandaat:RelatedPerson/{MANDAAT}", doel=None,
    )  # fmt: skip
    inhoud = audit_event(regel, actor("houder"))
    assert [m for m in Validator.laad().controleer(inhoud) if m.ernst == "error"] == []
    agents = [(a["requestor"], a["who"]["reference"]) for a in inhoud["agent"]]
    assert agents == [(True, f"RelatedPerson/{MANDAAT}"), (False, f"Patient/{PASPOORT}")]
    assert zin(regel).startswith("Peter namens Yvonne bekeek ") and waarom(regel) == "een mandaat"


def test_wie_geen_grond_had_leest_in_haar_eigen_log_niet_in_welk_paspoort_zij_zocht():
    leeg = replace(REGEL, wat=("Condition/x",), grond=None, doel=None, uitkomst="geweigerd")
    gevraagd = [{"what": {"reference": "Condition/x"}}]
    assert audit_event(leeg, actor("verstrekker"))["entity"] == gevraagd
    assert audit_event(replace(leeg, partitie=None), actor("verstrekker"))["entity"] == gevraagd
    assert audit_event(leeg, actor("houder"))["entity"][0] == {"what": {"reference": f"Patient/{PASPOORT}"}}
