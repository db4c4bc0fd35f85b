"""Wat `$afgestemd`, `$nog-geldig` en `$trek-in` delen: het advies vinden, en vastleggen wat ermee gebeurde.

Het advies zelf verandert nooit; zijn stand volgt uit deze gebeurtenissen. Lopende verzoeken worden opnieuw getoetst
zoals bij `$bevestig`. Bron: ontwerp.md deel 2 (*Nog geldig*, *ingetrokken*, *afgestemd* are events).
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.fouten import Melding, PaspoortFout
from server.access.zicht import Getoond
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.gebeurtenis import gebeurtenis, soort_van
from server.fhir.request import FhirResponse
from server.fhir.toetsing import hertoets, vooruit
from server.store.versions import Momentopname, Versie, Wijziging


async def advies_bij(ctx: Context) -> tuple[Blik, Versie, Getoond]:
    """Het advies van dit adres zoals de vrager het ziet. 404 buiten zicht; `geen-advies` bij een andere vragenlijst."""
    id_ = ctx.vraag.id or ""
    blik = await ctx.plaats("QuestionnaireResponse", id_)
    versie = blik.momentopname.get("QuestionnaireResponse", id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if blik is None or versie is None or getoond is None:
        raise niet_gevonden()
    if not is_advies(versie.inhoud):
        raise PaspoortFout(Melding("geen-advies", "QuestionnaireResponse.questionnaire"))
    return blik, versie, getoond


async def leg_gebeurtenis_vast(
    ctx: Context, blik: Blik, versie: Versie, soort: str, reden: str | None = None, erbij: Sequence[Wijziging] = ()
) -> FhirResponse:
    """De Provenance, met wat erbij hoort en de verzoeken waarvan de uitslag nu anders is: 201."""
    bron = Wijziging("Provenance", str(uuid4()), gebeurtenis(ctx, soort, [versie], reden), herkomst="bron")
    na_bron = vooruit(blik.momentopname, [bron, *erbij], "bron")
    na, nieuw = await ctx.leg_vast(blik, [bron, *erbij, *hertoets(na_bron, ctx.register, ctx.nu)])
    gemaakt = next(v for v in nieuw if v.id == bron.id)
    return geschreven(ctx, 201, gemaakt, na.zicht.toon(gemaakt), na.zicht)


def ingetrokken(m: Momentopname, advies: Versie) -> Versie | None:
    """De Provenance waarmee dit advies is ingetrokken, of None."""
    plek = f"{advies.type}/{advies.id}"
    for p in m.van_type("Provenance"):
        doelen = {str(t.get("reference")).partition("/_history")[0] for t in p.inhoud.get("target", ())}
        if plek in doelen and soort_van(p.inhoud) == "ingetrokken":
            return p
    return None
