"""Van query-regels naar een zoekvraag: wat wordt gezocht, hoe gesorteerd, hoeveel, wat komt mee.

Alle fouten samen, elk met de naam van de parameter als plek. Zoekt zelf niet. Bron: FHIR R4 search.html (§3.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.search import filters, pad
from server.fhir.search.filters import Filter
from server.fhir.search.vergelijken import PIJP, Proef, maak_proef
from server.fhir.search.wensen import AANTAL, AANTAL_HOOGSTENS, UITVOER, VORM, Meenemen, Totaal, Wensen, kort
from server.registry import DEFINITIES, GEMEENSCHAPPELIJK, TYPES, Resourcetype, SearchParam

__all__ = ["AANTAL", "AANTAL_HOOGSTENS", "BEPALERS", "UITVOER", "Meenemen", "Zoekvraag", "ontleed", "op_patient"]

WAARDEN_HOOGSTENS: Final = 100
LENGTE_HOOGSTENS: Final = 2000

# soort parameter: de bepalers die zij kent, naast :missing.
BEPALERS: Final[dict[str, tuple[str, ...]]] = {
    "token": ("not",),
    "string": ("exact", "contains"),
    "reference": ("identifier",),  # en een type als bepaler: patient:Patient
    "date": (),
    "uri": (),
    "number": (),
    "quantity": (),
    "composite": (),
}
_KETEN: Final = re.compile(r"([a-z-]+)(?::([A-Za-z]+))?\.(.+)")
_HEEFT: Final = re.compile(r"_has:([A-Za-z]+):([a-z-]+):(.+)")
_ONTSNAPT: Final = re.compile(r"\\([,$|\\])|([,$|])")
_DOLLAR: Final = "\ue001"  # een beschermde `$`, zolang er nog op gesplitst wordt (privégebruik van Unicode)


@dataclass(frozen=True, slots=True)
class Zoekvraag:
    """Een zoekvraag op één type, helemaal nagekeken."""

    type: str
    filters: tuple[Filter, ...] = ()
    includes: tuple[Meenemen, ...] = ()
    revincludes: tuple[Meenemen, ...] = ()
    sorteer: tuple[tuple[SearchParam, bool], ...] = ()  # (parameter, aflopend)
    aantal: int = AANTAL
    totaal: Totaal | None = None
    elements: tuple[str, ...] | None = None
    summary: str = "false"
    bladzijde: str | None = None
    gebruikt: tuple[tuple[str, str], ...] = ()  # de query zonder wat genegeerd is, voor de links
    vorm: tuple[tuple[str, str], ...] = ()  # `_format` en `_pretty`, ook voor de links
    genegeerd: tuple[str, ...] = ()
    verborgen: bool = False  # kwam met POST: de waarden staan nergens leesbaar

    @property
    def alleen_tellen(self) -> bool:
        """`_summary=count` en `_count=0` vragen hetzelfde (search.html#count)."""
        return self.summary == "count" or self.aantal == 0

    def waarde(self, *namen: str) -> tuple[str, ...]:
        """De waarden van de eerste gewone voorwaarde met een van deze namen, of leeg."""
        for f in self.filters:
            if f.parameter.name in namen and not f.verder and f.bepaler in (None, "Patient"):
                return f.waarden
        return ()


def ontleed(
    soort: Resourcetype, query: Sequence[tuple[str, str]], via_post: bool, basis: str = "", mild: bool = False
) -> Zoekvraag:
    """De query van één type als zoekvraag.

    `basis`: het adres van deze server; een verwijzing daarheen is een eigen verwijzing. `mild`: een onbekende parameter
    wordt genegeerd (`Prefer: handling=lenient`); een waarde die niet klopt nooit. PaspoortFout met alle fouten:
    `zoek-onbekend`, `zoek-waarde`, `zoek-bepaler`, `zoek-met-post`. Een vraag in het adres wordt onthouden; die uit een
    formulier niet, want daar kan een BSN in staan.
    """
    if via_post or TYPES.get(soort.name) is not soort:
        return _ontleed(soort, query, via_post, basis, mild)
    return _ontleed_uit_adres(soort.name, tuple(query), basis, mild)


@lru_cache(maxsize=4096)
def _ontleed_uit_adres(type: str, query: tuple[tuple[str, str], ...], basis: str, mild: bool) -> Zoekvraag:
    return _ontleed(TYPES[type], query, False, basis, mild)


def _ontleed(
    soort: Resourcetype, query: Sequence[tuple[str, str]], via_post: bool, basis: str, mild: bool
) -> Zoekvraag:
    fouten: list[Melding] = []
    gevonden: list[Filter] = []
    genegeerd: list[str] = []
    for naam, waarde in query:
        if naam.partition(":")[0] in UITVOER:
            continue
        try:
            gevonden.append(_Lezer(naam, via_post, basis).filter(soort, naam, waarde))
        except PaspoortFout as fout:
            if mild and all(m.code == "zoek-onbekend" for m in fout.meldingen):
                genegeerd.append(naam)
            else:
                fouten.extend(fout.meldingen)
    wensen = Wensen(soort, [(n, w) for n, w in query if n.partition(":")[0] in UITVOER], fouten)
    vraag = Zoekvraag(
        soort.name,
        tuple(gevonden),
        wensen.meenemen("_include"),
        wensen.meenemen("_revinclude"),
        wensen.sorteer(),
        wensen.aantal(),
        wensen.totaal(),
        wensen.elements(),
        wensen.summary(),
        wensen.een("_bladzijde"),
        tuple((n, w) for n, w in query if n not in genegeerd and n not in ("_bladzijde", *VORM)),
        tuple((n, w) for n, w in query if n in VORM),
        tuple(dict.fromkeys(genegeerd)),
        via_post,
    )
    if vraag.bladzijde is not None and (any(n != "_count" for n, _ in vraag.gebruikt) or vraag.genegeerd):
        # Het teken draagt de hele vraag; wat er nog bij staat, zou anders stil genegeerd worden. Alleen `_count` mag:
        # er zijn clients (Medplum) die het aan elke link hangen.
        fouten.append(Melding("zoek-waarde", "_bladzijde", {"naam": "_bladzijde"}))
    if fouten:
        raise PaspoortFout(*_uniek(fouten))
    return vraag


def verder_met(query: Sequence[tuple[str, str]], vraag: Zoekvraag) -> list[tuple[str, str]]:
    """De verzegelde query, met de `_count` die naast het teken staat als die er is."""
    return [*((n, w) for n, w in query if n != "_count" or not vraag.gebruikt), *vraag.gebruikt]


def _uniek(fouten: list[Melding]) -> list[Melding]:
    uit: list[Melding] = []
    for fout in fouten:
        if fout not in uit:
            uit.append(fout)
    return uit


class _Lezer:
    """Maakt van één regel van de query een voorwaarde. `plek`: de naam zoals de vrager haar schreef."""

    def __init__(self, plek: str, via_post: bool, basis: str) -> None:
        self.plek, self.via_post, self.basis = kort(plek), via_post, basis

    def _fout(self, code: str, **waarden: str) -> PaspoortFout:
        return PaspoortFout(Melding(code, self.plek, {"naam": self.plek, **waarden}))

    def filter(self, soort: Resourcetype, naam: str, waarde: str, diep: bool = False) -> Filter:
        """De voorwaarde. `diep`: al achter een keten of `_has`; verder gaat het niet."""
        for vorm, maak in ((_HEEFT, self._heeft), (_KETEN, self._keten)):
            if m := vorm.fullmatch(naam):
                if diep:
                    raise self._fout("zoek-te-diep")
                return maak(soort, m, waarde)
        kaal, _, bepaler = naam.partition(":")
        parameter = soort.parameter(kaal)
        if parameter is None:
            raise self._fout("zoek-onbekend")
        return self._op_waarde(soort, parameter, bepaler or None, waarde)

    def _op_waarde(self, soort: Resourcetype, parameter: SearchParam, bepaler: str | None, waarde: str) -> Filter:
        waarden = tuple(_komma(waarde))
        if len(waarden) > WAARDEN_HOOGSTENS or len(waarde) > LENGTE_HOOGSTENS or "" in waarden:
            raise self._fout("zoek-waarde")
        if bepaler == "missing" and parameter.type != "composite":
            if waarden not in (("true",), ("false",)):
                raise self._fout("zoek-waarde")
            return filters.afwezig(parameter, waarden[0])
        if bepaler and bepaler not in BEPALERS[parameter.type] and not _is_type(parameter, bepaler):
            raise self._fout("zoek-bepaler", naam=parameter.name, bepaler=kort(bepaler))
        self._eis_post(soort, parameter, bepaler, waarden)
        if parameter.type == "composite":
            rijen = [self._samengesteld(parameter, w) for w in waarden]
            return filters.samengesteld(parameter, waarden, rijen)
        return filters.op_waarde(parameter, bepaler, waarden, [self._proef(parameter, bepaler, w) for w in waarden])

    def _proef(self, parameter: SearchParam, bepaler: str | None, waarde: str) -> Proef:
        proef = maak_proef(parameter, bepaler, waarde.replace(_DOLLAR, "$"), self.basis)
        if proef is None:
            raise self._fout("zoek-waarde")
        return proef

    def _samengesteld(self, parameter: SearchParam, waarde: str) -> list[Proef]:
        delen = waarde.split("$")
        if len(delen) != len(parameter.component) or not all(delen):
            raise self._fout("zoek-waarde")
        return [self._proef(c, None, d) for c, d in zip(parameter.component, delen, strict=True)]

    def _eis_post(
        self, soort: Resourcetype, parameter: SearchParam, bepaler: str | None, waarden: tuple[str, ...]
    ) -> None:
        """toegang.md §5: een BSN staat nooit in een adres; ook een kaal getal kan er een zijn."""
        if self.via_post:
            return
        van_patient = (soort.name == "Patient" and parameter.name == "identifier") or (
            bepaler == "identifier" and parameter.wijst_naar("Patient")
        )
        if any(w.rpartition("|")[0] == BSN or (van_patient and _kan_bsn(w)) for w in waarden):
            raise self._fout("zoek-met-post")

    def _keten(self, soort: Resourcetype, m: re.Match[str], waarde: str) -> Filter:
        parameter = soort.parameter(m[1])
        if parameter is None or parameter.type != "reference":
            raise self._fout("zoek-onbekend")
        doelen = [t for t in TYPES if parameter.wijst_naar(t) and m[2] in (None, t)]
        return filters.keten(parameter, self._verder(doelen, m[3], waarde))

    def _heeft(self, soort: Resourcetype, m: re.Match[str], waarde: str) -> Filter:
        bron = TYPES.get(m[1])
        parameter = bron.parameter(m[2]) if bron else None
        if bron is None or parameter is None or f"{bron.name}:{parameter.name}" not in soort.revincludes:
            raise self._fout("zoek-onbekend")
        ((_, verder),) = self._verder([bron.name], m[3], waarde)
        return filters.heeft(bron.name, parameter, verder)

    def _verder(self, doelen: Sequence[str], naam: str, waarde: str) -> tuple[tuple[str, Filter], ...]:
        """De voorwaarde op elk type dat haar kent. Kent geen enkel type haar, dan geldt de fout van het eerste."""
        uit: list[tuple[str, Filter]] = []
        eerste: PaspoortFout | None = None
        for doel in doelen:
            try:
                uit.append((doel, self.filter(TYPES[doel], naam, waarde, diep=True)))
            except PaspoortFout as fout:
                if fout.meldingen[0].code in ("zoek-met-post", "zoek-te-diep"):
                    raise
                # Een fout in de waarde zegt meer dan dat een ander type de parameter niet kent.
                if eerste is None or eerste.meldingen[0].code == "zoek-onbekend":
                    eerste = fout
        if not uit:
            raise eerste or self._fout("zoek-onbekend")
        return tuple(uit)


def op_patient(type: str, namen: Sequence[str], patient: str, basis: str) -> Filter:
    """Lid van het compartiment van deze Patient: een van de parameters wijst naar haar, of het is de Patient zelf."""
    lezer = _Lezer("patient", True, basis)
    delen = [lezer.filter(TYPES[type], naam, f"Patient/{patient}") for naam in namen]
    if type == "Patient":
        delen.append(lezer.filter(TYPES[type], "_id", patient))
    return filters.een_van(delen)


def _is_type(parameter: SearchParam, bepaler: str) -> bool:
    """Of de bepaler een type is waar deze verwijzing naar kan wijzen."""
    return parameter.type == "reference" and (
        bepaler in parameter.target or (parameter.wijst_naar(bepaler) and bepaler in TYPES)
    )


def _komma(waarde: str) -> list[str]:
    """Splitst op komma's die niet met een backslash beschermd zijn (search.html#escaping)."""
    delen = [""]
    plaats = 0
    for m in _ONTSNAPT.finditer(waarde):
        delen[-1] += waarde[plaats : m.start()]
        plaats = m.end()
        if m[2] == ",":
            delen.append("")
        else:
            delen[-1] += m[2] or {"|": PIJP, "$": _DOLLAR}.get(m[1], m[1])
    delen[-1] += waarde[plaats:]
    return delen


def _kan_bsn(waarde: str) -> bool:
    _, streep, code = waarde.rpartition("|")
    return not streep and code.isdigit() and len(code) in (8, 9)


# Elke expressie wordt bij het laden vertaald: een fout in de tabel valt meteen op.
for _soort in (*TYPES.values(), *DEFINITIES.values()):
    for _p in (*GEMEENSCHAPPELIJK, *_soort.search):
        assert _p.type in BEPALERS, _p
        if _p.component:
            pad.samengesteld(_p.expression, tuple(c.expression for c in _p.component), _soort.name)
        else:
            pad.compileer(_p.expression, _soort.name)
