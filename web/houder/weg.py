"""Hoe ver een vraag is, in woorden: de negen stappen, wie er aan de beurt is, en wanneer de houder iets hoort.

Rekent niet zelf: de stappen zijn van `paspoort/aanvraag.py`, de termijn van `paspoort/termijn.py`. Bron: beeld.md §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from paspoort.aanvraag import (
    Behandeling,
    Fase,
    Opdracht,
    Opdrachtsoort,
    Partij,
    Stand,
    Uitkomst,
    Verzoek,
    Wijziging,
    weg,
)
from paspoort.fhir.waarden import verwijzing
from paspoort.termijn import in_woorden
from web.bladzijde import als_datum
from web.boek import Boek
from web.woorden import met_kleine_letter, naam_van

STANDEN: Final = {
    Stand.BEKEND: ("bekend", "al bekend"),
    Stand.GEDAAN: ("klaar", "klaar"),
    Stand.NU: ("nu", "hier bent u nu"),
    Stand.KOMT: ("straks", "komt nog"),
}
# Wat een fase voor de houder betekent; {wie} is wie er aan de beurt is of was.
FASEN: Final = {
    Fase.INGEDIEND: "{wie} heeft uw vraag gekregen.",
    Fase.IN_ONDERZOEK: "{wie} onderzoekt uw vraag.",
    Fase.WACHT_OP_HOUDER: "{wie} wacht op uw antwoord.",
    Fase.DOORGEZET: "{wie} zei ja. Er was geen nieuw besluit nodig.",
    Fase.TOEGEKEND: "{wie} zei ja.",
    Fase.AFGEWEZEN: "{wie} zei nee. In de brief staat waarom.",
    Fase.INGETROKKEN: "U hebt deze vraag gestopt.",
    Fase.ONTVANGEN: "{wie} heeft de opdracht en belt u.",
    Fase.CONTACT_GELEGD: "{wie} heeft contact met u gehad.",
    Fase.PASSING_GEPLAND: "De afspraak om te passen staat.",
    Fase.GEPAST: "U hebt gepast.",
    Fase.BESTELD: "{wie} heeft het hulpmiddel besteld.",
    Fase.LEVERING_GEPLAND: "De levering is gepland.",
    Fase.GELEVERD: "Uw hulpmiddel is geleverd.",
    Fase.GEMELD: "{wie} heeft uw melding.",
    Fase.GEREPAREERD: "Het is gerepareerd.",
}
SOORTEN: Final = {
    Opdrachtsoort.REPARATIE: "Reparatie",
    Opdrachtsoort.AANPASSING: "Aanpassing",
    Opdrachtsoort.VERVANGING: "Vervangen",
    Opdrachtsoort.NIEUW: "Nieuw",
}
TOON_GESLOTEN_DAGEN: Final = 42


@dataclass(frozen=True, slots=True)
class Stapregel:
    """Eén van de negen stappen; `stand` kiest het teken, `woord` zegt het."""

    naam: str
    stand: str
    woord: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Een vraag of reparatie zoals de houder haar volgt. Zonder `stappen` is er geen strip."""

    id: str
    titel: str
    adres: str
    stappen: tuple[Stapregel, ...]
    stap: str
    stand: str
    u: bool
    beurt: str
    sinds: date | None
    uiterlijk: date | None
    termijn: str
    verwacht: date | None
    uitstel: str
    open: bool


def loop(boek: Boek, verzoek: Verzoek) -> Loop:
    """Waar deze vraag is."""
    behandeling, opdracht = boek.behandeling_van(verzoek), boek.opdracht_van(verzoek)
    w = weg(
        verzoek, behandeling, opdracht,
        plan=bool(boek.paspoort.plannen), eisen=bool(boek.paspoort.nieuwste_adviezen),
        teruggekeken=_teruggekeken(boek, opdracht),
    )  # fmt: skip
    taak = opdracht if opdracht is not None else behandeling
    nu = next(s for s in w.stappen if s.nummer == w.nu)
    bekend = sum(s.stand is Stand.BEKEND for s in w.stappen)
    stap = f"Stap {w.nu} van {len(w.stappen)}: {met_kleine_letter(nu.naam)}."
    if bekend:
        stap += f" Stap 1 tot en met {bekend} wisten we al."
    return Loop(
        id=verzoek.id,
        titel=titel(boek, verzoek),
        adres=f"/aanvraag/{verzoek.id}",
        stappen=tuple(Stapregel(s.naam, *STANDEN[s.stand]) for s in w.stappen),
        stap=stap,
        stand=_stand(boek, taak),
        u=w.beurt is Partij.HOUDER,
        beurt=boek.wie(taak.eigenaar) if taak and w.beurt in (Partij.VERSTREKKER, Partij.LEVERANCIER) else "",
        sinds=als_datum(taak.gewijzigd_op or taak.gemaakt_op) if taak else None,
        uiterlijk=taak.uiterlijk if taak and taak.open else None,
        termijn=in_woorden(taak.uiterlijk, boek.vandaag) if taak and taak.open and taak.uiterlijk else "",
        verwacht=opdracht.verwachte_datum if opdracht and opdracht.open else None,
        uitstel=(opdracht.reden_uitstel or "") if opdracht and opdracht.open else "",
        open=w.beurt is not None,
    )


