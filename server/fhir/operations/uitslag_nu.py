"""De uitslag waar een beslissing op rust: de herhaaltoets op het paspoort van nu, en wat doorzetten in de weg staat.

Alleen ander beleid neemt niets af: wat met het beleid van toen licht was en dat met het paspoort van nu nog is, blijft
licht (herhaaltoets.md, wet 4; besluit 0007). Wijkt de uitslag af van de bewaarde, dan komt zij bij het verzoek.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from paspoort.fhir.beleid import beleid_van
from paspoort.fhir.waarden import deel, ext, extensies
from paspoort.fouten import Melding, PaspoortFout
from paspoort.herhaaltoets import Beleid, Toetsuitslag
from paspoort.herhaaltoets.gronden import GRONDEN
from server.fhir.beslissing import Zaak
from server.fhir.context import Context
from server.fhir.request import Json
from server.fhir.toetsing import (
    als_guidance,
    behandelaar,
    bewaarde_uitslag,
    met_uitslag,
    toets_met_beleid,
    toets_verzoek,
)
from server.store.register import REGISTER
from server.store.versions import Versie, Wijziging

LICHT: Final = frozenset({"leverancier-direct", "doorzetten"})
# Wie een grond kan herstellen als de uitslag zelf niemand noemt.
HERSTELT: Final[dict[str, str]] = {
    "soort": "houder",
    "bekend": "verstrekker",
    "toekenning": "verstrekker",
    "categorie": "leverancier",
    "onderbouwing": "leverancier",
    "blijvend": "therapeut",
    "tegenspraak": "verstrekker",
    "advies": "therapeut",
    "vorm": "verstrekker",
    "contract": "leverancier",
    "levensduur": "leverancier",
    "afkeur": "leverancier",
    "afroep": "verstrekker",
    "aanpassing": "leverancier",
}


@dataclass(frozen=True, slots=True)
class UitslagNu:
    """De uitslag, per grond die niet klopt een melding (leeg bij route A of B), en het verzoek als het die krijgt."""

    guidance: Json
    hindernissen: tuple[Melding, ...]
    bij_verzoek: Wijziging | None


async def uitslag_nu(ctx: Context, zaak: Zaak) -> UitslagNu:
    """Reken opnieuw. PaspoortFout `geen-verzoek` of `beleid-kapot`."""
    verzoek = zaak.m.get("DeviceRequest", zaak.verzoek.id)
    if verzoek is None:
        raise PaspoortFout(Melding("geen-verzoek", "Task.focus"))
    door = behandelaar(zaak.m, verzoek.inhoud)
    uitslag = toets_verzoek(zaak.m, ctx.register, verzoek.inhoud, ctx.nu, door)
    bewaard = bewaarde_uitslag(verzoek.inhoud)
    if uitslag.route not in LICHT and bewaard is not None and ext(bewaard, "route", "valueCode") in LICHT:
        toen = await _beleid_van_toen(ctx, verzoek, door)
        met_toen = toets_met_beleid(zaak.m, ctx.register, verzoek.inhoud, ctx.nu, toen) if toen else uitslag
        uitslag = met_toen if met_toen.route in LICHT else uitslag
    guidance = als_guidance(uitslag, zaak.m.partitie)
    if bewaard is not None and _kern(bewaard) == _kern(guidance):
        return UitslagNu(bewaard, tuple(_hindernissen(bewaard, uitslag)), None)
    nieuw = Wijziging(
        "DeviceRequest", verzoek.id, met_uitslag(verzoek.inhoud, guidance), verzoek.auteur, verzoek.herkomst
    )
    return UitslagNu(guidance, tuple(_hindernissen(guidance, uitslag)), nieuw)


async def _beleid_van_toen(ctx: Context, verzoek: Versie, door: str | None) -> Beleid | None:
    """Het beleid dat gold toen de bewaarde uitslag ontstond, of None als dat niet meer te vinden is."""
    bewaard = bewaarde_uitslag(verzoek.inhoud)
    versies = await ctx.opslag.versies(verzoek.partitie, verzoek.type, verzoek.id)
    zelfde = takewhile(lambda v: not v.verwijderd and bewaarde_uitslag(v.inhoud) == bewaard, versies)
    sinds = min((v.moment for v in zelfde), default=verzoek.moment)
    organisatie = ctx.register.organisatie_van(door) if door else None
    eerder = await ctx.opslag.versies(REGISTER, "Organization", organisatie) if organisatie else ()
    toen = next((v for v in eerder if not v.verwijderd and v.moment <= sinds), None)
    return beleid_van(toen.inhoud, f"Organization/{organisatie}") if toen is not None else None


def _kern(guidance: Json) -> Json:
    """De uitslag zonder de dag waarop zij gerekend is."""
    return {naam: w for naam, w in guidance.items() if naam != "occurrenceDateTime"}


def _hindernissen(guidance: Json, uitslag: Toetsuitslag) -> list[Melding]:
    """Waarom doorzetten niet kan: per grond die niet klopt de norm en wie het kan herstellen. Leeg bij route A of B."""
    if ext(guidance, "route", "valueCode") in LICHT:
        return []
    wie = {deel(o, "feit", "valueString"): deel(o, "wie", "valueString") for o in extensies(guidance, "ontbreekt")}
    fout = [g for g in extensies(guidance, "grond") if deel(g, "uitkomst", "valueCode") != "ja"]
    if fout:
        return [
            _hindernis(deel(g, "tekst", "valueString"), deel(g, "norm", "valueString"), (feit,), wie)
            for g in fout
            if (feit := str(deel(g, "feit", "valueString")))
        ]
    lichter = [t for t in uitslag.lichter if t.route in LICHT]
    return [_hindernis(t.tekst, t.norm, GRONDEN[t.grond].feiten, wie) for t in lichter] or [
        _hindernis("De uitslag laat doorzetten niet toe.", "N2.1.2", (), wie)
    ]


def _hindernis(tekst: str, norm: str, feiten: tuple[str, ...], wie: dict[str, str]) -> Melding:
    namen = [wie.get(f) or HERSTELT.get(f) for f in feiten]
    wie_ = next((n for n in namen if n), "verstrekker")
    waarden = {"grond": str(tekst).rstrip("."), "norm": str(norm), "wie": wie_}
    return Melding("doorzetten-kan-niet", "Task.focus", waarden)
