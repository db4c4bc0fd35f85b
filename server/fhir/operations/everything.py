"""`Patient/[id]/$everything`: alles wat de vrager van één paspoort ziet, in één Bundle.

Zonder bladzijden: een paspoort is klein (ontwerp deel 2). Het hele antwoord wordt bij de momentopname onthouden, voor
wie er precies hetzelfde van ziet en mag lezen; welk zicht nu geldt, wordt elk verzoek opnieuw bepaald.
Bron: FHIR R4 patient-operation-everything.html.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.access.gronden import onthoud
from server.fhir.antwoorden import niet_gevonden
from server.fhir.bundle import searchset
from server.fhir.context import Blik, Context, Gezien, treffer
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.vergelijken import bereik
from server.fhir.search.zoeken import Treffer
from server.registry import TYPES

# Zoveel antwoorden per momentopname: de houder, en een of twee die meelezen.
ANTWOORDEN_ONTHOUDEN: Final = 3


async def everything(ctx: Context) -> FhirResponse:
    """404 als de Patient zelf niet te zien is. `_type` en `_since` beperken; andere parameters zijn 400."""
    id_ = ctx.vraag.id or ""
    types, sinds = _parameters(ctx)
    blik = await ctx.plaats("Patient", id_)
    patient = blik.momentopname.get("Patient", id_) if blik else None
    if blik is None or patient is None or patient.verwijderd or ctx.toon(blik, patient) is None:
        raise niet_gevonden()
    geheugen: dict[object, tuple[bytes, Gezien]] = onthoud(blik.momentopname, "everything", dict)
    sleutel = (id_, blik.zicht.sleutel, ctx.leesbaar(), ctx.deur.basis) if types is None and sinds is None else None
    if sleutel is not None and (al := geheugen.get(sleutel)) is not None:
        ctx.geef_weer(blik, al[1])
        return FhirResponse(200, al[0], {"content-type": FHIR_JSON})
    gezien = _alles(ctx, blik)
    if types is not None:
        gezien = [t for t in gezien if t.type in types]
    if sinds is not None:
        gezien = [t for t in gezien if (b := bereik(t.inhoud["meta"]["lastUpdated"])) and b[0] >= sinds]
    ctx.geef(blik, gezien)
    adres = f"{ctx.deur.basis}/Patient/{id_}/$everything"
    inhoud = searchset(ctx.deur.basis, gezien, (), len(gezien), [("self", adres)])
    if sleutel is not None:
        if len(geheugen) >= ANTWOORDEN_ONTHOUDEN:
            geheugen.pop(next(iter(geheugen)))
        geheugen[sleutel] = (inhoud, ctx.gegeven(blik))
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def _alles(ctx: Context, blik: Blik) -> list[Treffer]:
    """Wat het zicht doorlaat en het token mag lezen; de Patient eerst."""
    uit = [
        t
        for v in blik.momentopname.alle()
        if ctx.mag_lezen(v.type) and (t := treffer(v, blik.zicht.toon(v))) is not None
    ]
    uit.sort(key=lambda t: t.type != "Patient")
    return uit


def _parameters(ctx: Context) -> tuple[frozenset[str] | None, datetime | None]:
    fouten: list[Melding] = []
    types: frozenset[str] | None = None
    sinds = None
    for naam, waarde in ctx.vraag.query:
        if naam == "_type":
            types = frozenset(waarde.split(","))
            if not types <= TYPES.keys():
                fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))
        elif naam == "_since":
            gevonden = bereik(waarde)
            sinds = gevonden[0] if gevonden else None
            if sinds is None:
                fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))
        elif naam not in ("_format", "_pretty"):
            fouten.append(Melding("zoek-onbekend", naam[:60], {"naam": naam[:60]}))
    if fouten:
        raise PaspoortFout(*fouten)
    return types, sinds
