"""Anders beslissen dan het voorstel, of beslissen na een onderzoek: uitkomst, reden, leverancier, afwijkingen per eis.

Een afwijking van het advies en een afwijzing hebben een reden nodig (N3.1); dat bewaakt `$beslis`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Fase
from paspoort.fhir.stelsels import codestelsel
from web.adviestekst import leeseisen
from web.bezoek import Bezoek, Huis, bladzijde
from web.consulent_feiten import titel
from web.consulent_intake import Zaak, naar_fase, open_zaak
from web.deur import Bevinding, DeurFout
from web.gesprek import HOOGSTENS, bericht
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop
from web.werkwoorden import UITKOMSTEN

# begin van de plek die de deur noemt → id van het veld
VELD_BIJ_PLEK: Final = (
    ("name='motivering'", "motivering"),
    ("name='leverancier'", "leverancier"),
    ("name='uitkomst'", "uitkomst"),
    ("afwijking", "afwijkingen"),
)
WACHTEN: Final = "wachten"


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén uitkomst of leverancier."""

    waarde: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Afwijkveld:
    """Eén eis met de velden om ervan af te wijken."""

    nummer: int
    eis: str
    soort: str
    volgt: bool
    reden: str
    alternatief: str


@dataclass(frozen=True)
class AndersContext:
    """Het formulier; wat getypt was, blijft staan."""

    kop: Werkkop
    gast: TeGast
    id: str
    titel: str
    uitkomsten: tuple[Keuze, ...]
    motivering: str
    leveranciers: tuple[Keuze, ...]
    afwijkingen: tuple[Afwijkveld, ...]
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/intake/{id}/anders`."""
    paden = APIRouter()
    paden.add_api_route("/intake/{id}/anders", bladzijde(huis, "consulent", toon), methods=["GET"])
    paden.add_api_route("/intake/{id}/anders", bladzijde(huis, "consulent", beslis), methods=["POST"])
    return paden


async def toon(bezoek: Bezoek) -> Response:
    """Het lege formulier."""
    zaak = await open_zaak(bezoek)
    if not zaak.behandeling.open:
        return bezoek.naar(f"/intake/{zaak.behandeling.id}")
    return await _toon(bezoek, zaak, ())


async def beslis(bezoek: Bezoek) -> Response:
    """Neem het besluit, of leg de vraag bij de cliënt terug."""
    zaak = await open_zaak(bezoek)
    uitkomst = bezoek.veld("uitkomst")
    if not uitkomst:
        return await _toon(bezoek, zaak, (Fout("Kies wat u beslist.", "uitkomst"), *_zonder_reden(bezoek, zaak)))
    fouten = _zonder_vraag(bezoek) if uitkomst == WACHTEN else _zonder_reden(bezoek, zaak)
    if fouten:
        return await _toon(bezoek, zaak, fouten)
    try:
        if uitkomst == WACHTEN:
            await _vraag_client(bezoek, zaak)
        else:
            await bezoek.deur.operatie("Task", zaak.behandeling.id, "beslis", _parameters(bezoek, zaak))
    except DeurFout as nee:
        if nee.status not in (400, 403, 409, 412, 422):
            raise
        return await _toon(bezoek, zaak, tuple(_fout(b) for b in nee.bevindingen))
    return bezoek.naar(f"/intake/{zaak.behandeling.id}")


async def _vraag_client(bezoek: Bezoek, zaak: Zaak) -> None:
    """De vraag en de beurt gaan samen: wie aan de beurt is, leest wat er van haar gevraagd wordt."""
    taak, houder = zaak.behandeling.verwijzing, f"Patient/{zaak.boek.paspoort.houder.id}"
    van = f"PractitionerRole/{bezoek.actor.functie}"
    vraag = bericht(zaak.boek, taak, van, (houder, zaak.boek.huis(van)), bezoek.veld("motivering"))
    await bezoek.deur.samen(vraag, naar_fase(zaak, Fase.WACHT_OP_HOUDER, "on-hold"))


def _zonder_vraag(bezoek: Bezoek) -> tuple[Fout, ...]:
    woorden = bezoek.veld("motivering")
    if not woorden:
        return (Fout("Schrijf wat u van uw cliënt wilt weten.", "motivering"),)
    if len(woorden) > HOOGSTENS:
        return (Fout(f"Dit is te lang. Gebruik hoogstens {HOOGSTENS} tekens.", "motivering"),)
    return ()


def _parameters(bezoek: Bezoek, zaak: Zaak) -> list[dict[str, Any]]:
    uit: list[dict[str, Any]] = [{"name": "uitkomst", "valueCode": bezoek.veld("uitkomst")}]
    if motivering := bezoek.veld("motivering"):
        uit.append({"name": "motivering", "valueString": motivering})
    if leverancier := bezoek.veld("leverancier"):
        uit.append({"name": "leverancier", "valueReference": {"reference": leverancier}})
    for veld in _afwijkvelden(bezoek, zaak):
        if veld.volgt:
            continue
        delen = [{"name": "eis", "valueString": veld.eis}]
        delen += [{"name": "reden", "valueString": veld.reden}] if veld.reden else []
        delen += [{"name": "alternatief", "valueString": veld.alternatief}] if veld.alternatief else []
        uit.append({"name": "afwijking", "part": delen})
    return uit


def _afwijkvelden(bezoek: Bezoek, zaak: Zaak) -> tuple[Afwijkveld, ...]:
    """De eisen van het nieuwste advies, noodzakelijk eerst. Zonder keuze volgt u een eis."""
    adviezen = zaak.boek.paspoort.nieuwste_adviezen
    advies = max(adviezen, key=lambda a: (str(a.geschreven_op or ""), a.id), default=None)
    inhoud = zaak.boek.inhouden.get(advies.verwijzing) if advies else None
    return tuple(
        Afwijkveld(
            e.nummer,
            e.tekst,
            "Wenselijk" if e.wens else "Noodzakelijk",
            bezoek.veld(f"volgt-{e.nummer}") != "nee",
            bezoek.veld(f"reden-{e.nummer}"),
            bezoek.veld(f"alternatief-{e.nummer}"),
        )
        for e in (leeseisen(inhoud) if inhoud else ())
    )


def _zonder_reden(bezoek: Bezoek, zaak: Zaak) -> tuple[Fout, ...]:
    """Elke eis die u niet volgt, heeft een reden die de cliënt kan lezen (N3.1)."""
    return tuple(
        Fout(f"Schrijf waarom u eis {v.nummer} niet volgt.", f"reden-{v.nummer}")
        for v in _afwijkvelden(bezoek, zaak)
        if not v.volgt and not v.reden
    )


async def _toon(bezoek: Bezoek, zaak: Zaak, fouten: tuple[Fout, ...]) -> Response:
    gekozen = bezoek.veld("uitkomst")
    namen = [*UITKOMSTEN.items(), (WACHTEN, "Nog niet: eerst een vraag aan de cliënt")]
    soort = f"{codestelsel('organisatiesoort')}|leverancier"
    leveranciers = await bezoek.deur.zoek_met("Organization", [("type", soort), ("_count", "200")])
    nu = bezoek.veld("leverancier")
    context = AndersContext(
        kop=werkkop(bezoek, "werkvoorraad"),
        gast=te_gast(zaak.boek, bezoek.actor, zaak.behandeling.doel),
        id=zaak.behandeling.id,
        titel=titel(zaak.boek, zaak.verzoek),
        uitkomsten=tuple(Keuze(w, t, w == gekozen) for w, t in namen),
        motivering=bezoek.veld("motivering"),
        leveranciers=tuple(
            Keuze(plek, str(o.get("name", "")), plek == nu)
            for o in sorted(leveranciers, key=lambda o: str(o.get("name", "")))
            for plek in [f"Organization/{o['id']}"]
        ),
        afwijkingen=_afwijkvelden(bezoek, zaak),
        fouten=fouten,
    )
    return bezoek.toon("werk/anders.html", context, 422 if fouten else 200)


def _fout(bevinding: Bevinding) -> Fout:
    return Fout(bevinding.tekst, next((veld for stuk, veld in VELD_BIJ_PLEK if stuk in bevinding.plek), "uitkomst"))
