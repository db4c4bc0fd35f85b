"""De elementen van elk differential staan in de volgorde van R4: een snapshotmaker laat anders regels stil vallen.

Zo gold bij HL7 onze lijst op Consent.provision.purpose niet, omdat securityLabel ervóór hoort.
"""

from __future__ import annotations

import pytest
from fhir.resources.R4B import get_fhir_model_class

from paspoort.fhir.validatie import definities
from paspoort.fhir.validatie_vorm import vorm
from tests.oracle.mutaties import Json

PROFIELEN = {d["id"]: d for d in definities() if d["resourceType"] == "StructureDefinition"}


def rang(id_: str) -> tuple[tuple[int, str], ...]:
    """Per stuk van het pad de plaats in R4; een slice volgt op zijn element, slices onderling staan vrij."""
    soort, *stukken = id_.split(".")
    uit: list[tuple[int, str]] = []
    for stuk in stukken:
        naam, _, plak = stuk.partition(":")
        if not soort:  # onder een keuze-element hangt de volgorde van de gekozen soort af
            uit.append((0, plak))
            continue
        kaal, reeks = naam.removesuffix("[x]"), list(get_fhir_model_class(soort).elements_sequence())
        plaats = next(i for i, n in enumerate(reeks) if n == kaal or (naam != kaal and n.startswith(kaal)))
        uit.append((plaats, plak))
        gevonden = vorm(soort)
        assert gevonden is not None
        soort = gevonden.elementen[naam].soort if naam == kaal else ""
    return tuple(uit)


@pytest.mark.parametrize("id_", sorted(PROFIELEN))
def test_een_differential_staat_in_de_volgorde_van_r4(id_: str) -> None:
    profiel: Json = PROFIELEN[id_]
    gezien: dict[tuple[tuple[int, str], ...], int] = {}
    for element in profiel["differential"]["element"]:
        eigen = rang(element["id"])
        ouder, plaats = eigen[:-1], eigen[-1][0] if eigen else -1
        assert plaats >= gezien.get(ouder, -1), element["id"]
        gezien[ouder] = plaats
