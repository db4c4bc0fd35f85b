"""Organisaties, teams en mensen van het register ⇄ Organization, Practitioner en PractitionerRole (FHIR R4).

Alleen wat het beheer invult; de rest van een resource (beleid, codes van anderen) blijft zoals hij was. Wie wat mag,
staat niet hier. Bron: docs/fhir-afbeelding.md, besluit 0023; nl-core-HealthcareProvider-Organization (nummers).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import AGB, ORGANISATIETYPE, TEAM, codestelsel, extension
from paspoort.fhir.waarden import codes, objecten, tekst, verwijzing
from paspoort.fouten import Melding, PaspoortFout

SOORT: Final = codestelsel("organisatiesoort")
ROL: Final = codestelsel("rol")
# Soort organisatie → de rol van haar mensen en apps (toegang.md §3).
ROL_VAN_SOORT: Final[Mapping[str, str]] = {
    "gemeente": "verstrekker",
    "gr": "verstrekker",
    "zorgkantoor": "verstrekker",
    "zorgverzekeraar": "verstrekker",
    "uwv": "verstrekker",
    "leverancier": "leverancier",
    "zorgpraktijk": "therapeut",
}
# Strenger dan een adres mag zijn: wat hier niet past, kan de post niet versturen (server/post/maildeur.py).
_MAIL: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,63}")
# Nummer → (stelsel, hoe het eruitziet, uitleg)
NUMMERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "kvk": ("http://fhir.nl/fhir/NamingSystem/kvk", r"\d{8}", "8 cijfers"),
    "agb": (AGB, r"\d{8}", "8 cijfers"),
    "ura": ("http://fhir.nl/fhir/NamingSystem/ura", r"\d{8}", "8 cijfers"),
    "oin": ("http://fhir.nl/fhir/NamingSystem/oin", r"\d{20}", "20 cijfers"),
}


@dataclass(frozen=True, slots=True)
class Organisatie:
    """Een organisatie, of een team van een organisatie. `deel_van` is een id; `nummers` op sleutel van `NUMMERS`."""

    id: str
    naam: str
    soorten: frozenset[str] = frozenset()
    deel_van: str | None = None
    nummers: Mapping[str, str] = field(default_factory=dict)
    telefoon: str = ""
    plaats: str = ""
    is_team: bool = False
    actief: bool = True
    neemt_aan: frozenset[str] = frozenset()

    @property
    def rollen(self) -> frozenset[str]:
        """De rollen die haar mensen kunnen hebben."""
        return frozenset(ROL_VAN_SOORT[s] for s in self.soorten if s in ROL_VAN_SOORT)


@dataclass(frozen=True, slots=True)
class Medewerker:
    """Iemand met een functie bij een organisatie; `id` is dat van de PractitionerRole."""

    id: str
    naam: str
    rol: str
    organisatie: str
    beroep: str = ""
    teams: frozenset[str] = frozenset()
    mail: str = ""  # op het werk; daar komt het seintje over een advies aan
    persoon: str = ""  # id van de Practitioner


def organisatie_uit(inhoud: Json) -> Organisatie:
    """Een Organization zoals het beheer haar toont."""
    alle = [c for t in objecten(inhoud.get("type")) for c in codes(t)]
    nummers = {
        naam: waarde
        for i in objecten(inhoud.get("identifier"))
        for naam, (stelsel, _, _) in NUMMERS.items()
        if i.get("system") == stelsel and (waarde := tekst(i.get("value")))
    }
    telefoons = [tekst(t.get("value")) for t in objecten(inhoud.get("telecom")) if t.get("system") == "phone"]
    plaatsen = [tekst(a.get("city")) for a in objecten(inhoud.get("address"))]
    return Organisatie(
        id=str(inhoud.get("id", "")),
        naam=tekst(inhoud.get("name")) or "",
        soorten=frozenset(c.code for c in alle if c.stelsel == SOORT and c.code),
        deel_van=(verwijzing(inhoud.get("partOf")) or "").removeprefix("Organization/") or None,
        nummers=nummers,
        telefoon=next((t for t in telefoons if t), ""),
        plaats=next((p for p in plaatsen if p), ""),
        is_team=any(c.stelsel == ORGANISATIETYPE and c.code == TEAM for c in alle),
        actief=inhoud.get("active") is not False,
        neemt_aan=frozenset(str(e.get("valueCode")) for e in _ext(inhoud, "neemt-aan")),
    )


def organisatie_naar(o: Organisatie, oud: Json | None = None) -> Json:
    """De Organization; wat het beheer niet kent, blijft uit `oud` staan. PaspoortFout met elk veld dat fout is."""
    _controleer(o)
    uit: Json = {**(oud or {}), "resourceType": "Organization", "id": o.id, "active": o.actief, "name": o.naam}
    uit.pop("meta", None)
    eigen = [{"system": SOORT, "code": s} for s in sorted(o.soorten)]
    eigen += [{"system": ORGANISATIETYPE, "code": TEAM}] if o.is_team else []
    anders = [
        t for t in objecten(uit.get("type"))
        if not any(c.stelsel == SOORT or (c.stelsel, c.code) == (ORGANISATIETYPE, TEAM) for c in codes(t))
    ]  # fmt: skip
    stelsels = {stelsel for stelsel, _, _ in NUMMERS.values()}
    delen = {
        "type": [*({"coding": [c]} for c in eigen), *anders],
        "identifier": [
            *({"system": NUMMERS[n][0], "value": w} for n, w in sorted(o.nummers.items()) if w),
            *(i for i in objecten(uit.get("identifier")) if i.get("system") not in stelsels),
        ],
        "telecom": [
            *([{"system": "phone", "value": o.telefoon}] if o.telefoon else []),
            *(t for t in objecten(uit.get("telecom")) if t.get("system") != "phone"),
        ],
        "extension": [
            *(e for e in objecten(uit.get("extension")) if e.get("url") != extension("neemt-aan")),
            *({"url": extension("neemt-aan"), "valueCode": d} for d in sorted(o.neemt_aan)),
        ],
        "partOf": {"reference": f"Organization/{o.deel_van}"} if o.deel_van else None,
        "address": _adres(uit.get("address"), o.plaats),
    }
    return {k: w for k, w in (uit | delen).items() if w not in (None, [])}


def medewerker_uit(functie: Json, naam: str) -> Medewerker:
    """Een PractitionerRole met de naam van haar Practitioner."""
    alle = [c for t in objecten(functie.get("code")) for c in codes(t) if c.stelsel == ROL]
    doelen = [verwijzing(e.get("valueReference")) or "" for e in _ext(functie, "team")]
    return Medewerker(
        id=str(functie.get("id", "")),
        naam=naam,
        rol=next((c.code for c in alle if c.code), ""),
        organisatie=(verwijzing(functie.get("organization")) or "").removeprefix("Organization/"),
        beroep=next((t for c in objecten(functie.get("code")) if (t := tekst(c.get("text")))), ""),
        teams=frozenset(d.removeprefix("Organization/") for d in doelen if d),
        mail=next(
            (
                w
                for t in objecten(functie.get("telecom"))
                if t.get("system") == "email" and (w := tekst(t.get("value")))
            ),
            "",
        ),
        persoon=(verwijzing(functie.get("practitioner")) or "").removeprefix("Practitioner/"),
    )


def medewerker_naar(m: Medewerker, oud: Json | None = None) -> Json:
    """De PractitionerRole; PaspoortFout met elk veld dat fout is."""
    fouten = [Melding("beheer-verplicht", veld) for veld in ("naam", "rol") if not getattr(m, veld).strip()]
    if m.mail and not _MAIL.fullmatch(m.mail):
        fouten.append(Melding("beheer-vorm", "mail", {"vorm": "naam@voorbeeld.nl"}))
    if fouten:
        raise PaspoortFout(*fouten)
    uit: Json = {**(oud or {}), "resourceType": "PractitionerRole", "id": m.id, "active": True}
    uit.pop("meta", None)
    anders = [e for e in objecten(uit.get("extension")) if e.get("url") != extension("team")]
    teams = [{"url": extension("team"), "valueReference": {"reference": f"Organization/{t}"}} for t in sorted(m.teams)]
    code: Json = {"coding": [{"system": ROL, "code": m.rol}]} | ({"text": m.beroep} if m.beroep else {})
    delen: Json = {
        "extension": [*anders, *teams],
        "practitioner": {"reference": f"Practitioner/{m.persoon}", "display": m.naam},
        "organization": {"reference": f"Organization/{m.organisatie}"},
        "code": [code],
        "telecom": [
            *([{"system": "email", "value": m.mail, "use": "work"}] if m.mail else []),
            *(t for t in objecten(uit.get("telecom")) if t.get("system") != "email"),
        ],
    }
    return {k: w for k, w in (uit | delen).items() if w != []}


def persoon_naar(id: str, naam: str, oud: Json | None = None) -> Json:
    """De Practitioner met deze naam."""
    delen = naam.split()
    naam_: Json = {"text": naam, "family": delen[-1]} | ({"given": delen[:-1]} if delen[1:] else {})
    uit = {k: w for k, w in (oud or {}).items() if k != "meta"}
    return {**uit, "resourceType": "Practitioner", "id": id, "active": True, "name": [naam_]}


def _controleer(o: Organisatie) -> None:
    fouten = [] if o.naam.strip() else [Melding("beheer-verplicht", "naam")]
    if not o.is_team and not o.soorten:
        fouten.append(Melding("beheer-verplicht", "soort"))
    if o.deel_van == o.id:
        fouten.append(Melding("beheer-kring", "deel_van"))
    for naam, waarde in o.nummers.items():
        if waarde and not re.fullmatch(NUMMERS[naam][1], waarde):
            fouten.append(Melding("beheer-vorm", naam, {"vorm": NUMMERS[naam][2]}))
    if fouten:
        raise PaspoortFout(*fouten)


def _adres(oud: Any, plaats: str) -> list[Json]:
    eerste, *rest = [*objecten(oud), {}][: max(1, len(objecten(oud)))]
    if not plaats:
        return [a for a in ({k: w for k, w in eerste.items() if k != "city"}, *rest) if set(a) - {"country"}]
    return [{"country": "NL", **eerste, "city": plaats}, *rest]


def _ext(inhoud: Json, id: str) -> Iterable[Json]:
    return [e for e in objecten(inhoud.get("extension")) if e.get("url") == extension(id)]
