"""`QuestionnaireResponse/[id]/$afgestemd`: een verstrekker of leverancier heeft meegedacht over dit concept.

Alleen wie met toestemming om af te stemmen meeleest (toegang.md §4), en alleen bij een concept. De Provenance noemt
precies de versie; een nieuwe versie is niet afgestemd. Een opmerking wordt een bericht bij het concept.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from paspoort.fhir.bericht import OPMERKING, als_category
from paspoort.fouten import Melding, PaspoortFout
from server.access.afstemmen import stemt_af
from server.fhir.antwoorden import geschreven
from server.fhir.context import Blik, Context
from server.fhir.gebeurtenis import al_gebeurd
from server.fhir.operations.adviesgebeurtenis import advies_bij, leg_gebeurtenis_vast
from server.fhir.parameters import lees
from server.fhir.regels import RegelContext, auteur_van
from server.fhir.request import FhirResponse, Json
from server.fhir.rules.bericht import bij_advies
from server.store.versions import Versie, Wijziging

DEFINITIE: Final = "QuestionnaireResponse-afgestemd"
PLEK: Final = "Parameters.parameter.where(name='opmerking')"


async def afgestemd(ctx: Context) -> FhirResponse:
    """De Provenance: 201, of 200 als u dit bij deze versie al zei. 404 buiten zicht, 403 zonder die toestemming."""
    gegeven = lees(ctx.vraag, DEFINITIE)
    blik, versie, _ = await advies_bij(ctx)
    if not stemt_af(blik.zicht, versie):
        raise PaspoortFout(Melding("niet-van-u"))
    tekst = gegeven.tekst("opmerking")
    berichten = [_opmerking(ctx, blik, versie, tekst)] if tekst else []
    al = al_gebeurd(ctx, blik.momentopname, "afgestemd", [versie])
    if al is None:
        return await leg_gebeurtenis_vast(ctx, blik, versie, "afgestemd", erbij=berichten)
    if berichten:
        blik, _ = await ctx.leg_vast(blik, berichten)
    return geschreven(ctx, 200, al, blik.zicht.toon(al), blik.zicht)


def _opmerking(ctx: Context, blik: Blik, versie: Versie, tekst: str) -> Wijziging:
    """Het bericht, langs dezelfde regels als een bericht dat los gestuurd wordt."""
    m, id_ = blik.momentopname, str(uuid4())
    inhoud: Json = {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(OPMERKING),
        "subject": {"reference": f"Patient/{m.partitie}"},
        "about": [{"reference": f"QuestionnaireResponse/{versie.id}"}],
        "sender": {"reference": auteur_van(ctx.actor)},
        "payload": [{"contentString": tekst}],
    }
    context = RegelContext("create", id_, PLEK, ctx.nu, lambda _type, _id: None)
    uitkomst = bij_advies(ctx.actor, m, ctx.register, None, inhoud, context)
    if uitkomst.meldingen:
        raise PaspoortFout(*(Melding(x.code, PLEK, x.waarden) for x in uitkomst.meldingen))
    return uitkomst.wijzigingen[0]
