"""De herhaaltoets: mag een bekende vraag zonder nieuw onderzoek door, en waarom (herhaaltoets.md).

`toets` = `route(feiten(...))`: eerste het paspoort naar feiten, dan de feiten naar een route. Zuiver, zonder klok en
zonder opslag. Stelt voor; de verstrekker beslist.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from paspoort.aanvraag import Verzoek
from paspoort.advies import Urgentie
from paspoort.complexiteit import kenmerken
from paspoort.herhaaltoets.basis import basis as steun
from paspoort.herhaaltoets.beleid import AdviesVereist, Beleid, Doorzetten
from paspoort.herhaaltoets.feit import Feit, Feiten, Waarden
from paspoort.herhaaltoets.routes import BesluitNodig, Route
from paspoort.herhaaltoets.uitslag import (
    Grond,
    Lichter,
    Omstandigheden,
    Onderzoeksvraag,
    Ontbreekt,
    Toetsuitslag,
    route,
)
from paspoort.herhaaltoets.vaststellen import feiten
from paspoort.paspoort import Paspoort

__all__ = [
    "AdviesVereist",
    "Beleid",
    "BesluitNodig",
    "Doorzetten",
    "Feit",
    "Feiten",
    "Grond",
    "Lichter",
    "Omstandigheden",
    "Onderzoeksvraag",
    "Ontbreekt",
    "Route",
    "Toetsuitslag",
    "Waarden",
    "feiten",
    "route",
    "toets",
]


def toets(
    paspoort: Paspoort,
    verzoek: Verzoek,
    beleid: Beleid,
    vandaag: date,
    vragen: Sequence[Onderzoeksvraag] = (),
) -> Toetsuitslag:
    """De uitslag voor één verzoek op één dag. `vragen` zijn de verplichte vragen van het volledige onderzoek."""
    return route(
        feiten(paspoort, verzoek, beleid, vandaag),
        beleid,
        Omstandigheden(
            gevraagd_op=verzoek.ingediend_op or vandaag,
            veranderingen=verzoek.veranderingen,
            spoed=_spoed(paspoort, verzoek, beleid, vandaag),
            complex=kenmerken(paspoort, verzoek, vandaag),
            vragen=tuple(vragen),
        ),
        vandaag,
    )


def _spoed(paspoort: Paspoort, verzoek: Verzoek, beleid: Beleid, vandaag: date) -> bool:
    """W: acuut, zeer progressief of palliatief. De behandeling of het advies zegt het; wij raden het niet."""
    if any(b.spoed and b.open and b.verzoek == verzoek.verwijzing for b in paspoort.behandelingen):
        return True
    stuk = steun(paspoort, verzoek, beleid, vandaag).advies
    return stuk is not None and not stuk.ingetrokken and getattr(stuk.gegeven, "urgentie", None) is Urgentie.SPOED
