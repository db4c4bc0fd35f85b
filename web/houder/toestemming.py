"""Eén toestemming: wat er te lezen is, hoe het verliep, wat er doorgaat als u stopt, en stoppen (toegang.md §1, §4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.toestemming import uit_fhir
from paspoort.toestemming import Toestemming, als_dag, langst, leest, leest_niet
from paspoort.toestemmingsverloop import veranderingen
from server.access.voorbeeld import partij
from server.store.audit import regels_van_paspoort
from server.store.logrow import Logregel
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum, dag
from web.boek import Boek
from web.houder.beeld import Beeld, beeld
from web.houder.delen import partijen, stand, vind, waarvoor
from web.houder.kader import Kop, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.minder import stukken
from web.woorden import naam_van

# Handelingen die niets veranderen; van de andere is te zeggen wie het deed.
LEZEN: Final = frozenset({"read", "vread", "history-instance", "history-type", "search-type", "$everything", "melding"})
LOG_KIJKEN: Final = 500
ZELFDE_MOMENT: Final = 10.0  # seconden tussen een versie en haar logregel
AFSCHRIFT_VAN: Final = {"besloten": "het besluit", "opgedragen": "de opdracht", "geleverd": "de levering"}
GEGEVEN_VIA: Final = {
    "qr": "U liet een code zien.",
    "link": "U liet een code zien of stuurde een link.",
    "code": "U las cijfers voor.",
    "verzoek": "U gaf dit bij een vraag.",
    "oauth": "U liet een app toe.",
    "gevraagd": "Zij vroegen het u, en u zei ja.",
    "papier": "U gaf dit op papier.",
    "mondeling": "U zei dit tegen iemand.",
}


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """Eén moment in het verloop: wanneer, wie het deed, en wat er veranderde."""

    moment: str
    wie: str
    zinnen: tuple[str, ...]


@dataclass(frozen=True)
class Toestemmingkaart:
    """Eén toestemming, met stoppen en wat er dan doorgaat. `stand` is nu, straks of voorbij."""

    SJABLOON: ClassVar[str] = "houder/toestemming.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    stand: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    betreft: tuple[str, ...]
    dicht: tuple[str, ...]
    van: date | None
    tot: date | None
    via: str
    wijzigbaar: bool
    kan_langer: bool
    beeld: Beeld | None
    verloop: tuple[Gebeurtenis, ...]
    gaat_door: tuple[str, ...]
    net_gestopt: bool
    net_veranderd: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/toestemming/{id}`, met stoppen."""
    hang(router, huis, "/delen/toestemming/{id}", kaart)
    hang(router, huis, "/delen/toestemming/{id}", stop, "POST")


async def kaart(bezoek: Bezoek) -> Response:
    """Eén toestemming."""
    boek = await open_boek(bezoek)
    return toon(bezoek, await _kaart(bezoek, boek, vind(boek, id_van(bezoek))))


async def stop(bezoek: Bezoek) -> Response:
    """Intrekken; het werkt bij de volgende keer dat iemand leest."""
    boek = await open_boek(bezoek)
    t = vind(boek, id_van(bezoek))
    if stand(boek, t) != "voorbij":
        await bezoek.deur.wijzig({**boek.inhouden[f"Consent/{t.id}"], "status": "inactive"})
    return bezoek.naar(f"/delen/toestemming/{t.id}?gestopt")


def gaat_door(boek: Boek, t: Toestemming) -> tuple[str, ...]:
    """Wat na stoppen doorloopt: een open opdracht of behandeling van dezelfde organisatie (toegang.md §1)."""
    huizen = {boek.huis(aan) for aan in t.aan} - {None}
    uit = []
    for taak in (*boek.paspoort.opdrachten, *boek.paspoort.behandelingen):
        if taak.open and boek.huis(taak.eigenaar) in huizen:
            wie = boek.naam(boek.huis(taak.eigenaar))
            if taak in boek.paspoort.opdrachten:
                uit.append(f"De opdracht bij {wie} loopt door. {wie} ziet alleen nog wat daarvoor nodig is.")
            else:
                uit.append(f"Uw vraag bij {wie} loopt door. {wie} ziet alleen nog wat daarvoor nodig is.")
    uit += [
        f"{boek.naam(huis)} houdt een kopie van wat voor {wat} nodig was{tot}. Dat moet van de wet."
        for huis, wat, tot in _afschriften(boek)
        if huis in huizen
    ]
    return tuple(dict.fromkeys(uit))


def _afschriften(boek: Boek) -> Iterable[tuple[str, str, str]]:
    """Wie een eigen afschrift heeft, waarvan, en tot wanneer; uit de Provenance die het besluit of de opdracht gaf."""
    for plek, inhoud in boek.inhouden.items():
        if not plek.startswith("Provenance/"):
            continue
        teksten = [str((e.get("what") or {}).get("display", "")) for e in inhoud.get("entity") or ()]
        afschrift = next((t for t in teksten if t.startswith("Afschrift:")), None)
        if afschrift is None:
            continue
        tot = re.search(r"bewaren tot (\d{4}-\d\d-\d\d)", afschrift)
        codes = [c.get("code") for c in (inhoud.get("activity") or {}).get("coding", ())]
        wat = next((AFSCHRIFT_VAN[c] for c in codes if c in AFSCHRIFT_VAN), "haar werk")
        for agent in inhoud.get("agent") or ():
            if huis := (agent.get("onBehalfOf") or {}).get("reference"):
                yield huis, wat, f", tot {dag(tot[1])}" if tot else ""


