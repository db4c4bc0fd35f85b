"""Een functioneel advies schrijven: verder typen, checken, om een reactie vragen, definitief maken.

De vragen en de check zijn van `paspoort/fhir/vragenlijst`; definitief maken is `$definitief`. Deel drie schrijft de
houder zelf. Zonder JavaScript is een eis erbij of weg een knop; met script bewaart `therapeut_bewaar.py` vanzelf.
Bron: beeld `06-advies`, besluit 0043.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import Knop, Veld, adviescheck, antwoorden, is_advies, lijst_van
from paspoort.fhir.vragenlijst import knop as lees_knop
from paspoort.fhir.waarden import ext, objecten, verwijzing
from paspoort.fouten import Melding
from web import therapeut_afstemming, therapeut_bewaar, therapeut_daarna, therapeut_nieuw, therapeut_papier
from web.advieslijst import Eiskaart, Onderdeel, eiskaarten, onderdelen
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import Boek, sla_open
from web.deur import DeurFout
from web.therapeut_afstemming import Afstemming, afstemming_van
from web.therapeut_bewaar import BEWAARD_TOCH, Paneel, paneel_uit, sleutel_van
from web.therapeut_invoer import GEEN_KNOP, Invoer, Keus, lees_in, nu_iso, vorm_van
from web.therapeut_nieuw import is_eigen_concept
from web.werk import Fout, TeGast, Werkkop, fouten_uit, te_gast, werkkop

MAL: Final = "eis.nieuw"
AKKOORD: Final = {"ja": "Eens met het advies", "nee": "Niet eens met het advies", "deels": "Deels eens met het advies"}


@dataclass(frozen=True, slots=True)
class Reactie:
    """Wat de houder op dit concept schreef."""

    houder: str
    naasten: str
    akkoord: str


@dataclass(frozen=True)
class BewerkContext:
    """Het concept met de check ernaast."""

    kop: Werkkop
    gast: TeGast
    id: str
    titel: str
    versie: str
    sleutel: str
    opnieuw: bool
    paneel: Paneel
    fouten: tuple[Fout, ...]
    keuzes: tuple[Keus, ...]
    onderdelen: tuple[Onderdeel, ...]
    eisen: tuple[Eiskaart, ...]
    eisen_na_te_kijken: tuple[str, ...]
    nieuwe_eis: Eiskaart | None
    reactie: Reactie | None
    gevraagd_op: str
    afstemming: Afstemming


def router(huis: Huis) -> APIRouter:
    """`/advies/nieuw/{patient}`, `/advies/{id}/bewerk` en wat daarbij hoort."""
    paden = therapeut_nieuw.router(huis)
    paden.include_router(therapeut_papier.router(huis))
    paden.add_api_route("/advies/{id}/bewerk", bladzijde(huis, "therapeut", bewerk), methods=["GET"])
    paden.add_api_route("/advies/{id}/bewerk", bladzijde(huis, "therapeut", schrijf), methods=["POST"])
    paden.include_router(therapeut_afstemming.router(huis))
    paden.include_router(therapeut_daarna.router(huis))
    return paden


async def bewerk(bezoek: Bezoek) -> Response:
    """Het formulier. Een definitief advies of dat van een ander lees je alleen."""
    advies = await _lees(bezoek)
    if not is_eigen_concept(advies, bezoek.actor.functie):
        return bezoek.naar(f"/advies/{advies['id']}/lees")
    boek = await _boek_bij(bezoek, advies)
    erbij = tuple(bezoek.request.query_params.getlist("erbij"))[:1]
    return await _toon(bezoek, boek, advies, knop=Knop(bool(erbij), erbij, {}))


async def schrijf(bezoek: Bezoek) -> Response:
    """Bewaar, en doe wat de knop zegt: een rij erbij of weg, om een reactie vragen, definitief maken."""
    advies = await _lees(bezoek)
    vanzelf = "application/json" in bezoek.request.headers.get("accept", "")
    if not is_eigen_concept(advies, bezoek.actor.functie):
        return therapeut_bewaar.klaar() if vanzelf else bezoek.naar(f"/advies/{advies['id']}/lees")
    if vanzelf:
        return await therapeut_bewaar.bewaar(bezoek, advies)
    invoer = await lees_in(bezoek, advies)
    knop = lees_knop(bezoek.velden())
    if knop.zoek or "bijwerken" in bezoek.velden():  # alleen opnieuw tonen; wat gezocht wordt, hoort in geen adres
        tonen = {**invoer.getoond, "meta": {**advies.get("meta", {}), "versionId": bezoek.veld("versie")}}
        return await _toon(bezoek, await _boek_bij(bezoek, advies), tonen, knop=knop)
    if invoer.meldingen or invoer.keuzes:
        return await _opnieuw(bezoek, advies, invoer)
    response, actie, adres = invoer.response, bezoek.veld("actie"), f"/advies/{advies['id']}"
    if actie == "reactie":
        response = _met_vraag_om_reactie(response)
    response = {**response, "meta": advies.get("meta", {})}
    try:
        await bezoek.deur.wijzig(response)
        if actie == "definitief":
            await bezoek.deur.operatie("QuestionnaireResponse", str(advies["id"]), "definitief")
    except DeurFout as nee:
        return await _weigering(bezoek, nee, response)
    if actie == "definitief":
        return bezoek.naar(f"{adres}/lees")
    if erbij := bezoek.veld("rij-erbij"):
        plek = "eis-nieuw" if erbij == "eis" else erbij.replace(".", "-")
        return bezoek.naar(f"{adres}/bewerk?erbij={erbij}#{plek}")
    plek = {"reactie": "reactie", "afstemming": "afstemming"}.get(actie, "eisen" if bezoek.veld("rij-weg") else "top")
    return bezoek.naar(f"{adres}/bewerk#{plek}")


async def _opnieuw(bezoek: Bezoek, advies: Json, invoer: Invoer) -> Response:
    """Niets bewaard: iets is niet te lezen, of op twee schermen anders. Wat getypt is, staat er."""
    boek = await _boek_bij(bezoek, advies)
    fouten = (Fout(BEWAARD_TOCH, "keuzes"),) if invoer.keuzes else ()
    return await _toon(bezoek, boek, {**invoer.getoond, "meta": advies.get("meta", {})}, meldingen=invoer.meldingen,
                 fouten=fouten, keuzes=invoer.keuzes)  # fmt: skip


async def _weigering(bezoek: Bezoek, nee: DeurFout, getypt: Json) -> Response:
    """Wat getypt is blijft staan; alleen wat weg is, is weg."""
    if nee.status not in (400, 409, 412, 422):
        raise nee
    vers = await _lees(bezoek)
    botst = nee.status in (409, 412)
    fouten = (Fout("Dit advies veranderde net op een ander scherm. Bewaar opnieuw."),) if botst else ()
    # na een botsing blijft de oude versie staan: de volgende keer voegen wij samen
    tonen = {**getypt, "meta": getypt.get("meta", {}) if botst else vers.get("meta", {})}
    return await _toon(bezoek, await _boek_bij(bezoek, vers), tonen, fouten=fouten or fouten_uit(nee.bevindingen))


async def _toon(
    bezoek: Bezoek,
    boek: Boek,
    advies: Json,
    meldingen: Sequence[Melding] = (),
    fouten: tuple[Fout, ...] = (),
    knop: Knop = GEEN_KNOP,
    keuzes: tuple[Keus, ...] = (),
) -> Response:
    gevonden = [*meldingen] or adviescheck(advies, boek.inhouden.values(), boek.vandaag)
    vorm = vorm_van(advies, gevonden, knop, boek.inhouden.values())
    kaarten = eiskaarten(vorm)
    reactie = _reactie(boek, str(advies["id"]))
    gevraagd = ext(advies, "reactie-gevraagd", "valueDate")
    met_leeg = vorm_van(advies, knop=Knop(True, ("eis",), {}), rond=boek.inhouden.values())
    leeg = [k for k in eiskaarten(met_leeg) if k.nieuw]
    context = BewerkContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        id=str(advies["id"]),
        titel=lijst_van(advies).titel,
        versie=str(advies.get("meta", {}).get("versionId", "")),
        sleutel=sleutel_van(bezoek, str(advies["id"])),
        opnieuw=bool(meldingen or fouten or keuzes),
        paneel=paneel_uit(vorm, advies, reactie is not None, te_gast(boek, bezoek.actor).voornaam),
        fouten=fouten,
        keuzes=keuzes,
        onderdelen=onderdelen(vorm),
        eisen=kaarten,
        eisen_na_te_kijken=_na_te_kijken(kaarten),
        nieuwe_eis=_als_mal(leeg[-1]) if leeg else None,
        reactie=reactie,
        gevraagd_op=dag(gevraagd) if gevraagd else "",
        afstemming=await afstemming_van(bezoek, boek, advies),
    )
    return bezoek.toon("werk/advies_bewerk.html", context, 422 if context.opnieuw else 200)


async def _lees(bezoek: Bezoek) -> Json:
    """Het advies. 404 als dit iets anders is."""
    gevonden = await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))
    if not is_advies(gevonden):
        raise DeurFout(404, ())
    return gevonden


async def _boek_bij(bezoek: Bezoek, advies: Json) -> Boek:
    return await sla_open(bezoek.deur, (verwijzing(advies.get("subject")) or "").removeprefix("Patient/"))


def _na_te_kijken(kaarten: Sequence[Eiskaart]) -> tuple[str, ...]:
    """De antwoorden in eisen uit een eerder advies waarvan u nog niet zei dat zij kloppen."""
    velden = (v for k in kaarten for v in (*k.links, *k.rechts))
    return tuple(v.naam for v in velden if v.bronnen and not v.bevestigd)


def _als_mal(kaart: Eiskaart) -> Eiskaart:
    """De lege eis als voorbeeld voor het script: zonder nummer, zodat zij geen veld van het formulier is."""

    def mal(veld: Veld) -> Veld:
        naam = veld.naam.replace(f"{kaart.naam}.", f"{MAL}.")
        return replace(veld, naam=naam, id=naam.replace(".", "-"))

    links, rechts = tuple(mal(v) for v in kaart.links), tuple(mal(v) for v in kaart.rechts)
    return replace(kaart, id=MAL.replace(".", "-"), naam=MAL, links=links, rechts=rechts)


def _reactie(boek: Boek, id_: str) -> Reactie | None:
    """De nieuwste reactie van de houder op dit concept."""
    plek = f"QuestionnaireResponse/{id_}"
    gevonden = [i for i in boek.inhouden.values() if verwijzing(ext(i, "bij", "valueReference")) == plek]
    if not gevonden:
        return None
    gegeven = antwoorden(max(gevonden, key=lambda i: str(i.get("meta", {}).get("lastUpdated", ""))))
    return Reactie(
        gegeven.tekst("reactie-houder") or "",
        gegeven.tekst("reactie-naasten") or "",
        AKKOORD.get(str(gegeven.een("akkoord")), ""),
    )


def _met_vraag_om_reactie(response: Json) -> Json:
    url = extension("reactie-gevraagd")
    rest = [e for e in objecten(response.get("extension")) if e.get("url") != url]
    return {**response, "extension": [*rest, {"url": url, "valueDate": nu_iso()[:10]}]}
