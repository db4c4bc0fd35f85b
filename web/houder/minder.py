"""Minder laten zien: groepen weglaten, losse gegevens dichthouden, eerder stoppen. Voor elke toestemming hetzelfde.

Het formulier kan alleen weghalen (toegang.md §4: the houder may take away, not silently add); dat bewaakt
`paspoort/toestemming.py`. Welke gegevens er los staan, komt uit wat de ander met de toestemming zou zien.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from paspoort.fouten import PaspoortFout
from paspoort.paspoort import Paspoort
from paspoort.toegang import GROEPEN
from paspoort.toestemming import Toestemming, als_dag, langst, versmal
from web.bezoek import Bezoek
from web.bladzijde import dag
from web.boek import Boek
from web.houder.beeld import gezien, paspoort_van
from web.houder.kader import Fout
from web.woorden import codes, naam_van


@dataclass(frozen=True, slots=True)
class Groepkeuze:
    """Een gegevensgroep die de houder weg kan laten."""

    code: str
    tekst: str
    mee: bool


@dataclass(frozen=True, slots=True)
class Stukkeuze:
    """Eén gegeven dat de houder dicht kan houden; `code` is `Type/id`."""

    code: str
    tekst: str
    mee: bool


@dataclass(frozen=True, slots=True)
class Minderkeuze:
    """Wat er weg kan: groepen, gegevens, en de laatste dag (`tot`, hoogstens `uiterst`), als ISO-tekst."""

    groepen: tuple[Groepkeuze, ...]
    stukken: tuple[Stukkeuze, ...]
    tot: str
    vroegst: str
    uiterst: str
    open: bool


async def keuze(
    bezoek: Bezoek, boek: Boek, vol: Toestemming, gekozen: Toestemming, rol: str, open_: bool
) -> Minderkeuze:
    """Het formulier: alles wat `vol` laat lezen, met vinkjes bij wat in `gekozen` overblijft."""
    # Alleen wat deze toestemming zelf laat zien, niet wat de ander op een andere grond al mag.
    p = paspoort_van(await gezien(bezoek, boek, replace(vol, aan=frozenset()), rol))
    uiterst = als_dag(vol.tot) if vol.tot else langst(vol.doel, boek.vandaag)
    return Minderkeuze(
        groepen=tuple(Groepkeuze(g, tekst, g in gekozen.groepen) for g, tekst in GROEPEN.items() if g in vol.groepen),
        stukken=tuple(
            Stukkeuze(plek, tekst, plek not in gekozen.uitzonderingen)
            for plek, tekst in stukken(p)
            if plek not in vol.uitzonderingen
        ),
        tot=als_dag(gekozen.tot).isoformat() if gekozen.tot else "",
        vroegst=boek.vandaag.isoformat(),
        uiterst=uiterst.isoformat() if uiterst else "",
        open=open_,
    )


def lees(bezoek: Bezoek, boek: Boek, vol: Toestemming) -> tuple[Toestemming, tuple[Fout, ...]]:
    """Wat de houder overhoudt van `vol`, en wat er mis is met het formulier. Zonder dit formulier: `vol` zelf."""
    velden = bezoek.velden()
    if "groepen" not in velden:
        return vol, ()
    over = velden.get("groep", [])
    dicht = {p for p in velden.get("stukken", []) if p not in velden.get("stuk", [])}
    tot, fouten = _dag(bezoek.veld("tot")), []
    if bezoek.veld("tot") and tot is None:
        fouten.append(Fout("tot", "Dit is geen dag. Schrijf hem zo: 2027-03-09."))
    if tot is not None and tot < boek.vandaag:
        fouten.append(Fout("tot", "Deze dag is voorbij. Kies vandaag of later."))
        tot = None
    try:
        return versmal(vol, over, met_gebruik(boek.paspoort, dicht), tot), tuple(fouten)
    except PaspoortFout as fout:
        fouten += [Fout(m.plek or "groep", m.tekst()) for m in fout.meldingen]
        kaal = replace(vol, uitzonderingen=vol.uitzonderingen | met_gebruik(boek.paspoort, dicht))
        return replace(kaal, groepen=vol.groepen & frozenset(over)), tuple(fouten)


def stukken(p: Paspoort) -> Iterator[tuple[str, str]]:
    """Elk los gegeven in dit paspoort als (`Type/id`, hoe het heet)."""
    for h in p.hulpmiddelen:
        yield h.verwijzing, naam_van(h)
    for a in p.aandoeningen:
        yield a.verwijzing, a.omschrijving or (a.code.tekst if a.code else None) or "Een aandoening zonder naam"
    for m in p.metingen:
        wat = (m.code.tekst if m.code else None) or m.tekst or "Een meting"
        yield m.verwijzing, wat + (f", {dag(m.gemeten_op)}" if m.gemeten_op else "")
    for doel in p.doelen:
        yield doel.verwijzing, f"Uw doel: {doel.tekst}" if doel.tekst else "Een doel"
    for advies in p.adviezen:
        yield advies.verwijzing, f"Advies van {dag(advies.geschreven_op)}"
    for plan in p.plannen:
        yield plan.verwijzing, f"Persoonlijk plan van {dag(plan.geschreven_op)}"
    for evaluatie in p.evaluaties:
        yield evaluatie.verwijzing, f"Uw ervaring van {dag(evaluatie.geschreven_op)}"
    for besluit in p.besluiten:
        yield besluit.verwijzing, f"Besluit van {dag(besluit.genomen_op)}"
    for verzoek in p.verzoeken:
        yield verzoek.verwijzing, f"Uw vraag van {dag(verzoek.ingediend_op)}"
    namen = codes("documentsoort")
    for document in p.documenten:
        soort = namen.get(document.soort.value, "Document") if document.soort else "Document"
        yield document.verwijzing, document.omschrijving or f"{soort}, {dag(document.van)}"


def met_gebruik(p: Paspoort, plekken: set[str]) -> frozenset[str]:
    """Een hulpmiddel dat dicht gaat, neemt zijn gebruik mee: anders staat het er nog half."""
    return frozenset(plekken | {g.verwijzing for g in p.gebruiken if g.hulpmiddel in plekken})


def _dag(tekst: str) -> date | None:
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        return None
