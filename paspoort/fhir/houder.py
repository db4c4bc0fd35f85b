"""Houder ⇄ Patient, vertegenwoordiger ⇄ RelatedPerson (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import ACT_REASON, BSN, HTEST
from paspoort.fhir.waarden import (
    als_object,
    codes,
    datum,
    ext,
    extensies,
    keuze,
    kop,
    objecten,
    periode,
    schrijf_concept,
    schrijf_datum,
    schrijf_ext,
    schrijf_kop,
    schrijf_periode,
    schrijf_verwijzing,
    tekst,
    teksten,
    verwijzing,
    waar,
    zonder_leeg,
)
from paspoort.houder import Adres, Bsn, Contactpunt, Houder, Mandaatsoort, Naam, Vertegenwoordiger, voldoet_aan_elfproef


def uit_fhir(inhoud: Json) -> Houder:
    """Patient → Houder. Een nummer dat de elfproef niet doorstaat, telt als afwezig."""
    beveiliging = objecten(als_object(inhoud.get("meta")).get("security"))
    return Houder(
        **kop(inhoud),
        namen=namen(inhoud.get("name")),
        geboortedatum=datum(inhoud.get("birthDate")),
        geslacht=tekst(inhoud.get("gender")),
        contact=contact(inhoud.get("telecom")),
        adressen=tuple(_adres(a) for a in objecten(inhoud.get("address"))),
        bsn=_bsn(inhoud),
        overleden_op=datum(inhoud.get("deceasedDateTime")),
        testpersoon=any(c.get("code") == HTEST and c.get("system") == ACT_REASON for c in beveiliging),
    )


def naar_fhir(houder: Houder) -> Json:
    """Houder → Patient."""
    inhoud = schrijf_kop(houder)
    if houder.testpersoon:
        inhoud["meta"]["security"] = [{"system": ACT_REASON, "code": HTEST}]
    bsn = [{"system": BSN, "value": houder.bsn.nummer}] if houder.bsn else []
    return inhoud | zonder_leeg(
        {
            "identifier": bsn,
            "name": schrijf_namen(houder.namen),
            "telecom": schrijf_contact(houder.contact),
            "gender": houder.geslacht,
            "birthDate": schrijf_datum(houder.geboortedatum),
            "deceasedDateTime": schrijf_datum(houder.overleden_op),
            "address": [_schrijf_adres(a) for a in houder.adressen],
        }
    )


def is_overleden(inhoud: Json) -> bool:
    """Of Patient.deceased[x] zegt dat de houder is overleden; een dag telt, welke dag ook."""
    return inhoud.get("deceasedBoolean") is True or "deceasedDateTime" in inhoud


def vertegenwoordiger_uit_fhir(inhoud: Json) -> Vertegenwoordiger:
    """RelatedPerson → Vertegenwoordiger."""
    return Vertegenwoordiger(
        **kop(inhoud),
        namen=namen(inhoud.get("name")),
        relaties=tuple(c for r in objecten(inhoud.get("relationship")) for c in codes(r)),
        contact=contact(inhoud.get("telecom")),
        geboortedatum=datum(inhoud.get("birthDate")),
        periode=periode(inhoud.get("period")),
        actief=waar(inhoud.get("active")),
        soort=keuze(Mandaatsoort, ext(inhoud, "mandaatsoort", "valueCode")),
        groepen=frozenset(g for e in extensies(inhoud, "mandaatgroep") if (g := tekst(e.get("valueCode")))),
        afgeschermd=frozenset(
            v for e in extensies(inhoud, "afgeschermd") if (v := verwijzing(e.get("valueReference")))
        ),
    )


def vertegenwoordiger_naar_fhir(persoon: Vertegenwoordiger, houder: str | None = None) -> Json:
    """Vertegenwoordiger → RelatedPerson van deze houder (`Patient/id`)."""
    return schrijf_kop(persoon) | zonder_leeg(
        {
            "extension": [
                *schrijf_ext("mandaatsoort", "valueCode", persoon.soort and persoon.soort.value),
                *(e for g in sorted(persoon.groepen) for e in schrijf_ext("mandaatgroep", "valueCode", g)),
                *(
                    e
                    for plek in sorted(persoon.afgeschermd)
                    for e in schrijf_ext("afgeschermd", "valueReference", schrijf_verwijzing(plek))
                ),
            ],
            "active": persoon.actief,
            "patient": {"reference": houder} if houder else None,
            "relationship": [schrijf_concept([c]) for c in persoon.relaties],
            "name": schrijf_namen(persoon.namen),
            "telecom": schrijf_contact(persoon.contact),
            "birthDate": schrijf_datum(persoon.geboortedatum),
            "period": schrijf_periode(persoon.periode),
        }
    )


def namen(waarde: object) -> tuple[Naam, ...]:
    """HumanName[] → namen; de officiële of gebruikelijke naam eerst zoals hij er staat."""
    return tuple(
        Naam(tekst(n.get("family")), teksten(n.get("given")), tekst(n.get("text")), tekst(n.get("use")))
        for n in objecten(waarde)
    )


def schrijf_namen(alle: tuple[Naam, ...]) -> list[Json]:
    """Namen → HumanName[]."""
    return [
        zonder_leeg({"use": n.gebruik, "text": n.tekst, "family": n.achternaam, "given": list(n.voornamen)})
        for n in alle
    ]


def contact(waarde: object) -> tuple[Contactpunt, ...]:
    """ContactPoint[] → contactpunten met een waarde."""
    return tuple(
        Contactpunt(tekst(c.get("system")) or "other", nummer, tekst(c.get("use")))
        for c in objecten(waarde)
        if (nummer := tekst(c.get("value")))
    )


def schrijf_contact(alle: tuple[Contactpunt, ...]) -> list[Json]:
    """Contactpunten → ContactPoint[]."""
    return [zonder_leeg({"system": c.soort, "value": c.waarde, "use": c.gebruik}) for c in alle]


def _adres(inhoud: Json) -> Adres:
    return Adres(
        regels=teksten(inhoud.get("line")),
        postcode=tekst(inhoud.get("postalCode")),
        plaats=tekst(inhoud.get("city")),
        land=tekst(inhoud.get("country")),
        sinds=datum(als_object(inhoud.get("period")).get("start")),
    )


def _schrijf_adres(adres: Adres) -> Json:
    return zonder_leeg(
        {
            "line": list(adres.regels),
            "postalCode": adres.postcode,
            "city": adres.plaats,
            "country": adres.land,
            "period": {"start": adres.sinds.isoformat()} if adres.sinds else None,
        }
    )


def _bsn(inhoud: Json) -> Bsn | None:
    nummers = (tekst(i.get("value")) for i in objecten(inhoud.get("identifier")) if i.get("system") == BSN)
    return next((Bsn(n) for n in nummers if n and voldoet_aan_elfproef(n)), None)