def losse_opdracht(boek: Boek, opdracht: Opdracht) -> Loop:
    """Een opdracht zonder vraag ervoor, zoals een reparatie."""
    # Een storing wijst naar het hulpmiddel zelf, een opdracht noemt het als invoer.
    focus = verwijzing(boek.inhouden.get(opdracht.verwijzing, {}).get("focus"))
    gebruik = boek.paspoort.gebruik(opdracht.gebruik or focus)
    hulpmiddel = boek.paspoort.hulpmiddel(opdracht.hulpmiddel or focus) or boek.hulpmiddel_van(gebruik)
    gemeld = opdracht.fase in (Fase.GEMELD, Fase.GEREPAREERD)
    soort = SOORTEN[opdracht.soort or (Opdrachtsoort.REPARATIE if gemeld else Opdrachtsoort.NIEUW)]
    return Loop(
        id=opdracht.id,
        titel=f"{soort}: {met_kleine_letter(naam_van(hulpmiddel))}",
        adres=f"/hulpmiddel/{hulpmiddel.id}" if hulpmiddel else "/hulpmiddelen",
        stappen=(),
        stap="",
        stand=_stand(boek, opdracht),
        u=False,
        beurt=boek.wie(opdracht.eigenaar) if opdracht.open else "",
        sinds=als_datum(opdracht.gewijzigd_op or opdracht.gemaakt_op),
        uiterlijk=opdracht.uiterlijk if opdracht.open else None,
        termijn=in_woorden(opdracht.uiterlijk, boek.vandaag) if opdracht.open and opdracht.uiterlijk else "",
        verwacht=opdracht.verwachte_datum,
        uitstel=opdracht.reden_uitstel or "",
        open=opdracht.open,
    )


def lopend(boek: Boek) -> tuple[Loop, ...]:
    """Alles wat nu loopt of net klaar is; nieuwste eerst."""
    vragen = [(v, loop(boek, v)) for v in boek.paspoort.verzoeken if v.status == "active"]
    tonen = [(v.ingediend_op or date.min, g) for v, g in vragen if g.open or _net_klaar(boek, v)]
    uit_vraag = {o.verwijzing for v, _ in vragen if (o := boek.opdracht_van(v))}
    los = [
        (als_datum(o.gemaakt_op) or date.min, losse_opdracht(boek, o))
        for o in boek.paspoort.opdrachten
        if o.open and o.verwijzing not in uit_vraag
    ]
    return tuple(g for _, g in sorted([*tonen, *los], key=lambda paar: (paar[0], paar[1].id), reverse=True))


def titel(boek: Boek, verzoek: Verzoek) -> str:
    """*Vervangen: elektrische rolstoel*."""
    hulpmiddel = boek.hulpmiddel_van(boek.paspoort.gebruik(verzoek.betreft))
    wat = naam_van(hulpmiddel) if hulpmiddel else verzoek.omschrijving or "een hulpmiddel"
    if verzoek.wijziging is Wijziging.NIEUW:
        return f"Nieuw: {met_kleine_letter(wat)}"
    return f"{'Aanpassen' if verzoek.aanpassing else 'Vervangen'}: {met_kleine_letter(wat)}"


def _stand(boek: Boek, taak: Behandeling | Opdracht | None) -> str:
    if taak is None:
        return "Uw vraag is nog niet verstuurd."
    if isinstance(taak, Behandeling) and taak.uitkomst is Uitkomst.AFGEWEZEN:
        return FASEN[Fase.AFGEWEZEN].format(wie=boek.naam(taak.eigenaar))
    return FASEN[taak.fase].format(wie=boek.naam(taak.eigenaar)) if taak.fase else ""


def _net_klaar(boek: Boek, verzoek: Verzoek) -> bool:
    taak = boek.opdracht_van(verzoek) or boek.behandeling_van(verzoek)
    sinds = als_datum(taak.gewijzigd_op or taak.moment) if taak else None
    return sinds is not None and (boek.vandaag - sinds).days <= TOON_GESLOTEN_DAGEN


def _teruggekeken(boek: Boek, opdracht: Opdracht | None) -> bool:
    if opdracht is None:
        return False
    nieuw = {opdracht.nieuw_gebruik, opdracht.nieuw_hulpmiddel} - {None}
    return any(nieuw & set(e.betreft) for e in boek.paspoort.evaluaties if e.status == "completed")
