"""Het eigen afschrift van een organisatie bij een besluit, een opdracht en een levering (toegang.md §1).

De Bundle houdt de versies precies zoals de organisatie ze zag, ook van wat zij zelf schreef; de PDF is hetzelfde
leesbaar. Staat in haar eigen partitie, onder haar eigen sleutel, in dezelfde transactie als de handeling. De houder
ziet in het paspoort een Provenance die de organisatie en de versies noemt. Beslist niets.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from paspoort.bewaren import BEWARING, Bewaring
from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.toestemming import HIER
from server.access.zicht import Zicht
from server.fhir.papier import pdf
from server.fhir.request import Json
from server.store.versions import Momentopname, Versie, Wijziging

BUNDEL: Final = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Afschriftvraag:
    """Wat een organisatie moet bewaren. `bronnen` zijn de huidige versies waar de handeling op rust (`Type/id`);
    `geschreven` wat de handeling zelf maakt. `regels` komen leesbaar in de PDF."""

    gebeurtenis: str
    organisatie: str
    bronnen: tuple[str, ...]
    geschreven: tuple[str, ...]
    regels: tuple[tuple[str, str], ...] = ()


def wijzigingen(
    vraag: Afschriftvraag,
    naam: str,
    zicht: Zicht,
    nieuw: Sequence[Versie],
    basis: str,
    nu: datetime,
) -> tuple[Wijziging, ...]:
    """De DocumentReference en haar twee Binaries, voor de partitie van de organisatie (die `naam` heet).

    `zicht` is dat van wie handelde, op het moment van handelen: meer komt er niet in het afschrift.
    """
    bewaring = BEWARING[vraag.gebeurtenis]
    inhoud = _getoond(vraag, zicht, nieuw)
    bundel = schrijf(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": nu.isoformat(timespec="seconds"),
            "entry": [{"fullUrl": f"{basis}/{naam_}", "resource": r} for naam_, r in inhoud],
        }
    )
    leesbaar = _leesbaar(vraag, bewaring, naam, inhoud, nu)
    return _stukken(vraag, bewaring, zicht.momentopname.partitie, bundel, leesbaar, nu)


def gebeurtenis(vraag: Afschriftvraag, m: Momentopname, werk: Sequence[Wijziging], wie: str, nu: datetime) -> Wijziging:
    """De Provenance in het paspoort: wat er gebeurde, door wie, en welke versies er in het afschrift staan."""
    bewaring = BEWARING[vraag.gebeurtenis]
    tot = bewaring.tot(nu.astimezone(HIER).date())
    doelen = [met_versie(m, werk, plek) for plek in vraag.geschreven]
    bronnen = [met_versie(m, werk, plek) for plek in vraag.bronnen]
    afschrift = {"display": f"Afschrift: {bewaring.grondslag}, bewaren tot {tot.isoformat()}"}
    inhoud: Json = {
        "resourceType": "Provenance",
        "target": [{"reference": d} for d in doelen],
        "recorded": nu.isoformat(timespec="seconds"),
        "activity": {"coding": [{"system": codestelsel("gebeurtenis"), "code": vraag.gebeurtenis}]},
        "agent": [
            {"who": {"reference": wie}, "onBehalfOf": {"reference": f"Organization/{vraag.organisatie}"}},
        ],
        "entity": [
            *({"role": "source", "what": {"reference": b}} for b in bronnen),
            {"role": "derivation", "what": afschrift},
        ],
    }
    return Wijziging("Provenance", str(uuid4()), inhoud, herkomst="bron")


def met_versie(m: Momentopname, werk: Sequence[Wijziging], plek: str) -> str:
    """`Type/id/_history/n` met het nummer dat de resource na deze transactie heeft."""
    type_, _, id_ = plek.partition("/")
    versie = m.get(type_, id_)
    nummer = versie.versie if versie else 0
    if any((w.type, w.id) == (type_, id_) for w in werk):
        nummer += 1
    return f"{plek}/_history/{nummer}"


def _getoond(vraag: Afschriftvraag, zicht: Zicht, nieuw: Sequence[Versie]) -> list[tuple[str, Json]]:
    """(versie, inhoud) van alles wat erin komt, met de gronden van het moment van handelen.

    Ook eigen werk gaat door het zicht: de server vult aan wat de inzender niet ziet (een geërfde toekenning).
    """
    m = zicht.momentopname
    na = Zicht(zicht.actor, m.met(m.volgnummer + len(nieuw), nieuw), zicht.register, zicht.nu, zicht.gronden)
    uit = []
    for kijk, plekken in ((na, vraag.geschreven), (zicht, vraag.bronnen)):
        for plek in plekken:
            type_, _, id_ = plek.partition("/")
            versie = kijk.momentopname.get(type_, id_)
            getoond = kijk.toon(versie) if versie is not None and not versie.verwijderd else None
            if versie is not None and getoond is not None:
                uit.append((_naam(versie), getoond.inhoud))
    return uit


def _naam(versie: Versie) -> str:
    return f"{versie.type}/{versie.id}/_history/{versie.versie}"


def _leesbaar(
    vraag: Afschriftvraag, bewaring: Bewaring, naam: str, inhoud: Sequence[tuple[str, Json]], nu: datetime
) -> bytes:
    dag = nu.astimezone(HIER).date()
    regels = [
        ("Organisatie", naam),
        ("Datum", dag.isoformat()),
        ("Wettelijke grondslag", bewaring.grondslag),
        ("Bewaren tot", bewaring.tot(dag).isoformat()),
        *vraag.regels,
    ]
    lijst = [f"{naam_}: sha256 {hashlib.sha256(schrijf(r)).hexdigest()}" for naam_, r in inhoud]
    return pdf(f"Afschrift: {bewaring.naam}", regels, ["In dit afschrift staan:", *lijst], nu)


def _stukken(
    vraag: Afschriftvraag, bewaring: Bewaring, partitie: str, bundel: bytes, leesbaar: bytes, nu: datetime
) -> tuple[Wijziging, ...]:
    document, eerste, tweede = str(uuid4()), str(uuid4()), str(uuid4())
    tot = bewaring.tot(nu.astimezone(HIER).date())
    delen = ((eerste, BUNDEL, bundel), (tweede, "application/pdf", leesbaar))
    verwijzing: Json = {
        "resourceType": "DocumentReference",
        "extension": [
            {"url": extension("wettelijke-grondslag"), "valueString": bewaring.grondslag},
            {"url": extension("bewaren-tot"), "valueDate": tot.isoformat()},
        ],
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": bewaring.documentsoort}]},
        "subject": {"reference": f"Patient/{partitie}"},
        "date": nu.isoformat(timespec="seconds"),
        "author": [{"reference": f"Organization/{vraag.organisatie}"}],
        "description": f"Afschrift: {bewaring.naam}",
        "content": [
            {
                "attachment": {
                    "contentType": soort,
                    "url": f"Binary/{id_}",
                    "size": len(data),
                    "hash": base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
                }
            }
            for id_, soort, data in delen
        ],
    }
    binaries = [
        Wijziging(
            "Binary",
            id_,
            {"resourceType": "Binary", "contentType": soort, "data": base64.b64encode(data).decode()},
            herkomst="bron",
        )
        for id_, soort, data in delen
    ]
    return (*binaries, Wijziging("DocumentReference", document, verwijzing, herkomst="bron"))
