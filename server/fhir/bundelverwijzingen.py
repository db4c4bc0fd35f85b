"""Verwijzingen binnen een transaction: van `fullUrl` naar het id dat de server gaf, en van zoekvraag naar wat er past.

Vervangt in Reference, in Attachment en extensies met een uri of url, en in `href` en `src` van een verhaal; nooit in
een canonical. Bron: FHIR R4 http.html#transaction, bundle.html#references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from paspoort.fhir.referenties import referenties, vervang
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.bundelregels import Invoer
from server.fhir.context import Context
from server.fhir.request import Json
from server.fhir.voorwaarde import uit_kop, vind
from server.registry import TYPES

# Een verwijzing als zoekvraag: `Patient?identifier=…`.
_ZOEKVRAAG: Final = re.compile(r"([A-Z][A-Za-z]{1,40})\?(.+)")
_KORT: Final = re.compile(r"[A-Z][A-Za-z]{1,40}/[A-Za-z0-9.-]{1,64}")
_REST: Final = re.compile(r"(https?://\S*/)[A-Z][A-Za-z]{1,40}/[A-Za-z0-9.-]{1,64}")
URI_ELEMENTEN: Final = frozenset({"url", "valueUri", "valueUrl", "valueUuid", "valueOid"})
_IN_VERHAAL: Final = re.compile(r"""((?:href|src)\s*=\s*["'])([^"']+)(?=["'])""")
VOORRANG: Final = frozenset({"Patient"} | {n for n, t in TYPES.items() if t.binding.soort == "register"})


def vul_in(inhoud: Json, full_url: str | None, plaatsen: Mapping[str, str]) -> Json:
    """De inhoud waarin elke verwijzing naar een regel van deze Bundle naar `Type/id` wijst. Een nieuwe kopie."""
    rest = _REST.fullmatch(full_url or "")
    basis = rest[1] if rest else None

    def wijs(verwijzing: str) -> str:
        if verwijzing in plaatsen:
            return plaatsen[verwijzing]
        if basis is not None and _KORT.fullmatch(verwijzing):
            # Een kort adres hoort bij het adres van de regel zelf (bundle.html#references).
            return plaatsen.get(basis + verwijzing, verwijzing)
        return verwijzing

    uit = vervang(inhoud, wijs)
    _ook_elders(uit, plaatsen)
    return uit


def _ook_elders(knoop: Any, plaatsen: Mapping[str, str]) -> None:
    """Uri's en verhalen, ter plaatse in een kopie die nog van niemand is."""
    if isinstance(knoop, list):
        for deel in knoop:
            _ook_elders(deel, plaatsen)
    if not isinstance(knoop, dict):
        return
    for naam, waarde in knoop.items():
        if isinstance(waarde, (dict, list)):
            _ook_elders(waarde, plaatsen)
        elif isinstance(waarde, str) and naam in URI_ELEMENTEN and waarde in plaatsen:
            knoop[naam] = plaatsen[waarde]
        elif isinstance(waarde, str) and naam == "div" and "urn:" in waarde:
            knoop[naam] = _IN_VERHAAL.sub(lambda m: m[1] + plaatsen.get(m[2], m[2]), waarde)


async def zoek_verwijzingen(ctx: Context, invoer: list[Invoer], partitie: str | None, eerst: bool) -> list[Invoer]:
    """De regels met elke zoekvraag-verwijzing vervangen door wat er past; alle fouten samen.

    `eerst`: alleen naar Patient en het register; zo blijkt het paspoort, en daarin wordt de rest gezocht. PaspoortFout
    `referentie-onbekend` als niets past (of niets te zien is), `voorwaarde-meer` bij meer dan één.
    """
    gevonden: dict[str, str] = {}
    fouten: list[Melding] = []
    for i in invoer:
        for expressie, verwijzing in referenties(i.vraag.body) if i.vraag.body is not None else ():
            m = _ZOEKVRAAG.fullmatch(verwijzing)
            if m is None or verwijzing in gevonden or m[1] not in TYPES or (m[1] in VOORRANG) != eerst:
                continue
            plek = i.plek + expressie[len(str((i.vraag.body or {}).get("resourceType", ""))) :]
            try:
                al = await vind(ctx, m[1], uit_kop(m[2], plek), plek, partitie)
            except PaspoortFout as fout:
                fouten += [replace(f, plek=plek) for f in fout.meldingen]
                continue
            if al is None:
                fouten.append(Melding("referentie-onbekend", plek))
            else:
                ctx.toon(al.blik, al.versie)  # dat het er is, komt in het log
                gevonden[verwijzing] = f"{m[1]}/{al.versie.id}"
    if fouten:
        raise PaspoortFout(*fouten)
    if not gevonden:
        return invoer
    return [_met(i, gevonden) for i in invoer]


def _met(i: Invoer, gevonden: Mapping[str, str]) -> Invoer:
    if i.vraag.body is None:
        return i
    body = vervang(i.vraag.body, lambda r: gevonden.get(r, r))
    return replace(i, vraag=replace(i.vraag, body=body))
