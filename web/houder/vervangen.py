"""Een hulpmiddel vervangen in drie stappen: is er iets veranderd, wie leest wat, controleer en verstuur.

Wie *er is niets veranderd* zegt, krijgt geen vraag over gezondheid of functioneren. Tussen de stappen blijft alles
bewaard in de sessie; er is pas iets verstuurd na stap 3. Bron: beeld `04-vervangen`, herhaaltoets.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Wijziging
from paspoort.fhir.vragenlijst import eigen
from paspoort.hulpmiddel import Gebruik
from paspoort.toegang import DOELEN, GROEPEN
from paspoort.toestemming import Toestemming, leest, leest_niet
from web.bezoek import Bezoek, Huis
from web.bladzijde import dag
from web.boek import Boek, mensen
from web.deur import DeurFout
from web.houder.hulpmiddelen import lopende_vraag
from web.houder.kader import Fout, hang, id_van, kop, open_boek, toon
from web.houder.vervangen_stappen import (
    Kies,
    Partij,
    Partijvinkjes,
    Stap1,
    Stap1Wat,
    Stap2,
    Stap2Anders,
    Stap3,
    Vinkje,
    Wat,
)
from web.houder.verwachting import verwachting
from web.houder.verzoek import Antwoorden, antwoorden_uit, transactie, verzoek, voor_leverancier, voor_verstrekker
from web.woorden import met_kleine_letter, naam_van

SOORTEN: Final = ("ongewijzigd", "veranderd", "weet-niet")
VERANDERINGEN: Final = {
    "maat": "Het past niet meer",
    "gezondheid": "Mijn gezondheid, of wat ik kan",
    "woning": "Mijn huis, of waar ik het gebruik",
    "gebruik": "Ik gebruik het anders of vaker",
    "hulp": "De hulp die ik krijg",
}
EINDE: Final = {"besluit": "Tot 6 weken na het antwoord", "levering": "Tot 3 maanden na de levering"}
VERSTREKKERS: Final = "gemeente,gr,zorgkantoor,zorgverzekeraar,uwv"


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/vervangen/{id}` en de stappen erna."""
    for pad, lezen, schrijven in (
        ("", stap1, antwoord1),
        ("/wat", stap1_wat, antwoord1_wat),
        ("/delen", stap2, antwoord2),
        ("/anders", stap2_anders, antwoord2_anders),
        ("/controle", stap3, verstuur),
    ):
        hang(router, huis, f"/vervangen/{{id}}{pad}", lezen)
        hang(router, huis, f"/vervangen/{{id}}{pad}", schrijven, "POST")


# --- stap 1


async def stap1(bezoek: Bezoek) -> Response:
    """De vraag of er iets veranderd is."""
    boek, gebruik, a = await _begin(bezoek)
    loopt = lopende_vraag(boek, gebruik)
    return bezoek.naar(loopt) if loopt else _stap1(bezoek, boek, gebruik, a, ())


async def antwoord1(bezoek: Bezoek) -> Response:
    """Onthoud het antwoord; alleen wie ja zegt, krijgt de vraag wat."""
    boek, gebruik, a = await _begin(bezoek)
    soort = bezoek.veld("soort")
    if soort not in SOORTEN:
        return _stap1(bezoek, boek, gebruik, a, (Fout("soort", "Kies één antwoord. Weet u het niet? Kies dat dan."),))
    if soort == "veranderd":
        await _bewaar(bezoek, replace(a, soort=soort, mogen_lezen=False))
        return bezoek.naar(f"/vervangen/{gebruik.id}/wat")
    reden = "Ik weet niet of er iets veranderd is." if soort == "weet-niet" else ""
    await _bewaar(bezoek, replace(a, soort=soort, verandering=(), reden=reden, aanpassing=False, mogen_lezen=False))
    return bezoek.naar(f"/vervangen/{gebruik.id}/delen")


async def stap1_wat(bezoek: Bezoek) -> Response:
    """Wat er veranderd is."""
    boek, gebruik, a = await _begin(bezoek)
    if a.soort != "veranderd":
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    return _stap1_wat(bezoek, boek, gebruik, a, ())


