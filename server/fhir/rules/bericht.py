"""Regels bij Communication: wie zendt is wie schrijft; en opmerkingen, vragen en antwoorden bij een advies.

Een opmerking hoort bij een concept waar de zender over meedenkt. Een vraag gaat over een definitief advies, als de
houder goed vindt dat de schrijver benaderd wordt; één open vraag per verstrekker. Een antwoord geeft de schrijver. Wie
zendt, aan wie en wanneer, zet de server. Of de zender het advies leest, zei `server/access/mogen.py`.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.bericht import AFSTEMMING, ANTWOORD, OPMERKING, VRAAG, bericht_over, berichtsoorten
from paspoort.fhir.vragenlijst import antwoorden
from paspoort.fhir.vragenlijst.controle import AFGEROND
from paspoort.fhir.vragenlijst.soort import is_advies, lijst_van
from paspoort.fhir.waarden import ext, objecten, verwijzing
from paspoort.fouten import Melding
from server.access.actor import Actor
from server.access.zicht import bepaal_zicht
from server.fhir.regels import RegelContext, RegelUitkomst, auteur_van, is_zelf, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Versie, Wijziging

LANGST: Final = 2000
# Wie welk bericht maakt.
ZENDERS: Final = {
    OPMERKING: frozenset({"verstrekker", "leverancier"}),
    VRAAG: frozenset({"verstrekker"}),
    ANTWOORD: frozenset({"therapeut"}),
}


@regel("Communication")
def afzender(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Niemand legt een ander woorden in de mond; zonder `sender` vult de server hem in.

    Wie bij een organisatie werkt, zendt ook namens haar of haar team. Een naam erbij vervalt: die zegt het register.
    """
    if nieuw is None or actor.soort == "dienst" or actor.rol == "proef" or berichtsoorten(nieuw) & AFSTEMMING:
        return RegelUitkomst()
    zender = nieuw.get("sender")
    if oud is not None and zender == oud.get("sender"):
        return RegelUitkomst()
    wie = auteur_van(actor) if zender is None else verwijzing(zender)
    if not is_zelf(actor, wie, register):
        return RegelUitkomst((Melding("bericht-afzender", f"{context.plek}.sender"),))
    inhoud = {**nieuw, "sender": {"reference": wie}}
    return RegelUitkomst(wijzigingen=(Wijziging("Communication", context.id, inhoud),))


