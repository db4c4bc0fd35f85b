"""Een advies lezen als therapeut: hoe het ervoor staat, wat er anders is, wat ervan werd, en de vragen erover.

De route staat in `consulent_advies.py` (elke rol heeft haar eigen bladzijde op hetzelfde adres). Wat de knoppen doen:
`therapeut_daarna.py`. Toont alleen wat de deur geeft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.advies import uit_fhir
from paspoort.fhir.bericht import UITKOMST, bericht_over, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Verschil, is_advies
from paspoort.fhir.waarden import ext, objecten, tekst, verwijzing
from paspoort.hulpmiddel import Gebruik
from web.adviestekst import (
    HULPVRAAG,
    REACTIE,
    SCHRIJVER,
    Antwoord,
    Leesdeel,
    Leeseis,
    een,
    feiten,
    leesdelen,
    leeseisen,
    titel,
    verschillen,
)
from web.adviesverloop import Bericht, Verloop
from web.bezoek import Bezoek
from web.bladzijde import dag, tijd
from web.boek import Boek, sla_open
from web.deur import DeurFout
from web.therapeut_nieuw import is_eigen_concept
from web.therapeut_vragen import verloop_van
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop
from web.woorden import naam_van

SJABLOON: Final = "werk/advies_lees.html"
LABELS: Final = {
    Adviesstatus.CONCEPT: ("potlood", "Concept"),
    Adviesstatus.DEFINITIEF: ("slot", "Definitief"),
    Adviesstatus.VERVALLEN: ("fout", "Vervallen"),
}

INGETROKKEN: Final = ("fout", "Ingetrokken")
VAN_PAPIER: Final = ("document", "Van papier")  # klaar, maar geen zegel en geen slot


@dataclass(frozen=True, slots=True)
class Stand:
    """Eén zin over hoe het advies ervoor staat. `soort` is goed, letop, fout of leeg."""

    soort: str
    teken: str
    kop: str
    zin: str


@dataclass(frozen=True, slots=True)
class Kan:
    """Wat deze lezer met dit advies kan: de knoppen."""

    nog_geldig: bool
    intrekken: bool
    opvolgen: bool
    bevestigen: bool
    antwoorden: bool


@dataclass(frozen=True)
class LeesContext:
    """Het advies. `getypt` is wat in een formulier stond dat niet kon: (veld, tekst)."""

    kop: Werkkop
    gast: TeGast
    id: str
    patient: str
    titel: str
    teken: str
    label: str
    wanneer: str
    door: str
    standen: tuple[Stand, ...]
    verder: str
    hulpvraag: str
    eisen: tuple[Leeseis, ...]
    delen_: tuple[Leesdeel, ...]
    reactie: tuple[Antwoord, ...]
    schrijver: tuple[Antwoord, ...]
    papier: str
    vorige: str
    vorige_adres: str
    verschillen: tuple[Verschil, ...]
    opmerkingen: tuple[Bericht, ...]
    vragen: tuple[Bericht, ...]
    werd_ervan: tuple[str, ...]
    kan: Kan
    getypt: dict[str, str]
    fouten: tuple[Fout, ...]


async def lees_advies(bezoek: Bezoek) -> Response:
    """Het advies voor zover u het ziet. 404 als dit geen functioneel advies is."""
    return await toon(bezoek, (), {})


async def toon(bezoek: Bezoek, fouten: tuple[Fout, ...], getypt: dict[str, str]) -> Response:
    """De bladzijde; met fouten 422."""
    inhoud = await bezoek.deur.lees("QuestionnaireResponse", str(bezoek.request.path_params["id"]))
    if not is_advies(inhoud):
        raise DeurFout(404, ())
    boek = await sla_open(bezoek.deur, (verwijzing(inhoud.get("subject")) or "").removeprefix("Patient/"))
    gebeurd = await verloop_van(bezoek, boek, str(inhoud["id"]))
    context = _context(bezoek, boek, inhoud, gebeurd, fouten, getypt)
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)


def _context(
    bezoek: Bezoek, boek: Boek, inhoud: Json, gebeurd: Verloop, fouten: tuple[Fout, ...], getypt: dict[str, str]
) -> LeesContext:
    id_, advies, auteur = str(inhoud["id"]), uit_fhir(inhoud), verwijzing(inhoud.get("author"))
    eigen = auteur == f"PractitionerRole/{bezoek.actor.functie}"
    vorige = boek.inhouden.get(advies.vervangt or "")
    weg = gebeurd.laatste("ingetrokken")
    teken, label = VAN_PAPIER if _papier(inhoud) else INGETROKKEN if weg else LABELS[advies.status]
    concept = is_eigen_concept(inhoud, bezoek.actor.functie)
    return LeesContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        id=id_,
        patient=boek.paspoort.houder.id,
        titel=titel(inhoud),
        teken=teken,
        label=label,
        wanneer=dag(weg.op if weg else inhoud["authored"]) if weg or inhoud.get("authored") else "",
        door="" if eigen else boek.wie(auteur) if boek.heeft(auteur) else "",
        standen=tuple(_standen(boek, advies, inhoud, gebeurd)),
        verder=f"/advies/{id_}/bewerk" if concept else "",
        hulpvraag=een(inhoud, HULPVRAAG),
        eisen=leeseisen(inhoud),
        delen_=leesdelen(inhoud),
        reactie=feiten(inhoud, REACTIE),
        schrijver=feiten(inhoud, SCHRIJVER),
        papier=_stuk(inhoud),
        vorige=dag(vorige.get("authored")) if vorige and vorige.get("authored") else "",
        vorige_adres=f"/advies/{vorige['id']}/lees" if vorige else "",
        verschillen=verschillen(vorige, inhoud),
        opmerkingen=gebeurd.opmerkingen,
        vragen=gebeurd.vragen,
        werd_ervan=tuple(_werd_ervan(boek, id_)),
        kan=_kan(boek, advies, inhoud, gebeurd, eigen),
        getypt=getypt,
        fouten=fouten,
    )


def _kan(boek: Boek, advies: FunctioneelAdvies, inhoud: Json, gebeurd: Verloop, eigen: bool) -> Kan:
    definitief = advies.status is Adviesstatus.DEFINITIEF
    geldt = definitief and gebeurd.laatste("ingetrokken") is None and _opvolger(boek, advies) is None
    papier = _papier(inhoud)
    return Kan(
        nog_geldig=geldt and not papier,
        intrekken=geldt and eigen and not papier,
        opvolgen=definitief,
        bevestigen=papier and gebeurd.laatste("bevestigd") is None,
        antwoorden=eigen,
    )


def _standen(boek: Boek, advies: FunctioneelAdvies, inhoud: Json, gebeurd: Verloop) -> Iterator[Stand]:
    """Hoe het advies ervoor staat, het belangrijkste eerst."""
    if weg := gebeurd.laatste("ingetrokken"):
        yield Stand("fout", "fout", f"Ingetrokken op {dag(weg.op)} door {weg.wie}.", weg.reden)
    if (nieuwer := _opvolger(boek, advies)) is not None:
        zin = f"Het nieuwe advies is van {dag(nieuwer.geschreven_op)}." if nieuwer.geschreven_op else ""
        yield Stand("letop", "letop", "Er is een nieuwer advies.", zin)
    if _papier(inhoud):
        zin = "Het is niet door de machine gecontroleerd en niet verzegeld. Vergelijk het met het papier."
        yield Stand("letop", "letop", "Dit advies is overgenomen van papier.", zin)
    if ja := gebeurd.laatste("bevestigd"):
        yield Stand("goed", "klopt", f"Bevestigd op {dag(ja.op)} door {ja.wie}.", "")
    if advies.status is Adviesstatus.CONCEPT:
        yield Stand("", "potlood", "Dit is een concept.", "Het kan nog veranderen.")
    if klaar := gebeurd.laatste("definitief"):
        wat = f"versie {klaar.versie} van deze tekst" if klaar.versie else "deze tekst"
        met = " (ES256)" if klaar.verzegeld else ""
        zin = f"Het zegel{met} hoort bij {wat}. Verandert er één letter, dan klopt het zegel niet meer."
        yield Stand("goed", "slot", f"Verzegeld door {klaar.wie} op {dag(klaar.op)}, {tijd(klaar.op)}.", zin)
    if not weg and (nog := gebeurd.laatste("nog-geldig")):
        yield Stand("goed", "klopt", f"Nog geldig, zei {nog.wie} op {dag(nog.op)}.", "")
    for g in gebeurd.alle("afgestemd"):
        yield Stand("goed", "klopt", f"Afgestemd op {dag(g.op)} met {g.wie}.", g.reden)


def _opvolger(boek: Boek, advies: FunctioneelAdvies) -> FunctioneelAdvies | None:
    """Het definitieve advies dat dit opvolgde."""
    later = [a for a in boek.paspoort.adviezen if a.status is Adviesstatus.DEFINITIEF]
    return next((a for a in later if a.vervangt == advies.verwijzing), None)


def _papier(inhoud: Json) -> bool:
    return ext(inhoud, "uit-document", "valueReference") is not None


def _stuk(inhoud: Json) -> str:
    """Waar het papier zelf te zien is."""
    document = verwijzing(ext(inhoud, "uit-document", "valueReference")) or ""
    return f"/stuk/{document.removeprefix('DocumentReference/')}" if document else ""


def _werd_ervan(boek: Boek, id_: str) -> Iterator[str]:
    """Berichten over het besluit en de levering, en het hulpmiddel dat kwam met hoe het bevalt; voor zover gedeeld."""
    plek = f"QuestionnaireResponse/{id_}"
    berichten = [i for i in boek.inhouden.values() if UITKOMST in berichtsoorten(i) and plek in bericht_over(i)]
    for inhoud in sorted(berichten, key=lambda i: str(i.get("sent") or i.get("meta", {}).get("lastUpdated", ""))):
        op = str(inhoud.get("sent") or inhoud.get("meta", {}).get("lastUpdated", ""))
        woorden = " ".join(t for p in objecten(inhoud.get("payload")) if (t := tekst(p.get("contentString"))))
        yield f"{dag(op)}: {woorden}" if op else woorden
    for gebruik in boek.paspoort.gebruiken:
        if plek in gebruik.adviezen:
            yield from _gekomen(boek, gebruik)


def _gekomen(boek: Boek, gebruik: Gebruik) -> Iterator[str]:
    naam = naam_van(boek.hulpmiddel_van(gebruik))
    van = gebruik.periode.van if gebruik.periode else None
    yield f"{naam}, in gebruik sinds {dag(van)}." if van else f"{naam}."
    for e in boek.paspoort.evaluaties:
        if {gebruik.verwijzing, gebruik.hulpmiddel} & set(e.betreft):
            hoe = "doet wat het moet doen" if e.doet_wat_het_moet_doen else "doet niet alles wat het moet doen"
            op = f" op {dag(e.geschreven_op)}" if e.geschreven_op else ""
            yield f"{boek.paspoort.houder.naam or 'De cliënt'} zei{op}: {naam} {hoe}. {e.problemen or ''}".strip()
