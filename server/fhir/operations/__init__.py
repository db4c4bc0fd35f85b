"""De operaties: één bestand per `$naam`, en één rij hieronder. De registry zegt bij welk type zij horen.

Een operatie is `async (ctx: Context) -> FhirResponse`. Schrijven gaat langs `ctx.leg_vast`, in één transactie
met de logregels; lezen langs `ctx.plaats`, `ctx.blik` en `ctx.toon`. De inhoud staat in `ctx.vraag.body`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from server.fhir.context import Context
from server.fhir.operations import beslis, bevestig, definitief, everything, herhaaltoets, validate
from server.fhir.request import FhirResponse


@dataclass(frozen=True, slots=True)
class Operatie:
    """Eén operatie. `scope` is de interactie waarvoor het token op dit type toegang moet geven."""

    naam: str
    functie: Callable[[Context], Awaitable[FhirResponse]]
    scope: str
    methodes: frozenset[str] = frozenset({"POST"})
    op_type: bool = False  # ook zonder id: [type]/$naam


OPERATIES: Final[dict[str, Operatie]] = {
    o.naam: o
    for o in (
        Operatie("everything", everything.everything, "everything", frozenset({"GET", "POST"})),
        Operatie("beslis", beslis.beslis, "update"),
        Operatie("bevestig", bevestig.bevestig, "update"),
        Operatie("definitief", definitief.definitief, "update"),
        Operatie("herhaaltoets", herhaaltoets.herhaaltoets, "read", frozenset({"GET", "POST"}), op_type=True),
        Operatie("validate", validate.validate, "read", op_type=True),
    )
}
