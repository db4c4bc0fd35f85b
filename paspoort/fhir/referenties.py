"""Alle verwijzingen in een FHIR-resource: opzoeken, en in een kopie vervangen.

Voor de poort (loshangende verwijzingen), het zicht (wat mag weg), transacties en import (`urn:uuid:` → id). Weet niet
of een doel bestaat. FHIR R4 §2.3.0 (References); `Attachment.url` naar een Binary telt als verwijzing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from paspoort.fhir.fhirjson import Json

_BINARY = re.compile(r"(?:.*/)?Binary/[A-Za-z0-9\-.]{1,64}|urn:uuid:[0-9a-fA-F-]{36}")
_LETTERLIJK = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{1,40})/([A-Za-z0-9\-.]{1,64})(?:/_history/([A-Za-z0-9\-.]{1,64}))?")


def referenties(inhoud: Json) -> list[tuple[str, str]]:
    """Elke verwijzing als (FHIRPath van het Reference-element, letterlijke tekst), in de volgorde van de resource.

    Bij een bijlage is het pad dat van `url`. Gaat ook door `contained` en `Bundle.entry.resource`.
    """
    return list(_loop(inhoud, str(inhoud.get("resourceType", ""))))


def ontleed(verwijzing: str) -> tuple[str, str, str | None] | None:
    """`Type/id[/_history/v]`, ook achter een basisadres → (type, id, versie); `#id`, `urn:` en al het andere → None."""
    gevonden = _LETTERLIJK.fullmatch(verwijzing)
    return (gevonden[1], gevonden[2], gevonden[3]) if gevonden else None


def vervang(inhoud: Json, nieuw: Callable[[str], str]) -> Json:
    """Een diepe kopie waarin elke verwijzing door `nieuw(oud)` is vervangen; volgorde en getallen blijven."""
    kopie = _kopie(inhoud, nieuw)
    assert isinstance(kopie, dict)
    return kopie


def _is_bijlage(knoop: Json) -> bool:
    url = knoop.get("url")
    # Bundle.entry.request heeft ook een url; die zegt waar een regel heen gaat en verwijst niet.
    return isinstance(url, str) and "method" not in knoop and _BINARY.fullmatch(url) is not None


def _loop(knoop: Any, pad: str) -> Iterator[tuple[str, str]]:
    if isinstance(knoop, dict):
        verwijzing = knoop.get("reference")
        if isinstance(verwijzing, str):
            yield pad, verwijzing
        elif _is_bijlage(knoop):
            yield f"{pad}.url", knoop["url"]
        for naam, waarde in knoop.items():
            if isinstance(waarde, (dict, list)):
                yield from _loop(waarde, f"{pad}.{naam}")
    elif isinstance(knoop, list):
        for nummer, waarde in enumerate(knoop):
            if isinstance(waarde, (dict, list)):
                yield from _loop(waarde, f"{pad}[{nummer}]")


def _kopie(knoop: Any, nieuw: Callable[[str], str]) -> Any:
    if isinstance(knoop, dict):
        kopie = {naam: _kopie(waarde, nieuw) for naam, waarde in knoop.items()}
        if isinstance(knoop.get("reference"), str):
            kopie["reference"] = nieuw(knoop["reference"])
        elif _is_bijlage(knoop):
            kopie["url"] = nieuw(knoop["url"])
        return kopie
    if isinstance(knoop, list):
        return [_kopie(waarde, nieuw) for waarde in knoop]
    return knoop
