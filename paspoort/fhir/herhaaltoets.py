"""Herhaaltoets ⇄ FHIR: de vragen van het onderzoek uit een paspoort, en de uitslag als GuidanceResponse.

docs/fhir-afbeelding.md, *Uitslag*; FHIR R4 GuidanceResponse. De complexe kenmerken en de feiten zelf gaan niet mee:
wie de uitslag leest, mag de gezondheid daarachter soms niet zien (toegang.md §4).
"""

from __future__ import annotations

from collections.abc import Iterable

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import HERHAALTOETS_MODULE
from paspoort.fhir.vragenlijst import bespaard, bespaarvragen, eigen
from paspoort.fhir.waarden import schrijf_ext, schrijf_samengesteld, schrijf_verwijzing, zonder_leeg
from paspoort.herhaaltoets import Grond, Onderzoeksvraag, Ontbreekt, Toetsuitslag

# Welk FHIR-type een ontbrekend feit kan aanvullen, voor `dataRequirement`.
TYPE_BIJ_FEIT = {
    "soort": "DeviceRequest",
    "bekend": "DeviceRequest",
    "toekenning": "DeviceRequest",
    "vorm": "DeviceRequest",
    "categorie": "Device",
    "contract": "Device",
    "levensduur": "Device",
    "blijvend": "Condition",
    "tegenspraak": "Observation",
    "advies": "QuestionnaireResponse",
    "afkeur": "DocumentReference",
    "afroep": "CarePlan",
}


def onderzoeksvragen(resources: Iterable[Json]) -> tuple[Onderzoeksvraag, ...]:
    """De verplichte vragen van `onderzoek`, elk met of het paspoort haar beantwoordt."""
    lijst = eigen("onderzoek")
    bekend = frozenset(bespaard(lijst, resources))
    return tuple(Onderzoeksvraag(v.code, v.groep, v.code in bekend) for v in bespaarvragen(lijst))


def naar_fhir(uitslag: Toetsuitslag, houder: str, verzoek: str | None = None) -> Json:
    """Toetsuitslag → GuidanceResponse voor deze houder (`Patient/id`), bij een verzoek (`DeviceRequest/id`).

    Het verzoek staat in `requestIdentifier`: `reasonReference` laat in R4 geen DeviceRequest toe.
    """
    return zonder_leeg(
        {
            "resourceType": "GuidanceResponse",
            "extension": [
                *schrijf_ext("route", "valueCode", uitslag.route),
                *schrijf_ext("besluit-nodig", "valueString", uitslag.besluit_nodig),
                *schrijf_ext("bespaarde-vragen", "valueInteger", uitslag.bespaarde_vragen),
                *schrijf_ext("gevraagde-vragen", "valueInteger", len(uitslag.gevraagde_vragen)),
                *(e for g in uitslag.gronden for e in _schrijf_grond(g)),
                *(e for o in uitslag.ontbreekt for e in _schrijf_ontbreekt(o)),
            ],
            "requestIdentifier": {"value": verzoek} if verzoek else None,
            "moduleUri": HERHAALTOETS_MODULE,
            "status": "success",
            "subject": schrijf_verwijzing(houder),
            "occurrenceDateTime": uitslag.op.isoformat(),
            "note": [{"text": f"Lichter kan niet: {t.tekst} ({t.norm})"} for t in uitslag.lichter],
            "dataRequirement": [{"type": t} for t in _ontbrekende_typen(uitslag.ontbreekt)],
        }
    )


def _schrijf_grond(grond: Grond) -> list[Json]:
    delen = list(
        schrijf_samengesteld(
            "grond",
            {
                ("feit", "valueString"): grond.feit,
                ("uitkomst", "valueCode"): grond.uitkomst,
                ("norm", "valueString"): grond.norm,
                ("tekst", "valueString"): grond.tekst,
            },
        )
    )
    bewijzen = [{"url": "bewijs", "valueReference": schrijf_verwijzing(b)} for b in grond.bewijs]
    return [{**e, "extension": [*e["extension"], *bewijzen]} for e in delen]


def _schrijf_ontbreekt(ontbreekt: Ontbreekt) -> list[Json]:
    delen = {
        ("feit", "valueString"): ontbreekt.feit,
        ("wie", "valueString"): ontbreekt.wie,
        ("tekst", "valueString"): ontbreekt.tekst,
    }
    return list(schrijf_samengesteld("ontbreekt", delen))


def _ontbrekende_typen(ontbreekt: tuple[Ontbreekt, ...]) -> list[str]:
    return list(dict.fromkeys(TYPE_BIJ_FEIT[o.feit] for o in ontbreekt if o.feit in TYPE_BIJ_FEIT))
