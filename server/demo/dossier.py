"""Eén verzonnen paspoort als gegevens van het domein, en hoe daar FHIR-resources van komen.

De bestanden in `personen/` schrijven met korte namen (`rolstoel`, `Patient/ik`) en datums rond `ANKER`. Hier krijgen
zij een id dat niets zegt, en schuiven alle datums mee met vandaag, zodat de demo over een jaar nog klopt.
Bewaart zelf niets: dat doet `vullen.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from paspoort.aanvraag import Behandeling, Opdracht, Verzoek
from paspoort.advies import FunctioneelAdvies
from paspoort.beschikking import Besluit
from paspoort.document import Document
from paspoort.ervaring import Evaluatie
from paspoort.fhir import aanvraag, advies, beschikking, document, gezondheid, houder, hulpmiddel, plan, toestemming
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import vervang
from paspoort.fhir.stelsels import HERKOMST
from paspoort.gegeven import Gebeurtenis, Gegeven
from paspoort.gezondheid import Aandoening, Doel, Meting
from paspoort.houder import Houder, Vertegenwoordiger
from paspoort.hulpmiddel import Gebruik, Hulpmiddel
from paspoort.plan import Begeleiding, PersoonlijkPlan, Voorzieningenplan
from paspoort.toestemming import Toestemming

ANKER: Final = date(2026, 11, 22)  # de dag waarvoor de datums in `personen/` geschreven zijn
IK: Final = "Patient/ik"
_RUIMTE: Final = UUID("6f0f4d2e-0c39-4c53-9d0b-6a2f6c1e7b11")
_DAG: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(T.+)?")

Stuk = Gegeven | Toestemming | Json

NAAR_FHIR: Final[dict[type, Callable[[Any, str], Json]]] = {
    Houder: lambda g, _: houder.naar_fhir(g),
    Vertegenwoordiger: houder.vertegenwoordiger_naar_fhir,
    Aandoening: gezondheid.aandoening_naar_fhir,
    Meting: gezondheid.meting_naar_fhir,
    Doel: gezondheid.doel_naar_fhir,
    Hulpmiddel: hulpmiddel.hulpmiddel_naar_fhir,
    Gebruik: hulpmiddel.gebruik_naar_fhir,
    FunctioneelAdvies: advies.naar_fhir,
    Evaluatie: advies.evaluatie_naar_fhir,
    Besluit: beschikking.naar_fhir,
    Verzoek: aanvraag.verzoek_naar_fhir,
    Behandeling: aanvraag.behandeling_naar_fhir,
    Opdracht: aanvraag.opdracht_naar_fhir,
    Begeleiding: plan.begeleiding_naar_fhir,
    PersoonlijkPlan: plan.persoonlijk_plan_naar_fhir,
    Voorzieningenplan: plan.voorzieningenplan_naar_fhir,
    Document: document.naar_fhir,
    Gebeurtenis: lambda g, _: document.gebeurtenis_naar_fhir(g),
    Toestemming: lambda t, _: toestemming.naar_fhir(t),
}


@dataclass(frozen=True, slots=True)
class Deel:
    """Wat één schrijver in het paspoort zette. `auteur` is `Patient/ik` of `PractitionerRole/…`."""

    auteur: str
    stukken: tuple[Stuk, ...]
    herkomst: str = ""

    @property
    def bron(self) -> str:
        """De herkomst die erbij hoort: van de houder `zelf`, van een ander `bron`, tenzij anders gezegd."""
        return self.herkomst or ("zelf" if self.auteur == IK else "bron")


@dataclass(frozen=True, slots=True)
class Keek:
    """Een regel van *Wie keek mee* van vóór vandaag. `wie` en `wat` als `Type/naam`."""

    moment: str
    wie: str
    naam: str
    rol: str
    organisatie: str | None
    handeling: str
    doel: str | None
    grond: str | None
    wat: tuple[str, ...]
    uitkomst: str = "gelukt"
    namens: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Het hele paspoort van één verzonnen persoon. `code` is ook de code om mee in te loggen, als dat kan."""

    code: str
    delen: tuple[Deel, ...]
    log: tuple[Keek, ...] = ()

    @property
    def patient(self) -> str:
        """Het id van het paspoort."""
        return id_van(self.code, "ik")


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén resource met wie haar schreef."""

    inhoud: Json
    auteur: str
    herkomst: str


def id_van(code: str, naam: str) -> str:
    """Elke keer hetzelfde id, waar niets aan af te lezen is."""
    return str(uuid5(_RUIMTE, f"{code}/{naam}"))


def echte_plek(code: str, plek: str) -> str:
    """`Type/naam` met het echte id; wat in het register staat, blijft."""
    soort, _, naam = plek.partition("/")
    return plek if soort in {"Organization", "PractitionerRole"} else f"{soort}/{id_van(code, naam)}"


def resources(dossier: Dossier, vandaag: date) -> tuple[Regel, ...]:
    """Alle resources van het dossier, met hun echte ids en datums, in de volgorde van het dossier."""
    kaal = [
        (deel, stuk if isinstance(stuk, dict) else _naar_fhir(stuk)) for deel in dossier.delen for stuk in deel.stukken
    ]
    ids = {f"{i['resourceType']}/{i['id']}": f"{i['resourceType']}/{id_van(dossier.code, i['id'])}" for _, i in kaal}
    dagen = (vandaag - ANKER).days

    def echt(verwijzing: str) -> str:
        type_id, geschiedenis, versie = verwijzing.partition("/_history/")
        return ids.get(type_id, type_id) + geschiedenis + versie

    uit = []
    for deel, inhoud in kaal:
        nieuw: Json = verschuif(_zonder_herkomst(vervang(inhoud, echt)), dagen)
        nieuw["id"] = ids[f"{inhoud['resourceType']}/{inhoud['id']}"].partition("/")[2]
        uit.append(Regel(nieuw, ids.get(deel.auteur, deel.auteur), deel.bron))
    return tuple(uit)


def verschuif(waarde: Any, dagen: int) -> Any:
    """Een kopie waarin elke tekst die een datum of tijdstip is, zoveel dagen later valt."""
    if isinstance(waarde, dict):
        return {naam: verschuif(w, dagen) for naam, w in waarde.items()}
    if isinstance(waarde, list):
        return [verschuif(w, dagen) for w in waarde]
    gevonden = _DAG.fullmatch(waarde) if isinstance(waarde, str) and dagen else None
    if gevonden is None:
        return waarde
    return f"{date.fromisoformat(gevonden[1]) + timedelta(days=dagen)}{gevonden[2] or ''}"


def _naar_fhir(stuk: Stuk) -> Json:
    return stuk if isinstance(stuk, dict) else NAAR_FHIR[type(stuk)](stuk, IK)


def _zonder_herkomst(inhoud: Json) -> Json:
    """De herkomst zet de opslag zelf; een lege meta gaat mee weg."""
    meta = {naam: w for naam, w in (inhoud.get("meta") or {}).items() if naam != "tag"}
    tags = [t for t in (inhoud.get("meta") or {}).get("tag", []) if t.get("system") != HERKOMST]
    meta |= {"tag": tags} if tags else {}
    return {naam: w for naam, w in inhoud.items() if naam != "meta"} | ({"meta": meta} if meta else {})
