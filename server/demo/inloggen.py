"""Wie er in de demo kan inloggen, en in welke rol: de houders, wie hen vertegenwoordigt, en de mensen van het register.

`als_json` is de vorm van `personen` in DATA/demo.json (ontwerp.md deel 3, *Demo*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.demo.dossier import id_van
from server.demo.register import MEDEWERKERS
from server.store.session import Lidmaatschap

# Op de bladzijde heet wie voor een verstrekker werkt consulent (ontwerp.md deel 3, *Roles*).
ROLNAAM: Final = {"verstrekker": "consulent"}


@dataclass(frozen=True, slots=True)
class Demopersoon:
    """Eén account. `patient` is het paspoort waarin het werkt; `namens` de naam van wie vertegenwoordigd wordt, en
    `mandaat` de RelatedPerson waarop dat rust."""

    code: str
    naam: str
    rol: str
    organisatie: str | None = None
    functie: str | None = None
    patient: str | None = None
    namens: str | None = None
    mandaat: str | None = None

    def lidmaatschappen(self, account: str) -> tuple[Lidmaatschap, ...]:
        """De rollen van dit account."""
        functie = self.functie.partition("/")[2] if self.functie else None
        return (
            Lidmaatschap(account, self.rol, self.organisatie, functie, self.patient, self.namens, mandaat=self.mandaat),
        )

    def als_json(self) -> dict[str, str]:
        """Eén regel van `personen`."""
        rij = {
            "code": self.code,
            "naam": self.naam,
            "rol": ROLNAAM.get(self.rol, self.rol),
            "organisatie": self.organisatie,
            "patient": self.patient,
        }
        return {naam: waarde for naam, waarde in rij.items() if waarde is not None}


HOUDERS: Final = (
    ("yvonne", "Yvonne Verbeek"),
    ("rene", "René Hofman"),
    ("henk", "Henk Oosterling"),
    ("gerda", "Gerda Blom"),
    ("fatma", "Fatma Yildiz"),
    ("kees", "Kees van Dam"),
    ("mira", "Mira Jansen"),
    ("ab", "Ab Terpstra"),
    ("sanne", "Sanne de Groot"),
)
# code (ook van het mandaat in dat paspoort), naam, en wie zij vertegenwoordigen; Anna is tien en logt zelf niet in
VERTEGENWOORDIGERS: Final = (
    ("peter", "Peter Verbeek", "yvonne", "Yvonne Verbeek"),
    ("mirjam", "Mirjam Kuipers", "anna", "Anna Kuipers"),
    ("els", "Els Oosterling", "henk", "Henk Oosterling"),
    ("lisa", "Lisa de Boer", "rene", "René Hofman"),
)

LEDEN: Final[tuple[Demopersoon, ...]] = (
    *(Demopersoon(code, naam, "houder", patient=id_van(code, "ik")) for code, naam in HOUDERS),
    *(
        Demopersoon(
            code, naam, "vertegenwoordiger", patient=id_van(wie, "ik"), namens=namens, mandaat=id_van(wie, code)
        )
        for code, naam, wie, namens in VERTEGENWOORDIGERS
    ),
    *(Demopersoon(m.code, m.naam, m.rol, m.organisatie, m.functie) for m in MEDEWERKERS),
    Demopersoon("beheer", "Robin Beheer", "beheerder"),
)
