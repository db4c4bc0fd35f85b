"""De vormen van R4 met hun regels: volledige codelijsten, invarianten en talen, uit onze `hmp-`definities.

Wat in `hmp-<Type>` uit de specificatie zelf komt (een lijst `r4-…`, een `constraint` met een bron van HL7) geldt
overal waar dat type voorkomt: ook ingesloten, ook genest, ook in een extensie. Wat wij zelf vragen, geldt alleen voor
de resource waar het profiel bij hoort (`validatie_profiel`). FHIR R4 §5.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import profiel
from paspoort.fhir.validatie_codes import R4_LIJST, Codes, Waardelijst
from paspoort.fhir.validatie_pad import HL7, Invariant, fhirpad, invariant
from paspoort.fhir.validatie_vorm import Element, Vorm, vorm

_OPENBAAR = frozenset({"Element", "BackboneElement", "Resource", "DomainResource"})


@dataclass(slots=True)
class _Feiten:
    """Wat de definities over één vorm zeggen; `None` als elementnaam is de vorm zelf."""

    lijsten: dict[str, Waardelijst] = field(default_factory=dict)
    invarianten: dict[str | None, list[tuple[Json, str]]] = field(default_factory=dict)


class Vormen(dict[str, Vorm]):
    """Vormen met hun regels, op naam; wat nog niet gevraagd was, wordt één keer gemaakt."""

    def __init__(self, definities: Iterable[Json], codes: Codes) -> None:
        """Werpt ValueError bij een regel op een element dat R4 niet kent, of die niet te vertalen is."""
        super().__init__()
        self.compleet = codes.compleet
        self._feiten: dict[str, _Feiten] = {}
        for definitie in definities:
            if definitie["url"] == profiel(definitie["type"]):
                for element in definitie.get("differential", {}).get("element", ()):
                    if ":" not in element["id"]:
                        self._onthoud(element, definitie["url"], codes)
        for naam in list(self._feiten):
            if vorm(naam) is not None and naam not in _OPENBAAR:
                self[naam]  # vertaalt de regels nu, niet pas bij een houder

    def __missing__(self, naam: str) -> Vorm:
        kaal = vorm(naam)
        if kaal is None:
            raise ValueError(f"{naam} is geen type van R4")
        elementen = {e.naam: self._element(kaal, e) for e in kaal.elementen.values()}
        self[naam] = replace(kaal, elementen=elementen, invarianten=self._invarianten(kaal, None, kaal.naam))
        return self[naam]

    def _onthoud(self, element: Json, bron: str, codes: Codes) -> None:
        eerste, *rest = element["id"].split(".")
        houder, naam = eerste, None
        for stuk in rest:
            if naam is not None:
                houder = _soort(houder, naam, element["id"])
            naam = stuk
        if naam is not None and not (naam.endswith("[x]") or naam in _vorm(houder).elementen):
            raise ValueError(f"{bron}: {element['id']} bestaat niet")
        regelhouder, regelnaam = houder, naam
        if naam is not None and not naam.endswith("[x]"):
            binnen = _soort(houder, naam, element["id"])
            if binnen.startswith(eerste) and binnen != eerste:  # een onderdeel: de regel geldt ook waar het genest is
                regelhouder, regelnaam = binnen, None
        feiten = self._feiten.setdefault(houder, _Feiten())
        binding = element.get("binding")
        if naam is not None and binding and binding["valueSet"].startswith(R4_LIJST):
            lijst = codes.lijst(binding["valueSet"])
            if lijst is None:
                raise ValueError(f"{bron}: waardelijst {binding['valueSet']} bestaat niet")
            if binding["strength"] == "required":
                feiten.lijsten[naam] = lijst
        regels = [c for c in element.get("constraint", ()) if c.get("source", "").startswith(HL7)]
        if regels:
            plaats = self._feiten.setdefault(regelhouder, _Feiten()).invarianten
            plaats.setdefault(regelnaam, []).extend((regel, element["id"]) for regel in regels)

    def _element(self, ouder: Vorm, e: Element) -> Element:
        lijst: Waardelijst | None = None
        for naam in ouder.afkomst:
            feiten = self._feiten.get(naam)
            if feiten is not None and e.naam in feiten.lijsten:
                lijst = feiten.lijsten[e.naam]
        gesloten = e.soort == "code" and lijst is not None and not lijst.open_stelsels
        return replace(
            e,
            codes=lijst.kaal if lijst is not None and gesloten else e.codes,
            lijst_r4=None if gesloten else lijst,
            invarianten=self._invarianten(ouder, e, e.soort),
        )

    def _invarianten(self, ouder: Vorm, e: Element | None, soort: str) -> tuple[Invariant, ...]:
        gevonden = []
        for naam in ouder.afkomst:
            feiten = self._feiten.get(naam)
            if feiten is None:
                continue
            keuze = next((f"{g}[x]" for g, namen in ouder.keuzes.items() if e is not None and e.naam in namen), None)
            regels = feiten.invarianten.get(e.naam if e else None, [])
            regels = regels + (feiten.invarianten.get(keuze, []) if keuze else [])
            for regel, pad in regels:
                type_, *rest = pad.split(".")
                resource = ouder.naam if e is None and ouder.resource else type_ if _vorm(type_).resource else None
                plaats = (pad if rest else ouder.naam) if e is None else soort if keuze else fhirpad(type_, rest)
                if (klaar := invariant(regel, soort, plaats, resource, regel["source"])) is not None:
                    gevonden.append(klaar)
        return tuple(gevonden)


def _vorm(naam: str) -> Vorm:
    gevonden = vorm(naam)
    if gevonden is None:
        raise ValueError(f"{naam} is geen type van R4")
    return gevonden


def _soort(houder: str, naam: str, waar: str) -> str:
    element = _vorm(houder).elementen.get(naam)
    if element is None:
        raise ValueError(f"{waar} bestaat niet in R4")
    return element.soort
