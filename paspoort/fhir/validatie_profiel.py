"""Toetst een resource aan onze profielen en extensies: het minimumprofiel altijd, een geclaimd profiel erbij.

De regels zelf staan in `fhir_profiles`; hier staat alleen hoe een regel wordt toegepast. Een profiel met de extensie
`geldt-bij` geldt voor elke resource die aan het patroon op dat pad voldoet, geclaimd of niet; een profiel met
`gesloten` laat nergens extensies van anderen toe.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import BASIS, extension, profiel, waardelijst
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.validatie_regel import Regel, bij_pad, bouw, past_patroon, vorm_van_pad
from paspoort.fhir.validatie_structuur import Wandeling, opsomming
from paspoort.fhir.validatie_vorm import PRIMITIEVEN, is_resourcetype

GELDT_BIJ = extension("geldt-bij")
GESLOTEN = extension("gesloten")
R4_LIJST = waardelijst("r4-")  # volledige codelijsten van R4 zelf
_OVERAL = "Element"


class Profielen:
    """Alle StructureDefinitions, ontleed. `datatypecodes`: volledige codelijsten van datatypes, voor de wandeling."""

    def __init__(self, definities: Iterable[Json], codes: Codes) -> None:
        self._profielen: dict[str, Regel] = {}
        self._extensies: dict[str, tuple[Regel, frozenset[str]]] = {}
        self._bijpassend: dict[str, list[tuple[str, tuple[str, ...], Regel]]] = {}
        self._gesloten: set[str] = set()
        self.datatypecodes: dict[tuple[str, str], frozenset[str]] = {}
        for definitie in definities:
            boom = bouw(definitie, codes)
            url = definitie["url"]
            if definitie["type"] == "Extension":
                plaatsen = {c["expression"] for c in definitie["context"]}
                vormen = frozenset(p if p == _OVERAL else vorm_van_pad(p) for p in plaatsen)
                self._extensies[url] = (boom, vormen)
            elif is_resourcetype(definitie["type"]):
                self._profielen[url] = boom
                if url == profiel(definitie["type"]):
                    self._onthoud_codes(boom, definitie["type"])
                for extensie in definitie.get("extension", ()):
                    if extensie["url"] == GESLOTEN and extensie["valueBoolean"]:
                        self._gesloten.add(url)
                    elif extensie["url"] == GELDT_BIJ:
                        pad = tuple(extensie["valueString"].split(".")[1:])
                        self._bijpassend.setdefault(definitie["type"], []).append((url, pad, boom))
            else:
                self._onthoud_codes(boom, definitie["type"])

    @property
    def typen(self) -> frozenset[str]:
        """De resourcetypen waar een profiel voor is."""
        return frozenset(boom.naam for boom in self._profielen.values())

    def toets(self, w: Wandeling, inhoud: Json, plek: str) -> None:
        """Toets één resource; de extensies die de wandeling vond, horen bij de eerste aanroep."""
        soort = str(inhoud.get("resourceType"))
        geldend = {profiel(soort)} & self._profielen.keys()
        for url, pad, boom in self._bijpassend.get(soort, ()):
            regel = boom
            for stuk in pad:
                regel = regel.kinderen[stuk]
            if any(past_patroon(regel.patroon, waarde) for waarde in bij_pad(inhoud, pad)):
                geldend.add(url)
        for nummer, url in enumerate(_geclaimd(inhoud)):
            bekend = self._profielen.get(url.partition("|")[0])
            hier = f"{plek}.meta.profile[{nummer}]"
            if bekend is None:
                w.meld("fhir-profiel-onbekend", hier, ernst="warning")
            elif bekend.naam != soort:
                w.meld("fhir-profiel-type", hier, type=bekend.naam)
            else:
                geldend.add(url.partition("|")[0])
        for url in sorted(geldend):
            _kinderen(w, self._profielen[url], inhoud, plek, url.rpartition("/")[2])
            if url in self._gesloten:
                for vreemd in (v for v in w.vreemd if v.startswith(f"{plek}.")):
                    w.meld("fhir-niet-toegestaan", vreemd, profiel=url.rpartition("/")[2])
        self._toets_extensies(w)

    def _toets_extensies(self, w: Wandeling) -> None:
        for plek, ouder, extensie in w.extensies:
            url = extensie["url"]
            if url not in self._extensies:
                w.meld("fhir-extensie-onbekend", f"{plek}.url")
                continue
            boom, plaatsen = self._extensies[url]
            if ouder not in plaatsen and _OVERAL not in plaatsen:
                w.meld("fhir-extensie-plaats", plek, plaatsen=opsomming(plaatsen))
            _kinderen(w, boom, extensie, plek, url.rpartition("/")[2])
        w.extensies.clear()

    def _onthoud_codes(self, boom: Regel, soort: str) -> None:
        """Volledige R4-lijsten gelden overal waar het onderdeel voorkomt, ook genest (Questionnaire.item.item)."""
        for kind in boom.kinderen.values():
            lijst = kind.waardelijst
            if lijst is not None and lijst.url.startswith(R4_LIJST) and kind.namen.get(kind.naam) == "code":
                self.datatypecodes[soort, kind.naam] = lijst.kaal
            if kind.kinderen and kind.naam in kind.namen:
                self._onthoud_codes(kind, kind.namen[kind.naam])


def _geclaimd(inhoud: Json) -> list[str]:
    meta = inhoud.get("meta")
    lijst = meta.get("profile") if isinstance(meta, dict) else None
    return [url for url in lijst if isinstance(url, str)] if isinstance(lijst, list) else []


def _kinderen(w: Wandeling, regel: Regel, ouder: Json, plek: str, naam: str) -> None:
    for kind in regel.kinderen.values():
        gevonden = [n for n in kind.namen if n in ouder or f"_{n}" in ouder]
        if not gevonden:
            if kind.min > 0:
                w.meld("fhir-verplicht", f"{plek}.{kind.naam}")
            continue
        if kind.soorten is not None and gevonden[0] not in kind.soorten:
            soorten = [kind.namen[n] for n in kind.soorten]
            w.meld("fhir-profiel-soort", f"{plek}.{gevonden[0]}", profiel=naam, soorten=opsomming(soorten))
            continue
        hier, soort = f"{plek}.{gevonden[0]}", kind.namen[gevonden[0]]
        waarde = ouder.get(gevonden[0])
        if waarde is None and isinstance(ernaast := ouder.get(f"_{gevonden[0]}"), list):
            waarde = [None] * len(ernaast)
        stukken = [(hier, waarde)]
        if isinstance(waarde, list):
            stukken = [(f"{hier}[{nummer}]", een) for nummer, een in enumerate(waarde)]
        _tel(w, kind, stukken, hier, naam)
        if kind.max == 0:
            continue
        for waar, een in stukken:
            _een(w, kind, soort, een, waar, naam)
        if kind.plakken is not None:
            _plakken(w, kind, soort, stukken, hier, naam)


def _tel(w: Wandeling, regel: Regel, stukken: list[tuple[str, Any]], plek: str, naam: str) -> None:
    if len(stukken) < regel.min:
        w.meld("fhir-verplicht" if regel.min == 1 else "fhir-te-weinig", plek, min=str(regel.min))
    elif regel.max == 0 and stukken:
        w.meld("fhir-niet-toegestaan", stukken[0][0], profiel=naam)
    elif regel.max is not None and len(stukken) > regel.max:
        w.meld("fhir-te-veel", stukken[regel.max][0], max=str(regel.max))


def _een(w: Wandeling, regel: Regel, soort: str, waarde: Any, plek: str, naam: str) -> None:
    if waarde is None:  # alleen een toevoeging (bijvoorbeeld data-absent-reason): er is geen waarde om te toetsen
        return
    if regel.patroon is not None:
        goed = waarde == regel.patroon if regel.precies else past_patroon(regel.patroon, waarde)
        if not goed:
            w.meld("fhir-profiel-waarde", plek, profiel=naam, verwacht=_kort(regel.patroon))
    if regel.waardelijst is not None:
        _code(w, regel, soort, waarde, plek)
    if regel.doelen is not None and isinstance(waarde, dict) and isinstance(tekst := waarde.get("reference"), str):
        doel = ontleed(tekst)
        if doel is not None and doel[0] not in regel.doelen:
            w.meld("fhir-verwijzing-doel", f"{plek}.reference", doelen=opsomming(regel.doelen))
    if regel.kinderen and isinstance(waarde, dict):
        _kinderen(w, regel, waarde, plek, naam)


def _plakken(w: Wandeling, regel: Regel, soort: str, stukken: list[tuple[str, Any]], plek: str, naam: str) -> None:
    assert regel.plakken is not None
    over = list(stukken)
    for plak in regel.plakken.plak.values():
        passend = [(waar, een) for waar, een in over if _herkent(plak, een)]
        over = [stuk for stuk in over if stuk not in passend]
        _tel(w, plak, passend, plek, naam)
        if plak.max != 0:
            for waar, een in passend:
                _een(w, plak, soort, een, waar, naam)
    if regel.plakken.gesloten:
        for waar, _ in over:
            w.meld("fhir-profiel-regel", waar, profiel=naam)


def _herkent(plak: Regel, waarde: Any) -> bool:
    return all(any(past_patroon(patroon, een) for een in bij_pad(waarde, pad)) for pad, patroon in plak.kenmerken)


def _code(w: Wandeling, regel: Regel, soort: str, waarde: Any, plek: str) -> None:
    lijst = regel.waardelijst
    assert lijst is not None
    if soort in PRIMITIEVEN:
        uitkomsten = ["erin" if isinstance(waarde, str) and waarde in lijst.kaal else "eruit"]
        waar = plek
    elif isinstance(waarde, dict):
        codings = [waarde] if soort == "Coding" else waarde.get("coding", [])
        codings = [c for c in codings if isinstance(c, dict)] if isinstance(codings, list) else []
        uitkomsten = [lijst.bevat(c.get("system"), c.get("code")) for c in codings]
        waar = plek if soort == "Coding" else f"{plek}.coding[0]" if codings else f"{plek}.coding"
    else:
        return
    if "erin" in uitkomsten or "onbekend" in uitkomsten:
        return
    if regel.verplichte_lijst and not lijst.open_stelsels:
        w.meld("fhir-code-onbekend", waar, codes=opsomming(lijst.kaal))
    elif uitkomsten:
        w.meld("fhir-code-buiten-lijst", waar, lijst=lijst.url.rpartition("/")[2], ernst="warning")


def _kort(patroon: Any) -> str:
    """Een patroon in een paar woorden: de codes en waarden die erin staan."""
    if isinstance(patroon, dict):
        delen = [_kort(v) for n, v in patroon.items() if n != "system" or "code" not in patroon]
        return " ".join(delen)
    if isinstance(patroon, list):
        return ", ".join(map(_kort, patroon))
    return str(patroon).removeprefix(BASIS)
