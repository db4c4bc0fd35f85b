"""De geschiedenis van één resource of van alle resources van een type, door het zicht van nu, in bladzijden.

Wie een resource gedeeltelijk ziet, krijgt alleen haar huidige versie (toegang.md §2). Een bladzijde wijst de laatste
versie aan die gegeven is: wat er ondertussen bij komt, verschuift niets. Bron: FHIR R4 http.html#history.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from paspoort.fouten import Melding, PaspoortFout
from server.access.zicht import Getoond
from server.fhir.antwoorden import SNOEIEN, eis_parameters, gesnoeid, niet_gevonden, snoeiwens
from server.fhir.bundle import Regel, regels
from server.fhir.context import Blik, Context
from server.fhir.interactions.read import huidige
from server.fhir.kring import kring
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.cursor import ontzegel, verzegel
from server.fhir.search.grammatica import AANTAL, AANTAL_HOOGSTENS
from server.fhir.search.vergelijken import Bereik, bereik
from server.store.history import versies_van_type
from server.store.versions import Versie

STATUS: Final = {"DELETE": "204", "POST": "201", "PUT": "200"}
_VERWIJDERD: Final = Getoond({}, b"", True, ())
_Plaats = tuple[str, str, int]  # moment, id, versie: de volgorde van de geschiedenis


@dataclass(frozen=True, slots=True)
class Moment:
    """Eén versie die te zien is, met wanneer zij door een volgende vervangen werd."""

    blik: Blik
    versie: Versie
    getoond: Getoond
    tot: str | None

    @property
    def plaats(self) -> _Plaats:
        """Waar zij in de geschiedenis staat; geen twee versies delen een plaats."""
        return (self.versie.moment, self.versie.id, self.versie.versie)


@dataclass(slots=True)
class Vraag:
    """De parameters van een geschiedenis."""

    aantal: int = AANTAL
    sinds: datetime | None = None
    rond: Bereik | None = None  # `_at`: wat ergens in deze tijd gold
    na: _Plaats | None = None
    herhaal: tuple[tuple[str, str], ...] = ()

    def past(self, moment: Moment) -> bool:
        """Of deze versie gevraagd is."""
        begin = datetime.fromisoformat(moment.versie.moment)
        if self.sinds is not None and begin < self.sinds:
            return False
        if self.rond is None:
            return True
        return begin < self.rond[1] and (moment.tot is None or datetime.fromisoformat(moment.tot) > self.rond[0])


async def instance(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]/_history`, nieuwste eerst. 404 buiten zicht; ook na verwijderen voor wie het zag."""
    adres = f"{ctx.vraag.type}/{ctx.vraag.id}/_history"
    vraag = _ontleed(ctx, adres)
    blik, versie = await huidige(ctx, ook_verwijderd=True)
    if not versie.verwijderd and blik.zicht.toon(versie) is None:
        raise niet_gevonden()  # vóór de database: anders verraadt de tijd dat zij er is (toegang.md §6)
    alle = await ctx.opslag.versies(versie.partitie, versie.type, versie.id)
    momenten = _zichtbaar(blik, versie, alle)
    if not momenten:
        raise niet_gevonden()
    return _antwoord(ctx, vraag, momenten, adres)


async def type_(ctx: Context) -> FhirResponse:
    """`GET [type]/_history` over wat de vrager ziet. 400 `te-ruim` als dat over te veel paspoorten gaat."""
    soort = ctx.vraag.type or ""
    vraag = _ontleed(ctx, f"{soort}/_history")
    momenten: list[Moment] = []
    for partitie in await kring(ctx):
        blik = await ctx.blik(partitie)
        if blik is None or not blik.zicht.gronden:
            continue
        for alle in await versies_van_type(ctx.opslag, blik.momentopname, soort):
            versie = blik.momentopname.get(soort, alle[0].id)
            if versie is not None:
                momenten += _zichtbaar(blik, versie, alle)
    momenten.sort(key=lambda m: m.plaats, reverse=True)
    return _antwoord(ctx, vraag, momenten, f"{soort}/_history")


