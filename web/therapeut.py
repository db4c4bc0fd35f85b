"""Cliënten van een professional: de lijst, en alles wat u van één cliënt mag lezen. Het advies: `therapeut_advies.py`.

De bladzijde van één cliënt is voor elke professional dezelfde; wat erop staat, is wat de deur geeft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.bericht import OPMERKING, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.houder import uit_fhir as houder_uit_fhir
from paspoort.fhir.plan import VRAGENLIJST
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit_fhir
from paspoort.fhir.vragenlijst import eigen
from paspoort.fhir.waarden import ext
from paspoort.gegeven import Gegeven
from paspoort.gezondheid import Aandoening, Meting
from paspoort.hulpmiddel import Gebruik
from paspoort.toestemming import HIER
from web import therapeut_advies
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import Boek, sla_open
from web.therapeut_lees import INGETROKKEN, LABELS, VAN_PAPIER
from web.therapeut_vragen import OpenVraag, als_open_vragen, nieuwe_opmerkingen, wachtend
from web.werk import TeGast, Werkkop, te_gast, werkkop
from web.werkwoorden import DOELEN, HERKOMSTEN, TOEKENNINGEN, categorie, kapitaal
from web.woorden import naam_van

PER_BLADZIJDE: Final = 200  # zoveel cliënten tegelijk; voor elk leest de lijst ook de toestemming


@dataclass(frozen=True, slots=True)
class Client:
    """Eén cliënt in de lijst."""

    naam: str
    adres: str
    waarvoor: str
    tot: str
    vragen: tuple[OpenVraag, ...]


@dataclass(frozen=True)
class ClientenContext:
    """Iedereen die u iets laat lezen."""

    kop: Werkkop
    gast: TeGast | None
    clienten: tuple[Client, ...]
    begin: bool
    verder: str


@dataclass(frozen=True, slots=True)
class Gelezen:
    """Eén gegeven: wat, en waar het vandaan komt."""

    tekst: str
    bron: str


@dataclass(frozen=True, slots=True)
class Vak:
    """Een kop met gegevens."""

    id: str
    titel: str
    regels: tuple[Gelezen, ...]


@dataclass(frozen=True, slots=True)
class Adviesregel:
    """Een advies met zijn stand; `adres` is waar u het leest of verder schrijft."""

    tekst: str
    stand: str
    adres: str
    teken: str


@dataclass(frozen=True)
class ClientContext:
    """Alles wat u van één cliënt mag lezen."""

    kop: Werkkop
    gast: TeGast
    patient: str
    vakken: tuple[Vak, ...]
    adviezen: tuple[Adviesregel, ...]
    vragen: tuple[OpenVraag, ...]
    schrijft: bool


def router(huis: Huis) -> APIRouter:
    """`/clienten`, `/client/{patient}` en de bladzijden van het advies."""
    paden = APIRouter()
    paden.add_api_route("/clienten", bladzijde(huis, "professional", clienten), methods=["GET"])
    paden.add_api_route("/client/{patient}", bladzijde(huis, "professional", client), methods=["GET"])
    paden.include_router(therapeut_advies.router(huis))
    return paden


async def clienten(bezoek: Bezoek) -> Response:
    """De lijst, op naam, een bladzijde tegelijk. Leest alleen naam en toestemming, zodat het log niet volloopt."""
    vanaf = bezoek.request.query_params.get("verder", "")
    gevonden, verder = await bezoek.deur.bladzij("Patient", [("_count", str(PER_BLADZIJDE))], vanaf)
    regels = []
    nu = datetime.now(HIER)
    for inhoud in gevonden:
        houder = houder_uit_fhir(inhoud)
        toestemmingen = [toestemming_uit_fhir(c) for c in await bezoek.deur.zoek("Consent", patient=houder.id)]
        geldig = [t for t in toestemmingen if t.geldt(nu) and t.doel in DOELEN]
        waarvoor = ", ".join(DOELEN[t.doel or ""] for t in geldig)
        tot = max((str(t.tot) for t in geldig if t.tot), default="")
        adres = f"/client/{houder.id}"
        regels.append(
            Client(
                houder.naam or "Naam niet te zien",
                adres,
                kapitaal(waarvoor) or "Lopend verzoek",
                dag(tot[:10]) if tot else "",
                await _vragen(bezoek, houder.id),
            )
        )
    regels.sort(key=lambda c: (not c.vragen, c.naam))  # wie wacht op u, staat bovenaan
    context = ClientenContext(werkkop(bezoek, "clienten"), None, tuple(regels), not vanaf, verder)
    return bezoek.toon("werk/clienten.html", context)


async def _vragen(bezoek: Bezoek, patient: str) -> tuple[OpenVraag, ...]:
    """De vragen over een advies van u die nog open staan; alleen voor wie adviezen schrijft."""
    if bezoek.actor.rol != "therapeut":
        return ()
    berichten = await bezoek.deur.zoek("Communication", patient=patient)
    gevonden = wachtend(berichten, bezoek.actor.functie)
    if any(OPMERKING in berichtsoorten(b) for b in berichten):  # anders geen advies lezen: dat komt in het log
        concepten = await bezoek.deur.zoek("QuestionnaireResponse", patient=patient, status="in-progress")
        gevonden += nieuwe_opmerkingen([*berichten, *concepten], bezoek.actor.functie)
    return await als_open_vragen(bezoek, gevonden)


async def client(bezoek: Bezoek) -> Response:
    """Eén cliënt. 404 als u niets mag zien."""
    patient = str(bezoek.request.path_params["patient"])
    boek = await sla_open(bezoek.deur, patient)
    context = ClientContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=patient,
        vakken=vakken(boek),
        adviezen=adviesregels(boek, bezoek.actor.functie),
        vragen=await als_open_vragen(bezoek, _wacht(boek, bezoek.actor.functie)),
        schrijft=bezoek.actor.rol == "therapeut",
    )
    return bezoek.toon("werk/client.html", context)


def _wacht(boek: Boek, functie: str | None) -> tuple[Json, ...]:
    return (*wachtend(boek.inhouden.values(), functie), *nieuwe_opmerkingen(boek.inhouden.values(), functie))


def vakken(boek: Boek) -> tuple[Vak, ...]:
    """Wat er in dit opengeslagen paspoort staat, per kop; ook voor het voorbeeld van de houder."""
    return tuple(v for v in _vakken(boek) if v.regels)


def adviesregels(boek: Boek, functie: str | None) -> tuple[Adviesregel, ...]:
    """De adviezen in dit opengeslagen paspoort, nieuwste eerst."""
    return tuple(_advies(boek, a, functie) for a in _gesorteerd(boek.paspoort.adviezen))


def _vakken(boek: Boek) -> tuple[Vak, ...]:
    p = boek.paspoort
    lopend = p.lopende_gebruiken
    return (
        Vak("contact", "Contact", tuple(_contact(boek))),
        Vak(
            "middelen",
            "Hulpmiddelen",
            tuple(_bij(g, naam_van(boek.hulpmiddel_van(g)), boek, _sinds(g)) for g in lopend),
        ),
        Vak(
            "gezondheid",
            "Gezondheid",
            tuple(_bij(a, _aandoening(a), boek, a.vastgelegd_op) for a in p.aandoeningen if a.geldt),
        ),
        Vak(
            "metingen",
            "Functioneren en maten",
            tuple(_bij(m, _meting(m), boek, m.gemeten_op) for m in p.metingen if m.geldt),
        ),
        Vak("doelen", "Doelen", tuple(_bij(d, d.tekst, boek, d.begin) for d in p.doelen if d.status == "active")),
        *_plan(boek),
        Vak("besluiten", "Besluiten", tuple(_besluiten(boek))),
        Vak("verzoeken", "Verzoeken", tuple(_verzoeken(boek))),
        Vak(
            "ervaringen",
            "Ervaringen",
            tuple(
                _bij(e, e.problemen or "Het hulpmiddel doet wat het moet doen", boek, e.geschreven_op)
                for e in p.evaluaties
            ),
        ),
    )


def _contact(boek: Boek) -> Iterable[Gelezen]:
    houder = boek.paspoort.houder
    for adres in houder.adressen[:1]:
        plaats = " ".join(d for d in (adres.postcode, adres.plaats) if d)
        yield Gelezen(", ".join([*adres.regels, plaats]), "")
    for punt in houder.contact:
        yield Gelezen(punt.waarde, "")
    for naaste in boek.paspoort.vertegenwoordigers:
        for naam in naaste.namen[:1]:
            yield Gelezen(f"{naam.volledig}, naaste", "")


def _plan(boek: Boek) -> Iterable[Vak]:
    """Het nieuwste persoonlijk plan, met elke vraag bij haar antwoord: de gemeente weegt het (Wmo 2015 art. 2.3.2)."""
    plan = max(boek.paspoort.plannen, key=lambda p: (p.geschreven_op or date.min, p.id), default=None)
    if plan is not None:
        vragen = eigen(VRAGENLIJST).per_code
        titel = f"Persoonlijk plan van {dag(plan.geschreven_op)}" if plan.geschreven_op else "Persoonlijk plan"
        yield Vak("plan", titel, tuple(Gelezen(tekst, vragen[code].tekst) for code, tekst in plan.antwoorden))


def _besluiten(boek: Boek) -> Iterable[Gelezen]:
    for besluit in boek.paspoort.besluiten:
        duur = TOEKENNINGEN.get(besluit.toekenning.soort, "") if besluit.toekenning else ""
        wat = categorie(besluit.categorie) or besluit.omschrijving or "hulpmiddel"
        op = f" van {dag(besluit.genomen_op)}" if besluit.genomen_op else ""
        yield _bij(besluit, ", ".join(d for d in (f"{wat}, besluit{op}", duur.lower()) if d), boek)


def _verzoeken(boek: Boek) -> Iterable[Gelezen]:
    for verzoek in boek.paspoort.verzoeken:
        wat = categorie(verzoek.categorie) or verzoek.omschrijving or "hulpmiddel"
        yield _bij(verzoek, f"{wat}, gevraagd op {dag(verzoek.ingediend_op)}", boek)


def _sinds(gebruik: Gebruik) -> date | None:
    return gebruik.periode.van if gebruik.periode else None


def _bij(gegeven: Gegeven, tekst: str, boek: Boek, op_dag: date | None = None) -> Gelezen:
    """Het gegeven met zijn herkomst en de dag waarop het ontstond, of anders wanneer het is vastgelegd."""
    bron = HERKOMSTEN.get(gegeven.telt_als, "")
    if gegeven.bevestigd_door and boek.heeft(gegeven.bevestigd_door):
        bron = f"Bevestigd door {boek.naam(gegeven.bevestigd_door)}"
    wanneer = gegeven.bevestigd_op or op_dag or gegeven.moment
    op = dag(wanneer) if wanneer else ""
    return Gelezen(tekst, ", ".join(d for d in (bron, op) if d))


def _aandoening(a: Aandoening) -> str:
    naam = a.omschrijving or (a.code.tekst if a.code else None) or "Aandoening zonder naam"
    extra = [a.prognose.value.replace("-", " ")] if a.prognose else []
    extra += ["blijvend"] if a.levenslang else []
    return ", ".join([naam, *extra])


def _meting(m: Meting) -> str:
    naam = kapitaal(m.code.tekst or m.code.code) if m.code else "Meting"
    if m.waarde:
        getal = str(m.waarde.waarde).replace(".", ",")
        return f"{naam}: {getal} {m.waarde.eenheid or ''}".strip()
    return f"{naam}: {m.tekst}" if m.tekst else naam


def _gesorteerd(adviezen: Iterable[FunctioneelAdvies]) -> list[FunctioneelAdvies]:
    zichtbaar = [a for a in adviezen if a.status is not Adviesstatus.VERVALLEN]
    return sorted(zichtbaar, key=lambda a: (str(a.moment or a.geschreven_op or ""), a.id), reverse=True)


def _advies(boek: Boek, advies: FunctioneelAdvies, functie: str | None) -> Adviesregel:
    concept = advies.status is Adviesstatus.CONCEPT
    eigen = concept and advies.auteur == f"PractitionerRole/{functie}"
    papier = ext(boek.inhouden[advies.verwijzing], "uit-document", "valueReference") is not None
    op_papier = advies.schrijver.naam if advies.schrijver else None
    wie = op_papier if papier else boek.naam(advies.auteur) if boek.heeft(advies.auteur) else ""
    door = f" van {wie}" if wie else ""
    op = f", {dag(advies.geschreven_op)}" if advies.geschreven_op else ""
    adres = f"/advies/{advies.id}/bewerk" if eigen else f"/advies/{advies.id}/lees"
    teken, stand = VAN_PAPIER if papier else INGETROKKEN if advies.ingetrokken_op else LABELS[advies.status]
    return Adviesregel(f"Functioneel advies{door}{op}", stand, adres, teken)
