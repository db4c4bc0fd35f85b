"""Iemand laten meelezen: kies waarvoor, laat de code zien, en zeg wie het is. Pas daarna is er een toestemming.

De QR, de link en de zes cijfers zijn dezelfde uitnodiging; het token staat achter een `#`, dus in geen adres en geen
log. Bron: ontwerp.md deel 1 stap 1, beeld `03-delen`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.toegang import DOELEN
from paspoort.toestemming import HIER, Toestemming, als_dag, leest, leest_niet
from server.store.invitations import (
    AANGENOMEN,
    BEVESTIGD,
    OPEN,
    Uitnodiging,
    bevestig,
    laat_vervallen,
    met_id,
    nodig_uit,
    sleutels,
)
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.beeld import beeld
from web.houder.geven import geef
from web.houder.kader import Fout, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.minder import keuze, lees
from web.houder.uitnodigen_stappen import (
    Bevestigen,
    Code,
    Hulpmiddelkeuze,
    Keuze,
    Kiezen,
    Verlopen,
    Voorstel,
)
from web.qr import als_qr
from web.uitnodiging import GELDIG_SECONDEN, Aanbod, Gast, aanbod_uit, gast_uit
from web.woorden import WAARVOOR, naam_van

# Wat de houder kan kiezen: sleutel in het adres → doel, rol, hoe het heet, en wie het is.
KEUZES: Final = {
    "advies": ("advies", "therapeut", "Mijn ergotherapeut of revalidatiearts", "Voor een advies over een hulpmiddel."),
    "onderzoek": ("onderzoek", "verstrekker", "De gemeente", "Of een verzekeraar, zorgkantoor of UWV. Voor een vraag."),
    "reparatie": ("reparatie", "leverancier", "Een leverancier, voor een reparatie", "U kiest zelf welk hulpmiddel."),
    "levering": ("levering", "leverancier", "Een leverancier, voor een levering", "U kiest zelf welk hulpmiddel."),
    "overleg-gemeente": ("afstemming", "verstrekker", "De gemeente, voor overleg", "Samen praten over het advies."),
    "overleg-leverancier": ("afstemming", "leverancier", "Een leverancier, voor overleg", "Over het advies."),
    "verhuizing": ("verhuizing", "verstrekker", "De nieuwe gemeente", "U gaat verhuizen met uw hulpmiddelen."),
    "verhuizing-leverancier": ("verhuizing", "leverancier", "De nieuwe leverancier", "U gaat verhuizen."),
}
VAAK: Final = 3
WIE: Final = {"therapeut": "Uw therapeut", "verstrekker": "De gemeente", "leverancier": "De leverancier"}
# Een therapeut krijgt de toestemming zelf; bij een gemeente of leverancier werken er meer mensen en een systeem aan.
OP_NAAM: Final = frozenset({"therapeut"})


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/nieuw`, `/delen/nieuw/{id}` en `/delen/uitnodiging/{id}`."""
    hang(router, huis, "/delen/nieuw", kiezen)
    hang(router, huis, "/delen/nieuw", gekozen, "POST")
    hang(router, huis, "/delen/nieuw/{id}", voorstellen)
    hang(router, huis, "/delen/nieuw/{id}", maak_code, "POST")
    hang(router, huis, "/delen/uitnodiging/{id}", uitnodiging)
    hang(router, huis, "/delen/uitnodiging/{id}", beslis, "POST")


async def kiezen(bezoek: Bezoek) -> Response:
    """Met wie wilt u delen?"""
    return await _kiezen(bezoek, ())


async def gekozen(bezoek: Bezoek) -> Response:
    """Naar het voorstel dat bij de keuze hoort."""
    code = bezoek.veld("met")
    if code not in KEUZES:
        return await _kiezen(bezoek, (Fout("met", "Kies met wie u wilt delen."),))
    return bezoek.naar(f"/delen/nieuw/{code}")


async def voorstellen(bezoek: Bezoek) -> Response:
    """Wat diegene mag lezen."""
    boek = await open_boek(bezoek)
    aanbod = _aanbod(boek, id_van(bezoek), ())
    return await _voorstel(bezoek, boek, aanbod, _vol(bezoek, boek, aanbod), ())


