"""Regels bij Subscription: een app vraagt een abonnement aan of zet het uit; de stand daartussen houdt de server bij.

Het onderwerp, het soort kanaal en de soort inhoud staan in het profiel `hmp-Subscription`. Wie er een mag zetten staat
in `server/access/mogen.py`, wat er verstuurd wordt in `server/post`. Bron: Subscriptions R5 Backport 1.1 (R4); FHIR R4
subscription.html (*Managing Subscriptions*).
"""

from __future__ import annotations

from typing import Any, Final

from paspoort.fhir.waarden import objecten
from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.post.adres import REDENEN, AdresGeweigerd, ontleed
from server.post.onderwerp import (
    ALLEEN_ID,
    APP,
    BACKPORT,
    FILTERS_HOOGSTENS,
    GEHEIM,
    VERLENING,
    filters_van,
    inhoud_van,
    ontleed_filter,
)
from server.store.meldingen import eindmoment
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

HOOGSTENS: Final = 20  # per organisatie of paspoort
# Wat een abonnee van de backport kan vragen en wij niet doen; `backport-max-count` mag: wij sturen er altijd één.
NIET: Final = ("backport-heartbeat-period", "backport-timeout")


@regel("Subscription")
def abonnement(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Alle fouten samen; anders de inhoud met de stand die erbij hoort en de app die het abonnement zette."""
    if actor.soort == "dienst" or (nieuw is None and actor.patient is not None):
        return RegelUitkomst()  # een houder verwijdert elk abonnement in het eigen paspoort
    if oud is not None and actor.client_id not in _apps(oud):
        # Een andere app zou anders berichten naar haar eigen adres kunnen leiden, onder de naam van deze.
        return RegelUitkomst((Melding("niet-van-u", context.plek),))
    if nieuw is None:
        return RegelUitkomst()
    meldingen = [
        *_stand_fout(oud, nieuw, context.plek),
        *_niet_blijvend(actor, nieuw, context.plek),
        *_kanaal(nieuw, context),
        *_filters(nieuw, context.plek),
        *_einde(nieuw, context),
    ]
    if oud is None and sum(v.inhoud.get("status") != "off" for v in m.van_type("Subscription")) >= HOOGSTENS:
        meldingen.append(Melding("abonnement-te-veel", context.plek, {"grens": str(HOOGSTENS)}))
    if meldingen:
        return RegelUitkomst(tuple(meldingen))
    inhoud = _bijgewerkt(oud, nieuw, actor)
    return RegelUitkomst(wijzigingen=(Wijziging("Subscription", context.id, inhoud),))


def _apps(inhoud: Json) -> list[Any]:
    return [e.get("valueString") for e in objecten(inhoud.get("extension")) if e.get("url") == APP]


def _stand_fout(oud: Json | None, nieuw: Json, plek: str) -> list[Melding]:
    """`requested` vraagt aan, `off` zet uit; een wijziging mag de stand ook laten zoals hij is."""
    mag = {"requested"} if oud is None else {"requested", "off", oud.get("status")}
    return [] if nieuw.get("status") in mag else [Melding("abonnement-status", f"{plek}.status")]


def _niet_blijvend(actor: Actor, nieuw: Json, plek: str) -> list[Melding]:
    """Wie een app alleen even toelaat, draagt geen abonnement; uitzetten kan altijd."""
    draagt = actor.patient is None or actor.blijvend or nieuw.get("status") == "off"
    return [] if draagt else [Melding("abonnement-blijvend", f"{plek}.status")]


def _kanaal(nieuw: Json, context: RegelContext) -> list[Melding]:
    plek, kanaal = f"{context.plek}.channel", nieuw.get("channel") or {}
    fouten = []
    try:
        ontleed(str(kanaal.get("endpoint") or ""), context.demo)
    except AdresGeweigerd as fout:
        fouten.append(Melding("abonnement-adres", f"{plek}.endpoint", {"reden": REDENEN[fout.reden]}))
    if inhoud_van(nieuw) != ALLEEN_ID:
        fouten.append(Melding("abonnement-inhoud", f"{plek}.payload.extension"))
    if "header" in kanaal:
        fouten.append(Melding("abonnement-kanaal", f"{plek}.header", {"wat": "channel.header"}))
    for nummer, extensie in enumerate(objecten(kanaal.get("extension"))):
        naam = str(extensie.get("url")).removeprefix(BACKPORT)
        if naam in NIET:
            fouten.append(Melding("abonnement-kanaal", f"{plek}.extension[{nummer}]", {"wat": naam}))
    return fouten


def _filters(nieuw: Json, plek: str) -> list[Melding]:
    fouten: list[Melding] = []
    for nummer, (hier, tekst) in enumerate(filters_van(nieuw)):
        hier = plek + hier.removeprefix("Subscription")
        if nummer >= FILTERS_HOOGSTENS:
            fouten.append(Melding("abonnement-kanaal", hier, {"wat": f"Meer dan {FILTERS_HOOGSTENS} filters"}))
            break
        try:
            ontleed_filter(tekst, hier)
        except PaspoortFout as fout:
            fouten += fout.meldingen
    return fouten


def _einde(nieuw: Json, context: RegelContext) -> list[Melding]:
    eind = eindmoment(nieuw)
    if "end" not in nieuw or nieuw.get("status") == "off":
        return []
    if eind is None:  # FHIR laat seconde 60 toe; de klok niet
        return [Melding("fhir-datum-bestaat-niet", f"{context.plek}.end")]
    return [Melding("abonnement-voorbij", f"{context.plek}.end")] if eind <= context.nu.timestamp() else []


def _bijgewerkt(oud: Json | None, nieuw: Json, actor: Actor) -> Json:
    """Nieuwe aanvraag als het kanaal verandert; de fout, de app en het ja waaronder zij handelt zet de server.

    Het geheim wordt nooit bewaard. Wie wijzigt, gaat verder onder het eigen ja: dat van een ander kan al voorbij zijn.
    """
    status, vorige = nieuw.get("status"), oud or {}
    kanaal = dict(nieuw["channel"])
    rest = [e for e in objecten(kanaal.pop("extension", None)) if e.get("url") != GEHEIM]
    kanaal |= {"extension": rest} if rest else {}
    if status not in ("requested", "off") and kanaal.get("endpoint") != vorige.get("channel", {}).get("endpoint"):
        status = "requested"
    uit: Json = {k: w for k, w in nieuw.items() if k not in ("error", "extension")} | {"status": status}
    if status == vorige.get("status") and "error" in vorige:
        uit["error"] = vorige["error"]
    eigen = [{"url": APP, "valueString": actor.client_id or ""}]
    if actor.patient is not None and actor.verlening is not None:
        eigen.append({"url": VERLENING, "valueString": actor.verlening})
    anders = [e for e in objecten(nieuw.get("extension")) if e.get("url") not in (APP, VERLENING)]
    return uit | {"extension": [*anders, *eigen], "channel": kanaal}
