"""Wie binnen een organisatie is toegewezen, en wie met een aanleiding meekijkt (toegang.md §1, onder de tabel).

Zuiver: register, momentopname en klok zeggen het. Een grond van een organisatie geldt voor een mens alleen als die is
toegewezen; een app handelt voor heel haar organisatie. Een collega opent met een aanleiding: een bericht in het
paspoort dat alleen de server schrijft en dat de houder ziet. Besluit 0023 en 0024.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from paspoort.fhir.bericht import AANLEIDING, berichtsoorten
from paspoort.fhir.fhirjson import Json
from server.access.actor import Actor
from server.store.register import Register
from server.store.versions import Momentopname

if TYPE_CHECKING:
    from server.access.gronden import Taak

# Zo lang kijkt een collega mee; daarna opent hij opnieuw, met een nieuwe reden.
AANLEIDING_DUURT: Final = timedelta(hours=24)


def is_toegewezen(actor: Actor, adres: str, doel: str | None, register: Register) -> bool:
    """Of werk dat aan `adres` is gericht bij deze vrager ligt. `adres` noemt hem, zijn organisatie of een lastgever.

    Aan een persoon: die persoon. Aan een team: wie er lid van is. Aan een organisatie: wie in een team zit dat werk
    met dit doel aanneemt, of iedereen als de organisatie geen teams heeft.
    """
    if actor.soort != "persoon":
        return True
    type_, _, id_ = adres.partition("/")
    if type_ == "PractitionerRole":
        return id_ == actor.functie
    if actor.organisatie is None:
        return False
    teams = register.teams_van_organisatie(actor.organisatie)
    mijn = register.teams_van(actor.functie) if actor.functie else frozenset()
    if id_ in teams:
        return id_ in mijn and teams[id_].actief
    return not teams or any(id in mijn and team.pakt_op(doel) for id, team in teams.items())


def is_toegewezen_bij(actor: Actor, aan: str, doel: str | None, taken: Iterable[Taak], register: Register) -> bool:
    """Of een toestemming aan `aan` bij deze vrager ligt.

    Noemt zij een organisatie, dan beslist het werk waarvoor zij gegeven is: de Tasks met hetzelfde doel die deze
    organisatie in dit paspoort heeft, eerst de lopende, anders de afgeronde. Zonder zulk werk telt het adres.
    """
    if actor.soort != "persoon":
        return True
    if aan.startswith("Organization/") and register.organisatie_van(aan) == aan.removeprefix("Organization/"):
        huizen = {aan.removeprefix("Organization/"), actor.organisatie}
        werk = [t for t in taken if doel and t.doel == doel and register.organisatie_van(t.eigenaar) in huizen]
        if telt := [t for t in werk if t.open] or [t for t in werk if t.klaar]:
            return any(_van_mij(actor, t, register) for t in telt)
    return is_toegewezen(actor, aan, doel, register)


def _van_mij(actor: Actor, taak: Taak, register: Register) -> bool:
    return is_toegewezen(actor, taak.eigenaar, taak.doel, register)


def lopende_aanleiding(actor: Actor, m: Momentopname, nu: datetime) -> str | None:
    """`Communication/id` waarmee deze persoon nu in dit paspoort meekijkt, of None.

    Wie en sinds wanneer komt van de opslag (auteur en moment van de versie), niet uit wat iemand invulde.
    """
    if actor.soort != "persoon" or actor.functie is None:
        return None
    if "aanleidingen" not in m.afgeleid:
        m.afgeleid["aanleidingen"] = _aanleidingen(m)
    for sinds, plek in m.afgeleid["aanleidingen"].get(f"PractitionerRole/{actor.functie}", ()):
        if sinds <= nu < sinds + AANLEIDING_DUURT:
            return str(plek)
    return None


def is_aanleiding(inhoud: Json) -> bool:
    """Of dit bericht een aanleiding is."""
    return AANLEIDING in berichtsoorten(inhoud)


def _aanleidingen(m: Momentopname) -> dict[str, list[tuple[datetime, str]]]:
    uit: dict[str, list[tuple[datetime, str]]] = {}
    for v in m.van_type("Communication"):
        if is_aanleiding(v.inhoud) and v.inhoud.get("status") == "completed":
            sinds = datetime.fromisoformat(v.moment.replace("Z", "+00:00"))
            uit.setdefault(v.auteur, []).append((sinds, f"Communication/{v.id}"))
    return uit
