"""Toetst een resource aan profielen en extensies: het minimumprofiel altijd, een geclaimd profiel erbij.

De regels zelf staan in `fhir_profiles`; hier staat alleen hoe een regel wordt toegepast. Een profiel met de extensie
`geldt-bij` geldt voor elke resource die aan het patroon op dat pad voldoet, geclaimd of niet; een profiel met
`gesloten` laat nergens extensies van anderen toe. FHIR R4 §5.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension, profiel
from paspoort.fhir.validatie_bouw import Bouwer
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.validatie_pad import Invariant, invariant
from paspoort.fhir.validatie_regel import Regel, bij_pad, voldoet, vorm_van_pad
from paspoort.fhir.validatie_structuur import Wandeling
from paspoort.fhir.validatie_toets import Toets
from paspoort.fhir.validatie_verwijzing import opsomming
from paspoort.fhir.validatie_vorm import PRIMITIEVEN, is_resourcetype, vorm

GELDT_BIJ = extension("geldt-bij")
GESLOTEN = extension("gesloten")


@dataclass(frozen=True, slots=True)
class Extensie:
    """Een extensie die wij kennen: haar regels, en waar zij mag (leeg: overal). `wijzigt`: een modifierExtension.

    `verband`: per vorm van de drager de regels over drager en extensie samen (StructureDefinition.contextInvariant).
    """

    naam: str
    boom: Regel
    plaatsen: frozenset[str]
    wijzigt: bool
    verband: dict[str, tuple[Invariant, ...]]


class Profielen:
    """Alle StructureDefinitions, ontleed."""

    def __init__(self, definities: Iterable[Json], codes: Codes) -> None:
        """Werpt ValueError als een definitie naar iets wijst dat er niet is."""
        alle = {d["url"]: d for d in definities}
        self.codes = codes
        self.bouwer = Bouwer(alle, codes)
        self.extensies: dict[str, Extensie] = {}
        self._profielen: dict[str, Regel] = {}
        self._bijpassend: dict[str, list[tuple[str, tuple[str, ...], Regel]]] = {}
        self._gesloten: set[str] = set()
        for url, definitie in alle.items():
            boom = self.bouwer.boom(url)
            if definitie["type"] == "Extension" and url != profiel("Extension"):
                self._extensie(definitie, boom)
            elif is_resourcetype(definitie["type"]):
                self._profielen[url] = boom
                for merk in definitie.get("extension", ()):
                    if merk["url"] == GESLOTEN and merk["valueBoolean"]:
                        self._gesloten.add(url)
                    elif merk["url"] == GELDT_BIJ:
                        pad = tuple(merk["valueString"].split(".")[1:])
                        self._bijpassend.setdefault(definitie["type"], []).append((url, pad, boom))

    @property
    def typen(self) -> frozenset[str]:
        """De resourcetypen waar een profiel voor is."""
        return frozenset(boom.naam for boom in self._profielen.values())

    def toets(
        self, w: Wandeling, inhoud: Json, plek: str, bundel: Json | None = None, extra: Iterable[str] = ()
    ) -> None:
        """Toets één resource, en wat erin zit voor zover het een profiel claimt. `extra`: profielen die ook gelden."""
        soort = str(inhoud.get("resourceType"))
        geldend = {profiel(soort), *extra} & self._profielen.keys()
        for url, pad, boom in self._bijpassend.get(soort, ()):
            regel = boom
            for stuk in pad:
                regel = regel.kinderen[stuk]
            if any(voldoet(regel.patronen, waarde) for waarde in bij_pad(inhoud, pad)):
                geldend.add(url)
        self._pas_toe(w, Toets(w, self, inhoud, inhoud, bundel), plek, geldend)
        ingesloten = inhoud.get("contained")
        for nummer, binnen in enumerate(ingesloten if isinstance(ingesloten, list) else ()):
            if isinstance(binnen, dict) and "meta" in binnen:
                self._pas_toe(w, Toets(w, self, binnen, inhoud, bundel), f"{plek}.contained[{nummer}]", set())

    def _pas_toe(self, w: Wandeling, toets: Toets, plek: str, geldend: set[str]) -> None:
        inhoud = toets.resource
        soort = inhoud.get("resourceType")
        for nummer, url in enumerate(_geclaimd(inhoud)):
            kaal, _, versie = url.partition("|")
            bekend = self._profielen.get(kaal)
            hier = f"{plek}.meta.profile[{nummer}]"
            if bekend is None or versie not in ("", self.bouwer.definities[kaal].get("version", versie)):
                w.meld("fhir-profiel-onbekend", hier, ernst="warning")
            elif bekend.naam != soort:
                w.meld("fhir-profiel-type", hier, type=bekend.naam)
            else:
                geldend.add(kaal)
        for url in sorted(geldend):
            toets.wortel_van(self._profielen[url], plek, url.rpartition("/")[2])
            if url in self._gesloten:
                for vreemd in (v for v in w.vreemd if v.startswith(f"{plek}.")):
                    w.meld("fhir-niet-toegestaan", vreemd, profiel=url.rpartition("/")[2])

    def toets_extensies(self, w: Wandeling) -> None:
        """Toets elke extensie die de wandeling tegenkwam en die wij kennen."""
        drager_van = {id(e): d for d in w.dragers for e in _lijst(d.get("extension"))}
        for plek, ouder, extensie, resource, wortel in w.extensies:
            bekend = self.extensies.get(extensie["url"])
            if bekend is None:
                w.meld("fhir-extensie-onbekend", f"{plek}.url")
                continue
            if bekend.plaatsen and not _mag_op(ouder, bekend.plaatsen):
                w.meld("fhir-extensie-plaats", plek, plaatsen=opsomming(bekend.plaatsen))
            if bekend.wijzigt != (".modifierExtension[" in plek[plek.rfind(".") :]):
                w.meld("fhir-extensie-plaats", plek, plaatsen="modifierExtension" if bekend.wijzigt else "extension")
            toets = Toets(w, self, resource, wortel, None)
            toets.waarde_van(bekend.boom, "Extension", extensie, plek, bekend.naam)
            for regel in bekend.verband.get(ouder, ()):
                if not regel.geldt(drager_van.get(id(extensie)), replace(toets.omgeving, extensie=extensie)):
                    w.meld_regel(regel, plek)

    def _extensie(self, definitie: Json, boom: Regel) -> None:
        plaatsen: set[str] = set()
        for context in definitie.get("context", ()):
            if context["type"] != "element":
                plaatsen.clear()  # fhirpath en extension zijn hier niet na te gaan
                break
            plaatsen.add(_plaats(context["expression"]))
        vast = boom.kinderen.get("url")
        url = vast.patronen[0][0] if vast is not None and vast.patronen else definitie["url"]
        wortel: Json = next((e for e in definitie["differential"]["element"] if e["id"] == "Extension"), {})
        vrij = frozenset() if "Element" in plaatsen else frozenset(plaatsen)
        verband = {plaats: _verband(definitie, plaats) for plaats in plaatsen if "contextInvariant" in definitie}
        self.extensies[url] = Extensie(definitie["id"], boom, vrij, bool(wortel.get("isModifier")), verband)


def _verband(definitie: Json, plaats: str) -> tuple[Invariant, ...]:
    pad = next(c["expression"] for c in definitie["context"] if _plaats(c["expression"]) == plaats)
    regels = []
    for uitdrukking in definitie["contextInvariant"]:
        tekst = f"Deze extensie mag hier alleen als: {uitdrukking}"
        constraint = {"key": definitie["id"], "severity": "error", "human": tekst, "expression": uitdrukking}
        regels.append(invariant(constraint, plaats, pad, None, definitie["url"]))
    return tuple(regel for regel in regels if regel is not None)


def _lijst(waarde: object) -> list[Any]:
    return waarde if isinstance(waarde, list) else []


def _plaats(pad: str) -> str:
    return pad if pad in PRIMITIEVEN or vorm(pad) is not None else vorm_van_pad(pad)


def _mag_op(ouder: str, plaatsen: frozenset[str]) -> bool:
    """`ouder`: een vorm (`Patient`, `HumanName`) of een primitief daarin (`HumanName.family`)."""
    if ouder in plaatsen:
        return True
    v = vorm(ouder)
    if v is not None:
        return not plaatsen.isdisjoint(v.afkomst)
    houder, _, naam = ouder.partition(".")
    binnen = vorm(houder)
    element = binnen.elementen.get(naam) if binnen else None
    return element is not None and element.soort in plaatsen


def _geclaimd(inhoud: Json) -> list[str]:
    meta = inhoud.get("meta")
    lijst = meta.get("profile") if isinstance(meta, dict) else None
    return [url for url in lijst if isinstance(url, str)] if isinstance(lijst, list) else []