@regel("Communication")
def bij_advies(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Een bericht bij een advies klopt met waar het over gaat; andere gesprekken gaan hier voorbij."""
    soorten = berichtsoorten(nieuw or {}) & AFSTEMMING
    if nieuw is None or oud is not None or not soorten or actor.soort == "dienst" or actor.rol == "proef":
        return RegelUitkomst()
    if len(berichtsoorten(nieuw)) > 1 or actor.rol not in ZENDERS[next(iter(soorten))]:
        return RegelUitkomst((Melding("bericht-soort", f"{context.plek}.category"),))
    soort, advies = next(iter(soorten)), _advies(m, nieuw)
    fouten = [*_inhoud(actor, nieuw, context.plek)]
    if advies is None:
        fouten.append(Melding("bericht-zonder-advies", f"{context.plek}.about"))
        return RegelUitkomst(tuple(fouten))
    aan: str | None = advies.auteur
    if soort == OPMERKING:
        fouten += _opmerking(nieuw, advies, context.plek)
        aan = aan if actor.rol == "verstrekker" else None  # wie het schreef, leest een leverancier niet (§3)
    elif soort == VRAAG:
        fouten += _vraag(actor, m, register, advies, context)
    else:
        vraag = _vraag_bij(m, nieuw, advies)
        fouten += _antwoord(actor, m, register, advies, vraag, context.plek)
        aan = verwijzing(vraag.inhoud.get("sender")) if vraag is not None else None
    if fouten:
        return RegelUitkomst(tuple(fouten))
    return RegelUitkomst(wijzigingen=(Wijziging("Communication", context.id, _verstuurd(actor, nieuw, aan, context)),))


def is_open(m: Momentopname, vraag: Versie) -> bool:
    """Of deze vraag nog op een antwoord wacht; een vergissing wacht niet."""
    plek = f"Communication/{vraag.id}"
    beantwoord = any(
        ANTWOORD in berichtsoorten(v.inhoud)
        and v.inhoud.get("status") != "entered-in-error"
        and plek in {verwijzing(r) for r in objecten(v.inhoud.get("inResponseTo"))}
        for v in m.van_type("Communication")
    )
    return vraag.inhoud.get("status") != "entered-in-error" and not beantwoord


def schrijver_leest(m: Momentopname, register: Register, advies: Versie, context: RegelContext) -> bool:
    """Of wie het advies schreef, het nu nog leest: dan bereikt een vraag hem."""
    type_, _, id_ = advies.auteur.partition("/")
    organisatie = register.organisatie_van(advies.auteur)
    if type_ not in ("PractitionerRole", "Organization") or organisatie is None:
        return False
    soort, functie = ("persoon", id_) if type_ == "PractitionerRole" else ("app", None)
    schrijver = Actor(soort, "therapeut", "", organisatie=organisatie, functie=functie)  # type: ignore[arg-type]
    return "advies" in bepaal_zicht(schrijver, m, register, context.nu).groepen_voor(advies)


def _advies(m: Momentopname, bericht: Json) -> Versie | None:
    over = bericht_over(bericht)
    if len(over) != 1 or len(bericht.get("about", ())) != 1:
        return None
    gevonden = m.get("QuestionnaireResponse", over[0].partition("/")[2])
    return gevonden if gevonden is not None and not gevonden.verwijderd and is_advies(gevonden.inhoud) else None


def _inhoud(actor: Actor, bericht: Json, plek: str) -> list[Melding]:
    """Eén tekst, en de zender is wie schrijft."""
    fouten = []
    delen = objecten(bericht.get("payload"))
    tekst = delen[0].get("contentString") if len(delen) == 1 else None
    if not isinstance(tekst, str) or not tekst.strip():
        fouten.append(Melding("bericht-leeg", f"{plek}.payload"))
    elif len(tekst) > LANGST:
        fouten.append(Melding("bericht-te-lang", f"{plek}.payload[0].contentString", {"grens": str(LANGST)}))
    if "sender" in bericht and verwijzing(bericht["sender"]) != auteur_van(actor):
        fouten.append(Melding("bericht-afzender", f"{plek}.sender"))
    return fouten


def _opmerking(bericht: Json, advies: Versie, plek: str) -> list[Melding]:
    fouten = []
    if advies.inhoud.get("status") in AFGEROND:
        fouten.append(Melding("bericht-bij-concept", f"{plek}.about"))
    nummer = ext(bericht, "over-eis", "valueString")
    eisen = len(antwoorden(advies.inhoud, lijst_van(advies.inhoud)).groepen("eis"))
    if nummer is not None and str(nummer) not in {str(n + 1) for n in range(eisen)}:
        fouten.append(Melding("bericht-eis-onbekend", f"{plek}.extension"))
    return fouten


def _vraag(actor: Actor, m: Momentopname, register: Register, advies: Versie, context: RegelContext) -> list[Melding]:
    fouten = []
    definitief = advies.inhoud.get("status") in AFGEROND
    akkoord = antwoorden(advies.inhoud, lijst_van(advies.inhoud)).een("contact-auteur") is True
    if not definitief or not akkoord:
        fouten.append(Melding("vraag-mag-niet", f"{context.plek}.about"))
    elif not schrijver_leest(m, register, advies, context):
        fouten.append(Melding("schrijver-ziet-niet", f"{context.plek}.about"))
    plek = f"QuestionnaireResponse/{advies.id}"
    huis = register.organisatie_van(auteur_van(actor))
    eerder = [v for v in m.van_type("Communication") if VRAAG in berichtsoorten(v.inhoud)]
    van_huis = [v for v in eerder if plek in bericht_over(v.inhoud) and register.organisatie_van(v.auteur) == huis]
    if any(is_open(m, v) for v in van_huis):
        fouten.append(Melding("vraag-loopt-al", f"{context.plek}.about"))
    return fouten


def _vraag_bij(m: Momentopname, bericht: Json, advies: Versie) -> Versie | None:
    """De vraag over ditzelfde advies waar dit bericht een antwoord op is."""
    op = [str(verwijzing(r)).partition("/") for r in objecten(bericht.get("inResponseTo"))]
    gevonden = m.get("Communication", op[0][2]) if len(op) == 1 and op[0][0] == "Communication" else None
    if gevonden is None or gevonden.verwijderd or VRAAG not in berichtsoorten(gevonden.inhoud):
        return None
    return gevonden if f"QuestionnaireResponse/{advies.id}" in bericht_over(gevonden.inhoud) else None


def _antwoord(
    actor: Actor, m: Momentopname, register: Register, advies: Versie, vraag: Versie | None, plek: str
) -> list[Melding]:
    if vraag is None:
        return [Melding("antwoord-zonder-vraag", f"{plek}.inResponseTo")]
    zelf = advies.auteur == auteur_van(actor)
    van_huis = actor.soort == "app" and register.organisatie_van(advies.auteur) == actor.organisatie
    if not (zelf or van_huis):
        return [Melding("antwoord-van-schrijver", f"{plek}.about")]
    return [] if is_open(m, vraag) else [Melding("vraag-al-beantwoord", f"{plek}.inResponseTo")]


def _verstuurd(actor: Actor, bericht: Json, aan: str | None, context: RegelContext) -> Json:
    """Het bericht met wie het zond, aan wie en wanneer."""
    kop: Json = {"status": "completed", "sent": context.nu.isoformat(timespec="seconds")}
    kop["sender"] = {"reference": auteur_van(actor)}
    rest = {naam: w for naam, w in bericht.items() if naam not in ("recipient", *kop)}
    uit = {**rest, **kop}
    return uit | ({"recipient": [{"reference": aan}]} if aan else {})
