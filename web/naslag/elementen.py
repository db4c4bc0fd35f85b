"""Een StructureDefinition als tabel: per element hoe vaak, welk soort, uit welke lijst, en wat het betekent.

Toont de differential: wat het profiel toevoegt. Aantal en soort die het profiel niet noemt, komen van het type zelf.
FHIR R4 §5.4 (ElementDefinition). Beslist niets over geldigheid: dat doet `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from paspoort.fhir.validatie_vorm import vorm
from server.fhir.request import Json
from web.naslag.bibliotheek import Bibliotheek, Link, Stuk
from web.naslag.elementnamen import uitleg_van
from web.naslag.tonen import met_code
from web.naslag.woorden import ONDERSCHEID, STERKTE

GRENZEN: Final = {"maxLength": "hoogstens {} tekens", "minValue": "ten minste {}", "maxValue": "ten hoogste {}"}
GEWOON: Final = ("ele-1", "ext-1")  # gelden voor elk element van FHIR; in elke rij herhalen zegt niets


@dataclass(frozen=True, slots=True)
class Binding:
    """Uit welke lijst een code komt, en hoe streng dat is."""

    lijst: Link
    sterkte: str


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén invariant: haar naam, waar zij geldt, wat zij zegt en de FHIRPath die haar toetst."""

    sleutel: str
    plekken: tuple[str, ...]
    tekst: str
    expressie: str
    waarschuwing: bool


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén element. `deel` is de naam binnen zijn ouder; `snede` de naam van een slice."""

    anker: str
    niveau: int
    deel: str
    snede: str
    pad: str
    aantal: str
    verboden: bool
    verplicht: bool
    soorten: tuple[Link, ...]
    doelen: tuple[Link, ...]
    betekenis: Markup
    toelichting: str
    binding: Binding | None
    vast: tuple[tuple[str, str], ...]
    grenzen: tuple[str, ...]
    sneden: Markup
    regels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Basis:
    """Wat het type zelf over een element zegt."""

    minimum: int = 0
    maximum: str = "*"
    soorten: tuple[str, ...] = ()
    doelen: tuple[str, ...] = ()


def rijen(definitie: Json, bibliotheek: Bibliotheek) -> tuple[Rij, ...]:
    """De elementen van een StructureDefinition, zonder de wortel; van een extensie alleen wat iemand invult."""
    elementen = _elementen(definitie)
    if definitie["type"] == "Extension" and not definitie["id"].startswith("hmp-"):
        elementen = list(_ingevuld(elementen))
    ids = {_id(e) for e in elementen}
    return tuple(_rij(definitie, e, ids, bibliotheek) for e in elementen if "." in e["path"])


def _ingevuld(elementen: list[Json]) -> Iterator[Json]:
    """De onderdelen van een extensie: het vaste adres valt weg, en een waarde hoort bij haar onderdeel."""
    waarden = {_id(e).removesuffix(".value[x]"): e for e in elementen if e["path"].endswith(".value[x]")}
    for element in elementen:
        id_ = _id(element)
        if id_ == "Extension.extension" or (element.get("max") == "0" and id_.endswith((".extension", ".value[x]"))):
            continue
        if id_.endswith(".url") or (id_.endswith(".value[x]") and ":" in id_):
            continue
        if ":" in id_ and id_ in waarden:
            waarde = waarden[id_]
            yield {**{k: v for k, v in waarde.items() if k not in ("id", "path", "min", "max", "short")}, **element}
        else:
            yield element


def _id(element: Json) -> str:
    return str(element.get("id", element["path"]))


def _boven(id_: str, ids: Collection[str]) -> tuple[str, int]:
    """Het dichtstbijzijnde element erboven dat ook in de tabel staat, en hoe diep dat hangt."""
    ouder, diepte, boven = id_, 0, ""
    while "." in (ouder := ouder.rpartition(".")[0]):
        if ouder in ids:
            boven = boven or ouder
            diepte += 1
    return boven or id_.partition(".")[0], diepte


def invarianten(definitie: Json) -> tuple[Regel, ...]:
    """Elke invariant van de definitie één keer, op volgorde van de elementen, met elke plek waar zij geldt."""
    plekken: dict[str, list[str]] = {}
    regels: dict[str, Json] = {}
    for element in _elementen(definitie):
        for regel in element.get("constraint", ()):
            plekken.setdefault(regel["key"], []).append(_id(element))
            regels.setdefault(regel["key"], regel)
    return tuple(
        Regel(k, tuple(plekken[k]), r["human"], r.get("expression", ""), r.get("severity") == "warning")
        for k, r in regels.items()
    )


def _elementen(definitie: Json) -> list[Json]:
    elementen: list[Json] = (definitie.get("differential") or definitie.get("snapshot") or {}).get("element", [])
    return elementen


def _rij(definitie: Json, element: Json, ids: Collection[str], bibliotheek: Bibliotheek) -> Rij:
    id_, pad = _id(element), element["path"]
    basis = _van_het_type(definitie["type"], pad)
    minimum = element.get("min", 0 if element.get("sliceName") else basis.minimum)
    maximum = str(element.get("max", basis.maximum))
    soorten, doelen = _soorten(element, basis, bibliotheek)
    extensie = _extensie_van(element, bibliotheek)
    kort = str(element.get("short") or element.get("definition") or uitleg_van(pad) or "")
    if extensie is not None:  # de titel staat al bij het soort
        kort = extensie.omschrijving or kort
    toelichting = str(element.get("comment") or (element.get("definition", "") if element.get("short") else ""))
    boven, niveau = _boven(id_, ids)
    laatste = id_.removeprefix(f"{boven}.")
    return Rij(
        anker=id_.replace(":", "-").replace("[x]", "-x").replace("/", "-"),
        niveau=min(niveau, 4),
        deel=laatste.rpartition(":")[0] if ":" in laatste.rpartition(".")[2] else laatste,
        snede=laatste.rpartition(":")[2] if ":" in laatste.rpartition(".")[2] else "",
        pad=id_,
        aantal=f"{minimum}..{maximum}",
        verboden=maximum == "0",
        verplicht=minimum != 0,
        soorten=soorten,
        doelen=doelen,
        betekenis=met_code(kort),
        toelichting=toelichting,
        binding=_binding(element.get("binding"), bibliotheek),
        vast=_vast(element),
        grenzen=_grenzen(element),
        sneden=_sneden(element.get("slicing")),
        regels=tuple(c["key"] for c in element.get("constraint", ()) if c["key"] not in GEWOON),
    )


def _extensie_van(element: Json, bibliotheek: Bibliotheek) -> Stuk | None:
    """De extensie die op dit element komt, als die van ons is."""
    profielen = (p for soort in element.get("type", ()) for p in soort.get("profile", ()))
    stukken = (bibliotheek.op_url.get(p.partition("|")[0]) for p in profielen)
    return next((s for s in stukken if s is not None and s.soort.sleutel == "extensie"), None)


def _soorten(element: Json, basis: _Basis, bibliotheek: Bibliotheek) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """De soorten van een element en, bij een verwijzing, waarheen."""
    soorten: dict[str, Link] = {}
    doelen: dict[str, Link] = {}
    for soort in element.get("type", ()):
        code = soort["code"].rpartition("/")[2]
        for profiel in soort.get("profile", ()) or [""]:
            link = bibliotheek.link(profiel) if profiel else bibliotheek.type_link(code)
            voor = "Extensie " if code == "Extension" and profiel else ""
            soorten[link.tekst] = Link(f"{voor}{link.tekst}", link.adres)
        for doel in soort.get("targetProfile", ()):
            link = bibliotheek.link(doel)
            doelen[link.tekst] = link
    if "type" not in element:
        soorten = {s: bibliotheek.type_link(s) for s in basis.soorten}
        doelen = {d: bibliotheek.type_link(d) for d in basis.doelen}
    return tuple(soorten.values()), tuple(doelen.values())


def _van_het_type(type: str, pad: str) -> _Basis:
    """Aantal en soort zoals R4 ze geeft; een onbekend pad (achter een keuze of in een extensie) blijft open."""
    hier = vorm(type)
    delen = pad.split(".")[1:]
    for nummer, deel in enumerate(delen):
        if hier is None:
            return _Basis()
        if deel.endswith("[x]"):
            keuze = deel[:-3]
            soorten = tuple(_soortnaam(hier.elementen[n].soort) for n in hier.keuzes.get(keuze, ()))
            return _Basis(int(keuze in hier.keuze_verplicht), "1", soorten if len(soorten) < 6 else ("elk soort",))
        element = hier.elementen.get(deel)
        if element is None:
            return _Basis(0, "*", ("Extension",) if deel in ("extension", "modifierExtension") else ())
        if nummer == len(delen) - 1:
            maximum = "*" if element.lijst else "1"
            doelen = tuple(sorted(element.doelen or ())) if element.soort == "Reference" else ()
            soorten = (_soortnaam(element.soort),)
            return _Basis(int(element.verplicht), maximum, soorten, doelen if len(doelen) < 8 else ())
        hier = vorm(element.soort)
    return _Basis()


def _soortnaam(soort: str) -> str:
    """Een onderdeel van een resource heet in R4 BackboneElement."""
    gevonden = vorm(soort)
    onderdeel = gevonden is not None and not gevonden.resource and "modifierExtension" in gevonden.elementen
    return "BackboneElement" if onderdeel and soort not in ("Timing", "Dosage") else soort


def _binding(binding: Json | None, bibliotheek: Bibliotheek) -> Binding | None:
    if not binding or "valueSet" not in binding:
        return None
    sterkte = str(binding["strength"])
    return Binding(bibliotheek.link(binding["valueSet"]), STERKTE.get(sterkte, sterkte))


def _vast(element: Json) -> tuple[tuple[str, str], ...]:
    """(`precies` of `ten minste`, waarde) van elke fixed[x] en pattern[x]."""
    uit = []
    for naam, waarde in element.items():
        if naam.startswith("fixed"):
            uit.append(("precies", _in_woorden(waarde)))
        elif naam.startswith("pattern"):
            uit.append(("precies" if isinstance(waarde, str) else "ten minste", _in_woorden(waarde)))
    return tuple(uit)


def _in_woorden(waarde: Any) -> str:
    """Een vaste waarde op één regel: `stelsel|code` voor een code, anders de waarde."""
    if isinstance(waarde, dict):
        if "coding" in waarde:
            return ", ".join(_in_woorden(c) for c in waarde["coding"])
        if "code" in waarde or "system" in waarde:
            return f"{str(waarde.get('system', '')).rpartition('/')[2]}|{waarde.get('code', waarde.get('value', ''))}"
        return ", ".join(f"{k}: {_in_woorden(v)}" for k, v in waarde.items())
    if isinstance(waarde, list):
        return ", ".join(map(_in_woorden, waarde))
    return str(waarde).lower() if isinstance(waarde, bool) else str(waarde)


def _grenzen(element: Json) -> tuple[str, ...]:
    return tuple(
        zin.format(waarde)
        for naam, zin in GRENZEN.items()
        for sleutel, waarde in element.items()
        if sleutel.startswith(naam)
    )


def _sneden(slicing: Json | None) -> Markup:
    """Waaraan herhalingen uit elkaar te houden zijn, en of er andere bij mogen."""
    if not slicing:
        return Markup("")
    waaraan = _en(f"{ONDERSCHEID.get(d['type'], d['type'])} `{d['path']}`" for d in slicing.get("discriminator", ()))
    rest = {"closed": "Andere mogen niet.", "openAtEnd": "Andere mogen, achteraan."}.get(
        slicing.get("rules", "open"), "Andere mogen ook."
    )
    orde = " De volgorde ligt vast." if slicing.get("ordered") else ""
    return met_code(f"Herkend aan {waaraan}. {rest}{orde}" if waaraan else f"{rest}{orde}")


def _en(delen: Iterable[str]) -> str:
    lijst = list(delen)
    return lijst[0] if len(lijst) == 1 else " en ".join((", ".join(lijst[:-1]), lijst[-1])) if lijst else ""
