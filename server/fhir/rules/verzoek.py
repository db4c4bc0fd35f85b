"""Regels bij DeviceRequest: een verzoek draagt de uitslag die gold toen het getoetst werd (herhaaltoets.md, wet 4).

Een nieuw of gewijzigd verzoek wordt getoetst; wat een inzender in `toetsuitslag` meestuurt, vervalt. Een verstrekker
legt alleen een besluit van zichzelf vast. Een verstuurd besluit verandert niet meer; dat bewaakt de roltabel
(*tot-verzonden*, *bezwaar*).
"""

from __future__ import annotations

from paspoort.fhir.aanvraag import is_verzoek
from paspoort.fouten import Melding
from paspoort.toegang import DOELEN
from server.access.actor import Actor
from server.access.gronden import noemt, plek_van
from server.fhir.regels import RegelContext, RegelUitkomst, auteur_van, is_zelf, regel
from server.fhir.request import Json
from server.fhir.toetsing import als_guidance, behandelaar, bewaarde_uitslag, met_uitslag, toets_verzoek, vooruit
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

GETOETST = frozenset({"active", "on-hold"})


@regel("DeviceRequest")
def bewaar_uitslag(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Toets het verzoek op het paspoort zoals het na deze transactie is, en bewaar de uitslag erbij."""
    if nieuw is None or not is_verzoek(nieuw):
        return RegelUitkomst()
    if oud is not None and _zelfde_vraag(oud, nieuw):
        kaal = met_uitslag(nieuw, bewaarde_uitslag(oud))
    elif nieuw.get("status") in GETOETST:
        met_id = {**nieuw, "id": context.id}
        na = na_transactie(m, context, auteur_van(actor))
        versie = na.get("DeviceRequest", context.id)
        door = behandelaar(na, met_id)
        getoetst = toets_verzoek(na, register, versie.inhoud if versie else met_id, context.nu, door)
        kaal = met_uitslag(nieuw, als_guidance(getoetst, m.partitie))
    else:
        kaal = met_uitslag(nieuw, None)
    return RegelUitkomst(wijzigingen=(Wijziging("DeviceRequest", context.id, kaal),))


@regel("DeviceRequest")
def eigen_besluit(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Een verstrekker besluit niet in naam van een ander, of die gaf haar mandaat; een oude naam mag blijven."""
    if nieuw is None or is_verzoek(nieuw) or actor.rol != "verstrekker":
        return RegelUitkomst()
    for naam in ("performer", "requester"):
        wie = nieuw.get(naam)
        if wie is None or wie == (oud or {}).get(naam) or is_zelf(actor, plek_van(wie), register):
            continue
        if not noemt(actor, plek_van(wie) or "", register, context.nu, (*DOELEN, "behandeling")):
            return RegelUitkomst((Melding("besluit-van-ander", f"{context.plek}.{naam}"),))
    return RegelUitkomst()


def na_transactie(m: Momentopname, context: RegelContext, auteur: str) -> Momentopname:
    """Het paspoort zoals het is als deze transactie vaststaat, voor zover de inzender haar schreef."""
    werk = [Wijziging(t, i, inhoud, auteur) for (t, i), inhoud in context.werk.items()]
    return vooruit(m, werk, "zelf")


def _zelfde_vraag(oud: Json, nieuw: Json) -> bool:
    """Of er niets veranderde wat de toets leest: dan blijft de uitslag die er al was."""
    weg = ("meta", "id", "note", "text", "identifier")
    kern = [{k: w for k, w in met_uitslag(i, None).items() if k not in weg} for i in (oud, nieuw)]
    return kern[0] == kern[1]
