"""Hoe een resource aan haar paspoort hangt en daaraan blijft hangen (toegang.md §5).

Een Device zonder Patient ligt bij de organisatie die het schreef. Het eerste DeviceUseStatement dat het noemt, bindt
het voorgoed: het verhuist in dezelfde transactie naar dat paspoort, met wat er met `parent` aan vastzit. Een tweede
paspoort dat het noemt, krijgt `hulpmiddel-gebonden`; wie het Device niet ziet, hoort alleen dat het er niet is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from paspoort.fouten import Melding
from server.fhir.context import Blik, Context
from server.fhir.request import Json
from server.fhir.search.zoeken import lokaal
from server.store.versions import Momentopname, Versie, Vertrek, Wijziging


async def bind_hulpmiddelen(
    ctx: Context, blik: Blik, gebruiken: Iterable[tuple[str, Json]], werk: dict[tuple[str, str], Json | None]
) -> tuple[list[Wijziging], list[Melding]]:
    """De Devices die met deze DeviceUseStatements (plek, inhoud) naar dit paspoort komen; zet ze ook in `werk`.

    Meldt `hulpmiddel-gebonden` bij een Device dat de vrager ziet en dat al bij een ander paspoort hoort.
    """
    if blik.momentopname.soort != "paspoort":
        return [], []
    wijzigingen: dict[str, Wijziging] = {}
    meldingen: list[Melding] = []
    for plek, inhoud in gebruiken:
        id_ = _device(inhoud)
        if id_ is None or ("Device", id_) in werk or blik.momentopname.get("Device", id_) is not None:
            continue
        thuis = await ctx.plaats("Device", id_)
        versie = thuis.momentopname.get("Device", id_) if thuis is not None else None
        if thuis is None or versie is None or ctx.toon(thuis, versie) is None:
            continue  # onbekend of verborgen: de controle van verwijzingen zegt het, in beide gevallen hetzelfde
        if thuis.momentopname.soort != "organisatie":
            meldingen.append(Melding("hulpmiddel-gebonden", f"{plek}.device"))
            continue
        for deel in _met_onderdelen(thuis.momentopname, versie):
            gebonden = {**deel.inhoud, "patient": {"reference": f"Patient/{blik.momentopname.partitie}"}}
            vertrek = Vertrek(thuis.momentopname.partitie, thuis.momentopname.volgnummer, deel.versie)
            wijzigingen[deel.id] = Wijziging("Device", deel.id, gebonden, deel.auteur, deel.herkomst, vertrek)
            werk["Device", deel.id] = gebonden
    return list(wijzigingen.values()), meldingen


def met_patient(inhoud: Json, momentopname: Momentopname) -> Json:
    """Een nieuw Device dat in een paspoort komt, noemt dat paspoort; ook als de inzender het wegliet."""
    if inhoud.get("resourceType") != "Device" or "patient" in inhoud or momentopname.soort != "paspoort":
        return inhoud
    return {**inhoud, "patient": {"reference": f"Patient/{momentopname.partitie}"}}


def blijft_gekoppeld(plek: str, element: str | None, inhoud: Json | None, momentopname: Momentopname) -> list[Melding]:
    """Bij een update: wat bij een paspoort hoort, blijft daarbij. `koppeling-vast` als `element` verandert."""
    if inhoud is None or element is None:
        return []
    nieuw = inhoud.get(element)
    verwijzing = nieuw.get("reference") if isinstance(nieuw, dict) else None
    plaats = lokaal(verwijzing) if isinstance(verwijzing, str) else None
    if plaats == ("Patient", momentopname.partitie) or (verwijzing is None and momentopname.soort == "organisatie"):
        return []
    return [Melding("koppeling-vast", f"{plek}.{element}")]


def _device(gebruik: Json) -> str | None:
    device = gebruik.get("device")
    verwijzing = device.get("reference") if isinstance(device, dict) else None
    plaats = lokaal(verwijzing) if isinstance(verwijzing, str) else None
    return plaats[1] if plaats is not None and plaats[0] == "Device" else None


def _met_onderdelen(m: Momentopname, begin: Versie) -> Sequence[Versie]:
    """Het Device met alles wat er in deze partitie met `parent` aan vastzit, in beide richtingen."""
    alle = m.van_type("Device")
    ouders = {v.id: lokaal(str((v.inhoud.get("parent") or {}).get("reference") or "")) for v in alle}
    samen, vorige = {begin.id}, set[str]()
    while samen != vorige:
        vorige = set(samen)
        for kind, ouder in ouders.items():
            if ouder is not None and (kind in samen or ouder[1] in samen):
                samen |= {kind, ouder[1]}
    return [v for v in alle if v.id in samen]
