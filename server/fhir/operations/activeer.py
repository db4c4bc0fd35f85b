"""`Consent/[id]/$activeer`: een toestemming op papier of met de stem gaat gelden, met de code die de houder kreeg.

Wie haar opschreef (een consulent, een helper) zet haar niet zelf aan: dat kan alleen met de code uit de mail of brief
aan de houder. De houder zelf heeft geen code nodig en zet de status op `active`. De toestemming houdt haar schrijver;
in `verification` staat dat de houder haar bevestigde. Bron: toegang.md §7 (*confirmed by letter or code*).
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.toestemming import uit_fhir
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toestemming import Toestemming
from server.access.gronden import PARTIJEN, noemt
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse
from server.fhir.rules.toestemming import VASTGELEGD
from server.store import confirmcodes
from server.store.versions import Versie, Wijziging

DEFINITIE: Final = "Consent-activeer"


async def activeer(ctx: Context) -> FhirResponse:
    """200 met de Consent; 404 voor wie haar niet opschreef, 422 bij een code die niet klopt of niet meer werkt."""
    id_, gegeven = ctx.vraag.id or "", lees(ctx.vraag, DEFINITIE)
    gevonden = await _wachtend(ctx, id_)
    if gevonden is None:
        raise niet_gevonden()
    blik, versie = gevonden
    code = gegeven.een("code")
    assert code is not None  # verplicht in de definitie
    m, nu = blik.momentopname, int(ctx.nu.timestamp())
    goed = await confirmcodes.klopt(ctx.opslag, m.partitie, id_, str(code.waarde), nu)
    if goed is None:
        raise PaspoortFout(Melding("bevestigcode-weg", code.hier))
    if not goed:
        raise PaspoortFout(Melding("bevestigcode-onjuist", code.hier))
    bevestigd = {
        "verified": True,
        "verifiedWith": {"reference": f"Patient/{m.partitie}"},
        "verificationDate": ctx.nu.isoformat(timespec="seconds"),
    }
    inhoud = {**versie.inhoud, "status": "active", "verification": [bevestigd]}
    na, nieuw = await ctx.leg_vast(blik, [Wijziging("Consent", id_, inhoud, versie.auteur, versie.herkomst)])
    await confirmcodes.weg(ctx.opslag, id_)
    return geschreven(ctx, 200, nieuw[0], na.zicht.toon(nieuw[0]), na.zicht)


async def _wachtend(ctx: Context, id_: str) -> tuple[Blik, Versie] | None:
    """De Consent die op een code wacht en die deze vrager opschreef of namens de houder mag bevestigen."""
    blik = await ctx.plaats("Consent", id_)
    versie = blik.momentopname.get("Consent", id_) if blik else None
    if blik is None or versie is None or versie.verwijderd or not blik.zicht.gronden:
        return None
    t = uit_fhir(versie.inhoud)
    wacht = t.status == "proposed" and t.gegeven_via in VASTGELEGD and t.begrepen
    return (blik, versie) if wacht and _schreef(ctx, t) else None


def _schreef(ctx: Context, t: Toestemming) -> bool:
    a = ctx.actor
    if a.rol == "vertegenwoordiger":
        return True
    return a.rol in PARTIJEN and any(noemt(a, aan, ctx.register, ctx.nu) for aan in t.aan)
