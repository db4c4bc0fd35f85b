"""René Hofman, dwarslaesie: gaat over drie weken naar huis uit revalidatie en heeft nog niets. Verzonnen.

Een nieuwe cliënt zonder toekenning: route E, met de ontslagdatum erbij en een advies dat al klaar is.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from paspoort.aanvraag import Fase, Wijziging
from paspoort.advies import Eis, Eissoort, Urgentie
from paspoort.fhir.stelsels import ISO9999, SNOMED
from paspoort.gegeven import Code, Periode
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Doel, Prognose
from paspoort.houder import Contactpunt, Mandaatsoort, Naam, Vertegenwoordiger
from paspoort.hulpmiddel import Gebruik, Hulpmiddel, Proef, Stelsel
from paspoort.plan import PersoonlijkPlan
from server.demo.bouwen import ROLCODE, advies, functioneren, in_gebruik, maten, melding, mens, toestemming
from server.demo.dossier import IK, Deel, Dossier
from server.demo.register import ADELIEN, BIANCA, LINDEWAARD, VLIERHOF

NAAR_HUIS: Final = date(2026, 12, 15)

ADVIES: Final = advies(
    "advies",
    (ADELIEN, "Adelien Dekker", "revalidatiearts"),
    date(2026, 11, 16),
    "René gaat naar huis en wil zich zelf verplaatsen, zelf douchen en weer aan het werk.",
    Prognose.STABIEL,
    {
        "stoornissen": "Geen kracht en gevoel onder de navel. Armen en handen zijn sterk.",
        "activiteiten": "Rijdt zelf, maakt zelf de overstap naar bed en auto. Kan niet staan of lopen.",
        "participatie": "Wil terug naar zijn werk als leraar en naar de handbike.",
        "persoonlijke-factoren": "Oefent hard en wil zo min mogelijk hulp.",
        "kan": "Rijdt zelf binnen en buiten, en maakt zelf de overstap naar bed en auto.",
        "mag": "Mag niet langer dan een half uur zitten zonder van druk te wisselen.",
        "omgeving-woning": "Bovenwoning met lift; douche met een lage drempel.",
        "omgeving-vervoer": "Auto wordt later aangepast; nu reist hij met vrienden mee.",
        "omgeving-werk-school": "School met lift en een brede ingang.",
        "omgeving-hulp": "Vriendin helpt bij zware dingen; wijkverpleging één keer per dag.",
        "eerder-geprobeerd": "Vier weken met een vaste rolstoel geoefend, dat ging goed.",
    },
    (
        Eis(
            "Zelf rijden en draaien, en de rolstoel zelf in een auto tillen.",
            Eissoort.NOODZAKELIJK,
            "Hij rijdt elke dag zelf; een zware rolstoel krijgt hij niet in de auto.",
            "Zelf met de auto op weg",
            "vervoer",
            "11A03",
            "Binnen, buiten en bij de auto.",
            "Hij komt dan niet zelf van huis.",
        ),
        Eis(
            "De huid van zitvlak en stuit beschermen, ook na acht uur zitten.",
            Eissoort.NOODZAKELIJK,
            "Hij voelt zijn zitvlak niet en heeft al eens een drukplek gehad.",
            "Na de zomer weer voor de klas staan",
            "zelfzorg",
            "11A03",
            "De hele dag.",
            "Wekenlang in bed met een wond.",
        ),
        Eis(
            "Zittend douchen en zelf de overstap maken.",
            Eissoort.NOODZAKELIJK,
            "Hij kan niet staan.",
            "Zelf douchen zonder hulp",
            "wonen",
            "13A03",
        ),
    ),
    diagnose="Dwarslaesie",
    reactie="Dit is wat ik nodig heb. Het moet er zijn als ik thuiskom.",
    ontslag=NAAR_HUIS,
    kenmerken=("revalidatiecentrum",),
    urgentie=Urgentie.SPOED,
    urgentie_reden="Zonder eigen rolstoel en douchestoel kan hij op 15 december niet veilig naar huis.",
    verwacht=("Een aangepaste auto en een handbike, als hij weer werkt.", "twee-jaar"),
)

# Wat het team in de revalidatie vaststelde; een nieuw advies begint hiermee.
GEZIEN: Final = functioneren(
    date(2026, 11, 9),
    {
        "b730": ("Spierkracht", "ernstig", "Armen en handen normaal, buik en benen geen kracht."),
        "b265": ("Voelen", "volledig", "Geen gevoel onder de navel."),
        "b810": ("Huid", "licht", "Eén drukplek op het zitvlak in september, nu dicht."),
        "d415": ("Zitten", "licht", "Zit acht uur per dag en wisselt elk half uur van druk."),
        "d420": ("Overstap", "matig", "Zelf naar bed en auto met een plank, naar de douche met hulp van één persoon."),
        "d465": (
            "Rijden",
            "licht",
            "Rijdt zelf, binnen en buiten, 800 meter zonder rust, op een helling tot 4 graden.",
        ),
        "d510": ("Wassen", "licht", "Wast zich zelf, zittend."),
        "d540": ("Aankleden", "licht", "Zelf, zittend op bed, in 25 minuten."),
        "d850": ("Werk", "volledig", "Leraar op een middelbare school, wil na de zomer weer voor de klas staan."),
        "d920": ("Sport", "ernstig", "Speelde basketbal, wil gaan handbiken met vrienden."),
    },
)

PLAN: Final = PersoonlijkPlan(
    id="plan",
    geschreven_op=date(2026, 11, 10),
    antwoorden=(
        ("wie-bent-u", "Ik ben René, 32 jaar, leraar. Ik wil zo veel mogelijk zelf doen en heb geduld om te oefenen."),
        ("situatie", "Bovenwoning met lift, met mijn vriendin Lisa. De douche heeft een drempel van 4 cm."),
        ("waarom-ondersteuning", "Ik ga 15 december naar huis en wil mij zelf verplaatsen en zelf douchen."),
        ("wat-is-belangrijk", "Weer werken, en zelf de deur uit kunnen."),
        ("waarbij-en-wat-zelf", "Ik rijd zelf en stap zelf over naar bed. In de douche heb ik nog hulp nodig."),
        ("welke-zorgverleners", "Wijkverpleging één keer per dag. Lisa helpt bij zware dingen en mag niet tillen."),
        ("hoe-lang", "Altijd."),
    ),
)

RENE: Final = Dossier(
    "rene",
    (
        Deel(
            IK,
            (
                mens(
                    "René Hofman", date(1994, 7, 2), "male", "999900018", "Veerkade 8-2", "06 00 00 22 10",
                    "rene.hofman@post.example",
                ),
                Vertegenwoordiger(
                    id="lisa",
                    namen=(Naam("de Boer", ("Lisa",), "Lisa de Boer"),),
                    relaties=(Code(ROLCODE, "DOMPART", "vriendin"),),
                    contact=(Contactpunt("phone", "06 00 00 22 11", "mobile"),),
                    periode=Periode(date(2026, 10, 1)),
                    actief=True,
                    soort=Mandaatsoort.HELPER_LEZEN,
                    groepen=frozenset({"hulpmiddelen", "voortgang"}),
                ),
                PLAN,
                toestemming("toestemming-vlierhof", ADELIEN, "advies", "therapeut", date(2026, 9, 21), via="qr"),
                toestemming(
                    "toestemming-gemeente", f"Organization/{LINDEWAARD}", "onderzoek", "verstrekker", date(2026, 11, 17)
                ),
                *melding(
                    "rolstoel", "11A03", "Rolstoel en douchestoel", Wijziging.NIEUW, date(2026, 11, 17),
                    date(2026, 11, 24), BIANCA,
                    "Ik ga 15 december naar huis. Dan heb ik een rolstoel en een douchestoel nodig.",
                    fase=Fase.IN_ONDERZOEK, doel="onderzoek", opname=date(2026, 8, 30), ontslag=NAAR_HUIS, spoed=True,
                ),
            ),
        ),
        Deel(
            ADELIEN,
            (
                Aandoening(
                    id="dwarslaesie",
                    code=Code(SNOMED, "60389000"),
                    omschrijving="Dwarslaesie",
                    soort=Aandoeningsoort.DIAGNOSE,
                    klinische_status="active",
                    verificatie="confirmed",
                    begin=date(2026, 8, 16),
                    vastgelegd_op=date(2026, 8, 30),
                    prognose=Prognose.STABIEL,
                    levenslang=True,
                ),
                *maten(
                    date(2026, 11, 9),
                    {"lichaamslengte": "184", "lichaamsgewicht": "76.5", "zitbreedte": "38", "zitdiepte": "46"},
                ),
                *GEZIEN,
                Doel(id="werk", tekst="Na de zomer weer voor de klas staan", begin=date(2026, 10, 5)),
                Doel(id="douchen", tekst="Zelf douchen zonder hulp", begin=date(2026, 10, 5)),
                Doel(id="reizen", tekst="Zelf met de auto op weg", begin=date(2026, 10, 5)),
                *in_gebruik(
                    "leenrolstoel", "Leenrolstoel van De Vlierhof", "12 22", date(2026, 9, 21),
                    verstrekker=f"Organization/{VLIERHOF}", stelsel=Stelsel.ZVW, categorie="11A03", tijdelijk=True,
                ),
                Hulpmiddel(
                    id="proefrolstoel",
                    naam="Vaste rolstoel om te proberen",
                    soorten=(Code(ISO9999, "12 22"),),
                    categorie="11A03",
                    status="inactive",
                ),
                Gebruik(
                    id="proefrolstoel",
                    status="completed",
                    hulpmiddel="Device/proefrolstoel",
                    periode=Periode(date(2026, 10, 12), date(2026, 11, 9)),
                    proef=Proef("Rijdt licht, tilt hem zelf in de auto.", True),
                    tijdelijk=True,
                ),
                ADVIES,
            ),
        ),
    ),
)  # fmt: skip
