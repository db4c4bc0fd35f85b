"""De parameters die niet zoeken maar het antwoord vormen: volgorde, aantal, wat meekomt, hoe kort.

Zet fouten in de lijst die het krijgt, zodat alles wat er mis is in één antwoord staat. Bron: FHIR R4 search.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.search.snoeien import SAMENVATTINGEN, lees_elements
from server.registry import TYPES, Resourcetype, SearchParam

AANTAL: Final = 50
AANTAL_HOOGSTENS: Final = 500
VORM: Final = ("_format", "_pretty")  # hoe het antwoord eruitziet: dat regelt de rand
UITVOER: Final = (
    "_count", "_sort", "_total", "_include", "_revinclude", "_summary", "_elements", "_bladzijde", *VORM,
)  # fmt: skip
MEENEMEN: Final = ("_include", "_revinclude")

Totaal = Literal["none", "estimate", "accurate"]


@dataclass(frozen=True, slots=True)
class Meenemen:
    """Een `_include` of `_revinclude`: `bron:parameter[:doel]`. `door`: ook vanaf wat al meekomt (`:iterate`)."""

    bron: str
    parameter: SearchParam
    doel: str | None
    door: bool


class Wensen:
    """Leest de uitvoerparameters van één zoekvraag op één type."""

    def __init__(self, soort: Resourcetype, gegeven: Iterable[tuple[str, str]], fouten: list[Melding]) -> None:
        self.soort, self.fouten = soort, fouten
        self.gegeven: dict[str, list[str]] = {}
        for naam, waarde in gegeven:
            kaal, _, bepaler = naam.partition(":")
            if bepaler and not (bepaler == "iterate" and kaal in MEENEMEN):
                fouten.append(Melding("zoek-bepaler", kort(naam), {"naam": kaal, "bepaler": kort(bepaler)}))
            self.gegeven.setdefault(naam, []).append(waarde)

    def een(self, naam: str) -> str | None:
        """De laatste waarde, of None."""
        waarden = self.gegeven.get(naam)
        return waarden[-1] if waarden else None

    def _fout(self, naam: str) -> None:
        self.fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))

    def _keuze(self, naam: str, mag: Sequence[str], anders: str) -> str:
        waarde = self.een(naam)
        if waarde is None or waarde in mag:
            return waarde or anders
        self._fout(naam)
        return anders

    def aantal(self) -> int:
        """`_count`; meer dan wij geven wordt wat wij geven."""
        tekst = self.een("_count")
        if tekst is None:
            return AANTAL
        if not tekst.isascii() or not tekst.isdigit() or len(tekst) > 6:
            self._fout("_count")
            return AANTAL
        return min(int(tekst), AANTAL_HOOGSTENS)

    def totaal(self) -> Totaal | None:
        """`_total`, of None als het niet gevraagd is: dan telt de server wat hij toch al weet."""
        waarde = self._keuze("_total", ("none", "estimate", "accurate"), "")
        return waarde or None  # type: ignore[return-value]

    def sorteer(self) -> tuple[tuple[SearchParam, bool], ...]:
        """`_sort` als (parameter, aflopend)."""
        uit = []
        for deel in (d for waarde in self.gegeven.get("_sort", ()) for d in waarde.split(",")):
            parameter = self.soort.parameter(deel.removeprefix("-"))
            if parameter is None or parameter.type == "composite":
                self._fout("_sort")
            else:
                uit.append((parameter, deel.startswith("-")))
        return tuple(uit)

    def elements(self) -> tuple[str, ...] | None:
        """`_elements`, of None."""
        namen: list[str] = []
        for waarde in self.gegeven.get("_elements", ()):
            try:
                namen += lees_elements(self.soort.name, waarde)
            except PaspoortFout as fout:
                self.fouten += fout.meldingen
        return tuple(namen) if "_elements" in self.gegeven else None

    def summary(self) -> str:
        """`_summary`. Met `text` komt er niets mee (search.html#summary)."""
        waarde = self._keuze("_summary", SAMENVATTINGEN, "false")
        if waarde == "text" and any(n.partition(":")[0] in MEENEMEN for n in self.gegeven):
            self._fout("_summary")
        return waarde

    def meenemen(self, naam: str) -> tuple[Meenemen, ...]:
        """Wat `naam` en `naam:iterate` meenemen; `*` en `Type:*` zijn alle verwijzingen."""
        uit = [m for waarde in self.gegeven.get(naam, ()) for m in self._een(naam, waarde, door=False)]
        uit += [m for w in self.gegeven.get(f"{naam}:iterate", ()) for m in self._een(naam, w, door=True)]
        return tuple(uit)

    def _een(self, naam: str, waarde: str, door: bool) -> list[Meenemen]:
        bron, _, rest = waarde.partition(":")
        parameternaam, _, doel = rest.partition(":")
        mag = self._mag(naam, door)
        passend = [
            (b, p)
            for b, p in mag
            if bron in ("*", b) and (parameternaam == p.name or parameternaam == "*" or (bron == "*" and not rest))
        ]
        passend = [(b, p) for b, p in passend if not doel or (doel in TYPES and p.wijst_naar(doel))]
        if not passend:
            self._fout(naam)
        return [Meenemen(b, p, doel or None, door) for b, p in passend]

    def _mag(self, naam: str, door: bool) -> list[tuple[str, SearchParam]]:
        """De verwijzingen die hier mogen: van of naar dit type; met `:iterate` van of naar elk type."""
        soorten = TYPES.values() if door else [self.soort]
        namen = dict.fromkeys(n for s in soorten for n in (s.includes if naam == "_include" else s.revincludes))
        paren = (n.split(":") for n in namen)
        return [(b, p) for b, n in paren if (p := TYPES[b].parameter(n)) is not None]


def kort(naam: str) -> str:
    """Een naam uit de vraag, veilig om terug te zeggen."""
    return "".join(c if c.isalnum() or c in "_:.-" else "?" for c in naam)[:60]
