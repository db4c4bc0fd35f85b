"""Van de differential van een StructureDefinition naar een boom van regels die snel is na te lopen.

Ondersteunt wat onze profielen gebruiken: min, max, type, targetProfile, fixed[x], pattern[x], binding, en slicing op
waarde, patroon of extensie-url. Een pad dat R4 niet kent, is een fout bij het laden. Geen invarianten (`constraint`).
FHIR R4 §5.3 (StructureDefinition), §5.1.0.14 (Discriminator).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_codes import Codes, Waardelijst
from paspoort.fhir.validatie_vorm import Vorm, vorm


@dataclass(slots=True)
class Plakken:
    """De slicing van één element: waaraan een plak herkend wordt, en of er iets buiten de plakken mag staan."""

    paden: tuple[tuple[str, ...], ...]
    gesloten: bool
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
    patroon: Any = None
    precies: bool = False  # fixed[x] in plaats van pattern[x]
    waardelijst: Waardelijst | None = None
    verplichte_lijst: bool = False
    doelen: frozenset[str] | None = None
    kinderen: dict[str, Regel] = field(default_factory=dict)
    plakken: Plakken | None = None
    kenmerken: tuple[tuple[tuple[str, ...], Any], ...] = ()  # alleen bij een plak: (pad, patroon)


def bouw(definitie: Json, codes: Codes) -> Regel:
    """De regelboom van een StructureDefinition. Werpt ValueError bij een pad, soort of waardelijst die er niet is."""
    soort = definitie["type"]
    wortel = Regel(soort, {soort: soort}, lijst=False)
    for element in definitie.get("differential", {}).get("element", ()):
        stukken = element["id"].split(".")
        if stukken[0] != soort:
            raise ValueError(f"{definitie['url']}: {element['id']} begint niet met {soort}")
        regel = wortel
        for stuk in stukken[1:]:
            regel = _daal(regel, stuk, f"{definitie['url']} {element['id']}")
        _vul(regel, element, codes, definitie["url"])
    _kenmerk(wortel, definitie["url"])
    return wortel


def vorm_van_pad(pad: str) -> str:
    """`CarePlan.activity.detail` → `CarePlanActivityDetail`: de naam van de vorm waar een pad op uitkomt."""
    eerste, *rest = pad.split(".")
    huidig = _vorm(eerste, pad)
    for naam in rest:
        if naam not in huidig.elementen:
            raise ValueError(f"{pad} bestaat niet in R4")
        huidig = _vorm(huidig.elementen[naam].soort, pad)
    return huidig.naam


def _vorm(naam: str, waar: str) -> Vorm:
    gevonden = vorm(naam)
    if gevonden is None:
        raise ValueError(f"{waar}: {naam} is geen type van R4")
    return gevonden


def _daal(ouder: Regel, stuk: str, waar: str) -> Regel:
    naam, _, plak = stuk.partition(":")
    regel = ouder.kinderen.get(naam)
    if regel is None:
        soorten = {ouder.namen[n] for n in ouder.soorten or ouder.namen}
        if len(soorten) != 1:
            raise ValueError(f"{waar}: kies eerst één soort voor {ouder.naam}")
        regel = ouder.kinderen[naam] = _nieuw(_vorm(soorten.pop(), waar), naam, waar)
    if not plak:
        return regel
    if regel.plakken is None:
        if naam not in ("extension", "modifierExtension"):
            raise ValueError(f"{waar}: plak zonder slicing")
        regel.plakken = Plakken((("url",),), gesloten=False)
    if plak not in regel.plakken.plak:
        regel.plakken.plak[plak] = Regel(naam, regel.namen, regel.lijst)
    return regel.plakken.plak[plak]


def _nieuw(ouder: Vorm, naam: str, waar: str) -> Regel:
    if naam.endswith("[x]"):
        keuze = ouder.keuzes.get(naam[:-3])
        if keuze is None:
            raise ValueError(f"{waar}: {naam} bestaat niet in {ouder.naam}")
        return Regel(naam[:-3], {n: ouder.elementen[n].soort for n in keuze}, lijst=False)
    element = ouder.elementen.get(naam)
    if element is None:
        raise ValueError(f"{waar}: {naam} bestaat niet in {ouder.naam}")
    return Regel(naam, {naam: element.soort}, lijst=element.lijst)


def _vul(regel: Regel, element: Json, codes: Codes, profiel: str) -> None:
    regel.min = element.get("min", regel.min)
    if (hoogst := element.get("max")) is not None:
        regel.max = None if hoogst == "*" else int(hoogst)
    if "slicing" in element:
        paden = tuple(_pad(d["path"]) for d in element["slicing"]["discriminator"])
        regel.plakken = Plakken(paden, element["slicing"].get("rules") == "closed")
    typen = element.get("type", ())
    if typen and len(regel.namen) > 1:
        mogen = {t["code"] for t in typen}
        regel.soorten = frozenset(naam for naam, soort in regel.namen.items() if soort in mogen)
        if len(regel.soorten) != len(mogen):
            raise ValueError(f"{profiel}: {element['id']} kan niet {sorted(mogen)} zijn")
    doelen = frozenset(_doel(d) for t in typen for d in t.get("targetProfile", ()))
    if doelen and "Resource" not in doelen:
        regel.doelen = doelen
    if extensies := [p for t in typen for p in t.get("profile", ()) if t["code"] == "Extension"]:
        regel.kenmerken = ((("url",), extensies[0]),)
    for sleutel, waarde in element.items():
        if sleutel.startswith(("fixed", "pattern")):
            regel.patroon, regel.precies = waarde, sleutel.startswith("fixed")
    if (binding := element.get("binding")) and binding["strength"] in ("required", "extensible"):
        regel.waardelijst = codes.lijst(binding["valueSet"])
        regel.verplichte_lijst = binding["strength"] == "required"
        if regel.waardelijst is None and binding["valueSet"].startswith(BASIS):
            raise ValueError(f"{profiel}: waardelijst {binding['valueSet']} bestaat niet")


def _kenmerk(regel: Regel, profiel: str) -> None:
    """Zoek van elke plak op waaraan hij herkend wordt: het patroon op het pad van de discriminator."""
    for kind in regel.kinderen.values():
        _kenmerk(kind, profiel)
    if regel.plakken is None:
        return
    for naam, plak in regel.plakken.plak.items():
        _kenmerk(plak, profiel)
        if plak.kenmerken:
            continue
        gevonden = []
        for pad in regel.plakken.paden:
            bron: Regel | None = plak
            for stuk in pad:
                bron = bron.kinderen.get(stuk) if bron else None
            if bron is None or bron.patroon is None:
                raise ValueError(f"{profiel}: plak {regel.naam}:{naam} heeft geen patroon op {pad or '$this'}")
            gevonden.append((pad, bron.patroon))
        plak.kenmerken = tuple(gevonden)


def _pad(tekst: str) -> tuple[str, ...]:
    return () if tekst == "$this" else tuple(tekst.split("."))


def _doel(canonical: str) -> str:
    return canonical.rpartition("/")[2].removeprefix("hmp-")


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
