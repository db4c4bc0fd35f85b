"""Laat HL7's validator het corpus wegen, in één JVM, en onthoudt wat hij zei.

Elk antwoord hoort bij een sleutel: de inhoud van de mutant met zijn profielen. Onderbroken? De volgende keer weegt Java
alleen wat nog mist. Verandert een definitie of het Java-programma zelf, dan is alles wat er lag niets meer waard en
begint de weging opnieuw. Zegt niets over ons eigen oordeel; dat is `vergelijk.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.oracle.basis import ANDEREN, HUIS, als_tekst, geldende_profielen
from tests.oracle.mutaties import Mutant

MAP: Final = HUIS / "build" / "oracle"
TE_DOEN, ANTWOORDEN, STAND = MAP / "te-doen.jsonl", MAP / "hl7.jsonl", MAP / "stand.txt"
HL7_LEEST: Final = (HUIS / "fhir_profiles", *ANDEREN)
JAVA: Final = Path(__file__).with_name("java")
R4: Final = "http://hl7.org/fhir/StructureDefinition/"
# In een profiel loopt HAPI niet door een contentReference (item.item) naar binnen; dan moet R4 zelf er ook bij.
HERHAALT_ZICH: Final = frozenset(("Composition", "Consent", "Observation", "Questionnaire", "QuestionnaireResponse"))
GEHEUGEN: Final = "-Xmx3g"
Bevinding = tuple[str, str, str, str]  # (ernst, plek, code, tekst)


def weeg(corpus: Iterable[Mutant]) -> int:
    """Vraagt HL7 naar alles wat nog geen antwoord heeft; hoeveel dat was. CalledProcessError bij pech met Java."""
    MAP.mkdir(parents=True, exist_ok=True)
    nu = stand()
    if not STAND.exists() or STAND.read_text() != nu:
        ANTWOORDEN.unlink(missing_ok=True)
        STAND.write_text(nu)
    bekend = antwoorden()
    # op sleutel: een vaste volgorde waarin elk begin een steekproef van het geheel is
    te_doen = {r["sleutel"]: json.dumps(r) for m in corpus if (r := vraag(m))["sleutel"] not in bekend}
    TE_DOEN.write_text("".join(f"{te_doen[sleutel]}\n" for sleutel in sorted(te_doen)))
    if te_doen:
        _java()
    return len(te_doen)


def vraag(mutant: Mutant) -> dict[str, Any]:
    """Wat Java over één mutant moet weten; gelijke inhoud met gelijke profielen heeft dezelfde sleutel."""
    soort = str(mutant.inhoud["resourceType"])
    profielen = [*([f"{R4}{soort}"] if soort in HERHAALT_ZICH else []), *geldende_profielen(mutant.inhoud)]
    tekst = als_tekst(mutant.inhoud)
    sleutel = hashlib.sha256("\n".join([*profielen, tekst]).encode()).hexdigest()[:24]
    return {"sleutel": sleutel, "profielen": profielen, "tekst": tekst}


def antwoorden() -> dict[str, list[Bevinding]]:
    """Sleutel → wat HL7 vond; een half geschreven laatste regel telt niet, die wordt opnieuw gevraagd."""
    return dict(_lees()) if ANTWOORDEN.exists() else {}


def _lees() -> Iterator[tuple[str, list[Bevinding]]]:
    tekst = ANTWOORDEN.read_text()
    heel = tekst[: tekst.rfind("\n") + 1]
    if heel != tekst:
        ANTWOORDEN.write_text(heel)
    for regel in heel.splitlines():
        antwoord = json.loads(regel)
        yield antwoord["sleutel"], [tuple(b) for b in antwoord["bevindingen"]]


def stand() -> str:
    """Een vingerafdruk van alles wat het oordeel van HL7 bepaalt: de definities, het programma en zijn versies."""
    paden = [p for map in HL7_LEEST for p in map.rglob("*.json") if "examples" not in p.parts]
    paden += [JAVA / "pom.xml", *JAVA.rglob("*.java")]
    afdruk = hashlib.sha256()
    for pad in sorted(paden):
        afdruk.update(pad.name.encode() + b"\0" + pad.read_bytes() + b"\0")
    return afdruk.hexdigest()


def _java() -> None:
    klassen = f"{MAP / 'classes'}:{(MAP / 'classpath.txt').read_text().strip()}"
    mappen = [str(m) for m in HL7_LEEST if m.is_dir()]
    draden = os.environ.get("DRADEN", str(min(2, os.cpu_count() or 1)))
    hoofd = ["nl.hulpmiddelenpaspoort.Oracle", str(TE_DOEN), str(ANTWOORDEN), draden]
    opdracht = ["nice", "java", GEHEUGEN, "-XX:+UseSerialGC", "-cp", klassen, *hoofd, *mappen]
    subprocess.run(opdracht, check=True, cwd=HUIS)
