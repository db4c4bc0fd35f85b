"""Verzoek ⇄ DeviceRequest `proposal`, behandeling en opdracht ⇄ Task (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict

from paspoort.aanvraag import (
    Behandeling,
    Fase,
    Opdracht,
    Opdrachtsoort,
    Taak,
    Uitkomst,
    Verandering,
    Verzoek,
    Wijziging,
)
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import CATEGORIE, TAAKINVOER, TAAKSOORT, TAAKSTATUS, codestelsel
from paspoort.fhir.waarden import (
    Kop,
    als_object,
    categorie_concept,
    code_uit,
    datum,
    eigen_concept,
    einddatum,
    ext,
    extensies,
    hoeveelheid,
    keuze,
    kop,
    moment,
    objecten,
    periode,
    schrijf_datum,
    schrijf_ext,
    schrijf_hoeveelheid,
    schrijf_kop,
    schrijf_periode,
    schrijf_verwijzing,
    schrijf_verwijzingen,
    tekst,
    verwijzing,
    verwijzingen,
    waar,
    zonder_leeg,
)


def is_verzoek(inhoud: Json) -> bool:
    """Of dit een verzoek is (`proposal`) en geen besluit."""
    return inhoud.get("resourceType") == "DeviceRequest" and inhoud.get("intent") == "proposal"


def is_opdracht(inhoud: Json) -> bool:
    """Of deze Task een opdracht aan een leverancier is."""
    return code_uit(inhoud.get("code"), TAAKSOORT) in {"opdracht", "levering", "reparatie", "passing"}


def verzoek_uit_fhir(inhoud: Json) -> Verzoek:
    """DeviceRequest `proposal` → Verzoek."""
    concept = als_object(inhoud.get("codeCodeableConcept"))
    genoemd = (keuze(Verandering, e.get("valueCode")) for e in extensies(inhoud, "verandering"))
    return Verzoek(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "active",
        categorie=code_uit(concept, CATEGORIE),
        omschrijving=tekst(concept.get("text")),
        ingediend_op=datum(inhoud.get("authoredOn")),
        aanvrager=verwijzing(ext(inhoud, "aanvrager", "valueReference")),
        wijziging=keuze(Wijziging, ext(inhoud, "wijziging", "valueCode")),
        veranderingen=tuple(v for v in genoemd if v),
        betreft=verwijzing(ext(inhoud, "betreft", "valueReference")),
        hoeveelheid=hoeveelheid(ext(inhoud, "hoeveelheid", "valueQuantity")),
        onderbouwing_afwijking=tekst(ext(inhoud, "onderbouwing-afwijking", "valueString")),
        afroep=verwijzing(ext(inhoud, "afroep", "valueReference")),
        aanpassing=waar(ext(inhoud, "aanpassing", "valueBoolean")),
        formulieren=verwijzingen(inhoud.get("supportingInfo")),
    )


def verzoek_naar_fhir(verzoek: Verzoek, houder: str | None = None) -> Json:
    """Verzoek → DeviceRequest `proposal` van deze houder."""
    return schrijf_kop(verzoek) | zonder_leeg(
        {
            "extension": [
                *schrijf_ext("aanvrager", "valueReference", schrijf_verwijzing(verzoek.aanvrager)),
                *schrijf_ext("wijziging", "valueCode", verzoek.wijziging),
                *(e for v in verzoek.veranderingen for e in schrijf_ext("verandering", "valueCode", v)),
                *schrijf_ext("betreft", "valueReference", schrijf_verwijzing(verzoek.betreft)),
                *schrijf_ext("hoeveelheid", "valueQuantity", schrijf_hoeveelheid(verzoek.hoeveelheid)),
                *schrijf_ext("onderbouwing-afwijking", "valueString", verzoek.onderbouwing_afwijking),
                *schrijf_ext("afroep", "valueReference", schrijf_verwijzing(verzoek.afroep)),
                *schrijf_ext("aanpassing", "valueBoolean", verzoek.aanpassing),
            ],
            "status": verzoek.status,
            "intent": "proposal",
            "codeCodeableConcept": categorie_concept(verzoek.categorie, verzoek.omschrijving),
            "subject": schrijf_verwijzing(houder),
            "authoredOn": schrijf_datum(verzoek.ingediend_op),
            "supportingInfo": schrijf_verwijzingen(verzoek.formulieren),
        }
    )


def behandeling_uit_fhir(inhoud: Json) -> Behandeling:
    """Task `behandeling` → Behandeling."""
    uitkomst = _waarde(inhoud, "output", "uitkomst")
    return Behandeling(
        **_taak(inhoud),
        verzoek=verwijzing(inhoud.get("focus")),
        meldingsdatum=datum(ext(inhoud, "meldingsdatum", "valueDate")),
        aanvraagdatum=datum(ext(inhoud, "aanvraagdatum", "valueDate")),
        opnamedatum=datum(ext(inhoud, "opnamedatum", "valueDate")),
        ontslagdatum=datum(ext(inhoud, "ontslagdatum", "valueDate")),
        spoed=waar(ext(inhoud, "spoed", "valueBoolean")),
        pgb_besproken_op=datum(ext(inhoud, "pgb-besproken-op", "valueDate")),
        uitkomst=keuze(Uitkomst, _code(uitkomst, "uitkomst")),
        brief=verwijzing(_waarde(inhoud, "output", "brief").get("valueReference")),
        besluit=verwijzing(_waarde(inhoud, "output", "besluit").get("valueReference")),
        opdracht=verwijzing(_waarde(inhoud, "output", "opdracht").get("valueReference")),
    )


def behandeling_naar_fhir(taak: Behandeling, houder: str | None = None) -> Json:
    """Behandeling → Task van deze houder."""
    uitkomst = {"system": codestelsel("uitkomst"), "code": taak.uitkomst} if taak.uitkomst else None
    return _schrijf_taak(
        taak,
        "behandeling",
        houder,
        extensies_=[
            *schrijf_ext("meldingsdatum", "valueDate", schrijf_datum(taak.meldingsdatum)),
            *schrijf_ext("aanvraagdatum", "valueDate", schrijf_datum(taak.aanvraagdatum)),
            *schrijf_ext("opnamedatum", "valueDate", schrijf_datum(taak.opnamedatum)),
            *schrijf_ext("ontslagdatum", "valueDate", schrijf_datum(taak.ontslagdatum)),
            *schrijf_ext("spoed", "valueBoolean", taak.spoed),
            *schrijf_ext("pgb-besproken-op", "valueDate", schrijf_datum(taak.pgb_besproken_op)),
        ],
        overig={
            "focus": schrijf_verwijzing(taak.verzoek),
            "output": [
                *_invoer("uitkomst", "valueCoding", uitkomst),
                *_invoer("brief", "valueReference", schrijf_verwijzing(taak.brief)),
                *_invoer("besluit", "valueReference", schrijf_verwijzing(taak.besluit)),
                *_invoer("opdracht", "valueReference", schrijf_verwijzing(taak.opdracht)),
            ],
        },
    )


def opdracht_uit_fhir(inhoud: Json) -> Opdracht:
    """Task `opdracht` (ook levering, passing en reparatie) → Opdracht."""

    def in_(code: str) -> str | None:
        return verwijzing(_waarde(inhoud, "input", code).get("valueReference"))

    def uit(code: str) -> Json:
        return _waarde(inhoud, "output", code)

    maten = (verwijzing(i.get("valueReference")) for i in _waarden(inhoud, "input", "maat"))
    return Opdracht(
        **_taak(inhoud),
        soort=keuze(Opdrachtsoort, _code(_waarde(inhoud, "input", "soort-opdracht"), None)),
        categorie=_code(_waarde(inhoud, "input", "categorie"), "categorie"),
        hulpmiddel=in_("hulpmiddel"),
        gebruik=in_("gebruik"),
        eisen=in_("eisen"),
        maten=tuple(m for m in maten if m),
        looptijd=periode(_waarde(inhoud, "input", "looptijd").get("valuePeriod")),
        besluit=next(iter(verwijzingen(inhoud.get("basedOn"))), None),
        verwachte_datum=datum(uit("verwachte-datum").get("valueDate")),
        reden_uitstel=tekst(uit("reden-uitstel").get("valueString")),
        passing_resultaat=tekst(uit("passing-resultaat").get("valueString")),
        nieuw_hulpmiddel=verwijzing(uit("nieuw-hulpmiddel").get("valueReference")),
        nieuw_gebruik=verwijzing(uit("nieuw-gebruik").get("valueReference")),
    )


def opdracht_naar_fhir(taak: Opdracht, houder: str | None = None) -> Json:
    """Opdracht → Task van deze houder, zonder tekst die er niet in hoort (profiel `hmp-opdracht`)."""
    categorie = {"system": CATEGORIE, "code": taak.categorie} if taak.categorie else None
    return _schrijf_taak(
        taak,
        "opdracht",
        houder,
        extensies_=[],
        overig={
            "basedOn": schrijf_verwijzingen([taak.besluit] if taak.besluit else []),
            "input": [
                *_invoer("soort-opdracht", "valueCode", taak.soort),
                *_invoer("categorie", "valueCoding", categorie),
                *_invoer("hulpmiddel", "valueReference", schrijf_verwijzing(taak.hulpmiddel)),
                *_invoer("gebruik", "valueReference", schrijf_verwijzing(taak.gebruik)),
                *_invoer("eisen", "valueReference", schrijf_verwijzing(taak.eisen)),
                *(e for m in taak.maten for e in _invoer("maat", "valueReference", schrijf_verwijzing(m))),
                *_invoer("looptijd", "valuePeriod", schrijf_periode(taak.looptijd)),
            ],
            "output": [
                *_invoer("verwachte-datum", "valueDate", schrijf_datum(taak.verwachte_datum)),
                *_invoer("reden-uitstel", "valueString", taak.reden_uitstel),
                *_invoer("passing-resultaat", "valueString", taak.passing_resultaat),
                *_invoer("nieuw-hulpmiddel", "valueReference", schrijf_verwijzing(taak.nieuw_hulpmiddel)),
                *_invoer("nieuw-gebruik", "valueReference", schrijf_verwijzing(taak.nieuw_gebruik)),
            ],
        },
    )


class _Taakvelden(Kop):
    status: str
    fase: Fase | None
    eigenaar: str | None
    opdrachtgever: str | None
    gemaakt_op: Any
    gewijzigd_op: Any
    uiterlijk: Any
    doel: str | None


class _Overig(TypedDict, total=False):
    focus: Json | None
    basedOn: list[Json]
    input: list[Json]
    output: list[Json]


def _taak(inhoud: Json) -> _Taakvelden:
    grens = als_object(als_object(inhoud.get("restriction")).get("period"))
    return {
        **kop(inhoud),
        "status": tekst(inhoud.get("status")) or "requested",
        "fase": keuze(Fase, code_uit(inhoud.get("businessStatus"), TAAKSTATUS)),
        "eigenaar": verwijzing(inhoud.get("owner")),
        "opdrachtgever": verwijzing(inhoud.get("requester")),
        "gemaakt_op": moment(inhoud.get("authoredOn")),
        "gewijzigd_op": moment(inhoud.get("lastModified")),
        "uiterlijk": einddatum(grens.get("end")),
        "doel": tekst(ext(inhoud, "doel", "valueCode")),
    }


def _schrijf_taak(taak: Taak, soort: str, houder: str | None, *, extensies_: list[Json], overig: _Overig) -> Json:
    return schrijf_kop(taak) | zonder_leeg(
        {
            "extension": [*schrijf_ext("doel", "valueCode", taak.doel), *extensies_],
            "status": taak.status,
            "intent": "order",
            "code": eigen_concept(TAAKSOORT, soort),
            "businessStatus": eigen_concept(TAAKSTATUS, taak.fase),
            "for": schrijf_verwijzing(houder),
            "requester": schrijf_verwijzing(taak.opdrachtgever),
            "owner": schrijf_verwijzing(taak.eigenaar),
            "authoredOn": taak.gemaakt_op.isoformat() if taak.gemaakt_op else None,
            "lastModified": taak.gewijzigd_op.isoformat() if taak.gewijzigd_op else None,
            "restriction": {"period": {"end": schrijf_datum(taak.uiterlijk)}} if taak.uiterlijk else None,
            **overig,
        }
    )


def _waarden(inhoud: Json, kant: str, code: str) -> list[Json]:
    return [i for i in objecten(inhoud.get(kant)) if code_uit(i.get("type"), TAAKINVOER) == code]


def _waarde(inhoud: Json, kant: str, code: str) -> Json:
    return next(iter(_waarden(inhoud, kant, code)), {})


def _code(invoer: Json, stelsel: str | None) -> str | None:
    """De code van een invoer, als `valueCode`, `valueCoding` of `valueCodeableConcept`."""
    los = tekst(invoer.get("valueCode")) or tekst(als_object(invoer.get("valueCoding")).get("code"))
    return los or (code_uit(invoer.get("valueCodeableConcept"), codestelsel(stelsel)) if stelsel else None)


def _invoer(code: str, element: str, waarde: Any) -> Iterator[Json]:
    if waarde not in (None, "", {}):
        yield {"type": eigen_concept(TAAKINVOER, code), element: waarde}
