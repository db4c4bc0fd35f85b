"""Waar het corpus op begint: de goede voorbeelden, welke profielen erop gelden, en ons eigen oordeel over een mutant.

Ons oordeel is dat van de server (`server/fhir/inhoud.py`): structuur, profielen en antwoorden tegen hun vragenlijst.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fhir.stelsels import TAAKSOORT, profiel
from paspoort.fhir.validatie import Validator, definities
from paspoort.fouten import Melding
from server.fhir.inhoud import controleer_inhoud

Json = dict[str, Any]
HUIS: Final = Path(__file__).parents[2]
VOORBEELDEN: Final = HUIS / "fhir_profiles" / "examples"
NL_CORE: Final = HUIS.parent / "shared" / "nl-core"
# wat beide controles naast onze definities lezen; de aanvulling is wat nl-core noemt maar niet meegeeft
ANDEREN: Final = (NL_CORE / "profielen", NL_CORE / "waardelijsten", Path(__file__).with_name("aanvulling"))


def voorbeelden() -> Iterator[tuple[str, Json]]:
    """Elk goed voorbeeld van het huis: (naam, inhoud)."""
    for pad in sorted(VOORBEELDEN.glob("*-goed.json")):
        yield pad.stem, lees(pad.read_bytes())


def nictiz() -> Iterator[tuple[str, Json]]:
    """Elk voorbeeld van Nictiz; niets als `../shared/nl-core` er niet is."""
    for pad in sorted((NL_CORE / "voorbeelden").glob("*.json")):
        yield pad.stem, lees(pad.read_bytes())


@functools.cache
def onze(nl_core: bool = False) -> Validator:
    """De validator van de server; met `nl_core` kent hij ook de profielen en waardelijsten van Nictiz."""
    if not nl_core:
        return Validator.laad()
    vreemd = [lees(pad.read_bytes()) for map in ANDEREN for pad in sorted(map.glob("*.json"))]
    return Validator([*definities(), *vreemd])


def fouten(inhoud: Any, *, nl_core: bool = False) -> list[Melding]:
    """Waarom wij dit weigeren; leeg = aangenomen."""
    soort = str(inhoud.get("resourceType"))
    return [m for m in controleer_inhoud(onze(nl_core), soort, inhoud, soort) if m.ernst == "error"]


def geldende_profielen(inhoud: Json) -> list[str]:
    """De profielen die bij ons altijd gelden, ook als niemand ze claimt; HL7 past de geclaimde zelf toe."""
    soort = str(inhoud["resourceType"])
    uit = [profiel(soort)] if (HUIS / "fhir_profiles" / soort / f"hmp-{soort}.json").exists() else []
    if soort == "Task" and any(_opdracht(c) for c in _codings(inhoud)):
        uit.append(profiel("opdracht"))
    return uit


def _codings(inhoud: Json) -> list[Any]:
    code = inhoud.get("code")
    codings = code.get("coding") if isinstance(code, dict) else None
    return codings if isinstance(codings, list) else []


def _opdracht(coding: Any) -> bool:
    return isinstance(coding, dict) and (coding.get("system"), coding.get("code")) == (TAAKSOORT, "opdracht")


def als_tekst(inhoud: Json) -> str:
    """De JSON zoals zij verstuurd zou worden."""
    return schrijf(inhoud).decode()


@functools.cache
def _slices(naam: str) -> frozenset[str]:
    """De elementnamen die een profiel in slices verdeelt; `extension` telt elders al mee."""
    bron = next((d for d in _profielen() if d["url"].endswith(f"/{naam}")), {"differential": {"element": []}})
    paden = (e["path"] for e in bron["differential"]["element"] if "slicing" in e)
    return frozenset(pad.rpartition(".")[2] for pad in paden)


@functools.cache
def _profielen() -> tuple[Json, ...]:
    eigen = [d for d in definities() if d["resourceType"] == "StructureDefinition"]
    return (*eigen, *(lees(p.read_bytes()) for p in sorted((NL_CORE / "profielen").glob("*.json"))))


def gesneden(inhoud: Json) -> frozenset[str]:
    """De elementnamen die een profiel op dit voorbeeld in slices verdeelt."""
    namen = [*geldende_profielen(inhoud), *inhoud.get("meta", {}).get("profile", [])]
    return frozenset().union(*(_slices(naam.rpartition("/")[2]) for naam in namen))
