"""Wie er vraagt. Gemaakt aan de rand (token of sessie), gelezen door zicht, poort en log.

Doet zelf geen toegangsbeslissing: dat is `server/access/zicht.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from paspoort.fouten import Taal

Soort = Literal["persoon", "app", "dienst"]
Rol = Literal["houder", "vertegenwoordiger", "therapeut", "verstrekker", "leverancier", "beheerder", "proef"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Eén vrager, voor één verzoek.

    `persoon` = iemand achter een bladzijde of een `patient/`- of `user/`-token; `app` = een organisatie met een
    `system/`-token; `dienst` = de bediening zelf (CLI, import), die alles mag en alles logt.
    `scopes` is de lijst zoals toegekend in SMART v2-vorm; leeg betekent niets, `None` betekent: een eigen bladzijde,
    zonder beperking door scope.
    """

    soort: Soort
    rol: Rol
    naam: str
    account: str | None = None
    organisatie: str | None = None  # id van de Organization in het register
    functie: str | None = None  # id van de PractitionerRole in het register
    patient: str | None = None  # id van de Patient waar het token of de sessie bij hoort
    namens: str | None = None  # naam van wie vertegenwoordigd wordt
    mandaat: str | None = None  # id van de RelatedPerson in het paspoort waaruit een vertegenwoordiger handelt
    client_id: str | None = None
    verlening: str | None = None  # familie van het token: welk ja van een mens aan een app dit is
    blijvend: bool = False  # of dat ja doorloopt zonder de mens (`offline_access`); niet wat dit token vroeg
    scopes: frozenset[str] | None = field(default_factory=frozenset)
    taal: Taal = "nl"
