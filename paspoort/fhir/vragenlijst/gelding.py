"""Welke vragen gesteld zijn, gezien de andere antwoorden: `enableWhen` en `enableBehavior`.

FHIR R4 Questionnaire.item.enableWhen. Het antwoord dat telt is het dichtstbijzijnde: eerst in dezelfde rij, dan in wat
daaromheen ligt. Een antwoord op een vraag die zelf niet gesteld is, telt niet. Bij meer antwoorden is één genoeg; bij
`!=` mag geen enkel antwoord gelijk zijn, en er moet er een zijn (zoals HL7's validator het leest).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from paspoort.fhir.validatie_orde import orde
from paspoort.fhir.vragenlijst.vraag import Voorwaarde, Vraag
from paspoort.fhir.vragenlijst.waarde import gelijk

Laag = tuple[tuple[Vraag, ...], list[Any]]  # wat er op één hoogte gevraagd wordt, en wat er staat
Omgeving = tuple[Laag, ...]  # van buiten naar binnen


class MetVoorwaarden(Protocol):
    """Een vraag, of uitleg tussen de vragen."""

    @property
    def link_id(self) -> str:
        """De eigen linkId."""
        ...

    @property
    def voorwaarden(self) -> tuple[Voorwaarde, ...]:
        """De `enableWhen`."""
        ...

    @property
    def alle_voorwaarden(self) -> bool:
        """Of zij allemaal moeten gelden."""
        ...


class Gelding:
    """Rekent voor één response uit wat gesteld is, en onthoudt het. De response mag intussen niet veranderen."""

    def __init__(self) -> None:
        """Nog niets bekend."""
        self._bekend: dict[tuple[object, ...], tuple[bool, Omgeving]] = {}
        self._bezig: set[str] = set()

    def geldt(self, vraag: MetVoorwaarden, omgeving: Omgeving) -> bool:
        """Of de vraag gesteld is; de groepen eromheen weegt wie naar binnen gaat."""
        if not vraag.voorwaarden:
            return True
        sleutel = (vraag.link_id, *(id(items) for _, items in omgeving))
        if sleutel not in self._bekend:
            if vraag.link_id in self._bezig:  # een kring van voorwaarden: dan is niets gesteld
                return False
            self._bezig.add(vraag.link_id)
            uitkomsten = [self._voldoet(v, omgeving) for v in vraag.voorwaarden]
            self._bezig.discard(vraag.link_id)
            # de omgeving gaat mee, zodat een id niet opnieuw gebruikt wordt
            self._bekend[sleutel] = (all(uitkomsten) if vraag.alle_voorwaarden else any(uitkomsten), omgeving)
        return self._bekend[sleutel][0]

    def _voldoet(self, voorwaarde: Voorwaarde, omgeving: Omgeving) -> bool:
        gegeven: list[Any] = []
        for diepte in range(len(omgeving), 0, -1):
            if any(voorwaarde.vraag in v.links for v in omgeving[diepte - 1][0]):
                gegeven = list(self._gegeven(voorwaarde.vraag, omgeving[:diepte]))
                break
        if voorwaarde.operator == "exists":
            return bool(gegeven) is voorwaarde.waarde
        if voorwaarde.operator == "!=":
            return bool(gegeven) and not any(gelijk(g, voorwaarde.waarde) for g in gegeven)
        return any(_vergelijk(g, voorwaarde.operator, voorwaarde.waarde) for g in gegeven)

    def _gegeven(self, link_id: str, omgeving: Omgeving) -> Iterator[Any]:
        """De antwoorden op deze vraag in de binnenste laag en alles daaronder, voor zover gesteld."""
        vragen, items = omgeving[-1]
        for vraag in vragen:
            if link_id not in vraag.links or not self.geldt(vraag, omgeving):
                continue
            for item in items:
                if not isinstance(item, dict) or item.get("linkId") != vraag.link_id:
                    continue
                onder = [item] if vraag.is_groep else antwoorden_van(item)
                if vraag.link_id == link_id:
                    yield from (waarde[1] for a in antwoorden_van(item) if (waarde := waarde_van(a)) is not None)
                for ouder in onder if vraag.kinderen else ():
                    yield from self._gegeven(link_id, (*omgeving, (vraag.kinderen, items_van(ouder))))


def items_van(ouder: object) -> list[Any]:
    """De kinderen van een resource, item of antwoord; leeg als die er niet of niet als lijst zijn."""
    items = ouder.get("item") if isinstance(ouder, dict) else None
    return items if isinstance(items, list) else []


def antwoorden_van(item: object) -> list[Any]:
    """De antwoorden van een item; leeg als die er niet of niet als lijst zijn."""
    antwoorden = item.get("answer") if isinstance(item, dict) else None
    return antwoorden if isinstance(antwoorden, list) else []


def waarde_van(antwoord: object) -> tuple[str, Any] | None:
    """Het waarde-element van een antwoord: (`valueCoding`, {...}), of None."""
    if not isinstance(antwoord, dict):
        return None
    return next(((naam, waarde) for naam, waarde in antwoord.items() if naam.startswith("value")), None)


def _vergelijk(links: Any, operator: str, rechts: Any) -> bool:
    if operator == "=":
        return gelijk(links, rechts)
    volgorde = orde(links, rechts)
    if volgorde is None:
        return False
    return {">": volgorde > 0, "<": volgorde < 0, ">=": volgorde >= 0, "<=": volgorde <= 0}.get(operator, False)


def zonder_niet_gesteld(items: Sequence[Any], vragen: tuple[Vraag, ...]) -> list[Any]:
    """De items zonder antwoorden op vragen die niet gesteld zijn; wat de vragenlijst niet kent, blijft staan."""
    heel = list(items)
    return _gesteld(heel, vragen, (), Gelding())


def _gesteld(items: list[Any], vragen: tuple[Vraag, ...], boven: Omgeving, gelding: Gelding) -> list[Any]:
    omgeving = (*boven, (vragen, items))
    per_link = {vraag.link_id: vraag for vraag in vragen}
    uit: list[Any] = []
    for item in items:
        vraag = per_link.get(item.get("linkId", "")) if isinstance(item, dict) else None
        if vraag is None:
            uit.append(item)
        elif gelding.geldt(vraag, omgeving):
            if not vraag.is_groep:
                uit.append(item)
            elif kinderen := _gesteld(items_van(item), vraag.kinderen, omgeving, gelding):
                uit.append(item | {"item": kinderen})
    return uit
