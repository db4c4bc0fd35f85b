"""Onze controle naast die van HL7, over alle voorbeelden en mutanten: `make oracle`.

`python -m tests.oracle.vergelijk` schrijft het corpus, laat Java het wegen (`tests/oracle/java`), en telt per categorie
wie wat aanneemt. Elk verschil moet bij een regel van `verklaringen.json` horen; anders eindigt de opdracht met 1.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paspoort.fhir.stelsels import BASIS
from tests.oracle.basis import fouten, voorbeelden
from tests.oracle.corpus import alles, van
from tests.oracle.keuze import gekozen
from tests.oracle.mutaties import CATEGORIEEN, Mutant
from tests.oracle.overlevers import schrijf_lijst
from tests.oracle.weging import Bevinding, antwoorden, vraag, weeg

VALS: Final = ("eigen", "grens", "open")
KOLOMMEN: Final = ("weigeren", "aannemen", *(f"{r} {w}" for r in ("ruim", "streng") for w in ("fhir", "hl7", *VALS)))
VERKLARINGEN: Final = Path(__file__).with_name("verklaringen.json")


@dataclass(frozen=True, slots=True)
class Oordeel:
    """Wat beide controles van één mutant vinden: de codes met hun plek; leeg = aangenomen."""

    mutant: Mutant
    wij: tuple[str, ...]
    hl7: tuple[str, ...]

    @property
    def soort(self) -> str:
        """`gelijk`, `ruim` (HL7 weigert, wij niet) of `streng` (wij weigeren, HL7 niet)."""
        if bool(self.wij) == bool(self.hl7):
            return "gelijk"
        return "streng" if self.wij else "ruim"


def oordelen(corpus: Iterable[Mutant]) -> Iterator[Oordeel]:
    """Legt ons eigen oordeel naast wat HL7 al zei.

    Niet mee tellen mutanten die HL7 niet woog en waarover HAPI struikelde (een storing is geen oordeel). Wat HL7 al op
    het voorbeeld zelf tegen heeft, telt bij zijn mutanten niet opnieuw: dat verschil staat bij *voorbeeld*.
    """
    hl7 = antwoorden()
    al: set[tuple[str, str]] = set()
    for mutant in corpus:
        alle = hl7.get(vraag(mutant)["sleutel"])
        if mutant.soort == "zelf":
            al = {_plaats(b) for b in alle or () if not van_anderen(b)}
        if alle is None or any(ernst == "storing" for ernst, *_ in alle):
            continue
        oud = set() if mutant.soort == "zelf" else al
        bevindingen = [b for b in alle if not van_anderen(b) and _plaats(b) not in oud]
        gevonden = fouten(mutant.inhoud, nl_core=mutant.basis.startswith("nl-core"))
        yield Oordeel(
            mutant,
            tuple(f"{m.code} @ {m.plek}" for m in gevonden),
            tuple(f"{code} @ {plek}: {tekst}" for _, plek, code, tekst in bevindingen),
        )


def _plaats(bevinding: Bevinding) -> tuple[str, str]:
    return re.sub(r"\[\d+\]", "", bevinding[1]), bevinding[2]


def van_anderen(bevinding: Bevinding) -> bool:
    """Een extensie die HL7 niet kent en die van een ander is: die mag (R4 extensibility.html), een modifier niet."""
    _, plek, code, tekst = bevinding
    return code == "Extension_EXT_Unknown_NotHere" and "modifierExtension" not in plek and BASIS not in tekst


def verklaring(oordeel: Oordeel, regels: list[dict[str, str]]) -> dict[str, str] | None:
    """De eerste regel die dit verschil verklaart. Elk veld is een regex; `mutatie` moet heel passen."""
    mutant = oordeel.mutant
    velden = {
        "richting": oordeel.soort,
        "categorie": mutant.categorie,
        "plek": mutant.plek,
        "basis": mutant.basis,
        "bevinding": "\n".join(oordeel.wij or oordeel.hl7),
    }
    for regel in regels:
        if not re.fullmatch(regel.get("mutatie", ".*"), mutant.soort):
            continue
        if all(re.search(patroon, velden[veld]) for veld, patroon in regel.items() if veld in velden):
            return regel
    return None


def verslag(uitslag: Iterable[Oordeel], regels: list[dict[str, str]]) -> tuple[str, list[Oordeel]]:
    """De tabel per categorie, wat verklaard is, en de verschillen die niemand verklaart.

    Wie gelijk heeft staat bij de verklaring (`wie`): `fhir` (de tekst van R4 zegt wat wij zeggen, HL7 toetst het niet),
    `eigen` (een regel van ons bovenop FHIR), `hl7` (HL7 struikelt of kent iets niet), `grens` (HL7 heeft gelijk).
    Vals is wat FHIR niet zegt: een valse weigering is `eigen`, `grens` of onverklaard; een valse aanname ook.
    """
    telling: dict[str, Counter[str]] = defaultdict(Counter)
    verklaard: Counter[tuple[str, str, str]] = Counter()
    over: list[Oordeel] = []
    for oordeel in uitslag:
        rij = telling[oordeel.mutant.categorie]
        if oordeel.soort == "gelijk":
            rij["weigeren" if oordeel.wij else "aannemen"] += 1
        elif (regel := verklaring(oordeel, regels)) is not None:
            rij[f"{oordeel.soort} {regel['wie']}"] += 1
            verklaard[oordeel.soort, regel["wie"], regel["naam"]] += 1
        else:
            rij[f"{oordeel.soort} open"] += 1
            over.append(oordeel)
    kop = [*KOLOMMEN, "valse aannamen", "valse weigeringen"]
    tekst = ["| categorie | mutanten | " + " | ".join(kop) + " |", "|---|" + "--:|" * (len(kop) + 1)]
    for categorie in ("voorbeeld", *CATEGORIEEN):
        rij, aantal = telling[categorie], telling[categorie].total()
        aannamen, weigeringen = (sum(rij[f"{richting} {wie}"] for wie in VALS) for richting in ("ruim", "streng"))
        deel = f"{weigeringen} ({100 * weigeringen / max(1, aantal):.1f}%)".replace(".", ",")
        cellen = [categorie, str(aantal), *(str(rij[k]) for k in KOLOMMEN), str(aannamen), deel]
        tekst.append("| " + " | ".join(cellen) + " |")
    tekst += ["", *(f"{aantal:6d}  {' / '.join(wat)}" for wat, aantal in verklaard.most_common())]
    return "\n".join(tekst), over


def groepen(over: Iterable[Oordeel], hoogstens: int = 40) -> str:
    """De onverklaarde verschillen bij elkaar: richting, categorie, mutatie en eerste bevinding, met één voorbeeld."""
    bijeen: dict[tuple[str, ...], list[Oordeel]] = defaultdict(list)
    for o in over:
        eerste = (o.wij or o.hl7)[0].partition(" @ ")[0]
        bijeen[o.soort, o.mutant.categorie, re.sub(r"\d+", "", o.mutant.soort), eerste].append(o)
    regels = []
    for sleutel, leden in sorted(bijeen.items(), key=lambda paar: (paar[0][0], -len(paar[1])))[:hoogstens]:
        een = leden[0]
        regels += [
            f"{len(leden):5d}  {' | '.join(sleutel)}",
            f"       {een.mutant.id}",
            f"       {(een.wij or een.hl7)[0][:300]}",
        ]
    return "\n".join(regels)


def main() -> int:
    """Alles achter elkaar. `--vergelijk`: alleen tellen wat er al ligt; `--lijst`: dan ook `overlevers.json` maken."""
    corpus = list(alles() if os.environ.get("ALLES") else gekozen(alles()))
    if not {"--vergelijk", "--lijst"} & set(sys.argv):
        weeg(corpus)
    regels = json.loads(VERKLARINGEN.read_bytes())
    uitslag = list(oordelen(corpus))
    tekst, over = verslag(uitslag, regels)
    print(tekst)
    print(f"\nniet gewogen: {len(corpus) - len(uitslag)} van {len(corpus)}")
    print(groepen(over))
    if "--lijst" in sys.argv:
        ruim = [o for o in uitslag if o.soort == "ruim"]
        anders = {o.mutant.id: "verklaard" if verklaring(o, regels) else "open" for o in ruim}
        schrijf_lijst((m for m in van(voorbeelden()) if not fouten(m.inhoud)), anders)
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
