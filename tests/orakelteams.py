"""Het orakel binnen een organisatie: wie is toegewezen, en wie meekijkt met een aanleiding (toegang.md §1).

Naïef: van de wereld blijft voor één vrager over wat bij hem ligt, gericht aan zijn eigen naam; daarna rekent
`orakel.py`. Weet niets van de toegangscode. De verdeling van werk over teams: docs/besluiten/0023.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.orakel import Taak, Toestemming, Wereld

OPEN_UREN = 24


@dataclass(frozen=True)
class Team:
    """Een team van een organisatie: wie erin zit, en welk werk aan de hele organisatie het oppakt."""

    id: str
    leden: frozenset[str]
    doelen: frozenset[str]  # "alles" = elk werk
    actief: bool = True


@dataclass(frozen=True)
class Huis:
    """Eén organisatie: haar mensen en haar teams."""

    organisatie: str
    mensen: frozenset[str]
    teams: tuple[Team, ...] = ()

    def adressen(self) -> set[str]:
        """Alles waaraan werk voor deze organisatie gericht kan zijn."""
        teams = {f"Organization/{t.id}" for t in self.teams}
        return {f"Organization/{self.organisatie}", *teams, *(f"PractitionerRole/{m}" for m in self.mensen)}


@dataclass(frozen=True)
class Aanleiding:
    """Een mens opende dit paspoort, zoveel uur geleden (negatief: het moet nog gebeuren)."""

    mens: str
    uren: float


@dataclass
class Kijker:
    """Wie er kijkt: een mens van het huis, of (zonder mens) een app."""

    huis: Huis
    mens: str | None
    aanleidingen: Sequence[Aanleiding] = field(default_factory=list)

    @property
    def naam(self) -> str:
        return f"PractitionerRole/{self.mens}" if self.mens else f"Organization/{self.huis.organisatie}"

    def opende(self) -> bool:
        return any(a.mens == self.mens and 0 <= a.uren < OPEN_UREN for a in self.aanleidingen)

    def ligt_bij(self, adres: str, doel: str | None) -> bool:
        """Of werk aan dit adres van deze mens is; een app handelt voor het hele huis."""
        if adres not in self.huis.adressen():
            return False
        if self.mens is None:
            return True
        if adres.startswith("PractitionerRole/"):
            return adres == self.naam
        mijn = [t for t in self.huis.teams if t.actief and self.mens in t.leden]
        if adres != f"Organization/{self.huis.organisatie}":
            return any(adres == f"Organization/{t.id}" for t in mijn)
        return not self.huis.teams or any("alles" in t.doelen or doel in t.doelen for t in mijn)


def voor(wereld: Wereld, kijker: Kijker, vandaag: int) -> Wereld:
    """De wereld met alleen wat deze kijker aangaat, gericht aan zijn eigen naam.

    Een aanleiding die niets opent (alles lag al bij hem, of er loopt niets) verandert ook niets: de server schrijft er
    dan geen.
    """
    lopend = [t for t in wereld.toestemmingen if t.actief and t.dag_van <= vandaag <= t.dag_tot]
    dicht = [t for t in lopend if not _mag(t, wereld, kijker, False) and _mag(t, wereld, kijker, True)]
    taken_dicht = [t for t in wereld.taken if t.open and not _taak(t, kijker, False) and _taak(t, kijker, True)]
    mee = kijker.opende() and bool(dicht or taken_dicht)
    taken = [dataclasses.replace(t, eigenaar=kijker.naam) for t in wereld.taken if _taak(t, kijker, mee)]
    over = [dataclasses.replace(t, aan=kijker.naam) for t in wereld.toestemmingen if _mag(t, wereld, kijker, mee)]
    return dataclasses.replace(wereld, taken=taken, toestemmingen=over)


def _taak(t: Taak, kijker: Kijker, mee: bool) -> bool:
    return t.eigenaar in kijker.huis.adressen() and (mee or kijker.ligt_bij(t.eigenaar, t.doel))


def _mag(t: Toestemming, wereld: Wereld, kijker: Kijker, mee: bool) -> bool:
    if t.aan.startswith("PractitionerRole/"):  # op naam: van die mens en van niemand anders
        return t.aan == kijker.naam
    if t.aan not in kijker.huis.adressen():
        return False
    if kijker.mens is None or mee:
        return True
    if t.aan == f"Organization/{kijker.huis.organisatie}":
        werk = [k for k in wereld.taken if k.doel == t.doel and k.eigenaar in kijker.huis.adressen()]
        if telt := [k for k in werk if k.open] or werk:
            return any(kijker.ligt_bij(k.eigenaar, k.doel) for k in telt)
    return kijker.ligt_bij(t.aan, t.doel)
