"""Het functioneel advies lezen in gewone woorden, en op een concept reageren.

De reactie is een eigen formulier van de houder; bij het definitief maken wordt zij deel drie van het advies. Wat
definitief is, verandert niet meer. Meelezen, voorstellen en weghalen hebben een eigen bestand. Bron: issue 5 §4,
ontwerp.md deel 2, docs/fhir-afbeelding.md (*Vragenlijsten*).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import Veld, Verschil, antwoorden, eigen, formulier, uit_formulier
from paspoort.fhir.waarden import ext, verwijzing
from paspoort.fouten import Melding as Bevinding
from paspoort.paspoort import vind
from web.adviestekst import REACTIE as DEEL_DRIE
from web.adviestekst import Antwoord, Leesdeel, Leeseis, feiten, leesdelen, leeseisen, titel, verschillen
from web.adviesverloop import Bericht, Gevolg, Verloop, gevolgen, verloop
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.advies_stand import (
    STANDEN,
    Meelezer,
    Melding,
    geschreven_door,
    is_van_papier,
    meelezers,
    meldingen,
)
from web.houder.advies_voorgesteld import te_kiezen
from web.houder.advies_woorden import KOPPEN, VRAGEN, Woord, moeilijke_woorden
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, toon
from web.therapeut_bewaar import sleutel_van

REACTIE: Final = "reactie-advies"
NET: Final = {
    "bewaard": "Uw reactie is bewaard.",
    "meelezen": "Uw keuze is bewaard.",
    "voorstellen": "Uw keuze is bewaard. U vindt wat u overnam in uw paspoort.",
    "stond-er-al": "Uw keuze is bewaard. Wat al in uw paspoort stond, is niet nog eens opgeslagen.",
}


@dataclass(frozen=True)
class Advies:
    """Het advies. `velden` is leeg als reageren niet (meer) kan."""

    SJABLOON: ClassVar[str] = "houder/advies.html"

    kop: Kop
    id: str
    titel: str
    auteur: str
    op: date | None
    stand: str
    net: str
    net_bewaard: bool
    stand_reactie: str
    meldingen: tuple[Melding, ...]
    hulpvraag: str
    nodig: tuple[Leeseis, ...]
    open_eisen: tuple[Leeseis, ...]
    wensen: tuple[Leeseis, ...]
    meelezers: tuple[Meelezer, ...]
    voorstellen: int
    delen: tuple[Leesdeel, ...]
    woorden: tuple[Woord, ...]
    vorige: date | None
    verschillen: tuple[Verschil, ...]
    opmerkingen: tuple[Bericht, ...]
    vragen: tuple[Bericht, ...]
    gevolgen: tuple[Gevolg, ...]
    reactie: tuple[Antwoord, ...]
    velden: tuple[Veld, ...]
    sleutel: str
    papier: str
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/advies/{id}`: lezen en reageren."""
    hang(router, huis, "/advies/{id}", advies)
    hang(router, huis, "/advies/{id}", reageer, "POST")


async def advies(bezoek: Bezoek) -> Response:
    """Het advies in gewone woorden."""
    boek = await open_boek(bezoek)
    gevonden = vind_advies(boek, id_van(bezoek))
    return _toon(bezoek, boek, gevonden, eigen_reactie(boek, gevonden) or _leeg(boek, gevonden), ())


async def reageer(bezoek: Bezoek) -> Response:
    """Bewaar de reactie. Wie nog eens reageert, schrijft een nieuwe; de nieuwste telt."""
    boek = await open_boek(bezoek)
    gevonden = vind_advies(boek, id_van(bezoek))
    if gevonden.status is not Adviesstatus.CONCEPT:
        return bezoek.naar(f"/advies/{gevonden.id}")
    vorige = eigen_reactie(boek, gevonden) or _leeg(boek, gevonden)
    response, bevindingen = uit_formulier(eigen(REACTIE), bezoek.velden(), {**vorige, "status": "completed"})
    if fouten := [m for m in bevindingen if m.ernst == "error"]:
        return _toon(bezoek, boek, gevonden, response, fouten)
    nieuw = {naam: waarde for naam, waarde in response.items() if naam not in ("id", "meta")}
    await bezoek.deur.maak(nieuw | {"authored": boek.nu.isoformat(timespec="seconds")})
    return bezoek.naar(f"/advies/{gevonden.id}?bewaard")


def vind_advies(boek: Boek, id_: str) -> FunctioneelAdvies:
    """Het advies in het eigen paspoort. `DeurFout` 404 als het er niet is."""
    gevonden = vind(boek.paspoort.adviezen, f"QuestionnaireResponse/{id_}")
    if gevonden is None:
        raise DeurFout(404, ())
    return gevonden


