"""Henk Oosterling, ALS: de reeks vragen uit bijlage 1 van het ALS-protocol, met de tijd die er echt tussen zat.

Wat wanneer gevraagd werd en wanneer het kwam, is van die brief (26 maart 2020); de mensen en bedragen zijn verzonnen.
`toen` zet een dag uit de brief om naar dezelfde dag in de demo. De laatste vraag, de plafondlift, staat nog open: in
het voorzieningenplan staat hij al, dus is het een afroep (route B).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from paspoort.aanvraag import Fase, Opdrachtsoort, Uitkomst, Verandering, Wijziging
from paspoort.beschikking import Besluit, Besluitsoort, Tarief
from paspoort.fhir.stelsels import ISO9999, SNOMED
from paspoort.gegeven import Bedrag, Code, Periode
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Doel, Prognose
from paspoort.houder import Contactpunt, Mandaatsoort, Naam, Vertegenwoordiger
from paspoort.hulpmiddel import (
    Contractvorm,
    Gebruik,
    Hulpmiddel,
    Proef,
    Stelsel,
    Toekenning,
    Toekenningsoort,
    Verstrekker,
    Verstrekkingsvorm,
    Voorzieningsoort,
)
from paspoort.plan import Begeleiding, Casemanager, PersoonlijkPlan, Post, Voorzieningenplan
from server.demo.bouwen import ROLCODE, functioneren, in_gebruik, maten, melding, mens, om, opdracht, toestemming
from server.demo.dossier import ANKER, IK, Deel, Dossier, Stuk
from server.demo.register import ADELIEN, BIANCA, HUISWIJS, LINDEWAARD, NIENKE, NOORDERWIEL, ZILVERLINDE

GEMEENTE, THUIS, RIJDT = f"Organization/{LINDEWAARD}", f"Organization/{HUISWIJS}", f"Organization/{NOORDERWIEL}"
BRIEF: Final = date(2020, 3, 26)  # de dag van de brief is in de demo vandaag


def toen(jaar: int, maand: int, dag: int) -> date:
    """Een dag uit de brief, verschoven zodat de brief van vandaag is."""
    return date(jaar, maand, dag) + (ANKER - BRIEF)


@dataclass(frozen=True, slots=True)
class Vraag:
    """Eén vraag uit de brief: gevraagd, besloten en gekomen. Zonder `leverancier` deed een aannemer het."""

    id: str
    naam: str
    categorie: str
    iso: str | None
    soort: Voorzieningsoort
    gevraagd: date
    besloten: date
    gekomen: date
    reden: str
    leverancier: str | None = THUIS
    contractvorm: Contractvorm = Contractvorm.KOOP


HULP, ROEREND, WONING = (
    Voorzieningsoort.HULPMIDDEL, Voorzieningsoort.ROERENDE_WOONVOORZIENING, Voorzieningsoort.WONINGAANPASSING,
)  # fmt: skip

# Volgorde en dagen van de brief. Wanneer besloten werd staat er niet altijd in; dan is het een dag ertussen.
VRAGEN: Final = (
    Vraag("traplift", "Traplift", "13A04", "18 30", WONING,
          toen(2019, 5, 13), toen(2019, 5, 18), toen(2019, 6, 11),
          "De trap lukt bijna niet meer en is gevaarlijk."),
    Vraag("oprit", "Verlegde oprit", "13A02", None, WONING,
          toen(2019, 5, 13), toen(2019, 6, 14), toen(2019, 6, 28),
          "Met een rolstoel kan ik de oprit niet op.", None),
    Vraag("rolstoel", "Elektrische rolstoel", "11A02", "12 23", HULP,
          toen(2019, 5, 13), toen(2019, 8, 7), toen(2019, 10, 11),
          "Lopen gaat heel moeilijk.", RIJDT, Contractvorm.HUUR),
    Vraag("deuropener", "Elektrische deuropener", "13A02", "24 13", WONING,
          toen(2019, 5, 13), toen(2019, 7, 22), toen(2019, 9, 26),
          "Ik wil zelf naar buiten als Els werkt."),
    Vraag("toilet", "Douche-föhntoilet", "13A03", "09 12", ROEREND,
          toen(2019, 10, 18), toen(2019, 11, 1), toen(2019, 12, 11),
          "Ik kan mij op het toilet niet meer zelf schoonmaken."),
    Vraag("verlichting", "Verlichting op de omgevingsbesturing", "13A02", "24 13", WONING,
          toen(2019, 12, 6), toen(2019, 12, 20), toen(2020, 3, 4),
          "Ik kan het licht niet meer zelf aan doen."),
)  # fmt: skip

# Wat ervoor klaarstaat volgens de tabel van het ALS-protocol.
BUDGETTEN: Final = (
    ("13A04", "Traplift", 6000, "completed"),
    ("11A02", "Elektrische rolstoel", 30000, "completed"),
    ("12A05", "Scootmobiel met joystick", 7000, "cancelled"),
    ("13A02", "Toegankelijkheid van de woning", 10000, "completed"),
    ("12A12", "Vervoersvoorziening", 10000, "completed"),
    ("13A03", "Toilet met douche en föhn", 3000, "completed"),
    ("13A04", "Plafondlift", 16000, "not-started"),
)


def _vraag(v: Vraag) -> Iterator[Deel]:
    """Wat één afgehandelde vraag in het paspoort achterliet."""
    besluit = f"DeviceRequest/besluit-{v.id}"
    taak = melding(
        v.id, v.categorie, v.naam, Wijziging.NIEUW, v.gevraagd, v.besloten, BIANCA, v.reden,
        doel="onderzoek", fase=Fase.TOEGEKEND, uitkomst=Uitkomst.TOEGEKEND, besluit=besluit,
        opdracht=f"Task/opdracht-{v.id}" if v.leverancier else None, klaar_op=v.besloten,
    )  # fmt: skip
    yield Deel(IK, taak)
    stukken: list[Stuk] = [
        Besluit(
            id=f"besluit-{v.id}",
            soort=Besluitsoort.BESCHIKKING,
            genomen_op=v.besloten,
            door=GEMEENTE,
            grondslag=(f"DeviceRequest/verzoek-{v.id}",),
            categorie=v.categorie,
            omschrijving=v.naam,
            toekenning=Toekenning(Toekenningsoort.OPEN, None, v.besloten, reden="ALS wordt niet beter."),
            verstrekkingsvorm=Verstrekkingsvorm.NATURA,
            betreft=f"DeviceUseStatement/{v.id}",
        ),
        *in_gebruik(
            v.id, v.naam, v.iso, v.gekomen, verstrekker=GEMEENTE, stelsel=Stelsel.WMO, leverancier=v.leverancier,
            categorie=v.categorie, contractvorm=v.contractvorm, voorzieningsoort=v.soort,
            toekenning=Toekenning(Toekenningsoort.OPEN, besluit, v.besloten),
        ),
    ]  # fmt: skip
    if v.leverancier:
        stukken.append(
            opdracht(
                v.id, v.leverancier, GEMEENTE, Opdrachtsoort.NIEUW, v.categorie, v.besloten, Fase.GELEVERD, v.gekomen,
                nieuw=v.id, besluit=besluit,
            )
        )  # fmt: skip
    yield Deel(GEMEENTE, tuple(stukken))


PLAN: Final = Voorzieningenplan(
    id="voorzieningenplan",
    periode=Periode(toen(2019, 6, 3)),
    posten=tuple(Post(c, Bedrag(Decimal(b)), status, naam) for c, naam, b, status in BUDGETTEN),
)

# 8 augustus gevraagd, 28 november een vergoeding: geld, dus geen hulpmiddel in gebruik.
AUTO: Final = (
    *melding(
        "auto", "12A12", "Aanpassing van de auto", Wijziging.NIEUW, toen(2019, 8, 8), toen(2019, 11, 28), BIANCA,
        "De nieuwe rolstoel past niet in onze auto.", doel="onderzoek", fase=Fase.TOEGEKEND, uitkomst=Uitkomst.BEDRAG,
        besluit="DeviceRequest/besluit-auto", klaar_op=toen(2019, 11, 28),
    ),
)  # fmt: skip
AUTOBESLUIT: Final = Besluit(
    id="besluit-auto",
    soort=Besluitsoort.BESCHIKKING,
    genomen_op=toen(2019, 11, 28),
    door=GEMEENTE,
    grondslag=("DeviceRequest/verzoek-auto",),
    categorie="12A12",
    omschrijving="Tegemoetkoming in de aanpassing van de auto",
    toekenning=Toekenning(Toekenningsoort.EINDDATUM, None, toen(2019, 11, 28), toen(2020, 11, 28)),
    verstrekkingsvorm=Verstrekkingsvorm.TEGEMOETKOMING,
    tarief=Tarief(Bedrag(Decimal("2500.00")), "Vast bedrag uit de verordening."),
)

# Geprobeerd in juli; de kracht in de armen was al te klein.
SCOOTMOBIEL: Final = (
    Hulpmiddel(id="scootmobiel", naam="Scootmobiel op proef", soorten=(Code(ISO9999, "12 23"),), categorie="12A05",
               contractvorm=Contractvorm.HUUR, leverancier=RIJDT, eigenaar=RIJDT, status="inactive"),
    Gebruik(id="scootmobiel", status="completed", hulpmiddel="Device/scootmobiel",
            periode=Periode(toen(2019, 7, 3), toen(2019, 7, 10)), tijdelijk=True,
            verstrekkers=(Verstrekker(GEMEENTE, Stelsel.WMO),),
            proef=Proef("Kan hem niet bedienen: te weinig kracht in de armen.", False)),
)  # fmt: skip

# Wat het ALS-team bij het laatste huisbezoek vaststelde; een advies over de plafondlift begint hiermee.
GEZIEN: Final = functioneren(
    toen(2020, 2, 13),
    {
        "b730": (
            "Spierkracht",
            "ernstig",
            "Schouders en benen bijna geen kracht, handen een derde van normaal, romp matig.",
        ),
        "b740": ("Volhouden", "ernstig", "Na tien minuten rechtop zitten zonder steun te moe om verder te gaan."),
        "b440": ("Ademhaling", "matig", "Longinhoud 61 procent, plat liggen maakt benauwd, nog geen beademing."),
        "b510": ("Slikken", "licht", "Verslikt zich in dunne dranken."),
        "d410": ("Omdraaien", "volledig", "Draait in bed niet zelf om; elke drie uur hulp nodig."),
        "d420": (
            "Overstap",
            "volledig",
            "Staan lukt niet meer. Overstap met de tillift en één helper, 12 minuten per keer.",
        ),
        "d450": ("Lopen", "volledig", "Loopt niet meer."),
        "d465": ("Rijden", "licht", "Rijdt zelf met de elektrische rolstoel, met de rechterhand."),
        "d510": ("Wassen", "ernstig", "Met hulp van één persoon, zittend."),
        "d530": ("Toilet", "matig", "Zelf schoon met het douche-föhntoilet, overstap met hulp."),
        "d760": ("Gezin", "matig", "Wil samen aan tafel eten en boven slapen, naast Els."),
        "d920": ("Uitgaan", "licht", "Gaat elke week naar de schaakclub, vrienden rijden."),
    },
)

MIJN_PLAN: Final = PersoonlijkPlan(
    id="plan",
    geschreven_op=toen(2020, 2, 12),
    antwoorden=(
        (
            "wie-bent-u",
            "Ik ben Henk, 61 jaar. Ik was timmerman, denk graag zelf mee en wil niet meer naar een ziekenhuis.",
        ),
        ("situatie", "Eengezinswoning, met Els. Traplift tot boven, slapen en badkamer boven. Deuren van 83 cm."),
        ("waarom-ondersteuning", "Staan lukt niet meer en de tillift past boven niet. Ik wil veilig in en uit bed."),
        ("wat-is-belangrijk", "Thuis blijven wonen en boven slapen, zonder dat Els mij moet tillen."),
        ("waarbij-en-wat-zelf", "Ik rijd zelf en bedien zelf deuren en licht. Bij elke overstap heb ik iemand nodig."),
        ("welke-zorgverleners", "Thuiszorg drie keer per dag. Els doet de rest; zij heeft een zere rug."),
        ("hoe-lang", "Altijd, en het wordt meer."),
    ),
)

DOELEN: Final = (
    Doel(id="overstap", tekst="Veilig in en uit bed zonder dat iemand tilt", begin=toen(2020, 2, 13)),
    Doel(id="boven", tekst="Boven in het eigen bed slapen", begin=toen(2020, 2, 13)),
    Doel(id="buiten", tekst="Zelf naar buiten en naar de schaakclub", begin=toen(2020, 2, 13)),
)

HENK: Final = Dossier(
    "henk",
    (
        Deel(
            IK,
            (
                mens("Henk Oosterling", date(1965, 1, 30), "male", "999900043", "Esdoornhof 21", "06 00 00 44 30"),
                Vertegenwoordiger(
                    id="els",
                    namen=(Naam("Oosterling", ("Els",), "Els Oosterling"),),
                    relaties=(Code(ROLCODE, "SPS", "echtgenote"),),
                    contact=(Contactpunt("phone", "06 00 00 44 31", "mobile"),),
                    periode=Periode(toen(2019, 5, 13)),
                    actief=True,
                    soort=Mandaatsoort.GEMACHTIGDE,
                ),
                toestemming("toestemming-gemeente", GEMEENTE, "onderzoek", "verstrekker", toen(2020, 2, 11)),
                toestemming("toestemming-nienke", NIENKE, "advies", "therapeut", toen(2020, 2, 11), via="link"),
                MIJN_PLAN,
            ),
        ),
        Deel(
            ADELIEN,
            (
                Aandoening(
                    id="als",
                    code=Code(SNOMED, "86044005"),
                    omschrijving="Amyotrofische laterale sclerose (ALS)",
                    soort=Aandoeningsoort.DIAGNOSE,
                    klinische_status="active",
                    verificatie="confirmed",
                    begin=toen(2018, 10, 1),
                    vastgelegd_op=toen(2019, 3, 4),
                    prognose=Prognose.PROGRESSIEF,
                    levenslang=True,
                ),
                *GEZIEN,
                *maten(toen(2020, 2, 13), {"lichaamslengte": "181", "lichaamsgewicht": "74"}),
                *DOELEN,
            ),
        ),
        *(deel for v in VRAGEN for deel in _vraag(v)),
        Deel(IK, AUTO),
        Deel(
            GEMEENTE,
            (
                AUTOBESLUIT,
                PLAN,
                Begeleiding(
                    id="casemanagers",
                    status="active",
                    casemanagers=(Casemanager(BIANCA, GEMEENTE), Casemanager(NIENKE, "Organization/vlierhof")),
                ),
                *SCOOTMOBIEL,
                *in_gebruik(
                    "tillift", "Tillift, tot de plafondlift er is", "12 36", toen(2020, 3, 16), verstrekker=GEMEENTE,
                    stelsel=Stelsel.WMO, leverancier=THUIS, categorie="13A04", tijdelijk=True,
                ),
                *in_gebruik(
                    "omgevingsbesturing", "Omgevingsbesturing", "24 13", toen(2019, 9, 2),
                    verstrekker=f"Organization/{ZILVERLINDE}", stelsel=Stelsel.ZVW, leverancier=THUIS,
                ),
            ),
        ),
        Deel(
            IK,
            (
                *melding(
                    "plafondlift", "13A04", "Plafondlift", Wijziging.VERANDERD, toen(2020, 2, 11), date(2026, 11, 20),
                    BIANCA, "Staan lukt niet meer. De tillift past boven niet. Dinsdag ben ik gevallen.",
                    veranderingen=(Verandering.GEZONDHEID,), doel="onderzoek", fase=Fase.IN_ONDERZOEK, spoed=True,
                    afroep="CarePlan/voorzieningenplan",
                ),
                {
                    "resourceType": "Communication",
                    "id": "val",
                    "status": "completed",
                    "subject": {"reference": IK},
                    "about": [{"reference": "Task/behandeling-plafondlift"}],
                    "sent": om(toen(2020, 3, 25)).isoformat(),
                    "recipient": [{"reference": BIANCA}],
                    "sender": {"reference": IK},
                    "payload": [{"contentString": "Gisteravond ben ik gevallen. We kunnen niet meer wachten."}],
                },
            ),
        ),
    ),
)  # fmt: skip
