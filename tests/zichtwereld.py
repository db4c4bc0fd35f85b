"""Bouwstenen voor toetsen op zicht: register met drie partijen, versies, toestemmingen, taken. Alles verzonnen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import DOEL, GEGEVENSGROEP, TAAKINVOER, TAAKSOORT, extension
from server.access.actor import Actor
from server.access.zicht import Zicht, bepaal_zicht
from server.store.register import Mandaat, Register
from server.store.versions import Momentopname, Versie

Json = dict[str, Any]
NU = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
MOMENT = "2026-02-01T00:00:00.000Z"
PASPOORT = "yvonne"
PATIENT = f"Patient/{PASPOORT}"
ORG = {"therapeut": "praktijk", "verstrekker": "gemeente", "leverancier": "rijdt"}
FUNCTIE = {"therapeut": "nienke", "verstrekker": "karim", "leverancier": "lot"}
MANDAAT = "mandaat"
_nummer = count(1)


def versie(
    inhoud: Json, partitie: str = PASPOORT, auteur: str = PATIENT, moment: str = MOMENT, nummer: int = 1
) -> Versie:
    return Versie(
        partitie=partitie,
        volgnummer=next(_nummer),
        type=inhoud["resourceType"],
        id=inhoud["id"],
        versie=nummer,
        moment=moment,
        auteur=auteur,
        herkomst="zelf",
        verwijderd=False,
        tekst=schrijf(inhoud),
    )


def register(geschorst: Iterable[str] = (), inactief: Iterable[str] = (), mandaten: Iterable[Mandaat] = ()) -> Register:
    versies = []
    for rol, org in ORG.items():
        versies.append(versie({"resourceType": "Organization", "id": org, "active": org not in inactief}, "register"))
        persoon = {"resourceType": "Practitioner", "id": f"p-{FUNCTIE[rol]}"}
        functie = {
            "resourceType": "PractitionerRole",
            "id": FUNCTIE[rol],
            "organization": {"reference": f"Organization/{org}"},
            "practitioner": {"reference": f"Practitioner/p-{FUNCTIE[rol]}"},
        }
        versies += [versie(persoon, "register"), versie(functie, "register")]
    versies.append(versie({"resourceType": "Organization", "id": "ander", "active": True}, "register"))
    m = Momentopname("register", len(versies), versies, soort="register")
    return Register(m, frozenset(geschorst), tuple(mandaten))


REGISTER = register()


def opname(
    *inhoud: Json | Versie, volgnummer: int = 1, partitie: str = PASPOORT, soort: str = "paspoort"
) -> Momentopname:
    versies = [i if isinstance(i, Versie) else versie(i, partitie) for i in inhoud]
    return Momentopname(partitie, volgnummer, versies, soort=soort)


def actor(rol: str, soort: str = "persoon", **anders: Any) -> Actor:
    if rol in ("houder", "vertegenwoordiger"):
        waarden: dict[str, Any] = {"patient": PASPOORT}
        if rol == "vertegenwoordiger":
            waarden |= {"mandaat": MANDAAT, "namens": "Yvonne"}
    else:
        waarden = {"organisatie": ORG.get(rol), "functie": FUNCTIE.get(rol) if soort == "persoon" else None}
    return Actor(soort, rol, "Test", **(waarden | anders))  # type: ignore[arg-type]


def zicht(wie: Actor, m: Momentopname, reg: Register = REGISTER, nu: datetime = NU) -> Zicht:
    return bepaal_zicht(wie, m, reg, nu)


def toestemming(
    aan: str,
    groepen: Iterable[str],
    doel: str = "onderzoek",
    id: str = "c",
    status: str = "active",
    van: str = "2026-01-01",
    tot: str = "2026-12-31",
    zonder: Iterable[str] = (),
    betreft: Iterable[str] = (),
) -> Json:
    provision: Json = {
        "type": "permit",
        "period": {"start": van, "end": tot},
        "actor": [{"role": {"coding": [{"code": "IRCP"}]}, "reference": {"reference": aan}}],
        "purpose": [{"system": DOEL, "code": doel}],
        "securityLabel": [{"system": GEGEVENSGROEP, "code": g} for g in sorted(groepen)],
    }
    if zonder := list(zonder):
        data = [{"meaning": "instance", "reference": {"reference": z}} for z in zonder]
        provision["provision"] = [{"type": "deny", "data": data}]
    return {
        "resourceType": "Consent",
        "id": id,
        "status": status,
        "patient": {"reference": PATIENT},
        "extension": [{"url": extension("betreft"), "valueReference": {"reference": b}} for b in betreft],
        "provision": provision,
    }


def taak(
    eigenaar: str,
    doel: str | None,
    naar: Iterable[str] = (),
    id: str = "t",
    status: str = "requested",
    soort: str = "opdracht",
    aanvrager: str = "Organization/gemeente",
    **anders: Any,
) -> Json:
    invoer = {
        "Device": "hulpmiddel",
        "DeviceUseStatement": "gebruik",
        "QuestionnaireResponse": "eisen",
        "Observation": "maat",
        "Communication": "uitkomst",
    }
    uit: Json = {
        "resourceType": "Task",
        "id": id,
        "status": status,
        "intent": "order",
        "code": {"coding": [{"system": TAAKSOORT, "code": soort}]},
        "for": {"reference": PATIENT},
        "owner": {"reference": eigenaar},
        "requester": {"reference": aanvrager},
        "authoredOn": "2026-01-15",
        "input": [
            {
                "type": {"coding": [{"system": TAAKINVOER, "code": invoer[p.partition("/")[0]]}]},
                "valueReference": {"reference": p},
            }
            for p in naar
        ],
    }
    if doel:
        uit["extension"] = [{"url": extension("doel"), "valueCode": doel}]
    return uit | anders


def mens(geboren: str | None = "1961-04-02", **anders: Any) -> Json:
    uit: Json = {"resourceType": "Patient", "id": PASPOORT, "name": [{"text": "Yvonne"}]}
    return uit | ({"birthDate": geboren} if geboren else {}) | anders


def mandaat(
    soort: str | None = "gemachtigde",
    van: str | None = "2020-01-01",
    tot: str | None = None,
    groepen: Iterable[str] = (),
    zonder: Iterable[str] = (),
    id: str = MANDAAT,
    **anders: Any,
) -> Json:
    extensies: list[Json] = [{"url": extension("mandaatsoort"), "valueCode": soort}] if soort else []
    extensies += [{"url": extension("mandaatgroep"), "valueCode": g} for g in sorted(groepen)]
    extensies += [{"url": extension("afgeschermd"), "valueReference": {"reference": z}} for z in zonder]
    periode = ({"start": van} if van else {}) | ({"end": tot} if tot else {})
    uit: Json = {"resourceType": "RelatedPerson", "id": id, "active": True, "patient": {"reference": PATIENT}}
    return uit | ({"extension": extensies} if extensies else {}) | ({"period": periode} if periode else {}) | anders


def aandoening(id: str = "als", **anders: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": id,
        "subject": {"reference": PATIENT},
        "code": {"text": "ALS"},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "282291009"}]}],
    } | anders


def hulpmiddel(id: str = "rolstoel", **anders: Any) -> Json:
    return {"resourceType": "Device", "id": id, "patient": {"reference": PATIENT}, "status": "active"} | anders


def gebruik(id: str = "gebruik", device: str = "rolstoel", **anders: Any) -> Json:
    return {
        "resourceType": "DeviceUseStatement",
        "id": id,
        "status": "active",
        "subject": {"reference": PATIENT},
        "device": {"reference": f"Device/{device}"},
    } | anders
