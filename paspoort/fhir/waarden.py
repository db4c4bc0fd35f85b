"""FHIR-datatypen ⇄ waarden van het domein: verwijzingen, datums, codes, extensies, en wat elk gegeven gemeen heeft.

FHIR R4 §2.24 (datatypes). Leest verdraagzaam: wat ontbreekt, weggelaten is door een gedeeltelijk zicht, of niet te
begrijpen is, wordt `None`; streng zijn is werk van `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypedDict, TypeVar

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import CATEGORIE, HERKOMST, UCUM, codestelsel, extension
from paspoort.fhir.ucum import is_ucum
from paspoort.gegeven import Bedrag, Code, Gegeven, Herkomst, Hoeveelheid, Periode

E = TypeVar("E", bound=StrEnum)
_DATUM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T|$)")


class Kop(TypedDict):
    """De velden die elk gegeven heeft; uit te pakken in een constructor."""

    id: str
    versie: int
    moment: datetime | None
    herkomst: Herkomst


# --- lezen


def kop(inhoud: Json) -> Kop:
    """Id, versie, moment en herkomst van een resource."""
    meta = als_object(inhoud.get("meta"))
    versie = str(meta.get("versionId", ""))
    tag = next((t.get("code") for t in objecten(meta.get("tag")) if t.get("system") == HERKOMST), None)
    return {
        "id": str(inhoud.get("id") or ""),
        "versie": int(versie) if versie.isascii() and versie.isdigit() and len(versie) < 10 else 0,
        "moment": moment(meta.get("lastUpdated")),
        "herkomst": keuze(Herkomst, tag) or Herkomst.ZELF,
    }


def als_object(waarde: object) -> Json:
    """Het object zelf, of een leeg object als het er niet is."""
    return waarde if isinstance(waarde, dict) else {}


def objecten(waarde: object) -> list[Json]:
    """De objecten in een lijst; leeg als het geen lijst is."""
    return [v for v in waarde if isinstance(v, dict)] if isinstance(waarde, list) else []


def tekst(waarde: object) -> str | None:
    """Een niet-lege tekst."""
    return waarde if isinstance(waarde, str) and waarde else None


def teksten(waarde: object) -> tuple[str, ...]:
    """De niet-lege teksten in een lijst."""
    return tuple(v for v in waarde if isinstance(v, str) and v) if isinstance(waarde, list) else ()


def waar(waarde: object) -> bool | None:
    """Een boolean, anders niets."""
    return waarde if isinstance(waarde, bool) else None


def keuze(soort: type[E], waarde: object) -> E | None:
    """De waarde uit een opsomming, of niets als zij er niet in staat."""
    return next((e for e in soort if e.value == waarde), None)


def datum(waarde: object) -> date | None:
    """Een FHIR-date of -dateTime als dag; bij alleen een jaar of maand de eerste dag daarvan."""
    gevonden = _DATUM.match(waarde) if isinstance(waarde, str) else None
    if gevonden is None:
        return None
    try:
        return date(int(gevonden[1]), int(gevonden[2] or 1), int(gevonden[3] or 1))
    except ValueError:
        return None


def einddatum(waarde: object) -> date | None:
    """Als `datum`, maar bij alleen een jaar of maand de laatste dag: een einde is inclusief (FHIR Period.end)."""
    dag = datum(waarde)
    if dag is None or not isinstance(waarde, str) or len(waarde) >= 10:
        return dag
    volgende = date(dag.year + 1, 1, 1) if len(waarde) == 4 or dag.month == 12 else date(dag.year, dag.month + 1, 1)
    return volgende - timedelta(days=1)


def moment(waarde: object) -> datetime | None:
    """Een FHIR-instant of -dateTime; zonder tijd het begin van die dag in UTC."""
    if not isinstance(waarde, str):
        return None
    if "T" in waarde:
        try:
            gelezen = datetime.fromisoformat(waarde)
        except ValueError:
            return None
        return gelezen if gelezen.tzinfo else gelezen.replace(tzinfo=UTC)
    dag = datum(waarde)
    return datetime(dag.year, dag.month, dag.day, tzinfo=UTC) if dag else None


def verwijzing(waarde: object) -> str | None:
    """`Type/id` uit een Reference, zonder versie of basisadres; anders de tekst zoals hij er staat."""
    letterlijk = tekst(als_object(waarde).get("reference"))
    ontleding = ontleed(letterlijk) if letterlijk else None
    return f"{ontleding[0]}/{ontleding[1]}" if ontleding else letterlijk


def verwijzing_met_versie(waarde: object) -> str | None:
    """`Type/id/versie` als de Reference een versie noemt, anders `Type/id`."""
    letterlijk = tekst(als_object(waarde).get("reference"))
    ontleding = ontleed(letterlijk) if letterlijk else None
    return "/".join(deel for deel in ontleding if deel) if ontleding else letterlijk


def verwijzingen(waarde: object) -> tuple[str, ...]:
    """De verwijzingen in een lijst van References."""
    return tuple(v for v in map(verwijzing, objecten(waarde)) if v)


def periode(waarde: object) -> Periode | None:
    """Een Period; niets als hij er niet is."""
    return Periode(datum(waarde.get("start")), einddatum(waarde.get("end"))) if isinstance(waarde, dict) else None


def getal(waarde: object) -> Decimal | None:
    """Een getal als `Decimal`."""
    if isinstance(waarde, bool) or not isinstance(waarde, (int, float, Decimal)):
        return None
    try:
        return Decimal(str(waarde))
    except InvalidOperation:
        return None


def hoeveelheid(waarde: object) -> Hoeveelheid | None:
    """Een Quantity met een getal; de UCUM-code gaat voor de leesbare eenheid."""
    inhoud = als_object(waarde)
    aantal = getal(inhoud.get("value"))
    return None if aantal is None else Hoeveelheid(aantal, tekst(inhoud.get("code")) or tekst(inhoud.get("unit")))


def bedrag(waarde: object) -> Bedrag | None:
    """Money met een getal."""
    inhoud = als_object(waarde)
    aantal = getal(inhoud.get("value"))
    return None if aantal is None else Bedrag(aantal, tekst(inhoud.get("currency")) or "EUR")


def codes(concept: object) -> tuple[Code, ...]:
    """De codes van een CodeableConcept."""
    return tuple(
        Code(tekst(c.get("system")) or "", code, tekst(c.get("display")))
        for c in objecten(als_object(concept).get("coding"))
        if (code := tekst(c.get("code")))
    )


def code_uit(concept: object, stelsel: str) -> str | None:
    """De code uit één stelsel in een CodeableConcept, of uit een Coding zelf."""
    los = als_object(concept)
    gevonden = next((c.code for c in codes(los) if c.stelsel == stelsel), None)
    return gevonden or (tekst(los.get("code")) if los.get("system") == stelsel else None)


def extensies(inhoud: Json, id: str) -> list[Json]:
    """Onze extensies met deze naam, in volgorde."""
    url = extension(id)
    return [e for e in objecten(inhoud.get("extension")) if e.get("url") == url]


def ext(inhoud: Json, id: str, element: str) -> Any:
    """De waarde van onze enkelvoudige extensie, bijvoorbeeld `ext(device, "maatwerk", "valueBoolean")`."""
    return next((e.get(element) for e in extensies(inhoud, id)), None)


def deel(extensie: Json, url: str, element: str) -> Any:
    """De waarde van een onderdeel van een samengestelde extensie."""
    return next((e.get(element) for e in objecten(extensie.get("extension")) if e.get("url") == url), None)


# --- schrijven


def schrijf_kop(gegeven: Gegeven) -> Json:
    """Het begin van een resource: type, id en meta."""
    meta = zonder_leeg(
        {
            "versionId": str(gegeven.versie) if gegeven.versie else None,
            "lastUpdated": gegeven.moment.isoformat() if gegeven.moment else None,
            "tag": [{"system": HERKOMST, "code": gegeven.herkomst.value}],
        }
    )
    return zonder_leeg({"resourceType": gegeven.TYPE, "id": gegeven.id, "meta": meta})


def zonder_leeg(inhoud: Mapping[str, Any]) -> Json:
    """Een kopie zonder lege elementen: FHIR kent geen lege waarden (R4 §2.6.2)."""
    return {naam: waarde for naam, waarde in inhoud.items() if waarde not in (None, "", [], {})}


def schrijf_datum(dag: date | None) -> str | None:
    """Een dag als FHIR-date."""
    return dag.isoformat() if dag else None


def schrijf_verwijzing(doel: str | None) -> Json | None:
    """`Type/id[/versie]` als Reference."""
    if doel is None:
        return None
    delen = doel.split("/")
    return {"reference": "/".join((*delen[:2], "_history", delen[2])) if len(delen) == 3 else doel}


def schrijf_verwijzingen(doelen: Iterable[str]) -> list[Json]:
    """Een lijst van References."""
    return [v for v in map(schrijf_verwijzing, doelen) if v]


def schrijf_periode(waarde: Periode | None) -> Json | None:
    """Een Period."""
    if waarde is None:
        return None
    return zonder_leeg({"start": schrijf_datum(waarde.van), "end": schrijf_datum(waarde.tot)})


def schrijf_hoeveelheid(waarde: Hoeveelheid | None) -> Json | None:
    """Een Quantity; met UCUM erbij als de eenheid er een van is, anders alleen in woorden."""
    if waarde is None:
        return None
    unit = {"unit": waarde.eenheid} if waarde.eenheid else {}
    code = {"system": UCUM, "code": waarde.eenheid} if waarde.eenheid and is_ucum(waarde.eenheid) else {}
    return {"value": waarde.waarde, **unit, **code}


def schrijf_bedrag(waarde: Bedrag | None) -> Json | None:
    """Money."""
    return None if waarde is None else {"value": waarde.waarde, "currency": waarde.munt}


def schrijf_coding(code: Code) -> Json:
    """Een Coding."""
    return zonder_leeg({"system": code.stelsel, "code": code.code, "display": code.tekst})


def schrijf_concept(codes_: Iterable[Code], omschrijving: str | None = None) -> Json:
    """Een CodeableConcept; leeg als er niets is."""
    return zonder_leeg({"coding": [schrijf_coding(c) for c in codes_], "text": omschrijving})


def eigen_concept(stelsel: str, code: str | None) -> Json | None:
    """Een CodeableConcept met één code uit ons eigen stelsel (naam of URL)."""
    url = stelsel if stelsel.startswith("http") else codestelsel(stelsel)
    return {"coding": [{"system": url, "code": code}]} if code else None


def categorie_concept(categorie: str | None, omschrijving: str | None = None) -> Json | None:
    """Het concept voor een categorie hulpmiddel, met de tekst erbij als die er is."""
    codes_ = [Code(CATEGORIE, categorie)] if categorie else []
    return schrijf_concept(codes_, omschrijving) or None


def schrijf_ext(id: str, element: str, waarde: Any) -> Iterator[Json]:
    """Onze enkelvoudige extensie, of niets als er geen waarde is."""
    if waarde is not None and waarde != "":
        yield {"url": extension(id), element: waarde}


def schrijf_samengesteld(id: str, delen: Mapping[tuple[str, str], Any]) -> Iterator[Json]:
    """Onze samengestelde extensie uit {(url, element): waarde}; niets als alles leeg is."""
    gevuld = [{"url": url, element: w} for (url, element), w in delen.items() if w is not None and w != ""]
    if gevuld:
        yield {"url": extension(id), "extension": gevuld}
