"""Wat elke bladzijde van een professional deelt: kop met menu, de band *te gast bij*, termijnbadge, foutenlijst.

Haalt niets op: het paspoort komt uit `boek.py`. Bron: beeld.md §3 en §4, richting.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from paspoort.fhir.waarden import kop, verwijzing
from paspoort.paspoort import Paspoort
from paspoort.termijn import in_woorden, werkdagen_tussen
from paspoort.toegang import groepen_van_doel
from paspoort.toestemming import Toestemming
from server.access.actor import Actor
from server.access.toewijzing import AANLEIDING_DUURT, is_aanleiding
from web.bezoek import Bezoek
from web.bladzijde import dag, tijd
from web.boek import Boek
from web.deur import Bevinding
from web.werkwoorden import DOELEN, GROEPEN, opsomming

COLLEGA: Final = ("aanleiding", "Van een collega", "/aanleiding")
MEEDENKEN: Final = ("meedenken", "Meedenken", "/meedenken")
MENU: Final = {
    "therapeut": (("clienten", "Cliënten", "/clienten"), ("code", "Code van een cliënt", "/code"), COLLEGA),
    "verstrekker": (
        ("werkvoorraad", "Werkvoorraad", "/werkvoorraad"),
        ("clienten", "Cliënten", "/clienten"),
        MEEDENKEN,
        ("code", "Code van een cliënt", "/code"),
        COLLEGA,
    ),
    "leverancier": (MEEDENKEN, ("code", "Code van een cliënt", "/code"), COLLEGA),
}
FUNCTIES: Final = {"therapeut": "therapeut", "verstrekker": "consulent", "leverancier": "leverancier"}
BIJNA: Final = 3  # werkdagen
LANGSTE_LIJST: Final = 4  # groepen in *U ziet niet*


@dataclass(frozen=True, slots=True)
class Menupunt:
    """Eén plaats in het menu; `hier` voor waar u bent."""

    naam: str
    adres: str
    hier: bool


@dataclass(frozen=True, slots=True)
class Werkkop:
    """De bovenste balk: van welke organisatie, waarheen, en wie u bent."""

    organisatie: str
    persoon: str
    menu: tuple[Menupunt, ...]
    csrf: str


@dataclass(frozen=True, slots=True)
class TeGast:
    """De band die zegt in wiens paspoort u bent, waarvoor en tot wanneer."""

    naam: str
    voornaam: str
    zin: str
    adres: str
    ziet_niet: str


@dataclass(frozen=True, slots=True)
class Badge:
    """Een termijn in woorden; `stand` is leeg, `bijna` of `voorbij`."""

    tekst: str
    tot: str
    stand: str


@dataclass(frozen=True, slots=True)
class Fout:
    """Eén regel van de foutenlijst; `plek` is het id van het veld, of leeg."""

    tekst: str
    plek: str = ""


@dataclass(frozen=True, slots=True)
class Feit:
    """Naam en waarde, met zo nodig een kleine regel eronder."""

    naam: str
    waarde: str
    klein: str = ""


def voornaam(paspoort: Paspoort) -> str:
    """De eerste voornaam, anders de hele naam, anders `De cliënt`."""
    namen = paspoort.houder.namen
    if namen and namen[0].voornamen:
        return namen[0].voornamen[0].split()[0]
    return paspoort.houder.naam.split()[0] if paspoort.houder.naam else "De cliënt"


def werkkop(bezoek: Bezoek, hier: str) -> Werkkop:
    """De bovenste balk voor deze professional."""
    actor = bezoek.actor
    organisatie = bezoek.huis.sessies.organisatienaam(actor.organisatie) or "Hulpmiddelenpaspoort"
    punten = tuple(Menupunt(naam, adres, sleutel == hier) for sleutel, naam, adres in MENU.get(actor.rol, ()))
    return Werkkop(organisatie, f"{actor.naam}, {FUNCTIES.get(actor.rol, actor.rol)}", punten, bezoek.csrf)


def te_gast(boek: Boek, actor: Actor, extra_doel: str | None = None) -> TeGast:
    """De band, uit de toestemmingen die deze professional noemen; anders uit de lopende behandeling (`extra_doel`)."""
    toestemmingen = geldige_toestemmingen(boek, actor)
    wie = voornaam(boek.paspoort)
    delen = list(dict.fromkeys(_toestemmingszin(t) for t in toestemmingen if t.doel in DOELEN))
    zin = f"Toestemming voor {opsomming(delen)}." if delen else "U behandelt een lopend verzoek."
    if (tot := _kijkt_mee_tot(boek, actor)) is not None:
        zin = f"U kijkt mee met een reden, tot {dag(tot)} {tijd(tot)}. U verandert niets."
    werkwoorden = "leest en schrijft" if actor.rol == "therapeut" else "leest"
    groepen = frozenset().union(*(t.groepen for t in toestemmingen), groepen_van_doel(extra_doel, actor.rol))
    niet = [woord for groep, woord in GROEPEN.items() if groep not in groepen]
    if actor.rol == "therapeut":  # BSN en bedragen horen nooit bij een advies
        niet = [w for w in niet if w not in ("BSN", "bedragen")]
    return TeGast(
        naam=boek.paspoort.houder.naam or wie,
        voornaam=wie,
        zin=f"{zin} {wie} ziet wat u {werkwoorden}.",
        adres=f"/client/{boek.paspoort.houder.id}",
        ziet_niet=opsomming(niet[:LANGSTE_LIJST]),
    )


def _kijkt_mee_tot(boek: Boek, actor: Actor) -> datetime | None:
    """Tot wanneer deze persoon met een aanleiding meekijkt, of None."""
    eigen = f"PractitionerRole/{actor.functie}"
    einden = [
        moment + AANLEIDING_DUURT
        for inhoud in boek.inhouden.values()
        if is_aanleiding(inhoud) and verwijzing(inhoud.get("sender")) == eigen and (moment := kop(inhoud)["moment"])
    ]
    return max((t for t in einden if t > boek.nu), default=None)


def geldige_toestemmingen(boek: Boek, actor: Actor) -> tuple[Toestemming, ...]:
    """De toestemmingen die nu gelden en deze persoon of organisatie noemen."""
    wie = {f"PractitionerRole/{actor.functie}", f"Organization/{actor.organisatie}"}
    return tuple(t for t in boek.toestemmingen if t.geldt(boek.nu) and t.aan & wie)


def _toestemmingszin(t: Toestemming) -> str:
    return DOELEN[t.doel or ""] + (f", tot {dag(t.tot)}" if t.tot else "")


def badge(uiterlijk: date | None, op: date) -> Badge | None:
    """De termijnbadge bij een laatste dag."""
    if uiterlijk is None:
        return None
    over = werkdagen_tussen(op, uiterlijk)
    stand = "voorbij" if uiterlijk < op else "bijna" if over <= BIJNA else ""
    return Badge(in_woorden(uiterlijk, op), dag(uiterlijk), stand)


def fouten_uit(bevindingen: Iterable[Bevinding]) -> tuple[Fout, ...]:
    """Wat de deur zei, voor bovenaan de bladzijde."""
    return tuple(Fout(b.tekst) for b in bevindingen) or (Fout("Dat lukte niet. Probeer het opnieuw."),)