def betreft(boek: Boek, t: Toestemming) -> tuple[str, ...]:
    """De namen van de hulpmiddelen waar de toestemming over gaat."""
    gevonden = []
    for plek in sorted(t.betreft):
        hulpmiddel = boek.paspoort.hulpmiddel(plek) or boek.hulpmiddel_van(boek.paspoort.gebruik(plek))
        if hulpmiddel is not None:
            gevonden.append(naam_van(hulpmiddel))
    return tuple(dict.fromkeys(gevonden))


def rol_van(bezoek: Bezoek, t: Toestemming) -> str:
    """De rol van wie de toestemming noemt."""
    for aan in sorted(t.aan):
        wie = partij(aan, bezoek.huis.opslag.register)
        if wie is not None:
            return wie.rol
    return ""


def kan_langer(boek: Boek, t: Toestemming) -> bool:
    """Of het doel vandaag een latere dag voorstelt dan er nu staat."""
    verst = langst(t.doel, boek.vandaag)
    return verst is not None and t.tot is not None and als_dag(t.tot) < verst


async def verloop(bezoek: Bezoek, t: Toestemming) -> tuple[Gebeurtenis, ...]:
    """Alles wat er met deze toestemming gebeurde, nieuwste eerst, met wie het deed als het log dat weet."""
    versies = await bezoek.deur.geschiedenis("Consent", t.id)
    log = await regels_van_paspoort(bezoek.huis.opslag, patient_van(bezoek), aantal=LOG_KIJKEN)
    schreef = [r for r in log if f"Consent/{t.id}" in r.wat and r.handeling not in LEZEN and r.uitkomst == "gelukt"]
    uit, vorige = [], None
    for moment, inhoud in versies:
        nieuw = uit_fhir(inhoud) if inhoud else None
        zinnen = tuple(v.zin for v in veranderingen(vorige, nieuw))
        if zinnen:
            uit.append(Gebeurtenis(moment, _wie(bezoek, schreef, moment), zinnen))
        vorige = nieuw
    return tuple(reversed(uit))


def _wie(bezoek: Bezoek, log: Iterable[Logregel], moment: str) -> str:
    """Wie dit deed: de logregel van hetzelfde ogenblik."""
    toen = datetime.fromisoformat(moment)
    dichtbij = [(abs((datetime.fromisoformat(r.moment) - toen).total_seconds()), r) for r in log]
    afstand, regel = min(dichtbij, key=lambda paar: paar[0], default=(ZELFDE_MOMENT, None))
    if regel is None or afstand >= ZELFDE_MOMENT:
        return ""
    if regel.rol == "houder" and bezoek.actor.rol == "houder":
        return "U"
    return f"{regel.naam}, namens {regel.namens}" if regel.namens else regel.naam


def _tot(t: Toestemming, gebeurd: tuple[Gebeurtenis, ...]) -> date | None:
    """De laatste dag: wie eerder stopte, leest niet de dag die het had kunnen worden."""
    dagen = [als_datum(t.tot), als_datum(gebeurd[0].moment) if gebeurd and t.status == "inactive" else None]
    return min((d for d in dagen if d), default=None)


async def _kaart(bezoek: Bezoek, boek: Boek, t: Toestemming) -> Toestemmingkaart:
    nu = stand(boek, t)
    wie, leeft = partijen(boek, t), nu != "voorbij"
    vooraf = replace(t, status="active")
    namen = dict(stukken(boek.paspoort))
    gebeurd = await verloop(bezoek, t)
    return Toestemmingkaart(
        kop=kop(bezoek, boek, "delen"),
        id=t.id,
        wie=wie,
        waarvoor=waarvoor(t),
        stand=nu,
        leest=leest(t.groepen),
        leest_niet=leest_niet(t.groepen),
        betreft=betreft(boek, t),
        dicht=tuple(namen[p] for p in sorted(t.uitzonderingen) if p in namen),
        van=als_datum(t.gegeven_op) or als_datum(t.van),
        tot=_tot(t, gebeurd),
        via=GEGEVEN_VIA.get(t.gegeven_via or "", ""),
        wijzigbaar=leeft and t.begrepen,
        kan_langer=leeft and t.begrepen and kan_langer(boek, t),
        beeld=await beeld(bezoek, boek, vooraf, rol_van(bezoek, t), wie, f"/delen/toestemming/{t.id}/voorbeeld")
        if leeft
        else None,
        verloop=gebeurd,
        gaat_door=gaat_door(boek, t),
        net_gestopt=nu == "voorbij" and "gestopt" in bezoek.request.query_params,
        net_veranderd=leeft and bool({"veranderd", "gegeven"} & set(bezoek.request.query_params)),
    )
