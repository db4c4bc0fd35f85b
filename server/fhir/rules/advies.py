"""Regels bij QuestionnaireResponse: een functioneel advies wordt alleen met `$definitief` definitief, en blijft dan zo.

Verwijderen is geen wijzigen: dat mag de houder in het eigen paspoort (toegang.md §3). Een advies op papier neemt de
houder of een therapeut over, met het document erbij; dat is geen definitief maken, en het krijgt geen zegel.
"""

from __future__ import annotations

from paspoort.fhir.stelsels import ITEM_AUTEUR, codestelsel
from paspoort.fhir.vragenlijst.controle import AFGEROND
from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.fhir.waarden import code_uit, datum, ext, extensies, objecten, verwijzing
from paspoort.fouten import Melding
from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.fhir.aanhangsel import aanhangsels
from server.fhir.regels import RegelContext, RegelUitkomst, auteur_van, is_zelf, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging


@regel("QuestionnaireResponse")
def definitief(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Een afgerond advies verandert niet; een concept wordt niet met een gewone wijziging afgerond."""
    if nieuw is None:
        weg = aanhangsels(m, context.id) if oud is not None and is_advies(oud) else ()
        return RegelUitkomst(wijzigingen=tuple(Wijziging(v.type, v.id, None) for v in weg))
    if oud is not None and is_advies(oud) and oud.get("status") in AFGEROND:
        return RegelUitkomst((Melding("advies-is-definitief", f"{context.plek}.status"),))  # ook voor de dienst
    if actor.soort == "dienst":
        return RegelUitkomst()
    if not is_advies(nieuw):
        return RegelUitkomst()
    papier = _uit_document(oud, nieuw, context)
    if papier:
        return RegelUitkomst(papier)
    overgezet = oud is None and (actor.rol == "proef" or bool(extensies(nieuw, "uit-document")))
    if nieuw.get("status") in AFGEROND and not overgezet:
        return RegelUitkomst((Melding("advies-via-definitief", f"{context.plek}.status"),))
    vervangt = verwijzing(ext(nieuw, "vervangt", "valueReference"))
    if vervangt is not None and not is_definitief(context.zoek(*_plek(vervangt))):
        return RegelUitkomst((Melding("advies-vervangt", f"{context.plek}.extension"),))
    return RegelUitkomst()


@regel("QuestionnaireResponse")
def schrijver(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """In een advies staat als schrijver wie het schrijft; zonder `author` vult de server hem in.

    Een app schrijft voor een mens van haar organisatie. Wat van papier komt, noemt wie dat schreef.
    """
    if nieuw is None or actor.soort == "dienst" or actor.rol == "proef" or not is_advies(nieuw):
        return RegelUitkomst()
    if extensies(nieuw, "uit-document"):
        return RegelUitkomst()
    al = _schrijvers(oud or {}, "")
    for plek, wie in _schrijvers(nieuw, context.plek).items():
        van_haar = actor.soort == "app" and register.organisatie_van(wie or "") == actor.organisatie is not None
        if wie not in al.values() and not van_haar and not is_zelf(actor, wie, register):
            return RegelUitkomst((Melding("advies-schrijver", plek),))
    if "author" in nieuw:
        return RegelUitkomst()
    inhoud = {**nieuw, "author": {"reference": auteur_van(actor)}}
    return RegelUitkomst(wijzigingen=(Wijziging("QuestionnaireResponse", context.id, inhoud),))


def _schrijvers(advies: Json, plek: str) -> dict[str, str | None]:
    """Wie het advies en elk antwoord als schrijver noemt, per plek; None is iemand zonder verwijzing."""
    uit = {f"{plek}.author": verwijzing(advies["author"])} if "author" in advies else {}
    for e in objecten(advies.get("extension")):
        if e.get("url") == ITEM_AUTEUR:
            uit[f"{plek}.extension"] = verwijzing(e.get("valueReference"))
    for naam in ("item", "answer"):
        for nummer, deel in enumerate(objecten(advies.get(naam))):
            uit |= _schrijvers(deel, f"{plek}.{naam}[{nummer}]")
    return uit


def _uit_document(oud: Json | None, nieuw: Json, context: RegelContext) -> tuple[Melding, ...]:
    """Een advies van papier komt er in één keer, met zijn document en zijn datum; daarna is het zoals het is."""
    if extensies(nieuw, "uit-document") != extensies(oud or {}, "uit-document") and oud is not None:
        return (Melding("advies-uit-document", f"{context.plek}.extension"),)
    bron = verwijzing(ext(nieuw, "uit-document", "valueReference"))
    if bron is None:
        return ()
    document = context.zoek(*_plek(bron)) or {}
    soort = code_uit(document.get("type"), codestelsel("documentsoort"))
    dag = datum(nieuw.get("authored"))
    goed = [
        ("status", nieuw.get("status") in AFGEROND),
        ("authored", dag is not None and dag <= context.nu.astimezone(HIER).date()),
        ("extension", soort == "advies"),
    ]
    return tuple(Melding("advies-uit-document", f"{context.plek}.{naam}") for naam, klopt in goed if not klopt)


def is_definitief(inhoud: Json | None) -> bool:
    """Of dit een definitief functioneel advies is."""
    return inhoud is not None and is_advies(inhoud) and inhoud.get("status") in AFGEROND


def _plek(verwijzing_: str) -> tuple[str, str]:
    type_, _, id_ = verwijzing_.partition("/")
    return type_, id_
