"""Het functioneel advies dat de ergotherapeut in het verhaal schrijft, per item.code van de vragenlijst. Verzonnen."""

from __future__ import annotations

from typing import Final

from tests.verhaal.product import Json

MERK: Final = "Permobil"
EIS_MET_MERK: Final = f"Zelf kantelen zoals op de {MERK}."
EIS: Final = "Zelf van rechtop naar achterover kantelen, zonder hulp."
ONDERBOUWING: Final = "Zonder van houding te wisselen ontstaan pijn en drukplekken; overdag is er niemand bij."
TWEEDE_EIS: Final = "Rijden en remmen met de kin."
REACTIE: Final = "Dit klopt. Ik wil vooral zelf blijven rijden."

ADVIES: Final[Json] = {
    "hulpvraag": "Zelf blijven rijden en werken. De rolstoel is op.",
    "wil": ["De hele dag op zijn.", "Zelf naar het werk."],
    "prognose": "progressief",
    "levenslang": True,
    "stoornissen": "Heel weinig kracht in armen, benen en romp.",
    "activiteiten": "Zit de hele dag in de rolstoel en rijdt met de kin.",
    "participatie": "Werkt drie dagen per week.",
    "persoonlijke-factoren": "Regelt haar dag zelf.",
    "omgeving-woning": "Gelijkvloers, brede deuren.",
    "omgeving-vervoer": "Eigen rolstoelbus.",
    "omgeving-hulp": "Thuiszorg en partner.",
    "zitbreedte": 40,
    "eerder-geprobeerd": "Sturen met de hand; de kracht was te klein.",
    "auteur-naam": "Nienke Postma",
    "auteur-rol": "ergotherapeut",
    "registratienummer": "19000000101",
    "behandelaar": False,
    "eis": [
        {
            "eis-tekst": EIS_MET_MERK,
            "eis-soort": "noodzakelijk",
            "eis-onderbouwing": ONDERBOUWING,
            "eis-doel": "De hele dag op zijn.",
            "eis-categorie": "11A02",
        },
        {
            "eis-tekst": TWEEDE_EIS,
            "eis-soort": "noodzakelijk",
            "eis-doel": "Zelf naar het werk.",
            "eis-categorie": "11A02",
        },
    ],
}


def verbeterd() -> Json:
    """Hetzelfde advies nadat de check is opgevolgd: geen merk, en elke eis onderbouwd."""
    een, twee = ADVIES["eis"]
    return ADVIES | {
        "eis": [
            een | {"eis-tekst": EIS},
            twee | {"eis-onderbouwing": "De kin is het enige punt met genoeg kracht; met de hand lukt het niet."},
        ]
    }