def _zichtbaar(blik: Blik, huidig: Versie, alle: Iterable[Versie]) -> list[Moment]:
    """Wat van één resource te zien is, nieuwste eerst. Van een verwijderde: alleen voor wie de laatste levende zag."""
    versies = [v for v in alle if v.versie <= huidig.versie]
    levend = next((v for v in versies if not v.verwijderd), None)
    nu = blik.zicht.toon(levend) if levend is not None else None
    if nu is None or levend is None:
        return []
    if not huidig.verwijderd and not nu.volledig:
        return [Moment(blik, huidig, nu, None)]
    if huidig.verwijderd and not blik.zicht.geheel:
        # Dat het weg is, en niet meer wat er stond: dat is alleen nog van de houder (§3).
        return [Moment(blik, huidig, _VERWIJDERD, None)]
    uit: list[Moment] = []
    tot: str | None = None
    for v in versies:
        getoond = _VERWIJDERD if v.verwijderd else blik.zicht.toon(v)
        if getoond is not None and getoond.volledig:
            uit.append(Moment(blik, v, getoond, tot))
        tot = v.moment
    return uit


def _antwoord(ctx: Context, vraag: Vraag, alle: list[Moment], adres: str) -> FhirResponse:
    """De gevraagde bladzijde; alleen wat daarop staat komt in het log."""
    gevraagd = [m for m in alle if vraag.past(m)]
    rest = gevraagd if vraag.na is None else [m for m in gevraagd if m.plaats < vraag.na]
    bladzijde = rest[: vraag.aantal]
    for m in bladzijde:
        ctx.toon(m.blik, m.versie)
    url = f"{ctx.deur.basis}/{adres}"
    links = [("self", _met(url, vraag.herhaal))]
    if bladzijde and len(rest) > len(bladzijde):
        teken = verzegel(ctx, adres, {"na": bladzijde[-1].plaats})
        links.append(("next", _met(url, [*vraag.herhaal, ("_bladzijde", teken)])))
    wens = snoeiwens(ctx)
    inhoud = regels("history", [_regel(ctx, m, wens) for m in bladzijde], len(gevraagd), links)
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def _met(url: str, paren: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(paren))
    return f"{url}?{query}" if query else url


def _regel(ctx: Context, m: Moment, wens: tuple[tuple[str, ...] | None, str] | None) -> Regel:
    v = m.versie
    methode = "DELETE" if v.verwijderd else "POST" if v.versie == 1 else "PUT"
    adres = f"{v.type}/{v.id}"
    return Regel(
        f"{ctx.deur.basis}/{adres}",
        None if v.verwijderd else gesnoeid(m.getoond, wens),
        {"method": methode, "url": v.type if methode == "POST" else adres},
        {"status": STATUS[methode], "etag": f'W/"{v.versie}"', "lastModified": v.moment},
    )


def _ontleed(ctx: Context, adres: str) -> Vraag:
    """`_since`, `_at`, `_count` en `_bladzijde`; alle fouten samen."""
    eis_parameters(ctx, "_count", "_since", "_at", "_bladzijde", *SNOEIEN)
    vraag, fouten = Vraag(), list[Melding]()
    for naam, waarde in ctx.vraag.query:
        goed = True
        if naam == "_count":
            goed = waarde.isascii() and waarde.isdigit() and len(waarde) < 7
            vraag.aantal = min(int(waarde), AANTAL_HOOGSTENS) if goed else AANTAL
        elif naam == "_since":
            gevonden = bereik(waarde.replace(" ", "+"))  # een kale + in een adres is een spatie geworden
            vraag.sinds, goed = (gevonden[0], True) if gevonden else (None, False)
        elif naam == "_at":
            vraag.rond = bereik(waarde.replace(" ", "+"))
            goed = vraag.rond is not None
        elif naam == "_bladzijde":
            vraag.na = _na(ontzegel(ctx, adres, waarde).get("na"))
            goed = vraag.na is not None
        if not goed:
            fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))
    if fouten:
        raise PaspoortFout(*fouten)
    vraag.herhaal = tuple((n, w) for n, w in ctx.vraag.query if n != "_bladzijde")
    return vraag


def _na(plaats: Any) -> _Plaats | None:
    match plaats:
        case [str(moment), str(id_), int(versie)]:
            return (moment, id_, versie)
    return None
