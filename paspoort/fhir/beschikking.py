"""Besluit ⇄ DeviceRequest `order` (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from paspoort.beschikking import Afwijking, Besluit, Besluitsoort, Bezwaar, Tarief
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.hulpmiddel import schrijf_toekenning, toekenning
from paspoort.fhir.stelsels import CATEGORIE
from paspoort.fhir.waarden import (
    als_object,
    bedrag,
    categorie_concept,
    code_uit,
    datum,
    deel,
    einddatum,
    ext,
    extensies,
    keuze,
    kop,
    periode,
    schrijf_bedrag,
    schrijf_datum,
    schrijf_ext,
    schrijf_kop,
    schrijf_periode,
    schrijf_samengesteld,
    schrijf_verwijzing,
    schrijf_verwijzingen,
    tekst,
    verwijzing,
    verwijzingen,
    zonder_leeg,
)
from paspoort.hulpmiddel import Verstrekkingsvorm


def uit_fhir(inhoud: Json) -> Besluit:
    """DeviceRequest `order` → Besluit. Wie besliste staat in `performer`, anders in `requester`."""
    concept = als_object(inhoud.get("codeCodeableConcept"))
    tarief = next(iter(extensies(inhoud, "tarief")), None)
    bezwaar = next(iter(extensies(inhoud, "bezwaar")), None)
    return Besluit(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "active",
        soort=keuze(Besluitsoort, ext(inhoud, "besluitsoort", "valueCode")),
        genomen_op=datum(inhoud.get("authoredOn")),
        door=_organisatie(inhoud),
        grondslag=verwijzingen(inhoud.get("basedOn")),
        categorie=tekst(ext(inhoud, "categorie", "valueCode")) or code_uit(concept, CATEGORIE),
        omschrijving=tekst(concept.get("text")),
        toekenning=toekenning(inhoud),
        verstrekkingsvorm=keuze(Verstrekkingsvorm, ext(inhoud, "verstrekkingsvorm", "valueCode")),
        betreft=verwijzing(ext(inhoud, "betreft", "valueReference")),
        tarief=_tarief(tarief) if tarief else None,
        afwijkingen=tuple(_afwijking(e) for e in extensies(inhoud, "afwijking")),
        bezwaar=_bezwaar(bezwaar) if bezwaar else None,
        documenten=verwijzingen(inhoud.get("supportingInfo")),
        herzien_op=datum(ext(inhoud, "herzien-op", "valueDate")),
        ingetrokken_op=datum(ext(inhoud, "ingetrokken-op", "valueDate")),
    )


def naar_fhir(besluit: Besluit, houder: str | None = None) -> Json:
    """Besluit → DeviceRequest `order` van deze houder."""
    return schrijf_kop(besluit) | zonder_leeg(
        {
            "extension": [
                *schrijf_ext("besluitsoort", "valueCode", besluit.soort),
                *schrijf_toekenning(besluit.toekenning),
                *schrijf_ext("categorie", "valueCode", besluit.categorie),
                *schrijf_ext("verstrekkingsvorm", "valueCode", besluit.verstrekkingsvorm),
                *schrijf_ext("betreft", "valueReference", schrijf_verwijzing(besluit.betreft)),
                *_schrijf_tarief(besluit.tarief),
                *(e for a in besluit.afwijkingen for e in schrijf_afwijking(a)),
                *_schrijf_bezwaar(besluit.bezwaar),
                *schrijf_ext("herzien-op", "valueDate", schrijf_datum(besluit.herzien_op)),
                *schrijf_ext("ingetrokken-op", "valueDate", schrijf_datum(besluit.ingetrokken_op)),
            ],
            "basedOn": schrijf_verwijzingen(besluit.grondslag),
            "status": besluit.status,
            "intent": "order",
            "codeCodeableConcept": categorie_concept(besluit.categorie, besluit.omschrijving),
            "subject": schrijf_verwijzing(houder),
            "authoredOn": schrijf_datum(besluit.genomen_op),
            "performer": schrijf_verwijzing(besluit.door),
            "supportingInfo": schrijf_verwijzingen(besluit.documenten),
        }
    )


def _organisatie(inhoud: Json) -> str | None:
    doelen = [verwijzing(inhoud.get(element)) for element in ("performer", "requester")]
    organisaties = [d for d in doelen if d and d.startswith("Organization/")]
    return next(iter(organisaties), None)


def _tarief(extensie: Json) -> Tarief:
    return Tarief(
        bedrag=bedrag(deel(extensie, "bedrag", "valueMoney")),
        opbouw=tekst(deel(extensie, "opbouw", "valueString")),
        looptijd=periode(deel(extensie, "looptijd", "valuePeriod")),
        inclusief=tekst(deel(extensie, "inclusief", "valueString")),
    )


def _schrijf_tarief(tarief: Tarief | None) -> list[Json]:
    if tarief is None:
        return []
    return list(
        schrijf_samengesteld(
            "tarief",
            {
                ("bedrag", "valueMoney"): schrijf_bedrag(tarief.bedrag),
                ("opbouw", "valueString"): tarief.opbouw,
                ("looptijd", "valuePeriod"): schrijf_periode(tarief.looptijd) or None,
                ("inclusief", "valueString"): tarief.inclusief,
            },
        )
    )


def _afwijking(extensie: Json) -> Afwijking:
    return Afwijking(
        eis=tekst(deel(extensie, "eis", "valueString")) or "",
        reden=tekst(deel(extensie, "reden", "valueString")) or "",
        alternatief=tekst(deel(extensie, "alternatief", "valueString")),
    )


def schrijf_afwijking(afwijking: Afwijking) -> list[Json]:
    """De extensie `afwijking`: een eis die niet gevolgd wordt, met de reden."""
    delen = {
        ("eis", "valueString"): afwijking.eis,
        ("reden", "valueString"): afwijking.reden,
        ("alternatief", "valueString"): afwijking.alternatief,
    }
    return list(schrijf_samengesteld("afwijking", delen))


def _bezwaar(extensie: Json) -> Bezwaar:
    return Bezwaar(
        tot=einddatum(deel(extensie, "tot", "valueDate")),
        ingediend_op=datum(deel(extensie, "ingediend-op", "valueDate")),
        uitkomst=tekst(deel(extensie, "uitkomst", "valueString")),
    )


def _schrijf_bezwaar(bezwaar: Bezwaar | None) -> list[Json]:
    if bezwaar is None:
        return []
    delen = {
        ("tot", "valueDate"): schrijf_datum(bezwaar.tot),
        ("ingediend-op", "valueDate"): schrijf_datum(bezwaar.ingediend_op),
        ("uitkomst", "valueString"): bezwaar.uitkomst,
    }
    return list(schrijf_samengesteld("bezwaar", delen))
