"""De definities lezen en zoeken, zonder token: StructureDefinition, ValueSet, CodeSystem en hun soort.

Gaat buiten de deur om omdat er niets persoonlijks in staat en niemand ze hier schrijft. Bron: FHIR R4 §5.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.bundle import searchset
from server.fhir.context import Deur
from server.fhir.interactie import niet_deze_methode
from server.fhir.operations import OPENBARE_OPERATIES
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirRequest, FhirResponse
from server.fhir.search import cursor
from server.fhir.search.antwoorden import gesnoeid, links
from server.fhir.search.bladzijden import Anker, Merk, Rij, naar_json, query_uit, snijd, uit_json
from server.fhir.search.grammatica import Zoekvraag, ontleed, verder_met
from server.fhir.search.snoeien import lees_snoei, snoei
from server.fhir.search.zoeken import NERGENS, sorteer, voldoet
from server.registry import DEFINITIES


def lees_definitie(deur: Deur, vraag: FhirRequest) -> FhirResponse:
    """`GET [type]/[id]` en `GET [type]?…` van een definitietype. 404, of 400 bij een onbekende parameter."""
    type_ = vraag.type or ""
    operatie = OPENBARE_OPERATIES.get((type_, vraag.operation or ""))
    if operatie is not None:
        if vraag.method not in operatie.methodes:
            mag = ", ".join(sorted(operatie.methodes))
            raise PaspoortFout(Melding("methode-onbekend", None, {"methode": vraag.method, "mag": mag}))
        return operatie.functie(deur, vraag)
    if vraag.history or vraag.vid:
        raise niet_deze_methode(vraag.method, [])  # een definitie heeft hier één versie
    if vraag.operation or vraag.search:
        raise PaspoortFout(Melding("niet-gevonden"))
    if vraag.id is not None:
        definitie = deur.definities.get(type_, vraag.id)
        if definitie is None:
            raise PaspoortFout(Melding("niet-gevonden"))
        elements, summary = lees_snoei(type_, vraag.query)
        kort = snoei(definitie.inhoud, elements=elements, summary=summary)
        tekst = definitie.tekst if kort is definitie.inhoud else schrijf(kort)
        return FhirResponse(200, tekst, {"content-type": FHIR_JSON})
    zoekvraag, anker = _lees_vraag(deur, type_, vraag)
    gevonden = [t for t in deur.definities.van_type(type_) if voldoet(t, zoekvraag.filters, NERGENS)]
    gevonden = sorteer(gevonden, zoekvraag.sorteer, lambda t: (t, NERGENS))
    rijen = [Rij(t, t, (0, "", t.id, t.type), "") for t in gevonden]
    bladzijde = snijd(rijen, 0 if zoekvraag.alleen_tellen else zoekvraag.aantal, anker)
    slot = deur.opslag.slot("bladzijde")

    def verzegel(inhoud: dict[str, Any]) -> str:
        return cursor.maak(slot, _plaats(type_), inhoud)

    vorige, volgende = (naar_json(Merk({}), a) for a in (bladzijde.vorige, bladzijde.volgende))
    adressen = links(zoekvraag, f"{deur.basis}/{type_}", vorige, volgende, verzegel)
    getoond = [gesnoeid(rij.toen, zoekvraag.elements, zoekvraag.summary) for rij in bladzijde.rijen]
    geteld = None if zoekvraag.totaal == "none" else len(gevonden)
    return FhirResponse(200, searchset(deur.basis, getoond, (), geteld, adressen), {"content-type": FHIR_JSON})


def _lees_vraag(deur: Deur, type: str, vraag: FhirRequest) -> tuple[Zoekvraag, Anker | None]:
    soort = DEFINITIES[type]
    zoekvraag = ontleed(soort, vraag.query, via_post=False)
    if zoekvraag.bladzijde is None:
        return zoekvraag, None
    inhoud = cursor.lees(deur.opslag.slot("bladzijde"), _plaats(type), zoekvraag.bladzijde)
    verder = ontleed(soort, verder_met(query_uit(inhoud), zoekvraag), via_post=False)
    return replace(verder, vorm=zoekvraag.vorm), uit_json(inhoud)[1]


def _plaats(type: str) -> str:
    return f"bladzijde|definities|{type}"
