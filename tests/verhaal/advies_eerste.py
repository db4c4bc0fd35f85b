"""Twee eerste adviezen: dwarslaesie, naar huis (Wegwijzer), en ALS, thuis blijven (ALS-protocol bijlage 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from server.demo.personen.henk import HENK
from server.demo.personen.rene import RENE
from tests.klok import vandaag
from tests.verhaal.advies_geval import Eis, Geval, bij_nienke

NAAR_HUIS: Final = vandaag() + timedelta(days=23)

RENE_NAAR_HUIS: Final = Geval(
    "René",
    "dwarslaesie, gaat naar huis; eerste advies",
    bij_nienke(RENE, eerste=True),
    "rene",
    "Dit is wat ik nodig heb. Het moet er zijn als ik thuiskom.",
    (
        Eis(
            "Zelf binnen en buiten rijden en op de plaats draaien, acht uur per dag, met de armen.",
            "noodzakelijk",
            "vervoer",
            "Hij kan niet staan of lopen. Vier weken oefenen liet zien dat hij zelf rijdt, ook over 3 cm drempel.",
            "Na de zomer weer voor de klas staan",
            "Binnen op gladde vloer; buiten op stoep en klinkers, 800 meter achter elkaar.",
            "Hij komt zonder hulp niet van zijn bed naar de voordeur.",
            "11A03",
        ),
        Eis(
            "De rolstoel zelf in een gewone auto tillen: het zwaarste deel weegt hoogstens 8 kg.",
            "noodzakelijk",
            "vervoer",
            "Hij tilt zittend met één arm. In de proef lukte 8 kg wel en 11 kg niet.",
            "Zelf met de auto op weg",
            "Drie keer per dag, op een parkeerplaats zonder hulp.",
            "Hij kan dan alleen op pad als er iemand mee is.",
            "11A03",
        ),
        Eis(
            "De druk op zitvlak en stuit verdelen tijdens acht uur zitten per dag.",
            "noodzakelijk",
            "zelfzorg",
            "Hij voelt zijn zitvlak niet en had in september een wond. Elk half uur tilt hij zich even op.",
            "Na de zomer weer voor de klas staan",
            "De hele dag, ook in de auto en op het werk.",
            "Een wond betekent weken op bed en niet werken.",
            "11A03",
        ),
        Eis(
            "Zittend douchen en naar het toilet gaan, en zelf overstappen bij 5 cm hoogteverschil.",
            "noodzakelijk",
            "zelfzorg",
            "Nu helpt één persoon bij de overstap naar de douche. Met armsteunen op gelijke hoogte lukt het hem zelf.",
            "Zelf douchen zonder hulp",
            "Elke dag, in een douche van 90 bij 90 cm met een drempel van 4 cm.",
            "Dan moet twee keer per dag iemand hem wassen en tillen.",
            "13A03",
        ),
    ),
    invullen={
        "mag": "Niet langer dan een half uur stil zitten; bij een rode plek een dag op bed.",
        "omgeving-vervoer": "Rijdt nu mee met vrienden. Zijn eigen auto krijgt in het voorjaar handbediening.",
        "omgeving-werk-school": "School met lift en een brede ingang; lokaal op de eerste verdieping.",
        "verwachte-behoefte": "Over een half jaar de zit opnieuw meten; daarna een handbike.",
        "urgentie": "spoed",
        "ontslagdatum": f"{NAAR_HUIS:%d-%m-%Y}",
        "urgentie-reden": "Bij ontslag gaat de leenrolstoel terug. Dan komt hij niet van bed.",
        "auteur-rol": "ergotherapeut",
        "registratienummer": "19000000101",
        "behandelaar": "ja",
    },
    anders={
        "hulpvraag": "René gaat over drie weken naar huis. Hij wil zelf door het huis en naar zijn werk, zelf douchen, "
        "en met vrienden op pad.",
    },
)  # fmt: skip

HENK_THUIS: Final = Geval(
    "Henk",
    "ALS, thuis blijven; eerste advies",
    bij_nienke(HENK, eerste=True),
    "henk",
    "Ik wil thuis blijven en niemand mag zich vertillen. Dit moet snel.",
    (
        Eis(
            "Van bed naar toilet, douche en rolstoel komen met één helper, zonder zelf te staan.",
            "noodzakelijk",
            "zelfzorg",
            "Hij kan niet meer staan en viel dinsdag bij het opstaan. Els heeft een zere rug en mag niet tillen.",
            "Veilig in en uit bed zonder dat iemand tilt",
            "Acht keer per dag, ook 's nachts, op de bovenverdieping.",
            "Hij valt weer, of hij moet het huis uit.",
            "13A04",
        ),
        Eis(
            "Boven getild worden van slaapkamer naar badkamer, met 70 cm ruimte naast het bed.",
            "noodzakelijk",
            "wonen",
            "De tillift op wielen draait boven niet. Een overstap duurt nu 12 minuten en moet soms opnieuw.",
            "Boven in het eigen bed slapen",
            "In een slaapkamer van 3 bij 3,4 meter en de badkamer ernaast, drempel van 4 cm.",
            "Slapen en wassen moet dan in de woonkamer.",
            "13A04",
        ),
        Eis(
            "Hoofd en romp gesteund houden, half zittend, zolang het tillen duurt.",
            "noodzakelijk",
            "zelfzorg",
            "Na tien minuten zonder steun is hij te moe. Plat hangen maakt hem benauwd.",
            "Veilig in en uit bed zonder dat iemand tilt",
            "Bij elke keer tillen, hoogstens vijf minuten.",
            "Het hoofd valt voorover en hij krijgt geen lucht.",
            "13A04",
        ),
        Eis(
            "Licht, voordeur en een oproep naar Els bedienen zonder de armen te gebruiken.",
            "noodzakelijk",
            "communicatie",
            "De rechterhand is het laatste wat werkt en wordt elke maand zwakker. Els is soms een uur weg.",
            "Zelf naar buiten en naar de schaakclub",
            "In bed en in de rolstoel, ook in het donker.",
            "Hij kan dan niemand roepen en niet zelf naar buiten.",
            "13A02",
        ),
    ),
    invullen={
        "mag": "Niet meer staan zonder lift, en niet plat liggen door de ademhaling.",
        "omgeving-vervoer": "Aangepaste auto, Els rijdt. Vrienden halen hem met de rolstoel op voor de schaakclub.",
        "verwachte-behoefte": "Binnen een half jaar bediening met de ogen en beademing.",
        "verwacht-wanneer": "half-jaar",
        "urgentie": "spoed",
        "urgentie-reden": "Hij is dinsdag gevallen. Els kan hem niet opvangen en de thuiszorg tilt niet meer.",
        "auteur-rol": "ergotherapeut",
        "registratienummer": "19000000101",
        "behandelaar": "ja",
    },
    anders={
        "hulpvraag": "Henk wil thuis blijven en boven slapen. Uit bed komen en naar het toilet gaan moet weer veilig, "
        "zonder dat Els tilt.",
    },
    erbij={"eerder-geprobeerd": "Tillift op wielen: past beneden, draait boven niet."},
)  # fmt: skip
