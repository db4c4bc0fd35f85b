"""Van query-regels naar een zoekvraag: wat wordt gezocht, hoe gesorteerd, hoeveel, wat komt mee.

Alle fouten samen, elk met de naam van de parameter als plek. Zoekt zelf niet. Bron: FHIR R4 search.html (§3.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.search.vergelijken import controleer_waarde
from server.registry import GEMEENSCHAPPELIJK, TYPES, Resourcetype, SearchParam

AANTAL: Final = 50
AANTAL_HOOGSTENS: Final = 500
WAARDEN_HOOGSTENS: Final = 100
LENGTE_HOOGSTENS: Final = 2000

# soort parameter: de bepalers die zij kent, naast :missing.
BEPALERS: Final[dict[str, tuple[str, ...]]] = {
    "token": ("not",),
    "string": ("exact", "contains"),
    "reference": (),  # een type als bepaler: patient:Patient
    "date": (),
    "uri": (),
    "number": (),
    "quantity": (),
}
UITVOER: Final = (
    "_count",
    "_sort",
    "_total",
    "_include",
    "_revinclude",
    "_summary",
    "_elements",
    "_format",
    "_pretty",
    "_bladzijde",
)
SAMENVATTINGEN: Final = ("true", "text", "data", "count", "false")
_KETEN: Final = re.compile(r"([a-z-]+)(?::([A-Za-z]+))?\.([\w-]+)")


@dataclass(frozen=True, slots=True)
class Filter:
    """Eén voorwaarde: één van de waarden moet passen. `keten` zoekt op een parameter van waar deze naar verwijst."""

    parameter: SearchParam
    bepaler: str | None
    waarden: tuple[str, ...]
    keten: tuple[str, Filter] | None = None  # (type waar naar verwezen wordt, voorwaarde daarop)


@dataclass(frozen=True, slots=True)
class Meenemen:
    """Een `_include` of `_revinclude`: `bron:parameter[:doel]`."""

    bron: str
    parameter: SearchParam
    doel: str | None


@dataclass(frozen=True, slots=True)
class Zoekvraag:
    """Een zoekvraag op één type, helemaal nagekeken."""

    type: str
    filters: tuple[Filter, ...] = ()
    includes: tuple[Meenemen, ...] = ()
    revincludes: tuple[Meenemen, ...] = ()
    sorteer: tuple[tuple[SearchParam, bool], ...] = ()  # (parameter, aflopend)
    aantal: int = AANTAL
    totaal: Literal["none", "estimate", "accurate"] = "accurate"
    alleen_tellen: bool = False
    bladzijde: str | None = None
    herhaal: tuple[tuple[str, str], ...] = ()  # de query zonder bladzijde, voor de links

    def waarde(self, *namen: str) -> tuple[str, ...]:
        """De waarden van de eerste gewone voorwaarde met een van deze namen, of leeg."""
        for f in self.filters:
            if f.parameter.name in namen and f.keten is None and f.bepaler in (None, "Patient"):
                return f.waarden
        return ()


def ontleed(soort: Resourcetype, query: Sequence[tuple[str, str]], via_post: bool) -> Zoekvraag:
    """De query van één type als zoekvraag.

    PaspoortFout met alle fouten: `zoek-onbekend`, `zoek-waarde`, `zoek-bepaler`, `zoek-met-post`. Een vraag in het
    adres wordt onthouden; die uit een formulier niet, want daar kan een BSN in staan.
    """
    if via_post or TYPES.get(soort.name) is not soort:
        return _ontleed(soort, query, via_post)
    return _ontleed_uit_adres(soort.name, tuple(query))


@lru_cache(maxsize=4096)
def _ontleed_uit_adres(type: str, query: tuple[tuple[str, str], ...]) -> Zoekvraag:
    return _ontleed(TYPES[type], query, False)


def _ontleed(soort: Resourcetype, query: Sequence[tuple[str, str]], via_post: bool) -> Zoekvraag:
    fouten: list[Melding] = []
    filters: list[Filter] = []
    uitvoer: dict[str, list[str]] = {}
    for naam, waarde in query:
        if naam.partition(":")[0] in UITVOER:
            uitvoer.setdefault(naam, []).append(waarde)
            continue
        try:
            filters.append(_filter(soort, naam, waarde, via_post))
        except PaspoortFout as fout:
            fouten.extend(fout.meldingen)
    kop = _Uitvoer(soort, uitvoer, fouten)
    vraag = Zoekvraag(
        soort.name,
        tuple(filters),
        kop.meenemen("_include"),
        kop.meenemen("_revinclude"),
        kop.sorteer(),
        kop.aantal(),
        kop.keuze("_total", ("none", "estimate", "accurate"), "accurate"),  # type: ignore[arg-type]
        kop.keuze("_summary", SAMENVATTINGEN, "false") == "count",
        kop.een("_bladzijde"),
        tuple((n, w) for n, w in query if n != "_bladzijde"),
    )
    fouten.extend(
        Melding("zoek-bepaler", n, {"naam": _kort(n.partition(":")[0]), "bepaler": _kort(n.partition(":")[2])})
        for n in uitvoer
        if ":" in n
    )
    fouten.extend(Melding("zoek-onbekend", n, {"naam": n}) for n in uitvoer if n == "_elements")
    if kop.keuze("_summary", SAMENVATTINGEN, "false") in ("true", "text", "data"):
        fouten.append(Melding("zoek-waarde", "_summary", {"naam": "_summary"}))
    if fouten:
        raise PaspoortFout(*_uniek(fouten))
    return vraag


def _uniek(fouten: list[Melding]) -> list[Melding]:
    uit: list[Melding] = []
    for fout in fouten:
        if fout not in uit:
            uit.append(fout)
    return uit


def _filter(soort: Resourcetype, naam: str, waarde: str, via_post: bool) -> Filter:
    if m := _KETEN.fullmatch(naam):
        return _keten(soort, naam, m, waarde, via_post)
    kaal, _, bepaler = naam.partition(":")
    parameter = soort.parameter(kaal)
    if parameter is None:
        raise PaspoortFout(Melding("zoek-onbekend", _kort(naam), {"naam": _kort(naam)}))
    waarden = tuple(_komma(waarde))
    fout = Melding("zoek-waarde", naam, {"naam": _kort(naam)})
    if not waarden or len(waarden) > WAARDEN_HOOGSTENS or len(waarde) > LENGTE_HOOGSTENS or "" in waarden:
        raise PaspoortFout(fout)
    if bepaler == "missing":
        if waarden not in (("true",), ("false",)):
            raise PaspoortFout(fout)
        return Filter(parameter, bepaler, waarden)
    mag = parameter.type == "reference" and (
        bepaler in parameter.target or (bool(bepaler) and parameter.target == ("*",) and bepaler in TYPES)
    )
    if bepaler and bepaler not in BEPALERS[parameter.type] and not mag:
        raise PaspoortFout(Melding("zoek-bepaler", _kort(naam), {"naam": kaal, "bepaler": _kort(bepaler)}))
    if not all(controleer_waarde(parameter.type, w) for w in waarden):
        raise PaspoortFout(fout)
    # toegang.md §5: een BSN staat nooit in een adres; ook een kaal getal kan er een zijn.
    if kaal == "identifier" and soort.name == "Patient" and not via_post and any(_kan_bsn(w) for w in waarden):
        raise PaspoortFout(Melding("zoek-met-post", kaal))
    return Filter(parameter, bepaler or None, waarden)


def _keten(soort: Resourcetype, naam: str, m: re.Match[str], waarde: str, via_post: bool) -> Filter:
    parameter = soort.parameter(m[1])
    onbekend = PaspoortFout(Melding("zoek-onbekend", _kort(naam), {"naam": _kort(naam)}))
    if parameter is None or parameter.type != "reference":
        raise onbekend
    doelen = [m[2]] if m[2] else list(parameter.target)
    if len(doelen) != 1 or doelen[0] not in TYPES or doelen[0] not in parameter.target:
        raise onbekend
    try:
        verder = _filter(TYPES[doelen[0]], m[3], waarde, via_post)
    except PaspoortFout as fout:
        raise PaspoortFout(*(Melding(x.code, _kort(naam), x.waarden) for x in fout.meldingen)) from None
    return Filter(parameter, None, (), (doelen[0], verder))


class _Uitvoer:
    """Leest de parameters die niet zoeken maar het antwoord vormen; zet fouten in de lijst die het krijgt."""

    def __init__(self, soort: Resourcetype, gegeven: dict[str, list[str]], fouten: list[Melding]) -> None:
        self.soort, self.gegeven, self.fouten = soort, gegeven, fouten

    def een(self, naam: str) -> str | None:
        waarden = self.gegeven.get(naam)
        return waarden[-1] if waarden else None

    def fout(self, naam: str) -> None:
        self.fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))

    def keuze(self, naam: str, mag: Sequence[str], anders: str) -> str:
        waarde = self.een(naam)
        if waarde is None or waarde in mag:
            return waarde or anders
        self.fout(naam)
        return anders

    def aantal(self) -> int:
        tekst = self.een("_count")
        if tekst is None:
            return AANTAL
        if not tekst.isascii() or not tekst.isdigit() or len(tekst) > 6:
            self.fout("_count")
            return AANTAL
        return min(int(tekst), AANTAL_HOOGSTENS)

    def sorteer(self) -> tuple[tuple[SearchParam, bool], ...]:
        uit = []
        for deel in (self.een("_sort") or "").split(","):
            if not deel and "_sort" not in self.gegeven:
                continue
            parameter = self.soort.parameter(deel.removeprefix("-"))
            if parameter is None:
                self.fout("_sort")
            else:
                uit.append((parameter, deel.startswith("-")))
        return tuple(uit)

    def meenemen(self, naam: str) -> tuple[Meenemen, ...]:
        uit = []
        for waarde in self.gegeven.get(naam, ()):
            bron, _, rest = waarde.partition(":")
            parameternaam, _, doel = rest.partition(":")
            mag = self.soort.includes if naam == "_include" else self.soort.revincludes
            parameter = TYPES[bron].parameter(parameternaam) if bron in TYPES else None
            if f"{bron}:{parameternaam}" not in mag or parameter is None or (doel and doel not in parameter.target):
                self.fout(naam)
            else:
                uit.append(Meenemen(bron, parameter, doel or None))
        return tuple(uit)


def _komma(waarde: str) -> list[str]:
    """Splitst op komma's die niet met een backslash beschermd zijn (search.html#escaping)."""
    return [re.sub(r"\\([,\\])", r"\1", deel) for deel in re.split(r"(?<!\\),", waarde)]


def _kan_bsn(waarde: str) -> bool:
    stelsel, streep, code = waarde.rpartition("|")
    return stelsel == BSN or (not streep and code.isdigit() and len(code) in (8, 9))


def _kort(naam: str) -> str:
    return re.sub(r"[^\w:.-]", "?", naam)[:60]


assert all(p.type in BEPALERS for t in TYPES.values() for p in (*GEMEENSCHAPPELIJK, *t.search))
