"""De vraag van wie een verzoek behandelt aan de houder, en haar antwoord: lezen en opstellen, voor beide bladzijden.

Gewone berichten (Communication zonder berichtsoort) over de Task. Alleen wie erin genoemd is leest ze (toegang.md §2,
*one's own conversation*): daarom staat de organisatie erbij, ook als een collega het werk overneemt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from paspoort.fhir.bericht import berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import objecten, tekst, verwijzing
from web.boek import Boek

HOOGSTENS: Final = 2000


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén bericht; `van_houder` zegt aan welke kant het staat."""

    id: str
    wie: str
    van_houder: bool
    op: str
    tekst: str


def gesprek(boek: Boek, taak: str) -> tuple[Regel, ...]:
    """Alles wat er over deze behandeling (`Task/id`) gezegd is en deze lezer ziet, oudste eerst."""
    houder = f"Patient/{boek.paspoort.houder.id}"
    uit = []
    for inhoud in boek.inhouden.values():
        over = {verwijzing(r) for r in objecten(inhoud.get("about"))}
        if inhoud["resourceType"] != "Communication" or taak not in over or berichtsoorten(inhoud):
            continue
        if inhoud.get("status") == "entered-in-error":
            continue
        van = verwijzing(inhoud.get("sender")) or ""
        woorden = "\n".join(t for p in objecten(inhoud.get("payload")) if (t := tekst(p.get("contentString"))))
        wie = boek.paspoort.houder.naam or "De cliënt" if van == houder else boek.naam(van)
        uit.append(Regel(str(inhoud.get("id")), wie, van == houder, tekst(inhoud.get("sent")) or "", woorden))
    return tuple(sorted(uit, key=lambda r: (r.op, r.id)))


def bericht(boek: Boek, taak: str, van: str, aan: tuple[str | None, ...], woorden: str, op: str = "") -> Json:
    """Een nieuw bericht over deze behandeling; `op` is het id van het bericht waar dit een antwoord op is."""
    uit: Json = {
        "resourceType": "Communication",
        "status": "completed",
        "subject": {"reference": f"Patient/{boek.paspoort.houder.id}"},
        "about": [{"reference": taak}],
        "sender": {"reference": van},
        "recipient": [{"reference": a} for a in dict.fromkeys(aan) if a],
        "sent": boek.nu.isoformat(timespec="seconds"),
        "payload": [{"contentString": woorden}],
    }
    if op:
        uit["inResponseTo"] = [{"reference": f"Communication/{op}"}]
    return uit
