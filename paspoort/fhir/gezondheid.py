"""Aandoening ⇄ Condition, meting ⇄ Observation, doel ⇄ Goal (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from decimal import Decimal

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import (
    CONDITION_CLINICAL,
    CONDITION_VERIFICATION,
    DIAGNOSE,
    FUNCTIONELE_BEPERKING,
    SNOMED,
    codestelsel,
)
from paspoort.fhir.waarden import (
    als_object,
    code_uit,
    codes,
    datum,
    eigen_concept,
    ext,
    hoeveelheid,
    keuze,
    kop,
    objecten,
    schrijf_concept,
    schrijf_datum,
    schrijf_ext,
    schrijf_hoeveelheid,
    schrijf_kop,
    schrijf_verwijzing,
    schrijf_verwijzingen,
    tekst,
    verwijzing,
    verwijzingen,
    waar,
    zonder_leeg,
)
from paspoort.gegeven import Code, Hoeveelheid
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Doel, Meting, Metingsoort, Prognose

CATEGORIEEN = {DIAGNOSE: Aandoeningsoort.DIAGNOSE, FUNCTIONELE_BEPERKING: Aandoeningsoort.BEPERKING}
CATEGORIE_VAN = {soort: code for code, soort in CATEGORIEEN.items()}


def aandoening_uit_fhir(inhoud: Json) -> Aandoening:
    """Condition → Aandoening. Van meer codes telt de eerste."""
    concept = als_object(inhoud.get("code"))
    categorieen = (code_uit(c, SNOMED) for c in objecten(inhoud.get("category")))
    return Aandoening(
        **kop(inhoud),
        code=next(iter(codes(concept)), None),
        omschrijving=tekst(concept.get("text")),
        soort=next((CATEGORIEEN[c] for c in categorieen if c in CATEGORIEEN), None),
        klinische_status=code_uit(inhoud.get("clinicalStatus"), CONDITION_CLINICAL),
        verificatie=code_uit(inhoud.get("verificationStatus"), CONDITION_VERIFICATION),
        begin=datum(inhoud.get("onsetDateTime")) or datum(als_object(inhoud.get("onsetPeriod")).get("start")),
        vastgelegd_op=datum(inhoud.get("recordedDate")),
        prognose=keuze(Prognose, ext(inhoud, "prognose", "valueCode")),
        levenslang=waar(ext(inhoud, "levenslang", "valueBoolean")),
    )


def aandoening_naar_fhir(aandoening: Aandoening, houder: str | None = None) -> Json:
    """Aandoening → Condition van deze houder."""
    categorie = [Code(SNOMED, CATEGORIE_VAN[aandoening.soort])] if aandoening.soort else []
    return schrijf_kop(aandoening) | zonder_leeg(
        {
            "extension": [
                *schrijf_ext("prognose", "valueCode", aandoening.prognose),
                *schrijf_ext("levenslang", "valueBoolean", aandoening.levenslang),
            ],
            "clinicalStatus": eigen_concept(CONDITION_CLINICAL, aandoening.klinische_status),
            "verificationStatus": eigen_concept(CONDITION_VERIFICATION, aandoening.verificatie),
            "category": [schrijf_concept(categorie)] if categorie else None,
            "code": schrijf_concept([aandoening.code] if aandoening.code else [], aandoening.omschrijving),
            "subject": schrijf_verwijzing(houder),
            "onsetDateTime": schrijf_datum(aandoening.begin),
            "recordedDate": schrijf_datum(aandoening.vastgelegd_op),
        }
    )


def meting_uit_fhir(inhoud: Json) -> Meting:
    """Observation → Meting. De waarde is een getal met eenheid, of tekst (ook van een codering of een ja of nee)."""
    soorten = (code_uit(c, codestelsel("observatiesoort")) for c in objecten(inhoud.get("category")))
    apparaat = verwijzing(inhoud.get("device"))
    waarde, woorden = _waarde(inhoud)
    return Meting(
        **kop(inhoud),
        code=next(iter(codes(inhoud.get("code"))), None),
        soort=next((s for c in soorten if (s := keuze(Metingsoort, c))), None),
        waarde=waarde,
        tekst=woorden,
        gemeten_op=datum(inhoud.get("effectiveDateTime"))
        or datum(als_object(inhoud.get("effectivePeriod")).get("start")),
        betreft=tuple(dict.fromkeys(((apparaat,) if apparaat else ()) + verwijzingen(inhoud.get("focus")))),
        status=tekst(inhoud.get("status")) or "final",
    )


def meting_naar_fhir(meting: Meting, houder: str | None = None) -> Json:
    """Meting → Observation van deze houder."""
    return schrijf_kop(meting) | zonder_leeg(
        {
            "status": meting.status,
            "category": [eigen_concept("observatiesoort", meting.soort)] if meting.soort else None,
            "code": schrijf_concept([meting.code]) if meting.code else None,
            "subject": schrijf_verwijzing(houder),
            "focus": schrijf_verwijzingen(meting.betreft),
            "effectiveDateTime": schrijf_datum(meting.gemeten_op),
            "valueQuantity": schrijf_hoeveelheid(meting.waarde),
            "valueString": meting.tekst,
        }
    )


def doel_uit_fhir(inhoud: Json) -> Doel:
    """Goal → Doel."""
    omschrijving = als_object(inhoud.get("description"))
    eerste = next((c.tekst for c in codes(omschrijving) if c.tekst), None)
    return Doel(
        **kop(inhoud),
        tekst=tekst(omschrijving.get("text")) or eerste or "",
        status=tekst(inhoud.get("lifecycleStatus")) or "active",
        begin=datum(inhoud.get("startDate")),
    )


def doel_naar_fhir(doel: Doel, houder: str | None = None) -> Json:
    """Doel → Goal van deze houder."""
    return schrijf_kop(doel) | zonder_leeg(
        {
            "lifecycleStatus": doel.status,
            "description": {"text": doel.tekst} if doel.tekst else None,
            "subject": schrijf_verwijzing(houder),
            "startDate": schrijf_datum(doel.begin),
        }
    )


def _waarde(inhoud: Json) -> tuple[Hoeveelheid | None, str | None]:
    waarde = hoeveelheid(inhoud.get("valueQuantity"))
    if isinstance(geheel := inhoud.get("valueInteger"), int):
        waarde = waarde or Hoeveelheid(Decimal(geheel))
    concept = als_object(inhoud.get("valueCodeableConcept"))
    # bij een typering (nl-core FunctionalOrMentalStatus) staat de bevinding in de toelichting
    noot = next((tekst(n.get("text")) for n in objecten(inhoud.get("note"))), None) if concept else None
    woorden = noot or tekst(concept.get("text")) or next((c.tekst or c.code for c in codes(concept)), None)
    if isinstance(ja := inhoud.get("valueBoolean"), bool):
        woorden = "ja" if ja else "nee"
    return waarde, tekst(inhoud.get("valueString")) or woorden
