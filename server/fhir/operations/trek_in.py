"""`QuestionnaireResponse/[id]/$trek-in`: de schrijver trekt een definitief advies in, en zegt waarom.

Het document blijft zoals het is, met zijn zegel; de herhaaltoets leest het daarna als achterhaald. Wie een nieuw
inzicht heeft, schrijft een nieuw advies dat dit vervangt. Bron: ontwerp.md deel 2.
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import geschreven
from server.fhir.context import HOUDERS, Context
from server.fhir.operations.adviesgebeurtenis import advies_bij, ingetrokken, leg_gebeurtenis_vast
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse
from server.fhir.rules.advies import is_definitief

DEFINITIE: Final = "QuestionnaireResponse-trek-in"
REDEN_HOOGSTENS: Final = 500
PLEK: Final = "Parameters.parameter.where(name='reden')"


async def trek_in(ctx: Context) -> FhirResponse:
    """De Provenance: 201, of 200 als u het met deze reden al introk. 404 buiten zicht.

    403 als u het niet schreef, of met een aanleiding meekijkt. 422 `intrekken-reden`, `advies-niet-definitief` of
    `advies-ingetrokken`.
    """
    reden = " ".join((lees(ctx.vraag, DEFINITIE).tekst("reden") or "").split())
    blik, versie, getoond = await advies_bij(ctx)
    van_haar = blik.zicht.schreef(versie.auteur) or blik.zicht.geheel
    if ctx.actor.rol in HOUDERS or not van_haar or getoond.meekijken:
        raise PaspoortFout(Melding("niet-van-u"))
    if not 1 <= len(reden) <= REDEN_HOOGSTENS:
        raise PaspoortFout(Melding("intrekken-reden", PLEK))
    if not is_definitief(versie.inhoud):
        raise PaspoortFout(Melding("advies-niet-definitief", "QuestionnaireResponse.status"))
    al = ingetrokken(blik.momentopname, versie)
    if al is not None:
        if blik.zicht.schreef(al.auteur) and al.inhoud.get("reason") == [{"text": reden}]:
            return geschreven(ctx, 200, al, blik.zicht.toon(al), blik.zicht)
        raise PaspoortFout(Melding("advies-ingetrokken"))
    return await leg_gebeurtenis_vast(ctx, blik, versie, "ingetrokken", reden)
