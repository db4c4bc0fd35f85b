"""Een functioneel advies schrijven: beginnen met wat het paspoort weet, verder schrijven, checken, definitief maken.

De vragen, het vooraf invullen en de check zijn van `paspoort/fhir/vragenlijst`; definitief maken is `$definitief`. Deel
drie schrijft de houder zelf. Werkt zonder JavaScript: een eis erbij of weg is een knop. Bron: beeld `06-advies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import AGB, BIG, extension
from paspoort.fhir.vragenlijst import Formulier, adviescheck, antwoorden, eigen, formulier, uit_formulier, vul_voor
from paspoort.fhir.waarden import ext, objecten, verwijzing
from paspoort.fouten import Melding
from paspoort.toestemming import HIER
from web.advieslijst import Bevinding, Eiskaart, Onderdeel, check_uit, eiskaarten, onderdelen
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag, tijd
from web.boek import Boek, sla_open
from web.deur import DeurFout
from web.werk import Fout, TeGast, Werkkop, fouten_uit, te_gast, werkkop

# wat de adviseur schrijft; deel drie (de reactie) is van de houder
DELEN: Final = ("deel-hulpvraag", "deel-eisen", "deel-auteur")
BEWAARD_TOCH: Final = "Dit advies is intussen op een ander scherm bewaard. Uw tekst staat hieronder. Bewaar opnieuw."
AKKOORD: Final = {"ja": "Eens met het advies", "nee": "Niet eens met het advies", "deels": "Deels eens met het advies"}


@dataclass(frozen=True)
class NieuwContext:
    """Voor u begint: wat er al ingevuld zal zijn, en welk advies u opvolgt."""

    kop: Werkkop
    gast: TeGast
    patient: str
    bekend: int
    volgt_op: str
    concept: str


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
    versie: str
    stand: str
    fouten: tuple[Fout, ...]
    check: tuple[Bevinding, ...]
    vragen: tuple[Bevinding, ...]
    open_vragen: tuple[Bevinding, ...]
    onderdelen: tuple[Onderdeel, ...]
    eisen: tuple[Eiskaart, ...]
    eis_uitleg: str
    reactie: Reactie | None
    gevraagd_op: str
    mag_definitief: bool


def router(huis: Huis) -> APIRouter:
    """`/advies/nieuw/{patient}` en `/advies/{id}/bewerk`."""
    paden = APIRouter()
    paden.add_api_route("/advies/nieuw/{patient}", bladzijde(huis, "therapeut", nieuw), methods=["GET"])
    paden.add_api_route("/advies/nieuw/{patient}", bladzijde(huis, "therapeut", begin), methods=["POST"])
    paden.add_api_route("/advies/{id}/bewerk", bladzijde(huis, "therapeut", bewerk), methods=["GET"])
    paden.add_api_route("/advies/{id}/bewerk", bladzijde(huis, "therapeut", schrijf), methods=["POST"])
    return paden


async def nieuw(bezoek: Bezoek) -> Response:
    """Wat er al bekend is, met één knop om te beginnen."""
    boek = await sla_open(bezoek.deur, str(bezoek.request.path_params["patient"]))
    lijst = eigen("functioneel-advies")
    voorstel, bronnen = vul_voor(lijst, boek.inhouden.values())
    # geteld zoals straks in het concept: per veld dat een bron heeft, zonder de reactie van de houder
    velden = formulier(lijst, voorstel, bronnen=bronnen, alleen=DELEN).velden()
    vorige = _vorige(boek)
    eigen_concept = _eigen_concept(boek, bezoek.actor.functie)
    context = NieuwContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=boek.paspoort.houder.id,
        bekend=sum(bool(v.bronnen) for v in velden),
        volgt_op=dag(vorige.get("authored")) if vorige else "",
        concept=f"/advies/{eigen_concept}/bewerk" if eigen_concept else "",
    )
    return bezoek.toon("werk/advies_nieuw.html", context)


async def begin(bezoek: Bezoek) -> Response:
    """Maak het concept, vooraf ingevuld, en ga schrijven."""
    patient = str(bezoek.request.path_params["patient"])
    boek = await sla_open(bezoek.deur, patient)
    kop: Json = {
        "subject": {"reference": f"Patient/{patient}"},
        "authored": datetime.now(HIER).isoformat(timespec="seconds"),
        "author": {"reference": f"PractitionerRole/{bezoek.actor.functie}"},
    }
    vorige = _vorige(boek)
    if vorige:
        doel = {"reference": f"QuestionnaireResponse/{vorige['id']}"}
        kop = {"extension": [{"url": extension("vervangt"), "valueReference": doel}], **kop}
    wie: dict[str, object] = {"auteur-naam": bezoek.actor.naam}
    wie |= _eerder_over_uzelf(vorige, bezoek.actor.functie)
    if nummer := await _registratienummer(bezoek):
        wie["registratienummer"] = nummer
    response, _ = vul_voor(eigen("functioneel-advies"), boek.inhouden.values(), wie, kop)
    gemaakt = await bezoek.deur.maak(response)
    return bezoek.naar(f"/advies/{gemaakt['id']}/bewerk")


async def bewerk(bezoek: Bezoek) -> Response:
    """Het formulier. Een definitief advies of dat van een ander lees je alleen."""
    advies = await _lees(bezoek)
    if not _eigen_advies(advies, bezoek.actor.functie):
        return bezoek.naar(f"/advies/{advies['id']}/lees")
    boek = await _boek_bij(bezoek, advies)
    extra = ("eis",) if bezoek.request.query_params.get("erbij") == "eis" else ()
    return _toon(bezoek, boek, advies, extra=extra)


async def schrijf(bezoek: Bezoek) -> Response:
    """Bewaar, en doe wat de knop zegt: eis erbij of weg, om een reactie vragen, definitief maken."""
    advies = await _lees(bezoek)
    if not _eigen_advies(advies, bezoek.actor.functie):
        return bezoek.naar(f"/advies/{advies['id']}/lees")
    velden = bezoek.velden()
    response, meldingen = uit_formulier(eigen("functioneel-advies"), velden, advies, DELEN)
    actie = bezoek.veld("actie")
    if meldingen:
        return _toon(bezoek, await _boek_bij(bezoek, advies), response, meldingen)
    if actie == "reactie":
        response = _met_vraag_om_reactie(response)
    response["meta"] = {**advies.get("meta", {}), "versionId": bezoek.veld("versie")}
    try:
        await bezoek.deur.wijzig(response)
        if actie == "definitief":
            await bezoek.deur.operatie("QuestionnaireResponse", str(advies["id"]), "definitief")
    except DeurFout as nee:
        return await _weigering(bezoek, nee, response)
    adres = f"/advies/{advies['id']}"
    if actie == "definitief":
        return bezoek.naar(f"{adres}/lees")
    if velden.get("rij-erbij"):
        return bezoek.naar(f"{adres}/bewerk?erbij=eis#eis-nieuw")
    return bezoek.naar(
        f"{adres}/bewerk#{'reactie' if actie == 'reactie' else 'eisen' if velden.get('rij-weg') else 'top'}"
    )


async def _weigering(bezoek: Bezoek, nee: DeurFout, getypt: Json) -> Response:
    """Wat getypt is blijft staan; alleen wat weg is, is weg."""
    if nee.status not in (400, 409, 412, 422):
        raise nee
    vers = await _lees(bezoek)
    fouten = (Fout(BEWAARD_TOCH),) if nee.status in (409, 412) else fouten_uit(nee.bevindingen)
    tonen = {**getypt, "meta": vers.get("meta", {})}
    return _toon(bezoek, await _boek_bij(bezoek, vers), tonen, fouten=fouten)


def _toon(bezoek: Bezoek, boek: Boek, advies: Json, meldingen: Sequence[Melding] = (),
          fouten: tuple[Fout, ...] = (), extra: tuple[str, ...] = ()) -> Response:  # fmt: skip
    lijst = eigen("functioneel-advies")
    gevonden = [*meldingen] or adviescheck(advies, boek.inhouden.values())
    vorm: Formulier = formulier(lijst, advies, gevonden, extra=extra, alleen=DELEN)
    check = check_uit(vorm)
    reactie = _reactie(boek, str(advies["id"]))
    meta = advies.get("meta", {})
    gevraagd = ext(advies, "reactie-gevraagd", "valueDate")
    context = BewerkContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        id=str(advies["id"]),
        versie=str(meta.get("versionId", "")),
        stand=_stand(meta, vorm),
        fouten=fouten,
        check=check.fouten,
        vragen=check.vragen,
        open_vragen=check.open,
        onderdelen=onderdelen(vorm),
        eisen=eiskaarten(vorm),
        eis_uitleg="Schrijf wat nodig is en waarom. Noem geen merk of type: de leverancier zoekt het product.",
        reactie=reactie,
        gevraagd_op=dag(gevraagd) if gevraagd else "",
        mag_definitief=not (check.fouten or check.open) and reactie is not None,
    )
    return bezoek.toon("werk/advies_bewerk.html", context, 422 if meldingen or fouten else 200)


def _stand(meta: Json, vorm: Formulier) -> str:
    bekend = sum(bool(v.bronnen) for v in vorm.velden())
    totaal = sum(bool(v.waarden) for v in vorm.velden())
    bewaard = f"Bewaard om {tijd(meta['lastUpdated'])}. " if meta.get("lastUpdated") else ""
    return f"{bewaard}{bekend} van de {totaal} antwoorden kwamen uit het paspoort."


async def _lees(bezoek: Bezoek) -> Json:
    return await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))


async def _boek_bij(bezoek: Bezoek, advies: Json) -> Boek:
    return await sla_open(bezoek.deur, (verwijzing(advies.get("subject")) or "").removeprefix("Patient/"))


def _eigen_advies(advies: Json, functie: str | None) -> bool:
    return advies.get("status") == "in-progress" and verwijzing(advies.get("author")) == f"PractitionerRole/{functie}"


def _vorige(boek: Boek) -> Json | None:
    """Het nieuwste definitieve advies: het nieuwe volgt het op."""
    adviezen = boek.paspoort.nieuwste_adviezen
    nieuwste = max(adviezen, key=lambda a: (str(a.geschreven_op or ""), a.id), default=None)
    return boek.inhouden.get(nieuwste.verwijzing) if nieuwste else None


def _eigen_concept(boek: Boek, functie: str | None) -> str | None:
    concepten = [i for plek, i in boek.inhouden.items() if plek.startswith("QuestionnaireResponse/")]
    return next((str(i["id"]) for i in concepten if _is_advies(i) and _eigen_advies(i, functie)), None)


def _is_advies(inhoud: Json) -> bool:
    return str(inhoud.get("questionnaire", "")).split("|")[0].endswith("/functioneel-advies")


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
    return {**response, "extension": [*rest, {"url": url, "valueDate": datetime.now(HIER).date().isoformat()}]}


def _eerder_over_uzelf(vorige: Json | None, functie: str | None) -> dict[str, object]:
    """Wat u in uw vorige advies over uzelf schreef."""
    if vorige is None or verwijzing(vorige.get("author")) != f"PractitionerRole/{functie}":
        return {}
    gegeven = antwoorden(vorige)
    codes = ("auteur-rol", "registratienummer", "behandelaar")
    return {code: waarde for code in codes if (waarde := gegeven.een(code)) is not None}


async def _registratienummer(bezoek: Bezoek) -> str | None:
    """AGB of BIG uit het register, zodat niemand het hoeft over te typen."""
    rol = await bezoek.deur.lees_misschien("PractitionerRole", bezoek.actor.functie or "")
    mens = (verwijzing((rol or {}).get("practitioner")) or "").removeprefix("Practitioner/")
    persoon = await bezoek.deur.lees_misschien("Practitioner", mens) if mens else None
    nummers = {i.get("system"): i.get("value") for i in objecten((persoon or {}).get("identifier"))}
    return nummers.get(AGB) or nummers.get(BIG)
