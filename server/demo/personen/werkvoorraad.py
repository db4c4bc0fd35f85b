"""Vijf korte paspoorten die samen met de anderen een gewone werkvoorraad maken: elke route en elke beurt komt voor.

Fatma (andere categorie, akkoord), Kees (advies is nog een concept), Mira (doorgezet, passing gepland), Ab (bij de
verzekeraar) en Sanne (huur, de leverancier regelt het). Verzonnen.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from paspoort.aanvraag import Fase, Opdrachtsoort, Uitkomst, Wijziging
from paspoort.advies import Adviesstatus, Eis, Eissoort
from paspoort.beschikking import Besluit, Besluitsoort
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Prognose
from paspoort.hulpmiddel import Contractvorm, Stelsel, Toekenning, Toekenningsoort, Verstrekkingsvorm
from server.demo.bouwen import advies, in_gebruik, maten, melding, mens, opdracht, toestemming
from server.demo.dossier import IK, Deel, Dossier
from server.demo.register import ARJAN, BIANCA, HUISWIJS, LINDEWAARD, MARLEEN, NIENKE, NOORDERWIEL, ZILVERLINDE

GEMEENTE, VERZEKERAAR = f"Organization/{LINDEWAARD}", f"Organization/{ZILVERLINDE}"
RIJDT, THUIS = f"Organization/{NOORDERWIEL}", f"Organization/{HUISWIJS}"
ERGO: Final = (NIENKE, "Nienke Postma", "ergotherapeut")


def _diagnose(id: str, omschrijving: str, sinds: date, prognose: Prognose = Prognose.STABIEL) -> Aandoening:
    return Aandoening(
        id=id,
        omschrijving=omschrijving,
        soort=Aandoeningsoort.DIAGNOSE,
        klinische_status="active",
        verificatie="confirmed",
        begin=sinds,
        vastgelegd_op=sinds,
        prognose=prognose,
        levenslang=True,
    )


def _beschikking(wat: str, categorie: str, naam: str, op: date, door: str = GEMEENTE) -> Besluit:
    return Besluit(
        id="besluit",
        soort=Besluitsoort.BESCHIKKING if door == GEMEENTE else Besluitsoort.MACHTIGING,
        genomen_op=op,
        door=door,
        categorie=categorie,
        omschrijving=naam,
        toekenning=Toekenning(Toekenningsoort.OPEN, None, op),
        verstrekkingsvorm=Verstrekkingsvorm.NATURA,
        betreft=f"DeviceUseStatement/{wat}",
    )


def _open(op: date) -> Toekenning:
    return Toekenning(Toekenningsoort.OPEN, "DeviceRequest/besluit", op)


def _verhaal(woning: str, activiteiten: str, hulp: str) -> dict[str, str]:
    return {
        "stoornissen": "Minder kracht en evenwicht.",
        "activiteiten": activiteiten,
        "participatie": "Doet zelf boodschappen en gaat op bezoek.",
        "persoonlijke-factoren": "Wil zelf de deur uit kunnen.",
        "omgeving-woning": woning,
        "omgeving-vervoer": "Reist in de buurt zelf, verder met familie.",
        "omgeving-hulp": hulp,
        "eerder-geprobeerd": "Een rollator; dat is te zwaar geworden.",
    }


def _eis(tekst: str, waarom: str, doel: str, categorie: str) -> Eis:
    return Eis(tekst, Eissoort.NOODZAKELIJK, waarom, doel, "vervoer", categorie)


FATMA: Final = Dossier(
    "fatma",
    (
        Deel(
            IK,
            (
                mens("Fatma Yildiz", date(1959, 4, 21), "female", "999900067", "Weverstraat 12", "06 00 00 66 50"),
                toestemming("toestemming-gemeente", GEMEENTE, "herhaalverzoek", "verstrekker", date(2026, 11, 13)),
                *melding(
                    "scootmobiel", "12A06", "Scootmobiel, andere soort", Wijziging.ONGEWIJZIGD, date(2026, 11, 13),
                    date(2026, 11, 27), BIANCA,
                    "De scootmobiel is op. Noorderwiel raadt een dichte aan, voor de regen.",
                    betreft="DeviceUseStatement/scootmobiel",
                    onderbouwing="De open scootmobiel wordt niet meer gemaakt; een dichte houdt de regen buiten.",
                ),
            ),
        ),
        Deel(
            NIENKE,
            (
                _diagnose("ms", "Multiple sclerose (MS)", date(2011, 5, 2)),
                advies(
                    "advies", ERGO, date(2024, 2, 20), "Fatma wil zelf boodschappen blijven doen.", Prognose.STABIEL,
                    _verhaal("Benedenwoning.", "Loopt tien meter met een stok.", "Dochter, twee keer per week."),
                    (_eis("Zelf buiten rijden over een afstand van tien kilometer.", "Lopen lukt maar tien meter.",
                          "Boodschappen en bezoek.", "12A05"),),
                    diagnose="Multiple sclerose (MS)", reactie="Goed zo.",
                ),
            ),
        ),
        Deel(
            GEMEENTE,
            (
                _beschikking("scootmobiel", "12A05", "Scootmobiel", date(2018, 3, 1)),
                *in_gebruik(
                    "scootmobiel", "Scootmobiel", "12 23", date(2018, 4, 16), verstrekker=GEMEENTE, stelsel=Stelsel.WMO,
                    leverancier=RIJDT, categorie="12A05", contractvorm=Contractvorm.KOOP,
                    levensduur_tot=date(2025, 4, 16), toekenning=_open(date(2018, 3, 1)),
                    adviezen=("QuestionnaireResponse/advies",),
                ),
            ),
        ),
    ),
)  # fmt: skip

KEES: Final = Dossier(
    "kees",
    (
        Deel(
            IK,
            (
                mens("Kees van Dam", date(1947, 12, 5), "male", "999900079", "Havendijk 77", "06 00 00 77 60"),
                toestemming("toestemming-gemeente", GEMEENTE, "onderzoek", "verstrekker", date(2026, 11, 9)),
                toestemming("toestemming-nienke", NIENKE, "advies", "therapeut", date(2026, 11, 9), via="qr"),
                *melding(
                    "tillift", "13A04", "Tillift", Wijziging.NIEUW, date(2026, 11, 9), date(2026, 12, 10), BIANCA,
                    "Mijn vrouw kan mij niet meer uit bed helpen.", doel="onderzoek", fase=Fase.WACHT_OP_HOUDER,
                ),
            ),
        ),
        Deel(
            BIANCA,
            (
                {
                    "resourceType": "Communication",
                    "id": "vraag-tillift",
                    "status": "completed",
                    "subject": {"reference": IK},
                    "about": [{"reference": "Task/behandeling-tillift"}],
                    "sender": {"reference": BIANCA},
                    "recipient": [{"reference": IK}, {"reference": GEMEENTE}],
                    "sent": "2026-11-10T10:15:00+01:00",
                    "payload": [{"contentString": "Hoeveel ruimte is er naast het bed? En wie helpt u 's ochtends?"}],
                },
            ),
        ),
        Deel(
            NIENKE,
            (
                _diagnose("parkinson", "Ziekte van Parkinson", date(2017, 10, 3), Prognose.PROGRESSIEF),
                advies(
                    "advies", ERGO, date(2026, 11, 18), "Kees wil veilig in en uit bed.", Prognose.PROGRESSIEF,
                    _verhaal("Slaapkamer beneden, ruimte naast het bed.", "Kan niet zelf opstaan uit bed.",
                             "Zijn vrouw, en 's ochtends de thuiszorg."),
                    (_eis("Door één helper te gebruiken, zonder tillen.", "Zijn vrouw kan niet tillen.",
                          "Veilig in en uit bed.", "13A04"),),
                    diagnose="Ziekte van Parkinson", status=Adviesstatus.CONCEPT,
                ),
            ),
        ),
    ),
)  # fmt: skip

MIRA: Final = Dossier(
    "mira",
    (
        Deel(
            IK,
            (
                mens("Mira Jansen", date(1992, 8, 27), "female", "999900080", "Fluitekruid 5", "06 00 00 88 70"),
                toestemming("toestemming-gemeente", GEMEENTE, "herhaalverzoek", "verstrekker", date(2026, 11, 4)),
                toestemming(
                    "toestemming-levering", RIJDT, "levering", "leverancier", date(2026, 11, 12),
                    ("Device/fiets", "DeviceUseStatement/fiets"),
                ),
                *melding(
                    "fiets", "12A11", "Driewielfiets", Wijziging.ONGEWIJZIGD, date(2026, 11, 4), date(2026, 12, 16),
                    BIANCA, "Mijn driewielfiets is op.", betreft="DeviceUseStatement/fiets", fase=Fase.DOORGEZET,
                    uitkomst=Uitkomst.DOORGEZET, opdracht="Task/opdracht-fiets", klaar_op=date(2026, 11, 12),
                ),
            ),
        ),
        Deel(
            NIENKE,
            (
                _diagnose("evenwicht", "Aangeboren stoornis van het evenwicht", date(1993, 1, 11)),
                *maten(date(2018, 4, 4), {"lichaamslengte": "171", "lichaamsgewicht": "68"}),
            ),
        ),
        Deel(
            GEMEENTE,
            (
                _beschikking("fiets", "12A11", "Driewielfiets", date(2018, 5, 7)),
                *in_gebruik(
                    "fiets", "Driewielfiets", "12 18", date(2018, 6, 11), verstrekker=GEMEENTE, stelsel=Stelsel.WMO,
                    leverancier=RIJDT, categorie="12A11", contractvorm=Contractvorm.KOOP,
                    levensduur_tot=date(2025, 6, 11), toekenning=_open(date(2018, 5, 7)),
                ),
                opdracht(
                    "fiets", ARJAN, GEMEENTE, Opdrachtsoort.VERVANGING, "12A11", date(2026, 11, 12),
                    Fase.PASSING_GEPLAND, date(2026, 11, 17), bij="fiets", verwacht=date(2026, 12, 16),
                ),
            ),
        ),
    ),
)  # fmt: skip

AB: Final = Dossier(
    "ab",
    (
        Deel(
            IK,
            (
                mens("Ab Terpstra", date(1944, 6, 13), "male", "999900092", "Torenplein 9", "06 00 00 99 80"),
                toestemming("toestemming-verzekeraar", VERZEKERAAR, "onderzoek", "verstrekker", date(2026, 11, 18)),
                *melding(
                    "stoel", "14A00", "Sta-op-stoel", Wijziging.NIEUW, date(2026, 11, 18), date(2026, 12, 30), MARLEEN,
                    "Opstaan uit mijn stoel lukt niet meer alleen.", doel="onderzoek",
                ),
            ),
        ),
        Deel(NIENKE, (_diagnose("heupen", "Versleten heupen", date(2015, 9, 1)),)),
    ),
)  # fmt: skip

SANNE: Final = Dossier(
    "sanne",
    (
        Deel(
            IK,
            (
                mens("Sanne de Groot", date(1985, 2, 16), "female", "999900109", "Singel 31", "06 00 00 10 90"),
                toestemming("toestemming-gemeente", GEMEENTE, "herhaalverzoek", "verstrekker", date(2026, 11, 20)),
                toestemming(
                    "toestemming-levering", RIJDT, "levering", "leverancier", date(2026, 11, 20),
                    ("Device/rolstoel", "DeviceUseStatement/rolstoel"),
                ),
                *melding(
                    "rolstoel", "11A03", "Rolstoel, banden en rem", Wijziging.ONGEWIJZIGD, date(2026, 11, 20),
                    date(2026, 11, 27), BIANCA, "De banden zijn glad en de rem pakt niet.", aanpassing=True,
                    betreft="DeviceUseStatement/rolstoel", fase=Fase.DOORGEZET, uitkomst=Uitkomst.DOORGEZET,
                    opdracht="Task/opdracht-rolstoel", klaar_op=date(2026, 11, 20),
                ),
            ),
        ),
        Deel(NIENKE, (_diagnose("dwarslaesie", "Dwarslaesie", date(2014, 3, 10)),)),
        Deel(
            GEMEENTE,
            (
                _beschikking("rolstoel", "11A03", "Rolstoel", date(2021, 1, 18)),
                *in_gebruik(
                    "rolstoel", "Rolstoel", "12 22", date(2021, 3, 1), verstrekker=GEMEENTE, stelsel=Stelsel.WMO,
                    leverancier=RIJDT, categorie="11A03", toekenning=_open(date(2021, 1, 18)),
                ),
                opdracht(
                    "rolstoel", RIJDT, GEMEENTE, Opdrachtsoort.AANPASSING, "11A03", date(2026, 11, 20),
                    Fase.ONTVANGEN, date(2026, 11, 20), bij="rolstoel",
                ),
            ),
        ),
    ),
)  # fmt: skip

WERKVOORRAAD: Final[tuple[Dossier, ...]] = (FATMA, KEES, MIRA, AB, SANNE)
