# ruff: noqa: E501 - een tabel: één regel per geval
"""De herhaaltoets in gevallen: één regel per geval, links het verhaal, rechts de route.

Elke regel begint bij het gewone geval (`GEWOON`: Yvonnes gekochte rolstoel, levensduur om, open einde) en zegt wat er
anders is. Bronnen: C1, C5 (Common Eye 2022), B1 en B3 (goede praktijk), N2.1.2, N3.1, A (ALS-protocol).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from paspoort.herhaaltoets import (
    Beleid,
    BesluitNodig,
    Doorzetten,
    Feiten,
    Omstandigheden,
    Route,
    Toetsuitslag,
    Waarden,
    route,
)

GEWOON = Waarden(
    soort="ongewijzigd",
    bekend="ja",
    toekenning="open",
    categorie="zelfde",
    onderbouwing="nee",
    blijvend="ja",
    tegenspraak="nee",
    advies="definitief",
    advies_nodig="ja",
    vorm="natura",
    contract="koop",
    levensduur="voorbij",
    afkeur="nee",
    afroep="nee",
    aanpassing="nee",
)
STANDAARD = Beleid("Organization/lindewaard")
HUUR_STRENG = replace(STANDAARD, huur_vervangen_bij_verandering=False)
NOOIT = replace(STANDAARD, doorzetten=Doorzetten.NOOIT)
A, B, C, D, E = Route
VANDAAG = date(2026, 11, 24)

# (het geval, wat er anders is dan gewoon, route)
GEVALLEN: list[tuple[str, dict[str, str], Route]] = [
    # --- vervangen bij koop (B3, C5)
    ("Yvonne vervangt haar rolstoel, er is niets veranderd", {}, B),
    ("C5: knieprothese na zes jaar, levensduur om, zelfde behoefte", {"advies_nodig": "nee"}, B),
    ("C5 zonder nieuw advies: het oude hoeft niet over als de vraag niet complex is", {"advies": "geen", "advies_nodig": "nee"}, B),
    ("C5 met afkeurrapport van de instrumentmaker", {"afkeur": "ja"}, A),
    ("koop, afgekeurd en levensduur om: leverancier regelt het", {"afkeur": "ja", "blijvend": "nee"}, A),
    ("koop, afgekeurd maar nog jong: akkoord van de gemeente", {"afkeur": "ja", "levensduur": "niet-voorbij"}, C),
    ("koop, nog jong: akkoord van de casemanager", {"levensduur": "niet-voorbij"}, C),
    ("koop, levensduur niet bekend: telt als jong", {"levensduur": "onbekend"}, C),
    ("koop, jong, en niemand weet of het blijvend is", {"levensduur": "niet-voorbij", "blijvend": "onbekend"}, D),
    ("koop, aanpassing binnen de prijsafspraak", {"aanpassing": "ja", "levensduur": "niet-voorbij"}, A),
    ("koop, aanpassing maar er is iets veranderd", {"aanpassing": "ja", "soort": "veranderd"}, D),
    ("koop, afkeurrapport nog niet bevestigd", {"afkeur": "onbekend"}, B),
    ("koop, afgekeurd, andere maat gevraagd", {"afkeur": "ja", "soort": "veranderd"}, D),
    ("koop, afgekeurd, maar met een pgb", {"afkeur": "ja", "vorm": "pgb", "contract": "nvt"}, B),
    # --- huur (B3)
    ("huur, niets veranderd: leverancier vervangt zelf", {"contract": "huur"}, A),
    ("huur, nog jong: ook dan vervangt de leverancier zelf", {"contract": "huur", "levensduur": "niet-voorbij"}, A),
    ("huur, levensduur onbekend", {"contract": "huur", "levensduur": "onbekend"}, A),
    ("huur, andere maat: leverancier past aan", {"contract": "huur", "soort": "veranderd"}, A),
    ("huur, niet blijvend: huur loopt gewoon door", {"contract": "huur", "blijvend": "nee"}, A),
    ("huur, andere categorie met onderbouwing", {"contract": "huur", "categorie": "andere", "onderbouwing": "ja"}, C),
    ("huur, andere categorie zonder onderbouwing", {"contract": "huur", "categorie": "andere"}, D),
    ("huur, nieuwe vraag", {"contract": "huur", "soort": "nieuw"}, E),
    ("huur, het paspoort spreekt de houder tegen", {"contract": "huur", "tegenspraak": "ja"}, D),
    ("huur, advies nodig maar er is er geen", {"contract": "huur", "advies": "geen"}, D),
    ("huur, geen advies en geen nodig: band en rem van Sanne", {"contract": "huur", "advies": "geen", "advies_nodig": "nee"}, A),
    ("huur, toekenning verlopen", {"contract": "huur", "toekenning": "verlopen"}, E),
    ("huur, evaluatiemoment voorbij", {"contract": "huur", "toekenning": "evaluatiemoment-voorbij"}, A),
    ("huur of koop is niet bekend, levensduur om", {"contract": "onbekend"}, B),
    ("huur of koop is niet bekend, levensduur ook niet", {"contract": "onbekend", "levensduur": "onbekend"}, C),
    ("huur of koop niet bekend, wel afgekeurd", {"contract": "onbekend", "afkeur": "ja"}, B),
    # --- de toekenning (B1)
    ("evaluatiemoment nog niet geweest", {"toekenning": "evaluatiemoment"}, B),
    ("evaluatiemoment voorbij: recht loopt door", {"toekenning": "evaluatiemoment-voorbij"}, B),
    ("einddatum nog niet voorbij", {"toekenning": "einddatum"}, B),
    ("einddatum voorbij", {"toekenning": "verlopen"}, E),
    ("nooit iets toegekend", {"toekenning": "geen"}, E),
    ("nieuwe cliënt: René komt uit revalidatie", {"bekend": "nee", "toekenning": "geen", "soort": "nieuw"}, E),
    ("verhuisd, nieuwe gemeente nam niets over", {"bekend": "nee", "toekenning": "geen"}, E),
    ("bekend, maar toegekend door een ander", {"bekend": "nee"}, E),
    # --- papier (Herkomst)
    ("papieren beschikking, nog niet bevestigd", {"toekenning": "onbekend", "bekend": "onbekend"}, E),
    ("papieren beschikking, door de consulent bevestigd", {"toekenning": "open", "bekend": "ja"}, B),
    ("papieren advies, nog niet bevestigd", {"advies": "onbekend"}, D),
    ("papieren advies, bevestigd", {"advies": "definitief"}, B),
    ("alles van papier en niets bevestigd", {"toekenning": "onbekend", "advies": "onbekend", "contract": "onbekend"}, E),
    # --- advies (N3.1)
    ("advies achterhaald", {"advies": "achterhaald"}, D),
    ("advies achterhaald, ook als er geen nodig is", {"advies": "achterhaald", "advies_nodig": "nee"}, D),
    ("complex en geen advies", {"advies": "geen"}, D),
    ("niet complex en geen advies", {"advies": "geen", "advies_nodig": "nee"}, B),
    # --- soort vraag (N2.1)
    ("C1: panty past niet meer na afvallen, zelfde ziekte", {"soort": "veranderd"}, D),
    ("C1 gehuurd: nieuwe maat zonder nieuw onderzoek", {"soort": "veranderd", "contract": "huur"}, A),
    ("C1 omgekeerd: zij zegt ongewijzigd, maar het gewicht is anders", {"tegenspraak": "ja"}, D),
    ("C4: handfunctie veranderd, houder noemt het niet", {"tegenspraak": "ja", "contract": "huur"}, D),
    ("Anna groeit: kinderrolstoel te klein, koop", {"soort": "veranderd", "levensduur": "niet-voorbij"}, D),
    ("Anna groeit: kinderrolstoel te klein, huur", {"soort": "veranderd", "levensduur": "niet-voorbij", "contract": "huur"}, A),
    ("progressieve ziekte, houder noemt de verandering", {"soort": "veranderd"}, D),
    ("progressieve ziekte, gewone vervanging", {"levensduur": "voorbij"}, B),
    ("progressieve ziekte, nieuwe soort hulpmiddel", {"soort": "nieuw", "categorie": "andere"}, E),
    ("houder zegt niet wat voor vraag het is", {"soort": "onbekend"}, E),
    # --- categorie (B3)
    ("Fatma: andere categorie, leverancier onderbouwt", {"categorie": "andere", "onderbouwing": "ja"}, C),
    ("andere categorie zonder onderbouwing", {"categorie": "andere"}, D),
    ("andere categorie met onderbouwing, jong", {"categorie": "andere", "onderbouwing": "ja", "levensduur": "niet-voorbij"}, C),
    ("andere categorie met onderbouwing, niet blijvend", {"categorie": "andere", "onderbouwing": "ja", "blijvend": "nee"}, D),
    ("categorie onbekend met onderbouwing", {"categorie": "onbekend", "onderbouwing": "ja"}, D),
    # --- blijvend (N2.1.2)
    ("niet blijvend: herstel mogelijk", {"blijvend": "nee"}, D),
    ("niet bekend of het blijvend is", {"blijvend": "onbekend"}, D),
    # --- vorm
    ("pgb, niets veranderd", {"vorm": "pgb", "contract": "nvt", "levensduur": "niet-voorbij"}, B),
    ("tegemoetkoming, niets veranderd", {"vorm": "tegemoetkoming", "contract": "nvt", "levensduur": "onbekend"}, B),
    ("vorm niet bekend, huur", {"vorm": "onbekend", "contract": "huur"}, B),
    # --- IVP (A)
    ("ALS: traplift staat in het IVP", {"afroep": "ja", "soort": "veranderd", "toekenning": "geen", "tegenspraak": "ja"}, B),
    ("ALS: afroep terwijl hij achteruit ging", {"afroep": "ja", "soort": "veranderd", "advies": "achterhaald"}, B),
    ("ALS: iets nieuws dat niet in het IVP staat", {"afroep": "nee", "soort": "nieuw"}, E),
    ("ALS: afroep van een onbekende", {"afroep": "ja", "bekend": "nee"}, E),
    ("ALS: het is toch een nieuwe vraag", {"afroep": "ja", "soort": "nieuw"}, E),
]  # fmt: skip

# Met een ander beleid dan de standaard.
BELEIDSGEVALLEN: list[tuple[str, dict[str, str], Beleid, Route]] = [
    ("huur, andere maat, gemeente wil dat zelf zien", {"contract": "huur", "soort": "veranderd"}, HUUR_STRENG, D),
    ("huur, ongewijzigd, strenge gemeente", {"contract": "huur"}, HUUR_STRENG, A),
    ("nooit doorzetten: alles naar onderzoek", {}, NOOIT, E),
    ("nooit doorzetten: ook een afroep", {"afroep": "ja"}, NOOIT, E),
    ("nooit doorzetten: ook een jonge koop", {"levensduur": "niet-voorbij"}, NOOIT, E),
    ("nooit doorzetten: huur loopt buiten de gemeente om", {"contract": "huur"}, NOOIT, A),
]


def uitslag(anders: dict[str, str], beleid: Beleid = STANDAARD) -> Toetsuitslag:
    feiten = Feiten.uit_waarden(replace(GEWOON, **anders))
    return route(feiten, beleid, Omstandigheden(VANDAAG), VANDAAG)


@pytest.mark.parametrize(("anders", "verwacht"), [g[1:] for g in GEVALLEN], ids=[g[0] for g in GEVALLEN])
def test_geval(anders: dict[str, str], verwacht: Route) -> None:
    assert uitslag(anders).route is verwacht


@pytest.mark.parametrize(
    ("anders", "beleid", "verwacht"), [g[1:] for g in BELEIDSGEVALLEN], ids=[g[0] for g in BELEIDSGEVALLEN]
)
def test_geval_met_eigen_beleid(anders: dict[str, str], beleid: Beleid, verwacht: Route) -> None:
    assert uitslag(anders, beleid).route is verwacht


def test_er_zijn_minstens_zestig_gevallen_met_elk_een_eigen_naam() -> None:
    namen = [g[0] for g in GEVALLEN + BELEIDSGEVALLEN]
    assert len(namen) == len(set(namen)) >= 60


@pytest.mark.parametrize(
    ("naam", "anders", "besluit"),
    [
        ("doorzetten vraagt geen besluit", {}, BesluitNodig.GEEN),
        ("een evaluatiemoment dat voorbij is vraagt verlenging", {"toekenning": "evaluatiemoment-voorbij"}, BesluitNodig.VERLENGING),
        ("pgb vraagt een bedrag", {"vorm": "pgb", "contract": "nvt"}, BesluitNodig.BEDRAG),
        ("akkoord vraagt een wijziging", {"levensduur": "niet-voorbij"}, BesluitNodig.WIJZIGING),
        ("verkort onderzoek: naar uitkomst", {"blijvend": "nee"}, BesluitNodig.NAAR_UITKOMST),
        ("onderzoek vraagt een nieuw besluit", {"bekend": "nee"}, BesluitNodig.NIEUW),
        ("leverancier direct vraagt niets", {"contract": "huur"}, BesluitNodig.GEEN),
    ],
)  # fmt: skip
def test_welk_besluit_nodig_is(naam: str, anders: dict[str, str], besluit: BesluitNodig) -> None:
    assert uitslag(anders).besluit_nodig is besluit, naam


def test_yvonne_krijgt_acht_van_de_acht_gronden_en_hoort_waarom_het_niet_lichter_kan() -> None:
    gewoon = uitslag({})
    assert (len(gewoon.gronden), gewoon.kloppend) == (8, 8)
    assert [g.norm for g in gewoon.gronden] == ["N2.1.2", "N2.1", "B1", "B3", "N2.1.2", "N3.1", "N2.1", "B3"]
    assert [(t.route, t.grond, t.norm) for t in gewoon.lichter] == [(A, "afgekeurd", "B3")]


def test_nooit_doorzetten_noemt_het_beleid_naast_de_norm() -> None:
    gevonden = {t.route: t for t in uitslag({}, NOOIT).lichter}
    assert gevonden[B].grond == "beleid"
    assert gevonden[B].norm == "N2.1.2"


def test_alleen_met_beleid_zelf_of_bij_de_leverancier_gaat_het_vanzelf() -> None:
    assert not uitslag({}).gaat_vanzelf
    assert uitslag({}, replace(STANDAARD, doorzetten=Doorzetten.ZELF)).gaat_vanzelf
    assert uitslag({"contract": "huur"}).gaat_vanzelf
    assert not uitslag({"bekend": "nee"}, replace(STANDAARD, doorzetten=Doorzetten.ZELF)).gaat_vanzelf


def test_wat_onbekend_is_staat_met_wie_het_kan_aanvullen() -> None:
    ontbreekt = {
        o.feit for o in uitslag({"toekenning": "onbekend", "contract": "onbekend", "afroep": "onbekend"}).ontbreekt
    }
    assert ontbreekt == {"toekenning", "contract"}


def test_de_termijnen_die_beginnen_horen_bij_de_route() -> None:
    assert [t.termijn.code for t in uitslag({}).termijnen] == ["beschikking"]
    assert uitslag({}).termijnen[0].uiterlijk == date(2026, 12, 8)
    assert "onderzoek" in [t.termijn.code for t in uitslag({"bekend": "nee"}).termijnen]
