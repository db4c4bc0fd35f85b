"""`Patient/[id]/$mag-delen`: mag deze andere partij deze gegevensgroep zien? Ja met grond en einddatum, of nee.

Voor twee organisaties die met elkaar overleggen; de houder ziet in het log dat het gevraagd is. Wat het antwoord
verraadt en wat niet, staat in `server/access/magdelen.py`. Bron: toegang.md §1; issue *mag ik delen?*.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toegang import ALLE_GROEPEN
from server.access.magdelen import Antwoord, mag_delen
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Context
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import lees, verwijzing
from server.fhir.request import FhirResponse, Json

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
    antwoord = mag_delen(blik.zicht, aan, str(groep.waarde))
    return FhirResponse(200, schrijf(als_parameters(antwoord)), {"content-type": FHIR_JSON})


def als_parameters(antwoord: Antwoord) -> Json:
    """Het antwoord in FHIR; bij nee staat er niets anders in."""
    delen: list[Json] = [{"name": "antwoord", "valueBoolean": antwoord.ja}]
    if antwoord.grond:
        delen.append({"name": "grond", "valueCode": antwoord.grond})
    if antwoord.tot:
        delen.append({"name": "tot", "valueDate": antwoord.tot.isoformat()})
    return {"resourceType": "Parameters", "parameter": delen}
