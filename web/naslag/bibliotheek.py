"""Alle definities op soort en id, met hun adres onder /docs en wie wie noemt.

Leest alleen wat de server zelf al geladen heeft; schrijft niets en kent geen HTTP. FHIR R4 §5 (Conformance).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.stelsels import BASIS
from server.fhir.request import Json
from web.naslag.woorden import SOORTEN, Soort

HL7: Final = "http://hl7.org/fhir/"
TERMINOLOGIE: Final = "http://terminology.hl7.org/"
HL7_R4: Final = "https://hl7.org/fhir/R4/"
EIGEN_BLADZIJDE: Final = {"Extension": "extensibility", "Reference": "references", "Narrative": "narrative"}


@dataclass(frozen=True, slots=True)
class Link:
    """Een naam met een adres; zonder adres is het alleen een naam. `buiten`: een bladzijde van een ander."""

    tekst: str
    adres: str = ""

    @property
    def buiten(self) -> bool:
        """Of de link van deze server af gaat."""
        return self.adres.startswith("http")


@dataclass(frozen=True, slots=True)
class Stuk:
    """Eén definitie."""

    soort: Soort
    id: str
    titel: str
    omschrijving: str
    url: str
    inhoud: Json

    @property
    def adres(self) -> str:
        """De bladzijde over deze definitie."""
        return f"/docs/{self.soort.sleutel}/{self.id}"

    @property
    def fhir_adres(self) -> str:
        """De definitie als resource op deze server."""
        return f"/fhir/{self.inhoud['resourceType']}/{self.id}"

    @property
    def link(self) -> Link:
        """Titel met adres."""
        return Link(self.titel, self.adres)


class Bibliotheek:
    """Alle definities samen. Na het maken verandert er niets meer."""

    def __init__(self, definities: Iterable[Json]) -> None:
        """`definities`: FHIR-JSON; wat geen soort van `SOORTEN` is, doet niet mee."""
        self.per_soort: dict[str, dict[str, Stuk]] = {sleutel: {} for sleutel in SOORTEN}
        self.op_url: dict[str, Stuk] = {}
        for inhoud in definities:
            soort = soort_van(inhoud)
            if soort is None:
                continue
            titel = str(inhoud.get("title") or inhoud.get("code") or inhoud.get("name") or inhoud["id"])
            stuk = Stuk(soort, inhoud["id"], titel, str(inhoud.get("description", "")), inhoud.get("url", ""), inhoud)
            self.per_soort[soort.sleutel][stuk.id] = stuk
            self.op_url[stuk.url] = stuk
        for sleutel, stukken in self.per_soort.items():
            self.per_soort[sleutel] = dict(sorted(stukken.items(), key=lambda kv: (kv[1].titel.lower(), kv[0])))
        self._genoemd: dict[str, list[Stuk]] = {}
        for stuk in self.alle():
            for url in {t for t in _teksten(stuk.inhoud) if t in self.op_url and t != stuk.url}:
                self._genoemd.setdefault(url, []).append(stuk)

    def alle(self) -> Iterator[Stuk]:
        """Elke definitie, per soort en dan op titel."""
        for stukken in self.per_soort.values():
            yield from stukken.values()

    def vind(self, soort: str, id: str) -> Stuk | None:
        """De definitie van deze soort, of None. Ook FHIR-namen mogen: `StructureDefinition`, `ValueSet`."""
        if soort in self.per_soort:
            return self.per_soort[soort].get(id)
        passend = (s.sleutel for s in SOORTEN.values() if s.fhirtype == soort)
        return next((stuk for sleutel in passend if (stuk := self.per_soort[sleutel].get(id))), None)

    def gebruikt_door(self, stuk: Stuk) -> tuple[Stuk, ...]:
        """Wie deze definitie noemt, op soort en titel; het CapabilityStatement noemt alles en telt niet mee."""
        return tuple(s for s in self._genoemd.get(stuk.url, ()) if s.soort.sleutel != "mogelijkheden")

    def link(self, canonical: str) -> Link:
        """De bladzijde bij een canonical url (met of zonder `|versie`), of van HL7, of alleen de tekst."""
        url, _, versie = canonical.partition("|")
        if stuk := self.op_url.get(url):
            return stuk.link
        naam = url.rpartition("/")[2]
        if url.startswith(f"{HL7}StructureDefinition/"):
            return self.type_link(naam)
        if url.startswith(HL7):
            return Link(naam, _bij_hl7(url.removeprefix(HL7)))
        if url.startswith(TERMINOLOGIE):
            return Link(naam, f"https://{url.removeprefix('http://').removesuffix(naam).rstrip('/')}-{naam}.html")
        return Link(f"{url}|{versie}" if versie else url, url if url.startswith("https://") else "")

    def type_link(self, type: str) -> Link:
        """De bladzijde over een FHIR-type: ons profiel als wij het hebben, anders die van HL7."""
        stuk = self.op_url.get(f"{BASIS}StructureDefinition/hmp-{type}")
        return Link(type, stuk.adres) if stuk else Link(type, type_bij_hl7(type))

    def zoek(self, woorden: str, soort: str | None = None) -> list[Stuk]:
        """Elke definitie waarin elk woord voorkomt; wie het in titel of id heeft, staat voorop."""
        gezocht = woorden.lower().split()
        gevonden = []
        for stuk in self.per_soort[soort].values() if soort else self.alle():
            kop = f"{stuk.titel} {stuk.id}".lower()
            if all(w in kop for w in gezocht):
                gevonden.append((0, stuk))
            elif all(w in kop or w in self.zoektekst(stuk) for w in gezocht):
                gevonden.append((1, stuk))
        return [stuk for _, stuk in sorted(gevonden, key=lambda paar: paar[0])]

    def zoektekst(self, stuk: Stuk) -> str:
        """Alles waarop een mens een definitie zou zoeken: omschrijving, codes, vragen, elementen; kleine letters."""
        velden = ("description", "display", "text", "short", "code", "documentation", "definition", "human")
        return " ".join(_velden(stuk.inhoud, velden)).lower()


def soort_van(inhoud: Json) -> Soort | None:
    """De soort van een definitie; een StructureDefinition is een extensie of een profiel."""
    type_ = inhoud["resourceType"]
    if type_ == "StructureDefinition":
        onze = inhoud.get("type") == "Extension" and not inhoud["id"].startswith("hmp-")
        return SOORTEN["extensie" if onze else "profiel"]
    return next((s for s in SOORTEN.values() if s.fhirtype == type_), None)


def type_bij_hl7(type: str) -> str:
    """De bladzijde van HL7 over een type of datatype van R4."""
    if type[:1].islower():
        return f"{HL7_R4}datatypes.html#{type}"
    if type in EIGEN_BLADZIJDE:
        return f"{HL7_R4}{EIGEN_BLADZIJDE[type]}.html"
    if type == "BackboneElement":
        return f"{HL7_R4}backboneelement.html"
    datatypes = ("Coding", "CodeableConcept", "Quantity", "Money", "Period", "Attachment", "Identifier", "HumanName",
                 "Address", "ContactPoint", "Timing", "Signature", "Annotation", "Range", "Ratio", "Age", "Duration",
                 "SampledData", "Count", "Distance")  # fmt: skip
    return f"{HL7_R4}datatypes.html#{type}" if type in datatypes else f"{HL7_R4}{type.lower()}.html"


def _bij_hl7(staart: str) -> str:
    soort, _, naam = staart.partition("/")
    if not naam:
        return f"{HL7_R4}codesystem-{soort}.html"
    voor = {"ValueSet": "valueset-", "CodeSystem": "codesystem-"}.get(soort)
    if voor:
        return f"{HL7_R4}{voor}{naam}.html"
    if soort == "SearchParameter":
        return f"{HL7_R4}searchparameter-registry.html#{naam}"
    if soort == "OperationDefinition":
        type_, _, operatie = naam.partition("-")
        return f"{HL7_R4}{type_.lower()}-operation-{operatie}.html"
    return f"{HL7_R4}{naam.lower()}.html"


def _teksten(waarde: Any) -> Iterator[str]:
    if isinstance(waarde, str):
        yield waarde.partition("|")[0]
    elif isinstance(waarde, dict):
        for binnen in waarde.values():
            yield from _teksten(binnen)
    elif isinstance(waarde, list):
        for binnen in waarde:
            yield from _teksten(binnen)


def _velden(waarde: Any, namen: tuple[str, ...]) -> Iterator[str]:
    if isinstance(waarde, dict):
        for naam, binnen in waarde.items():
            if isinstance(binnen, str) and naam in namen:
                yield binnen
            else:
                yield from _velden(binnen, namen)
    elif isinstance(waarde, list):
        for binnen in waarde:
            yield from _velden(binnen, namen)
