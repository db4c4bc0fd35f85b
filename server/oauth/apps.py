"""Welke apps de houder zelf heeft toegelaten, en hoe zij ermee stopt; voor de bladzijde *Delen*.

Niet: delen met een ander mens of organisatie, dat is een Consent (`paspoort/toestemming.py`). Stoppen werkt bij het
eerstvolgende verzoek van de app: haar tokens bestaan dan niet meer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.access.scopes import ontleed_alle
from server.oauth.tokens import ONLINE_SECONDEN, TOEGANG_SECONDEN
from server.oauth.woorden import leest, schrijft
from server.store.clients import client
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.tokens import Verlening, trek_in, verleningen_van

TOEGELATEN = "app-toegelaten"
GESTOPT = "app-gestopt"


@dataclass(frozen=True, slots=True)
class ToegelatenApp:
    """Eén app in *Delen*. `sinds` in seconden; `blijvend` = tot de houder stopt, anders een enkel bezoek."""

    client_id: str
    naam: str
    organisatie: str | None
    sinds: int
    blijvend: bool
    leest: tuple[str, ...]
    schrijft: tuple[str, ...]


async def apps_van(opslag: Opslag, patient: str) -> tuple[ToegelatenApp, ...]:
    """De apps die nu in dit paspoort kunnen, nieuwste eerst, elk één keer. PaspoortFout `opslag-stil`."""
    per_app: dict[str, list[Verlening]] = {}
    for verlening in await verleningen_van(opslag, patient):
        if _loopt(verlening):
            per_app.setdefault(verlening.client_id, []).append(verlening)
    uit = []
    for client_id, lijst in per_app.items():
        app = await client(opslag, client_id)
        scopes, _ = ontleed_alle(" ".join(v.scopes for v in lijst))
        rij = opslag.register.get("Organization", app.organisatie) if app and app.organisatie else None
        uit.append(
            ToegelatenApp(
                client_id=client_id,
                naam=app.naam if app else client_id,
                organisatie=None if rij is None else rij.inhoud.get("name"),
                sinds=min(v.sinds for v in lijst),
                blijvend=any("offline_access" in v.scopes.split() for v in lijst),
                leest=leest(scopes),
                schrijft=schrijft(scopes),
            )
        )
    return tuple(uit)


async def stop_app(opslag: Opslag, actor: Actor, client_id: str) -> None:
    """Alles van deze app in het paspoort van de houder intrekken. PaspoortFout `niet-gevonden` als zij er niet is."""
    eigen = actor.patient if actor.rol in ("houder", "vertegenwoordiger") else None
    gevonden = [v for v in await verleningen_van(opslag, eigen) if v.client_id == client_id] if eigen else []
    if not gevonden:
        raise PaspoortFout(Melding("niet-gevonden"))
    await log_app(opslag, actor, client_id, GESTOPT)
    for verlening in gevonden:
        await trek_in(opslag, verlening.familie, int(time.time()))


async def log_app(opslag: Opslag, actor: Actor, client_id: str, handeling: str) -> None:
    """Toelaten of stoppen in het log van het paspoort; wacht tot het vaststaat. PaspoortFout `opslag-stil`."""
    if actor.patient is None:
        return
    regel = Logregel(
        actor.account or "", actor.naam, actor.rol, actor.organisatie, client_id, actor.namens, handeling,
        actor.patient, None, "eigen", (f"Patient/{actor.patient}",), "gelukt",
    )  # fmt: skip
    await opslag.log([regel])


def _loopt(verlening: Verlening) -> bool:
    """Zonder `offline_access` is een toestemming na één toegangstoken of sessie voorbij, ook al staat zij er nog."""
    scopes = verlening.scopes.split()
    duur = ONLINE_SECONDEN if "online_access" in scopes else TOEGANG_SECONDEN + 60
    return "offline_access" in scopes or verlening.sinds + duur > time.time()
