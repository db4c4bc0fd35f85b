"""De enige deur naar de gegevens: scope → paspoort → zicht → interactie → log → antwoord.

HTTP, bladzijden en regels van een Bundle komen hier allemaal langs (docs/architectuur.md). Antwoordt precies als
toegang.md §6; een onverwachte fout geeft een nummer en niets anders, en het log noemt alleen waar zij ontstond.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from paspoort.fhir.validatie import Validator
from paspoort.fouten import Melding, PaspoortFout, Taal
from server.access.actor import Actor
from server.fhir import outcome
from server.fhir import rules as rules  # meldt de bedrijfsregels aan
from server.fhir.context import Context, Deur, nu_utc
from server.fhir.definities import Definities
from server.fhir.interactie import interactie_van, kent, methode_onbekend, niet_deze_methode
from server.fhir.interactions import audit, history, patch, read, search, transaction, write
from server.fhir.operations import OPERATIES
from server.fhir.proeftuin import beurt as wacht_op
from server.fhir.request import FhirRequest, FhirResponse
from server.registry import TYPES
from server.rem import TeVaak
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.versions import Volgnummerbotsing

LOG: Final = logging.getLogger("hmp.fhir")
# Wie opnieuw probeert, kan nog verliezen van wie net begint. Zo vaak achter elkaar gebeurt dat in geen leven: met 8
# kwam het bij acht schrijvers op twee paspoorten een enkele keer voor (503).
POGINGEN: Final = 20

INTERACTIES: Final[dict[str, Callable[[Context], Awaitable[FhirResponse]]]] = {
    "read": read.read,
    "vread": read.vread,
    "history-instance": history.instance,
    "history-type": history.type_,
    "search-type": search.search,
    "search-compartment": search.search,
    "create": write.create,
    "update": write.update,
    "patch": patch.patch,
    "delete": write.delete,
    "transaction": transaction.transaction,
}
# AuditEvents staan in het log en niet in een paspoort.
VAN_HET_LOG: Final[dict[str, Callable[[Context], Awaitable[FhirResponse]]]] = {
    "read": audit.read,
    "search-type": audit.search,
}
# Hiervan, en van operaties, telt de rem per account of app; ook elke regel van een Bundle.
ZOEKEND: Final = frozenset({"search-type", "history-type"})
# Ook wie vraagt naar wat er voor haar niet is, vraagt iets wat niet mag.
GEWEIGERD: Final = frozenset({401, 403, 404, 429})


class Poort:
    """De deur. Eén per proces; houdt van een verzoek niets bij, behalve wie op zijn beurt wacht."""

    def __init__(
        self,
        opslag: Opslag,
        basis: str,
        validator: Validator | None = None,
        definities: Definities | None = None,
        klok: Callable[[], datetime] = nu_utc,
    ) -> None:
        """`basis`: de FHIR-basis zonder schuine streep (`settings.fhir_url`)."""
        self.opslag = opslag
        self.deur = Deur(
            opslag, validator or Validator.laad(), definities or Definities.laad(), basis, klok, self.handle
        )
        self._beurten: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, actor: Actor, vraag: FhirRequest) -> FhirResponse:
        """Voer één vraag uit. Werpt niets: elke fout is een antwoord met een OperationOutcome."""
        if (sleutel := wacht_op(actor, vraag)) is None:
            return await self._handle(actor, vraag)
        beurt = self._beurten.setdefault(sleutel, asyncio.Lock())
        async with beurt:
            return await self._handle(actor, vraag)

    async def _handle(self, actor: Actor, vraag: FhirRequest) -> FhirResponse:
        ctx = Context(self.deur, actor, vraag, "onbekend", self.deur.klok())
        try:
            return await self._voer_uit(ctx)
        except Volgnummerbotsing:
            # Iemand schreef tegelijk in dit paspoort. De vrager merkt er niets van, tenzij zijn If-Match nu oud is.
            return await self._opnieuw(ctx)
        except Exception as fout:
            return await self._geweigerd(ctx, fout)

    async def _opnieuw(self, ctx: Context) -> FhirResponse:
        """Nog eens, om de beurt per paspoort: zo botsen wie opnieuw proberen niet ook nog met elkaar."""
        sleutel = " ".join(sorted(ctx.blikken))
        beurt = self._beurten.setdefault(sleutel, asyncio.Lock())
        async with beurt:
            for _ in range(POGINGEN):
                ctx = Context(self.deur, ctx.actor, ctx.vraag, "onbekend", self.deur.klok())
                try:
                    return await self._voer_uit(ctx)
                except Volgnummerbotsing:
                    continue
                except Exception as fout:
                    return await self._geweigerd(ctx, fout)
        return await self._geweigerd(ctx, PaspoortFout(Melding("te-druk")))

    async def _voer_uit(self, ctx: Context) -> FhirResponse:
        vraag = ctx.vraag
        functie = _kies(ctx)
        if vraag.type in TYPES and TYPES[vraag.type].binding.soort == "register":
            await ctx.blik(ctx.actor.patient or REGISTER)  # ook het register is daarna vers
        antwoord = await functie(ctx)
        if not ctx.gelogd:
            await self.opslag.log(ctx.logregels("gelukt"))
        return antwoord

    async def _geweigerd(self, ctx: Context, oorzaak: Exception) -> FhirResponse:
        """Log de weigering en antwoord. Lukt het loggen niet, dan is dát het antwoord."""
        fout = oorzaak if isinstance(oorzaak, PaspoortFout) else onverwacht(oorzaak)
        if fout.meldingen[0].code != "opslag-stil":
            try:
                if isinstance(oorzaak, TeVaak) and not oorzaak.eerste:
                    return outcome.antwoord(fout, ctx.actor.taal)
                anders = [f"{ctx.vraag.type}/{ctx.vraag.id}"] if ctx.vraag.type and ctx.vraag.id else []
                await self.opslag.log(ctx.logregels(_uitkomst(fout), anders))
            except PaspoortFout as stil:
                fout = stil
            except Exception as erger:
                fout = onverwacht(erger)
        return outcome.antwoord(fout, ctx.actor.taal)


def _uitkomst(fout: PaspoortFout) -> str:
    """Een botsing of een invulfout is geen poging tot iets wat niet mocht: de houder leest dat ook niet zo."""
    code = fout.meldingen[0].code
    if code == "onverwacht":
        return "fout"
    return "geweigerd" if outcome.status_van(code)[0] in GEWEIGERD else "mislukt"


def _kies(ctx: Context) -> Callable[[Context], Awaitable[FhirResponse]]:
    """De functie die deze vraag uitvoert, als type, methode en scope kloppen."""
    vraag = ctx.vraag
    naam = interactie_van(vraag)
    if naam == "search-compartment":
        ctx.tel_zoeken()
        ctx.handeling = "search-system"  # zo heet zoeken over types heen; de scope van elk type zegt welke meedoen
        return INTERACTIES[naam]
    if vraag.type is not None and vraag.type not in TYPES:
        raise PaspoortFout(Melding("type-onbekend", None, {"type": vraag.type[:40]}))
    if vraag.operation:
        return _kies_operatie(ctx, vraag)
    soort = TYPES[vraag.type] if vraag.type else None
    if not naam or (soort is not None and not kent(soort, naam, vraag)):
        raise methode_onbekend(vraag)
    ctx.handeling = naam
    if naam in ZOEKEND:
        ctx.tel_zoeken()
    if soort is not None:
        ctx.eis_scope(soort.scope_type, naam)
        if soort.binding.soort == "entiteit":
            return VAN_HET_LOG[naam]
    return INTERACTIES[naam]


def _kies_operatie(ctx: Context, vraag: FhirRequest) -> Callable[[Context], Awaitable[FhirResponse]]:
    operatie = OPERATIES.get(vraag.operation or "")
    if operatie is None or vraag.type is None or operatie.naam not in TYPES[vraag.type].operations:
        raise PaspoortFout(Melding("niet-ondersteund", None, {"wat": f"${(vraag.operation or '')[:40]}"}))
    if vraag.id is None and not operatie.op_type:
        raise PaspoortFout(Melding("niet-ondersteund", None, {"wat": f"{vraag.type}/${operatie.naam}"}))
    if vraag.method not in operatie.methodes:
        raise niet_deze_methode(vraag.method, sorted(operatie.methodes))
    ctx.handeling = f"${operatie.naam}"
    ctx.tel_zoeken()
    ctx.eis_scope(TYPES[vraag.type].scope_type, operatie.scope)
    if vraag.id is None:
        return operatie.functie
    type_, id_ = vraag.type, vraag.id

    async def op_dit_exemplaar(ctx: Context) -> FhirResponse:
        await ctx.eis_past_nu(type_, operatie.scope, id_)
        return await operatie.functie(ctx)

    return op_dit_exemplaar


def onverwacht(fout: Exception) -> PaspoortFout:
    """Een nummer voor buiten; binnen de soort fout en de plaats in onze code, nooit de tekst of de waarden."""
    nummer = secrets.token_hex(4)
    plaatsen = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in traceback.extract_tb(fout.__traceback__)]
    LOG.error("onverwacht %s %s op %s", nummer, type(fout).__name__, " < ".join(reversed(plaatsen[-6:])))
    return PaspoortFout(Melding("onverwacht", None, {"nummer": nummer}))


def antwoord_buiten_de_deur(fout: Exception, taal: Taal) -> FhirResponse:
    """Een fout die al voor de deur viel (token, koppen, JSON) als antwoord."""
    return outcome.antwoord(fout if isinstance(fout, PaspoortFout) else onverwacht(fout), taal)
