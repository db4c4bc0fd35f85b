"""Waar een herhaalverzoek op steunt: het hulpmiddel, de toekenning, het advies, en de dag van de laatste basis.

Kiest uit het paspoort wat telt (herkomst volgens beleid) en wat alleen nog bevestigd moet worden. Oordeelt niet; dat
doen `vaststellen.py` en `tegenspraak.py`. De volgorde van gegevens doet er niet toe (wet 2): er wordt gekozen op datum,
dan op id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paspoort.aanvraag import Verzoek
from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.beschikking import Besluit
from paspoort.document import Document, Documentsoort
from paspoort.gegeven import Gegeven
from paspoort.herhaaltoets.beleid import Beleid
from paspoort.hulpmiddel import Gebruik, Hulpmiddel, Toekenning, Verstrekkingsvorm
from paspoort.paspoort import Paspoort, zonder_versie


@dataclass(frozen=True, slots=True)
class Toegekend:
    """Een toekenning en het gegeven waar zij in staat (een besluit, of het gebruik zelf)."""

    op: date
    toekenning: Toekenning | None
    gegeven: Gegeven
    door: str | None
    categorie: str | None
    vorm: Verstrekkingsvorm | None


@dataclass(frozen=True, slots=True)
class Adviesstuk:
    """Een advies (of een papieren advies als document), met de dag vanaf wanneer het geldt."""

    op: date
    gegeven: FunctioneelAdvies | Document
    ingetrokken: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """Alles waar één verzoek op steunt. `toegekend` en `advies` tellen; de andere twee wachten op bevestiging."""

    verzoek: Verzoek
    gebruik: Gebruik | None
    hulpmiddel: Hulpmiddel | None
    toegekend: Toegekend | None
    toegekend_onbevestigd: Toegekend | None
    advies: Adviesstuk | None
    advies_onbevestigd: Adviesstuk | None

    @property
    def betreft(self) -> frozenset[str]:
        """De verwijzingen die bij dit verzoek horen: gebruik, hulpmiddel en verzoek."""
        gegevens = (self.gebruik, self.hulpmiddel, self.verzoek)
        return frozenset(g.verwijzing for g in gegevens if g is not None)


def basis(paspoort: Paspoort, verzoek: Verzoek, beleid: Beleid, vandaag: date) -> Basis:
    """Zoekt bij een verzoek het gebruik, het hulpmiddel, de toekenning en het advies."""
    gebruik = paspoort.gebruik(verzoek.betreft)
    hulpmiddel = paspoort.hulpmiddel(gebruik.hulpmiddel) if gebruik else None
    toegekend = _toegekend(paspoort, verzoek, gebruik, hulpmiddel, vandaag)
    toegekend = [t for t in toegekend if t.door is None or t.door in beleid.organisaties]
    adviezen = list(_adviezen(paspoort, verzoek, gebruik, hulpmiddel))
    return Basis(
        verzoek=verzoek,
        gebruik=gebruik,
        hulpmiddel=hulpmiddel,
        toegekend=_nieuwste_toekenning(t for t in toegekend if t.door and beleid.telt("toekenning", t.gegeven)),
        toegekend_onbevestigd=_nieuwste_toekenning(
            t for t in toegekend if not (t.door and beleid.telt("toekenning", t.gegeven))
        ),
        advies=_nieuwste_advies(a for a in adviezen if beleid.telt("advies", a.gegeven)),
        advies_onbevestigd=_nieuwste_advies(a for a in adviezen if not beleid.telt("advies", a.gegeven)),
    )


def datum_van(gegeven: Gegeven, eigen: date | None) -> date:
    """De dag die een gegeven zelf noemt, anders de dag waarop het is vastgelegd."""
    if eigen is not None:
        return eigen
    return gegeven.moment.date() if gegeven.moment else date.min


def organisatie_van(besluit: Besluit | None, gebruik: Gebruik | None, vandaag: date) -> str | None:
    """Wie besliste: de organisatie in het besluit, anders de verstrekker van het gebruik, anders wie bevestigde."""
    if besluit is not None and besluit.door is not None:
        return besluit.door
    verstrekker = gebruik.verstrekker_op(vandaag) if gebruik else None
    if verstrekker is not None:
        return verstrekker.organisatie
    return besluit.bevestigd_door if besluit is not None else None


def hoort_bij(besluit: Besluit, verzoek: Verzoek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None) -> bool:
    """Of een besluit over dit hulpmiddel gaat: erheen verwijst, of (zonder verwijzing) dezelfde categorie noemt."""
    if gebruik is not None and besluit.betreft == gebruik.verwijzing:
        return True
    if gebruik is not None and gebruik.toekenning is not None and gebruik.toekenning.besluit == besluit.verwijzing:
        return True
    if besluit.betreft is not None or besluit.categorie is None:
        return False
    return besluit.categorie in {hulpmiddel.categorie if hulpmiddel else None, verzoek.categorie}


def _toegekend(
    paspoort: Paspoort, verzoek: Verzoek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None, vandaag: date
) -> list[Toegekend]:
    bij_dit = [b for b in paspoort.besluiten if hoort_bij(b, verzoek, gebruik, hulpmiddel)]
    gevonden = [
        Toegekend(
            op=datum_van(b, b.genomen_op),
            toekenning=b.toekenning,
            gegeven=b,
            door=organisatie_van(b, gebruik, vandaag),
            categorie=b.categorie,
            vorm=b.verstrekkingsvorm,
        )
        for b in bij_dit
        if b.toekenning is not None and b.geldt_op(vandaag)
    ]
    if gebruik is not None and gebruik.toekenning is not None:
        # Wat bij het gebruik staat, geldt niet als het besluit waar het op rust is ingetrokken.
        besluit = next((b for b in bij_dit if b.verwijzing == gebruik.toekenning.besluit), None)
        if besluit is None or besluit.geldt_op(vandaag):
            gevonden.append(
                Toegekend(
                    op=datum_van(gebruik, gebruik.toekenning.sinds),
                    toekenning=gebruik.toekenning,
                    gegeven=gebruik,
                    door=organisatie_van(None, gebruik, vandaag),
                    categorie=None,
                    vorm=gebruik.verstrekkingsvorm,
                )
            )
    return gevonden


def _nieuwste_toekenning(keuze: Iterable[Toegekend]) -> Toegekend | None:
    return max(keuze, key=lambda t: (t.op, t.gegeven.TYPE == "DeviceRequest", t.gegeven.id), default=None)


def _nieuwste_advies(keuze: Iterable[Adviesstuk]) -> Adviesstuk | None:
    return max(keuze, key=lambda a: (a.op, a.gegeven.TYPE == "QuestionnaireResponse", a.gegeven.id), default=None)


def _adviezen(
    paspoort: Paspoort, verzoek: Verzoek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None
) -> Iterable[Adviesstuk]:
    """De definitieve en ingetrokken adviezen over deze hulpvraag, plus papieren adviezen die er bij horen."""
    klaar = [a for a in paspoort.adviezen if a.status is not Adviesstatus.CONCEPT]
    bij_dit = _over_deze_hulpvraag(klaar, verzoek, gebruik, hulpmiddel)
    ingetrokken = paspoort.met_gebeurtenis("ingetrokken")
    herbevestigd = _nog_geldig(paspoort)
    for advies in bij_dit:
        op = max(datum_van(advies, advies.geschreven_op), herbevestigd.get(advies.verwijzing, date.min))
        weg = advies.status is Adviesstatus.VERVALLEN or advies.verwijzing in ingetrokken
        yield Adviesstuk(op, advies, weg)
    hier = {g.verwijzing for g in (gebruik, hulpmiddel, verzoek) if g is not None}
    for document in paspoort.documenten:
        if document.soort is not Documentsoort.ADVIES or document.status != "current":
            continue
        if not document.betreft or hier & set(document.betreft):
            op = datum_van(document, document.van.date() if document.van else None)
            yield Adviesstuk(op, document, document.verwijzing in ingetrokken)


def _over_deze_hulpvraag(
    klaar: list[FunctioneelAdvies], verzoek: Verzoek, gebruik: Gebruik | None, hulpmiddel: Hulpmiddel | None
) -> list[FunctioneelAdvies]:
    categorieen = {c for c in (verzoek.categorie, hulpmiddel.categorie if hulpmiddel else None) if c}
    gekozen = {a.verwijzing for a in klaar if a.categorieen & categorieen}
    if gebruik is not None:
        gekozen |= {zonder_versie(v) for v in gebruik.adviezen}
    while opvolgers := {a.verwijzing for a in klaar if a.vervangt in gekozen} - gekozen:
        gekozen |= opvolgers
    gevonden = [a for a in klaar if a.verwijzing in gekozen]
    # Een advies zonder categorie gaat over de hele hulpvraag; het telt als er geen preciezer advies is.
    return gevonden or [a for a in klaar if not a.categorieen]


def _nog_geldig(paspoort: Paspoort) -> dict[str, date]:
    dagen: dict[str, date] = {}
    for gebeurtenis in paspoort.gebeurtenissen:
        if gebeurtenis.soort != "nog-geldig" or gebeurtenis.op is None:
            continue
        for doel in map(zonder_versie, gebeurtenis.doelen):
            dagen[doel] = max(dagen.get(doel, date.min), gebeurtenis.op.date())
    return dagen
