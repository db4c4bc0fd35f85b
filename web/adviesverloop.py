"""Wat er met één advies gebeurde: afgestemd, definitief, nog geldig, ingetrokken; opmerkingen, vragen en antwoorden.

Leest Provenance en Communication uit een opengeslagen paspoort; wat de lezer niet ziet, staat er niet in. Schrijft
niets. Voor de bladzijden van houder, therapeut, consulent en leverancier. Bron: docs/fhir-afbeelding.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from paspoort.advies import FunctioneelAdvies
from paspoort.beschikking import Afwijking
from paspoort.fhir.bericht import AFSTEMMING, als_category, bericht_over, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.waarden import code_uit, deel, ext, extensies, objecten, tekst, verwijzing
from web.bladzijde import als_datum
from web.boek import Boek

GEBEURTENIS: Final = codestelsel("gebeurtenis")


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """Eén gebeurtenis: wie (in woorden en als plek), wanneer, en de reden of opmerking erbij."""

    soort: str
    wie: str
    plek: str
    op: str
    reden: str
    versie: str
    verzegeld: bool


@dataclass(frozen=True, slots=True)
class Bericht:
    """Een opmerking, vraag of antwoord. `eis` is het nummer van de eis waar het over gaat."""

    id: str
    soort: str
    wie: str
    plek: str
    huis: str
    op: str
    tekst: str
    eis: int | None
    antwoord_op: str
    antwoorden: tuple[Bericht, ...]


@dataclass(frozen=True, slots=True)
class Verloop:
    """Alles van één advies, oudste eerst; `vragen` dragen hun antwoorden."""

    gebeurtenissen: tuple[Gebeurtenis, ...]
    opmerkingen: tuple[Bericht, ...]
    vragen: tuple[Bericht, ...]

    def alle(self, soort: str) -> tuple[Gebeurtenis, ...]:
        """Elke gebeurtenis van deze soort."""
        return tuple(g for g in self.gebeurtenissen if g.soort == soort)

    def laatste(self, soort: str) -> Gebeurtenis | None:
        """De nieuwste gebeurtenis van deze soort, of None."""
        return next(iter(reversed(self.alle(soort))), None)


@dataclass(frozen=True, slots=True)
class Gevolg:
    """Een besluit dat van het advies afweek: van wie, wanneer, en per eis waarom."""

    wie: str
    op: date | None
    afwijkingen: tuple[Afwijking, ...]


def verloop(boek: Boek, advies: str) -> Verloop:
    """Wat er met `QuestionnaireResponse/<advies>` gebeurde, voor zover deze lezer het ziet."""
    plek = f"QuestionnaireResponse/{advies}"
    gebeurd, berichten = [], []
    for inhoud in boek.inhouden.values():
        if inhoud["resourceType"] == "Provenance":
            gebeurd += _gebeurtenis(boek, inhoud, plek)
        elif inhoud["resourceType"] == "Communication" and plek in bericht_over(inhoud):
            berichten += _bericht(boek, inhoud)
    berichten.sort(key=lambda b: (b.op, b.id))
    antwoorden = [b for b in berichten if b.soort == "antwoord"]
    return Verloop(
        gebeurtenissen=tuple(sorted(gebeurd, key=lambda g: g.op)),
        opmerkingen=tuple(b for b in berichten if b.soort == "opmerking"),
        vragen=tuple(_met_antwoord(b, antwoorden) for b in berichten if b.soort == "vraag"),
    )


def van_schrijver(berichten: tuple[Bericht, ...], boek: Boek, advies: Json, naam: str) -> tuple[Bericht, ...]:
    """De berichten, met de naam die in het advies staat bij wat de schrijver zei en het register niet toont."""
    auteur = verwijzing(advies.get("author")) or ""
    if not naam or boek.heeft(auteur):
        return berichten
    return tuple(
        replace(b, wie=naam if b.plek == auteur else b.wie, antwoorden=van_schrijver(b.antwoorden, boek, advies, naam))
        for b in berichten
    )


def bericht(soort: str, advies: Json, woorden: str, eis: int | None = None, op: str = "") -> Json:
    """Een nieuw bericht over dit advies; wie het stuurt, aan wie en wanneer zet de server.

    `eis` is het nummer van de eis waar een opmerking over gaat, `op` het id van de vraag waar dit een antwoord op is.
    """
    uit: Json = {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(soort),
        "subject": advies["subject"],
        "about": [{"reference": f"QuestionnaireResponse/{advies['id']}"}],
        "payload": [{"contentString": woorden}],
    }
    if op:
        uit["inResponseTo"] = [{"reference": f"Communication/{op}"}]
    if eis is not None:
        uit["extension"] = [{"url": extension("over-eis"), "valueString": str(eis)}]
    return uit


def gevolgen(boek: Boek, advies: FunctioneelAdvies) -> tuple[Gevolg, ...]:
    """Besluiten die een eis van dit advies niet volgden."""
    eisen = {_kaal(e.tekst) for e in advies.eisen}
    uit = []
    for b in boek.paspoort.besluiten:
        hier = tuple(a for a in b.afwijkingen if _kaal(a.eis) in eisen)
        if hier:
            uit.append(Gevolg(boek.naam(boek.huis(b.door) or b.door), b.genomen_op, hier))
    for t in boek.paspoort.behandelingen:
        hier = tuple(a for a in afwijkingen_uit(boek.inhouden[t.verwijzing]) if _kaal(a.eis) in eisen)
        if hier:
            op = als_datum(t.gewijzigd_op or t.moment)
            uit.append(Gevolg(boek.naam(boek.huis(t.eigenaar) or t.eigenaar), op, hier))
    return tuple(uit)


def afwijkingen_uit(inhoud: Json) -> tuple[Afwijking, ...]:
    """De afwijkingen per eis die bij een besluit of een afgewezen behandeling staan."""
    return tuple(
        Afwijking(
            tekst(deel(e, "eis", "valueString")) or "",
            tekst(deel(e, "reden", "valueString")) or "",
            tekst(deel(e, "alternatief", "valueString")),
        )
        for e in extensies(inhoud, "afwijking")
    )


def _gebeurtenis(boek: Boek, inhoud: Json, plek: str) -> list[Gebeurtenis]:
    doelen = [str(d.get("reference", "")) for d in objecten(inhoud.get("target"))]
    doel = next((d for d in doelen if d == plek or d.startswith(f"{plek}/_history/")), None)
    soort = code_uit(inhoud.get("activity"), GEBEURTENIS)
    if doel is None or soort is None:
        return []
    agent = next(iter(objecten(inhoud.get("agent"))), {})
    wie = verwijzing(agent.get("who")) or ""
    reden = next((str(r["text"]) for r in objecten(inhoud.get("reason")) if r.get("text")), "")
    op = str(inhoud.get("recorded", ""))
    versie = doel.rpartition("/_history/")[2] if "/_history/" in doel else ""
    return [Gebeurtenis(soort, _wie(boek, wie), wie, op, reden, versie, bool(objecten(inhoud.get("signature"))))]


def _bericht(boek: Boek, inhoud: Json) -> list[Bericht]:
    soort = next(iter(berichtsoorten(inhoud) & AFSTEMMING), None)
    if soort is None or inhoud.get("status") == "entered-in-error":
        return []
    van = verwijzing(inhoud.get("sender")) or ""
    over = str(ext(inhoud, "over-eis", "valueString") or "")
    antwoord_op = next((verwijzing(r) or "" for r in objecten(inhoud.get("inResponseTo"))), "")
    return [
        Bericht(
            id=str(inhoud["id"]),
            soort=soort,
            wie=_wie(boek, van),
            plek=van,
            huis=boek.huis(van) or "",
            op=str(inhoud.get("sent") or (inhoud.get("meta") or {}).get("lastUpdated", "")),
            tekst="\n".join(t for p in objecten(inhoud.get("payload")) if (t := tekst(p.get("contentString")))),
            eis=int(over) if over.isdecimal() and len(over) < 4 else None,
            antwoord_op=antwoord_op.removeprefix("Communication/"),
            antwoorden=(),
        )
    ]


def _met_antwoord(vraag: Bericht, antwoorden: list[Bericht]) -> Bericht:
    hierop = tuple(a for a in antwoorden if a.antwoord_op == vraag.id)
    return Bericht(
        vraag.id, vraag.soort, vraag.wie, vraag.plek, vraag.huis, vraag.op, vraag.tekst, vraag.eis, "", hierop
    )


def _wie(boek: Boek, plek: str) -> str:
    if plek.startswith("Patient/"):
        return boek.paspoort.houder.naam or "de cliënt"
    return boek.wie(plek) if boek.heeft(plek) else "iemand die u niet kunt zien"


def _kaal(tekst: str) -> str:
    return " ".join(tekst.split()).casefold()
