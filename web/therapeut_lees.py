"""Een advies lezen zoals u het mag zien: definitief met zijn zegel, of het concept van een ander. Verandert niets."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.vragenlijst import formulier, is_advies, lijst_van
from paspoort.fhir.waarden import code_uit, objecten, verwijzing
from web.advieslijst import alle_velden, eiskaarten, leesbaar, onderdelen
from web.bezoek import Bezoek
from web.bladzijde import dag, tijd
from web.boek import Boek, sla_open
from web.deur import DeurFout
from web.werk import Feit, TeGast, Werkkop, te_gast, werkkop

DEEL_DRIE = ("reactie-houder", "reactie-naasten", "akkoord", "vervolg-betrokken", "contact-auteur")


@dataclass(frozen=True, slots=True)
class Zegel:
    """Wie het advies sloot en wanneer; `versie` is precies de versie die verzegeld is."""

    door: str
    op: str
    soort: str
    versie: str


@dataclass(frozen=True, slots=True)
class Leesdeel:
    """Een kop met antwoorden."""

    id: str
    titel: str
    antwoorden: tuple[Feit, ...]


@dataclass(frozen=True, slots=True)
class Leeseis:
    """Eén eis, met alles wat u ervan mag zien."""

    nummer: int
    tekst: str
    soort: str
    meer: tuple[Feit, ...]


@dataclass(frozen=True)
class LeesContext:
    """Het advies."""

    kop: Werkkop
    gast: TeGast
    definitief: bool
    wanneer: str
    door: str
    zegel: Zegel | None
    delen_: tuple[Leesdeel, ...]
    eisen: tuple[Leeseis, ...]


async def lees_advies(bezoek: Bezoek) -> Response:
    """Het advies voor zover u het ziet; de route staat in `consulent_advies.py`. 404 als dit geen advies is."""
    inhoud = await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))
    if not is_advies(inhoud):
        raise DeurFout(404, ())
    boek = await sla_open(bezoek.deur, (verwijzing(inhoud.get("subject")) or "").removeprefix("Patient/"))
    vorm = formulier(lijst_van(inhoud), inhoud)
    delen_ = [
        Leesdeel(
            o.id,
            o.titel,
            tuple(Feit(v.label, t) for d in (*o.bekend, *o.velden) for v in alle_velden(d) if (t := leesbaar(v))),
        )
        for o in onderdelen(vorm)
    ]
    context = LeesContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        definitief=inhoud.get("status") in ("completed", "amended"),
        wanneer=dag(inhoud.get("authored")) if inhoud.get("authored") else "",
        door=boek.wie(verwijzing(inhoud.get("author"))) if boek.heeft(verwijzing(inhoud.get("author"))) else "",
        zegel=_zegel(boek, str(inhoud["id"])),
        delen_=tuple(d for d in delen_ if d.antwoorden),
        eisen=tuple(
            Leeseis(
                k.nummer,
                k.tekst,
                k.soort,
                tuple(
                    Feit(v.label, leesbaar(v))
                    for v in (*k.links, *k.rechts)
                    if v.code not in ("eis-tekst", "eis-soort") and v.waarden
                ),
            )
            for k in eiskaarten(vorm)
            if k.tekst
        ),
    )
    return bezoek.toon("werk/advies_lees.html", context)


def _zegel(boek: Boek, id_: str) -> Zegel | None:
    for inhoud in boek.inhouden.values():
        if inhoud["resourceType"] == "Provenance" and _sluit(inhoud, id_):
            handtekening = next(iter(objecten(inhoud.get("signature"))), None)
            wie = verwijzing((objecten(inhoud.get("agent")) or [{}])[0].get("who"))
            op = str(inhoud.get("recorded", ""))
            return Zegel(
                door=boek.wie(wie) if boek.heeft(wie) else "de schrijver",
                op=f"{dag(op)}, {tijd(op)}" if op else "",
                soort="ES256" if handtekening else "",
                versie=_versie(inhoud, id_),
            )
    return None


def _sluit(provenance: Json, id_: str) -> bool:
    soort = code_uit(provenance.get("activity"), codestelsel("gebeurtenis"))
    return soort == "definitief" and any(verwijzing(t) == f"QuestionnaireResponse/{id_}" for t in _doelen(provenance))


def _doelen(provenance: Json) -> list[Json]:
    return objecten(provenance.get("target"))


def _versie(provenance: Json, id_: str) -> str:
    plekken = [str(t.get("reference", "")) for t in _doelen(provenance)]
    return next((p.rpartition("/")[2] for p in plekken if f"/{id_}/_history/" in p), "")
