"""Een team van een organisatie: zijn naam, het werk dat het aanneemt, en of het meedoet. Leden: bij de persoon."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.organisatie import Organisatie
from paspoort.fouten import Melding, PaspoortFout
from web.beheer.kader import Keuze, beheer, fouten_bij, gekozen, hang, kop, pad, werk_keuzes
from web.bezoek import Bezoek, Huis
from web.werk import Fout, TeGast, Werkkop


@dataclass(frozen=True)
class TeamContext:
    """Een nieuw of bestaand team."""

    kop: Werkkop
    gast: TeGast | None
    organisatie: str
    huis: str
    id: str
    naam: str
    werk: tuple[Keuze, ...]
    actief: bool
    leden: tuple[str, ...]
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/beheer/organisatie/{id}/team` en `/beheer/team/{id}`."""
    hang(router, huis, "/beheer/organisatie/{id}/team", nieuw, "GET", "POST")
    hang(router, huis, "/beheer/team/{id}", bestaand, "GET", "POST")


async def nieuw(bezoek: Bezoek) -> Response:
    """Een team erbij."""
    huis = (await beheer(bezoek)).organisatie(pad(bezoek))
    return await _team(bezoek, Organisatie("", "", deel_van=huis.id, is_team=True))


async def bestaand(bezoek: Bezoek) -> Response:
    """Een team wijzigen. 404 als het er niet is."""
    team = (await beheer(bezoek)).organisatie(pad(bezoek))
    if not team.is_team:
        raise PaspoortFout(Melding("niet-gevonden"))
    return await _team(bezoek, team)


async def _team(bezoek: Bezoek, team: Organisatie) -> Response:
    b = await beheer(bezoek)
    huis = b.organisatie(team.deel_van or "")
    fouten: tuple[Fout, ...] = ()
    if bezoek.request.method == "POST":
        actief = not team.id or bezoek.veld("actief") == "ja"
        team = replace(team, naam=bezoek.veld("naam"), neemt_aan=gekozen(bezoek, "neemt_aan"), actief=actief)
        try:
            await b.zet_organisatie(team)
            return bezoek.naar(f"/beheer/organisatie/{huis.id}")
        except PaspoortFout as fout:
            fouten = fouten_bij(fout)
    leden = tuple(m.naam for m in b.mensen(huis.id) if team.id and team.id in m.teams)
    context = TeamContext(
        kop(bezoek), None, huis.id, huis.naam, team.id, team.naam, werk_keuzes(team.neemt_aan), team.actief, leden,
        fouten,
    )  # fmt: skip
    return bezoek.toon("beheer/team.html", context, 422 if fouten else 200)
