"""*Uw ergotherapeut stelt voor dit op te slaan*: wat een definitief advies over de houder zegt, één voor één of samen.

Overnemen maakt er een gewoon gegeven van; niet overnemen laat alleen het advies zelf over. De deur doet het werk
(`$neem-over`, `$wijs-af`). Bron: issue 5 §2 en §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import als_object, deel, extensies, verwijzing
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.advies import vind_advies
from web.houder.advies_voorgesteld import staat_er_al, voorstellen_bij
from web.houder.kader import Kop, hang, id_van, kop, open_boek, toon
from web.woorden import naam_van

SOORTEN: Final = {
    "Condition": "Over uw gezondheid",
    "Observation": "Een maat, of wat wel en niet lukt",
    "Goal": "Een doel",
    "DeviceUseStatement": "Bij een hulpmiddel",
}
OPERATIE: Final = {"ja": "neem-over", "nee": "wijs-af"}


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén voorstel; `plek` is `Type/id`."""

    plek: str
    soort: str
    tekst: str
    staat_er_al: bool


@dataclass(frozen=True)
class Voorstellen:
    """Waarover de houder nog kiest."""

    SJABLOON: ClassVar[str] = "houder/advies_voorstellen.html"

    kop: Kop
    id: str
    auteur: str
    regels: tuple[Regel, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/advies/{id}/voorstellen`."""
    hang(router, huis, "/advies/{id}/voorstellen", voorstellen)
    hang(router, huis, "/advies/{id}/voorstellen", kies, "POST")


async def voorstellen(bezoek: Bezoek) -> Response:
    """De lijst."""
    boek = await open_boek(bezoek)
    advies = vind_advies(boek, id_van(bezoek))
    dubbel = staat_er_al(bezoek, boek, advies)
    regels = tuple(_regel(boek, i, i["id"] in dubbel) for i in voorstellen_bij(boek, advies))
    volgorde = list(SOORTEN.values())
    context = Voorstellen(
        kop=kop(bezoek, boek, "hulpmiddelen"),
        id=advies.id,
        auteur=boek.wie(advies.auteur),
        regels=tuple(sorted(regels, key=lambda r: (volgorde.index(r.soort), r.tekst))),
    )
    return toon(bezoek, context)


async def kies(bezoek: Bezoek) -> Response:
    """Eén knop: `ja:Type/id`, `nee:Type/id`, of `ja`/`nee` voor alles. Wat al gekozen is, blijft zoals het is.

    Bij alles tegelijk blijft liggen wat er al staat: opslaan maakte het dubbel, afwijzen zou zeggen dat het niet klopt.
    """
    boek = await open_boek(bezoek)
    advies = vind_advies(boek, id_van(bezoek))
    wat, _, plek = bezoek.veld("kies").partition(":")
    if wat not in OPERATIE:
        return bezoek.naar(f"/advies/{advies.id}/voorstellen")
    alle = [f"{i['resourceType']}/{i['id']}" for i in voorstellen_bij(boek, advies)]
    dubbel = () if plek else staat_er_al(bezoek, boek, advies)
    for hier in [p for p in alle if plek in ("", p)]:
        type_, _, id_ = hier.partition("/")
        if id_ in dubbel:
            continue
        try:
            await bezoek.deur.operatie(type_, id_, OPERATIE[wat])
        except DeurFout as nee:  # op een ander scherm al gekozen
            if nee.status not in (404, 409, 422):
                raise
    over = plek and len(alle) > 1
    net = "stond-er-al" if dubbel and wat == "ja" else "voorstellen"
    return bezoek.naar(f"/advies/{advies.id}/voorstellen" if over else f"/advies/{advies.id}?{net}")


def _regel(boek: Boek, inhoud: Json, staat_er_al: bool) -> Regel:
    type_ = str(inhoud["resourceType"])
    return Regel(f"{type_}/{inhoud['id']}", SOORTEN[type_], _tekst(boek, inhoud), staat_er_al)


def _tekst(boek: Boek, inhoud: Json) -> str:
    """Het voorstel in één regel, zoals het straks in het paspoort staat."""
    if inhoud["resourceType"] == "DeviceUseStatement":
        bij = next((verwijzing(deel(e, "bij", "valueReference")) for e in extensies(inhoud, "voorstel")), None)
        gebruik = boek.paspoort.gebruik(bij) if bij else None
        hulpmiddel = boek.hulpmiddel_van(gebruik) or boek.paspoort.hulpmiddel(verwijzing(inhoud.get("device")))
        return f"Dit advies hoort bij: {naam_van(hulpmiddel)}"
    if inhoud["resourceType"] == "Goal":
        return _concept(inhoud.get("description"))
    naam = _concept(inhoud.get("code"))
    maat = als_object(inhoud.get("valueQuantity"))
    if maat.get("value") is not None:
        return f"{naam}: {str(maat['value']).replace('.', ',')} {maat.get('unit', '')}".strip()
    tekst = str(inhoud.get("valueString") or "") or _concept(inhoud.get("valueCodeableConcept"))
    return f"{naam}: {tekst}" if tekst and naam else tekst or naam or "Een gegeven zonder naam"


def _concept(waarde: object) -> str:
    concept = als_object(waarde)
    codings = concept.get("coding") or [{}]
    return str(concept.get("text") or codings[0].get("display") or "")
