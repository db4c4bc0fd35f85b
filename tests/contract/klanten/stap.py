"""Wat de scripts in Python delen: de stukken, het token, en één regel JSON per stap. Als `stap.mjs`."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

STUKKEN: dict[str, Any] = json.loads((Path(__file__).parent / "stukken.json").read_text("utf-8"))
FHIR, TOKEN_ADRES, VERKLARING, SCOPE = (os.environ[n] for n in ("FHIR", "TOKEN_ADRES", "VERKLARING", "SCOPE"))


def haal_token() -> str:
    """De tokenvraag van SMART Backend Services, voor een client die dat niet zelf doet."""
    velden = {
        "grant_type": "client_credentials",
        "scope": SCOPE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": VERKLARING,
    }
    antwoord = httpx.post(TOKEN_ADRES, data=velden, timeout=30, trust_env=False)
    antwoord.raise_for_status()
    return str(antwoord.json()["access_token"])


def stap(naam: str, hoe: str, werk: Callable[[], Any]) -> Any:
    """Voer één stap uit en schrijf wat de client zag; `hoe` is de aanroep van de client waar het om gaat."""
    zag = None
    try:
        zag = werk()
        regel = {"stap": naam, "hoe": hoe, "zag": zag}
    except Exception:
        regel = {"stap": naam, "hoe": hoe, "fout": traceback.format_exc()[-2000:]}
    print(json.dumps(regel, default=dict), flush=True)
    return zag


def geweigerd(werk: Callable[[], Any], lees: Callable[[Exception], tuple[int | None, Any]]) -> dict[str, Any]:
    """Een aanroep die hoort te mislukken: wat de client er als fout van maakt."""
    try:
        werk()
    except Exception as fout:
        status, outcome = lees(fout)
        codes = outcome["issue"][0]["details"]["coding"]
        return {"status": status, "soort": outcome["resourceType"], "code": codes[0]["code"]}
    return {"status": "gelukt"}


def mislukte(bundel: dict[str, Any]) -> dict[str, Any]:
    """De transactie die terug moet: dezelfde, met één onmogelijke datum."""
    kopie: dict[str, Any] = json.loads(json.dumps(bundel))
    kopie["entry"][2]["resource"] |= {"birthDate": "2023-02-30", "name": [{"family": "Terug"}]}
    return kopie


def per(patient: str, naam: str) -> dict[str, Any]:
    """Een stuk bij deze patient."""
    return {**STUKKEN[naam], "subject": {"reference": f"Patient/{patient}"}}


def gebruik_van(patient: str, device: str) -> dict[str, Any]:
    """Een gebruik van dit hulpmiddel door deze patient."""
    return {**per(patient, "gebruik"), "device": {"reference": f"Device/{device}"}}


def types_in(bundel: dict[str, Any]) -> list[str]:
    """Per regel hoe zij erin kwam en welk type het is."""
    regels = bundel.get("entry") or []
    return sorted(f"{r.get('search', {}).get('mode', '-')} {r['resource']['resourceType']}" for r in regels)


def versies(bundel: dict[str, Any]) -> list[str]:
    """De versienummers in een geschiedenis, in volgorde."""
    return [r["resource"]["meta"]["versionId"] for r in bundel["entry"]]


def plaatsen(bundel: dict[str, Any]) -> list[list[str]]:
    """Status en plaats van elke regel van een transactie."""
    return [[r["response"]["status"][:3], r["response"]["location"]] for r in bundel["entry"]]


def ernsten(outcome: dict[str, Any]) -> list[str]:
    """De ernst van de meldingen, elk één keer."""
    return sorted({i["severity"] for i in outcome["issue"]})
