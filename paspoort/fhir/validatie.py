"""De controle van FHIR-inhoud: structuur, codes, doelen van verwijzingen en profielen, alle fouten in één keer.

`Validator.laad()` leest `fhir_profiles` één keer; `controleer` doet daarna geen invoer of uitvoer meer. Antwoorden van
een QuestionnaireResponse tegen hun vragenlijst hoort hier niet: dat is `paspoort/fhir/vragenlijst`. Of het doel van een
verwijzing bestaat, weet alleen de poort. Elke profielregel staat in een StructureDefinition, niet in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_basis import Vormen
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.validatie_profiel import Profielen
from paspoort.fhir.validatie_structuur import Wandeling, loop_resource
from paspoort.fhir.validatie_toets import Toets
from paspoort.fhir.validatie_vorm import vorm
from paspoort.fouten import Melding

_GEEN_DEFINITIE = frozenset(("examples",))


class Validator:
    """Alle definities, geladen en ontleed. Onveranderlijk; één exemplaar per proces is genoeg."""

    def __init__(self, definities: Iterable[Json]) -> None:
        """`definities`: CodeSystems, ValueSets en StructureDefinitions als FHIR-JSON; de rest telt hier niet mee.

        Werpt ValueError als een definitie naar iets wijst dat er niet is: dat is een fout in het huis, geen invoer.
        """
        alle = list(definities)
        structuren = [d for d in alle if d["resourceType"] == "StructureDefinition"]
        self.codes = Codes(alle)
        self.vormen = Vormen(structuren, self.codes)
        self.profielen = Profielen(structuren, self.codes)

    @classmethod
    def laad(cls) -> Validator:
        """De validator met alles wat in `fhir_profiles` staat, gemaakt bij de eerste vraag van dit proces."""
        return _geladen()

    def controleer(self, inhoud: Any, extra: Sequence[str] = ()) -> list[Melding]:
        """Alle bevindingen over één resource, elk met FHIRPath `plek`; leeg = goed. Een `warning` houdt niets tegen.

        `inhoud` is FHIR-JSON zoals `fhirjson.lees` hem geeft. Een Bundle wordt regel voor regel mee getoetst. `extra`:
        profielen die ook gelden, naast het minimumprofiel en wat de inhoud zelf claimt ($validate met profile).
        """
        w = Wandeling(BASIS, self.vormen, self.profielen.extensies)
        loop_resource(w, inhoud)
        if not isinstance(inhoud, dict) or w.vol:
            return w.meldingen
        if w.regels:
            self._invarianten(w)
        self.profielen.toets(w, inhoud, str(inhoud.get("resourceType")), extra=extra)
        if inhoud.get("resourceType") == "Bundle" and isinstance(regels := inhoud.get("entry"), list):
            for nummer, regel in enumerate(regels):
                if isinstance(regel, dict) and isinstance(binnen := regel.get("resource"), dict):
                    self.profielen.toets(w, binnen, f"Bundle.entry[{nummer}].resource", inhoud)
        self.profielen.toets_extensies(w)
        return w.meldingen

    def _invarianten(self, w: Wandeling) -> None:
        """De regels van R4 zelf. Is een uitkomst onbekend door een fout in de vorm, dan is die fout genoeg."""
        kapot = [m.plek for m in w.meldingen if m.ernst == "error" and m.plek]
        resource: Json | None = None
        for regels, waarde, plek, van, wortel in w.regels:
            if van is not resource:
                omgeving, resource = Toets(w, self.profielen, van, wortel, None).omgeving, van
            for regel in regels:
                uitkomst = regel.weeg(waarde, omgeving)
                if uitkomst is False or (
                    uitkomst is None and regel.ernst == "error" and not any(k.startswith(plek) for k in kapot)
                ):
                    w.meld_regel(regel, plek)


@cache
def _geladen() -> Validator:
    """De validator van dit huis; ook de vormen van zijn typen staan klaar."""
    validator = Validator(definities())
    te_doen, gehad = ["Bundle", *validator.profielen.typen], set[str]()
    while te_doen:
        naam = te_doen.pop()
        if naam not in gehad and vorm(naam) is not None:
            gehad.add(naam)
            te_doen += [e.soort for e in validator.vormen[naam].elementen.values() if not e.primitief]
    return validator


def definities() -> Iterator[Json]:
    """Elke definitie uit `fhir_profiles` als FHIR-JSON, op pad gesorteerd; zonder voorbeelden en package.json."""
    for bestand in _bestanden(files("fhir_profiles")):
        inhoud = lees(bestand.read_bytes())
        if "resourceType" in inhoud:
            yield inhoud


def _bestanden(map: Traversable) -> Iterator[Traversable]:
    for kind in sorted(map.iterdir(), key=lambda k: k.name):
        if kind.is_dir() and kind.name not in _GEEN_DEFINITIE:
            yield from _bestanden(kind)
        elif kind.name.endswith(".json"):
            yield kind
