"""Zoeken over paspoorten heen tegen vaste kosten: de werkvoorraad, en wat een organisatie ziet, paspoort na paspoort.

Elke bladzijde bekijkt een begrensd aantal regels van een index en opent hoogstens zoveel paspoorten; is dat op voordat
de bladzijde vol is, dan is zij korter en gaat `next` verder. Wat er te zien is, beslist per paspoort het zicht. Al het
andere is `te-kostbaar` (ontwerp deel 2, *What must be found across passports*).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Blik, Context, treffer
from server.fhir.search.bladzijden import Rij
from server.fhir.search.grammatica import Zoekvraag
from server.fhir.search.treffer import Omgeving
from server.fhir.search.vergelijken import eigen_verwijzing
from server.fhir.search.verzamelen import maak_omgeving
from server.fhir.search.zoeken import voldoet
from server.store.bladeren import Sleutel, blader_partities, blader_taken
from server.store.versions import Versie

# Waarop een werkvoorraad te zoeken is: eigenaar, stand en datums; en wat wij er zelf bij filteren.
TAAK_MAG: Final = frozenset(
    {"owner", "status", "code", "business-status", "_lastUpdated", "modified", "authored-on", "period", "due"}
)
# Wat zonder `patient=` op elk ander type kan.
STROOM_MAG: Final = frozenset({"_id", "_lastUpdated"})
# Zoveel regels van de index bekijkt één bladzijde hoogstens, boven op wat zij geeft.
BEKIJK_HOOGSTENS: Final = 200
PASPOORTEN_HOOGSTENS: Final = 50
TAKKEN_HOOGSTENS: Final = 24
TEL_HOOGSTENS: Final = 2000
# Wat zo kort voor het begin geschreven is, staat misschien nog niet vast; zijn plaats volgt dan uit de vorige versie.
MARGE: Final = timedelta(seconds=10)
EINDE: Final = "\U0010ffff"  # na elk id
EIGENAARS: Final = ("Organization", "PractitionerRole", "Practitioner")


@dataclass(slots=True)
class Pagina:
    """Eén bladzijde: de rijen, en de plek (JSON) van de vorige en volgende als die er is."""

    rijen: list[Rij] = field(default_factory=list)
    omgevingen: dict[str, tuple[Blik, Omgeving]] = field(default_factory=dict)
    vorige: dict[str, Any] | None = None
    volgende: dict[str, Any] | None = None
    totaal: int | None = None


@dataclass(frozen=True, slots=True)
class Plek:
    """Waar een bladzijde begint. `begin`: het moment waarop het bladeren begon."""

    begin: str
    sleutel: Sleutel | None = None
    terug: bool = False

    def als_json(self, sleutel: Sleutel, terug: bool) -> dict[str, Any]:
        """De plek na (of vóór) deze sleutel, voor in het teken."""
        return {"b": self.begin, "k": list(sleutel), "t": int(terug)}


def lees_plek(ctx: Context, inhoud: dict[str, Any] | None) -> Plek:
    """De plek uit een geopend teken; zonder teken het begin. PaspoortFout `zoek-waarde` bij een ander soort teken."""
    if inhoud is None or ("a" not in inhoud and "k" not in inhoud):
        return Plek((ctx.nu - MARGE).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    try:
        eerste, tweede = inhoud["k"]
        return Plek(str(inhoud["b"]), (str(eerste), str(tweede)), bool(inhoud["t"]))
    except (KeyError, TypeError, ValueError):
        raise PaspoortFout(Melding("zoek-waarde", "_bladzijde", {"naam": "_bladzijde"})) from None


Haal = Callable[[Sleutel | None, bool, int], Awaitable[Sequence[tuple[Sleutel, str]]]]  # na, terug, aantal
Bekijk = Callable[[Pagina, Sleutel, str], Awaitable[Rij | None]]


async def _blader(plek: Plek, aantal: int, extra: int, haal: Haal, bekijk: Bekijk) -> Pagina:
    """Vul een bladzijde met wat te zien is, en bekijk daarvoor hoogstens `aantal + extra` regels van de index."""
    pagina = Pagina()
    keus: list[tuple[Sleutel, Rij]] = []
    na, bekeken, meer = plek.sleutel, 0, False
    while not meer and (regels := await haal(na, plek.terug, aantal + 1)):
        for sleutel, partitie in regels:
            meer = len(keus) == aantal or bekeken == aantal + extra
            if meer:
                break
            na, bekeken = sleutel, bekeken + 1
            rij = await bekijk(pagina, sleutel, partitie)
            if rij is not None:
                keus.append((sleutel, rij))
    verder = plek.als_json(na, plek.terug) if meer and na is not None else None
    if plek.terug:
        keus.reverse()
        pagina.vorige = verder
        pagina.volgende = plek.als_json(keus[-1][0], False) if keus else {}
    else:
        pagina.volgende = verder
        pagina.vorige = plek.als_json(keus[0][0], True) if keus and plek.sleutel is not None else None
    pagina.rijen = [rij for _, rij in keus]
    if plek.sleutel is None and not meer:
        pagina.totaal = len(keus)  # alles is gezien: het aantal kost niets meer
    return pagina


async def _open(ctx: Context, pagina: Pagina, partitie: str) -> tuple[Blik, Omgeving] | None:
    if partitie not in pagina.omgevingen:
        blik = await ctx.blik(partitie)
        if blik is None:
            return None
        pagina.omgevingen[partitie] = (blik, maak_omgeving(ctx, blik))
    return pagina.omgevingen[partitie]


def _rij(versie: Versie | None, blik: Blik, omgeving: Omgeving, vraag: Zoekvraag) -> Rij | None:
    if versie is None or versie.verwijderd:
        return None
    t = treffer(versie, blik.zicht.toon(versie))
    if t is None or not voldoet(t, vraag.filters, omgeving):
        return None
    return Rij(t, t, (0, versie.moment, versie.id, versie.type), versie.partitie)


def _eis(vraag: Zoekvraag, mag: frozenset[str]) -> None:
    for f in vraag.filters:
        if f.parameter.name not in mag or f.verder:
            raise _te_kostbaar(f.parameter.name)


def _te_kostbaar(naam: str) -> PaspoortFout:
    return PaspoortFout(Melding("te-kostbaar", naam))


# --- de werkvoorraad


async def werkvoorraad(ctx: Context, vraag: Zoekvraag, organisatie: str, plek: Plek) -> Pagina:
    """De taken van de eigen organisatie, oudste wijziging eerst of (`_sort=-_lastUpdated`) nieuwste eerst."""
    _eis(vraag, TAAK_MAG)
    if [p.name for p, _ in vraag.sorteer] not in ([], ["_lastUpdated"]):
        raise _te_kostbaar("_sort")
    aflopend = bool(vraag.sorteer) and vraag.sorteer[0][1]
    eigenaars = [e for w in _waarden(vraag, "owner") for e in _eigenaars(ctx, w)]
    statussen = [w.rpartition("|")[2].casefold() for w in _waarden(vraag, "status")]
    if max(1, len(eigenaars)) * max(1, len(statussen)) > TAKKEN_HOOGSTENS:
        raise _te_kostbaar("owner")

    async def haal(na: Sleutel | None, terug: bool, aantal: int) -> Sequence[tuple[Sleutel, str]]:
        taken = await blader_taken(
            ctx.opslag,
            organisatie,
            begin=plek.begin,
            eigenaars=eigenaars,
            statussen=statussen,
            na=na,
            aflopend=aflopend is not terug,
            aantal=aantal,
        )
        if taken is None:
            raise _te_kostbaar("_bladzijde")
        return [(t.sleutel, t.partitie) for t in taken]

    async def bekijk(pagina: Pagina, sleutel: Sleutel, partitie: str) -> Rij | None:
        deel = await _open(ctx, pagina, partitie)
        return _rij(deel[0].momentopname.get("Task", sleutel[1]), *deel, vraag) if deel else None

    totaal = None
    if vraag.alleen_tellen or vraag.totaal in ("accurate", "estimate"):
        alles = await _blader(Plek(plek.begin), TEL_HOOGSTENS, 0, haal, bekijk)
        if alles.volgende is not None:
            raise _te_kostbaar("_total")
        totaal = len(alles.rijen)
    pagina = Pagina() if vraag.alleen_tellen else await _blader(plek, vraag.aantal, BEKIJK_HOOGSTENS, haal, bekijk)
    pagina.totaal = pagina.totaal if totaal is None else totaal
    return pagina


def _waarden(vraag: Zoekvraag, naam: str) -> tuple[str, ...]:
    """De waarden van een voorwaarde waar de index al op kan kiezen; de rest weegt de voorwaarde zelf."""
    return next((f.waarden for f in vraag.filters if f.parameter.name == naam and f.gewoon), ())


def _eigenaars(ctx: Context, waarde: str) -> list[str]:
    """De eigenaars die een zoekwaarde aanwijst, zoals zij in de index staan."""
    eigen = eigen_verwijzing(waarde, ctx.deur.basis)
    return [eigen] if "/" in eigen else [f"{type_}/{eigen}" for type_ in EIGENAARS]


# --- al het andere, paspoort na paspoort


async def stroom(ctx: Context, vraag: Zoekvraag, organisatie: str, plek: Plek) -> Pagina:
    """De resources van een type in de paspoorten die de organisatie mag zien, en in haar eigen partitie.

    Op (partitie, id): die veranderen niet, dus ook de volgorde niet.
    """
    _eis(vraag, STROOM_MAG)
    if vraag.sorteer or vraag.revincludes:
        raise _te_kostbaar("_sort" if vraag.sorteer else "_revinclude")
    if vraag.alleen_tellen or vraag.totaal in ("accurate", "estimate"):
        raise _te_kostbaar("_total")
    geopend = Pagina()

    async def haal(na: Sleutel | None, terug: bool, aantal: int) -> Sequence[tuple[Sleutel, str]]:
        partitie, id_ = na or ("", "")
        namen = [partitie] if na is not None else []
        namen += await _partities(ctx, organisatie, partitie, terug, min(aantal, PASPOORTEN_HOOGSTENS))
        uit: list[tuple[Sleutel, str]] = []
        for naam in namen:
            deel = await _open(ctx, geopend, naam)
            ids = sorted((v.id for v in deel[0].momentopname.van_type(vraag.type)), reverse=terug) if deel else []
            if naam == partitie:
                ids = [i for i in ids if (i < id_ if terug else i > id_)]
            uit += [((naam, i), naam) for i in ids]
            # Ook een paspoort waar niets in zit, is een bekeken regel; hierna gaat het verder met het volgende.
            uit += [((naam, "" if terug else EINDE), naam)] if naam != partitie or ids else []
            if len(uit) >= aantal:
                break
        return uit

    async def bekijk(pagina: Pagina, sleutel: Sleutel, partitie: str) -> Rij | None:
        deel = await _open(ctx, pagina, partitie)
        return _rij(deel[0].momentopname.get(vraag.type, sleutel[1]), *deel, vraag) if deel else None

    return await _blader(plek, vraag.aantal, PASPOORTEN_HOOGSTENS, haal, bekijk)


async def _partities(ctx: Context, organisatie: str, na: str, terug: bool, aantal: int) -> list[str]:
    """De paspoorten na `na`, met de partitie van de organisatie zelf op haar plaats ertussen."""
    dag = ctx.nu.date().isoformat()
    uit = await blader_partities(ctx.opslag, organisatie, ctx.actor.functie, dag, na=na, aflopend=terug, aantal=aantal)
    eigen = f"org-{organisatie}"
    if eigen not in uit and (not na or (eigen < na if terug else eigen > na)):
        uit.append(eigen)
    return sorted(uit, reverse=terug)[:aantal]
