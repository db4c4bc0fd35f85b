"""`Patient/[id]/$everything`: alles wat de vrager van één paspoort ziet, in één Bundle of in bladzijden.

Zonder `_count` in één keer: een paspoort is klein (ontwerp deel 2). Dat hele antwoord wordt bij de momentopname
onthouden, voor wie er precies hetzelfde van ziet en mag lezen; welk zicht nu geldt, wordt elk verzoek opnieuw bepaald.
Bron: FHIR R4 patient-operation-everything.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from paspoort.fouten import Melding, PaspoortFout
from server.access.gronden import onthoud
from server.fhir.antwoorden import niet_gevonden
from server.fhir.bundle import searchset
from server.fhir.context import Blik, Context, Gezien, treffer
from server.fhir.operations.bladzijde import open_plek, verzegel_plek
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Gegeven, lees
from server.fhir.request import FhirResponse, Json
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
    gezien = [t for t in _alles(ctx, blik) if _voldoet(t, *_voorwaarden(gegeven))]
    links = [("self", _adres(ctx, id_, gegeven))]
    totaal = len(gezien)
    aantal = gegeven.waarde("_count")
    if aantal is not None:
        gezien, verder = _bladzijde(ctx, gezien, min(aantal, AANTAL_HOOGSTENS), gegeven)
        links += [("next", _adres(ctx, id_, gegeven, verder))] if verder else []
    ctx.geef(blik, gezien)
    return FhirResponse(200, searchset(ctx.deur.basis, gezien, (), totaal, links), {"content-type": FHIR_JSON})


def _heel(ctx: Context, blik: Blik, id_: str) -> FhirResponse:
    """Het hele paspoort, uit het geheugen als het daar staat."""
    geheugen: dict[object, tuple[bytes, Gezien]] = onthoud(blik.momentopname, "everything", dict)
    sleutel = (id_, blik.zicht.sleutel, ctx.leesbaar(), ctx.deur.basis)
    if (al := geheugen.get(sleutel)) is not None:
        ctx.geef_weer(blik, al[1])
        return FhirResponse(200, al[0], {"content-type": FHIR_JSON})
    gezien = _alles(ctx, blik)
    ctx.geef(blik, gezien)
    adres = f"{ctx.deur.basis}/Patient/{id_}/$everything"
    inhoud = searchset(ctx.deur.basis, gezien, (), len(gezien), [("self", adres)])
    if len(geheugen) >= ANTWOORDEN_ONTHOUDEN:
        geheugen.pop(next(iter(geheugen)))
    geheugen[sleutel] = (inhoud, ctx.gegeven(blik))
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def _alles(ctx: Context, blik: Blik) -> list[Treffer]:
    """Wat het zicht doorlaat en het token mag lezen; de Patient eerst."""
    uit = [
        t
        for v in blik.momentopname.alle()
        if ctx.mag_lezen(v.type) and (t := treffer(v, blik.zicht.toon(v))) is not None
    ]
    uit.sort(key=lambda t: t.type != "Patient")
    return uit


def _voorwaarden(gegeven: Gegeven) -> tuple[frozenset[str], datetime | None, datetime | None, datetime | None]:
    """`_type`, `_since`, `start` en `end`. PaspoortFout `parameter-vorm` bij een type of aantal dat niet kan."""
    fouten = [
        Melding("parameter-vorm", w.hier, {"verwacht": "een type van deze server"})
        for w in gegeven.alle("_type")
        if w.waarde not in TYPES
    ]
    aantal = gegeven.een("_count")
    if aantal is not None and aantal.waarde < 0:
        fouten.append(Melding("parameter-vorm", aantal.hier, {"verwacht": "0 of meer"}))
    if fouten:
        raise PaspoortFout(*fouten)
    sinds, van, tot = (bereik(str(gegeven.waarde(n) or "").replace(" ", "+")) for n in ("_since", "start", "end"))
    types = frozenset(w.waarde for w in gegeven.alle("_type"))
    return types, sinds[0] if sinds else None, van[0] if van else None, tot[1] if tot else None


def _voldoet(
    t: Treffer, types: frozenset[str], sinds: datetime | None, van: datetime | None, tot: datetime | None
) -> bool:
    if types and t.type not in types:
        return False
    if sinds is not None and ((b := bereik(t.inhoud["meta"]["lastUpdated"])) is None or b[0] < sinds):
        return False
    zorg = _zorgtijd(t.type, t.inhoud) if van or tot else None
    return zorg is None or ((van is None or zorg[1] > van) and (tot is None or zorg[0] < tot))


def _zorgtijd(type_: str, inhoud: Json) -> tuple[datetime, datetime] | None:
    for naam in ZORGTIJD.get(type_, ()):
        if (gevonden := bereik_van(inhoud.get(naam))) is not None:
            return gevonden
    return None


# --- bladzijden


def _plaats(t: Treffer) -> tuple[bool, str, str]:
    """De volgorde van bladzijden: op type en id, zodat een wijziging tussendoor niets overslaat of herhaalt."""
    return t.type != "Patient", t.type, t.id


def _bladzijde(
    ctx: Context, alles: Sequence[Treffer], aantal: int, gegeven: Gegeven
) -> tuple[list[Treffer], str | None]:
    """De treffers na de plek van `_cursor`, en de plek waar de volgende bladzijde begint als er een is."""
    na = gegeven.een("_cursor")
    plek = open_plek(ctx, na) if na is not None else None
    rest = sorted((t for t in alles if plek is None or _plaats(t) > (plek[0] != "Patient", *plek)), key=_plaats)
    deel = rest[:aantal]
    verder = verzegel_plek(ctx, deel[-1].type, deel[-1].id) if deel and len(rest) > aantal else None
    return deel, verder


def _adres(ctx: Context, id_: str, gegeven: Gegeven, cursor: str | None = None) -> str:
    """Het adres van dit antwoord (`self`), of met `cursor` dat van de volgende bladzijde."""
    paren = [(n, str(w.waarde)) for n, waarden in gegeven.per_naam.items() if n != "_cursor" for w in waarden]
    eigen = gegeven.waarde("_cursor")
    plek = cursor or (str(eigen) if eigen else None)
    query = urlencode([*paren, *([("_cursor", plek)] if plek else [])])
    return f"{ctx.deur.basis}/Patient/{id_}/$everything" + (f"?{query}" if query else "")
