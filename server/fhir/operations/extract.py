"""`QuestionnaireResponse/[id]/$extract` en `QuestionnaireResponse/$extract`: wat er uit de antwoorden te halen is.

Geeft een transactie met voorstellen en bewaart niets; wie haar opstuurt, schrijft onder de eigen rol. Wat het paspoort
voor deze vrager al weet, staat er niet in. De vragenlijst zegt wat het wordt. Bron: HL7 SDC, QuestionnaireResponse
$extract.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.vragenlijst import al_bekend, haal_uit, laad, regels_van
from paspoort.fhir.vragenlijst.inhoud import Inhoud, inhoud_van
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.operations.onderwerp import blik_op, te_lezen
from server.fhir.operations.vragenlijst import op_adres
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Gegeven, lees
from server.fhir.request import FhirResponse, Json

DEFINITIE: Final = "QuestionnaireResponse-extract"
INVOER: Final = "questionnaire-response"


async def extract(ctx: Context) -> FhirResponse:
    """De Bundle. 404 buiten zicht; 422 als de antwoorden niet bij hun vragenlijst passen of die onbekend is."""
    if ctx.vraag.id is not None:
        lees(ctx.vraag, DEFINITIE, zonder=(INVOER,))
        blik, response = await _bewaard(ctx, ctx.vraag.id)
    else:
        blik, response = await _los(ctx, lees(ctx.vraag, DEFINITIE, kaal=INVOER))
    vragenlijst = op_adres(ctx, str(response.get("questionnaire")), "QuestionnaireResponse.questionnaire")
    inhoud = inhoud_van(t.inhoud for t in te_lezen(ctx, blik))
    bundel = haal_uit(response, regels_van(vragenlijst), _bekend(vragenlijst, inhoud))
    return FhirResponse(200, schrijf(bundel), {"content-type": FHIR_JSON})


async def _bewaard(ctx: Context, id_: str) -> tuple[Blik, Json]:
    blik = await ctx.plaats("QuestionnaireResponse", id_)
    versie = blik.momentopname.get("QuestionnaireResponse", id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if blik is None or getoond is None:
        raise niet_gevonden()
    return blik, getoond.inhoud


async def _los(ctx: Context, gegeven: Gegeven) -> tuple[Blik, Json]:
    """Antwoorden die nog niet bewaard zijn; hun eigen id zegt hier niets."""
    los = gegeven.een(INVOER)
    if los is None:
        raise PaspoortFout(
            Melding("parameter-ontbreekt", f"Parameters.parameter.where(name='{INVOER}')", {"naam": INVOER})
        )
    response: Json = los.waarde
    if response.get("resourceType") != "QuestionnaireResponse":
        raise PaspoortFout(Melding("type-anders", f"{los.hier}.resourceType", {"type": "QuestionnaireResponse"}))
    fouten = controleer_inhoud(ctx.deur.validator, "QuestionnaireResponse", response, los.hier)
    if any(m.ernst == "error" for m in fouten):
        raise PaspoortFout(*fouten)
    blik = await blik_op(ctx, response.get("subject"), f"{los.hier}.subject")
    return blik, {naam: w for naam, w in response.items() if naam != "id"}


def _bekend(vragenlijst: Json, inhoud: Inhoud) -> Callable[[str], tuple[Any, ...]]:
    """Per linkId wat het paspoort al weet."""
    vragen = laad(vragenlijst).per_link
    return lambda link: al_bekend(vragen[link], inhoud) if link in vragen else ()
