"""Wie helpt mij: wie mag er voor u handelen of meekijken, met wat, tot wanneer, en hoe u dat eindigt (toegang.md §7).

Een eigen gift begint met een code, net als delen: pas na uw ja is er een mandaat. Wie de wet of de rechter aanwijst,
staat er ook, zonder knop. Een kind van twaalf tot zestien kiest hier wat een ouder niet ziet.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.houder import vertegenwoordiger_naar_fhir, vertegenwoordiger_uit_fhir
from paspoort.houder import Mandaatsoort, Vertegenwoordiger
from paspoort.toegang import GROEPEN
from paspoort.toestemming import HIER
from paspoort.vertegenwoordiging import ALTIJD, EIGEN_GIFT, HELPERS, geldt, houder_geeft_zelf, laatste_dag
from server.access.vertegenwoordiging import houder_van
from server.store.invitations import (
    AANGENOMEN,
    OPEN,
    Uitnodiging,
    bevestig,
    laat_vervallen,
    met_id,
    nodig_uit,
    sleutels,
    uitnodigingen_van,
)
from server.store.session import Lidmaatschap, verwijder_mandaat, zet_lidmaatschap
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import Fout, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.vertegenwoordigers_stappen import (
    Groep,
    Helper,
    HelperCode,
    NieuweHelper,
    Open,
    Soortkeuze,
    WieHelptMij,
)
from web.mandaataanbod import GELDIG_SECONDEN, SOORT, WOORDEN, Mandaataanbod, aanbod_uit, aannemer_uit, ziet
from web.qr import als_qr

STANDAARD_DAGEN: Final = 365
HOOGSTENS_JAREN: Final = 5
# In de volgorde van het formulier: het kleinste eerst.
SOORTEN: Final = (Mandaatsoort.HELPER_LEZEN, Mandaatsoort.HELPER_INVULLEN, Mandaatsoort.GEMACHTIGDE)
UITLEG: Final = {
    Mandaatsoort.HELPER_LEZEN: "Iemand die met u meeleest, maar niets verandert.",
    Mandaatsoort.HELPER_INVULLEN: "Iemand die formulieren voor u invult. U kijkt het na en verstuurt.",
    Mandaatsoort.GEMACHTIGDE: "Iemand die alles voor u regelt, ook delen en een vraag versturen.",
}


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/wie-helpt-mij` en wat eronder hangt."""
    hang(router, huis, "/wie-helpt-mij", overzicht)
    hang(router, huis, "/wie-helpt-mij/nieuw", nieuw)
    hang(router, huis, "/wie-helpt-mij/nieuw", maak, "POST")
    hang(router, huis, "/wie-helpt-mij/code/{id}", code)
    hang(router, huis, "/wie-helpt-mij/code/{id}", beslis, "POST")
    hang(router, huis, "/wie-helpt-mij/{id}/stop", stop, "POST")


async def overzicht(bezoek: Bezoek) -> Response:
    """Wie er nu helpt, wie dat deed, en welke codes openstaan."""
    boek = await open_boek(bezoek)
    helpers = await mijn_helpers(bezoek, boek)
    geeft = _geeft(bezoek, boek)
    open_ = await _open(bezoek) if geeft else ()
    nu, voorbij = (tuple(h for h in helpers if h.nu is stand) for stand in (True, False))
    return toon(bezoek, WieHelptMij(kop(bezoek, boek, "meer"), nu, voorbij, open_, geeft))


async def nieuw(bezoek: Bezoek) -> Response:
    """Het lege formulier."""
    boek = await _alleen_de_houder(bezoek)
    return _formulier(bezoek, boek, Mandaatsoort.HELPER_LEZEN, frozenset({"hulpmiddelen", "voortgang"}), "", ())


