"""De invoer van een operatie: een Parameters-resource op naam, met alle vormfouten samen.

Kent geen operaties; die zeggen welke namen er zijn. Bron: FHIR R4 parameters.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json
from server.fhir.search.zoeken import lokaal


@dataclass(frozen=True, slots=True)
class Vak:
    """Wat een operatie onder één naam aanneemt: `element` is `resource`, `part` of een `value[x]` voluit."""

    naam: str
    element: str
    hoogstens: int | None = 1
    delen: tuple[Vak, ...] = ()


@dataclass(frozen=True, slots=True)
class Waarde:
    """Eén gegeven parameter met haar plek voor een fout; bij `part` is de waarde een `Gegeven`."""

    plek: str
    waarde: Any


@dataclass(frozen=True, slots=True)
class Gegeven:
    """Alle gegeven parameters op naam."""

    per_naam: Mapping[str, tuple[Waarde, ...]] = field(default_factory=dict)

    def alle(self, naam: str) -> tuple[Waarde, ...]:
        """Elke parameter met deze naam, in volgorde."""
        return self.per_naam.get(naam, ())

    def een(self, naam: str) -> Waarde | None:
        """De parameter met deze naam, of None."""
        return next(iter(self.alle(naam)), None)

    def tekst(self, naam: str) -> str | None:
        """De tekst zonder witruimte eromheen; een lege tekst is er niet."""
        gevonden = self.een(naam)
        return (gevonden.waarde.strip() or None) if gevonden and isinstance(gevonden.waarde, str) else None


def ontleed(inhoud: Json | None, vakken: Sequence[Vak]) -> Gegeven:
    """De parameters; geen inhoud is geen parameters. PaspoortFout `type-anders` of `parameter-vorm`."""
    if inhoud is None:
        return Gegeven()
    if inhoud.get("resourceType") != "Parameters":
        raise PaspoortFout(Melding("type-anders", "resourceType", {"type": "Parameters"}))
    fouten: list[Melding] = []
    gegeven = _lees(inhoud.get("parameter", []), "Parameters.parameter", vakken, fouten)
    if fouten:
        raise PaspoortFout(*fouten)
    return gegeven


def verwijzing(waarde: Waarde, *types: str) -> str:
    """`Type/id` uit een valueReference naar een van deze types. PaspoortFout `parameter-vorm`."""
    tekst = waarde.waarde.get("reference") if isinstance(waarde.waarde, dict) else None
    plaats = lokaal(tekst) if isinstance(tekst, str) else None
    if plaats is None or plaats[0] not in types:
        raise PaspoortFout(Melding("parameter-vorm", f"{waarde.plek}.valueReference", {"verwacht": " of ".join(types)}))
    return f"{plaats[0]}/{plaats[1]}"


def _lees(lijst: Any, plek: str, vakken: Sequence[Vak], fouten: list[Melding]) -> Gegeven:
    per_naam = {v.naam: v for v in vakken}
    uit: dict[str, list[Waarde]] = {}
    if not isinstance(lijst, list):
        fouten.append(Melding("parameter-vorm", plek, {"verwacht": "een lijst"}))
        return Gegeven()
    for nummer, p in enumerate(lijst):
        hier = f"{plek}[{nummer}]"
        vak = per_naam.get(str(p.get("name"))) if isinstance(p, dict) else None
        if vak is None:
            verwacht = ", ".join(per_naam) or "niets"
            fouten.append(Melding("parameter-vorm", f"{hier}.name", {"verwacht": verwacht}))
            continue
        if vak.element not in p or (vak.hoogstens and len(uit.get(vak.naam, ())) >= vak.hoogstens):
            fouten.append(Melding("parameter-vorm", hier, {"verwacht": f"{vak.naam}: één {vak.element}"}))
            continue
        waarde = p[vak.element]
        if vak.delen:
            waarde = _lees(waarde, f"{hier}.part", vak.delen, fouten)
        elif not isinstance(waarde, dict if vak.element in ("resource", "valueReference") else str):
            fouten.append(Melding("parameter-vorm", f"{hier}.{vak.element}", {"verwacht": vak.element}))
            continue
        uit.setdefault(vak.naam, []).append(Waarde(hier, waarde))
    return Gegeven({naam: tuple(w) for naam, w in uit.items()})
