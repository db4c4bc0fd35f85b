"""De feiten van de herhaaltoets: welke er zijn, welke waarden zij kunnen hebben en welke waarde gunstiger is.

herhaaltoets.md, tabel *Facts*. Hoe een feit uit een paspoort volgt, staat in `vaststellen.py`; wat eruit volgt, in
`gronden.py` en `routes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from paspoort.gegeven import Herkomst

ONBEKEND = "onbekend"

# Per feit de waarden, gunstigste eerst. `onbekend` is altijd de laatste: het telt als de ongunstigste.
WAARDEN: dict[str, tuple[str, ...]] = {
    "soort": ("ongewijzigd", "veranderd", "nieuw", ONBEKEND),
    "bekend": ("ja", "nee", ONBEKEND),
    "toekenning": ("open", "evaluatiemoment", "evaluatiemoment-voorbij", "einddatum", "verlopen", "geen", ONBEKEND),
    "categorie": ("zelfde", "andere", ONBEKEND),
    "onderbouwing": ("ja", "nee", ONBEKEND),
    "blijvend": ("ja", "nee", ONBEKEND),
    "tegenspraak": ("nee", "ja", ONBEKEND),
    "advies": ("definitief", "geen", "achterhaald", ONBEKEND),
    "advies_nodig": ("nee", "ja", ONBEKEND),
    "vorm": ("natura", "pgb", "tegemoetkoming", ONBEKEND),
    "contract": ("huur", "nvt", "koop", ONBEKEND),  # nvt: geen natura, dus geen contract met een leverancier
    "levensduur": ("voorbij", "niet-voorbij", ONBEKEND),
    "afkeur": ("ja", "nee", ONBEKEND),
    "afroep": ("ja", "nee", ONBEKEND),
    "aanpassing": ("ja", "nee", ONBEKEND),  # een aanpassing binnen de prijsafspraak, geen vervanging
}

# Feiten zonder welke het verzoek gewoon doorgaat: hun onbekend-zijn hoeft niemand te herstellen.
ZONDER_BELANG_ALS_ONBEKEND = frozenset({"onderbouwing", "afroep", "aanpassing", "advies_nodig"})


@dataclass(frozen=True, slots=True)
class Waarden:
    """De kale waarden van alle feiten; genoeg om een route te kiezen."""

    soort: str = ONBEKEND
    bekend: str = ONBEKEND
    toekenning: str = ONBEKEND
    categorie: str = ONBEKEND
    onderbouwing: str = "nee"
    blijvend: str = ONBEKEND
    tegenspraak: str = ONBEKEND
    advies: str = ONBEKEND
    advies_nodig: str = ONBEKEND
    vorm: str = ONBEKEND
    contract: str = ONBEKEND
    levensduur: str = ONBEKEND
    afkeur: str = "nee"
    afroep: str = "nee"
    aanpassing: str = "nee"


NAMEN: tuple[str, ...] = tuple(f.name for f in fields(Waarden))


@dataclass(frozen=True, slots=True)
class Feit:
    """Eén feit: de waarde, de versies waar het op rust, en wie het kan aanvullen als het onbekend is.

    `toelichting` is een halve zin in gewone taal zonder gezondheidsgegevens (“open einde, sinds 2 april 2019”);
    `ontbreekt` zegt in één zin wat er nodig is. `vraaggroepen` zijn de gegevensgroepen waar dit feit naar vraagt.
    """

    naam: str
    waarde: str
    toelichting: str = ""
    bewijs: tuple[str, ...] = ()
    herkomst: Herkomst | None = None
    wie: str | None = None
    ontbreekt: str | None = None
    vraaggroepen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Feiten:
    """Alle feiten samen, elk precies één keer. Werpt `ValueError` bij een onbekend, dubbel of ontbrekend feit."""

    alle: tuple[Feit, ...]

    def __post_init__(self) -> None:
        if sorted(f.naam for f in self.alle) != sorted(NAMEN):
            raise ValueError("elk feit hoort er precies één keer te zijn")
        for feit in self.alle:
            if feit.waarde not in WAARDEN[feit.naam]:
                raise ValueError(f"{feit.naam} kan geen {feit.waarde} zijn")

    def __getitem__(self, naam: str) -> Feit:
        return next(f for f in self.alle if f.naam == naam)

    @property
    def waarden(self) -> Waarden:
        """De kale waarden."""
        return Waarden(**{f.naam: f.waarde for f in self.alle})

    @classmethod
    def uit_waarden(cls, waarden: Waarden) -> Feiten:
        """Feiten zonder bewijs, om een geval mee uit te werken."""
        return cls(tuple(Feit(naam, getattr(waarden, naam)) for naam in NAMEN))
