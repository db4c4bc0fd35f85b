"""De ene lezer van de invoer van een operatie: een Parameters, losse query, of de kale resource.

Wat er mag staat alleen in de OperationDefinition (`fhir_profiles/OperationDefinition`); wat daar niet staat, is een
fout bij die parameter. Geeft alle vormfouten samen. Kent geen operaties. Bron: FHIR R4 operations.html#request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from paspoort.fhir.fhirjson import lees as lees_json
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import FhirRequest, Json
from server.fhir.search.vergelijken import bereik
from server.fhir.search.zoeken import lokaal

# Over het antwoord, niet over de operatie; die leest de rand.
VAN_DE_RAND: Final = frozenset({"_format", "_pretty"})
# Primitief type → de elementen waar een waarde in mag staan: het type zelf en wat er hetzelfde uitziet.
ELEMENTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("valueBoolean",),
    "canonical": ("valueCanonical", "valueUri", "valueUrl"),
    "code": ("valueCode", "valueString"),
    "date": ("valueDate", "valueDateTime"),
    "instant": ("valueInstant", "valueDateTime", "valueDate"),
    "integer": ("valueInteger", "valueUnsignedInt", "valuePositiveInt"),
    "string": ("valueString",),
    "uri": ("valueUri", "valueCanonical", "valueUrl"),
}
INHOUD: Final = frozenset({"resource", "part"})
ERNAAST: Final = frozenset({"id", "extension", "name"})
KOP: Final = frozenset({"resourceType", "id", "meta", "implicitRules", "language", "parameter"})


@dataclass(frozen=True, slots=True)
class Vak:
    """Wat een operatie onder één naam aanneemt. `soort` is een primitief, `Reference`, een resourcetype, of leeg."""

    naam: str
    soort: str
    minstens: int
    hoogstens: int | None
    delen: tuple[Vak, ...] = ()

    @property
    def elementen(self) -> tuple[str, ...]:
        """De elementen van `Parameters.parameter` waar de waarde in mag staan."""
        if self.delen:
            return ("part",)
        return ELEMENTEN.get(self.soort) or (("valueReference",) if self.soort == "Reference" else ("resource",))

    @property
    def primitief(self) -> bool:
        """Of de waarde ook in het adres mag staan."""
        return self.soort in ELEMENTEN


@dataclass(frozen=True, slots=True)
class Waarde:
    """Eén gegeven parameter. `plek` is de parameter, `hier` de waarde zelf; bij `part` is de waarde een `Gegeven`."""

    plek: str
    waarde: Any
    element: str = ""

    @property
    def hier(self) -> str:
        """De plek van de waarde, voor een fout over haar inhoud."""
        return f"{self.plek}.{self.element}" if self.element else self.plek


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

    def waarde(self, naam: str) -> Any:
        """De waarde van de parameter met deze naam, of None."""
        gevonden = self.een(naam)
        return gevonden.waarde if gevonden else None

    def tekst(self, naam: str) -> str | None:
        """De tekst zonder witruimte eromheen; een lege tekst is er niet."""
        waarde = self.waarde(naam)
        return (waarde.strip() or None) if isinstance(waarde, str) else None


_NIETS: Final = Gegeven()


@lru_cache(maxsize=64)
def vakken(definitie: str) -> tuple[Vak, ...]:
    """De invoer volgens `fhir_profiles/OperationDefinition/<definitie>.json`. FileNotFoundError als die er niet is."""
    bestand = files("fhir_profiles") / "OperationDefinition" / f"{definitie}.json"
    return _vakken(lees_json(bestand.read_bytes()).get("parameter", ()))


def lees(vraag: FhirRequest, definitie: str, kaal: str | None = None, zonder: Sequence[str] = ()) -> Gegeven:
    """De invoer van deze vraag, volgens haar OperationDefinition.

    `kaal` is de parameter die ook zonder Parameters eromheen de inhoud mag zijn; `zonder` zijn parameters die bij deze
    vorm van het adres niet kunnen. PaspoortFout `type-anders`, `parameter-onbekend`, `parameter-vorm` of
    `parameter-ontbreekt`, elk bij haar parameter.
    """
    if not vraag.query and vraag.body is None and not _verplicht(definitie):
        return _NIETS  # de gewone $everything: hier telt elke microseconde
    mag = {v.naam: v for v in vakken(definitie) if v.naam not in zonder}
    fouten: list[Melding] = []
    uit: dict[str, list[Waarde]] = {}
    for naam, tekst in vraag.query:
        if naam not in VAN_DE_RAND:
            _uit_query(mag, naam, tekst, uit, fouten)
    inhoud = vraag.body
    if inhoud is not None and inhoud.get("resourceType") == "Parameters":
        fouten += [_vorm(f"Parameters.{k[:40]}", "alleen parameter") for k in inhoud if k not in KOP]
        _uit_lijst(inhoud.get("parameter", []), "Parameters.parameter", mag, uit, fouten)
    elif inhoud is not None and kaal is not None:
        uit.setdefault(kaal, []).append(Waarde(str(inhoud.get("resourceType") or vraag.type), inhoud))
    elif inhoud is not None:
        fouten.append(Melding("type-anders", "resourceType", {"type": "Parameters"}))
    _te_veel(mag, uit, fouten)
    # Wat binnen een `part` niet mag ontbreken, weet de operatie: dat is een regel met een norm.
    for vak in mag.values():
        if vak.minstens and vak.naam not in uit:
            plek = f"Parameters.parameter.where(name='{vak.naam}')"
            fouten.append(Melding("parameter-ontbreekt", plek, {"naam": vak.naam}))
    if fouten:
        raise PaspoortFout(*fouten)
    return _als_gegeven(uit)


@lru_cache(maxsize=64)
def _verplicht(definitie: str) -> bool:
    return any(v.minstens for v in vakken(definitie))


def verwijzing(waarde: Waarde, basis: str, *types: str) -> str:
    """`Type/id` uit een valueReference naar een van deze types. PaspoortFout `parameter-vorm`."""
    plaats = plaats_van(waarde.waarde, basis)
    if plaats is None or plaats[0] not in types:
        raise PaspoortFout(_vorm(waarde.hier, " of ".join(types)))
    return f"{plaats[0]}/{plaats[1]}"


def plaats_van(reference: object, basis: str) -> tuple[str, str] | None:
    """(type, id) van een Reference naar iets op deze server (`basis`); None bij elders of een andere vorm."""
    tekst = reference.get("reference") if isinstance(reference, dict) else None
    kort = tekst.removeprefix(f"{basis}/") if isinstance(tekst, str) else ""
    return lokaal(kort) if kort and ":" not in kort else None


# --- lezen


def _vakken(parameters: Sequence[Json]) -> tuple[Vak, ...]:
    return tuple(
        Vak(
            p["name"],
            p.get("type", ""),
            p["min"],
            None if p["max"] == "*" else int(p["max"]),
            _vakken(p.get("part", ())),
        )
        for p in parameters
        if p["use"] == "in"
    )


def _uit_query(
    mag: Mapping[str, Vak], naam: str, tekst: str, uit: dict[str, list[Waarde]], fouten: list[Melding]
) -> None:
    vak = mag.get(naam)
    if vak is None:
        fouten.append(_onbekend(naam, naam, mag))
    elif not vak.primitief:
        fouten.append(_vorm(naam, "een Parameters in de inhoud"))
    else:
        uit.setdefault(naam, [])
        # Meer dan één mag in een adres met komma's, zoals bij `_type` (FHIR R4 patient-operation-everything.html).
        for los in tekst.split(",") if vak.hoogstens is None else [tekst]:
            waarde = _uit_tekst(vak.soort, los)
            if waarde is None:
                fouten.append(_vorm(naam, vak.soort))
            else:
                uit[naam].append(Waarde(naam, waarde))


def _uit_lijst(
    lijst: Any, plek: str, mag: Mapping[str, Vak], uit: dict[str, list[Waarde]], fouten: list[Melding]
) -> None:
    if not isinstance(lijst, list):
        fouten.append(_vorm(plek, "een lijst"))
        return
    for nummer, p in enumerate(lijst):
        hier = f"{plek}[{nummer}]"
        naam = p.get("name") if isinstance(p, dict) else None
        vak = mag.get(naam) if isinstance(naam, str) else None
        if not isinstance(p, dict) or vak is None:
            fouten.append(_onbekend(f"{hier}.name", str(naam), mag))
            continue
        uit.setdefault(vak.naam, [])
        gegeven = [k for k in p if k not in ERNAAST]
        if len(gegeven) != 1 or gegeven[0] not in vak.elementen:
            fouten.append(_vorm(hier, f"{vak.naam}: één {vak.elementen[0]}"))
            continue
        element = gegeven[0]
        waarde = p[element]
        if vak.delen:
            binnen: dict[str, list[Waarde]] = {}
            per_naam = {d.naam: d for d in vak.delen}
            _uit_lijst(waarde, f"{hier}.part", per_naam, binnen, fouten)
            _te_veel(per_naam, binnen, fouten)
            waarde = _als_gegeven(binnen)
        elif (fout := _fout(vak, waarde, f"{hier}.{element}")) is not None:
            fouten.append(fout)
            continue
        uit[vak.naam].append(Waarde(hier, waarde, element))


def _te_veel(mag: Mapping[str, Vak], uit: Mapping[str, list[Waarde]], fouten: list[Melding]) -> None:
    """Elke parameter die er te vaak is, bij de eerste te veel."""
    for naam, waarden in uit.items():
        hoogstens = mag[naam].hoogstens
        if hoogstens is not None and len(waarden) > hoogstens:
            fouten.append(_vorm(waarden[hoogstens].plek, f"{naam}: hoogstens {hoogstens}"))


def _als_gegeven(uit: Mapping[str, list[Waarde]]) -> Gegeven:
    return Gegeven({naam: tuple(w) for naam, w in uit.items()})


# --- waarden


def _datum(waarde: object) -> str | None:
    return waarde if isinstance(waarde, str) and bereik(waarde) is not None else None


def _tekst(waarde: object) -> str | None:
    return waarde if isinstance(waarde, str) and waarde.strip() else None


_LEES: Final[Mapping[str, Callable[[object], Any]]] = {
    "boolean": lambda w: w if isinstance(w, bool) else None,
    "integer": lambda w: w if isinstance(w, int) and not isinstance(w, bool) else None,
    "date": _datum,
    "instant": _datum,
}


def _uit_tekst(soort: str, tekst: str) -> Any:
    """De waarde van dit type uit een adres, of None als zij er niet in staat."""
    if soort == "boolean":
        return {"true": True, "false": False}.get(tekst)
    if soort == "integer":
        cijfers = tekst.removeprefix("-")
        return int(tekst) if cijfers.isascii() and cijfers.isdigit() and len(cijfers) < 10 else None
    # Een kale + in een adres is een spatie geworden: zo komt een tijdzone vaak binnen.
    return _LEES.get(soort, _tekst)(tekst.replace(" ", "+") if soort == "instant" else tekst)


def _fout(vak: Vak, waarde: object, plek: str) -> Melding | None:
    if vak.primitief:
        return _vorm(plek, vak.soort) if _LEES.get(vak.soort, _tekst)(waarde) is None else None
    if not isinstance(waarde, dict):
        return _vorm(plek, vak.soort)
    if vak.soort not in ("Reference", "Resource") and waarde.get("resourceType") != vak.soort:
        return Melding("type-anders", f"{plek}.resourceType", {"type": vak.soort})
    return None


def _vorm(plek: str, verwacht: str) -> Melding:
    return Melding("parameter-vorm", plek, {"verwacht": verwacht})


def _onbekend(plek: str, naam: str, mag: Mapping[str, Vak]) -> Melding:
    return Melding("parameter-onbekend", plek[:200], {"naam": naam[:60], "verwacht": ", ".join(mag) or "niets"})
