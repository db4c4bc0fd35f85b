"""Een advies op één bladzijde voor wie beslist of levert: eisen voorop, omgeving en verwachting ernaast, het verloop.

Toont alleen wat de deur geeft, en zegt welk deel niet gedeeld is. Opmerken, afstemmen en vragen gaan op
`consulent_advies_doen.py`. Bron: issue 5 §4 en §5, toegang.md §2 en §3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies, Urgentie
from paspoort.fhir.advies import is_advies
from paspoort.fhir.advies import uit_fhir as advies_uit_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Verschil
from paspoort.fhir.waarden import ext, verwijzing
from server.access.zicht import bepaal_zicht
from web import therapeut_lees
from web.adviestekst import (
    REACTIE,
    SCHRIJVER,
    Antwoord,
    Leesdeel,
    Leeseis,
    een,
    feiten,
    leesdelen,
    leeseisen,
    niet_gedeeld,
    titel,
    verschillen,
)
from web.adviesverloop import Bericht, Gebeurtenis, Gevolg, Verloop, gevolgen, van_schrijver, verloop
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag, tijd
from web.boek import Boek, boek_uit, sla_open
from web.deur import DeurFout
from web.werk import Fout, TeGast, Werkkop, geldige_toestemmingen, te_gast, voornaam, werkkop
from web.werkwoorden import kapitaal, opsomming

NAAST: Final = ("deel-omgeving", "deel-prognose", "deel-maten", "deel-hulpmiddelen")
# Wat bij een concept hoort voor wie alleen meedenkt, naast het concept zelf en wat ermee gebeurde.
MEEDENKEN: Final = ("Communication", "Consent")
SCHRIJVER_KORT: Final = {
    "auteur-naam": "Naam",
    "auteur-rol": "Beroep",
    "registratienummer": "AGB of BIG",
    "behandelaar": "Behandelt de cliënt ook",
}
NET: Final = {
    "opmerking": "Uw opmerking is verstuurd.",
    "afgestemd": "U hebt afgestemd. De schrijver en de cliënt zien dat.",
    "vraag": "Uw vraag is verstuurd. Het antwoord komt op deze bladzijde.",
}
VAN_PAPIER: Final = ("document", "Van papier")
LABELS: Final = {
    Adviesstatus.CONCEPT: ("potlood", "Concept"),
    Adviesstatus.DEFINITIEF: ("slot", "Definitief"),
    Adviesstatus.VERVALLEN: ("kruis", "Vervallen"),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """Eén zin over hoe het advies ervoor staat; `soort` is goed, letop, fout of leeg."""

    soort: str
    teken: str
    kop: str
    zin: str


@dataclass(frozen=True, slots=True)
class Vraagvak:
    """De ene vraag aan de schrijver: mag het, en anders waarom niet."""

    mag: bool
    waarom_niet: str


@dataclass(frozen=True, slots=True)
class Getypt:
    """Wat in een formulier stond dat niet kon, zodat het blijft staan."""

    opmerking: str = ""
    eis: str = ""
    afgestemd: str = ""
    vraag: str = ""


@dataclass(frozen=True)
class AdviesbladContext:
    """Het advies op één bladzijde."""

    kop: Werkkop
    gast: TeGast
    wie: str
    id: str
    titel: str
    teken: str
    label: str
    wanneer: str
    labels: tuple[str, ...]
    net: str
    schrijver: tuple[Antwoord, ...]
    standen: tuple[Stand, ...]
    niet_gedeeld: str
    hulpvraag: str
    noodzakelijk: tuple[Leeseis, ...]
    open_eisen: tuple[Leeseis, ...]
    wenselijk: tuple[Leeseis, ...]
    naast: tuple[Leesdeel, ...]
    rest: tuple[Leesdeel, ...]
    vorige: str
    vorige_adres: str
    verschillen: tuple[Verschil, ...]
    reactie: tuple[Antwoord, ...]
    gevolgen: tuple[Gevolg, ...]
    opmerkingen: tuple[Bericht, ...]
    vragen: tuple[Bericht, ...]
    stemt_af: bool
    al_afgestemd: str
    vraagvak: Vraagvak | None
    getypt: Getypt
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Adviesstuk:
    """Een advies zoals deze lezer het ziet, met zijn verloop."""

    inhoud: Json
    advies: FunctioneelAdvies
    boek: Boek
    verloop: Verloop
    groepen: frozenset[str]


def router(huis: Huis) -> APIRouter:
    """`/advies/{id}/lees`, voor elke professional; een therapeut krijgt de bladzijde van de therapeut."""
    paden = APIRouter()
    paden.add_api_route("/advies/{id}/lees", bladzijde(huis, "professional", lees), methods=["GET"])
    return paden


async def lees(bezoek: Bezoek) -> Response:
    """Het advies. 404 als het er voor u niet is."""
    if bezoek.actor.rol == "therapeut":
        return await therapeut_lees.lees_advies(bezoek)
    return toon(bezoek, await open_stuk(bezoek))


async def open_stuk(bezoek: Bezoek) -> Adviesstuk:
    """Het advies uit het adres. `DeurFout` 404 als dit geen advies is dat u ziet."""
    inhoud = await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))
    if not is_advies(inhoud):
        raise DeurFout(404, ())
    patient = (verwijzing(inhoud.get("subject")) or "").removeprefix("Patient/")
    boek = await _boek(bezoek, patient)
    groepen = await _groepen(bezoek, patient, str(inhoud["id"]))
    return Adviesstuk(inhoud, advies_uit_fhir(inhoud), boek, verloop(boek, str(inhoud["id"])), groepen)


def toon(bezoek: Bezoek, stuk: Adviesstuk, fouten: tuple[Fout, ...] = (), getypt: Getypt | None = None) -> Response:
    """De bladzijde; met fouten 422."""
    context = _context(bezoek, stuk, fouten, getypt or Getypt())
    return bezoek.toon("werk/adviesblad.html", context, 422 if fouten else 200)


def mag_afstemmen(bezoek: Bezoek, stuk: Adviesstuk) -> bool:
    """Of de houder deze lezer over dit concept laat meedenken (doel `afstemming`)."""
    if stuk.advies.status is not Adviesstatus.CONCEPT:
        return False
    plek = f"QuestionnaireResponse/{stuk.inhoud['id']}"
    return any(
        t.doel == "afstemming" and (not t.betreft or plek in t.betreft)
        for t in geldige_toestemmingen(stuk.boek, bezoek.actor)
    )


def vraagvak(bezoek: Bezoek, stuk: Adviesstuk) -> Vraagvak | None:
    """Of u de schrijver nu een vraag kunt stellen; None waar dat nooit aan de orde is."""
    if bezoek.actor.rol != "verstrekker" or stuk.advies.status is not Adviesstatus.DEFINITIEF:
        return None
    naam = wie(stuk.boek)
    if _is_van_papier(stuk.inhoud):
        return Vraagvak(False, "Dit advies komt van papier. De schrijver is hier niet te bereiken.")
    if "advies" not in stuk.groepen:
        zin = f"U ziet niet of {naam} het goedvindt dat u de schrijver iets vraagt. Dat hoort bij een onderzoek."
        return Vraagvak(False, zin)
    if not stuk.advies.contact_auteur:
        zin = f"{kapitaal(naam)} gaf geen toestemming om de schrijver iets te vragen. U kunt het {naam} zelf vragen."
        return Vraagvak(False, zin)
    open_ = [
        v for v in stuk.verloop.vragen if not v.antwoorden and v.huis == f"Organization/{bezoek.actor.organisatie}"
    ]
    if open_:
        return Vraagvak(False, "Uw vraag staat nog open. Na het antwoord kunt u een nieuwe vraag stellen.")
    return Vraagvak(True, "")


def _context(bezoek: Bezoek, stuk: Adviesstuk, fouten: tuple[Fout, ...], getypt: Getypt) -> AdviesbladContext:
    inhoud, boek, advies = stuk.inhoud, stuk.boek, stuk.advies
    eisen, delen = leeseisen(inhoud), leesdelen(inhoud)
    vorige = boek.inhouden.get(advies.vervangt or "")
    teken, label = VAN_PAPIER if _is_van_papier(inhoud) else LABELS[advies.status]
    eigen = [
        g for g in stuk.verloop.alle("afgestemd") if boek.huis(g.plek) == f"Organization/{bezoek.actor.organisatie}"
    ]
    dicht = niet_gedeeld(inhoud, stuk.groepen)
    return AdviesbladContext(
        kop=werkkop(bezoek, "clienten"),
        gast=_gast(bezoek, stuk),
        wie=wie(boek),
        id=str(inhoud["id"]),
        titel=titel(inhoud),
        teken=teken,
        label=label,
        wanneer=dag(advies.geschreven_op) if advies.geschreven_op else "",
        labels=tuple(_spoed(advies)),
        net=next((zin for naam, zin in NET.items() if naam in bezoek.request.query_params), ""),
        schrijver=_schrijver(stuk),
        standen=tuple(standen(stuk)),
        niet_gedeeld=opsomming(dicht),
        hulpvraag=advies.hulpvraag or "",
        noodzakelijk=tuple(e for e in eisen if e.soort and not e.wens),
        open_eisen=tuple(e for e in eisen if not e.soort),
        wenselijk=tuple(e for e in eisen if e.wens),
        naast=tuple(d for d in delen if d.id in NAAST),
        rest=tuple(d for d in delen if d.id not in NAAST),
        vorige=dag(vorige.get("authored")) if vorige and vorige.get("authored") else "",
        vorige_adres=f"/advies/{vorige['id']}/lees" if vorige else "",
        verschillen=verschillen(vorige, inhoud),
        reactie=feiten(inhoud, REACTIE),
        gevolgen=gevolgen(boek, advies),
        opmerkingen=stuk.verloop.opmerkingen,
        vragen=van_schrijver(stuk.verloop.vragen, boek, inhoud, een(inhoud, "auteur-naam")),
        stemt_af=mag_afstemmen(bezoek, stuk),
        al_afgestemd=_wanneer(eigen[-1].op) if eigen else "",
        vraagvak=vraagvak(bezoek, stuk),
        getypt=getypt,
        fouten=fouten,
    )


def standen(stuk: Adviesstuk) -> Iterable[Stand]:
    """Hoe het advies ervoor staat, het belangrijkste eerst: wie dit leest, beslist ermee."""
    v, boek = stuk.verloop, stuk.boek
    if weg := v.laatste("ingetrokken"):
        yield Stand("fout", "fout", f"Ingetrokken op {_wanneer(weg.op)} door {_door(stuk, weg)}.", weg.reden)
    nieuwer = next((a for a in boek.paspoort.adviezen if _volgt_op(a, stuk.inhoud)), None)
    if nieuwer is not None:
        zin = f"Het nieuwe advies is van {dag(nieuwer.geschreven_op)}." if nieuwer.geschreven_op else ""
        yield Stand("letop", "letop", "Er is een nieuwer advies.", zin)
    if _is_van_papier(stuk.inhoud):
        zin = "Het is niet door de machine gecontroleerd en niet verzegeld. Vergelijk het met het papier."
        yield Stand("letop", "document", "Dit advies is overgenomen van papier.", zin)
        if ja := v.laatste("bevestigd"):
            yield Stand("goed", "klopt", f"Bevestigd op {_wanneer(ja.op)} door {_door(stuk, ja)}.", "")
    elif stuk.advies.status is Adviesstatus.CONCEPT:
        yield Stand("", "potlood", "Dit is een concept.", "Het kan nog veranderen.")
    if klaar := v.laatste("definitief"):
        versie = f", versie {klaar.versie}" if klaar.versie else ""
        zin = f"Het zegel gaat over precies deze tekst{versie}. Is er één letter veranderd, dan klopt het zegel niet."
        yield Stand("goed", "slot", f"Verzegeld door {_door(stuk, klaar)} op {_wanneer(klaar.op)}.", zin)
    if not weg and (nog := v.laatste("nog-geldig")):
        yield Stand("goed", "klopt", f"Nog geldig, zei {_door(stuk, nog)} op {_wanneer(nog.op)}.", nog.reden)
    for g in v.alle("afgestemd"):
        yield Stand("goed", "samen", f"Afgestemd op {_wanneer(g.op)} met {_door(stuk, g)}.", g.reden)


def _schrijver(stuk: Adviesstuk) -> tuple[Antwoord, ...]:
    """Wie het schreef: wat er in staat, en anders wie het register noemt."""
    geschreven = tuple(
        Antwoord(a.code, SCHRIJVER_KORT.get(a.code, a.vraag), a.tekst) for a in feiten(stuk.inhoud, SCHRIJVER)
    )
    auteur = verwijzing(stuk.inhoud.get("author"))
    bij = stuk.boek.huis(auteur)
    if een(stuk.inhoud, "auteur-naam"):
        werkt = [Antwoord("", "Werkt bij", stuk.boek.naam(bij))] if stuk.boek.heeft(bij) else []
        return (*geschreven, *werkt)
    return (Antwoord("", "Schrijver", stuk.boek.wie(auteur)),) if stuk.boek.heeft(auteur) else geschreven


def wie(boek: Boek) -> str:
    """De voornaam, of `de cliënt` voor wie de naam niet ziet."""
    return voornaam(boek.paspoort) if boek.paspoort.houder.naam else "de cliënt"


def _gast(bezoek: Bezoek, stuk: Adviesstuk) -> TeGast:
    gast = te_gast(stuk.boek, bezoek.actor)
    if stuk.boek.paspoort.houder.naam:
        return gast
    return replace(gast, naam="een cliënt", adres=f"/advies/{stuk.inhoud['id']}/lees")


def _spoed(advies: FunctioneelAdvies) -> Iterable[str]:
    """Wat haast maakt, bij de kop."""
    if advies.urgentie is Urgentie.SPOED:
        yield "Spoed"
    if advies.ontslagdatum:
        yield f"Naar huis op {dag(advies.ontslagdatum)}"


def _door(stuk: Adviesstuk, g: Gebeurtenis) -> str:
    """Wie het deed; de schrijver kent u uit het advies zelf, ook als het register hem niet toont."""
    if not stuk.boek.heeft(g.plek) and g.plek == verwijzing(stuk.inhoud.get("author")):
        return een(stuk.inhoud, "auteur-naam") or g.wie
    return g.wie


def _is_van_papier(inhoud: Json) -> bool:
    return ext(inhoud, "uit-document", "valueReference") is not None


def _volgt_op(advies: FunctioneelAdvies, inhoud: Json) -> bool:
    plek = f"QuestionnaireResponse/{inhoud['id']}"
    return advies.vervangt == plek and advies.status is Adviesstatus.DEFINITIEF


def _wanneer(op: str) -> str:
    return f"{dag(op)}, {tijd(op)}" if "T" in op else dag(op) if op else "onbekende dag"


async def _boek(bezoek: Bezoek, patient: str) -> Boek:
    """Het paspoort zoals u het ziet; wie alleen meedenkt over een concept, ziet de cliënt zelf niet (toegang.md §4)."""
    try:
        return await sla_open(bezoek.deur, patient)
    except DeurFout as nee:
        if nee.status != 404:
            raise
    met_verloop = (("patient", patient), ("_revinclude", "Provenance:target"), ("_count", "200"))
    resources = await bezoek.deur.zoek_met("QuestionnaireResponse", met_verloop)
    resources += [r for type_ in MEEDENKEN for r in await bezoek.deur.zoek(type_, patient=patient)]
    return await boek_uit(bezoek.deur, resources)


async def _groepen(bezoek: Bezoek, patient: str, id_: str) -> frozenset[str]:
    """De gegevensgroepen waarmee deze lezer dit advies ziet; om te zeggen wat er níet gedeeld is."""
    opslag = bezoek.huis.opslag
    m = await opslag.momentopname(patient)
    versie = m.get("QuestionnaireResponse", id_)
    gezien = bepaal_zicht(bezoek.actor, m, opslag.register, datetime.now(UTC)).toon(versie) if versie else None
    return frozenset().union(*(g.groepen for g in gezien.gronden)) if gezien else frozenset()
