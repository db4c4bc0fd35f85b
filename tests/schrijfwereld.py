"""Wat een test van schrijven langs HTTP nodig heeft: geldige resources, en wat er in antwoord of opslag staat."""

from __future__ import annotations

from typing import Any

import httpx

from paspoort.fhir.stelsels import codestelsel

Json = dict[str, Any]
WIE = {"reference": "Patient/houder-yvonne"}


def gebruik(**velden: Any) -> Json:
    return {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": WIE,
        "device": {"reference": "Device/rolstoel-yvonne"},
        **velden,
    }


def maat(**velden: Any) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
        "code": {"coding": [{"system": codestelsel("maat"), "code": "zitbreedte"}]},
        "subject": WIE,
        **velden,
    }


def codes(antwoord: httpx.Response) -> set[tuple[str, str]]:
    """(code, plek) van elke fout."""
    return {
        (i["details"]["coding"][0]["code"], (i.get("expression") or [""])[0])
        for i in antwoord.json()["issue"]
        if i["severity"] == "error"
    }


async def stand(wereld: Any) -> int:
    return int((await wereld.momentopname()).volgnummer)
