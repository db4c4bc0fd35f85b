"""Wat aan een advies hangt en zonder dat advies niets is: berichten erover, de reactie, en wat nog een voorstel is.

Het houdt het advies niet vast bij verwijderen, en gaat dan mee; bij wissen ook, met de gebeurtenissen. Wat de houder
overnam, is een feit van het paspoort zelf en blijft. Zuiver. Besluit 0041.
"""

from __future__ import annotations

from paspoort.fhir.bericht import bericht_over
from paspoort.fhir.referenties import ontleed, referenties
from paspoort.fhir.toestemming import uit_fhir as toestemming
from paspoort.fhir.voorstel import TYPES, voorstel_van
from paspoort.fhir.waarden import ext, verwijzing
from server.store.versions import Momentopname, Versie


def aanhangsels(m: Momentopname, advies_id: str) -> tuple[Versie, ...]:
    """De berichten over dit advies, de reactie erop, en de voorstellen die niet zijn overgenomen."""
    plek = f"QuestionnaireResponse/{advies_id}"
    berichten = (v for v in m.van_type("Communication") if bericht_over(v.inhoud) == (plek,))
    reacties = (v for v in m.van_type("QuestionnaireResponse") if _bij(v) == plek)
    voorstellen = (v for t in TYPES for v in m.van_type(t) if _voorstel_van(v) == plek)
    return (*berichten, *reacties, *voorstellen)


def hangt_aan(m: Momentopname, advies_id: str) -> frozenset[tuple[str, str]]:
    """Wat dit advies bij verwijderen niet vasthoudt: aanhangsels, wat is overgenomen, wie mocht meedenken."""
    plek = f"QuestionnaireResponse/{advies_id}"
    overgenomen = (v for t in TYPES for v in m.van_type(t) if (s := voorstel_van(v.inhoud)) and s.advies == plek)
    meedenken = (v for v in m.van_type("Consent") if plek in toestemming(v.inhoud).betreft)
    return frozenset((v.type, v.id) for v in (*aanhangsels(m, advies_id), *overgenomen, *meedenken))


def gebeurtenissen(m: Momentopname, plekken: frozenset[str]) -> tuple[Versie, ...]:
    """De Provenances die over niets anders gaan dan dit (`Type/id`), of er de bytes van tekenen."""
    uit = []
    for v in m.van_type("Provenance"):
        genoemd = {r.partition("/_history")[0] for pad, r in referenties(v.inhoud) if ".target" in pad}
        if genoemd and genoemd <= plekken:
            uit.append(v)
    return tuple(uit)


def papier(m: Momentopname, was: Momentopname, advies: Versie, mee: frozenset[str]) -> tuple[Versie, ...]:
    """Het document waar dit advies van komt en zijn bestanden, voor zover niets dat blijft ze noemt.

    `was` is `m` met van wat verwijderd is de laatste levende versie: ook dat papier is nog papier. `mee` is wat al
    weggaat (`Type/id`): dat houdt niets vast.
    """
    plek = document_van(advies)
    document = _op(was, plek)
    if document is None or _noemen(m, plek) - mee:
        return ()
    alleen = (_op(was, b) for b in bestanden_van(document) if not _noemen(m, b) - {*mee, plek})
    return (*(v for v in alleen if v is not None), document)


def document_van(advies: Versie) -> str:
    """`DocumentReference/id` waar dit advies van is overgenomen; leeg als het niet van papier komt."""
    return verwijzing(ext(advies.inhoud, "uit-document", "valueReference")) or ""


def bestanden_van(document: Versie) -> tuple[str, ...]:
    """De bestanden (`Binary/id`) van dit document, elk één keer."""
    return tuple(dict.fromkeys(t for _, r in referenties(document.inhoud) if (t := _kaal(r)).startswith("Binary/")))


def _noemen(m: Momentopname, plek: str) -> set[str]:
    """Wat in dit paspoort naar `plek` verwijst; een gebeurtenis houdt niets vast."""
    anderen = (v for v in m.alle() if v.type != "Provenance")
    return {v.verwijzing for v in anderen if any(_kaal(r) == plek for _, r in referenties(v.inhoud))}


def _kaal(tekst: str) -> str:
    """`Type/id` uit een verwijzing, ook achter een basisadres; leeg bij al het andere."""
    delen = ontleed(tekst)
    return f"{delen[0]}/{delen[1]}" if delen else ""


def _op(m: Momentopname, plek: str) -> Versie | None:
    type_, _, id_ = plek.partition("/")
    return m.get(type_, id_)


def _bij(versie: Versie) -> str | None:
    return verwijzing(ext(versie.inhoud, "bij", "valueReference"))


def _voorstel_van(versie: Versie) -> str | None:
    gevonden = voorstel_van(versie.inhoud)
    return gevonden.advies if gevonden is not None and gevonden.stand != "overgenomen" else None
