"""Alle rijen van een zoekvraag in de partities die meedoen, in de volgorde van het begin van de vraag.

Zicht gaat vóór zoeken, ook bij een oude versie: die bepaalt alleen de plaats, en met wat de vrager er nu van ziet.
Bron: ontwerp deel 2 (*Sight is applied before search*).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from server.fhir.context import Blik, Context, treffer
from server.fhir.search.bladzijden import Anker, Merk, Rij
from server.fhir.search.filters import Filter
from server.fhir.search.geheugen import Voorwaarden
from server.fhir.search.treffer import Omgeving, Treffer
from server.fhir.search.zoeken import sorteer, voldoet
from server.registry import TYPES, SearchParam
from server.store.versions import Versie


@dataclass(frozen=True, slots=True)
class Deel:
    """Een partitie die meedoet. `ids`: alleen deze (None = alle)."""

    blik: Blik
    omgeving: Omgeving
    ids: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Doel:
    """Een type waarin gezocht wordt, met de voorwaarden daarop. Bij `Patient/[id]/*` zijn het er meer."""

    type: str
    filters: tuple[Filter, ...]


def maak_omgeving(ctx: Context, blik: Blik) -> Omgeving:
    """Waar verwijzingen heen wijzen: in dit paspoort of het register, en alleen wat zichtbaar en toegestaan is."""
    register = ctx.registerblik()
    definities = ctx.deur.definities

    def zoek_op(type: str, id: str) -> Treffer | None:
        if not ctx.mag_lezen(type):
            return None
        if (definitie := definities.get(type, id)) is not None:
            return definitie
        thuis = register if TYPES[type].binding.soort == "register" else blik
        return ctx.zichtbaar(thuis, type, id)

    def van_type(type: str) -> Iterable[Treffer]:
        return kandidaten(ctx, blik, type) if ctx.mag_lezen(type) else ()

    def op_url(canonical: str) -> Treffer | None:
        if not ctx.mag_lezen("Questionnaire"):
            return None
        if (inhoud := definities.op_url(canonical)) is not None:
            return definities.get(inhoud["resourceType"], inhoud.get("id", ""))
        url, _, versie = canonical.partition("|")
        return next(
            (
                t
                for t in kandidaten(ctx, register, "Questionnaire")
                if t.inhoud.get("url") == url and versie in ("", t.inhoud.get("version", ""))
            ),
            None,
        )

    return Omgeving(ctx.deur.basis, zoek_op, van_type, op_url)


def kandidaten(ctx: Context, blik: Blik, type: str, ids: Collection[str] | None = None) -> Iterable[Treffer]:
    """De zichtbare resources van een type, op hun vaste volgorde; bij een vragenlijst ook die van de installatie."""
    if type == "Questionnaire":
        yield from ctx.deur.definities.van_type(type)
    for versie in blik.momentopname.van_type(type):
        if (ids is None or versie.id in ids) and not _is_definitie(ctx, versie):
            t = treffer(versie, blik.zicht.toon(versie))
            if t is not None:
                yield t


def _is_definitie(ctx: Context, versie: Versie) -> bool:
    return versie.type == "Questionnaire" and ctx.deur.definities.get(versie.type, versie.id) is not None


async def verzamel(
    ctx: Context,
    doelen: Sequence[Doel],
    delen: Sequence[Deel],
    volgorde: Sequence[tuple[SearchParam, bool]] = (),
    merk: Merk | None = None,
    anker: Anker | None = None,
) -> list[Rij]:
    """De rijen van deze types in deze partities. Zonder `merk`: van nu; met: van het begin van de vraag."""
    rijen: list[Rij] = []
    for nummer, deel in enumerate(delen):
        for doel in doelen:
            rijen += _definities(ctx, doel, deel) if doel.type == "Questionnaire" else ()
            if merk is None:
                rijen += _van_nu(ctx, doel, deel, nummer)
            else:
                rijen += await _van_toen(ctx, doel, deel, nummer, merk, anker)
    if merk is not None or len(doelen) > 1:
        rijen.sort(key=lambda rij: rij.volgorde)
    if volgorde:
        omgevingen = {deel.blik.momentopname.partitie: deel.omgeving for deel in delen}
        rijen = sorteer(rijen, volgorde, lambda rij: (rij.toen, omgevingen[rij.partitie]))
    return rijen


def _definities(ctx: Context, doel: Doel, deel: Deel) -> Iterable[Rij]:
    partitie = deel.blik.momentopname.partitie
    for t in ctx.deur.definities.van_type(doel.type):
        if voldoet(t, doel.filters, deel.omgeving):
            yield Rij(t, t, (-1, "", t.id, t.type), partitie)


def _van_nu(ctx: Context, doel: Doel, deel: Deel, nummer: int) -> Iterable[Rij]:
    m, zicht = deel.blik.momentopname, deel.blik.zicht
    voorwaarden = Voorwaarden(m, doel.type, doel.filters, deel.omgeving)
    gelden, ids = voorwaarden.gelden, deel.ids
    vragenlijst = doel.type == "Questionnaire"
    for versie in m.van_type(doel.type):
        if (ids is None or versie.id in ids) and not (vragenlijst and _is_definitie(ctx, versie)):
            getoond = zicht.toon(versie)
            if getoond is not None and gelden(t := Treffer(versie.type, versie.id, getoond)):
                yield _rij(versie, t, t, nummer)


async def _van_toen(ctx: Context, doel: Doel, deel: Deel, nummer: int, merk: Merk, anker: Anker | None) -> list[Rij]:
    m, zicht = deel.blik.momentopname, deel.blik.zicht
    voorwaarden = Voorwaarden(m, doel.type, doel.filters, deel.omgeving)
    uit = []
    versies = list(m.van_type(doel.type))
    weg = m.get(*anker.plaats) if anker is not None else None
    if weg is not None and weg.verwijderd and weg.type == doel.type:
        versies.append(weg)  # waar de vorige bladzijde ophield, houdt haar plaats
    for versie in versies:
        if (deel.ids is not None and versie.id not in deel.ids) or _is_definitie(ctx, versie):
            continue
        nu = treffer(versie, zicht.toon(versie))
        if nu is not None and not voorwaarden.gelden(nu):
            nu = None
        if merk.was_er(versie):
            if nu is not None:
                uit.append(_rij(versie, nu, nu, nummer))
            continue
        oud = await versie_van_toen(ctx, versie, merk)
        toen = treffer(oud, zicht.toon(oud)) if oud is not None else None
        if oud is not None and toen is not None and voldoet(toen, doel.filters, deel.omgeving):
            uit.append(_rij(oud, toen, nu, nummer))
    return uit


def _rij(versie: Versie, toen: Treffer, nu: Treffer | None, nummer: int) -> Rij:
    return Rij(toen, nu, (nummer, versie.moment, versie.id, versie.type), versie.partitie)


async def versie_van_toen(ctx: Context, versie: Versie, merk: Merk) -> Versie | None:
    """De versie die er bij het begin stond, of None als de resource er toen niet was of weg was."""
    alle = await ctx.opslag.versies(versie.partitie, versie.type, versie.id)
    oud = next((v for v in alle if v.partitie == versie.partitie and merk.was_er(v)), None)
    return None if oud is None or oud.verwijderd else oud