async def maak(bezoek: Bezoek) -> Response:
    """Maak de code; er is nog geen mandaat."""
    boek = await _alleen_de_houder(bezoek)
    gekozen = bezoek.veld("soort")
    soort = next((s for s in SOORTEN if s.value == gekozen), None)
    groepen = frozenset(g for g in bezoek.velden().get("groep", []) if g in GROEPEN)
    tot = _dag(bezoek.veld("tot"))
    fouten = []
    if soort is None:
        fouten.append(Fout("soort", "Kies wat diegene mag."))
    elif soort in HELPERS and not groepen - {ALTIJD}:
        fouten.append(Fout("groep", "Kies minstens één ding waar diegene bij helpt."))
    vroegst, uiterst = _grenzen(boek)
    if tot is None or not vroegst <= tot <= uiterst:
        fouten.append(Fout("tot", f"Kies een dag na vandaag, en hoogstens {HOOGSTENS_JAREN} jaar ver."))
    if fouten or soort is None or tot is None:
        return _formulier(bezoek, boek, soort, groepen, bezoek.veld("tot"), tuple(fouten))
    beperkt = groepen | {ALTIJD} if soort in HELPERS else frozenset[str]()
    aanbod = Mandaataanbod(soort, beperkt, tot, boek.paspoort.houder.naam)
    return await _nieuwe_code(bezoek, aanbod)


async def code(bezoek: Bezoek) -> Response:
    """De code, of de vraag of het de goede persoon is; een oude code brengt u terug."""
    boek = await _alleen_de_houder(bezoek)
    u = await _mijn(bezoek)
    aanbod, nu = aanbod_uit(u), int(time.time())
    wie = aannemer_uit(u.aangenomen_door) if u.stand == AANGENOMEN and u.verloopt > nu else None
    geheim = await sleutels(bezoek.huis.opslag, u.id, nu)
    if wie is None and (u.stand != OPEN or geheim is None):
        return bezoek.naar("/wie-helpt-mij")
    token, cijfers = geheim or ("", "")
    basis = bezoek.huis.settings.base_url
    link = f"{basis}/helpen#{token}" if token else ""
    return toon(
        bezoek,
        HelperCode(
            kop=kop(bezoek, boek, "meer"),
            id=u.id,
            naam=wie.naam if wie else None,
            wat=aanbod.wat,
            ziet=aanbod.ziet,
            tot=aanbod.tot,
            qr=als_qr(link) if link else None,
            link=link,
            mail=_mail(link),
            cijfers=f"{cijfers[:3]} {cijfers[3:]}",
            plek=basis.partition("://")[2] + "/helpen",
            geldig=datetime.fromtimestamp(u.verloopt, HIER),
        ),
    )


async def beslis(bezoek: Bezoek) -> Response:
    """Ja: het mandaat begint vandaag. Nee of stop: de code vervalt."""
    boek = await _alleen_de_houder(bezoek)
    u, nu = await _mijn(bezoek), int(time.time())
    aanbod, wie = aanbod_uit(u), aannemer_uit(u.aangenomen_door)
    if bezoek.veld("besluit") == "ja" and wie is not None:
        if not await bevestig(bezoek.huis.opslag, u.id, nu):
            return bezoek.naar(f"/wie-helpt-mij/code/{u.id}")
        patient = patient_van(bezoek)
        gemaakt = await bezoek.deur.maak(
            vertegenwoordiger_naar_fhir(aanbod.vertegenwoordiger(wie.naam, boek.vandaag), f"Patient/{patient}")
        )
        await zet_lidmaatschap(
            bezoek.huis.opslag,
            Lidmaatschap(
                wie.account, "vertegenwoordiger", patient=patient, namens=aanbod.houder, mandaat=str(gemaakt["id"])
            ),
        )
        return bezoek.naar("/wie-helpt-mij")
    await laat_vervallen(bezoek.huis.opslag, u.id, nu)
    return await _nieuwe_code(bezoek, aanbod) if bezoek.veld("besluit") == "opnieuw" else bezoek.naar("/wie-helpt-mij")


async def stop(bezoek: Bezoek) -> Response:
    """Eindig een eigen gift: vanaf de volgende vraag ziet diegene niets meer."""
    await _alleen_de_houder(bezoek)
    inhoud = await bezoek.deur.lees("RelatedPerson", id_van(bezoek))
    if vertegenwoordiger_uit_fhir(inhoud).soort not in EIGEN_GIFT:
        raise DeurFout(404, ())
    if inhoud.get("active") is not False:
        await bezoek.deur.wijzig({**inhoud, "active": False})
    await verwijder_mandaat(bezoek.huis.opslag, patient_van(bezoek), id_van(bezoek))
    return bezoek.naar("/wie-helpt-mij")


