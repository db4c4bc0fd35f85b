"""De definities lezen en zoeken, zonder token: StructureDefinition, ValueSet, CodeSystem en hun soort.

Gaat buiten de deur om omdat er niets persoonlijks in staat en niemand ze hier schrijft. Bron: FHIR R4 §5.
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.bundle import searchset
from server.fhir.context import Deur
from server.fhir.operations import OPENBARE_OPERATIES
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirRequest, FhirResponse
from server.fhir.search.grammatica import ontleed
from server.fhir.search.zoeken import Treffer, snijd, sorteer, voldoet
from server.registry import DEFINITIE_ZOEKEN, DEFINITIETYPES, Binding, Resourcetype

SOORTEN: Final = {
    naam: Resourcetype(naam, "", naam, Binding("register"), frozenset({"read", "search-type"}), DEFINITIE_ZOEKEN)
    for naam in DEFINITIETYPES
}


def lees_definitie(deur: Deur, vraag: FhirRequest) -> FhirResponse:
    """`GET [type]/[id]` en `GET [type]?…` van een definitietype. 404, of 400 bij een onbekende parameter."""
    type_ = vraag.type or ""
    operatie = OPENBARE_OPERATIES.get((type_, vraag.operation or ""))
    if operatie is not None:
        if vraag.method not in operatie.methodes:
            mag = ", ".join(sorted(operatie.methodes))
            raise PaspoortFout(Melding("methode-onbekend", None, {"methode": vraag.method, "mag": mag}))
        return operatie.functie(deur, vraag)
    if vraag.operation or vraag.history or vraag.search:
        raise PaspoortFout(Melding("niet-gevonden"))
    if vraag.id is not None:
        definitie = deur.definities.get(type_, vraag.id)
        if definitie is None:
            raise PaspoortFout(Melding("niet-gevonden"))
        return FhirResponse(200, definitie.tekst, {"content-type": FHIR_JSON})
    zoekvraag = ontleed(SOORTEN[type_], vraag.query, via_post=False)
    gevonden = [t for t in deur.definities.van_type(type_) if voldoet(t, zoekvraag.filters, _nergens)]
    gevonden = sorteer(gevonden, zoekvraag.sorteer, _nergens)
    bladzijde, _ = snijd(gevonden, zoekvraag)
    adres = f"{deur.basis}/{type_}"
    inhoud = searchset(deur.basis, bladzijde, (), len(gevonden), [("self", adres)])
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def _nergens(_type: str, _id: str) -> Treffer | None:
    """Een definitie verwijst nergens naar waar op te zoeken is."""
    return None
