"""Wat over paspoorten heen gevonden moet worden, en niets meer (ontwerp deel 2). Zuivere functies over één versie.

Elke functie krijgt de versie en geeft de rijen die er dan moeten staan; `opdrachten` ruimt de oude rijen van die
resource op en zet de nieuwe neer, in dezelfde transactie als de versie zelf. Zoeken in deze tabellen: `worklist.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import bindparam, delete

from paspoort.fhir.fhirjson import Json
from server.store.mailrow import mail_opdrachten, ruim_mail
from server.store.meldingen import post_opdrachten, ruim_post
from server.store.sql import Op, query, vervang
from server.store.tables import AgendaRij, Bsn, ProductRij, ToestemmingRij, WerkRij, tabel
from server.store.versions import Versie

HMP = "http://hulpmiddelenpaspoort.nl/fhir/"
BSN_STELSEL = "http://fhir.nl/fhir/NamingSystem/bsn"

Hmac = Callable[[str], str]
OrganisatieVan = Callable[[str], str | None]  # "Organization/x" of "PractitionerRole/x" → id van de organisatie
Rij = dict[str, Any]

_BSN, _TOE, _WERK = tabel(Bsn), tabel(ToestemmingRij), tabel(WerkRij)
_AGENDA, _PROD = tabel(AgendaRij), tabel(ProductRij)
_TABELLEN = (_BSN, _TOE, _WERK, _AGENDA, _PROD)
_ZET = {t.name: vervang(t) for t in _TABELLEN}
_RUIM_BSN = query(delete(_BSN).where(_BSN.c.partitie == bindparam("partitie")))
_RUIM_TOE = query(delete(_TOE).where(_TOE.c.partitie == bindparam("partitie"), _TOE.c.consent == bindparam("id")))
_RUIM_WERK = query(delete(_WERK).where(_WERK.c.task == bindparam("id")))
_RUIM_AGENDA = query(delete(_AGENDA).where(_AGENDA.c.verwijzing == bindparam("verwijzing")))
_RUIM_PROD = query(delete(_PROD).where(_PROD.c.device == bindparam("id")))
_RUIM_ALLES = [query(delete(t).where(t.c.partitie == bindparam("partitie"))) for t in _TABELLEN]

# Datums waarop iets moet gebeuren: (type, soort, waar de datum staat)
AGENDA: tuple[tuple[str, str, Callable[[Json], str | None]], ...] = (
    ("Consent", "toestemming-eindigt", lambda r: _diep(r, "provision", "period", "end")),
    ("Task", "uiterste-datum", lambda r: _diep(r, "restriction", "period", "end") if _open_taak(r) else None),
    ("DeviceUseStatement", "toekenning-tot", lambda r: _extensie(r, "toekenning", "tot", "valueDate")),
    ("Device", "technische-levensduur", lambda r: _extensie(r, "technische-levensduur-tot", "valueDate")),
    ("Device", "einde-onderhoud", lambda r: _extensie(r, "onderhoud-fabrikant-tot", "valueDate")),
    # Geen rij voor een verjaardag: die zegt open en bloot hoe oud iemand is. De startbladzijde rekent haar uit.
    ("RelatedPerson", "mandaat-eindigt", lambda r: _diep(r, "period", "end")),
    ("DeviceRequest", "bezwaar-tot", lambda r: _extensie(r, "bezwaar", "tot", "valueDate")),
)
GESLOTEN = frozenset({"completed", "cancelled", "failed", "rejected", "entered-in-error"})


def opdrachten(v: Versie, hmac: Hmac, organisatie_van: OrganisatieVan) -> list[Op]:
    """De opdrachten die de indexen bij deze versie brengen."""
    inhoud = None if v.verwijderd else v.inhoud
    ops: list[Op] = []
    if v.type == "Patient":
        ops.append(Op(_RUIM_BSN, {"partitie": v.partitie}))
        ops += _zet(_BSN.name, bsn_rijen(v.partitie, inhoud, hmac))
    elif v.type == "Consent":
        ops.append(Op(_RUIM_TOE, {"partitie": v.partitie, "id": v.id}))
        ops += _zet(_TOE.name, toestemming_rijen(v.partitie, v.id, inhoud, organisatie_van))
    elif v.type == "Task":
        ops.append(Op(_RUIM_WERK, {"id": v.id}))
        ops += _zet(_WERK.name, werk_rijen(v.partitie, v.id, v.moment, inhoud, organisatie_van))
    elif v.type == "Device":
        ops.append(Op(_RUIM_PROD, {"id": v.id}))
        ops += _zet(_PROD.name, product_rijen(v.partitie, v.id, inhoud, hmac))
    if any(type_ == v.type for type_, _, _ in AGENDA):
        ops.append(Op(_RUIM_AGENDA, {"verwijzing": v.verwijzing}))
        ops += _zet(_AGENDA.name, agenda_rijen(v.partitie, v.verwijzing, v.type, inhoud))
    return ops + post_opdrachten(v, organisatie_van) + mail_opdrachten(v)


def ruim_partitie(partitie: str) -> list[Op]:
    """Alle indexrijen van een gewiste partitie weg."""
    return [
        *(Op(opdracht, {"partitie": partitie}) for opdracht in _RUIM_ALLES),
        *ruim_post(partitie),
        *ruim_mail(partitie),
    ]


def bsn_rijen(partitie: str, inhoud: Json | None, hmac: Hmac) -> Iterator[Rij]:
    """Elk BSN van de Patient, als HMAC."""
    for identifier in (inhoud or {}).get("identifier", ()):
        if identifier.get("system") == BSN_STELSEL and identifier.get("value"):
            yield {"hmac": hmac(f"bsn|{identifier['value']}"), "partitie": partitie}


def toestemming_rijen(partitie: str, id: str, inhoud: Json | None, organisatie_van: OrganisatieVan) -> Iterator[Rij]:
    """Eén rij per partij van een actieve toestemming."""
    if inhoud is None or inhoud.get("status") != "active":
        return
    provision = inhoud.get("provision") or {}
    tot = _diep(provision, "period", "end")
    for aan in {a.get("reference", {}).get("reference") for a in provision.get("actor", ())} - {None}:
        yield {"aan": aan, "partitie": partitie, "consent": id, "organisatie": organisatie_van(aan), "tot": tot}


def werk_rijen(
    partitie: str, id: str, moment: str, inhoud: Json | None, organisatie_van: OrganisatieVan
) -> Iterator[Rij]:
    """De Task in de werkvoorraad van de organisatie die eigenaar is."""
    eigenaar = _diep(inhoud or {}, "owner", "reference")
    organisatie = organisatie_van(eigenaar) if eigenaar else None
    if inhoud is None or not eigenaar or not organisatie:
        return
    yield {
        "task": id, "partitie": partitie, "organisatie": organisatie, "eigenaar": eigenaar,
        "code": _code(inhoud.get("code")), "status": inhoud.get("status", ""),
        "business_status": _code(inhoud.get("businessStatus")),
        "uiterlijk": _diep(inhoud, "restriction", "period", "end"), "gewijzigd": moment,
    }  # fmt: skip


def agenda_rijen(partitie: str, verwijzing: str, type_: str, inhoud: Json | None) -> Iterator[Rij]:
    """De momenten die uit deze resource volgen."""
    if inhoud is None:
        return
    for naam, soort, lees in AGENDA:
        moment = lees(inhoud) if naam == type_ else None
        if moment:
            yield {"verwijzing": verwijzing, "soort": soort, "partitie": partitie, "moment": moment}


def product_rijen(partitie: str, id: str, inhoud: Json | None, hmac: Hmac) -> Iterator[Rij]:
    """GTIN en serienummer van een hulpmiddel, als HMAC."""
    if inhoud is None:
        return
    eigenaar = _diep(inhoud, "owner", "reference")
    waarden = {f"gtin|{u['deviceIdentifier']}" for u in inhoud.get("udiCarrier", ()) if u.get("deviceIdentifier")}
    if inhoud.get("serialNumber"):
        waarden.add(f"serie|{inhoud['serialNumber']}")
    for waarde in sorted(waarden):
        yield {"device": id, "hmac": hmac(waarde), "partitie": partitie, "eigenaar": eigenaar}


def _zet(tabelnaam: str, rijen: Iterable[Rij]) -> list[Op]:
    return [Op(_ZET[tabelnaam], rij) for rij in rijen]


def _diep(inhoud: Json, *pad: str) -> str | None:
    """De tekst op een pad van objecten, of None."""
    waarde: Any = inhoud
    for naam in pad:
        waarde = waarde.get(naam) if isinstance(waarde, dict) else None
    return waarde if isinstance(waarde, str) else None


def _extensie(inhoud: Json, *pad: str) -> str | None:
    """De waarde in een (samengestelde) extensie; de laatste stap is de naam van het waarde-element."""
    lijst: Any = inhoud.get("extension")
    gevonden: Any = None
    for diepte, naam in enumerate(pad[:-1]):
        url = f"{HMP}StructureDefinition/{naam}" if diepte == 0 else naam
        gevonden = next((e for e in lijst or () if isinstance(e, dict) and e.get("url") == url), None)
        lijst = gevonden.get("extension") if gevonden else None
    waarde = gevonden.get(pad[-1]) if gevonden else None
    return waarde if isinstance(waarde, str) else None


def _code(concept: Any) -> str | None:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return next((c["code"] for c in codings or () if isinstance(c, dict) and c.get("code")), None)


def _open_taak(inhoud: Json) -> bool:
    return inhoud.get("status") not in GESLOTEN
