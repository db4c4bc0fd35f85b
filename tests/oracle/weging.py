"""Laat HL7's validator het corpus wegen, in één JVM, en onthoudt wat hij zei.

Elk antwoord hoort bij een sleutel over alles wat het oordeel bepaalt: de inhoud van de mutant, zijn profielen, elke
definitie die zij noemen (en die daarin genoemd wordt), en het Java-programma zelf. Onderbroken, of een definitie
veranderd? Dan weegt Java alleen wat nog geen antwoord heeft. Zegt niets over ons eigen oordeel; dat is `vergelijk.py`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.oracle.basis import ANDEREN, HUIS, als_tekst, geldende_profielen
from tests.oracle.mutaties import Mutant

MAP: Final = HUIS / "build" / "oracle"
TE_DOEN, ANTWOORDEN = MAP / "te-doen.jsonl", MAP / "hl7.jsonl"
HL7_LEEST: Final = (HUIS / "fhir_profiles", *ANDEREN)
JAVA: Final = Path(__file__).with_name("java")
R4: Final = "http://hl7.org/fhir/StructureDefinition/"
# In een profiel loopt HAPI niet door een contentReference (item.item) naar binnen; dan moet R4 zelf er ook bij.
HERHAALT_ZICH: Final = frozenset(("Composition", "Consent", "Observation", "Questionnaire", "QuestionnaireResponse"))
GEHEUGEN: Final = "-Xmx3g"
_URL: Final = re.compile(r"(?:https?|urn):[^\s\"|]+")
Bevinding = tuple[str, str, str, str]  # (ernst, plek, code, tekst)


def weeg(corpus: Iterable[Mutant]) -> int:
    """Vraagt HL7 naar alles wat nog geen antwoord heeft; hoeveel dat was. CalledProcessError bij pech met Java."""
    MAP.mkdir(parents=True, exist_ok=True)
    bekend = antwoorden()
    # eerst de voorbeelden, dan op sleutel: een vaste volgorde waarin elk begin een steekproef van het geheel is
    te_doen: dict[tuple[bool, str], str] = {}
    for mutant in corpus:
        regel = vraag(mutant)
        if regel["sleutel"] not in bekend:
            te_doen[mutant.soort != "zelf", regel["sleutel"]] = json.dumps(regel)
    if ANTWOORDEN.exists() and not ANTWOORDEN.read_bytes().endswith(b"\n"):
        with ANTWOORDEN.open("a") as uit:
            uit.write("\n")
    TE_DOEN.write_text("".join(f"{te_doen[plaats]}\n" for plaats in sorted(te_doen)))
    if te_doen:
        _java()
    return len(te_doen)


def vraag(mutant: Mutant) -> dict[str, Any]:
    """Wat Java over één mutant moet weten, met zijn sleutel."""
    soort = str(mutant.inhoud["resourceType"])
    profielen = [*([f"{R4}{soort}"] if soort in HERHAALT_ZICH else []), *geldende_profielen(mutant.inhoud)]
    tekst = als_tekst(mutant.inhoud)
    alles = "\n".join([*profielen, tekst])
    sleutel = hashlib.sha256(f"{alles}\n{_stand(frozenset(_URL.findall(alles)))}".encode()).hexdigest()[:24]
    return {"sleutel": sleutel, "profielen": profielen, "tekst": tekst}


def antwoorden() -> dict[str, list[Bevinding]]:
    """Sleutel → wat HL7 vond. Een half geschreven regel telt niet en wordt later opnieuw gevraagd."""
    return dict(_lees()) if ANTWOORDEN.exists() else {}


def _lees() -> Iterator[tuple[str, list[Bevinding]]]:
    for regel in ANTWOORDEN.read_text().splitlines():
        try:
            antwoord = json.loads(regel)
            sleutel, bevindingen = antwoord["sleutel"], antwoord["bevindingen"]
        except (ValueError, KeyError, TypeError):  # onderbroken, of Java schrijft er nu aan
            continue
        yield sleutel, [tuple(b) for b in bevindingen]


@functools.cache
def _definities() -> dict[str, tuple[str, frozenset[str]]]:
    """Canonical → (vingerafdruk, elke url die erin staat), van alles wat HL7 naast R4 leest."""
    uit = {}
    for pad in (p for map in HL7_LEEST for p in sorted(map.rglob("*.json")) if "examples" not in p.parts):
        tekst = pad.read_text()
        if (url := json.loads(tekst).get("url")) is not None:
            uit[url] = hashlib.sha256(tekst.encode()).hexdigest(), frozenset(_URL.findall(tekst)) - {url}
    return uit


@functools.cache
def _stand(genoemd: frozenset[str]) -> str:
    """Een vingerafdruk van het Java-programma en van elke definitie die genoemd wordt, ook via een andere."""
    bekend, gehad, te_doen = _definities(), set[str](), list(genoemd)
    while te_doen:
        url = te_doen.pop()
        if url in bekend and url not in gehad:
            gehad.add(url)
            te_doen += bekend[url][1]
    java = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (JAVA / "pom.xml", *sorted(JAVA.rglob("*.java")))]
    return " ".join([*java, *(bekend[url][0] for url in sorted(gehad))])


def _java() -> None:
    klassen = f"{MAP / 'classes'}:{(MAP / 'classpath.txt').read_text().strip()}"
    mappen = [str(m) for m in HL7_LEEST if m.is_dir()]
    draden = os.environ.get("DRADEN", str(min(2, os.cpu_count() or 1)))
    hoofd = ["nl.hulpmiddelenpaspoort.Oracle", str(TE_DOEN), str(ANTWOORDEN), draden]
    opdracht = [
        "nice",
        "-n",
        os.environ.get("NICE", "10"),
        "java",
        GEHEUGEN,
        "-XX:+UseSerialGC",
        "-cp",
        klassen,
        *hoofd,
        *mappen,
    ]
    subprocess.run(opdracht, check=True, cwd=HUIS)
