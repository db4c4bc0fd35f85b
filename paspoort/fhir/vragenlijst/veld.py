"""De waarden van een formulier: `Veld`, `Groep`, `Herhaling`, `Tekst`, en wanneer zij erbij horen (`Toon`).

Maken doet `formulier.py`; een sjabloon leest alleen deze velden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from paspoort.fhir.vragenlijst.antwoorden import Bron
from paspoort.fouten import Melding

Soort = Literal[
    "regel", "regels", "lijst", "getal", "hoeveelheid", "datum", "moment", "tijd", "adres", "janee", "keuze", "keuzes",
    "zoek",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Optie:
    """Eén keuze; `gekozen` als zij nu het antwoord is."""

    waarde: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén voorwaarde op een veldnaam (`eis.*.soort`: in elke rij) en wat er in dat veld moet staan."""

    naam: str
    operator: str
    waarde: str


@dataclass(frozen=True, slots=True)
class Toon:
    """Wanneer een deel erbij hoort. `nu`: bij deze antwoorden; `json` is voor het script in de browser."""

    nu: bool
    alle: bool
    regels: tuple[Regel, ...]

    @property
    def json(self) -> str:
        """`{"alle": …, "regels": [[naam, operator, waarde], …]}`."""
        return json.dumps(
            {"alle": self.alle, "regels": [[r.naam, r.operator, r.waarde] for r in self.regels]}, ensure_ascii=False
        )


@dataclass(frozen=True, slots=True)
class Veld:
    """Eén vraag. `soort` kiest de invoer; `waarden` is wat er staat (of wat getypt was); `id` is de HTML-id.

    Bij soort `lijst` is elke waarde een eigen invoer met dezelfde naam, plus een lege; de fouten gelden samen. Bij
    `zoek` zijn `opties` wat gekozen is en wat bij `zoekterm` past. `vast`: alleen lezen, niet in te vullen.
    """

    naam: str
    id: str
    code: str
    label: str
    soort: Soort
    waarden: tuple[str, ...]
    opties: tuple[Optie, ...]
    hulp: str | None
    eenheid: str | None
    nodig: bool
    max_lengte: int | None
    alleen_als: str | None
    bronnen: tuple[Bron, ...]
    fouten: tuple[Melding, ...]
    toon: Toon | None = None
    stuurt: bool = False  # andere vragen hangen van dit antwoord af
    vast: bool = False
    meer: bool = False  # meer antwoorden mogen
    control: str | None = None
    vrij: bool = False  # naast de opties mag ook eigen tekst, in `{naam}.anders`
    anders: tuple[str, ...] = ()
    zoekterm: str | None = None
    gevonden: int = 0  # hoeveel opties bij de zoekterm passen; er staan er hoogstens `zoeken.TE_VEEL`
    lijst: str | None = None  # canonical van de waardelijst
    eenheden: tuple[Optie, ...] = ()
    eenheid_gekozen: tuple[str, ...] = ()
    voorstellen: tuple[str, ...] = ()
    meest: int | None = None

    @property
    def waarde(self) -> str:
        """De eerste waarde, of leeg."""
        return self.waarden[0] if self.waarden else ""

    @property
    def leesbaar(self) -> str:
        """Het antwoord in gewone woorden: de tekst van een keuze, een getal met zijn eenheid."""
        tekst = ", ".join([*(o.tekst for o in self.opties if o.gekozen), *self.anders] or self.waarden)
        return f"{tekst} {self.eenheid}" if tekst and self.eenheid else tekst

    @property
    def bron(self) -> Bron | None:
        """De bron van het eerste antwoord."""
        return self.bronnen[0] if self.bronnen else None

    @property
    def bevestigd(self) -> bool:
        """Of de schrijver van elk antwoord met een bron zei dat het nog klopt."""
        return bool(self.bronnen) and all(bron.bevestigd_op for bron in self.bronnen)

    @property
    def lijst_id(self) -> str | None:
        """De id van onze eigen waardelijst, om met script in te zoeken."""
        return self.lijst.rpartition("/")[2].partition("|")[0] if self.lijst else None

    def invoer(self) -> dict[str, list[str]]:
        """Wat een browser instuurt als niemand iets verandert: naam → waarden."""
        if self.vast or (self.toon is not None and not self.toon.nu):
            return {}
        uit = {self.naam: list(self.waarden)}
        if self.eenheid_gekozen:
            uit[f"{self.naam}.eenheid"] = list(self.eenheid_gekozen)
        if self.anders:
            uit[f"{self.naam}.anders"] = list(self.anders)
        return uit


@dataclass(frozen=True, slots=True)
class Tekst:
    """Uitleg tussen de vragen."""

    id: str
    tekst: str
    toon: Toon | None = None


@dataclass(frozen=True, slots=True)
class Groep:
    """Een kop met delen, of één rij van een herhaling (dan heeft zij een `nummer` vanaf 1)."""

    naam: str
    id: str
    code: str
    titel: str
    hulp: str | None
    nummer: int | None
    delen: tuple[Deel, ...]
    toon: Toon | None = None
    fouten: tuple[Melding, ...] = ()

    @property
    def samenvatting(self) -> str:
        """De antwoorden op één regel; leeg als er niets staat, of als er iets aan is en de rij dus open hoort."""
        velden = tuple(_velden(self.delen, True))
        if self.fouten or any(v.fouten for v in velden):
            return ""
        return ", ".join(t for v in velden if (t := v.leesbaar))


@dataclass(frozen=True, slots=True)
class Herhaling:
    """Een groep die vaker mag voorkomen. Knoppen: `rij-erbij`=naam, en per rij `rij-weg`=rij.naam."""

    naam: str
    id: str
    code: str
    titel: str
    hulp: str | None
    nodig: bool
    rijen: tuple[Groep, ...]
    fouten: tuple[Melding, ...]
    toon: Toon | None = None
    erbij: bool = True  # er mag nog een rij bij
    open: bool = True  # er staat iets in, het moet, of er is om gevraagd


Deel = Veld | Groep | Herhaling | Tekst


@dataclass(frozen=True, slots=True)
class Foutregel:
    """Een melding met het id van het veld waar zij bij hoort (None: bij het geheel), voor de lijst bovenaan."""

    melding: Melding
    veld_id: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Formulier:
    """Het hele formulier: de delen in volgorde, en alle meldingen met hun veld."""

    titel: str
    delen: tuple[Deel, ...]
    fouten: tuple[Foutregel, ...]

    def velden(self) -> Iterator[Veld]:
        """Alle velden, van boven naar beneden; ook die nu niet gesteld zijn."""
        yield from _velden(self.delen)

    def invoer(self) -> dict[str, list[str]]:
        """Wat een browser instuurt als niemand iets verandert: naam → waarden."""
        return {naam: waarden for veld in _velden(self.delen, True) for naam, waarden in veld.invoer().items()}


def _velden(delen: Sequence[Deel], alleen_gesteld: bool = False) -> Iterator[Veld]:
    for deel in delen:
        if isinstance(deel, Tekst) or (alleen_gesteld and deel.toon is not None and not deel.toon.nu):
            continue
        if isinstance(deel, Veld):
            yield deel
        else:
            yield from _velden(deel.delen if isinstance(deel, Groep) else deel.rijen, alleen_gesteld)
