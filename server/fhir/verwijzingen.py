"""Verwijzingen bij het schrijven: elk doel bestaat, is te zien voor de schrijver, en ligt hier of in het register.

Typen van doelen controleert `paspoort/fhir/validatie.py`. Verborgen en onbekend geven dezelfde fout (toegang.md §6).
Bron: FHIR R4 references.html; ontwerp deel 3 (geen loshangende verwijzingen langs REST).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from paspoort.fhir.referenties import referenties
from paspoort.fouten import Melding
from server.fhir.aanhangsel import hangt_aan
from server.fhir.context import Blik, Context
from server.fhir.request import Json
from server.fhir.search.zoeken import lokaal
from server.registry import TYPES
from server.store.versions import Momentopname

Werk = Mapping[tuple[str, str], Json | None]  # wat dezelfde transactie schrijft; None = verwijdert

# Wat de server zelf over een resource bijhoudt, houdt haar niet vast.
HOUDT_NIET_VAST: Final = ("Provenance", "AuditEvent")


def controleer_verwijzingen(
    ctx: Context, blik: Blik, nieuw: Json | None, oud: Json | None, plek: str, werk: Werk
) -> list[Melding]:
    """Een melding `referentie-onbekend` of `referentie-extern` per verwijzing die nergens op uitkomt.

    Wat al in de vorige versie stond, telt niet opnieuw: het doel kan intussen terecht weg zijn. De band met het
    paspoort zelf (toegang.md §5) hoeft de schrijver niet te lezen: dat hij er iets te zoeken heeft, is al gezien.
    """
    if nieuw is None:
        return []
    al = {r for _, r in referenties(oud)} if oud else set()
    ingesloten = {f"#{c.get('id')}" for c in nieuw.get("contained", ()) if isinstance(c, dict)}
    type_ = str(nieuw["resourceType"])
    band = (f"{type_}.{TYPES[type_].binding.element}", f"Patient/{blik.momentopname.partitie}")
    fouten = []
    for expressie, verwijzing in referenties(nieuw):
        if (expressie.removesuffix(".reference"), verwijzing) == band:
            continue
        if verwijzing in al or verwijzing in ingesloten or verwijzing == "#":
            continue
        code = _fout(ctx, blik, verwijzing, werk)
        if code:
            fouten.append(Melding(code, plek + expressie[len(nieuw["resourceType"]) :]))
    return fouten


def _fout(ctx: Context, blik: Blik, verwijzing: str, werk: Werk) -> str | None:
    if "://" in verwijzing:
        return "referentie-extern"
    plaats = lokaal(verwijzing)
    if plaats is None or plaats[0] not in TYPES:
        return "referentie-onbekend"
    if plaats in werk:
        return None if werk[plaats] is not None else "referentie-onbekend"
    if TYPES[plaats[0]].binding.soort == "register":
        # Bestaan is genoeg: de houder deelt ook met iemand die nog nergens in het paspoort genoemd wordt.
        versie = ctx.register.get(*plaats)
        bekend = ctx.deur.definities.get(*plaats) is not None or (versie is not None and not versie.verwijderd)
        return None if bekend else "referentie-onbekend"
    return None if ctx.zichtbaar(blik, *plaats) else "referentie-onbekend"


def wordt_nog_gebruikt(momentopname: Momentopname, type: str, id: str, werk: Werk) -> bool:
    """Of iets levends, buiten deze transactie om, nog naar de resource verwijst."""
    wijzers = _wijzers(momentopname).get((type, id), frozenset())
    los = hangt_aan(momentopname, id) if type == "QuestionnaireResponse" else frozenset()
    if any(w not in werk and w not in los for w in wijzers):
        return True
    return any(
        inhoud is not None and any(lokaal(r) == (type, id) for _, r in referenties(inhoud))
        for sleutel, inhoud in werk.items()
        if sleutel != (type, id)
    )


def _wijzers(momentopname: Momentopname) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Per resource wie ernaar verwijst; één keer per momentopname uitgerekend."""
    al = momentopname.afgeleid.get("wijzers")
    if al is None:
        uit: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for versie in momentopname.alle():
            if versie.type in HOUDT_NIET_VAST:
                continue
            for _, verwijzing in referenties(versie.inhoud):
                plaats = lokaal(verwijzing)
                if plaats is not None and plaats != (versie.type, versie.id):
                    uit.setdefault(plaats, set()).add((versie.type, versie.id))
        al = {k: frozenset(v) for k, v in uit.items()}
        momentopname.afgeleid["wijzers"] = al
    gevonden: dict[tuple[str, str], frozenset[tuple[str, str]]] = al
    return gevonden