async def maak_code(bezoek: Bezoek) -> Response:
    """Maak de uitnodiging; niemand leest nog iets."""
    boek = await open_boek(bezoek)
    velden = bezoek.velden()
    alle = {f"Device/{h.id}" for h in boek.paspoort.hulpmiddelen}
    hulpmiddelen = tuple(p for p in velden.get("hulpmiddel", []) if p in alle)
    aanbod = _aanbod(boek, id_van(bezoek), hulpmiddelen)
    vol = _vol(bezoek, boek, aanbod)
    gekozen, fouten = lees(bezoek, boek, vol)
    if DOELEN[aanbod.doel].betreft and not hulpmiddelen:
        fouten = (Fout("hulpmiddel", "Kies voor welk hulpmiddel het is."), *fouten)
    if fouten or bezoek.veld("besluit") == "bekijk":
        return await _voorstel(bezoek, boek, aanbod, gekozen, fouten)
    aanbod = replace(
        aanbod,
        zonder=tuple(sorted(vol.groepen - gekozen.groepen)),
        dicht=tuple(sorted(gekozen.uitzonderingen)),
        tot=als_dag(gekozen.tot).isoformat() if gekozen.tot and gekozen.tot != vol.tot else None,
    )
    nu = int(time.time())
    gemaakt, _, _ = await nodig_uit(
        bezoek.huis.opslag, patient_van(bezoek), aanbod.als_gegevens(), nu, nu + GELDIG_SECONDEN
    )
    return bezoek.naar(f"/delen/uitnodiging/{gemaakt.id}")


async def uitnodiging(bezoek: Bezoek) -> Response:
    """De code, of de vraag wie het is, of dat de tijd om is."""
    boek = await open_boek(bezoek)
    u = await _mijn(bezoek)
    aanbod = aanbod_uit(u)
    if u.stand == AANGENOMEN and u.verloopt > time.time():
        return await _bevestigen(bezoek, boek, u)
    if u.stand == BEVESTIGD:
        return bezoek.naar("/delen")
    geheim = await sleutels(bezoek.huis.opslag, u.id, int(time.time()))
    if u.stand != OPEN or geheim is None:
        return toon(bezoek, Verlopen(kop(bezoek, boek, "delen"), f"/delen/nieuw/{_code_van(aanbod)}"))
    token, cijfers = geheim
    link = f"{bezoek.huis.settings.base_url}/uitnodiging#{token}"
    t = _vol(bezoek, boek, aanbod)
    wie = WIE[aanbod.rol]
    return toon(
        bezoek,
        Code(
            kop=kop(bezoek, boek, "delen"),
            id=u.id,
            wie=wie,
            waarvoor=WAARVOOR[aanbod.doel],
            qr=als_qr(link),
            link=link,
            mail=_mail(link),
            cijfers=f"{cijfers[:3]} {cijfers[3:]}",
            plek=bezoek.huis.settings.base_url.partition("://")[2] + "/code",
            tot=datetime.fromtimestamp(u.verloopt, HIER),
            leest=leest(t.groepen),
            leest_niet=leest_niet(t.groepen),
            beeld=await beeld(bezoek, boek, t, aanbod.rol, wie, f"/delen/uitnodiging/{u.id}/voorbeeld"),
        ),
    )


async def beslis(bezoek: Bezoek) -> Response:
    """Ja: de toestemming begint. Nee, stoppen of een nieuwe: de uitnodiging vervalt."""
    boek = await open_boek(bezoek)
    u, nu = await _mijn(bezoek), int(time.time())
    aanbod, gast = aanbod_uit(u), gast_uit(u.aangenomen_door)
    besluit = bezoek.veld("besluit")
    if besluit == "ja" and gast is not None and gast.rol == aanbod.rol:
        if not await bevestig(bezoek.huis.opslag, u.id, nu):
            return bezoek.naar(f"/delen/uitnodiging/{u.id}")
        t = aanbod.toestemming(patient_van(bezoek), aan_wie(gast), boek.vandaag)
        return await geef(bezoek, boek, replace(t, gegeven_via=gast.via))
    await laat_vervallen(bezoek.huis.opslag, u.id, nu)
    if besluit == "opnieuw":
        gemaakt, _, _ = await nodig_uit(
            bezoek.huis.opslag, patient_van(bezoek), aanbod.als_gegevens(), nu, nu + GELDIG_SECONDEN
        )
        return bezoek.naar(f"/delen/uitnodiging/{gemaakt.id}")
    return bezoek.naar("/delen")


