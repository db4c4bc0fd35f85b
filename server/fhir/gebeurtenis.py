"""De Provenance van een gebeurtenis: wie wat deed met precies welke versies. Alleen de server schrijft deze.

Bevestigen en wat er met een advies gebeurt, maken haar hier; het zegel en het afschrift zetten er hun eigen bij. Wie
iets mag, zegt de operatie. Bron: docs/fhir-afbeelding.md (*Herkomst*, codestelsel `gebeurtenis`), FHIR R4 Provenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.waarden import code_uit, objecten
from server.fhir.context import Context
from server.fhir.regels import auteur_van
from server.fhir.request import Json
from server.store.versions import Momentopname, Versie


def gebeurtenis(ctx: Context, soort: str, versies: Sequence[Versie], reden: str | None = None) -> Json:
    """De Provenance `soort` bij deze versies, door deze vrager; `reden` in de woorden van wie handelde."""
    agent: Json = {"who": {"reference": auteur_van(ctx.actor)}}
    if ctx.actor.organisatie:
        agent["onBehalfOf"] = {"reference": f"Organization/{ctx.actor.organisatie}"}
    uit: Json = {
        "resourceType": "Provenance",
        "target": [{"reference": plek_van(v)} for v in versies],
        "recorded": ctx.nu.isoformat(timespec="seconds"),
        "activity": {"coding": [{"system": codestelsel("gebeurtenis"), "code": soort}]},
        "agent": [agent],
    }
    if reden:
        uit["reason"] = [{"text": reden}]
    return uit


def al_gebeurd(ctx: Context, m: Momentopname, soort: str, versies: Iterable[Versie]) -> Versie | None:
    """De Provenance waarmee deze vrager dit bij al deze versies al vastlegde."""
    doelen = {plek_van(v) for v in versies}
    wie = auteur_van(ctx.actor)
    for p in m.van_type("Provenance"):
        genoemd = {t.get("reference") for t in objecten(p.inhoud.get("target"))}
        if soort_van(p.inhoud) == soort and p.auteur == wie and doelen <= genoemd:
            return p
    return None


def soort_van(provenance: Json) -> str | None:
    """De code uit `gebeurtenis`."""
    return code_uit(provenance.get("activity"), codestelsel("gebeurtenis"))


def plek_van(versie: Versie) -> str:
    """`Type/id/_history/n`."""
    return f"{versie.type}/{versie.id}/_history/{versie.versie}"
