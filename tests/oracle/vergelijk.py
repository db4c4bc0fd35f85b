"""Onze controle naast die van HL7, over alle voorbeelden en mutanten: `make oracle`.

`python -m tests.oracle.vergelijk` schrijft het corpus, laat Java het wegen (`tests/oracle/java`), en telt per categorie
wie wat aanneemt. Elk verschil moet bij een regel van `verklaringen.json` horen; anders eindigt de opdracht met 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.oracle.basis import ANDEREN, HUIS, als_tekst, fouten, geldende_profielen, voorbeelden
from tests.oracle.corpus import alles, van
from tests.oracle.mutaties import CATEGORIEEN, Mutant
from tests.oracle.overlevers import schrijf_lijst

MAP: Final = HUIS / "build" / "oracle"
VERKLARINGEN: Final = Path(__file__).with_name("verklaringen.json")
HL7_LEEST: Final = (HUIS / "fhir_profiles", *ANDEREN)
R4: Final = "http://hl7.org/fhir/StructureDefinition/"
# In een profiel loopt HAPI niet door een contentReference (item.item) naar binnen; dan moet R4 zelf er ook bij.
HERHAALT_ZICH: Final = frozenset(("Composition", "Consent", "Observation", "Questionnaire", "QuestionnaireResponse"))
GEHEUGEN: Final = "-Xmx3g"


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


def schrijf_corpus(pad: Path, corpus: Iterable[Mutant]) -> None:
    """Eén regel per mutant, zoals `Oracle.java` hem leest."""
    with pad.open("w") as uit:
        for mutant in corpus:
            soort = str(mutant.inhoud["resourceType"])
            profielen = [*([f"{R4}{soort}"] if soort in HERHAALT_ZICH else []), *geldende_profielen(mutant.inhoud)]
            regel = {"id": mutant.id, "profielen": profielen, "tekst": als_tekst(mutant.inhoud)}
            uit.write(json.dumps(regel) + "\n")


def laat_hl7_wegen(invoer: Path, uitvoer: Path) -> None:
    """Start de JVM één keer over het hele bestand; de voortgang gaat naar stderr. CalledProcessError bij pech."""
    klassen = f"{MAP / 'classes'}:{(MAP / 'classpath.txt').read_text().strip()}"
    hoofd = "nl.hulpmiddelenpaspoort.Oracle"
    mappen = [str(m) for m in HL7_LEEST if m.is_dir()]
    opdracht = ["java", GEHEUGEN, "-cp", klassen, hoofd, str(invoer), str(uitvoer), *mappen]
    subprocess.run(opdracht, check=True, cwd=HUIS)


def oordelen(uitvoer: Path, corpus: Iterable[Mutant]) -> Iterator[Oordeel]:
    """Legt de uitvoer van HL7 naast ons eigen oordeel.

    Niet mee tellen mutanten die HL7 niet woog, waarover HAPI struikelde (een storing is geen oordeel), en die van een
    voorbeeld dat HL7 zelf al weigert (`niet_te_wegen`).
    """
    hl7: dict[str, tuple[str, ...]] = {}
    with uitvoer.open() as regels:
        for regel in regels:
            antwoord: dict[str, Any] = json.loads(regel)
            if any(ernst == "storing" for ernst, *_ in antwoord["bevindingen"]):
                continue
            hl7[antwoord["id"]] = tuple(f"{code} @ {plek}: {tekst}" for _, plek, code, tekst in antwoord["bevindingen"])
    geweigerd = niet_te_wegen(hl7)
    for mutant in corpus:
        if mutant.id in hl7 and mutant.basis not in geweigerd:
            gevonden = fouten(mutant.inhoud, nl_core=mutant.basis.startswith("nl-core"))
            yield Oordeel(mutant, tuple(f"{m.code} @ {m.plek}" for m in gevonden), hl7[mutant.id])


def niet_te_wegen(hl7: dict[str, tuple[str, ...]]) -> set[str]:
    """Voorbeelden die HL7 zonder terminologieserver zelf weigert: dan zegt een geweigerde mutant niets."""
    return {id.partition(" ")[0] for id, bevindingen in hl7.items() if id.endswith(" zelf") and bevindingen}


def verklaring(oordeel: Oordeel, regels: list[dict[str, str]]) -> str | None:
    """De naam van de eerste regel die dit verschil verklaart. Elk veld is een regex; `mutatie` moet heel passen."""
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
            return regel["naam"]
    return None


def verslag(uitslag: Iterable[Oordeel], regels: list[dict[str, str]]) -> tuple[str, list[Oordeel]]:
    """De tabel per categorie, wat verklaard is, en de verschillen die niemand verklaart."""
    telling: dict[str, Counter[str]] = defaultdict(Counter)
    verklaard: Counter[str] = Counter()
    over: list[Oordeel] = []
    for oordeel in uitslag:
        rij = telling[oordeel.mutant.categorie]
        if oordeel.soort == "gelijk":
            rij["weigeren" if oordeel.wij else "aannemen"] += 1
        elif (naam := verklaring(oordeel, regels)) is not None:
            rij[f"{oordeel.soort} verklaard"] += 1
            verklaard[naam] += 1
        else:
            rij[oordeel.soort] += 1
            over.append(oordeel)
    kolommen = ("weigeren", "aannemen", "ruim verklaard", "ruim", "streng verklaard", "streng")
    tekst = ["| categorie | mutanten | " + " | ".join(kolommen) + " |", "|---|" + "--:|" * (len(kolommen) + 1)]
    for categorie in ("voorbeeld", *CATEGORIEEN):
        rij = telling[categorie]
        cellen = [categorie, str(rij.total()), *(str(rij[k]) for k in kolommen)]
        tekst.append("| " + " | ".join(cellen) + " |")
    tekst += ["", *(f"{aantal:6d}  {naam}" for naam, aantal in verklaard.most_common())]
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
    """Alles achter elkaar. `--vergelijk`: tellen wat er al ligt; `--lijst`: dan ook `overlevers.json` maken."""
    invoer, uitvoer = MAP / "corpus.jsonl", MAP / "hl7.jsonl"
    regels = json.loads(VERKLARINGEN.read_bytes())
    if not {"--vergelijk", "--lijst"} & set(sys.argv):
        schrijf_corpus(invoer, alles())
        laat_hl7_wegen(invoer, uitvoer)
    uitslag = list(oordelen(uitvoer, alles()))
    tekst, over = verslag(uitslag, regels)
    print(tekst)
    print(groepen(over))
    if "--lijst" in sys.argv:
        ruim = [o for o in uitslag if o.soort == "ruim"]
        anders = {o.mutant.id: "verklaard" if verklaring(o, regels) else "open" for o in ruim}
        schrijf_lijst((m for m in van(voorbeelden()) if not fouten(m.inhoud)), anders)
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
