"""Wat er in een uitnodiging om te helpen staat: het aanbod van de houder, en wie haar aannam.

De afspraak tussen *Wie helpt mij* en *Helpen*. Het mandaat zelf is een RelatedPerson; die ontstaat pas na het ja van de
houder. Bron: toegang.md §7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from paspoort.gegeven import Periode
from paspoort.houder import Mandaatsoort, Naam, Vertegenwoordiger
from paspoort.toestemming import leest
from paspoort.vertegenwoordiging import HELPERS, groepen_van
from server.store.invitations import Uitnodiging

SOORT: Final = "mandaat"
GELDIG_SECONDEN: Final = 10 * 60

# Wat iemand met dit mandaat mag, in een paar woorden.
WOORDEN: Final = {
    Mandaatsoort.OUDER: "Ouder met gezag",
    Mandaatsoort.MENTOR: "Mentor, door de rechter aangewezen",
    Mandaatsoort.CURATOR: "Curator, door de rechter aangewezen",
    Mandaatsoort.GEMACHTIGDE: "Mag alles voor u doen",
    Mandaatsoort.HELPER_LEZEN: "Leest mee",
    Mandaatsoort.HELPER_INVULLEN: "Leest mee en vult in; u verstuurt zelf",
}


@dataclass(frozen=True, slots=True)
class Mandaataanbod:
    """Wat de houder aanbiedt. `groepen` leeg = alles, alleen bij wie alles mag doen."""

    soort: Mandaatsoort
    groepen: frozenset[str]
    tot: date
    houder: str

    def als_gegevens(self) -> dict[str, Any]:
        """Voor `nodig_uit(gegevens=…)`."""
        return {
            "soort": SOORT, "mandaat": self.soort.value, "groepen": sorted(self.groepen), "tot": self.tot.isoformat(),
            "houder": self.houder,
        }  # fmt: skip

    def vertegenwoordiger(self, naam: str, vandaag: date) -> Vertegenwoordiger:
        """De RelatedPerson die eruit volgt, van vandaag tot de gekozen dag."""
        return Vertegenwoordiger(
            namen=(Naam(tekst=naam),),
            periode=Periode(vandaag, self.tot),
            actief=True,
            soort=self.soort,
            groepen=self.groepen,
        )

    @property
    def wat(self) -> str:
        """Wat diegene mag, in gewone woorden."""
        return WOORDEN[self.soort]

    @property
    def ziet(self) -> tuple[str, ...]:
        """Wat diegene ziet; leeg als dat alles is."""
        return ziet(Vertegenwoordiger(soort=self.soort, groepen=self.groepen))


@dataclass(frozen=True, slots=True)
class Aannemer:
    """Wie de uitnodiging aannam; `account` gaat nergens heen dan naar de rol die eruit volgt."""

    naam: str
    account: str

    def als_gegevens(self) -> dict[str, Any]:
        """Voor `neem_aan(door=…)`."""
        return {"naam": self.naam, "account": self.account}


def aanbod_uit(u: Uitnodiging) -> Mandaataanbod:
    """Het aanbod in een uitnodiging van deze soort."""
    g = u.gegevens
    return Mandaataanbod(
        Mandaatsoort(g["mandaat"]), frozenset(g["groepen"]), date.fromisoformat(g["tot"]), str(g["houder"])
    )


def aannemer_uit(door: Mapping[str, Any] | None) -> Aannemer | None:
    """Wie aannam, of None."""
    return None if door is None else Aannemer(str(door["naam"]), str(door["account"]))


def ziet(mandaat: Vertegenwoordiger) -> tuple[str, ...]:
    """Wat een mandaat laat zien; leeg als dat alles is."""
    alles = not mandaat.groepen and mandaat.soort not in HELPERS
    return () if alles else leest(groepen_van(mandaat))
