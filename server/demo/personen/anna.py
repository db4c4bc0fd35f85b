"""Anna Kuipers, tien jaar: zij groeide uit haar rolstoel, verder is alles hetzelfde. Haar moeder regelt het. Verzonnen.

Alleen de maten zijn anders en de rolstoel is gekocht: route D, een kort onderzoek.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from paspoort.aanvraag import Verandering, Wijziging
from paspoort.advies import Eis, Eissoort
from paspoort.beschikking import Besluit, Besluitsoort
from paspoort.gegeven import Code, Periode
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Doel, Prognose
from paspoort.houder import Contactpunt, Mandaatsoort, Naam, Vertegenwoordiger
from paspoort.hulpmiddel import Contractvorm, Stelsel, Toekenning, Toekenningsoort, Verstrekkingsvorm, Voorzieningsoort
from server.demo.bouwen import ROLCODE, advies, functioneren, in_gebruik, maten, melding, mens, toestemming
from server.demo.dossier import IK, Deel, Dossier
from server.demo.register import ADELIEN, BIANCA, HUISWIJS, LINDEWAARD, NIENKE, NOORDERWIEL

GEMEENTE, GEBRUIK = f"Organization/{LINDEWAARD}", "DeviceUseStatement/rolstoel"

ADVIES: Final = advies(
    "advies",
    (NIENKE, "Nienke Postma", "ergotherapeut"),
    date(2024, 3, 12),
    "Anna wil met haar klas mee en zelf door het huis rijden.",
    Prognose.PROGRESSIEF,
    {
        "stoornissen": "Spieren in benen en romp worden zwakker; de rug heeft steun nodig.",
        "activiteiten": "Rijdt korte stukken zelf. Kan niet meer staan.",
        "participatie": "Gaat naar de gewone basisschool en naar zwemles.",
        "persoonlijke-factoren": "Vrolijk, wil alles zelf proberen.",
        "kan": "Rijdt zelf op vlakke vloer, eet en tekent zelf aan een tafel op hoogte.",
        "mag": "Mag buiten alleen rijden als er een volwassene bij is.",
        "omgeving-woning": "Rijtjeshuis; slaapt en doucht beneden.",
        "omgeving-vervoer": "Ouders rijden, rolstoel gaat mee in de bus.",
        "omgeving-werk-school": "Basisschool, gelijkvloers, met een vaste begeleider.",
        "omgeving-hulp": "Ouders; thuiszorg in de ochtend.",
        "eerder-geprobeerd": "Een buggy, maar daarin kon zij niet zelf rijden.",
    },
    (
        Eis(
            "Meegroeien in breedte en diepte, en de rug steunen.",
            Eissoort.NOODZAKELIJK,
            "Zij groeit en haar rug wordt krom zonder steun.",
            "Rechtop zitten op school.",
            "werk-school",
            "11A03",
            "De hele schooldag.",
            "Zij krijgt pijn en moet liggen.",
        ),
        Eis(
            "Zelf te rijden met weinig kracht, en door een ander te duwen.",
            Eissoort.NOODZAKELIJK,
            "Zij rijdt zelf korte stukken; op lange stukken is zij moe.",
            "Met de klas mee.",
            "vervoer",
            "11A03",
        ),
    ),
    diagnose="Zeldzame spierziekte",
    reactie="Moeder: het klopt helemaal.",
    kenmerken=("kind", "progressief"),
    verwacht=(
        "Door de groei is er om de twee of drie jaar een andere maat nodig; later meer steun in de rug.",
        "twee-jaar",
    ),
)

# Wat er sinds het advies anders is.
GEZIEN: Final = functioneren(
    date(2026, 11, 10),
    {
        "b730": ("Spierkracht", "matig", "Benen minder kracht dan in 2024, armen gelijk gebleven."),
        "d415": ("Zitten", "ernstig", "Zit scheef na een half uur: de zitting is 5 cm te smal en 6 cm te kort."),
        "d465": ("Rijden", "matig", "Rijdt 150 meter zelf op vlakke vloer, daarna duwt iemand."),
        "d820": ("School", "licht", "Groep 7, gymt mee als scheidsrechter en wil met schoolkamp mee."),
    },
)

ANNA: Final = Dossier(
    "anna",
    (
        Deel(
            IK,
            (
                mens("Anna Kuipers", date(2016, 5, 19), "female", "999900031", "Lijsterstraat 3", "06 00 00 33 20"),
                Vertegenwoordiger(
                    id="mirjam",
                    namen=(Naam("Kuipers", ("Mirjam",), "Mirjam Kuipers"),),
                    relaties=(Code(ROLCODE, "MTH", "moeder"),),
                    contact=(Contactpunt("phone", "06 00 00 33 20", "mobile"),),
                    periode=Periode(date(2016, 5, 19)),
                    actief=True,
                    soort=Mandaatsoort.OUDER,
                ),
                Vertegenwoordiger(
                    id="bas",
                    namen=(Naam("Kuipers", ("Bas",), "Bas Kuipers"),),
                    relaties=(Code(ROLCODE, "FTH", "vader"),),
                    contact=(Contactpunt("phone", "06 00 00 33 21", "mobile"),),
                    periode=Periode(date(2016, 5, 19)),
                    actief=True,
                    soort=Mandaatsoort.OUDER,
                ),
                toestemming("toestemming-gemeente", GEMEENTE, "herhaalverzoek", "verstrekker", date(2026, 11, 12)),
                *melding(
                    "rolstoel", "11A03", "Kinderrolstoel te klein", Wijziging.VERANDERD, date(2026, 11, 12),
                    date(2026, 11, 25), BIANCA,
                    "Anna is gegroeid. De rolstoel is te smal en te kort. Verder is er niets anders.",
                    veranderingen=(Verandering.MAAT,), betreft=GEBRUIK, aanvrager="RelatedPerson/mirjam",
                ),
            ),
        ),
        Deel(
            ADELIEN,
            (
                Aandoening(
                    id="spierziekte",
                    omschrijving="Zeldzame spierziekte",
                    soort=Aandoeningsoort.DIAGNOSE,
                    klinische_status="active",
                    verificatie="confirmed",
                    begin=date(2019, 2, 1),
                    vastgelegd_op=date(2019, 4, 8),
                    prognose=Prognose.PROGRESSIEF,
                    levenslang=True,
                ),
            ),
        ),
        Deel(
            NIENKE,
            (
                *maten(
                    date(2024, 3, 5),
                    {"lichaamslengte": "124", "lichaamsgewicht": "24", "zitbreedte": "28", "zitdiepte": "30"},
                    GEBRUIK,
                    "-2024",
                ),
                *maten(
                    date(2026, 11, 10),
                    {"lichaamslengte": "138.5", "lichaamsgewicht": "31.5", "zitbreedte": "33", "zitdiepte": "36"},
                    GEBRUIK,
                ),
                *GEZIEN,
                Doel(id="klas", tekst="Met de klas mee naar buiten en op kamp", begin=date(2026, 11, 10)),
                ADVIES,
            ),
        ),
        Deel(
            GEMEENTE,
            (
                Besluit(
                    id="besluit-2024",
                    soort=Besluitsoort.BESCHIKKING,
                    genomen_op=date(2024, 4, 9),
                    door=GEMEENTE,
                    categorie="11A03",
                    omschrijving="Kinderrolstoel",
                    toekenning=Toekenning(
                        Toekenningsoort.OPEN, None, date(2024, 4, 9), reden="Anna groeit; de vraag blijft."
                    ),
                    verstrekkingsvorm=Verstrekkingsvorm.NATURA,
                    betreft=GEBRUIK,
                ),
                *in_gebruik(
                    "rolstoel", "Kinderrolstoel", "12 22", date(2024, 6, 17), verstrekker=GEMEENTE, stelsel=Stelsel.WMO,
                    leverancier=f"Organization/{NOORDERWIEL}", categorie="11A03", contractvorm=Contractvorm.KOOP,
                    maatwerk=True, levensduur_tot=date(2029, 6, 17), assetnummer="LW-2024-0108",
                    toekenning=Toekenning(Toekenningsoort.OPEN, "DeviceRequest/besluit-2024", date(2024, 4, 9)),
                    adviezen=("QuestionnaireResponse/advies",),
                ),
                *in_gebruik(
                    "douchestoel", "Elektrische douchestoel", "09 33", date(2023, 2, 6), verstrekker=GEMEENTE,
                    stelsel=Stelsel.WMO, leverancier=f"Organization/{HUISWIJS}", categorie="13A03",
                    voorzieningsoort=Voorzieningsoort.ROERENDE_WOONVOORZIENING,
                ),
            ),
        ),
    ),
)  # fmt: skip
