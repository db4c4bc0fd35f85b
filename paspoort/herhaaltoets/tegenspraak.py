"""Of het paspoort tegenspreekt wat de houder zegt.

herhaaltoets.md, feit *tegenspraak*: een aandoening, functioneren, maat, adres of negatieve evaluatie bij dit
hulpmiddel, nieuwer dan de laatste basis (advies, toekenning of positieve evaluatie), die niet de verandering is die
de houder zelf noemt. C1 en C4 laten zien waarom; C5 laat zien dat niets nieuws ook echt niets betekent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paspoort.aanvraag import Verandering, Wijziging
from paspoort.gegeven import Gegeven, Herkomst, zwakste
from paspoort.gezondheid import Meting, Metingsoort
from paspoort.herhaaltoets.basis import Basis, datum_van
from paspoort.herhaaltoets.feit import ONBEKEND, Feit
from paspoort.paspoort import Paspoort

# Welke signalen de houder zelf al noemde met een verandering.
GENOEMD: dict[Verandering, frozenset[str]] = {
    Verandering.MAAT: frozenset({"maten"}),
    Verandering.GEZONDHEID: frozenset({"gezondheid", "functioneren"}),
    Verandering.WONING: frozenset({"omgeving"}),
    Verandering.GEBRUIK: frozenset({"functioneren", "ervaringen"}),
    Verandering.HULP: frozenset({"omgeving"}),
}


@dataclass(frozen=True, slots=True)
class Signaal:
    """Iets in het paspoort dat een verandering kan zijn, met de gegevensgroep waar het in valt."""

    groep: str
    op: date
    gegeven: Gegeven


def tegenspraak(paspoort: Paspoort, basis: Basis, vandaag: date) -> Feit:
    """Het feit *tegenspraak*. Zonder basis is er niets om mee te vergelijken: onbekend, als er gegevens zijn."""
    signalen = [s for s in _signalen(paspoort, basis) if s.op <= vandaag]
    sinds = laatste_basis(paspoort, basis, vandaag)
    if sinds is None:
        return _zonder_basis(signalen)
    genoemd = _genoemd(basis)
    nieuw = [s for s in signalen if s.op > sinds and s.groep not in genoemd]
    bewijs = tuple(sorted({s.gegeven.bewijs for s in nieuw or signalen}))
    if nieuw:
        return Feit(
            "tegenspraak",
            "ja",
            f"nieuw sinds {max(s.op for s in nieuw):%d-%m-%Y}",
            bewijs,
            zwakste(s.gegeven for s in nieuw),
            vraaggroepen=frozenset(s.groep for s in nieuw),
        )
    aantal = len(bewijs)
    gegevens = "1 gegeven" if aantal == 1 else f"{aantal} gegevens"
    return Feit("tegenspraak", "nee", f"{gegevens} bekeken", bewijs, zwakste(s.gegeven for s in signalen))


def laatste_basis(paspoort: Paspoort, basis: Basis, vandaag: date) -> date | None:
    """De laatste dag waarop alles nog klopte: het advies, de toekenning of een goede evaluatie."""
    dagen: list[date] = []
    if basis.toegekend is not None:
        dagen.append(basis.toegekend.op)
    if basis.advies is not None and not basis.advies.ingetrokken:
        dagen.append(basis.advies.op)
    for evaluatie in paspoort.evaluaties:
        if evaluatie.doet_wat_het_moet_doen is True and _raakt(evaluatie.betreft, basis):
            dagen.append(datum_van(evaluatie, evaluatie.geschreven_op))
    return max((d for d in dagen if d <= vandaag), default=None)


def _zonder_basis(signalen: list[Signaal]) -> Feit:
    if not signalen:
        return Feit("tegenspraak", "nee", "er is niets nieuws vastgelegd")
    return Feit(
        "tegenspraak",
        ONBEKEND,
        bewijs=tuple(sorted({s.gegeven.bewijs for s in signalen})),
        wie="verstrekker",
        ontbreekt="Er is nog geen bevestigd besluit of advies om mee te vergelijken.",
        vraaggroepen=frozenset(s.groep for s in signalen),
    )


def _signalen(paspoort: Paspoort, basis: Basis) -> Iterable[Signaal]:
    eerder = _eerste_per_code(paspoort)
    for aandoening in paspoort.aandoeningen:
        op = _gewijzigd_op(aandoening, aandoening.vastgelegd_op)
        # Dezelfde aandoening nog eens vastleggen is geen nieuws.
        eerste = eerder.get(aandoening.code.code) if aandoening.code else None
        if eerste is not None and aandoening.versie <= 1 and eerste < op and aandoening.geldt:
            op = eerste
        yield Signaal("gezondheid" if aandoening.soort != "beperking" else "functioneren", op, aandoening)
    for meting in paspoort.metingen:
        if meting.geldt and _raakt(meting.betreft, basis):
            groep = "maten" if meting.soort is Metingsoort.MATEN else "functioneren"
            yield Signaal(groep, _sinds_gelijk(meting, paspoort.metingen), meting)
    for adres in paspoort.houder.adressen:
        if adres.sinds is not None:
            yield Signaal("omgeving", adres.sinds, paspoort.houder)
    for evaluatie in paspoort.evaluaties:
        if evaluatie.doet_wat_het_moet_doen is False and _raakt(evaluatie.betreft, basis):
            yield Signaal("ervaringen", datum_van(evaluatie, evaluatie.geschreven_op), evaluatie)


def _eerste_per_code(paspoort: Paspoort) -> dict[str, date]:
    dagen: dict[str, date] = {}
    for aandoening in paspoort.aandoeningen:
        if aandoening.code is not None and aandoening.geldt:
            op = _gewijzigd_op(aandoening, aandoening.vastgelegd_op)
            dagen[aandoening.code.code] = min(op, dagen.get(aandoening.code.code, date.max))
    return dagen


def _gewijzigd_op(gegeven: Gegeven, eigen: date | None) -> date:
    """De eigen datum; een latere versie van een mens telt op de dag waarop zij is vastgelegd."""
    if gegeven.versie > 1 and gegeven.moment is not None and gegeven.herkomst is not Herkomst.IMPORT:
        return max(gegeven.moment.date(), eigen or date.min)
    return datum_van(gegeven, eigen)


def _sinds_gelijk(meting: Meting, alle: tuple[Meting, ...]) -> date:
    """Sinds wanneer deze waarde ononderbroken gemeten is: dezelfde uitkomst nog eens is geen nieuws."""
    op = _gewijzigd_op(meting, meting.gemeten_op)
    if meting.code is None:
        return op
    reeks = sorted(
        (
            (_gewijzigd_op(m, m.gemeten_op), m)
            for m in alle
            if m.geldt and m.code is not None and m.code.code == meting.code.code and m.betreft == meting.betreft
        ),
        key=lambda paar: (paar[0], paar[1].id),
        reverse=True,
    )
    for dag, ander in reeks:
        if dag > op:
            continue
        if (ander.waarde, ander.tekst) != (meting.waarde, meting.tekst):
            break
        op = min(op, dag)
    return op


def _raakt(betreft: tuple[str, ...], basis: Basis) -> bool:
    return not betreft or bool(basis.betreft & set(betreft))


def _genoemd(basis: Basis) -> frozenset[str]:
    if basis.verzoek.wijziging is Wijziging.ONGEWIJZIGD:
        return frozenset()
    return frozenset().union(*(GENOEMD[v] for v in basis.verzoek.veranderingen))