def _toon(
    bezoek: Bezoek, boek: Boek, advies_: FunctioneelAdvies, response: Json, bevindingen: list[Bevinding] | tuple[()]
) -> Response:
    inhoud = boek.inhouden[advies_.verwijzing]
    f = formulier(eigen(REACTIE), response, bevindingen)
    fouten = tuple(Fout(r.veld_id or "reactie", r.melding.tekst()) for r in f.fouten)
    concept = advies_.status is Adviesstatus.CONCEPT
    eisen, delen, v = leeseisen(inhoud), _delen(inhoud), verloop(boek, advies_.id)
    vorige = boek.inhouden.get(advies_.vervangt or "")
    gelezen = [advies_.hulpvraag or "", *_teksten(eisen), *(a.tekst for d in delen for a in d.antwoorden)]
    query = bezoek.request.query_params
    papier = verwijzing(ext(inhoud, "uit-document", "valueReference")) or ""
    return toon(
        bezoek,
        Advies(
            kop=kop(bezoek, boek, "hulpmiddelen"),
            id=advies_.id,
            titel=titel(inhoud),
            auteur=geschreven_door(boek, advies_, inhoud) or boek.wie(advies_.auteur),
            op=advies_.geschreven_op,
            stand=_stand(boek, advies_, inhoud, v),
            net=next((zin for naam, zin in NET.items() if naam in query), ""),
            net_bewaard="bewaard" in query and not fouten,
            stand_reactie=str((eigen_reactie(boek, advies_) or {}).get("id") or "geen"),
            meldingen=tuple(meldingen(boek, advies_, v)),
            hulpvraag=advies_.hulpvraag or "",
            nodig=tuple(e for e in eisen if e.soort and not e.wens),
            open_eisen=tuple(e for e in eisen if not e.soort),
            wensen=tuple(e for e in eisen if e.wens),
            meelezers=meelezers(boek, advies_) if concept else (),
            voorstellen=len(te_kiezen(bezoek, boek, advies_)),
            delen=delen,
            woorden=moeilijke_woorden(gelezen),
            vorige=als_datum(vorige.get("authored")) if vorige else None,
            verschillen=verschillen(vorige, inhoud),
            opmerkingen=v.opmerkingen,
            vragen=v.vragen,
            gevolgen=gevolgen(boek, advies_),
            reactie=_reactie(inhoud, response, advies_),
            velden=tuple(f.velden()) if concept else (),
            sleutel=sleutel_van(bezoek, f"reactie-{advies_.id}") if concept else "",
            papier=f"/papier/{papier.partition('/')[2]}" if papier else "",
            fouten=fouten,
        ),
        fouten,
    )


def _stand(boek: Boek, advies_: FunctioneelAdvies, inhoud: Json, v: Verloop) -> str:
    """Hoe ver het advies is; bij papier wie het erbij zette, als dat niet de houder zelf was."""
    houder = f"Patient/{boek.paspoort.houder.id}"
    if is_van_papier(inhoud):
        return f"Toegevoegd door {boek.wie(advies_.auteur)}." if advies_.auteur not in (None, houder) else ""
    return "" if v.laatste("ingetrokken") else STANDEN[advies_.status]


def _teksten(eisen: tuple[Leeseis, ...]) -> list[str]:
    return [t for e in eisen for t in (e.tekst, e.onderbouwing, e.omstandigheden, e.gevolg, e.doel)]


def _delen(inhoud: Json) -> tuple[Leesdeel, ...]:
    """De rest van het advies, met vragen in de woorden van de houder."""
    return tuple(
        Leesdeel(
            d.id,
            KOPPEN.get(d.id, d.titel),
            tuple(Antwoord(a.code, VRAGEN.get(a.code, a.vraag), a.tekst) for a in d.antwoorden),
        )
        for d in leesdelen(inhoud)
    )


def _reactie(inhoud: Json, response: Json, advies_: FunctioneelAdvies) -> tuple[Antwoord, ...]:
    """Wat de houder vond: bij een concept de eigen reactie, daarna deel drie van het advies."""
    lijst = eigen(REACTIE)
    if advies_.status is Adviesstatus.CONCEPT:
        gelezen = antwoorden(response, lijst)
        return tuple(Antwoord(v.sleutel, v.tekst, t) for v in lijst.vragen if (t := gelezen.tekst(v.sleutel)))
    namen = {v.sleutel: v.tekst for v in lijst.vragen}
    return tuple(Antwoord(f.code, namen.get(f.code, f.vraag), f.tekst) for f in feiten(inhoud, DEEL_DRIE))


def eigen_reactie(boek: Boek, advies_: FunctioneelAdvies) -> Json | None:
    """De nieuwste reactie van de houder op dit advies, of None."""
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