async def antwoord1_wat(bezoek: Bezoek) -> Response:
    """Onthoud wat er veranderd is."""
    boek, gebruik, a = await _begin(bezoek)
    velden = bezoek.velden()
    gekozen = tuple(v for v in velden.get("verandering", []) if v in VERANDERINGEN)
    lengte = eigen("verzoek").per_code["reden"].max_lengte or 2000
    a = replace(
        a, soort="veranderd", verandering=gekozen, reden=bezoek.veld("reden"),
        aanpassing=bezoek.veld("aanpassing") == "ja", mogen_lezen=False,
    )  # fmt: skip
    fouten = []
    if not gekozen:
        fouten.append(Fout("verandering", "Kies wat er veranderd is. Meer dan één mag."))
    if len(a.reden) > lengte:
        fouten.append(Fout("reden", f"Uw uitleg is te lang. Maak hem korter dan {lengte} tekens."))
    if fouten:
        return _stap1_wat(bezoek, boek, gebruik, a, tuple(fouten))
    await _bewaar(bezoek, a)
    return bezoek.naar(f"/vervangen/{gebruik.id}/delen")


# --- stap 2


async def stap2(bezoek: Bezoek) -> Response:
    """Wie leest wat."""
    boek, gebruik, a = await _begin(bezoek)
    if not a.soort:
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    return await _stap2(bezoek, boek, gebruik, a, ())


async def antwoord2(bezoek: Bezoek) -> Response:
    """Ja, of anders kiezen."""
    boek, gebruik, a = await _begin(bezoek)
    if not a.soort:
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    gekozen = bezoek.veld("verstrekker")
    if gekozen and not _bekende_verstrekker(boek, gebruik):
        if gekozen not in {k.id for k in await _verstrekkers(bezoek)}:
            return await _stap2(bezoek, boek, gebruik, a, (Fout("verstrekker", "Kies een organisatie uit de lijst."),))
        a = replace(a, verstrekker=gekozen)
    if not a.verstrekker:
        return await _stap2(bezoek, boek, gebruik, a, (Fout("verstrekker", "Kies aan wie u het vraagt."),))
    ja = bezoek.veld("toestemming") == "ja"
    await _bewaar(bezoek, replace(a, mogen_lezen=ja))
    return bezoek.naar(f"/vervangen/{gebruik.id}/{'controle' if ja else 'anders'}")


async def stap2_anders(bezoek: Bezoek) -> Response:
    """Zelf kiezen wat er gelezen wordt."""
    boek, gebruik, a = await _begin(bezoek)
    if not a.soort or not a.verstrekker:
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    return _stap2_anders(bezoek, boek, gebruik, a, ())


async def antwoord2_anders(bezoek: Bezoek) -> Response:
    """Onthoud wat er weg moet; alles weglaten kan niet, want dan leest niemand de vraag."""
    boek, gebruik, a = await _begin(bezoek)
    if not a.soort or not a.verstrekker:
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    velden = bezoek.velden()
    alle_v, alle_l = DOELEN[a.doel].groepen["verstrekker"], DOELEN["levering"].groepen["leverancier"]
    a = replace(
        a,
        weg_verstrekker=tuple(sorted(alle_v - set(velden.get("verstrekker", [])))),
        weg_leverancier=tuple(sorted(alle_l - set(velden.get("leverancier", [])))),
    )
    fouten = []
    if "verzoeken" in a.weg_verstrekker:
        fouten.append(Fout("verstrekker", "Zonder uw verzoek te lezen kan niemand u antwoord geven. Laat dat staan."))
    if alle_l <= set(a.weg_leverancier) and voor_leverancier(boek, gebruik, a) is not None:
        fouten.append(Fout("leverancier", "De leverancier moet iets kunnen lezen om te leveren. Laat iets staan."))
    if fouten:
        return _stap2_anders(bezoek, boek, gebruik, a, tuple(fouten))
    await _bewaar(bezoek, replace(a, mogen_lezen=True))
    return bezoek.naar(f"/vervangen/{gebruik.id}/controle")


# --- stap 3


