"""Vragen van een consulent aan de schrijver die nog op antwoord wachten, en van welke organisatie een bericht komt.

Leest berichten die de deur gaf; het antwoord schrijven doet `therapeut_daarna.py`. De naam van wie bij een ander werkt,
ziet een therapeut niet (toegang.md §3); de organisatie staat in het register en is voor iedereen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from paspoort.fhir.bericht import ANTWOORD, OPMERKING, VRAAG, bericht_over, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import kop, objecten, verwijzing
from web.adviesverloop import Bericht, Verloop, verloop
from web.bezoek import Bezoek
from web.boek import Boek, mensen

RECENT: Final = timedelta(days=14)  # zo lang staat een opmerking op de eerste bladzijde, bij schrijver en houder


@dataclass(frozen=True, slots=True)
class OpenVraag:
    """Eén vraag of nieuwe opmerking die wacht: van welke organisatie, en waar u haar leest."""

    van: str
    adres: str
    opmerking: bool = False


def wachtend(berichten: Iterable[Json], functie: str | None) -> tuple[Json, ...]:
    """De vragen aan deze persoon zonder antwoord, oudste eerst."""
    alle = tuple(berichten)
    beantwoord = {verwijzing(r) for b in alle if ANTWOORD in berichtsoorten(b) for r in objecten(b.get("inResponseTo"))}
    eigen = f"PractitionerRole/{functie}"
    open_ = [
        b
        for b in alle
        if VRAAG in berichtsoorten(b)
        and b.get("status") != "entered-in-error"
        and f"Communication/{b.get('id')}" not in beantwoord
        and any(verwijzing(r) == eigen for r in objecten(b.get("recipient")))
    ]
    return tuple(sorted(open_, key=lambda b: (str(b.get("sent", "")), str(b.get("id")))))


def nieuwe_opmerkingen(alles: Iterable[Json], functie: str | None) -> tuple[Json, ...]:
    """Per eigen concept de nieuwste opmerking van de laatste dagen; `alles` zijn berichten en adviezen.

    Niet "sinds u er zelf aan schreef": een concept bewaart zichzelf, ook als de schrijver de opmerking niet zag.
    """
    alle = tuple(alles)
    sinds = (datetime.now(UTC) - RECENT).isoformat()
    eigen = {
        f"QuestionnaireResponse/{i.get('id')}"
        for i in alle
        if i["resourceType"] == "QuestionnaireResponse"
        and i.get("status") == "in-progress"
        and verwijzing(i.get("author")) == f"PractitionerRole/{functie}"
    }
    uit: dict[str, Json] = {}
    for b in sorted((b for b in alle if OPMERKING in berichtsoorten(b)), key=_moment):
        over = next(iter(bericht_over(b)), "")
        if b.get("status") != "entered-in-error" and over in eigen and _moment(b) >= sinds:
            uit[over] = b
    return tuple(uit.values())


async def als_open_vragen(bezoek: Bezoek, vragen: Iterable[Json]) -> tuple[OpenVraag, ...]:
    """De vragen en opmerkingen met de naam van de organisatie die ze stuurde."""
    met = [(vraag, _huis(bezoek, verwijzing(vraag.get("sender")) or "")) for vraag in vragen]
    namen = (await mensen(bezoek.deur, {huis for _, huis in met})).namen if met else {}
    uit = []
    for vraag, huis in met:
        advies = next(iter(bericht_over(vraag)), "").removeprefix("QuestionnaireResponse/")
        opmerking = OPMERKING in berichtsoorten(vraag)
        adres = f"/advies/{advies}/lees{'' if opmerking else '#vragen'}"
        uit.append(OpenVraag(namen.get(huis, "een organisatie"), adres, opmerking))
    return tuple(uit)


def _moment(inhoud: Json) -> str:
    return str(kop(inhoud)["moment"] or "")


async def verloop_van(bezoek: Bezoek, boek: Boek, advies: str) -> Verloop:
    """Wat er met dit advies gebeurde, met bij iedereen die u niet bij naam ziet de organisatie."""
    alles = verloop(boek, advies)
    plekken = {g.plek for g in alles.gebeurtenissen} | {b.plek for b in (*alles.opmerkingen, *alles.vragen)}
    vreemd = {p for p in plekken if p.startswith("PractitionerRole/") and not boek.heeft(p)}
    huizen = {plek: _huis(bezoek, plek) for plek in vreemd}
    namen = (await mensen(bezoek.deur, set(huizen.values()))).namen if huizen else {}

    def wie(plek: str, anders: str) -> str:
        return namen.get(huizen.get(plek, ""), anders)

    def bericht(b: Bericht) -> Bericht:
        return replace(b, wie=wie(b.plek, b.wie), huis=huizen.get(b.plek, b.huis),
                       antwoorden=tuple(bericht(a) for a in b.antwoorden))  # fmt: skip

    return replace(
        alles,
        gebeurtenissen=tuple(replace(g, wie=wie(g.plek, g.wie)) for g in alles.gebeurtenissen),
        opmerkingen=tuple(bericht(b) for b in alles.opmerkingen),
        vragen=tuple(bericht(b) for b in alles.vragen),
    )


def huis_van(bezoek: Bezoek, boek: Boek, plek: str) -> str:
    """`Organization/id` van wie daar werkt, ook als u haar niet bij naam ziet."""
    return boek.huis(plek) or _huis(bezoek, plek)


def _huis(bezoek: Bezoek, plek: str) -> str:
    if plek.startswith("Organization/"):
        return plek
    organisatie = bezoek.huis.opslag.register.organisatie_van(plek)
    return f"Organization/{organisatie}" if organisatie else ""
