"""Mag ik delen? Of een andere partij een gegevensgroep van dit paspoort mag zien: ja met grond en einddatum, of nee.

Voor een partij die zelf een grond heeft en overweegt iets door te geven. Zegt nooit meer dan dit: niet welke
toestemming, niet wat er in de groep staat, niet of een onbekende partij bestaat. Wie de groep zelf niet ziet, heeft
niets te delen en krijgt nee. Bij een concept telt alleen de toestemming om daarover mee te denken. Bron: toegang.md §1,
§2 en §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from paspoort.toestemming import als_dag
from server.access.actor import Actor
from server.access.afstemmen import AFSTEMMING
from server.access.gronden import Grond, bepaal_gronden
from server.access.voorbeeld import partij
from server.access.zicht import ALTIJD_APART, Zicht
from server.store.register import Register
from server.store.versions import Momentopname, Versie


@dataclass(frozen=True, slots=True)
class Antwoord:
    """`grond` (toestemming of opdracht) en `tot` alleen bij ja; een opdracht heeft geen einddatum."""

    ja: bool
    grond: str | None = None
    tot: date | None = None


NEE = Antwoord(False)


def mag_delen(vrager: Zicht, aan: str, groep: str, concept: Versie | None = None) -> Antwoord:
    """Of `aan` (`Organization/id` of `PractitionerRole/id`) deze groep nu mag zien, voor wie haar zelf ziet.

    Met `concept`: of hij haar ziet om over dit concept mee te denken; wat hij door iets anders al ziet, telt dan niet.
    """
    eigen = any(groep in g.groepen for g in vrager.gronden)
    wie = partij(aan, vrager.register)
    if not eigen or wie is None or groep in ALTIJD_APART:
        return NEE
    gronden = gronden_voor(wie, groep, vrager.momentopname, vrager.register, vrager.nu)
    if concept is not None:
        gronden = [g for g in gronden if g.doel == AFSTEMMING and groep in g.groepen_voor(concept, False)]
    if not gronden:
        return NEE
    beste = max(gronden, key=_hoe_lang)
    return Antwoord(True, beste.soort, _dag(beste))


def gronden_voor(wie: Actor, groep: str, m: Momentopname, register: Register, nu: datetime) -> list[Grond]:
    """De gronden waarop deze partij de groep nu ziet."""
    return [g for g in bepaal_gronden(wie, m, register, nu) if groep in g.groepen and g.soort != "eigen"]


def _hoe_lang(grond: Grond) -> tuple[bool, str]:
    # Een toestemming zegt tot wanneer; een opdracht eindigt als hij klaar is, en reikt niet verder dan zichzelf.
    return (grond.soort == "toestemming", grond.tot or "9999")


def _dag(grond: Grond) -> date | None:
    if grond.tot is None:
        return None
    return als_dag(datetime.fromisoformat(grond.tot)) if "T" in grond.tot else date.fromisoformat(grond.tot)
