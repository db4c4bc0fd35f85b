"""Welke mutanten `make oracle` weegt: elk element × mutatie × stel profielen minstens één keer, vast gekozen.

Alles wegen kost HL7 uren; twintig voorbeelden van hetzelfde type zeggen over `Task.code.coding.code` twintig keer
hetzelfde. Van elk stel is de eerste gekozen, in de volgorde van het corpus. Een kapotte JSON-vorm (een getal waar tekst
hoort, een lijst om een waarde) hangt niet van een profiel af: daarvan gaat elk element van elk R4-type één keer mee,
waar het ook stond. Elk voorbeeld zelf gaat altijd mee.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paspoort.fhir.validatie_vorm import vorm
from tests.oracle.basis import geldende_profielen
from tests.oracle.mutaties import Mutant

_RIJ = re.compile(r"\[\d+\]")
_GENEST = re.compile(r"(\.(?:answer\.)?item|\.section|\.provision)(?:\1)+")  # een onderdeel in zichzelf: één keer diep
# wat de JSON-vorm breekt, los van wat een profiel op die plek vraagt
_VORM = (
    "naam hoofdletter null los leeg lijst twee getal waar blanco tekst object extra extensie-leeg extensie-beide"
    " extensie-zonder-url"
)
VORM = frozenset(_VORM.split())
Sleutel = tuple[str, str, tuple[str, ...]]


def gekozen(corpus: Iterable[Mutant]) -> Iterator[Mutant]:
    """De eerste mutant van elk stel (element, mutatie, profielen); `corpus` begint per voorbeeld met het voorbeeld."""
    gezien: set[Sleutel] = set()
    profielen: tuple[str, ...] = ()
    for mutant in corpus:
        if mutant.soort == "zelf":
            profielen = _profielen(mutant)
            yield mutant
            continue
        antwoord = mutant.categorie == "questionnaire"  # elke vraag is er één: daar telt het hele pad
        plek, soort = (mutant.plek, mutant.soort) if antwoord else (element(mutant), re.sub(r"-\d+$", "", mutant.soort))
        if mutant.soort in VORM:
            sleutel: Sleutel = (in_r4(plek), soort, ())
        else:
            sleutel = (plek, soort, profielen)
        if sleutel not in gezien:
            gezien.add(sleutel)
            yield mutant


def element(mutant: Mutant) -> str:
    """Het pad zonder rijnummers; wat in zichzelf genest is, telt als twee diep."""
    return _GENEST.sub(r"\1\1", _RIJ.sub("", mutant.plek))


def in_r4(plek: str) -> str:
    """`Task.code.coding.code` → `Coding.code`: het element in het type van R4 waar het vandaan komt."""
    eerste, *rest = plek.split(".")
    huidig, naam = vorm(eerste), eerste
    for nummer, stuk in enumerate(rest):
        if huidig is None:
            return ".".join([naam, *rest[nummer:]])
        element = huidig.elementen.get(stuk.removeprefix("_"))
        naam = f"{huidig.naam}.{stuk}"
        huidig = vorm("Element" if stuk.startswith("_") else element.soort) if element else None
    return naam


def _profielen(voorbeeld: Mutant) -> tuple[str, ...]:
    """Alles wat op dit voorbeeld getoetst wordt: wat altijd geldt, wat het claimt, en zijn vragenlijst."""
    inhoud = voorbeeld.inhoud
    lijst = [str(inhoud["questionnaire"])] if "questionnaire" in inhoud else []
    return (*geldende_profielen(inhoud), *inhoud.get("meta", {}).get("profile", []), *lijst)
