"""De toegangstabellen zelf, nog eens overgeschreven uit toegang.md §2, §3 en §4."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paspoort.toegang import ALLE_GROEPEN, DOELEN, RECHTEN, groepen_van_doel, leesbaar, recht
from paspoort.toegang import groepen as tabel

# §3: welke letters elke rol heeft, per groep (houder, therapeut, verstrekker, leverancier)
PARAGRAAF_3 = """
contact LW L L L
persoon LW L L -
bsn L - L -
gezondheid LSW LSW L -
functioneren LSW LSW L -
maten LSW LSW L L
omgeving LSW LSW L L
hulpmiddelen LSW LSW LSW LSW
advies LSW LSW LS -
eisen L LSW L L
plan LSW L L -
verzoeken LSW S L S
voortgang LSW L LSW LW
ervaringen LS L L L
toestemmingen LSW LS LS LS
toezicht L - L L
"""


@pytest.mark.parametrize("regel", PARAGRAAF_3.split("\n")[1:-1])
def test_de_rollen_mogen_wat_paragraaf_3_zegt(regel):
    groep, *kolommen = regel.split()
    for rol, letters in zip(("houder", "therapeut", "verstrekker", "leverancier"), kolommen, strict=True):
        for letter in "LSW":
            assert (recht(groep, rol, letter) is not None) == (letter in letters), (groep, rol, letter)


def test_besluiten_en_geld_leest_alleen_de_verstrekker_naast_de_houder():
    for groep in ("besluiten", "financieel"):
        assert recht(groep, "houder", "L") == recht(groep, "verstrekker", "L") == frozenset()
        assert recht(groep, "therapeut", "L") is recht(groep, "leverancier", "L") is None


def test_een_vertegenwoordiger_heeft_de_kolom_van_de_houder():
    for groep in ALLE_GROEPEN:
        for letter in "LSW":
            assert recht(groep, "vertegenwoordiger", letter) == recht(groep, "houder", letter)


@pytest.mark.parametrize("rol", ["beheerder", "proef", "", "onbekend"])
def test_een_andere_rol_mag_niets(rol):
    assert leesbaar(rol) == frozenset()


def test_elke_groep_heeft_een_rij_en_elke_verwijzing_naar_een_groep_bestaat():
    assert set(RECHTEN) == ALLE_GROEPEN
    genoemd = {
        *tabel.BASISGROEP.values(),
        *tabel.DOCUMENTSOORT.values(),
        *tabel.VRAGENLIJST_KOP.values(),
        *tabel.PATIENT.values(),
        *tabel.OVERAL.values(),
        *tabel.TAAKINVOER.values(),
        *(groep for per in tabel.EXTENSIES.values() for groep in per.values() if groep),
    }
    assert genoemd <= ALLE_GROEPEN


PARAGRAAF_4 = [
    (
        "onderzoek",
        "verstrekker",
        "contact persoon bsn gezondheid functioneren maten omgeving hulpmiddelen advies eisen plan "
        "verzoeken besluiten voortgang",
    ),
    ("herhaalverzoek", "verstrekker", "contact bsn hulpmiddelen eisen verzoeken besluiten voortgang"),
    ("levering", "leverancier", "contact hulpmiddelen eisen maten omgeving voortgang"),
    ("reparatie", "leverancier", "contact hulpmiddelen voortgang"),
    ("afstemming", "verstrekker", "advies eisen"),
    ("afstemming", "leverancier", "advies eisen"),
    ("verhuizing", "verstrekker", "contact bsn hulpmiddelen besluiten eisen omgeving"),
    ("verhuizing", "leverancier", "contact hulpmiddelen eisen maten"),
]


@pytest.mark.parametrize(("doel", "rol", "groepen"), PARAGRAAF_4)
def test_een_doel_stelt_precies_de_groepen_van_paragraaf_4_voor(doel, rol, groepen):
    assert groepen_van_doel(doel, rol) == frozenset(groepen.split())


def test_advies_is_alles_behalve_nummer_geld_toezicht_en_toestemmingen():
    assert groepen_van_doel("advies", "therapeut") == ALLE_GROEPEN - {"bsn", "financieel", "toezicht", "toestemmingen"}


def test_een_doel_geeft_een_andere_rol_niets():
    paren = {(doel, rol) for doel, rol, _ in PARAGRAAF_4} | {("advies", "therapeut")}
    for doel in [*DOELEN, "onbekend"]:
        for rol in ("therapeut", "verstrekker", "leverancier", "houder", "beheerder"):
            assert bool(groepen_van_doel(doel, rol)) == ((doel, rol) in paren)


# Extensies van definities, van het register en van een afschrift: die staan niet in een paspoort.
BUITEN_HET_PASPOORT = {"gegevensgroep", "geldt-bij", "gesloten", "nodig-voor-definitief", "bron-in-paspoort", "beleid",
                       "keuzes-uit", "wettelijke-grondslag", "bewaren-tot",
                       # van het register, en van elk element
                       "team", "neemt-aan", "hmp-Extension",
                       # wat iemand niet mag zien, gaat niemand anders aan
                       "mandaatgroep", "afgeschermd"}  # fmt: skip


def test_elke_extensie_van_het_paspoort_heeft_een_groep():
    map_ = Path(__file__).parents[2] / "fhir_profiles" / "Extension"
    contexten = {
        bestand.stem: {c["expression"] for c in json.loads(bestand.read_text("utf-8")).get("context", [])}
        for bestand in map_.glob("*.json")
    }
    assert contexten
    ontbreekt = {
        (type_, id_)
        for id_, types in contexten.items()
        if id_ not in BUITEN_HET_PASPOORT and not id_.startswith("r4-")  # die van HL7 gaan met hun element mee of niet
        for type_ in types
        if not type_.startswith("Subscription")  # een abonnement is van de app en wordt niet gedeeld
        if not any(id_ in per for plek, per in tabel.EXTENSIES.items() if plek == type_ or plek.startswith(f"{type_}."))
    }
    assert ontbreekt == set()
