"""Vervolgadviezen naar de Wegwijzer: SMA met beademing en omgevingsbesturing, en een kind dat groeit, ook verkort."""

from __future__ import annotations

from typing import Final

from server.demo.personen.anna import ANNA
from server.demo.personen.yvonne import YVONNE
from tests.verhaal.advies_geval import Eis, Geval, bij_nienke

YVONNE_RIJDT: Final = Geval(
    "Yvonne",
    "SMA met beademing en omgevingsbesturing; vervolg",
    bij_nienke(YVONNE),
    "yvonne",
    "Het klopt. Het alarm is voor mij het belangrijkste: ik moet alleen thuis kunnen zijn.",
    (
        Eis(
            "Het alarm van de beademing op 10 meter horen, en doorgeven aan de telefoon van de hulp.",
            "noodzakelijk",
            "communicatie",
            "Zij kan niet roepen als een slang losschiet. Peter of de thuiszorg moet het binnen een minuut weten.",
            "Overdag alleen thuis kunnen zijn.",
            "Thuis, in een andere kamer, ook met de deur dicht.",
            "Er moet dan dag en nacht iemand naast haar zitten.",
            "14A00",
        ),
        Eis(
            "Rijden, kantelen, deur, lamp en telefoon met dezelfde kinbediening, zonder dat iemand iets omzet.",
            "noodzakelijk",
            "zelfzorg",
            "De kin is het enige punt dat altijd werkt. Twee bedieningen naast elkaar gingen in de proef steeds mis.",
            "Overdag alleen thuis kunnen zijn.",
            "In de rolstoel, vijf uur per dag zonder hulp.",
            "Zij kan dan rijden of bellen, maar niet allebei.",
            "11A02",
        ),
        Eis(
            "In de bus vervoerd worden in de rolstoel, met het hoofd gesteund bij remmen.",
            "noodzakelijk",
            "vervoer",
            "De nek houdt het hoofd bij remmen niet. In oktober klapte het hoofd voorover in een bocht.",
            "Veilig van huis kunnen.",
            "In de eigen bus, drie dagen per week, 40 minuten per rit.",
            "Zij kan niet meer mee naar haar werk.",
            "11A04",
        ),
    ),
    invullen={"behandelaar": "nee"},
    anders={
        "urgentie": "spoed",
        "urgentie-reden": "Zij is alleen thuis en het alarm is niet te horen; bij een losse slang is er levensgevaar.",
        "verwachte-behoefte": "Binnen twee jaar meer steun voor het hoofd, en bediening met de ogen naast de kin.",
        "verwacht-wanneer": "twee-jaar",
        "hulpvraag": "Yvonne wil blijven rijden en werken, en vijf uur per dag alleen thuis zijn. De rolstoel hapert "
        "en het alarm van de beademing is in de keuken niet te horen.",
    },
    erbij={
        "stoornissen": "Sinds september is de nek zwakker: het hoofd valt voorover bij remmen.",
        "omgeving-hulp": "Tussen 11 en 16 uur is zij alleen.",
        "eerder-geprobeerd": "Een losse knop voor de telefoon naast de kinbediening: ging steeds mis.",
    },
    eisen_anders={
        2: {"eis-tekst": "De beademing en het reserveapparaat meenemen en samen minstens 12 uur stroom geven."},
    },
)  # fmt: skip

ANNA_GROEIT: Final = Geval(
    "Anna",
    "kind dat groeit, progressieve ziekte; vervolg",
    bij_nienke(ANNA),
    "mirjam",
    "Zo klopt het. Anna wil vooral met haar klas mee op kamp.",
    (
        Eis(
            "Zelf 300 meter rijden en een helling van 6 procent op, met minder dan 20 newton per hand.",
            "noodzakelijk",
            "werk-school",
            "Zij rijdt nu 150 meter en is dan op. In twee jaar namen de benen af; de armen bleven gelijk.",
            "Met de klas mee naar buiten en op kamp",
            "Op het schoolplein en de stoep, twee keer per dag; op kamp ook op een zandpad.",
            "Zij zit in de pauze stil langs de kant.",
            "11A04",
        ),
        Eis(
            "Gewassen en aangekleed worden op een hoogte tussen 50 en 95 cm, tot 30 graden achterover.",
            "noodzakelijk",
            "zelfzorg",
            "Zij kan zich niet zelf wassen. Haar ouders bukken en tillen nu twee keer per dag, bij 31,5 kg.",
            "Gewassen worden zonder dat iemand tilt",
            "Elke ochtend en avond, in een badkamer van 2 bij 2,2 meter.",
            "De ouders kunnen haar binnen een jaar niet meer wassen.",
            "13A03",
        ),
        Eis(
            "In de rolstoel mee in de schooltaxi, vastgezet op vier punten.",
            "noodzakelijk",
            "vervoer",
            "Overstappen naar de taxistoel lukt niet meer: daar heeft zij te weinig steun voor de romp.",
            "Met de klas mee.",
            "Twee keer per dag, 25 minuten, met een chauffeur die haar vastzet.",
            "Zij kan niet naar haar eigen school.",
            "11A03",
        ),
    ),
    invullen={"urgentie": "gewoon", "behandelaar": "ja", "onderbeenlengte": "36"},
    anders={
        "hulpvraag": "Anna wil zelf over het schoolplein en mee op kamp. Haar rolstoel is te smal en te kort, en haar "
        "ouders kunnen haar niet meer tillen bij het wassen.",
        "omgeving-vervoer": "Naar school met de taxi, in de rolstoel. Met haar ouders in de eigen bus.",
    },
    erbij={
        "stoornissen": "De rug staat sinds de zomer 20 graden scheef.",
        "wil": "Gewassen worden zonder dat iemand tilt",
    },
    eisen_anders={
        0: {
            "eis-tekst": "Meegroeien in breedte van 33 tot 39 cm en diepte van 36 tot 42 cm, en de rug opzij steunen.",
            "eis-onderbouwing": "Zij groeide 14 cm in twee jaar en de rug staat scheef; elk half jaar meten.",
        },
        1: {
            "eis-omstandigheden": "Op school en op straat, de hele dag.",
            "eis-gevolg": "Zij blijft dan achter of wordt overal geduwd.",
        },
    },
)  # fmt: skip

ANNA_KORT: Final = Geval(
    "Anna (kort)",
    "kind dat groeit, alleen de maten; verkort advies",
    bij_nienke(ANNA),
    "mirjam",
    "Dit klopt. Alleen de maten zijn anders.",
    (),
    invullen={
        "wat-veranderd": ("maat",),
        "wat-veranderd-uitleg": "Zij groeide 14 cm in twee jaar. De zitting is 5 cm te smal en 6 cm te kort.",
        "urgentie": "gewoon",
        "behandelaar": "ja",
        "onderbeenlengte": "36",
    },
    anders={"hulpvraag": "De rolstoel van Anna is te smal en te kort. Zij wil op school de hele dag rechtop zitten."},
    eisen_anders=ANNA_GROEIT.eisen_anders,
    begin="Begin het verkort advies",
)
