"""Welke mutanten goed blijven, en waarom: de regels, en de lijst in `overlevers.json`.

Een overlever hoort bij een regel en staat in de lijst; de lijst is gewogen door HL7. Opnieuw maken: `python -m tests.oracle.vergelijk --lijst`, na `make oracle`; wat HL7 afkeurt
en niemand verklaart, komt onder `open` te staan.
"""

# ruff: noqa: E501 - tabellen lezen beter op één regel
from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.oracle.mutaties import Mutant

LIJST: Final = Path(__file__).with_name("overlevers.json")
# naam van de regel → (welke mutaties, waarom het resultaat goede FHIR is)
REGELS: Final[dict[str, tuple[str, str]]] = {
    "open": (r"(?!)", "Hoort geweigerd te worden en wordt dat nog niet; staat in docs/metingen.md."),
    "verklaard": (r"(?!)", "HL7 weigert dit, wij niet; de reden staat bij naam in verklaringen.json."),
    "weggelaten": (r"weg|vl-zonder-\d+|vl-zonder-antwoord", "Het element mag ontbreken: min 0 in R4 en in ons profiel, en geen invariant vraagt erom."),
    "herhaald": (r"dubbel|vl-nog-eens-\d+|vl-twee-antwoorden", "Het element mag vaker voorkomen, en niets eist dat de waarden verschillen."),
    "zonder-waarde": (r"alleen-extensie", "Een element mag zonder waarde staan, met een extensie die zegt waarom (R4 json.html, ele-1); een verplichte code niet."),
    "alleen-spaties": (r"blanco", "R4 §2.24.0.1: een string SHOULD iets anders dan witruimte bevatten; dat is een waarschuwing (besluit 0035)."),
    "extensie-van-anderen": (r"extensie", "R4 laat op elk element extensies van anderen toe; alleen een gesloten profiel niet."),
    "vrije-code": (r"code|stelsel|kapitaal|zonder-stelsel|spatie|erbij-code|erbij-alleen-tekst|waar", "Geen verplichte waardelijst op dit element, of het stelsel is hier niet bekend: de code is niet na te gaan."),
    "ander-doel": (r"medicatie|persoon|meting|plek|erbij-(medicatie|persoon|meting|plek|organisatie|hulpmiddel)|type-fout", "De verwijzing mag naar dit type wijzen."),
    "andere-soort": (r"wordt-value\w+|wordt-\w+|vl-value\w+", "Het keuze-element mag ook deze soort hebben."),
    "erbij": (r"erbij-goed", "Een element dat R4 kent, met een goede waarde."),
    "goede-buurman": (r"inv-goed-\S+", "Voldoet juist aan de invariant waar de mutant ernaast tegen zondigt."),
    "lege-plek": (r"null", "In een lijst van primitieven mag null staan als de waarde of de toevoeging ernaast er wel is (R4 §2.6.2.4)."),
    "doel-niet-in-handen": (r"inv-ctm-1", "De invariant vraagt resolve(); wie het doel niet in handen heeft, keurt het goed (zo staat het in de invariant)."),
    "zelf": (r"zelf", "Het voorbeeld zelf."),
    "geldige-waarde": (r"dag|maand|klok|zone|uur|datum|kort|verplaatst", "De waarde is op dit element een geldige vorm."),
    "antwoord-mag": (r"vl-(status-\w+|volgorde|getal--?\d+|keuze-\S+|lang|kind-in-antwoord|linkid-van-ander)", "De vragenlijst laat dit antwoord toe."),
}  # fmt: skip


def regel_van(mutant: Mutant) -> str | None:
    """De regel waar deze mutatie bij hoort, of None."""
    return next((naam for naam, (patroon, _) in REGELS.items() if re.fullmatch(patroon, mutant.soort)), None)


def element(mutant: Mutant) -> str:
    """Het pad zonder rijnummers, met de basis erbij als die een eigen profiel of vragenlijst meebrengt."""
    pad = re.sub(r"\[\d+\]", "", mutant.plek)
    eigen = mutant.categorie in ("questionnaire",) or mutant.basis.startswith("hmp-opdracht")
    return f"{mutant.basis}: {pad}" if eigen else pad


def lees_lijst() -> dict[tuple[str, str], str]:
    """(element, mutatie) → regel, zoals gewogen."""
    lijst: dict[str, dict[str, list[str]]] = json.loads(LIJST.read_bytes())
    return {
        (waar, soort): regel for regel, soorten in lijst.items() for soort, waren in soorten.items() for waar in waren
    }


def onverklaard(overlevers: Iterable[Mutant]) -> Iterator[str]:
    """De overlevers die bij geen regel horen of niet in de lijst staan."""
    lijst = lees_lijst()
    for mutant in overlevers:
        if lijst.get((element(mutant), mutant.soort)) is None:
            yield f"{mutant.id} ({regel_van(mutant) or 'geen regel'})"


def schrijf_lijst(overlevers: Iterable[Mutant], anders: Mapping[str, str]) -> None:
    """Schrijft de lijst opnieuw. `anders`: id → `verklaard` of `open`, voor wat HL7 weigert en wij niet.

    ValueError als een overlever bij geen enkele regel hoort.
    """
    lijst: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for mutant in overlevers:
        regel = anders.get(mutant.id) or regel_van(mutant)
        if regel is None:
            raise ValueError(f"geen regel voor {mutant.id}")
        lijst[regel][mutant.soort].add(element(mutant))
    vast = {regel: {soort: sorted(lijst[regel][soort]) for soort in sorted(lijst[regel])} for regel in sorted(lijst)}
    LIJST.write_text(json.dumps(vast, ensure_ascii=False, indent=1) + "\n")
