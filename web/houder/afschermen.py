"""Afschermen: wat een ouder (of een eigen helper) niet ziet. Vanaf twaalf kiest een kind dat zelf (toegang.md §7).

De keuze staat in het mandaat, als extensie `afgeschermd`; de ouder leest niet wat er verborgen is, en dat het er is ook
niet. Bij een hulpmiddel gaan het gebruik en de foto's mee, want die vertellen hetzelfde.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.houder import vertegenwoordiger_uit_fhir
from paspoort.fhir.stelsels import extension
from server.access.gronden import betrokken
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import hang, id_van, kop, open_boek, patient_van, toon
from web.houder.vertegenwoordigers import mijn_helpers
from web.houder.vertegenwoordigers_stappen import Afschermen, Stuk
from web.woorden import naam_van

AFGESCHERMD: Final = extension("afgeschermd")


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/wie-helpt-mij/{id}/afschermen`."""
    hang(router, huis, "/wie-helpt-mij/{id}/afschermen", afschermen)
    hang(router, huis, "/wie-helpt-mij/{id}/afschermen", bewaar, "POST")


async def afschermen(bezoek: Bezoek) -> Response:
    """Wat te verbergen is, met een vinkje bij wat al dicht zit."""
    boek, inhoud = await _mandaat(bezoek)
    v = vertegenwoordiger_uit_fhir(inhoud)
    soorten = tuple(
        (naam, tuple(Stuk(plek, tekst, plek in v.afgeschermd) for plek, tekst in stukken))
        for naam, stukken in _stukken(boek)
        if stukken
    )
    naam = v.namen[0].volledig if v.namen else "Onbekend"
    return toon(bezoek, Afschermen(kop(bezoek, boek, "meer"), v.id, naam, soorten))


async def bewaar(bezoek: Bezoek) -> Response:
    """Bewaar de keuze; zij werkt bij de volgende vraag van wie helpt."""
    boek, inhoud = await _mandaat(bezoek)
    bekend = {plek for _, stukken in _stukken(boek) for plek, _ in stukken}
    gekozen = frozenset(bezoek.velden().get("stuk", [])) & bekend
    m = await bezoek.huis.opslag.momentopname(patient_van(bezoek))
    # Wat hier niet te kiezen is maar al verborgen was, blijft verborgen.
    was = vertegenwoordiger_uit_fhir(inhoud).afgeschermd
    blijft = was - bekend - betrokken(m, frozenset(was & bekend))
    await bezoek.deur.wijzig(_met(inhoud, gekozen | betrokken(m, gekozen) | blijft))
    return bezoek.naar("/wie-helpt-mij")


async def _mandaat(bezoek: Bezoek) -> tuple[Boek, Json]:
    boek = await open_boek(bezoek)
    helpers = await mijn_helpers(bezoek, boek)
    if not any(h.id == id_van(bezoek) and h.afschermen for h in helpers):
        raise DeurFout(404, ())
    return boek, await bezoek.deur.lees("RelatedPerson", id_van(bezoek))


def _stukken(boek: Boek) -> list[tuple[str, list[tuple[str, str]]]]:
    p = boek.paspoort
    return [
        ("Hulpmiddelen", [(h.verwijzing, naam_van(h)) for h in p.hulpmiddelen]),
        ("Diagnoses en beperkingen", [(a.verwijzing, a.omschrijving or "Zonder naam") for a in p.aandoeningen]),
        ("Adviezen", [(a.verwijzing, f"Advies van {boek.naam(a.auteur)}") for a in p.adviezen]),
        ("Vragen", [(v.verwijzing, v.omschrijving or "Een vraag") for v in p.verzoeken]),
    ]


def _met(inhoud: Json, plekken: Iterable[str]) -> Json:
    rest = [e for e in inhoud.get("extension") or [] if e.get("url") != AFGESCHERMD]
    nieuw = [{"url": AFGESCHERMD, "valueReference": {"reference": plek}} for plek in sorted(plekken)]
    return {**inhoud, "extension": [*rest, *nieuw]}
