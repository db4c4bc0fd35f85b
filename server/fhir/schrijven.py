"""De schrijfweg: wat create, update, delete en transaction delen, voor één of meer opdrachten tegelijk.

Volgorde: bestaat het en mag het (toegang.md §6) → vorm en profiel → verwijzingen → koppeling → rol → bedrijfsregels.
Legt zelf niets vast; geeft wat vast te leggen is. Alle fouten van één stap komen samen, elk bij haar element.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from uuid import uuid4

from paspoort.fhir.referenties import vervang
from paspoort.fhir.stelsels import HTEST
from paspoort.fhir.vragenlijst import met_versie
from paspoort.fouten import Melding, PaspoortFout
from server.fhir import jsonpatch
from server.fhir.antwoorden import niet_gevonden, versienummers
from server.fhir.context import Blik, Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.interactions.read import was_zichtbaar
from server.fhir.koppeling import bind_hulpmiddelen, blijft_gekoppeld, met_patient
from server.fhir.proeftuin import als_test, losse_hulpmiddelen, nieuw_paspoort
from server.fhir.regels import RegelContext, pas_toe
from server.fhir.request import Json
from server.fhir.search.zoeken import lokaal
from server.fhir.verwijzingen import controleer_verwijzingen, wordt_nog_gebruikt
from server.registry import TYPES
from server.store.register import REGISTER
from server.store.versions import Momentopname, Versie, Wijziging

Handeling = Literal["create", "update", "delete"]
MERKEN: Final = frozenset({HTEST, "SUBSETTED"})
LOS: Final = frozenset({"Device", "Subscription"})  # kan bij een organisatie horen in plaats van bij een paspoort
LETTER: Final = {"create": "S", "update": "W", "delete": "D"}


@dataclass(slots=True)
class Opdracht:
    """Eén te schrijven resource. `plek` is het begin van elke expression in een fout."""

    handeling: Handeling
    type: str
    id: str
    inhoud: Json | None
    plek: str
    if_match: str | None = None
    patch: list[Any] | None = None  # in plaats van inhoud: bewerkingen op de huidige versie
    oud: Versie | None = None
    vrij: bool = False  # gevonden met een zoekvraag in dezelfde momentopname: een versie noemen hoeft dan niet


async def bereid_voor(ctx: Context, opdrachten: Sequence[Opdracht]) -> tuple[Blik, list[Wijziging]]:
    """Kijk alle opdrachten na; geeft de blik op hun ene paspoort en wat daarin vast te leggen is.

    PaspoortFout met de codes van toegang.md §6 en van elke controle.
    """
    fouten: list[Melding] = []
    blikken = []
    for o in opdrachten:
        try:
            blikken += [await _bestaand(ctx, o)] if o.handeling != "create" else []
        except PaspoortFout as fout:
            fouten += [replace(m, plek=_in_bundel(o, m.plek)) for m in fout.meldingen]
    _werp(ctx, fouten)
    eigen = f"{ctx.deur.basis}/"
    for o in opdrachten:
        if o.inhoud is not None:
            # Een volledig adres van deze server wordt een kort adres: zo is er één schrijfwijze om op te zoeken.
            o.inhoud = vervang(o.inhoud, lambda r: r.removeprefix(eigen))
            if o.type == "QuestionnaireResponse":
                o.inhoud = met_versie(o.inhoud, o.oud.inhoud if o.oud else None)
            fouten += controleer_inhoud(ctx.deur.validator, o.type, o.inhoud, o.plek)
    _werp(ctx, fouten)
    for o in opdrachten:
        if o.handeling == "update" and o.inhoud is not None and _is_deel(o.inhoud):
            # Wie een gesnoeide resource terugstuurt, zou wissen wat hij niet meekreeg (search.html#elements).
            fouten.append(Melding("gedeeltelijk-terug", f"{o.plek}.meta.tag"))
    _werp(ctx, fouten)
    for o in opdrachten:
        if o.inhoud is not None and ctx.actor.soort != "dienst":
            o.inhoud = _eigen_merken(o.inhoud, o.oud.inhoud if o.oud else None)
            ctx.eis_past(o.type, o.handeling, o.id, o.inhoud)
    blik = await _ene_blik(ctx, opdrachten, blikken)
    for o in opdrachten:
        if o.type == "Patient" and o.inhoud is not None and blik.momentopname.testdata_van is not None:
            o.inhoud = als_test(o.inhoud)
        if o.handeling == "create" and o.inhoud is not None:
            o.inhoud = met_patient(o.inhoud, blik.momentopname)
    werk = {(o.type, o.id): o.inhoud for o in opdrachten}
    gebruiken = [(o.plek, o.inhoud) for o in opdrachten if o.type == "DeviceUseStatement" and o.inhoud is not None]
    gebonden, fouten = await bind_hulpmiddelen(ctx, blik, gebruiken, werk)
    _werp(ctx, fouten)
    for o in opdrachten:
        fouten += controleer_verwijzingen(ctx, blik, o.inhoud, o.oud.inhoud if o.oud else None, o.plek, werk)
        if o.handeling == "update":
            element = TYPES[o.type].binding.element
            fouten += blijft_gekoppeld(o.plek, element, o.inhoud, blik.momentopname)
        if o.handeling == "delete" and wordt_nog_gebruikt(blik.momentopname, o.type, o.id, werk):
            fouten.append(Melding("nog-gebruikt", o.plek))
    _werp(ctx, fouten)
    for o in opdrachten:
        _eis_rol(blik, o)
    geregeld = _met_regels(ctx, blik, opdrachten, werk)
    bekend = {(w.type, w.id) for w in geregeld}
    return blik, [*(w for w in gebonden if (w.type, w.id) not in bekend), *geregeld]


def nieuw_id() -> str:
    """Een id dat niets zegt."""
    return str(uuid4())


def _in_bundel(o: Opdracht, plek: str | None) -> str | None:
    """Een regel van een Bundle noemt altijd zichzelf; een losse vraag zegt alleen wat toegang.md §6 zegt."""
    regel, _, rest = o.plek.partition(".resource")
    if regel == o.plek or rest:
        return plek
    return f"{regel}.request.ifMatch" if plek == "If-Match" else plek or o.plek


def _werp(ctx: Context, meldingen: list[Melding]) -> None:
    """Bij een fout: alles samen werpen. Anders de waarschuwingen bewaren voor het antwoord."""
    if any(m.ernst == "error" for m in meldingen):
        raise PaspoortFout(*meldingen)
    ctx.waarschuwingen += meldingen
    meldingen.clear()


async def _bestaand(ctx: Context, o: Opdracht) -> Blik:
    """De huidige versie bij een PUT of DELETE: zichtbaar, van u, en niet ondertussen veranderd."""
    blik = await ctx.plaats(o.type, o.id)
    versie = blik.momentopname.get(o.type, o.id) if blik else None
    onbekend = PaspoortFout(Melding("id-onbekend")) if o.handeling == "update" and o.patch is None else niet_gevonden()
    if blik is None or versie is None:
        raise onbekend
    if versie.verwijderd:
        raise PaspoortFout(Melding("verwijderd")) if await was_zichtbaar(ctx, blik, versie) else onbekend
    getoond = ctx.toon(blik, versie)
    if getoond is None:
        raise onbekend
    o.oud = versie
    ctx.eis_past(o.type, o.handeling, o.id, getoond)
    if not getoond.volledig:
        raise PaspoortFout(Melding("niet-van-u"))
    _eis_rol(blik, o, versie.inhoud)
    _eis_versie(o, versie)
    if o.patch is not None:
        o.inhoud = jsonpatch.pas_toe(versie.inhoud, o.patch, o.plek)
        for element, was in (("resourceType", o.type), ("id", o.id)):
            if o.inhoud.get(element) != was:
                code = "id-anders" if element == "id" else "type-anders"
                raise PaspoortFout(Melding(code, f"{o.plek}.{element}", {"type": o.type}))
    return blik


def _eis_versie(o: Opdracht, versie: Versie) -> None:
    """If-Match, of meta.versionId in de inhoud, of bij een patch een `test` daarop; bij DELETE alleen als hij er is."""
    if o.if_match is not None:
        gevraagd = versienummers(o.if_match, "If-Match")
        if gevraagd is not None and versie.versie not in gevraagd:
            raise PaspoortFout(Melding("versie-verouderd"))
        return
    if o.patch is not None:
        tekst: object = jsonpatch.gevraagde_versie(o.patch)
    else:
        meta = (o.inhoud or {}).get("meta")
        tekst = meta.get("versionId") if isinstance(meta, dict) else None
    if isinstance(tekst, str) and tekst.isascii() and tekst.isdigit() and len(tekst) < 10:
        if int(tekst) != versie.versie:
            raise PaspoortFout(Melding("versie-verouderd"))
    elif o.handeling == "update" and not o.vrij:
        raise PaspoortFout(Melding("versie-nodig"))


async def _ene_blik(ctx: Context, opdrachten: Sequence[Opdracht], blikken: Iterable[Blik]) -> Blik:
    """Het ene paspoort (of de ene organisatie) waar alle opdrachten bij horen."""
    gevonden = {b.momentopname.partitie: b for b in blikken}
    nieuw = [o for o in opdrachten if o.type == "Patient" and o.handeling == "create"]
    if len(nieuw) > 1:
        raise PaspoortFout(Melding("een-paspoort", nieuw[1].plek.partition(".entry")[0]))
    if nieuw:
        blik = await nieuw_paspoort(ctx, nieuw[0].id)
        gevonden[blik.momentopname.partitie] = blik
    los: list[Opdracht] = []
    for o in opdrachten:
        if o.handeling != "create" or o.type == "Patient":
            continue
        partitie = _partitie(o)
        if partitie is None:
            los.append(o)
            continue
        blik_ = gevonden.get(partitie) or await _zichtbaar_paspoort(ctx, partitie)
        if blik_ is None:
            element = TYPES[o.type].binding.element
            raise PaspoortFout(Melding("referentie-onbekend", f"{o.plek}.{element}" if element else o.plek))
        gevonden[partitie] = blik_
    if los and not gevonden:
        gevonden.update(await _zonder_paspoort(ctx, los))
    if len(gevonden) != 1:
        raise PaspoortFout(Melding("een-paspoort", opdrachten[0].plek.partition(".entry")[0]))
    return next(iter(gevonden.values()))


def _is_deel(inhoud: Json) -> bool:
    return any(t.get("code") == "SUBSETTED" for t in (inhoud.get("meta") or {}).get("tag", ()))


def _eigen_merken(inhoud: Json, oud: Json | None) -> Json:
    """Wat de server zelf merkt (test, gedeeltelijk), komt uit de vorige versie en nooit van de inzender."""
    meta = inhoud.get("meta") or {}
    was = [s for s in ((oud or {}).get("meta") or {}).get("security", ()) if s.get("code") in MERKEN]
    uit: Json = {k: w for k, w in meta.items() if k not in ("security", "tag")}
    for naam, eigen in (("security", was), ("tag", [])):
        labels = [*(s for s in meta.get(naam, ()) if s.get("code") not in MERKEN), *eigen]
        uit |= {naam: labels} if labels else {}
    kaal = {k: w for k, w in inhoud.items() if k != "meta"}
    return {**inhoud, "meta": uit} if uit else kaal


def _partitie(o: Opdracht) -> str | None:
    """Het paspoort dat de inhoud noemt, of None."""
    binding = TYPES[o.type].binding
    inhoud = o.inhoud or {}
    element = inhoud.get("securityContext" if binding.soort == "document" else binding.element or "")
    verwijzing = element.get("reference") if isinstance(element, dict) else None
    plaats = lokaal(verwijzing) if isinstance(verwijzing, str) else None
    if plaats is not None and plaats[0] == "Patient":
        return plaats[1]
    if (verwijzing is None and not binding.verplicht) or binding.soort == "document":
        return None
    if verwijzing is None:
        raise PaspoortFout(Melding("paspoort-ontbreekt", f"{o.plek}.{binding.element}"))
    raise PaspoortFout(Melding("referentie-onbekend", f"{o.plek}.{binding.element}"))


async def _zichtbaar_paspoort(ctx: Context, partitie: str) -> Blik | None:
    """De blik op een paspoort, als de vrager daar iets te zoeken heeft. Verborgen en onbekend zijn hetzelfde."""
    if ctx.actor.patient is not None and partitie != ctx.actor.patient:
        return None
    blik = await ctx.blik(partitie)
    return blik if blik is not None and blik.momentopname.soort == "paspoort" and blik.zicht.gronden else None


async def _zonder_paspoort(ctx: Context, los: Sequence[Opdracht]) -> dict[str, Blik]:
    """Waar iets zonder Patient heen gaat: bij een houder zijn paspoort, anders (`LOS`) bij de organisatie."""
    if ctx.actor.patient is not None:
        blik = await ctx.blik(ctx.actor.patient)
        return {ctx.actor.patient: blik} if blik else {}
    if ctx.actor.organisatie is not None and all(o.type in LOS for o in los):
        partitie = f"org-{ctx.actor.organisatie}"
        blik = await ctx.blik(partitie) or ctx.kijk(Momentopname(partitie, 0, soort="organisatie"), nieuw=True)
        return {partitie: blik}
    if all(o.type in LOS for o in los) and (proef := await losse_hulpmiddelen(ctx)) is not None:
        return dict([proef])
    o = los[0]
    raise PaspoortFout(
        Melding("paspoort-ontbreekt", f"{o.plek}.{'securityContext' if o.type == 'Binary' else 'patient'}")
    )


def _eis_rol(blik: Blik, o: Opdracht, inhoud: Json | None = None) -> None:
    if blik.momentopname.partitie == REGISTER:
        raise PaspoortFout(Melding("niet-van-u", _in_bundel(o, None)))
    oordeel = inhoud or o.inhoud or (o.oud.inhoud if o.oud else {})
    if not blik.zicht.mag(LETTER[o.handeling], oordeel, o.oud).ja:  # type: ignore[arg-type]
        raise PaspoortFout(Melding("niet-van-u", _in_bundel(o, None)))


def _met_regels(
    ctx: Context, blik: Blik, opdrachten: Sequence[Opdracht], werk: dict[tuple[str, str], Json | None]
) -> list[Wijziging]:
    """De wijzigingen met wat de bedrijfsregels eraan toevoegen; de laatste wijziging van een resource wint."""

    def zoek(type: str, id: str) -> Json | None:
        if (type, id) in werk:
            return werk[type, id]
        versie = blik.momentopname.get(type, id)
        return None if versie is None or versie.verwijderd else versie.inhoud

    uit = {(o.type, o.id): Wijziging(o.type, o.id, o.inhoud) for o in opdrachten}
    meldingen: list[Melding] = []
    for o in opdrachten:
        context = RegelContext(o.handeling, o.id, o.plek, ctx.nu, zoek, werk, ctx.opslag.settings.demo)
        oud = o.oud.inhoud if o.oud else None
        uitkomst = pas_toe(o.type, ctx.actor, blik.momentopname, ctx.register, oud, o.inhoud, context)
        meldingen += uitkomst.meldingen
        uit.update({(w.type, w.id): w for w in uitkomst.wijzigingen})
        ctx.afschriften += uitkomst.afschriften
    _werp(ctx, meldingen)
    return list(uit.values())