async def mijn_helpers(bezoek: Bezoek, boek: Boek) -> tuple[Helper, ...]:
    """Iedereen met een mandaat in dit paspoort, op naam.

    Of een mandaat nu geldt, hangt af van de leeftijd; ook een helper die de geboortedatum niet ziet, leest dat goed.
    """
    houder, dag = boek.paspoort.houder, boek.vandaag
    echt = houder_van(await bezoek.huis.opslag.momentopname(patient_van(bezoek)))
    zelf = bezoek.actor.rol == "houder"
    geeft = zelf and houder_geeft_zelf(houder.geboortedatum, dag)
    uit = []
    for v in sorted(boek.paspoort.vertegenwoordigers, key=lambda v: _naam(v).casefold()):
        if v.soort is None:
            continue
        nu = geldt(v, echt.geboren, echt.overleden, dag)
        uit.append(
            Helper(
                id=v.id,
                naam=_naam(v),
                wat=WOORDEN[v.soort],
                ziet=ziet(v),
                tot=laatste_dag(v, houder.geboortedatum),
                nu=nu,
                stop=nu and geeft and v.soort in EIGEN_GIFT,
                afschermen=nu and zelf and (geeft if v.soort in EIGEN_GIFT else v.soort is Mandaatsoort.OUDER),
                afgeschermd=len(v.afgeschermd),
            )
        )
    return tuple(uit)


def _formulier(
    bezoek: Bezoek, boek: Boek, soort: Mandaatsoort | None, groepen: frozenset[str], tot: str, fouten: tuple[Fout, ...]
) -> Response:
    vroegst, uiterst = _grenzen(boek)
    return toon(
        bezoek,
        NieuweHelper(
            kop=kop(bezoek, boek, "meer"),
            soorten=tuple(Soortkeuze(s.value, WOORDEN[s], UITLEG[s], s is soort) for s in SOORTEN),
            groepen=tuple(Groep(g, tekst, g in groepen) for g, tekst in GROEPEN.items() if g != ALTIJD),
            tot=tot or (boek.vandaag + timedelta(days=STANDAARD_DAGEN)).isoformat(),
            vroegst=vroegst.isoformat(),
            uiterst=uiterst.isoformat(),
            fouten=fouten,
        ),
        fouten,
    )


async def _nieuwe_code(bezoek: Bezoek, aanbod: Mandaataanbod) -> Response:
    nu = int(time.time())
    gegevens = aanbod.als_gegevens()
    gemaakt, _, _ = await nodig_uit(bezoek.huis.opslag, patient_van(bezoek), gegevens, nu, nu + GELDIG_SECONDEN)
    return bezoek.naar(f"/wie-helpt-mij/code/{gemaakt.id}")


async def _open(bezoek: Bezoek) -> tuple[Open, ...]:
    gevonden = await uitnodigingen_van(bezoek.huis.opslag, patient_van(bezoek), int(time.time()), SOORT)
    open_ = [(u, aannemer_uit(u.aangenomen_door)) for u in gevonden if u.stand in (OPEN, AANGENOMEN)]
    return tuple(Open(u.id, aanbod_uit(u).wat, wie.naam if wie else None) for u, wie in open_)


async def _mijn(bezoek: Bezoek) -> Uitnodiging:
    u = await met_id(bezoek.huis.opslag, id_van(bezoek), SOORT)
    if u is None or u.partitie != patient_van(bezoek):
        raise DeurFout(404, ())
    return u


def _geeft(bezoek: Bezoek, boek: Boek) -> bool:
    return bezoek.actor.rol == "houder" and houder_geeft_zelf(boek.paspoort.houder.geboortedatum, boek.vandaag)


async def _alleen_de_houder(bezoek: Bezoek) -> Boek:
    """Iemand aanwijzen doet alleen de houder zelf, vanaf zestien; voor een ander is deze bladzijde er niet."""
    boek = await open_boek(bezoek)
    if not _geeft(bezoek, boek):
        raise DeurFout(404, ())
    return boek


def _grenzen(boek: Boek) -> tuple[date, date]:
    return boek.vandaag + timedelta(days=1), boek.vandaag + timedelta(days=HOOGSTENS_JAREN * 365)


def _naam(v: Vertegenwoordiger) -> str:
    return v.namen[0].volledig if v.namen else "Onbekend"


def _dag(tekst: str) -> date | None:
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        return None


def _mail(link: str) -> str:
    tekst = f"Met deze link kunt u mij helpen met mijn hulpmiddelenpaspoort. Hij werkt 10 minuten.\n\n{link}"
    return f"mailto:?subject={quote('Helpt u mij met mijn hulpmiddelenpaspoort?')}&body={quote(tekst)}"
