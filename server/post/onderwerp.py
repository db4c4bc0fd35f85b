"""Het ene onderwerp *taak gewijzigd*, en de filters waarmee een abonnee het kleiner maakt.

Zuiver. Bron: Subscriptions R5 Backport 1.1 (R4): `criteria` is de canonical van het onderwerp, het filter staat in de
extensie `backport-filter-criteria` als zoekvraag `Task?status=requested,received&code=…`. Andere namen dan hieronder
zijn een fout: wie meer wil weten, leest de Task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS, extension
from paspoort.fouten import Melding, PaspoortFout

ONDERWERP: Final = f"{BASIS}SubscriptionTopic/taak-gewijzigd"
BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
FILTER: Final = f"{BACKPORT}backport-filter-criteria"
ONDERWERPEN: Final = f"{BACKPORT}capabilitystatement-subscriptiontopic-canonical"
INHOUD: Final = f"{BACKPORT}backport-payload-content"
ALLEEN_ID: Final = "id-only"
JSON_SOORT: Final = "application/fhir+json"
# Van ons: welke app het abonnement zette en met welk ja van een mens (de server vult beide), en het geheim in het
# antwoord op de create.
APP: Final = extension("abonnement-app")
VERLENING: Final = extension("abonnement-verlening")
GEHEIM: Final = extension("abonnement-geheim")

FILTERS_HOOGSTENS: Final = 5
WAARDEN_HOOGSTENS: Final = 20

Filter = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Element:
    """Waar een filter naar kijkt, en hoe zijn waarden geschreven worden."""

    lees: Callable[[Json], frozenset[str]]
    verwijst_naar: tuple[str, ...] = ()  # leeg: een code


def _code(naam: str) -> Callable[[Json], frozenset[str]]:
    """`systeem|code` en `code` van elke coding in een CodeableConcept."""

    def lees(taak: Json) -> frozenset[str]:
        concept = taak.get(naam)
        codings = concept.get("coding") if isinstance(concept, dict) else None
        paren = [(c.get("system"), c.get("code")) for c in codings or () if isinstance(c, dict) and c.get("code")]
        return frozenset({str(c) for _, c in paren} | {f"{s or ''}|{c}" for s, c in paren})

    return lees


def _verwijzing(naam: str) -> Callable[[Json], frozenset[str]]:
    def lees(taak: Json) -> frozenset[str]:
        deel = taak.get(naam)
        verwijzing = deel.get("reference") if isinstance(deel, dict) else None
        return frozenset({verwijzing} if isinstance(verwijzing, str) else ())

    return lees


ELEMENTEN: Final[Mapping[str, _Element]] = MappingProxyType(
    {
        "owner": _Element(_verwijzing("owner"), ("Organization", "PractitionerRole")),
        "requester": _Element(_verwijzing("requester"), ("Patient", "Organization", "PractitionerRole")),
        "patient": _Element(_verwijzing("for"), ("Patient",)),
        "status": _Element(lambda taak: frozenset({str(taak.get("status"))})),
        "code": _Element(_code("code")),
        "business-status": _Element(_code("businessStatus")),
    }
)


def ontleed_filter(tekst: str, plek: str) -> Filter:
    """Een filter als namen met waarden (één ervan moet kloppen). PaspoortFout `abonnement-filter` bij `plek`."""
    type_, _, query = tekst.partition("?")
    uit: dict[str, frozenset[str]] = {}
    try:
        paren = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=10)
    except ValueError:
        paren = []
    if type_ != "Task" or not paren:
        raise _fout(plek)
    for naam, waarde in paren:
        element, waarden = ELEMENTEN.get(naam), [w.strip() for w in waarde.split(",")]
        if element is None or naam in uit or len(waarden) > WAARDEN_HOOGSTENS or not all(waarden):
            raise _fout(plek)
        uit[naam] = frozenset(_als_verwijzing(w, element, plek) if element.verwijst_naar else w for w in waarden)
    return uit


def voldoet(filters: tuple[Filter, ...], taak: Json) -> bool:
    """Of de Task aan alle filters voldoet, en in elk aan elke naam (zoals `filterBy` in R5); zonder filter altijd."""
    return all(w & ELEMENTEN[n].lees(taak) for f in filters for n, w in f.items())


def filters_van(abonnement: Json) -> tuple[tuple[str, str], ...]:
    """De filters van een Subscription als (plek, tekst)."""
    plek = "Subscription.criteria.extension"
    return tuple(
        (f"{plek}[{n}]", str(e.get("valueString")))
        for n, e in enumerate(_extensies(abonnement.get("_criteria")))
        if e.get("url") == FILTER
    )


def lees_filters(abonnement: Json) -> tuple[Filter, ...]:
    """De filters van een opgeslagen Subscription; daar zijn zij al goedgekeurd."""
    return tuple(ontleed_filter(tekst, plek) for plek, tekst in filters_van(abonnement))


def inhoud_van(abonnement: Json) -> str | None:
    """Wat er meegestuurd moet worden: de code van `backport-payload-content`, of None."""
    kanaal = abonnement.get("channel")
    extensies = _extensies(kanaal.get("_payload") if isinstance(kanaal, dict) else None)
    return next((e.get("valueCode") for e in extensies if e.get("url") == INHOUD), None)


def app_van(abonnement: Json) -> str | None:
    """De client_id van de app die het abonnement zette, of None."""
    return next((e.get("valueString") for e in _extensies(abonnement) if e.get("url") == APP), None)


def verlening_van(abonnement: Json) -> str | None:
    """Het ja van een houder of vertegenwoordiger waaronder het abonnement gezet is; None bij een organisatie."""
    return next((e.get("valueString") for e in _extensies(abonnement) if e.get("url") == VERLENING), None)


def _extensies(element: Any) -> list[Json]:
    lijst = element.get("extension") if isinstance(element, dict) else None
    return [e for e in lijst if isinstance(e, dict)] if isinstance(lijst, list) else []


def _als_verwijzing(tekst: str, element: _Element, plek: str) -> str:
    """`Type/id`; een kaal id mag als er maar één type kan."""
    type_, streep, id_ = tekst.partition("/")
    if not streep and len(element.verwijst_naar) == 1:
        return f"{element.verwijst_naar[0]}/{tekst}"
    if type_ not in element.verwijst_naar or not id_ or "/" in id_:
        raise _fout(plek)
    return tekst


def _fout(plek: str) -> PaspoortFout:
    return PaspoortFout(Melding("abonnement-filter", plek, {"namen": ", ".join(ELEMENTEN)}))
