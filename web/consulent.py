"""De consulent: werkvoorraad, kortste termijn bovenaan. De bladzijde van één verzoek staat in `consulent_intake.py`.

Bron: beeld `08-werkvoorraad`; ontwerp deel 2 (werkvoorraad is een index over paspoorten heen).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Behandeling, Fase, Uitkomst, Verzoek
from paspoort.fhir.aanvraag import behandeling_uit_fhir, verzoek_uit_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.houder import uit_fhir as houder_uit_fhir
from paspoort.fhir.stelsels import TAAKSOORT
from paspoort.fhir.waarden import code_uit
from paspoort.termijn import werkdagen_tussen
from paspoort.toestemming import HIER
from web import (
    consulent_advies,
    consulent_advies_doen,
    consulent_anders,
    consulent_doorgeven,
    consulent_intake,
    consulent_meedenken,
)
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import als_datum, dag
from web.consulent_antwoorden import CLIENTEN_HOOGSTENS, NieuwAntwoord, nieuwe_antwoorden
from web.consulent_feiten import uiterlijk_van
from web.consulent_toets import Toets, bewaarde_toets
from web.werk import Badge, TeGast, Werkkop, badge, werkkop
from web.werkwoorden import ROUTES, UITKOMST_VOORBIJ, WIJZIGINGEN, categorie, kapitaal

GESLOTEN_DAGEN: Final = 30
PER_VRAAG: Final = 200  # zoveel taken per bladzijde van de deur, en zoveel bladzijden met open taken
BLADZIJDEN: Final = 5
# Open en gesloten apart gevraagd: wat al klaar is, groeit elk jaar en mag wat nog moet nooit van de lijst duwen.
OPEN: Final = ("draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold")
DICHT: Final = ("completed", "rejected", "cancelled", "failed")
BEURTEN: Final = (("", "Iedereen"), ("ik", "Ik"), ("client", "Cliënt"), ("leverancier", "Leverancier"))
VOORSTELLEN: Final = (("", "Alles"), *((route, namen[0]) for route, namen in ROUTES.items()))
LEVERWEG: Final = frozenset({Uitkomst.DOORGEZET, Uitkomst.TOEGEKEND, Uitkomst.GEWIJZIGD, Uitkomst.VERLENGD})


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén verzoek in de werkvoorraad."""

    adres: str
    client: str
    client_plek: str
    vraag: str
    vraag_klein: str
    voorstel: str
    voorstel_klein: str
    beurt: str
    beurt_klein: str
    termijn: Badge | None
    sleutel_beurt: str
    sleutel_voorstel: str
    uiterlijk: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén keuze in een filter."""

    waarde: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True)
class WerkvoorraadContext:
    """Alle verzoeken van deze organisatie die deze consulent ziet."""

    kop: Werkkop
    gast: TeGast | None
    datum: str
    op_u: int
    totaal: int
    meer: bool
    antwoorden: tuple[NieuwAntwoord, ...]
    niet_gekeken: int
    regels: tuple[Regel, ...]
    zoek: str
    beurten: tuple[Keuze, ...]
    voorstellen: tuple[Keuze, ...]


def router(huis: Huis) -> APIRouter:
    """`/werkvoorraad`, `/intake/{id}` en wat daarbij hoort."""
    paden = APIRouter()
    # Zoeken gaat met POST: een naam hoort niet in een adres.
    paden.add_api_route("/werkvoorraad", bladzijde(huis, "consulent", werkvoorraad), methods=["GET", "POST"])
    paden.include_router(consulent_intake.router(huis))
    paden.include_router(consulent_advies.router(huis))
    paden.include_router(consulent_advies_doen.router(huis))
    paden.include_router(consulent_meedenken.router(huis))
    paden.include_router(consulent_anders.router(huis))
    paden.include_router(consulent_doorgeven.router(huis))
    return paden


async def werkvoorraad(bezoek: Bezoek) -> Response:
    """De lijst, met de kortste termijn bovenaan."""
    vandaag = datetime.now(HIER).date()
    zoek, beurt, voorstel = bezoek.veld("zoek"), bezoek.veld("beurt"), bezoek.veld("voorstel")
    gevonden, meer = await _gevonden(bezoek)
    clienten = {f"Patient/{i['id']}": i for i in gevonden if i["resourceType"] == "Patient"}
    alle = _regels(gevonden, clienten, vandaag)
    lopend = tuple(dict.fromkeys(r.client_plek for r in alle if r.open))
    gekozen = tuple(
        r
        for r in alle
        if zoek.casefold() in r.client.casefold()
        and beurt in ("", r.sleutel_beurt)
        and voorstel in ("", r.sleutel_voorstel)
    )
    context = WerkvoorraadContext(
        kop=werkkop(bezoek, "werkvoorraad"),
        gast=None,
        datum=kapitaal(dag(vandaag, met_weekdag=True)),
        op_u=sum(r.sleutel_beurt == "ik" for r in alle),
        totaal=len(alle),
        meer=meer,
        antwoorden=tuple(
            replace(a, client=_naam(clienten.get(a.client))) for a in await nieuwe_antwoorden(bezoek, lopend, vandaag)
        ),
        niet_gekeken=max(0, len(lopend) - CLIENTEN_HOOGSTENS),
        regels=gekozen,
        zoek=zoek,
        beurten=tuple(Keuze(w, t, w == beurt) for w, t in BEURTEN),
        voorstellen=tuple(Keuze(w, t, w == voorstel) for w, t in VOORSTELLEN),
    )
    return bezoek.toon("werk/werkvoorraad.html", context)


async def _gevonden(bezoek: Bezoek) -> tuple[list[Json], bool]:
    """De open taken van deze organisatie en de laatst gesloten, met verzoek en cliënt; en of er meer open zijn."""
    vraag = (
        ("code", f"{TAAKSOORT}|behandeling"),
        ("_include", "Task:focus"),
        ("_include", "Task:patient"),
        ("_count", str(PER_VRAAG)),
    )
    open_, meer = await bezoek.deur.zoek_tot("Task", (("status", ",".join(OPEN)), *vraag), BLADZIJDEN)
    laatst = (("status", ",".join(DICHT)), ("_sort", "-_lastUpdated"))
    dicht, _ = await bezoek.deur.zoek_tot("Task", (*laatst, *vraag), 1)
    return [*open_, *dicht], meer


def _regels(gevonden: list[Json], clienten: dict[str, Json], vandaag: date) -> tuple[Regel, ...]:
    verzoeken = {f"DeviceRequest/{i['id']}": i for i in gevonden if i["resourceType"] == "DeviceRequest"}
    regels = [
        regel
        for i in gevonden
        if i["resourceType"] == "Task"
        and code_uit(i.get("code"), TAAKSOORT) == "behandeling"
        and (regel := _regel(i, verzoeken, clienten, vandaag)) is not None
    ]
    return tuple(sorted(regels, key=lambda r: (r.uiterlijk or date.max, r.client)))


def _regel(taak: Json, verzoeken: dict[str, Json], clienten: dict[str, Json], vandaag: date) -> Regel | None:
    behandeling = behandeling_uit_fhir(taak)
    inhoud = verzoeken.get(behandeling.verzoek or "")
    sinds = als_datum(behandeling.gewijzigd_op or behandeling.moment or behandeling.gemaakt_op)
    if not behandeling.open and (sinds is None or (vandaag - sinds).days > GESLOTEN_DAGEN):
        return None
    verzoek = verzoek_uit_fhir(inhoud) if inhoud else Verzoek()
    toets = bewaarde_toets(inhoud) if inhoud else None
    plek = str((taak.get("for") or {}).get("reference"))
    beurt, klein, sleutel = _beurt(behandeling, sinds, vandaag)
    voorstel, voorstel_klein = _voorstel(behandeling, toets, sinds)
    uiterlijk = uiterlijk_van(behandeling, verzoek) if behandeling.open else None
    return Regel(
        adres=f"/intake/{behandeling.id}",
        client=_naam(clienten.get(plek)),
        client_plek=plek,
        vraag=categorie(verzoek.categorie) or verzoek.omschrijving or "Hulpmiddel",
        vraag_klein=_klein(behandeling, verzoek),
        voorstel=voorstel,
        voorstel_klein=voorstel_klein,
        beurt=beurt,
        beurt_klein=klein,
        termijn=badge(uiterlijk, vandaag),
        sleutel_beurt=sleutel,
        sleutel_voorstel=toets.route if toets else "",
        uiterlijk=uiterlijk,
        open=behandeling.open,
    )


def _naam(client: Json | None) -> str:
    return (houder_uit_fhir(client).naam if client else "") or "Naam niet te zien"


def _klein(behandeling: Behandeling, verzoek: Verzoek) -> str:
    if behandeling.ontslagdatum:
        return f"Gaat {dag(behandeling.ontslagdatum)} naar huis"
    if behandeling.spoed:
        return "Spoed"
    return WIJZIGINGEN.get(verzoek.wijziging or "", "")


def _beurt(behandeling: Behandeling, sinds: date | None, vandaag: date) -> tuple[str, str, str]:
    al = werkdagen_tussen(sinds, vandaag) if sinds else 0
    klein = "sinds vandaag" if al < 1 else f"sinds {al} {'werkdag' if al == 1 else 'werkdagen'}"
    if not behandeling.open:
        levert = behandeling.uitkomst in LEVERWEG and behandeling.opdracht is not None
        return ("Leverancier", klein, "leverancier") if levert else ("Niemand", "klaar", "")
    if behandeling.fase is Fase.WACHT_OP_HOUDER:
        return "Cliënt", klein, "client"
    return "U", "", "ik"


def _voorstel(behandeling: Behandeling, toets: Toets | None, sinds: date | None) -> tuple[str, str]:
    if not behandeling.open:
        gedaan = UITKOMST_VOORBIJ.get(behandeling.uitkomst or "", "Ingetrokken")
        return gedaan, f"op {dag(sinds)}" if sinds else ""
    if toets is None:
        return "Nog niet getoetst", ""
    fout = next((g for g in toets.gronden if g.uitkomst != "ja"), None)
    klein = fout.kop if fout else f"{toets.kloppend} van {len(toets.gronden)} gronden"
    return ROUTES.get(toets.route, (toets.route, ""))[0], klein
