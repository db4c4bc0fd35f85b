"""Yvonne Verbeek, SMA type 2: alles is bekend, haar rolstoel is op en er is niets veranderd. Verzonnen.

Haar vervanging moet als route B uit de herhaaltoets komen, met alle gronden waar en alle 31 vragen bespaard. Nienke
heeft bij het begin van de demo geen toegang: die geeft Yvonne haar zelf.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Final

from paspoort.advies import Adviesstatus, Eis, Eissoort, FunctioneelAdvies, Schrijver, Urgentie
from paspoort.beschikking import Besluit, Besluitsoort
from paspoort.ervaring import Evaluatie
from paspoort.fhir.stelsels import ISO9999, SNOMED, TAAKSOORT, TAAKSTATUS, codestelsel, extension
from paspoort.gegeven import Code, Periode
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Doel, Meting, Metingsoort, Prognose
from paspoort.houder import Contactpunt, Mandaatsoort, Naam, Vertegenwoordiger
from paspoort.hulpmiddel import (
    Contractvorm,
    Gebruik,
    Hulpmiddel,
    Stelsel,
    Toekenning,
    Toekenningsoort,
    Verstrekker,
    Verstrekkingsvorm,
    Voorzieningsoort,
)
from paspoort.plan import Begeleiding, Casemanager, PersoonlijkPlan
from paspoort.toegang.doelen import groepen_van_doel
from paspoort.toestemming import Toestemming
from server.demo.bouwen import ROLCODE, in_gebruik, maten, mens, toestemming
from server.demo.dossier import IK, Deel, Dossier, Keek, Stuk
from server.demo.register import (
    ADELIEN,
    ARJAN,
    BIANCA,
    HUISWIJS,
    LINDEWAARD,
    NIENKE,
    NOORDERWIEL,
    PRIYA,
    VLIERHOF,
    ZILVERLINDE,
)

ROLSTOEL, GEBRUIK, BESLUIT, ADVIES = (
    "Device/rolstoel", "DeviceUseStatement/rolstoel", "DeviceRequest/besluit-2019", "QuestionnaireResponse/advies",
)  # fmt: skip
GEMEENTE, VERZEKERAAR = f"Organization/{LINDEWAARD}", f"Organization/{ZILVERLINDE}"
RIJDT, THUIS = f"Organization/{NOORDERWIEL}", f"Organization/{HUISWIJS}"
van_de_verzekeraar = partial(in_gebruik, verstrekker=VERZEKERAAR, stelsel=Stelsel.ZVW, leverancier=THUIS)
van_de_gemeente = partial(in_gebruik, verstrekker=GEMEENTE, stelsel=Stelsel.WMO)

WIE: Final[tuple[Stuk, ...]] = (
    mens(
        "Yvonne Verbeek",
        date(1988, 3, 14),
        "female",
        "999900006",
        "Kastanjelaan 14",
        "06 00 00 12 34",
        "yvonne.verbeek@post.example",
    ),
    Vertegenwoordiger(
        id="peter",
        namen=(Naam("Verbeek", ("Peter",), "Peter Verbeek"),),
        relaties=(Code(ROLCODE, "DOMPART", "partner"),),
        contact=(Contactpunt("phone", "06 00 00 12 35", "mobile"),),
        periode=Periode(date(2025, 1, 3)),
        actief=True,
        soort=Mandaatsoort.GEMACHTIGDE,
    ),
    PersoonlijkPlan(
        id="plan",
        geschreven_op=date(2026, 6, 3),
        antwoorden=(
            ("wie-bent-u", "Ik ben Yvonne. Ik woon samen met Peter en werk drie dagen per week als ontwerper."),
            ("situatie", "Mijn spieren worden zwakker. Ik rijd met mijn kin en krijg dag en nacht beademing."),
            ("wat-is-belangrijk", "Zelf naar mijn werk kunnen, en zelf de deur open kunnen doen."),
            ("waarbij-en-wat-zelf", "Ik regel mijn dag zelf. Bij opstaan, wassen en eten word ik geholpen."),
            ("welke-hulpmiddelen", "Mijn rolstoel, beademing, omgevingsbesturing, bed en plafondlift."),
            ("welke-zorgverleners", "Thuiszorg drie keer per dag. Peter helpt 's avonds en 's nachts."),
            ("hoe-lang", "Altijd."),
        ),
    ),
    Evaluatie(
        id="evaluatie-rolstoel",
        geschreven_op=date(2026, 6, 3),
        betreft=(GEBRUIK,),
        doet_wat_het_moet_doen=True,
        problemen="Hij doet wat hij moet doen. De motor van het kantelen hapert soms.",
        tevredenheid="tevreden",
    ),
    Toestemming(
        id="toestemming-advies-2026",
        patient=IK,
        aan=frozenset({NIENKE}),
        doel="advies",
        groepen=groepen_van_doel("advies", "therapeut"),
        van=date(2026, 7, 1),
        tot=date(2026, 10, 1),
        status="inactive",
        gegeven_via="link",
        gegeven_op=datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
    ),
    toestemming(
        "toestemming-reparatie",
        THUIS,
        "reparatie",
        "leverancier",
        date(2026, 11, 21),
        ("Device/omgevingsbesturing", "DeviceUseStatement/omgevingsbesturing"),
    ),
    {
        "resourceType": "Task",
        "id": "reparatie",
        "extension": [{"url": extension("doel"), "valueCode": "reparatie"}],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": TAAKSOORT, "code": "reparatie"}]},
        "businessStatus": {"coding": [{"system": TAAKSTATUS, "code": "gemeld"}]},
        "focus": {"reference": "DeviceUseStatement/omgevingsbesturing"},
        "for": {"reference": IK},
        "requester": {"reference": IK},
        "owner": {"reference": THUIS},
        "authoredOn": "2026-11-21T20:05:00+01:00",
        "restriction": {"period": {"end": "2026-11-26"}},
    },
)

GEZONDHEID: Final = (
    Aandoening(
        id="sma",
        code=Code(SNOMED, "128212001"),
        omschrijving="Spinale musculaire atrofie (SMA) type 2",
        soort=Aandoeningsoort.DIAGNOSE,
        klinische_status="active",
        verificatie="confirmed",
        begin=date(1989, 9, 1),
        vastgelegd_op=date(2016, 2, 8),
        prognose=Prognose.PROGRESSIEF,
        levenslang=True,
    ),
    Aandoening(
        id="armen-en-benen",
        omschrijving="Kan armen en benen bijna niet bewegen",
        soort=Aandoeningsoort.BEPERKING,
        klinische_status="active",
        vastgelegd_op=date(2016, 2, 8),
        levenslang=True,
    ),
    Meting(
        id="kracht",
        code=Code(codestelsel("observatiesoort"), "functioneren", "Kracht en bereik"),
        soort=Metingsoort.FUNCTIONEREN,
        tekst="Kin en twee vingers rechts, minder dan 0,5 newton",
        gemeten_op=date(2026, 5, 11),
    ),
)

MATEN: Final = maten(
    date(2026, 8, 25),
    {
        "lichaamslengte": "158",
        "lichaamsgewicht": "52.5",
        "zitbreedte": "40",
        "zitdiepte": "44.5",
        "onderbeenlengte": "41",
    },
    GEBRUIK,
)

EISEN: Final = (
    Eis("Zelf van houding veranderen, van rechtop tot 45 graden achterover, zonder hulp.", Eissoort.NOODZAKELIJK,
        "Zonder van houding te wisselen krijgt zij pijn en drukplekken. Anderen zijn er overdag niet bij.",
        "De hele dag op zijn en werken.", "zelfzorg", "11A02", "De hele dag door, binnen en buiten.",
        "Zij moet dan elke twee uur naar bed."),
    Eis("Zelf rijden en remmen met de kin, met een kracht onder 0,5 newton.", Eissoort.NOODZAKELIJK,
        "De kracht van de handen is te klein. De kin is het enige punt dat altijd werkt.",
        "Zelf naar het werk en door het huis rijden.", "vervoer", "11A02", "Binnen en buiten, ook op een helling.",
        "Zij kan dan niet meer zelf rijden."),
    Eis("De beademing meenemen en minstens 10 uur stroom geven.", Eissoort.NOODZAKELIJK,
        "Zij ademt niet zelf. Zonder stroom is er levensgevaar.", "Veilig van huis kunnen.", "zelfzorg", "11A02",
        "Een hele werkdag met reizen.", "Zij komt dan de deur niet uit."),
    Eis("Deur, lamp en telefoon bedienen vanuit de rolstoel.", Eissoort.NOODZAKELIJK,
        "Zij is overdag vijf uur alleen thuis en moet hulp kunnen roepen.", "Overdag alleen thuis kunnen zijn.",
        "communicatie", "11A02", "Thuis.", "Er moet dan altijd iemand bij zijn."),
    Eis("Op ooghoogte zitten op het werk.", Eissoort.WENSELIJK,
        "Collega's staan; een gesprek op ooghoogte kost minder inspanning van de nek.", "Meedoen in overleg.",
        "werk-school", "11A02"),
)  # fmt: skip

NAAR_HET_WERK: Final = Doel(id="werk", tekst="Zelf naar het werk en door het huis rijden.", begin=date(2026, 7, 8))

ADVIES_2026: Final = FunctioneelAdvies(
    id="advies",
    status=Adviesstatus.DEFINITIEF,
    geschreven_op=date(2026, 9, 9),
    auteur=NIENKE,
    hulpvraag="Yvonne wil zelf blijven rijden, van houding wisselen en werken. Haar rolstoel is aan vervanging toe.",
    diagnosen=("Spinale musculaire atrofie (SMA) type 2",),
    prognose=Prognose.PROGRESSIEF,
    levenslang=True,
    verwachte_behoefte="De komende jaren blijft dezelfde soort rolstoel nodig.",
    verwacht_wanneer="later",
    wil=tuple(eis.doel for eis in EISEN if eis.doel),
    verhaal=(
        ("stoornissen", "Spierkracht in armen, benen en romp bijna weg; ademt met beademing, dag en nacht."),
        ("activiteiten", "Zit 14 uur per dag in de rolstoel. Rijdt met de kin. Kan niet staan, lopen of tillen."),
        ("participatie", "Werkt drie dagen per week als ontwerper. Gaat naar vrienden en het theater."),
        ("persoonlijke-factoren", "Regelt haar leven zelf en leert snel met nieuwe bediening om te gaan."),
        ("kan", "Rijdt zelf met de kin en bedient zelf deur, lamp en telefoon."),
        ("mag", "Mag binnen en buiten zelf rijden; niet zonder beademing de deur uit."),
        ("omgeving-woning", "Gelijkvloerse woning, deuren van 90 cm, elektrische voordeur."),
        ("omgeving-vervoer", "Eigen rolstoelbus, Peter rijdt. In de stad met de rolstoel."),
        ("omgeving-werk-school", "Kantoor met lift en een eigen bureau dat in hoogte verstelt."),
        ("omgeving-hulp", "Thuiszorg drie keer per dag; Peter 's avonds en 's nachts."),
        ("eerder-geprobeerd", "Een joystick met de hand, in 2017 en 2019. De kracht was te klein."),
    ),
    maten=(("lichaamslengte", Decimal(158)), ("lichaamsgewicht", Decimal("52.5")), ("zitbreedte", Decimal(40))),
    hulpmiddelen_nu=("Elektrische rolstoel", "Beademing", "Omgevingsbesturing", "Hoog-laagbed", "Plafondlift"),
    urgentie=Urgentie.GEWOON,
    complexe_kenmerken=("domeinoverstijgend", "progressief"),
    eisen=EISEN,
    reactie_houder="Dit klopt. Het belangrijkste is dat ik zelf kan blijven rijden.",
    reactie_naasten="Peter: ik ben het ermee eens.",
    akkoord="ja",
    schrijver=Schrijver("Nienke Postma", "ergotherapeut", "19000000101", False),
    vervolg_betrokken=True,
    contact_auteur=True,
)

OPEN_2019: Final = Toekenning(
    Toekenningsoort.OPEN, BESLUIT, date(2019, 4, 2), reden="De beperking is blijvend en de vraag verandert niet."
)
BESLUITEN: Final = (
    Besluit(
        id="besluit-2019",
        soort=Besluitsoort.BESCHIKKING,
        genomen_op=date(2019, 4, 2),
        door=GEMEENTE,
        categorie="11A02",
        omschrijving="Elektrische rolstoel",
        toekenning=Toekenning(Toekenningsoort.OPEN, None, date(2019, 4, 2), reden=OPEN_2019.reden),
        verstrekkingsvorm=Verstrekkingsvorm.NATURA,
        betreft=GEBRUIK,
    ),
    Besluit(
        id="besluit-2012",
        status="completed",
        soort=Besluitsoort.BESCHIKKING,
        genomen_op=date(2012, 3, 5),
        door=GEMEENTE,
        categorie="11A02",
        omschrijving="Elektrische rolstoel",
        toekenning=Toekenning(Toekenningsoort.EINDDATUM, None, date(2012, 3, 5), date(2019, 5, 12)),
        verstrekkingsvorm=Verstrekkingsvorm.NATURA,
        betreft="DeviceUseStatement/rolstoel-2012",
    ),
    Besluit(
        id="besluit-plafondlift",
        soort=Besluitsoort.BESCHIKKING,
        genomen_op=date(2026, 7, 20),
        door=GEMEENTE,
        categorie="13A04",
        omschrijving="Plafondlift",
        toekenning=Toekenning(Toekenningsoort.OPEN, None, date(2026, 7, 20)),
        verstrekkingsvorm=Verstrekkingsvorm.NATURA,
        betreft="DeviceUseStatement/plafondlift",
    ),
)


HULPMIDDELEN: Final = (
    *van_de_gemeente(
        "rolstoel", "Elektrische rolstoel", "12 23", date(2019, 5, 12),
        leverancier=RIJDT,
        categorie="11A02", contractvorm=Contractvorm.KOOP, maatwerk=True, assetnummer="LW-2019-0417",
        levensduur_tot=date(2026, 5, 12), onderhoud_tot=date(2027, 5, 12),
        toekenning=OPEN_2019, adviezen=(ADVIES,),
    ),
    *van_de_verzekeraar("beademing", "Beademingsapparaat", "04 03", date(2021, 2, 2)),
    *van_de_verzekeraar("omgevingsbesturing", "Omgevingsbesturing", "24 13", date(2022, 4, 19)),
    *van_de_verzekeraar("bed", "Hoog-laagbed", "18 12", date(2017, 9, 4)),
    *van_de_gemeente(
        "plafondlift", "Plafondlift", "12 36", date(2026, 10, 6),
        leverancier=THUIS,
        categorie="13A04", contractvorm=Contractvorm.KOOP,
        voorzieningsoort=Voorzieningsoort.WONINGAANPASSING, levensduur_tot=date(2036, 10, 6),
        toekenning=Toekenning(Toekenningsoort.OPEN, "DeviceRequest/besluit-plafondlift", date(2026, 7, 20)),
    ),
    Hulpmiddel(
        id="accu", naam="Reserve-accu", soorten=(Code(ISO9999, "12 24"),), categorie="11A01",
        hoofdhulpmiddel=ROLSTOEL, geleverd_op=date(2024, 11, 14), leverancier=RIJDT,
        eigenaar=GEMEENTE, contractvorm=Contractvorm.KOOP, status="active",
    ),
    Hulpmiddel(
        id="rolstoel-2012", naam="Vorige elektrische rolstoel", soorten=(Code(ISO9999, "12 23"),), categorie="11A02",
        geleverd_op=date(2012, 5, 21), leverancier=RIJDT, eigenaar=GEMEENTE,
        contractvorm=Contractvorm.KOOP, status="inactive",
    ),
    Gebruik(
        id="rolstoel-2012", status="completed", hulpmiddel="Device/rolstoel-2012",
        periode=Periode(date(2012, 5, 21), date(2019, 5, 12)),
        verstrekkers=(Verstrekker(GEMEENTE, Stelsel.WMO, Periode(date(2012, 5, 21), date(2019, 5, 12))),),
        verstrekkingsvorm=Verstrekkingsvorm.NATURA,
    ),
)  # fmt: skip

TEAM: Final = Begeleiding(
    id="casemanagers",
    status="active",
    casemanagers=(
        Casemanager(BIANCA, GEMEENTE),
        Casemanager(ARJAN, RIJDT),
        Casemanager(NIENKE, f"Organization/{VLIERHOF}"),
    ),
)

# Wie er vóór vandaag keek; ook wat niet mocht.
LOG: Final = (
    Keek("2026-07-08T09:14:02.310Z", NIENKE, "Nienke Postma", "therapeut", VLIERHOF, "search-type", "advies",
         "toestemming:Consent/toestemming-advies-2026", (ROLSTOEL, GEBRUIK, "Condition/sma", "Observation/kracht")),
    Keek("2026-09-09T13:40:51.027Z", NIENKE, "Nienke Postma", "therapeut", VLIERHOF, "create", "advies",
         "toestemming:Consent/toestemming-advies-2026", (ADVIES,)),
    Keek("2026-11-21T19:05:12.884Z", IK, "Peter Verbeek", "vertegenwoordiger", None, "create", None, "eigen",
         ("Task/reparatie", "Consent/toestemming-reparatie"), namens="Yvonne Verbeek"),
    Keek("2026-11-21T20:11:37.450Z", PRIYA, "Priya Ramdin", "leverancier", HUISWIJS, "read", "reparatie",
         "toestemming:Consent/toestemming-reparatie", ("Device/omgevingsbesturing",)),
    Keek("2026-11-21T20:12:03.118Z", PRIYA, "Priya Ramdin", "leverancier", HUISWIJS, "read", None, None, (),
         "geweigerd"),
)  # fmt: skip

YVONNE: Final = Dossier(
    "yvonne",
    (
        Deel(IK, (WIE[0], WIE[1])),
        Deel(ADELIEN, GEZONDHEID),
        Deel(GEMEENTE, (TEAM, *BESLUITEN)),
        Deel(NIENKE, (*MATEN, NAAR_HET_WERK, ADVIES_2026)),
        Deel(GEMEENTE, HULPMIDDELEN),
        Deel(IK, WIE[2:]),
    ),
    LOG,
)
