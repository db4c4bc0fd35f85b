"""`Patient/[id]/$everything`: alles wat de vrager van één paspoort ziet, in één Bundle of in bladzijden.

Zonder `_count` in één keer: een paspoort is klein (ontwerp deel 2). Dat hele antwoord wordt bij de momentopname
onthouden, voor wie er precies hetzelfde van ziet en mag lezen; welk zicht nu geldt, wordt elk verzoek opnieuw bepaald.
Bron: FHIR R4 patient-operation-everything.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from paspoort.fouten import Melding, PaspoortFout
from server.access.gronden import onthoud
from server.fhir.antwoorden import niet_gevonden
from server.fhir.bundle import searchset
from server.fhir.context import Blik, Context, Gezien
from server.fhir.operations.onderwerp import te_lezen
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Gegeven, Waarde, lees
from server.fhir.request import FhirResponse, Json
from server.fhir.search import cursor
from server.fhir.search.grammatica import AANTAL_HOOGSTENS
from server.fhir.search.vergelijken import bereik, bereik_van
from server.fhir.search.zoeken import Treffer
from server.registry import TYPES

DEFINITIE: Final = "Patient-everything"
# Zoveel antwoorden per momentopname: de houder, en een of twee die meelezen.
ANTWOORDEN_ONTHOUDEN: Final = 3
# Per type wanneer de zorg was, het eerste dat er is. Wat hier niet staat, heeft geen tijd en hoort er altijd bij.
ZORGTIJD: Final[Mapping[str, tuple[str, ...]]] = {
    "CarePlan": ("period", "created"),
    "CareTeam": ("period",),
    "Communication": ("sent", "received"),
    "Condition": ("onsetPeriod", "onsetDateTime", "recordedDate"),
    "DeviceRequest": ("occurrencePeriod", "occurrenceDateTime", "authoredOn"),
    "DeviceUseStatement": ("timingPeriod", "timingDateTime", "timingTiming", "recordedOn"),
    "DocumentReference": ("date",),
    "Goal": ("startDate", "statusDate"),
    "Observation": ("effectivePeriod", "effectiveDateTime", "effectiveInstant", "effectiveTiming", "issued"),
    "Provenance": ("recorded",),
    "QuestionnaireResponse": ("authored",),
    "Task": ("executionPeriod", "authoredOn"),
}


@dataclass(frozen=True, slots=True)
class Wens:
    """Wat er gevraagd is, uit de invoer of uit het teken van een volgende bladzijde (`na`: tot waar die al is)."""

    types: tuple[str, ...] = ()
    sinds: str | None = None
    van: str | None = None
    tot: str | None = None
    aantal: int | None = None
    na: tuple[str, str] | None = None


async def everything(ctx: Context) -> FhirResponse:
    """404 als de Patient zelf niet te zien is. Zonder id alleen voor wie bij één paspoort hoort."""
    gegeven = lees(ctx.vraag, DEFINITIE)
    id_ = ctx.vraag.id or ctx.actor.patient
    if id_ is None:
        raise PaspoortFout(Melding("te-kostbaar"))
    blik = await ctx.plaats("Patient", id_)
    patient = blik.momentopname.get("Patient", id_) if blik else None
    if blik is None or patient is None or patient.verwijderd or ctx.toon(blik, patient) is None:
        raise niet_gevonden()
    if not gegeven.per_naam:
        return _heel(ctx, blik, id_)
    wens = _wens(ctx, id_, gegeven)
    gezien = _gekozen(te_lezen(ctx, blik), wens)
    totaal = len(gezien)
    links = [("self", _adres(ctx, id_, gegeven.per_naam))]
    if wens.aantal is not None:
        gezien, verder = _bladzijde(gezien, wens)
        if verder is not None:
            teken = cursor.verzegel(ctx, _soort(id_), asdict(verder))
            # `_count` staat ernaast zoals bij zoeken: er zijn clients die de link zonder niet herkennen.
            naast = {cursor.NAAM: (Waarde("", teken),), "_count": (Waarde("", wens.aantal),)}
            links.append(("next", _adres(ctx, id_, naast)))
    ctx.geef(blik, gezien)
    return FhirResponse(200, searchset(ctx.deur.basis, gezien, (), totaal, links), {"content-type": FHIR_JSON})


def _heel(ctx: Context, blik: Blik, id_: str) -> FhirResponse:
    """Het hele paspoort, uit het geheugen als het daar staat."""
    geheugen: dict[object, tuple[bytes, Gezien]] = onthoud(blik.momentopname, "everything", dict)
    sleutel = (id_, blik.zicht.sleutel, ctx.leesbaar(), ctx.deur.basis)
    if (al := geheugen.get(sleutel)) is not None:
        ctx.geef_weer(blik, al[1])
        return FhirResponse(200, al[0], {"content-type": FHIR_JSON})
    gezien = te_lezen(ctx, blik)
    ctx.geef(blik, gezien)
    adres = f"{ctx.deur.basis}/Patient/{id_}/$everything"
    inhoud = searchset(ctx.deur.basis, gezien, (), len(gezien), [("self", adres)])
    if len(geheugen) >= ANTWOORDEN_ONTHOUDEN:
        geheugen.pop(next(iter(geheugen)))
    geheugen[sleutel] = (inhoud, ctx.gegeven(blik))
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def _wens(ctx: Context, id_: str, gegeven: Gegeven) -> Wens:
    """PaspoortFout `parameter-vorm` bij een type, aantal of samenloop die niet kan; `zoek-waarde` bij gerommel."""
    fouten = [
        Melding("parameter-vorm", w.hier, {"verwacht": "een type van deze server"})
        for w in gegeven.alle("_type")
        if w.waarde not in TYPES
    ]
    aantal, teken = gegeven.een("_count"), gegeven.een(cursor.NAAM)
    if aantal is not None and aantal.waarde < 0:
        fouten.append(Melding("parameter-vorm", aantal.hier, {"verwacht": "0 of meer"}))
    if teken is not None and not gegeven.per_naam.keys() <= {cursor.NAAM, "_count"}:
        fouten.append(Melding("parameter-vorm", teken.hier, {"verwacht": f"{cursor.NAAM} alleen"}))
    if fouten:
        raise PaspoortFout(*fouten)
    hoeveel = min(aantal.waarde, AANTAL_HOOGSTENS) if aantal is not None else None
    if teken is not None:  # een client mag er `_count` naast zetten; de rest van de vraag zit erin
        eerder = cursor.ontzegel(ctx, _soort(id_), str(teken.waarde), teken.hier)
        anders = {"types": tuple(eerder["types"]), "na": tuple(eerder["na"])}
        return Wens(**{**eerder, **anders, "aantal": eerder["aantal"] if hoeveel is None else hoeveel})
    return Wens(
        tuple(w.waarde for w in gegeven.alle("_type")),
        gegeven.tekst("_since"),
        gegeven.tekst("start"),
        gegeven.tekst("end"),
        hoeveel,
    )


def _gekozen(alles: Sequence[Treffer], wens: Wens) -> list[Treffer]:
    """Wat aan `_type`, `_since`, `start` en `end` voldoet."""
    sinds, van, tot = (bereik(grens) if grens else None for grens in (wens.sinds, wens.van, wens.tot))
    uit = []
    for t in alles:
        if wens.types and t.type not in wens.types:
            continue
        if sinds is not None and ((b := bereik(t.inhoud["meta"]["lastUpdated"])) is None or b[0] < sinds[0]):
            continue
        zorg = _zorgtijd(t.type, t.inhoud) if van or tot else None
        if zorg is not None and ((van and zorg[1] <= van[0]) or (tot and zorg[0] >= tot[1])):
            continue
        uit.append(t)
    return uit


def _zorgtijd(type_: str, inhoud: Json) -> tuple[datetime, datetime] | None:
    for naam in ZORGTIJD.get(type_, ()):
        if (gevonden := bereik_van(inhoud.get(naam))) is not None:
            return gevonden
    return None


# --- bladzijden


def _plaats(type_: str, id_: str) -> tuple[bool, str, str]:
    """De volgorde van bladzijden: op type en id, zodat een wijziging tussendoor niets overslaat of herhaalt."""
    return type_ != "Patient", type_, id_


def _bladzijde(alles: Sequence[Treffer], wens: Wens) -> tuple[list[Treffer], Wens | None]:
    """De treffers na `wens.na`, en de wens van de volgende bladzijde als die er is."""
    rest = sorted(
        (t for t in alles if wens.na is None or _plaats(t.type, t.id) > _plaats(*wens.na)),
        key=lambda t: _plaats(t.type, t.id),
    )
    deel = rest[: wens.aantal]
    if not deel or len(deel) == len(rest):
        return deel, None
    return deel, replace(wens, na=(deel[-1].type, deel[-1].id))


def _soort(id_: str) -> str:
    """Waar het teken voor geldt: alleen voor dit paspoort."""
    return f"$everything/{id_}"


def _adres(ctx: Context, id_: str, paren: Mapping[str, Sequence[Waarde]]) -> str:
    query = urlencode([(naam, str(w.waarde)) for naam, waarden in paren.items() for w in waarden])
    return f"{ctx.deur.basis}/Patient/{id_}/$everything" + (f"?{query}" if query else "")
