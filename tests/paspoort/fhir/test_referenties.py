"""Verwijzingen vinden en vervangen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.referenties import ontleed, referenties, vervang

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
TAAK: dict[str, Any] = {
    "resourceType": "Task",
    "focus": {"reference": "DeviceRequest/v"},
    "for": {"reference": "Patient/p", "display": "Ada"},
    "input": [{"valueReference": {"reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}],
    "contained": [{"resourceType": "Device", "patient": {"reference": "Patient/p"}}],
}


def test_elke_verwijzing_heeft_haar_pad() -> None:
    assert referenties(TAAK) == [
        ("Task.focus", "DeviceRequest/v"),
        ("Task.for", "Patient/p"),
        ("Task.input[0].valueReference", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"),
        ("Task.contained[0].patient", "Patient/p"),
    ]


def test_een_bijlage_verwijst_naar_haar_binary_en_een_extensie_niet() -> None:
    document = {
        "resourceType": "DocumentReference",
        "extension": [{"url": "http://x.nl/StructureDefinition/e", "valueString": "Binary/a"}],
        "content": [{"attachment": {"url": "Binary/b1"}}, {"attachment": {"url": "https://x.nl/folder.pdf"}}],
    }
    assert referenties(document) == [("DocumentReference.content[0].attachment.url", "Binary/b1")]


def test_een_consent_met_uitzonderingen_noemt_wat_uitgezonderd_is() -> None:
    uitzondering = {"meaning": "instance", "reference": {"reference": "Task/1"}}
    consent = {"resourceType": "Consent", "provision": {"data": [uitzondering]}}
    assert referenties(consent) == [("Consent.provision.data[0].reference", "Task/1")]


def test_het_adres_van_een_bundelregel_is_geen_verwijzing() -> None:
    bundel = {"resourceType": "Bundle", "entry": [{"request": {"method": "PUT", "url": "Binary/b1"}}]}
    assert referenties(bundel) == []


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("Patient/p", ("Patient", "p", None)),
        ("Patient/p/_history/3", ("Patient", "p", "3")),
        ("https://x.nl/fhir/Patient/p", ("Patient", "p", None)),
        ("#a", None),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", None),
        ("Patient?identifier=1", None),
        ("patient/p", None),
    ],
)
def test_een_letterlijke_verwijzing_wordt_ontleed(tekst: str, verwacht: tuple[str, str, str | None] | None) -> None:
    assert ontleed(tekst) == verwacht


@pytest.mark.parametrize("pad", sorted(VOORBEELDEN.glob("*-goed.json")), ids=lambda p: p.stem)
def test_vervangen_raakt_alle_verwijzingen_en_niets_anders(pad: Path) -> None:
    inhoud = json.loads(pad.read_bytes())
    voor = json.dumps(inhoud)
    nieuw = vervang(inhoud, lambda oud: f"{oud}-nieuw")
    assert [tekst for _, tekst in referenties(nieuw)] == [f"{tekst}-nieuw" for _, tekst in referenties(inhoud)]
    assert json.dumps(vervang(inhoud, lambda oud: oud)) == voor == json.dumps(inhoud)
