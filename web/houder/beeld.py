"""Zo ziet een ander het: een klein scherm met wat zij te lezen krijgt, van hetzelfde zicht als bij echt lezen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from paspoort.advies import Adviesstatus
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.waarden import kop
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Metingsoort
from paspoort.paspoort import Paspoort
from paspoort.toestemming import Toestemming
from server.access.actor import Rol
from server.access.voorbeeld import door_ogen_van, voorbeeld
from server.access.zicht import bepaal_zicht
from server.store.versions import Momentopname
from web.bezoek import Bezoek
from web.bladzijde import dag
from web.boek import Boek
from web.houder.kader import patient_van
from web.woorden import naam_van

HOOGSTENS = 6


@dataclass(frozen=True, slots=True)
class Vak:
    """Eén kopje met regels."""

    titel: str
    regels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beeld:
    """Het kleine scherm."""

    wie: str
    vakken: tuple[Vak, ...]
    meer: str = ""


async def gezien(bezoek: Bezoek, boek: Boek, toestemming: Toestemming, rol: str) -> tuple[Json, ...]:
    """Elke resource zoals de ander haar met deze toestemming ziet."""
    return voorbeeld(toestemming, cast(Rol, rol), await opname(bezoek, boek), bezoek.huis.opslag.register, boek.nu)


async def opname(bezoek: Bezoek, boek: Boek) -> Momentopname:
    """Waarop een voorbeeld gerekend wordt: wie voor een ander kijkt, ziet er niet meer dan hij zelf mag zien."""
    opslag = bezoek.huis.opslag
    m = await opslag.momentopname(patient_van(bezoek))
    return door_ogen_van(bepaal_zicht(bezoek.actor, m, opslag.register, boek.nu))


def paspoort_van(resources: Iterable[Json]) -> Paspoort:
    """Deze resources als domein."""
    return paspoort_uit((r, kop(r)["herkomst"].value, kop(r)["moment"]) for r in resources)


async def beeld(bezoek: Bezoek, boek: Boek, toestemming: Toestemming, rol: str, wie: str, meer: str = "") -> Beeld:
    """Wat `wie` met deze toestemming zou zien, in koppen en regels; `meer` is het adres van het hele voorbeeld."""
    p = paspoort_van(await gezien(bezoek, boek, toestemming, rol))
    houder = p.houder
    adressen = [", ".join((*a.regels, *([a.plaats] if a.plaats else []))) for a in houder.adressen]
    contact = (*adressen[:1], *(c.waarde for c in houder.contact[:2]))
    hulpmiddelen = [naam_van(p.hulpmiddel(g.hulpmiddel)) for g in p.lopende_gebruiken if p.hulpmiddel(g.hulpmiddel)]
    adviezen = [f"Advies van {dag(a.geschreven_op)}" for a in p.adviezen if a.status is not Adviesstatus.VERVALLEN]
    eisen = [e.tekst for a in p.nieuwste_adviezen for e in a.eisen if e.tekst]
    maten = [m for m in p.metingen if m.soort is Metingsoort.MATEN]
    ziek = [_zin(a) for a in p.aandoeningen if a.soort is Aandoeningsoort.DIAGNOSE]
    kan = [_zin(a) for a in p.aandoeningen if a.soort is not Aandoeningsoort.DIAGNOSE]
    kan += [m.tekst for m in p.metingen if m.soort is Metingsoort.FUNCTIONEREN]
    plannen = [f"Plan van {dag(x.geschreven_op)}" for x in p.plannen if x.antwoorden]
    besluiten = [f"Besluit van {dag(b.genomen_op)}" for b in p.besluiten]
    vakken = (
        _vak(houder.naam or "Geen naam", contact),
        _vak("Geboren", [dag(houder.geboortedatum)] if houder.geboortedatum else []),
        _vak("Burgerservicenummer", ["Te zien"] if houder.bsn else []),
        _vak("Ziekte", ziek),
        _vak("Wat wel en niet lukt", kan),
        _vak("Maten", [f"{len(maten)} maten"] if maten else []),
        _vak("Hulpmiddelen", hulpmiddelen),
        _vak("Adviezen", adviezen if any(a.hulpvraag for a in p.adviezen) else []),
        _vak("Wat het moet kunnen", eisen),
        _vak("Persoonlijk plan", plannen),
        _vak("Besluiten", besluiten),
    )
    return Beeld(wie, tuple(v for v in vakken if v.regels), meer)


def _zin(aandoening: Aandoening) -> str | None:
    return aandoening.omschrijving or (aandoening.code.tekst if aandoening.code else None)


def _vak(titel: str, regels: tuple[str, ...] | list[str] | list[str | None]) -> Vak:
    gevuld = [r for r in regels if r]
    extra = [f"en nog {len(gevuld) - HOOGSTENS}"] if len(gevuld) > HOOGSTENS else []
    return Vak(titel, (*gevuld[:HOOGSTENS], *extra))
