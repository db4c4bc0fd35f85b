"""Het functioneel advies lezen in gewone woorden, en op een concept reageren.

De reactie is een eigen formulier van de houder; bij het definitief maken wordt zij deel drie van het advies. Wat
definitief is, verandert niet meer. Bron: ontwerp.md deel 2, docs/fhir-afbeelding.md (*Vragenlijsten*).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, Eissoort, FunctioneelAdvies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import Veld, antwoorden, eigen, formulier, uit_formulier
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.fouten import Melding
from paspoort.paspoort import vind
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, toon

REACTIE: Final = "reactie-advies"
STANDEN: Final = {
    Adviesstatus.CONCEPT: "Dit is een concept. Het kan nog veranderen.",
    Adviesstatus.DEFINITIEF: "Dit advies is klaar. Het verandert niet meer.",
    Adviesstatus.VERVALLEN: "Dit advies geldt niet meer.",
}
# Wat van deel drie en de auteur elders op de bladzijde staat.
ELDERS: Final = frozenset({"deel-eisen", "deel-reactie", "deel-auteur"})


@dataclass(frozen=True, slots=True)
class Antwoord:
    """Een vraag uit het advies met het antwoord, in woorden."""

    vraag: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Eisregel:
    """Wat het hulpmiddel moet kunnen, en waarom."""

    tekst: str
    soort: str
    waarom: str


@dataclass(frozen=True)
class Advies:
    """Het advies. `velden` is leeg als reageren niet (meer) kan."""

    SJABLOON: ClassVar[str] = "houder/advies.html"

    kop: Kop
    id: str
    auteur: str
    op: date | None
    stand: str
    hulpvraag: str
    eisen: tuple[Eisregel, ...]
    antwoorden: tuple[Antwoord, ...]
    reactie: tuple[Antwoord, ...]
    velden: tuple[Veld, ...]
    net_bewaard: bool
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/advies/{id}`: lezen en reageren."""
    hang(router, huis, "/advies/{id}", advies)
    hang(router, huis, "/advies/{id}", reageer, "POST")


async def advies(bezoek: Bezoek) -> Response:
    """Het advies in gewone woorden."""
    boek = await open_boek(bezoek)
    gevonden = _vind(boek, id_van(bezoek))
    return _toon(bezoek, boek, gevonden, _eigen_reactie(boek, gevonden) or _leeg(boek, gevonden), ())


async def reageer(bezoek: Bezoek) -> Response:
    """Bewaar de reactie. Wie nog eens reageert, schrijft een nieuwe; de nieuwste telt."""
    boek = await open_boek(bezoek)
    gevonden = _vind(boek, id_van(bezoek))
    if gevonden.status is not Adviesstatus.CONCEPT:
        return bezoek.naar(f"/advies/{gevonden.id}")
    vorige = _eigen_reactie(boek, gevonden) or _leeg(boek, gevonden)
    response, meldingen = uit_formulier(eigen(REACTIE), bezoek.velden(), {**vorige, "status": "completed"})
    if fouten := [m for m in meldingen if m.ernst == "error"]:
        return _toon(bezoek, boek, gevonden, response, fouten)
    nieuw = {naam: waarde for naam, waarde in response.items() if naam not in ("id", "meta")}
    await bezoek.deur.maak(nieuw | {"authored": boek.nu.isoformat(timespec="seconds")})
    return bezoek.naar(f"/advies/{gevonden.id}?bewaard")


def _toon(
    bezoek: Bezoek, boek: Boek, advies_: FunctioneelAdvies, response: Json, meldingen: list[Melding] | tuple[()]
) -> Response:
    inhoud = boek.inhouden[advies_.verwijzing]
    f = formulier(eigen(REACTIE), response, meldingen)
    fouten = tuple(Fout(r.veld_id or "reactie", r.melding.tekst()) for r in f.fouten)
    concept = advies_.status is Adviesstatus.CONCEPT
    gelezen = antwoorden(inhoud, eigen("functioneel-advies"))
    deel_drie = gelezen if advies_.status is Adviesstatus.DEFINITIEF else antwoorden(response, eigen(REACTIE))
    return toon(
        bezoek,
        Advies(
            kop=kop(bezoek, boek, "hulpmiddelen"),
            id=advies_.id,
            auteur=boek.wie(advies_.auteur),
            op=advies_.geschreven_op,
            stand=STANDEN[advies_.status],
            hulpvraag=advies_.hulpvraag or "",
            eisen=tuple(
                Eisregel(e.tekst, "Wens" if e.soort is Eissoort.WENSELIJK else "Nodig", e.onderbouwing or "")
                for e in advies_.eisen
            ),
            antwoorden=_deel_een(gelezen),
            reactie=_reactie(deel_drie),
            velden=tuple(f.velden()) if concept else (),
            net_bewaard="bewaard" in bezoek.request.query_params,
            fouten=fouten,
        ),
        fouten,
    )


def _deel_een(gelezen: Any) -> tuple[Antwoord, ...]:
    lijst = eigen("functioneel-advies")
    vragen = [v for top in lijst.vragen if top.sleutel not in ELDERS for v in top.boom() if not v.is_groep]
    gevuld = ((v.tekst, gelezen.tekst(v.sleutel)) for v in vragen if v.sleutel != "hulpvraag")
    return tuple(Antwoord(vraag, tekst) for vraag, tekst in gevuld if tekst)


def _reactie(gelezen: Any) -> tuple[Antwoord, ...]:
    gevuld = ((v.tekst, gelezen.tekst(v.sleutel)) for v in eigen(REACTIE).vragen)
    return tuple(Antwoord(vraag, tekst) for vraag, tekst in gevuld if tekst)


def _eigen_reactie(boek: Boek, advies_: FunctioneelAdvies) -> Json | None:
    gevonden = []
    for plek, inhoud in boek.inhouden.items():
        is_reactie = plek.startswith("QuestionnaireResponse/") and f"/{REACTIE}|" in str(inhoud.get("questionnaire"))
        if is_reactie and verwijzing(ext(inhoud, "bij", "valueReference")) == advies_.verwijzing:
            gevonden.append(inhoud)
    return max(gevonden, key=lambda i: str(i.get("meta", {}).get("lastUpdated")), default=None)


def _leeg(boek: Boek, advies_: FunctioneelAdvies) -> Json:
    houder = {"reference": f"Patient/{boek.paspoort.houder.id}"}
    return {
        "resourceType": "QuestionnaireResponse",
        "extension": [{"url": extension("bij"), "valueReference": {"reference": advies_.verwijzing}}],
        "questionnaire": eigen(REACTIE).canonical,
        "status": "completed",
        "subject": houder,
        "author": houder,
    }


def _vind(boek: Boek, id_: str) -> FunctioneelAdvies:
    gevonden = vind(boek.paspoort.adviezen, f"QuestionnaireResponse/{id_}")
    if gevonden is None:
        raise DeurFout(404, ())
    return gevonden