async def stap3(bezoek: Bezoek) -> Response:
    """Alles nog eens op één bladzijde, met de weg die wij verwachten."""
    boek, gebruik, a = await _begin(bezoek)
    if not (a.soort and a.mogen_lezen and a.verstrekker):
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    namen = await mensen(bezoek.deur, {a.verstrekker})
    boek = replace(boek, mensen=replace(boek.mensen, namen={**boek.mensen.namen, **namen.namen}))
    guidance = await bezoek.deur.operatie(
        "DeviceRequest", None, "herhaaltoets",
        [
            {"name": "verzoek", "resource": verzoek(boek, gebruik, a)},
            {"name": "verstrekker", "valueReference": {"reference": a.verstrekker}},
        ],
    )  # fmt: skip
    wat = _wat(boek, gebruik)
    doen = "aanpassing van" if a.aanpassing else "vervanging van"
    return toon(
        bezoek,
        Stap3(
            kop=kop(bezoek, boek, "hulpmiddelen"),
            wat=wat,
            vraag=f"{doen.capitalize()} uw {met_kleine_letter(wat.naam)}",
            veranderd=tuple(VERANDERINGEN[v] for v in a.verandering)
            or (("Er is niets veranderd",) if a.soort == "ongewijzigd" else ("U weet niet of er iets veranderd is",)),
            reden=a.reden if a.soort == "veranderd" else "",
            partijen=_partijen(boek, gebruik, a),
            verwacht=verwachting(guidance, boek.naam(a.verstrekker)),
        ),
    )


async def verstuur(bezoek: Bezoek) -> Response:
    """Alles in één keer, of niets. Wie twee keer drukt, vraagt één keer: het klad is dan al weg."""
    boek, gebruik, a = await _begin(bezoek)
    if not (a.soort and a.mogen_lezen and a.verstrekker):
        return bezoek.naar(f"/vervangen/{gebruik.id}")
    regels = await bezoek.deur.samen(*transactie(boek, gebruik, a))
    await _vergeet(bezoek, gebruik.id)
    vraag = next(d for r in regels if (d := _plek(r)).startswith("DeviceRequest/"))
    return bezoek.naar(f"/aanvraag/{vraag.partition('/')[2]}?verstuurd")


# --- opbouwen


def _stap1(bezoek: Bezoek, boek: Boek, gebruik: Gebruik, a: Antwoorden, fouten: tuple[Fout, ...]) -> Response:
    advies = max((x.geschreven_op for x in boek.paspoort.nieuwste_adviezen if x.geschreven_op), default=None)
    sinds = dag(advies) if advies else None
    return toon(bezoek, Stap1(kop(bezoek, boek, "hulpmiddelen"), _wat(boek, gebruik), a.soort, sinds, fouten), fouten)


def _stap1_wat(bezoek: Bezoek, boek: Boek, gebruik: Gebruik, a: Antwoorden, fouten: tuple[Fout, ...]) -> Response:
    vinkjes = tuple(Vinkje(code, tekst, code in a.verandering) for code, tekst in VERANDERINGEN.items())
    context = Stap1Wat(kop(bezoek, boek, "hulpmiddelen"), _wat(boek, gebruik), vinkjes, a.reden, a.aanpassing, fouten)
    return toon(bezoek, context, fouten)


async def _stap2(bezoek: Bezoek, boek: Boek, gebruik: Gebruik, a: Antwoorden, fouten: tuple[Fout, ...]) -> Response:
    kiezen = () if _bekende_verstrekker(boek, gebruik) else await _verstrekkers(bezoek)
    context = Stap2(
        kop=kop(bezoek, boek, "hulpmiddelen"),
        wat=_wat(boek, gebruik),
        niets_veranderd=a.wijziging is Wijziging.ONGEWIJZIGD,
        partijen=_partijen(boek, gebruik, a),
        kiezen=kiezen,
        fouten=fouten,
    )
    return toon(bezoek, context, fouten)


def _stap2_anders(bezoek: Bezoek, boek: Boek, gebruik: Gebruik, a: Antwoorden, fouten: tuple[Fout, ...]) -> Response:
    partijen = [_vinkjes("verstrekker", boek.naam(a.verstrekker), a.doel, "verstrekker", a.weg_verstrekker)]
    lever = voor_leverancier(boek, gebruik, a)
    if lever is not None:
        partijen.append(
            _vinkjes("leverancier", boek.naam(min(lever.aan)), "levering", "leverancier", a.weg_leverancier)
        )
    return toon(
        bezoek, Stap2Anders(kop(bezoek, boek, "hulpmiddelen"), _wat(boek, gebruik), tuple(partijen), fouten), fouten
    )


def _vinkjes(code: str, naam: str, doel: str, rol: str, weg: tuple[str, ...]) -> Partijvinkjes:
    groepen = DOELEN[doel].groepen[rol]
    return Partijvinkjes(code, naam, tuple(Vinkje(g, t, g not in weg) for g, t in GROEPEN.items() if g in groepen))


