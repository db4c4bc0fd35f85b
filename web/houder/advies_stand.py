"""Hoe een advies ervoor staat, voor de houder: de stand in een zin, wie er meedenkt, wat ermee gebeurde.

Zuiver: van een opengeslagen paspoort naar waarden voor de bladzijde. Bron: issue 5 §4 (houder), §5 (afwijking per eis).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import datum, deel, ext, extensies, moment, verwijzing
from paspoort.toestemming import Toestemming, als_dag
from web.adviesverloop import Verloop
from web.bladzijde import als_datum, dag
from web.boek import Boek

STANDEN: Final = {
    Adviesstatus.CONCEPT: "Dit is een concept. Het kan nog veranderen.",
    Adviesstatus.DEFINITIEF: "Dit advies is klaar. Het verandert niet meer.",
    Adviesstatus.VERVALLEN: "Dit advies geldt niet meer.",
}
# een toestemming die niet meer werkt: wat zij was
STANDEN_VOORBIJ: Final = {"active": "voorbij", "rejected": "nee", "inactive": "voorbij"}


@dataclass(frozen=True, slots=True)
class Melding:
    """Iets wat de houder over het advies moet weten; `soort` is goed, letop, fout of leeg."""

    soort: str
    teken: str
    kop: str
    zin: str


@dataclass(frozen=True, slots=True)
class Meelezer:
    """Een organisatie die over het concept mag meedenken, of dat vraagt. `stand`: gevraagd ja nee voorbij."""

    id: str
    naam: str
    stand: str
    tot: date | None


def is_van_papier(inhoud: Json) -> bool:
    """Of dit advies van een papier is overgenomen."""
    return ext(inhoud, "uit-document", "valueReference") is not None


def geschreven_door(boek: Boek, advies: FunctioneelAdvies, inhoud: Json) -> str:
    """De naam van wie het advies schreef, of leeg. Bij papier is dat wie erop staat, niet wie het toevoegde."""
    if is_van_papier(inhoud):
        return (advies.schrijver.naam if advies.schrijver else None) or ""
    return boek.naam(advies.auteur) if boek.heeft(advies.auteur) else ""


def meldingen(boek: Boek, advies: FunctioneelAdvies, v: Verloop) -> Iterator[Melding]:
    """Wat er met het advies gebeurde, het belangrijkste eerst."""
    if weg := v.laatste("ingetrokken"):
        zin = f"{weg.wie} trok het in op {dag(weg.op)}. De reden: {weg.reden}"
        yield Melding("fout", "fout", "Dit advies geldt niet meer.", zin)
    nieuwer = next((a for a in boek.paspoort.adviezen if volgt_op(a, advies)), None)
    if nieuwer is not None:
        op = f" van {dag(nieuwer.geschreven_op)}" if nieuwer.geschreven_op else ""
        yield Melding("letop", "letop", "Er is een nieuwer advies.", f"Het nieuwe advies{op} telt. Dit is het oude.")
    if is_van_papier(boek.inhouden[advies.verwijzing]):
        zin = "Niemand controleerde het met de computer. Er zit geen zegel op."
        yield Melding("letop", "document", "Dit advies komt van papier.", zin)
        if ja := v.laatste("bevestigd"):
            yield Melding("goed", "klopt", "Het is bevestigd.", f"{ja.wie} keek het na op {dag(ja.op)}.")
    if not weg and (nog := v.laatste("nog-geldig")):
        yield Melding("goed", "klopt", "Dit advies klopt nog.", f"Dat zei {nog.wie} op {dag(nog.op)}.")
    for g in v.alle("afgestemd"):
        erbij = f" Daarbij schreef {g.wie}: “{g.reden}”" if g.reden else ""
        zin = f"{g.wie} dacht mee op {dag(g.op)}.{erbij}"
        yield Melding("goed", "samen", "Er is over overlegd.", zin)
    if klaar := v.laatste("definitief"):
        zin = f"{klaar.wie} sloot het op {dag(klaar.op)}. Verandert iemand één letter? Dan is dat te zien."
        yield Melding("", "slot", "Er zit een zegel op.", zin)


def volgt_op(nieuw: FunctioneelAdvies, oud: FunctioneelAdvies) -> bool:
    """Of `nieuw` klaar is en in de plaats van `oud` komt."""
    return nieuw.vervangt == oud.verwijzing and nieuw.status is Adviesstatus.DEFINITIEF


def meelezers(boek: Boek, advies: FunctioneelAdvies) -> tuple[Meelezer, ...]:
    """Wie de therapeut bij het concept wil, en wie al meeleest."""
    inhoud = boek.inhouden[advies.verwijzing]
    gevraagd = [verwijzing(deel(e, "organisatie", "valueReference")) for e in extensies(inhoud, "afstemming-gevraagd")]
    erbij = [aan for t in _over(boek, advies) for aan in sorted(t.aan)]
    return tuple(meelezer(boek, advies, plek) for plek in dict.fromkeys(p for p in [*gevraagd, *erbij] if p))


def meelezer(boek: Boek, advies: FunctioneelAdvies, plek: str) -> Meelezer:
    """Hoe het met deze organisatie staat: de nieuwste toestemming telt, tot er daarna opnieuw gevraagd is."""
    t = toestemming_voor(boek, advies, plek)
    if t is not None and t.geldt(boek.nu):
        stand = "ja"
    elif t is None or t.status not in STANDEN_VOORBIJ or _opnieuw_gevraagd(boek, advies, plek, t):
        stand = "gevraagd"
    else:
        stand = STANDEN_VOORBIJ[t.status]
    return Meelezer(plek.partition("/")[2], boek.naam(plek), stand, als_datum(t.tot) if t and stand == "ja" else None)


def _opnieuw_gevraagd(boek: Boek, advies: FunctioneelAdvies, plek: str, t: Toestemming) -> bool:
    """Of de therapeut nog eens vroeg na het nee, het stoppen of de laatste dag van deze toestemming."""
    veranderd = moment(boek.inhouden[f"Consent/{t.id}"].get("meta", {}).get("lastUpdated"))
    einde = t.tot if t.status == "active" else veranderd
    vragen = (
        moment(deel(e, "op", "valueDateTime")) or datum(deel(e, "op", "valueDate"))
        for e in extensies(boek.inhouden[advies.verwijzing], "afstemming-gevraagd")
        if verwijzing(deel(e, "organisatie", "valueReference")) == plek
    )
    return einde is not None and any(op is not None and _na(op, einde) for op in vragen)


def _na(op: date | datetime, einde: date | datetime) -> bool:
    """Of de vraag na het einde kwam; zonder tijd telt zij pas de dag erna."""
    if isinstance(op, datetime) and isinstance(einde, datetime):
        return op > einde
    return als_dag(op) > als_dag(einde)


def toestemming_voor(boek: Boek, advies: FunctioneelAdvies, plek: str) -> Toestemming | None:
    """De toestemming die telt: een geldige, anders de nieuwste."""
    hier = [t for t in _over(boek, advies) if plek in t.aan]
    return max(hier, key=lambda t: (t.geldt(boek.nu), str(t.gegeven_op or "")), default=None)


def _over(boek: Boek, advies: FunctioneelAdvies) -> list[Toestemming]:
    return [t for t in boek.toestemmingen if t.doel == "afstemming" and advies.verwijzing in t.betreft]
