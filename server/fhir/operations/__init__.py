"""De operaties: één bestand per `$naam`, en één rij hieronder. De registry zegt bij welk type zij horen.

Een operatie is `async (ctx: Context) -> FhirResponse`. Schrijven gaat langs `ctx.leg_vast`, in één transactie
met de logregels; lezen langs `ctx.plaats`, `ctx.blik` en `ctx.toon`. De invoer leest zij met `parameters.lees`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.stelsels import BASIS
from server.fhir.context import Context, Deur
from server.fhir.operations import (
    aanleiding,
    abonnement,
    activeer,
    afgestemd,
    beslis,
    bevestig,
    definitief,
    everything,
    expand,
    extract,
    herhaaltoets,
    mag_delen,
    nog_geldig,
    populate,
    trek_in,
    validate,
    voorstel,
    wis,
)
from server.fhir.request import FhirRequest, FhirResponse

POST: Final = frozenset({"POST"})
GET_OF_POST: Final = frozenset({"GET", "POST"})  # verandert niets, en kan met invoer die in een adres past
STANDAARD: Final = {
    "everything": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    "validate": "http://hl7.org/fhir/OperationDefinition/Resource-validate",
}


@dataclass(frozen=True, slots=True)
class Operatie:
    """Eén operatie. `scope` is de interactie waarvoor het token op dit type toegang moet geven.

    `definitie` is de id in `fhir_profiles/OperationDefinition`; alleen wat daar als invoer staat, mag erin.
    """

    naam: str
    functie: Callable[[Context], Awaitable[FhirResponse]]
    scope: str
    definitie: str
    methodes: frozenset[str] = POST
    op_type: bool = False  # ook zonder id: [type]/$naam

    @property
    def canonical(self) -> str:
        """Wat het CapabilityStatement noemt: de standaard waar wij die helemaal steunen, anders onze definitie."""
        return STANDAARD.get(self.naam) or f"{BASIS}OperationDefinition/{self.definitie}"


OPERATIES: Final[dict[str, Operatie]] = {
    o.naam: o
    for o in (
        Operatie("everything", everything.everything, "everything", everything.DEFINITIE, GET_OF_POST, op_type=True),
        Operatie("aanleiding", aanleiding.aanleiding, "read", aanleiding.DEFINITIE),
        Operatie("beslis", beslis.beslis, "update", beslis.DEFINITIE),
        Operatie("bevestig", bevestig.bevestig, "update", bevestig.DEFINITIE),
        Operatie("definitief", definitief.definitief, "update", definitief.DEFINITIE),
        Operatie("afgestemd", afgestemd.afgestemd, "update", afgestemd.DEFINITIE),
        Operatie("nog-geldig", nog_geldig.nog_geldig, "update", nog_geldig.DEFINITIE),
        Operatie("trek-in", trek_in.trek_in, "update", trek_in.DEFINITIE),
        Operatie("neem-over", voorstel.neem_over, "update", voorstel.OVERNEMEN),
        Operatie("wijs-af", voorstel.wijs_af, "update", voorstel.AFWIJZEN),
        Operatie("wis", wis.wis, "delete", wis.DEFINITIE),
        Operatie("extract", extract.extract, "read", extract.DEFINITIE, GET_OF_POST, op_type=True),
        Operatie("populate", populate.populate, "read", populate.DEFINITIE, op_type=True),
        Operatie("herhaaltoets", herhaaltoets.herhaaltoets, "read", herhaaltoets.DEFINITIE, GET_OF_POST, op_type=True),
        Operatie("activeer", activeer.activeer, "read", activeer.DEFINITIE),
        Operatie("mag-delen", mag_delen.mag_delen_, "read", mag_delen.DEFINITIE),
        Operatie("status", abonnement.status, "read", abonnement.STATUS, GET_OF_POST),
        Operatie("events", abonnement.events, "read", abonnement.EVENTS, GET_OF_POST),
        Operatie("validate", validate.validate, "read", validate.DEFINITIE, GET_OF_POST, op_type=True),
    )
}


@dataclass(frozen=True, slots=True)
class OpenbareOperatie:
    """Een operatie op een definitietype: zonder token, buiten de deur om, met GET en POST, met en zonder id."""

    naam: str
    type: str
    functie: Callable[[Deur, FhirRequest], FhirResponse]
    definitie: str
    methodes: frozenset[str] = GET_OF_POST

    @property
    def canonical(self) -> str:
        """Wat het CapabilityStatement noemt."""
        return f"{BASIS}OperationDefinition/{self.definitie}"


OPENBARE_OPERATIES: Final[dict[tuple[str, str], OpenbareOperatie]] = {
    (o.type, o.naam): o for o in (OpenbareOperatie("expand", "ValueSet", expand.expand, expand.DEFINITIE),)
}
