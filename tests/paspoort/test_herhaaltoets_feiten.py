# ruff: noqa: E501 - tabellen: één regel per geval
"""Hoe feiten uit een paspoort volgen: Yvonnes paspoort, steeds met één ding anders."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from paspoort.aanvraag import Verandering, Verzoek, Wijziging
from paspoort.advies import Adviesstatus, Eis, FunctioneelAdvies
from paspoort.beschikking import Besluit
from paspoort.document import Document, Documentsoort
from paspoort.ervaring import Evaluatie
from paspoort.gegeven import Code, Gebeurtenis, Herkomst, Hoeveelheid, Periode
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Meting, Metingsoort, Prognose
from paspoort.herhaaltoets import AdviesVereist, Beleid, Route, feiten, toets
from paspoort.houder import Adres, Houder
from paspoort.hulpmiddel import (
    Contractvorm,
    Gebruik,
    Hulpmiddel,
    Stelsel,
    Toekenning,
    Toekenningsoort,
    Verstrekker,
    Verstrekkingsvorm,
)
from paspoort.paspoort import Paspoort
from paspoort.plan import Post, Voorzieningenplan

BRON = Herkomst.BRON
GEMEENTE = "Organization/lindewaard"
VANDAAG = date(2026, 11, 24)
BELEID = Beleid(GEMEENTE)

ROLSTOEL = Hulpmiddel(
    id="rolstoel",
    versie=2,
    herkomst=BRON,
    categorie="11A02",
    contractvorm=Contractvorm.KOOP,
    technische_levensduur_tot=date(2026, 5, 12),
)
GEBRUIK = Gebruik(
    id="gebruik",
    versie=1,
    herkomst=BRON,
    hulpmiddel="Device/rolstoel",
    periode=Periode(date(2019, 5, 12)),
    adviezen=("QuestionnaireResponse/advies",),
    verstrekkers=(Verstrekker(GEMEENTE, Stelsel.WMO),),
)
BESLUIT = Besluit(
    id="besluit",
    versie=1,
    herkomst=BRON,
    genomen_op=date(2019, 4, 2),
    door=GEMEENTE,
    categorie="11A02",
    toekenning=Toekenning(Toekenningsoort.OPEN, sinds=date(2019, 4, 2)),
    verstrekkingsvorm=Verstrekkingsvorm.NATURA,
    betreft="DeviceUseStatement/gebruik",
)
ADVIES = FunctioneelAdvies(
    id="advies",
    versie=1,
    herkomst=BRON,
    status=Adviesstatus.DEFINITIEF,
    geschreven_op=date(2026, 9, 9),
    levenslang=True,
    eisen=(Eis("Zelf rijden", categorie="11A02"),),
)
ZIEKTE = Aandoening(
    id="sma",
    versie=1,
    herkomst=BRON,
    code=Code("http://snomed.info/sct", "5262007"),
    soort=Aandoeningsoort.DIAGNOSE,
    vastgelegd_op=date(2001, 1, 1),
    prognose=Prognose.PROGRESSIEF,
    levenslang=True,
)
YVONNE = Paspoort(
    houder=Houder(id="yvonne", versie=1, geboortedatum=date(1985, 3, 3)),
    hulpmiddelen=(ROLSTOEL,),
    gebruiken=(GEBRUIK,),
    besluiten=(BESLUIT,),
    adviezen=(ADVIES,),
    aandoeningen=(ZIEKTE,),
)
VERZOEK = Verzoek(
    id="verzoek",
    versie=1,
    wijziging=Wijziging.ONGEWIJZIGD,
    categorie="11A02",
    betreft="DeviceUseStatement/gebruik",
    ingediend_op=date(2026, 11, 21),
)
GEWICHT = Code("http://snomed.info/sct", "27113001")


def meting(id: str, op: date, kg: str, **anders: Any) -> Meting:
    """Een gewicht op een dag."""
    return Meting(
        id=id, versie=1, code=GEWICHT, soort=Metingsoort.MATEN, waarde=Hoeveelheid(Decimal(kg), "kg"), gemeten_op=op, **anders
    )  # fmt: skip


def feit(naam: str, paspoort: Paspoort = YVONNE, verzoek: Verzoek = VERZOEK, beleid: Beleid = BELEID) -> str:
    return feiten(paspoort, verzoek, beleid, VANDAAG)[naam].waarde


def test_yvonne_gaat_door_naar_de_leverancier() -> None:
    uitslag = toets(YVONNE, VERZOEK, BELEID, VANDAAG)
    assert uitslag.route is Route.DOORZETTEN
    assert uitslag.kloppend == len(uitslag.gronden) == 8
    assert uitslag.ontbreekt == ()
    assert [g.tekst for g in uitslag.gronden][2] == "Beschikking loopt: open einde, sinds 2 april 2019."
    assert [g.bewijs for g in uitslag.gronden][2] == ("DeviceRequest/besluit/1",)
    assert [t.tekst for t in uitslag.lichter] == ["Er is geen afkeurrapport."]
    assert uitslag.termijnen[0].uiterlijk == date(2026, 12, 7)


def test_geen_enkele_tekst_noemt_de_ziekte() -> None:
    ziek = replace(ZIEKTE, omschrijving="SPIERZIEKTE", code=Code("s", "5262007", "SPIERZIEKTE"))
    uitslag = toets(replace(YVONNE, aandoeningen=(ziek,)), VERZOEK, BELEID, VANDAAG)
    assert "SPIERZIEKTE" not in repr((uitslag.gronden, uitslag.ontbreekt, uitslag.lichter))


TOEKENNINGEN: list[tuple[str, dict[str, Any], str]] = [
    ("open einde", {}, "open"),
    ("evaluatie in de toekomst", {"toekenning": Toekenning(Toekenningsoort.EVALUATIEMOMENT, tot=date(2027, 1, 1))}, "evaluatiemoment"),
    ("evaluatie geweest", {"toekenning": Toekenning(Toekenningsoort.EVALUATIEMOMENT, tot=date(2026, 1, 1))}, "evaluatiemoment-voorbij"),
    ("einddatum vandaag", {"toekenning": Toekenning(Toekenningsoort.EINDDATUM, tot=VANDAAG)}, "einddatum"),
    ("einddatum gisteren", {"toekenning": Toekenning(Toekenningsoort.EINDDATUM, tot=date(2026, 11, 23))}, "verlopen"),
    ("begint pas morgen", {"toekenning": Toekenning(Toekenningsoort.OPEN, sinds=date(2026, 11, 25))}, "geen"),
    ("ingetrokken", {"ingetrokken_op": date(2025, 1, 1)}, "geen"),
    ("herroepen", {"status": "revoked"}, "geen"),
    ("van een andere gemeente", {"door": "Organization/elders"}, "geen"),
    ("door de houder zelf ingevuld", {"herkomst": Herkomst.ZELF}, "onbekend"),
    ("van papier", {"herkomst": Herkomst.DOCUMENT}, "onbekend"),
    ("geïmporteerd", {"herkomst": Herkomst.IMPORT}, "onbekend"),
    ("van papier en bevestigd", {"herkomst": Herkomst.DOCUMENT, "bevestigd_op": VANDAAG, "bevestigd_door": GEMEENTE}, "open"),
    ("zonder duur", {"toekenning": None}, "geen"),
    ("zonder verwijzing, zelfde categorie", {"betreft": None}, "open"),
    ("zonder verwijzing, andere categorie", {"betreft": None, "categorie": "12A05"}, "geen"),
]  # fmt: skip


@pytest.mark.parametrize(("anders", "waarde"), [t[1:] for t in TOEKENNINGEN], ids=[t[0] for t in TOEKENNINGEN])
def test_de_toekenning(anders: dict[str, Any], waarde: str) -> None:
    assert feit("toekenning", replace(YVONNE, besluiten=(replace(BESLUIT, **anders),))) == waarde


def test_het_nieuwste_besluit_gaat_voor() -> None:
    nieuw = replace(BESLUIT, id="b2", genomen_op=date(2024, 1, 1), toekenning=Toekenning(Toekenningsoort.EINDDATUM, tot=date(2025, 1, 1)))  # fmt: skip
    assert feit("toekenning", replace(YVONNE, besluiten=(BESLUIT, nieuw))) == "verlopen"
    assert feit("toekenning", replace(YVONNE, besluiten=(nieuw, BESLUIT))) == "verlopen"


def test_een_overgenomen_toekenning_telt() -> None:
    elders = replace(YVONNE, besluiten=(replace(BESLUIT, door="Organization/elders"),), gebruiken=(replace(GEBRUIK, verstrekkers=()),))  # fmt: skip
    assert feit("bekend", elders) == "nee"
    over = replace(BELEID, overgenomen=frozenset({"Organization/elders"}))
    assert feit("bekend", elders, beleid=over) == "ja"
    assert feit("toekenning", elders, beleid=over) == "open"


def test_een_papieren_beschikking_komt_er_na_bevestigen_door() -> None:
    papier = replace(BESLUIT, herkomst=Herkomst.DOCUMENT)
    zelf = replace(GEBRUIK, herkomst=Herkomst.ZELF)
    eerst = toets(replace(YVONNE, besluiten=(papier,), gebruiken=(zelf,)), VERZOEK, BELEID, VANDAAG)
    assert eerst.route is Route.ONDERZOEK
    assert ("toekenning", "verstrekker") in {(o.feit, o.wie) for o in eerst.ontbreekt}
    bevestigd = replace(papier, bevestigd_op=VANDAAG, bevestigd_door=GEMEENTE)
    daarna = toets(replace(YVONNE, besluiten=(bevestigd,), gebruiken=(zelf,)), VERZOEK, BELEID, VANDAAG)
    assert daarna.route is Route.DOORZETTEN
    assert next(g for g in daarna.gronden if g.code == "lopend").herkomst is Herkomst.BEVESTIGD


NIEUW, OUD = date(2026, 10, 1), date(2026, 9, 1)
TEGENSPRAKEN: list[tuple[str, dict[str, Any], str]] = [
    ("nieuwe ziekte na het advies", {"aandoeningen": (ZIEKTE, replace(ZIEKTE, id="a2", code=Code("s", "1"), vastgelegd_op=NIEUW))}, "ja"),
    ("ziekte van voor het advies", {"aandoeningen": (ZIEKTE, replace(ZIEKTE, id="a2", code=Code("s", "1"), vastgelegd_op=OUD))}, "nee"),
    ("dezelfde ziekte nog eens vastgelegd", {"aandoeningen": (ZIEKTE, replace(ZIEKTE, id="a2", vastgelegd_op=NIEUW))}, "nee"),
    ("de arts wijzigde de ziekte na het advies", {"aandoeningen": (replace(ZIEKTE, versie=2, moment=datetime(2026, 10, 1, tzinfo=UTC)),)}, "ja"),
    ("een import telt niet als wijziging", {"aandoeningen": (replace(ZIEKTE, versie=2, herkomst=Herkomst.IMPORT, moment=datetime(2026, 10, 1, tzinfo=UTC)),)}, "nee"),
    ("C1: ander gewicht na het advies", {"metingen": (meting("m1", OUD, "80"), meting("m2", NIEUW, "61"))}, "ja"),
    ("zelfde gewicht nog eens gewogen", {"metingen": (meting("m1", OUD, "80"), meting("m2", NIEUW, "80"))}, "nee"),
    ("eerste gewicht ooit, na het advies", {"metingen": (meting("m2", NIEUW, "80"),)}, "ja"),
    ("maat bij een ander hulpmiddel", {"metingen": (meting("m2", NIEUW, "80", betreft=("Device/bed",)),)}, "nee"),
    ("maat bij dit hulpmiddel", {"metingen": (meting("m2", NIEUW, "80", betreft=("Device/rolstoel",)),)}, "ja"),
    ("ingetrokken meting", {"metingen": (meting("m2", NIEUW, "80", status="entered-in-error"),)}, "nee"),
    ("verhuisd na het advies", {"houder": replace(YVONNE.houder, adressen=(Adres(sinds=NIEUW),))}, "ja"),
    ("woont er al lang", {"houder": replace(YVONNE.houder, adressen=(Adres(sinds=OUD),))}, "nee"),
    ("rolstoel doet niet wat hij moet doen", {"evaluaties": (Evaluatie(id="e", versie=1, doet_wat_het_moet_doen=False, geschreven_op=NIEUW, betreft=("Device/rolstoel",)),)}, "ja"),
    ("bed doet niet wat het moet doen", {"evaluaties": (Evaluatie(id="e", versie=1, doet_wat_het_moet_doen=False, geschreven_op=NIEUW, betreft=("Device/bed",)),)}, "nee"),
    ("nieuw gewicht, daarna een goede evaluatie", {"metingen": (meting("m2", NIEUW, "80"),), "evaluaties": (Evaluatie(id="e", versie=1, doet_wat_het_moet_doen=True, geschreven_op=date(2026, 11, 1)),)}, "nee"),
]  # fmt: skip


@pytest.mark.parametrize(("anders", "waarde"), [t[1:] for t in TEGENSPRAKEN], ids=[t[0] for t in TEGENSPRAKEN])
def test_de_tegenspraak(anders: dict[str, Any], waarde: str) -> None:
    assert feit("tegenspraak", replace(YVONNE, **anders)) == waarde


def test_de_verandering_die_de_houder_noemt_is_geen_tegenspraak() -> None:
    gegroeid = replace(YVONNE, metingen=(meting("m2", NIEUW, "61"),))
    genoemd = replace(VERZOEK, wijziging=Wijziging.VERANDERD, veranderingen=(Verandering.MAAT,))
    anders = replace(genoemd, veranderingen=(Verandering.WONING,))
    assert feit("tegenspraak", gegroeid, genoemd) == "nee"
    assert feit("tegenspraak", gegroeid, anders) == "ja"


ADVIEZEN: list[tuple[str, tuple[FunctioneelAdvies, ...], tuple[Gebeurtenis, ...], str]] = [
    ("definitief", (ADVIES,), (), "definitief"),
    ("alleen een concept", (replace(ADVIES, status=Adviesstatus.CONCEPT),), (), "geen"),
    ("ingetrokken", (ADVIES,), (Gebeurtenis(soort="ingetrokken", doelen=("QuestionnaireResponse/advies/1",)),), "achterhaald"),
    ("opgevolgd door een nieuw advies", (ADVIES, replace(ADVIES, id="a2", vervangt="QuestionnaireResponse/advies", geschreven_op=NIEUW)), (), "definitief"),
    ("opvolger ingetrokken: het oude herleeft niet", (ADVIES, replace(ADVIES, id="a2", vervangt="QuestionnaireResponse/advies", geschreven_op=NIEUW, status=Adviesstatus.VERVALLEN)), (), "achterhaald"),
    ("nog niet bevestigd", (replace(ADVIES, herkomst=Herkomst.DOCUMENT),), (), "onbekend"),
    ("over een ander hulpmiddel", (replace(ADVIES, id="x", eisen=(Eis("Slapen", categorie="18A01"),)),), (), "geen"),
    ("zonder categorie", (replace(ADVIES, id="x", eisen=(Eis("Slapen"),)),), (), "definitief"),
]  # fmt: skip


@pytest.mark.parametrize(("adviezen", "erbij", "waarde"), [a[1:] for a in ADVIEZEN], ids=[a[0] for a in ADVIEZEN])
def test_het_advies(adviezen: tuple[FunctioneelAdvies, ...], erbij: tuple[Gebeurtenis, ...], waarde: str) -> None:
    assert feit("advies", replace(YVONNE, adviezen=adviezen, gebeurtenissen=erbij)) == waarde


def test_een_maximale_ouderdom_geldt_alleen_als_het_beleid_die_heeft() -> None:
    oud = replace(YVONNE, adviezen=(replace(ADVIES, geschreven_op=date(2020, 1, 1)),))
    streng = replace(BELEID, advies_maximaal_jaren=5)
    assert feit("advies", oud) == "definitief"
    assert feit("advies", oud, beleid=streng) == "achterhaald"
    nog = Gebeurtenis(soort="nog-geldig", doelen=("QuestionnaireResponse/advies",), op=datetime(2026, 1, 1, tzinfo=UTC))
    assert feit("advies", replace(oud, gebeurtenissen=(nog,)), beleid=streng) == "definitief"


def test_een_advies_is_nodig_als_de_vraag_complex_is() -> None:
    simpel = replace(YVONNE, aandoeningen=(replace(ZIEKTE, prognose=Prognose.STABIEL),))
    assert feit("advies_nodig") == "ja"
    assert feit("advies_nodig", simpel) == "nee"
    assert feit("advies_nodig", simpel, beleid=replace(BELEID, advies_vereist=AdviesVereist.ALTIJD)) == "ja"
    assert feit("advies_nodig", beleid=replace(BELEID, advies_vereist=AdviesVereist.NOOIT)) == "nee"


def test_papieren_advies_telt_na_bevestiging() -> None:
    papier = Document(id="d", versie=1, soort=Documentsoort.ADVIES, herkomst=Herkomst.DOCUMENT, van=datetime(2026, 9, 9, tzinfo=UTC))  # fmt: skip
    leeg = replace(YVONNE, adviezen=(), documenten=(papier,))
    assert feit("advies", leeg) == "onbekend"
    assert feit("advies", replace(leeg, documenten=(replace(papier, bevestigd_op=VANDAAG),))) == "definitief"


@pytest.mark.parametrize(
    ("naam", "device", "contract", "levensduur"),
    [
        ("gekocht, om", {}, "koop", "voorbij"),
        ("huur", {"contractvorm": Contractvorm.HUUR}, "huur", "voorbij"),
        ("zelf ingevuld", {"herkomst": Herkomst.ZELF}, "onbekend", "voorbij"),
        ("niet bekend", {"contractvorm": Contractvorm.ONBEKEND}, "onbekend", "voorbij"),
        ("loopt vandaag af", {"technische_levensduur_tot": VANDAAG}, "koop", "niet-voorbij"),
        ("geen levensduur", {"technische_levensduur_tot": None}, "koop", "onbekend"),
    ],
)
def test_contract_en_levensduur(naam: str, device: dict[str, Any], contract: str, levensduur: str) -> None:
    anders = replace(YVONNE, hulpmiddelen=(replace(ROLSTOEL, **device),))
    assert (feit("contract", anders), feit("levensduur", anders)) == (contract, levensduur), naam


def test_pgb_heeft_geen_contract_met_een_leverancier() -> None:
    pgb = replace(YVONNE, besluiten=(replace(BESLUIT, verstrekkingsvorm=Verstrekkingsvorm.PGB),))
    assert (feit("vorm", pgb), feit("contract", pgb)) == ("pgb", "nvt")


@pytest.mark.parametrize(
    ("herkomst", "betreft", "waarde"),
    [
        (BRON, ("Device/rolstoel",), "ja"),
        (BRON, ("DeviceUseStatement/gebruik",), "ja"),
        (BRON, ("Device/bed",), "nee"),
        (BRON, (), "nee"),
        (Herkomst.DOCUMENT, ("Device/rolstoel",), "onbekend"),
    ],
)
def test_het_afkeurrapport_is_van_de_leverancier_en_van_dit_hulpmiddel(
    herkomst: Herkomst, betreft: tuple[str, ...], waarde: str
) -> None:
    rapport = Document(id="r", versie=1, soort=Documentsoort.AFKEURRAPPORT, herkomst=herkomst, betreft=betreft)
    assert feit("afkeur", replace(YVONNE, documenten=(rapport,))) == waarde


def test_een_afroep_staat_in_een_lopend_plan() -> None:
    plan = Voorzieningenplan(id="ivp", versie=1, herkomst=BRON, posten=(Post("11A02"),))
    assert feit("afroep", replace(YVONNE, voorzieningenplannen=(plan,))) == "ja"
    assert feit("afroep", replace(YVONNE, voorzieningenplannen=(replace(plan, status="completed"),))) == "nee"
    assert feit("afroep", replace(YVONNE, voorzieningenplannen=(replace(plan, posten=(Post("18A01"),)),))) == "nee"
    assert (
        feit("afroep", replace(YVONNE, voorzieningenplannen=(replace(plan, herkomst=Herkomst.IMPORT),))) == "onbekend"
    )


def test_blijvend_volgt_uit_het_advies_of_uit_een_aandoening() -> None:
    assert feit("blijvend", replace(YVONNE, adviezen=())) == "ja"
    assert feit("blijvend", replace(YVONNE, adviezen=(), aandoeningen=())) == "onbekend"
    assert feit("blijvend", replace(YVONNE, aandoeningen=())) == "ja"
    assert feit("blijvend", replace(YVONNE, adviezen=(replace(ADVIES, levenslang=False),))) == "nee"
    herstel = replace(ZIEKTE, levenslang=None, prognose=Prognose.HERSTEL_MOGELIJK)
    assert feit("blijvend", replace(YVONNE, adviezen=(), aandoeningen=(herstel,))) == "nee"
    over = replace(ZIEKTE, klinische_status="resolved")
    assert feit("blijvend", replace(YVONNE, adviezen=(), aandoeningen=(over,))) == "onbekend"


def test_ongewijzigd_met_een_genoemde_verandering_is_veranderd() -> None:
    assert feit("soort", verzoek=replace(VERZOEK, veranderingen=(Verandering.HULP,))) == "veranderd"
    assert feit("soort", verzoek=replace(VERZOEK, wijziging=None)) == "onbekend"


def test_wet_2_de_volgorde_in_het_paspoort_doet_er_niet_toe() -> None:
    vol = replace(
        YVONNE,
        besluiten=(BESLUIT, replace(BESLUIT, id="b2"), replace(BESLUIT, id="b3", herkomst=Herkomst.ZELF)),
        adviezen=(ADVIES, replace(ADVIES, id="a2"), replace(ADVIES, id="a3", status=Adviesstatus.CONCEPT)),
        aandoeningen=(ZIEKTE, replace(ZIEKTE, id="z2"), replace(ZIEKTE, id="z3", code=Code("s", "3"))),
        metingen=(meting("m1", OUD, "80"), meting("m2", OUD, "81"), meting("m3", NIEUW, "80")),
    )
    gewoon = toets(vol, VERZOEK, BELEID, VANDAAG)
    willekeur = random.Random(7)
    for _ in range(50):
        anders = {
            vak: tuple(willekeur.sample(getattr(vol, vak), len(getattr(vol, vak))))
            for vak in ("besluiten", "adviezen", "aandoeningen", "metingen")
        }
        assert toets(replace(vol, **anders), VERZOEK, BELEID, VANDAAG) == gewoon
