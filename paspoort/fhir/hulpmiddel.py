"""Hulpmiddel ⇄ Device, gebruik ⇄ DeviceUseStatement (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import CATEGORIE
from paspoort.fhir.waarden import (
    als_object,
    code_uit,
    codes,
    datum,
    deel,
    einddatum,
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
    schrijf_samengesteld,
    schrijf_verwijzing,
    schrijf_verwijzingen,
    tekst,
    verwijzing,
    verwijzingen,
    waar,
    zonder_leeg,
)
from paspoort.gegeven import Code, Gegeven, Periode
from paspoort.hulpmiddel import (
    Contractvorm,
    Gebruik,
    Hulpmiddel,
    Proef,
    Stelsel,
    Toekenning,
    Toekenningsoort,
    Verstrekker,
    Verstrekkingsvorm,
    Voorzieningsoort,
)


def hulpmiddel_uit_fhir(inhoud: Json) -> Hulpmiddel:
    """Device → Hulpmiddel."""
    soort = als_object(inhoud.get("type"))
    namen = objecten(inhoud.get("deviceName"))
    eigen_naam = next((n for n in namen if n.get("type") == "user-friendly-name"), namen[0] if namen else {})
    udi = objecten(inhoud.get("udiCarrier"))
    assets = objecten(inhoud.get("identifier"))
    return Hulpmiddel(
        **kop(inhoud),
        naam=tekst(eigen_naam.get("name")) or tekst(soort.get("text")),
        soorten=tuple(c for c in codes(soort) if c.stelsel != CATEGORIE),
        categorie=tekst(ext(inhoud, "categorie", "valueCode")) or code_uit(soort, CATEGORIE),
        voorzieningsoort=keuze(Voorzieningsoort, ext(inhoud, "voorzieningsoort", "valueCode")),
        contractvorm=keuze(Contractvorm, ext(inhoud, "contractvorm", "valueCode")),
        maatwerk=waar(ext(inhoud, "maatwerk", "valueBoolean")),
        geleverd_op=datum(ext(inhoud, "geleverd-op", "valueDate")),
        technische_levensduur_tot=einddatum(ext(inhoud, "technische-levensduur-tot", "valueDate")),
        onderhoud_fabrikant_tot=einddatum(ext(inhoud, "onderhoud-fabrikant-tot", "valueDate")),
        eigenaar=verwijzing(inhoud.get("owner")),
        leverancier=verwijzing(ext(inhoud, "leverancier", "valueReference")),
        assetnummer=next((t for a in assets if (t := tekst(a.get("value")))), None),
        hoofdhulpmiddel=verwijzing(inhoud.get("parent")),
        fabrikant=tekst(inhoud.get("manufacturer")),
        model=tekst(inhoud.get("modelNumber")),
        serienummer=tekst(inhoud.get("serialNumber")),
        udi=next((t for u in udi if (t := tekst(u.get("deviceIdentifier")))), None),
        status=tekst(inhoud.get("status")),
    )


def hulpmiddel_naar_fhir(hulpmiddel: Hulpmiddel, houder: str | None = None) -> Json:
    """Hulpmiddel → Device van deze houder (`Patient/id`)."""
    categorie = [Code(CATEGORIE, hulpmiddel.categorie)] if hulpmiddel.categorie else []
    return schrijf_kop(hulpmiddel) | zonder_leeg(
        {
            "extension": [
                *schrijf_ext("voorzieningsoort", "valueCode", hulpmiddel.voorzieningsoort),
                *schrijf_ext("categorie", "valueCode", hulpmiddel.categorie),
                *schrijf_ext("contractvorm", "valueCode", hulpmiddel.contractvorm),
                *schrijf_ext("maatwerk", "valueBoolean", hulpmiddel.maatwerk),
                *schrijf_ext("geleverd-op", "valueDate", schrijf_datum(hulpmiddel.geleverd_op)),
                *schrijf_ext(
                    "technische-levensduur-tot", "valueDate", schrijf_datum(hulpmiddel.technische_levensduur_tot)
                ),
                *schrijf_ext("onderhoud-fabrikant-tot", "valueDate", schrijf_datum(hulpmiddel.onderhoud_fabrikant_tot)),
                *schrijf_ext("leverancier", "valueReference", schrijf_verwijzing(hulpmiddel.leverancier)),
            ],
            "identifier": [{"value": hulpmiddel.assetnummer}] if hulpmiddel.assetnummer else None,
            "udiCarrier": [{"deviceIdentifier": hulpmiddel.udi}] if hulpmiddel.udi else None,
            "status": hulpmiddel.status,
            "manufacturer": hulpmiddel.fabrikant,
            "serialNumber": hulpmiddel.serienummer,
            "deviceName": [{"name": hulpmiddel.naam, "type": "user-friendly-name"}] if hulpmiddel.naam else None,
            "modelNumber": hulpmiddel.model,
            "type": schrijf_concept([*hulpmiddel.soorten, *categorie]),
            "patient": schrijf_verwijzing(houder),
            "owner": schrijf_verwijzing(hulpmiddel.eigenaar),
            "parent": schrijf_verwijzing(hulpmiddel.hoofdhulpmiddel),
        }
    )


def gebruik_uit_fhir(inhoud: Json) -> Gebruik:
    """DeviceUseStatement → Gebruik. Een `timingDateTime` is een periode van één dag."""
    timing = periode(inhoud.get("timingPeriod"))
    if timing is None and (dag := datum(inhoud.get("timingDateTime"))):
        timing = Periode(dag, dag)
    proef = next(iter(extensies(inhoud, "proef")), None)
    return Gebruik(
        **kop(inhoud),
        status=tekst(inhoud.get("status")) or "active",
        hulpmiddel=verwijzing(inhoud.get("device")) or "",
        periode=timing,
        adviezen=verwijzingen(inhoud.get("derivedFrom")),
        toekenning=toekenning(inhoud),
        verstrekkers=tuple(_verstrekker(e) for e in extensies(inhoud, "verstrekker")),
        verstrekkingsvorm=keuze(Verstrekkingsvorm, ext(inhoud, "verstrekkingsvorm", "valueCode")),
        tijdelijk=waar(ext(inhoud, "tijdelijk", "valueBoolean")),
        proef=_proef(proef) if proef else None,
        vervangt=verwijzing(ext(inhoud, "vervangt", "valueReference")),
    )


def gebruik_naar_fhir(gebruik: Gebruik, houder: str | None = None) -> Json:
    """Gebruik → DeviceUseStatement van deze houder."""
    proef = gebruik.proef
    return schrijf_kop(gebruik) | zonder_leeg(
        {
            "extension": [
                *schrijf_toekenning(gebruik.toekenning),
                *(e for v in gebruik.verstrekkers for e in _schrijf_verstrekker(v)),
                *schrijf_ext("verstrekkingsvorm", "valueCode", gebruik.verstrekkingsvorm),
                *schrijf_ext("tijdelijk", "valueBoolean", gebruik.tijdelijk),
                *(
                    schrijf_samengesteld(
                        "proef",
                        {("resultaat", "valueString"): proef.resultaat, ("geslaagd", "valueBoolean"): proef.geslaagd},
                    )
                    if proef
                    else ()
                ),
                *schrijf_ext("vervangt", "valueReference", schrijf_verwijzing(gebruik.vervangt)),
            ],
            "status": gebruik.status,
            "subject": schrijf_verwijzing(houder),
            "derivedFrom": schrijf_verwijzingen(gebruik.adviezen),
            "timingPeriod": schrijf_periode(gebruik.periode),
            "device": schrijf_verwijzing(gebruik.hulpmiddel or None),
        }
    )


def toekenning(inhoud: Json) -> Toekenning | None:
    """De extensie `toekenning` op een gebruik of een besluit; zonder soort is er geen toekenning."""
    extensie = next(iter(extensies(inhoud, "toekenning")), {})
    soort = keuze(Toekenningsoort, deel(extensie, "soort", "valueCode"))
    if soort is None:
        return None
    return Toekenning(
        soort=soort,
        besluit=verwijzing(deel(extensie, "besluit", "valueReference")),
        sinds=datum(deel(extensie, "sinds", "valueDate")),
        tot=einddatum(deel(extensie, "tot", "valueDate")),
        reden=tekst(deel(extensie, "reden", "valueString")),
    )


def schrijf_toekenning(waarde: Toekenning | None) -> list[Json]:
    """Een toekenning als extensie; leeg als er geen is."""
    if waarde is None:
        return []
    return list(
        schrijf_samengesteld(
            "toekenning",
            {
                ("soort", "valueCode"): waarde.soort,
                ("besluit", "valueReference"): schrijf_verwijzing(waarde.besluit),
                ("sinds", "valueDate"): schrijf_datum(waarde.sinds),
                ("tot", "valueDate"): schrijf_datum(waarde.tot),
                ("reden", "valueString"): waarde.reden,
            },
        )
    )


def uit_fhir(inhoud: Json) -> Gegeven:
    """Device of DeviceUseStatement → Hulpmiddel of Gebruik."""
    return hulpmiddel_uit_fhir(inhoud) if inhoud.get("resourceType") == "Device" else gebruik_uit_fhir(inhoud)


def _proef(extensie: Json) -> Proef:
    return Proef(tekst(deel(extensie, "resultaat", "valueString")), waar(deel(extensie, "geslaagd", "valueBoolean")))


def _verstrekker(extensie: Json) -> Verstrekker:
    return Verstrekker(
        organisatie=verwijzing(deel(extensie, "organisatie", "valueReference")) or "",
        stelsel=keuze(Stelsel, deel(extensie, "stelsel", "valueCode")),
        periode=periode(deel(extensie, "periode", "valuePeriod")),
    )


def _schrijf_verstrekker(verstrekker: Verstrekker) -> list[Json]:
    return list(
        schrijf_samengesteld(
            "verstrekker",
            {
                ("organisatie", "valueReference"): schrijf_verwijzing(verstrekker.organisatie or None),
                ("periode", "valuePeriod"): schrijf_periode(verstrekker.periode) or None,
                ("stelsel", "valueCode"): verstrekker.stelsel,
            },
        )
    )
