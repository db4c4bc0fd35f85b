"""Hoe ver een toestemming om af te stemmen reikt: de concept-adviezen die zij noemt, en wat daarover gezegd is.

Bron: toegang.md §4, `afstemming`: *advies eisen (draft)*. Noemt de toestemming geen concept, dan gaat zij over elk
concept. Wordt een advies definitief, dan geeft zij er niets meer van (besluit 0040). Wie iets ziet, zegt `zicht.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paspoort.fhir.bericht import AFSTEMMING as BIJ_AFSTEMMEN
from paspoort.fhir.bericht import bericht_over, berichtsoorten
from paspoort.fhir.vragenlijst.soort import is_advies
from server.store.versions import Momentopname, Versie

if TYPE_CHECKING:
    from server.access.gronden import Grond
    from server.access.zicht import Zicht

AFSTEMMING: Final = "afstemming"  # het doel


def af_te_stemmen(m: Momentopname, betreft: frozenset[str], alleen: frozenset[str] | None) -> frozenset[str]:
    """`Type/id` van de concepten waar deze toestemming over gaat en van de berichten daarbij.

    `betreft` leeg: elk concept. `alleen` is wat de toestemming zelf al met name noemt; None is geen beperking.
    """
    concepten = _concepten(m)
    gekozen = {plek: bij for plek, bij in concepten.items() if not betreft or plek in betreft}
    reikt = frozenset({*gekozen, *(b for bij in gekozen.values() for b in bij)})
    return reikt if alleen is None else reikt & alleen


def eigen_woorden(grond: Grond, versie: Versie, zelf_geschreven: bool) -> frozenset[str]:
    """De groep van een bericht dat de vrager bij het afstemmen zelf schreef.

    Een leverancier leest van het afstemmen alleen wat hij zelf zei; de roltabel zwijgt daarover (§3, advies: –).
    """
    zelf = zelf_geschreven and grond.doel == AFSTEMMING and versie.type == "Communication"
    return frozenset({"advies"}) if zelf else frozenset()


def stemt_af(zicht: Zicht, versie: Versie | None) -> bool:
    """Of de vrager meedenkt over dit concept: met een toestemming om af te stemmen die hier nu op werkt."""
    eigen = (g for g in zicht.gronden if g.doel == AFSTEMMING and g.aanleiding is None)
    return versie is not None and any(g.groepen_voor(versie, False) for g in eigen)


def _concepten(m: Momentopname) -> dict[str, tuple[str, ...]]:
    """Per concept-advies de berichten erover; één keer per momentopname."""
    if "concepten" not in m.afgeleid:
        adviezen = [v for v in m.van_type("QuestionnaireResponse") if v.inhoud.get("status") == "in-progress"]
        uit: dict[str, list[str]] = {f"{v.type}/{v.id}": [] for v in adviezen if is_advies(v.inhoud)}
        for v in m.van_type("Communication") if uit else ():
            over = bericht_over(v.inhoud)
            # Een bericht over meer adviezen zou via het ene iets van het andere zeggen.
            if len(over) == 1 and over[0] in uit and berichtsoorten(v.inhoud) & BIJ_AFSTEMMEN:
                uit[over[0]].append(f"{v.type}/{v.id}")
        m.afgeleid["concepten"] = {plek: tuple(bij) for plek, bij in uit.items()}
    gevonden: dict[str, tuple[str, ...]] = m.afgeleid["concepten"]
    return gevonden