def _partijen(boek: Boek, gebruik: Gebruik, a: Antwoorden) -> tuple[Partij, ...]:
    uit = []
    if a.verstrekker or _bekende_verstrekker(boek, gebruik):
        t = voor_verstrekker(boek, a)
        wie = _contact(boek, a.verstrekker)
        uitleg = ""
        if a.doel == "herhaalverzoek":
            uitleg = "Over uw gezondheid leest de gemeente één ding: of u het hulpmiddel blijvend nodig hebt."
        uit.append(_partij("verstrekker", boek.naam(a.verstrekker), f"{wie} behandelt uw vraag.", t, uitleg))
    lever = voor_leverancier(boek, gebruik, a)
    if lever is not None:
        plek = min(lever.aan)
        zin = f"{_contact(boek, plek)} zoekt samen met u. Leest pas mee als er een ja is op uw vraag."
        uit.append(_partij("leverancier", f"{boek.naam(plek)}, uw leverancier", zin, lever, ""))
    return tuple(uit)


def _partij(code: str, naam: str, zin: str, t: Toestemming, uitleg: str) -> Partij:
    na = DOELEN[t.doel or ""].na or ""
    return Partij(code, naam, zin, leest(t.groepen), leest_niet(t.groepen), uitleg, EINDE[na])


def _contact(boek: Boek, organisatie: str) -> str:
    """De vaste contactpersoon bij een organisatie, anders de organisatie zelf."""
    for team in boek.paspoort.begeleiding:
        for c in team.casemanagers:
            if (c.organisatie or boek.huis(c.lid)) == organisatie and boek.heeft(c.lid):
                return boek.naam(c.lid)
    return boek.naam(organisatie)


def _wat(boek: Boek, gebruik: Gebruik) -> Wat:
    hulpmiddel = boek.hulpmiddel_van(gebruik)
    return Wat(gebruik.id, naam_van(hulpmiddel), f"/hulpmiddel/{hulpmiddel.id}" if hulpmiddel else "/hulpmiddelen")


def _bekende_verstrekker(boek: Boek, gebruik: Gebruik) -> str | None:
    verstrekker = gebruik.verstrekker_op(boek.vandaag)
    return verstrekker.organisatie if verstrekker and boek.heeft(verstrekker.organisatie) else None


async def _verstrekkers(bezoek: Bezoek) -> tuple[Kies, ...]:
    gevonden = await bezoek.deur.zoek("Organization", type=VERSTREKKERS)
    kiezen = [Kies(f"Organization/{o['id']}", str(o.get("name", ""))) for o in gevonden if o.get("active", True)]
    return tuple(sorted(kiezen, key=lambda k: k.naam))


async def _begin(bezoek: Bezoek) -> tuple[Boek, Gebruik, Antwoorden]:
    boek = await open_boek(bezoek)
    gebruik = boek.paspoort.gebruik(f"DeviceUseStatement/{id_van(bezoek)}")
    if gebruik is None or gebruik not in boek.paspoort.lopende_gebruiken:
        raise DeurFout(404, ())
    klad = await bezoek.huis.sessies.klad(bezoek.request)
    # Wie het al vroeg, begint niet nog eens: stap 1 brengt haar naar die vraag.
    a = antwoorden_uit({} if lopende_vraag(boek, gebruik) else klad.get("vervangen", {}).get(gebruik.id, {}))
    bekend = _bekende_verstrekker(boek, gebruik)
    return boek, gebruik, replace(a, verstrekker=bekend) if bekend else a


async def _bewaar(bezoek: Bezoek, a: Antwoorden) -> None:
    klad = await bezoek.huis.sessies.klad(bezoek.request)
    vervangen: dict[str, Any] = {**klad.get("vervangen", {}), id_van(bezoek): a.als_klad()}
    await bezoek.huis.sessies.zet_klad(bezoek.request, {**klad, "vervangen": vervangen})


async def _vergeet(bezoek: Bezoek, gebruik: str) -> None:
    klad = await bezoek.huis.sessies.klad(bezoek.request)
    vervangen = {g: a for g, a in klad.get("vervangen", {}).items() if g != gebruik}
    await bezoek.huis.sessies.zet_klad(bezoek.request, {**klad, "vervangen": vervangen})


def _plek(regel: dict[str, Any]) -> str:
    """`Type/id` uit `location` van een regel van het antwoord."""
    delen = str(regel.get("response", {}).get("location", "")).split("/")
    i = next((n for n, d in enumerate(delen) if d[:1].isupper()), 0)
    return "/".join(delen[i : i + 2])
