"""`QuestionnaireResponse/[id]/$nog-geldig`: een therapeut staat ervoor in dat dit advies nu nog klopt.

Alleen wie het hele definitieve advies ziet. De dag telt in de herhaaltoets als de dag van het advies. Bron:
ontwerp.md deel 2; herhaaltoets.md (advies).
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.waarden import ext, verwijzing
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Context
from server.fhir.operations.adviesgebeurtenis import advies_bij, ingetrokken, leg_gebeurtenis_vast
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse
from server.fhir.rules.advies import is_definitief
from server.store.versions import Momentopname, Versie

DEFINITIE: Final = "QuestionnaireResponse-nog-geldig"


async def nog_geldig(ctx: Context) -> FhirResponse:
    """De Provenance: 201. 404 buiten zicht; 403 voor wie geen therapeut is, of het advies niet helemaal ziet.

    422 `advies-niet-definitief`, `advies-ingetrokken` of `advies-opgevolgd`.
    """
    lees(ctx.vraag, DEFINITIE)
    blik, versie, getoond = await advies_bij(ctx)
    if ctx.actor.rol != "therapeut" or not getoond.volledig or getoond.meekijken:
        raise PaspoortFout(Melding("niet-van-u"))
    m = blik.momentopname
    if not is_definitief(versie.inhoud):
        raise PaspoortFout(Melding("advies-niet-definitief", "QuestionnaireResponse.status"))
    if ingetrokken(m, versie) is not None:
        raise PaspoortFout(Melding("advies-ingetrokken"))
    if _opgevolgd(m, versie):
        raise PaspoortFout(Melding("advies-opgevolgd"))
    return await leg_gebeurtenis_vast(ctx, blik, versie, "nog-geldig")


def _opgevolgd(m: Momentopname, advies: Versie) -> bool:
    """Of een ander definitief advies dit vervangt."""
    plek = f"QuestionnaireResponse/{advies.id}"
    return any(
        is_definitief(v.inhoud) and verwijzing(ext(v.inhoud, "vervangt", "valueReference")) == plek
        for v in m.van_type("QuestionnaireResponse")
    )
