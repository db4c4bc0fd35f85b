"""De adviescheck bij `$validate`: dezelfde meldingen als op de bladzijde en bij `$definitief` (besluit 0039).

Van een concept houdt niets het bewaren tegen: daar is elke melding een waarschuwing. Wie wil weten wat *definitief*
tegenhoudt, kijkt hetzelfde advies na met status `completed`. Kijkt, net als `$definitief`, alleen met wat de vrager
zelf mag zien: wie de diagnosen niet ziet, hoort er ook langs deze weg niets over. Een advies van papier slaat de check
over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from paspoort.fhir.vragenlijst import adviescheck, is_advies
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Blik, Context
from server.fhir.request import Json

# waar de check naar kijkt: diagnosen, doelen en beperkingen, en namen die geen merk zijn
KIJKT_NAAR: Final = frozenset({"Condition", "Goal", "Observation", "Patient", "RelatedPerson"})
KLAAR: Final = frozenset({"completed", "amended"})
VORM: Final = ("fhir-", "json-")


async def adviesoordeel(ctx: Context, inhoud: Json, gevonden: Sequence[Melding]) -> list[Melding]:
    """Wat de check van dit advies nog vindt naast `gevonden`; leeg als het geen advies is of de vorm niet klopt."""
    kapot = any(m.ernst == "error" and m.code.startswith(VORM) for m in gevonden)
    if kapot or not is_advies(inhoud) or ext(inhoud, "uit-document", "valueReference") is not None:
        return []
    try:
        meldingen = adviescheck(inhoud, await in_zicht(ctx, inhoud), ctx.nu.date())
    except PaspoortFout as fout:  # een versie van de vragenlijst die er niet is
        meldingen = list(fout.meldingen)
    al = {(m.code, m.plek) for m in gevonden}
    klaar = inhoud.get("status") in KLAAR
    nieuw = [m for m in meldingen if (m.code, m.plek) not in al]
    return [m if klaar or m.ernst != "error" else replace(m, ernst="warning") for m in nieuw]


async def in_zicht(ctx: Context, inhoud: Json) -> list[Json]:
    """De resources van het paspoort die deze vrager ziet; wat gebruikt is, komt in het log."""
    blik = await _blik(ctx, inhoud)
    if blik is None:
        return []
    versies = (v for v in blik.momentopname.alle() if v.type in KIJKT_NAAR and ctx.mag_lezen(v.type))
    return [getoond.inhoud for v in versies if (getoond := ctx.toon(blik, v)) is not None]


async def _blik(ctx: Context, inhoud: Json) -> Blik | None:
    """Op het paspoort waar dit advies staat, of waar het over gaat."""
    if ctx.vraag.id is not None:
        return await ctx.plaats("QuestionnaireResponse", ctx.vraag.id)
    type_, _, id_ = (verwijzing(inhoud.get("subject")) or "").partition("/")
    return await ctx.plaats("Patient", id_) if type_ == "Patient" and id_ else None
