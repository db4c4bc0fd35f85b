"""`Patient/[id]/$mag-delen`: mag deze andere partij deze gegevensgroep zien? Ja met grond en einddatum, of nee.

Voor twee organisaties die met elkaar overleggen; de houder ziet in het log dat het gevraagd is. Wat het antwoord
verraadt en wat niet, staat in `server/access/magdelen.py`. De schrijver van een concept-advies vraagt zo ook of iemand
daarover mag meedenken. Bron: toegang.md §1 en §4; issue *mag ik delen?*.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toegang import ALLE_GROEPEN
from server.access.magdelen import NEE, Antwoord, mag_delen
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Waarde, lees, verwijzing
from server.fhir.request import FhirResponse, Json
from server.store.versions import Versie

DEFINITIE: Final = "Patient-mag-delen"
PARTIJTYPES: Final = ("Organization", "PractitionerRole")


async def mag_delen_(ctx: Context) -> FhirResponse:
    """Een Parameters met `antwoord`, en bij ja `grond` en als die er is `tot`. 404 voor wie hier geen grond heeft."""
    id_, gegeven = ctx.vraag.id or "", lees(ctx.vraag, DEFINITIE)
    blik = await ctx.plaats("Patient", id_)
    patient = blik.momentopname.get("Patient", id_) if blik else None
    if blik is None or patient is None or patient.verwijderd or ctx.toon(blik, patient) is None:
        raise niet_gevonden()
    partij, groep = gegeven.een("partij"), gegeven.een("groep")
    assert partij is not None and groep is not None  # verplicht in de definitie
    aan = verwijzing(partij, ctx.deur.basis, *PARTIJTYPES)
    if groep.waarde not in ALLE_GROEPEN:
        raise PaspoortFout(Melding("parameter-vorm", groep.hier, {"verwacht": "een code van gegevensgroep"}))
    advies = gegeven.een("advies")
    concept = _concept(ctx, blik, advies) if advies else None
    # een concept dat er voor de vrager niet is, zegt niets: ook niet of het bestaat
    antwoord = NEE if advies and concept is None else mag_delen(blik.zicht, aan, str(groep.waarde), concept)
    return FhirResponse(200, schrijf(als_parameters(antwoord)), {"content-type": FHIR_JSON})


def _concept(ctx: Context, blik: Blik, advies: Waarde) -> Versie | None:
    """Het genoemde advies in dit paspoort, als de vrager het ziet."""
    type_, _, id_ = verwijzing(advies, ctx.deur.basis, "QuestionnaireResponse").partition("/")
    versie = blik.momentopname.get(type_, id_)
    return versie if versie is not None and not versie.verwijderd and ctx.toon(blik, versie) else None


def als_parameters(antwoord: Antwoord) -> Json:
    """Het antwoord in FHIR; bij nee staat er niets anders in."""
    delen: list[Json] = [{"name": "antwoord", "valueBoolean": antwoord.ja}]
    if antwoord.grond:
        delen.append({"name": "grond", "valueCode": antwoord.grond})
    if antwoord.tot:
        delen.append({"name": "tot", "valueDate": antwoord.tot.isoformat()})
    return {"resourceType": "Parameters", "parameter": delen}