async def _kiezen(bezoek: Bezoek, fouten: tuple[Fout, ...]) -> Response:
    boek = await open_boek(bezoek)
    keuzes = tuple(Keuze(code, naam, uitleg) for code, (_, _, naam, uitleg) in KEUZES.items())
    return toon(bezoek, Kiezen(kop(bezoek, boek, "delen"), keuzes[:VAAK], keuzes[VAAK:], fouten), fouten)


async def _voorstel(
    bezoek: Bezoek, boek: Boek, aanbod: Aanbod, gekozen: Toestemming, fouten: tuple[Fout, ...]
) -> Response:
    vol = _vol(bezoek, boek, aanbod)
    anders = bool(fouten) or gekozen != vol
    doel = DOELEN[aanbod.doel]
    wie = WIE[aanbod.rol]
    in_gebruik = [h for g in boek.paspoort.lopende_gebruiken if (h := boek.hulpmiddel_van(g))]
    return toon(
        bezoek,
        Voorstel(
            kop=kop(bezoek, boek, "delen"),
            code=id_van(bezoek),
            wie=wie,
            waarvoor=WAARVOOR[aanbod.doel],
            leest=leest(gekozen.groepen),
            leest_niet=leest_niet(gekozen.groepen),
            minder=await keuze(bezoek, boek, vol, gekozen, aanbod.rol, anders),
            hulpmiddelen=tuple(
                Hulpmiddelkeuze(h.verwijzing, naam_van(h), h.verwijzing in aanbod.betreft)
                for h in in_gebruik
                if doel.betreft
            ),
            tot=als_datum(gekozen.tot),
            beeld=await beeld(bezoek, boek, gekozen, aanbod.rol, wie),
            fouten=fouten,
        ),
        fouten,
    )


async def _bevestigen(bezoek: Bezoek, boek: Boek, u: Uitnodiging) -> Response:
    aanbod, gast = aanbod_uit(u), gast_uit(u.aangenomen_door)
    if gast is None:
        raise DeurFout(404, ())
    t = aanbod.toestemming(patient_van(bezoek), aan_wie(gast), boek.vandaag)
    return toon(
        bezoek,
        Bevestigen(
            kop=kop(bezoek, boek, "delen"),
            id=u.id,
            naam=gast.naam,
            rol=gast.rolnaam,
            organisatie=gast.organisatienaam,
            waarvoor=WAARVOOR[aanbod.doel],
            leest=leest(t.groepen),
            leest_niet=leest_niet(t.groepen),
            tot=als_datum(t.tot),
            beeld=await beeld(bezoek, boek, t, aanbod.rol, gast.naam, f"/delen/uitnodiging/{u.id}/voorbeeld"),
        ),
    )


def aan_wie(gast: Gast) -> str:
    """Wie de toestemming krijgt: een therapeut op naam, anders de organisatie."""
    return f"PractitionerRole/{gast.functie}" if gast.rol in OP_NAAM else f"Organization/{gast.organisatie}"


def _vol(bezoek: Bezoek, boek: Boek, aanbod: Aanbod) -> Toestemming:
    """De toestemming van dit aanbod voor wie nog niet bekend is."""
    return aanbod.toestemming(patient_van(bezoek), "Organization/voorbeeld", boek.vandaag)


def _aanbod(boek: Boek, code: str, betreft: tuple[str, ...]) -> Aanbod:
    if code not in KEUZES:
        raise DeurFout(404, ())
    doel, rol, _, _ = KEUZES[code]
    return Aanbod(doel, rol, boek.paspoort.houder.naam, betreft=betreft)


def _code_van(aanbod: Aanbod) -> str:
    return next(code for code, (doel, rol, _, _) in KEUZES.items() if (doel, rol) == (aanbod.doel, aanbod.rol))


async def _mijn(bezoek: Bezoek) -> Uitnodiging:
    """De uitnodiging, als zij bij dit paspoort hoort; anders bestaat zij niet."""
    u = await met_id(bezoek.huis.opslag, id_van(bezoek))
    if u is None or u.partitie != patient_van(bezoek):
        raise DeurFout(404, ())
    return u


def _mail(link: str) -> str:
    """Een mail of bericht met de link, voor het eigen programma van de houder."""
    tekst = f"Met deze link kunt u meekijken in mijn hulpmiddelenpaspoort. Hij werkt 10 minuten.\n\n{link}"
    return f"mailto:?subject={quote('Mijn hulpmiddelenpaspoort')}&body={quote(tekst)}"
