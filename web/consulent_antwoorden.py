"""Antwoorden van schrijvers op een vraag van deze consulent, voor bovenaan de werkvoorraad.

Leest alleen berichten die de deur geeft. Een vraag in één keer over alle paspoorten kan tot een grens; daarboven gaat
het per cliënt met een open verzoek, de kortste termijn eerst. Bron: issue 5 §5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from paspoort.fhir.bericht import ANTWOORD, bericht_over
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BERICHTSOORT
from paspoort.fhir.waarden import verwijzing
from web.bezoek import Bezoek
from web.bladzijde import als_datum, dag
from web.deur import DeurFout

DAGEN: Final = 14  # zo lang staat een antwoord op de werkvoorraad; daarna alleen nog bij het advies
CLIENTEN_HOOGSTENS: Final = 200  # daarboven zegt de werkvoorraad dat zij niet bij iedereen keek


@dataclass(frozen=True, slots=True)
class NieuwAntwoord:
    """Eén antwoord: bij welke cliënt (`Patient/id`), van wanneer, en waar het staat."""

    client: str
    op: str
    adres: str


async def nieuwe_antwoorden(bezoek: Bezoek, clienten: Sequence[str], vandaag: date) -> tuple[NieuwAntwoord, ...]:
    """Nieuwste eerst. `clienten` zijn de `Patient/id` met een open verzoek."""
    uit: dict[str, NieuwAntwoord] = {}
    for b in sorted(await _berichten(bezoek, clienten), key=lambda b: str(b.get("sent", "")), reverse=True):
        op, advies = als_datum(b.get("sent")), next(iter(bericht_over(b)), "").partition("/")[2]
        if advies and op is not None and (vandaag - op).days <= DAGEN and b.get("status") != "entered-in-error":
            client = verwijzing(b.get("subject")) or ""
            uit.setdefault(advies, NieuwAntwoord(client, dag(op), f"/advies/{advies}/lees#vraag-kop"))
    return tuple(uit.values())


async def _berichten(bezoek: Bezoek, clienten: Sequence[str]) -> list[Json]:
    vraag = [("category", f"{BERICHTSOORT}|{ANTWOORD}"), ("recipient", f"PractitionerRole/{bezoek.actor.functie}")]
    try:
        return await bezoek.deur.zoek_met("Communication", [*vraag, ("_count", "200")])
    except DeurFout as te_ruim:
        if te_ruim.status not in (400, 422):
            raise
    uit: list[Json] = []
    for client in clienten[:CLIENTEN_HOOGSTENS]:
        uit += await bezoek.deur.zoek_met("Communication", [*vraag, ("patient", client.removeprefix("Patient/"))])
    return uit
