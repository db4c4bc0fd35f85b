"""Wat een profiel van één element vraagt, als boom van regels die snel is na te lopen; en hoe een patroon past.

Alleen de gegevens: `validatie_bouw` maakt de boom uit een StructureDefinition, `validatie_toets` loopt hem na.
FHIR R4 §5.3 (StructureDefinition), §5.1.0.14 (Discriminator).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.validatie_codes import ALLES, Waardelijst
from paspoort.fhir.validatie_pad import Invariant
from paspoort.fhir.validatie_vorm import Vorm, vorm

Slicingregels = Literal["open", "closed", "openAtEnd"]


class Kenner(Protocol):
    """Wie weet of een waarde aan een profiel voldoet, en welk doel bij een verwijzing hoort (als dat in de hand is)."""

    def past(self, waarde: Any, profiel: str) -> bool:
        """Of de waarde zonder fout door dit profiel komt."""

    def doel(self, adres: str) -> Json | None:
        """De resource achter `#id` of een volledig adres in dezelfde bundel."""


# (waarde, JSON-naam van het element, kenner) → hoort deze waarde bij de plak?
Herkenner = Callable[[Any, str, Kenner], bool]


@dataclass(slots=True)
class Plakken:
    """De slicing van één element: waaraan plakken te herkennen zijn, hun volgorde, en of er iets buiten mag staan."""

    kenmerken: tuple[tuple[str, str], ...]  # (soort, pad)
    regels: Slicingregels = "open"
    geordend: bool = False
    plak: dict[str, Regel] = field(default_factory=dict)


@dataclass(slots=True)
class Regel:
    """Wat een profiel van één element vraagt. `namen`: JSON-naam → soort; bij `value[x]` zijn dat er meer."""

    naam: str
    namen: dict[str, str]
    lijst: bool
    min: int = 0
    max: int | None = None
    soorten: frozenset[str] | None = None  # welke van `namen` mogen; None = alle
    resourcetypen: frozenset[str] | None = None  # bij een element dat een resource bevat
    patronen: tuple[tuple[Any, bool], ...] = ()  # (waarde, precies): fixed[x] is precies, pattern[x] niet
    lijsten: tuple[tuple[Waardelijst, bool], ...] = ()  # (lijst, verplicht)
    doelen: frozenset[str] | None = None
    doelprofielen: tuple[str, ...] = ()  # van een doel in de hand: één hiervan past
    profielen: tuple[str, ...] = ()  # van de waarde zelf: één hiervan past
    laagst: Any = None
    hoogst: Any = None
    lengte: int | None = None
    invarianten: tuple[dict[str, Invariant], ...] = ()  # per soort
    kinderen: dict[str, Regel] = field(default_factory=dict)
    plakken: Plakken | None = None
    herkent: tuple[Herkenner, ...] = ()  # alleen bij een plak

    @property
    def onzeker(self) -> bool:
        """Een plak op een lijst die hier niet is: zij krijgt wat geen andere plak herkent."""
        return any(ALLES in lijst.open_stelsels for lijst, _ in self.lijsten)

    def kopie(self, gehad: dict[int, dict[str, Regel]] | None = None) -> Regel:
        """Een losse boom; lijsten en invarianten blijven gedeeld, die veranderen nooit.

        Een onderdeel in zichzelf deelt zijn kinderen met het buitenste; `gehad` houdt dat zo in de kopie.
        """
        gehad = {} if gehad is None else gehad
        kinderen = gehad.get(id(self.kinderen))
        if kinderen is None:
            kinderen = gehad[id(self.kinderen)] = {}
            for naam, kind in self.kinderen.items():
                kinderen[naam] = kind.kopie(gehad)
        nieuw = replace(self, kinderen=kinderen)
        if self.plakken is not None:
            nieuw.plakken = replace(self.plakken, plak={n: p.kopie(gehad) for n, p in self.plakken.plak.items()})
        return nieuw

    @property
    def soort(self) -> str | None:
        """De ene soort die dit element hier heeft, of None als er meer kunnen."""
        if self.resourcetypen is not None and len(self.resourcetypen) == 1:
            return next(iter(self.resourcetypen))
        soorten = {self.namen[naam] for naam in self.soorten or self.namen}
        return soorten.pop() if len(soorten) == 1 else None


def vorm_van_pad(pad: str) -> str:
    """`CarePlan.activity.detail` → `CarePlanActivityDetail`: de vorm waar een pad op uitkomt, of `HumanName.family`."""
    eerste, *rest = pad.split(".")
    huidig = vorm_of_fout(eerste, pad)
    for nummer, naam in enumerate(rest):
        if naam.endswith("[x]") and naam[:-3] in huidig.keuzes:
            return f"{huidig.naam}.{naam}"
        if naam not in huidig.elementen:
            raise ValueError(f"{pad} bestaat niet in R4")
        element = huidig.elementen[naam]
        if element.primitief:
            if nummer < len(rest) - 1:
                raise ValueError(f"{pad} bestaat niet in R4")
            return f"{huidig.naam}.{naam}"
        huidig = vorm_of_fout(element.soort, pad)
    return huidig.naam


def vorm_of_fout(naam: str, waar: str) -> Vorm:
    """De vorm van een type. Werpt ValueError als R4 het niet kent."""
    gevonden = vorm(naam)
    if gevonden is None:
        raise ValueError(f"{waar}: {naam} is geen type van R4")
    return gevonden


def bij_pad(waarde: Any, pad: Iterable[str]) -> list[Any]:
    """Alle waarden op een gestippeld pad, door lijsten heen."""
    huidig = [waarde]
    for stuk in pad:
        volgend: list[Any] = []
        for een in huidig:
            binnen = een.get(stuk) if isinstance(een, dict) else None
            volgend += binnen if isinstance(binnen, list) else [] if binnen is None else [binnen]
        huidig = volgend
    return huidig


def past_patroon(patroon: Any, waarde: Any) -> bool:
    """pattern[x]: alles wat in het patroon staat, staat ook in de waarde (FHIR R4 ElementDefinition.pattern)."""
    if isinstance(patroon, dict):
        return isinstance(waarde, dict) and all(n in waarde and past_patroon(p, waarde[n]) for n, p in patroon.items())
    if isinstance(patroon, list):
        return isinstance(waarde, list) and all(any(past_patroon(p, w) for w in waarde) for p in patroon)
    return bool(patroon == waarde and isinstance(patroon, bool) == isinstance(waarde, bool))


def voldoet(patronen: tuple[tuple[Any, bool], ...], waarde: Any) -> bool:
    """Of een waarde aan alle vaste waarden en patronen voldoet."""
    return all(waarde == p if precies else past_patroon(p, waarde) for p, precies in patronen)
