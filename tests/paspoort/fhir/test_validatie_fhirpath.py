"""FHIRPath: de snelle weg gelijk aan fhirpathpy op willekeurige invoer, de structuur gelijk aan ele-1 en de hare.

En wat een eigen profiel met FHIRPath kan, en hoe een kapotte regel bij het laden blijkt.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.validatie import Validator, definities
from paspoort.fhir.validatie_pad import DOOR_DE_STRUCTUUR, _ontleed, fhirpad, traag_pad
from paspoort.fhir.validatie_snelpad import vertaal
from paspoort.fhir.validatie_teken import NietSnel, Omgeving, waar
from paspoort.fhir.validatie_vorm import PRIMITIEVEN, vorm

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
VALIDATOR = Validator.laad()
Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
BINNEN = {"resourceType": "Organization", "id": "o", "name": "Wielwerk"}


def met(naam: str, **anders: Any) -> Json:
    inhoud: Json = json.loads((VOORBEELDEN / f"hmp-{naam}-goed.json").read_bytes())
    return inhoud | anders


def _leeg(*_: Any) -> Any:
    return None


OMGEVING = Omgeving({}, {}, _leeg, _leeg, _leeg)
_VAST = {
    "code": ["group", "display", "choice", "boolean", "exists", "=", "home", "C", "HS", "batch", "history", "a"],
    "string": ["x", "1.5"], "uri": [UCUM, "http://x.nl/_history/1"], "boolean": [True, False],
    "integer": [-1, 0, 2], "positiveInt": [1, 2], "unsignedInt": [0, 1],
    "decimal": [Decimal("-1.5"), Decimal(0), Decimal(2)],
}  # fmt: skip


def _regels() -> list[tuple[str, str, str]]:
    """(uitdrukking, vorm, pad) van elke invariant die de snelle weg aankan, zonder wat daar bewust anders is."""
    gevonden = []
    for d in definities():
        if d["resourceType"] != "StructureDefinition":
            continue
        for e in d["differential"]["element"]:
            type_, *rest = e["id"].split(".")
            soort: str | None = type_
            for naam in rest:
                v = vorm(soort or "")
                soort = v.elementen[naam].soort if v and naam in v.elementen else None
            for c in e.get("constraint", ()):
                # contains en startsWith op niets: FHIRPath leeg, HL7's validator onwaar; `is Boolean`: zie que-7
                anders = any(s in c["expression"] for s in ("contains(", "startsWith(", "<=", ">= auth", "is Boolean"))
                if soort is not None and c["expression"] not in DOOR_DE_STRUCTUUR and not anders:
                    gevonden.append((c["expression"], soort, fhirpad(type_, rest)))
    return gevonden


def _element(soort: str, diepte: int) -> st.SearchStrategy[Any]:
    if soort in PRIMITIEVEN:
        return st.sampled_from(_VAST.get(soort, ["2026-01-01"]))
    v = vorm(soort)
    assert v is not None
    if diepte == 0 or soort in ("Resource", "Extension"):
        return st.just({"id": "x"})
    kies = [e for e in v.elementen.values() if e.naam not in ("extension", "modifierExtension", "contained", "text")]

    def waarde(naam: str) -> st.SearchStrategy[Any]:
        e = v.elementen[naam]
        kern = _element(e.soort, diepte - 1)
        return st.lists(kern, min_size=1, max_size=2) if e.lijst else kern

    return st.sets(st.sampled_from([e.naam for e in kies]), max_size=5).flatmap(
        lambda namen: st.fixed_dictionaries({naam: waarde(naam) for naam in sorted(namen)})
    )


def _een_keuze(waarde: Any, soort: str) -> Any:
    """Hoogstens één element per `value[x]`, ook in wat erin zit."""
    v = vorm(soort)
    if not isinstance(waarde, dict) or v is None:
        return waarde
    for namen in v.keuzes.values():
        for naam in [n for n in namen if n in waarde][1:]:
            del waarde[naam]
    for naam, binnen in waarde.items():
        for een in binnen if isinstance(binnen, list) else [binnen]:
            _een_keuze(een, v.elementen[naam].soort)
    return waarde


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_de_snelle_weg_zegt_hetzelfde_als_fhirpathpy(data: st.DataObject) -> None:
    uitdrukking, soort, pad = data.draw(st.sampled_from(_SNEL))
    waarde = _een_keuze(data.draw(_element(soort, 3)), soort)
    v = vorm(soort)
    if v is not None and v.resource:
        waarde = {"resourceType": soort, **waarde}
    omgeving = Omgeving(waarde, waarde, _leeg, _leeg, _leeg)
    boom = _ontleed(uitdrukking)
    snel = waar(vertaal(boom, soort, soort if v and v.resource else None)(waarde, omgeving))
    assert snel == waar(traag_pad(boom, pad)(copy.deepcopy(waarde), omgeving)), uitdrukking


def _snelle() -> list[tuple[str, str, str]]:
    snel = []
    for uitdrukking, soort, pad in _regels():
        v = vorm(soort)
        try:
            vertaal(_ontleed(uitdrukking), soort, soort if v and v.resource else None)
        except NietSnel:
            continue
        snel.append((uitdrukking, soort, pad))
    return snel


_SNEL = _snelle()


def test_de_meeste_regels_gaan_snel() -> None:
    assert len(_SNEL) > 60


# --- wat de structuur bewaakt


def _fhirpad_zegt(uitdrukking: str, waarde: Any, pad: str, wortel: Json) -> bool:
    omgeving = Omgeving(wortel, wortel, _leeg, _leeg, _leeg)
    return waar(traag_pad(_ontleed(uitdrukking), pad)(waarde, omgeving)) is True


_EXT = st.fixed_dictionaries(
    {"url": st.just("http://x.nl/e")},
    optional={
        "valueString": st.just("x"), "valueBoolean": st.just(True), "id": st.just("x"),
        "extension": st.just([{"url": "y", "valueString": "z"}]),
    },
)  # fmt: skip


@given(_EXT)
def test_ext_1_is_de_structuur(extensie: Json) -> None:
    if "valueString" in extensie and "valueBoolean" in extensie:
        return
    goed = _fhirpad_zegt("extension.exists() != value.exists()", extensie, "Extension", {})
    bevindingen = VALIDATOR.controleer(met("Device", extension=[extensie]))
    assert (bevindingen == []) is goed


_MOMENT = st.sampled_from(["2026-03-01T10:00:00Z", "2026-03-01T10:30:00+01:00", "2026-03-01T11:30:00Z"])
_DAG = st.sampled_from(["2026-03-01", "2026-03-02", "2025-12-31"])


@given(st.tuples(_MOMENT, _MOMENT) | st.tuples(_DAG, _DAG))
def test_per_1_is_de_structuur(paar: tuple[str, str]) -> None:
    # fhirpathpy vergelijkt hier tekst; alleen op gelijke precisie en zone zegt het hetzelfde
    periode = dict(zip(("start", "end"), paar, strict=True))
    zelfde_zone = all(p.endswith("Z") for p in paar) or all(len(p) == 10 for p in paar)
    goed = "fhir-periode-omgekeerd" not in [
        m.code for m in VALIDATOR.controleer(met("DeviceUseStatement", timingPeriod=periode))
    ]
    if zelfde_zone:
        uitdrukking = "start.hasValue().not() or end.hasValue().not() or (start <= end)"
        assert goed is _fhirpad_zegt(uitdrukking, periode, "Period", {})


@given(st.sets(st.sampled_from(["a", "b"])), st.sets(st.sampled_from(["a", "b"])))
def test_ref_1_en_dom_3_zijn_de_structuur(ingesloten: set[str], genoemd: set[str]) -> None:
    inhoud = met("Device")
    if ingesloten:
        inhoud["contained"] = [{**BINNEN, "id": id} for id in sorted(ingesloten)]
    extensies = [{"url": "http://x.nl/e", "valueReference": {"reference": f"#{id}"}} for id in sorted(genoemd)]
    if extensies:
        inhoud["extension"] = extensies
    codes = {m.code for m in VALIDATOR.controleer(inhoud)}
    assert ("fhir-verwijzing-intern" in codes) is bool(genoemd - ingesloten)
    assert ("fhir-contained-los" in codes) is bool(ingesloten - genoemd)
    verwijzing = "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id"
    for extensie in extensies:
        goed = _fhirpad_zegt(f"{verwijzing})", extensie["valueReference"], "Reference", inhoud)
        assert goed is (extensie["valueReference"]["reference"][1:] in ingesloten)


# --- fouten in een regel blijken bij het laden


def _profiel(uitdrukking: str | None, pad: str = "Device") -> Json:
    regel: Json = {"key": "x-1", "severity": "error", "human": "Regel"}
    if uitdrukking is not None:
        regel["expression"] = uitdrukking
    return {
        "resourceType": "StructureDefinition", "url": "http://x.nl/p", "type": "Device",
        "differential": {"element": [{"id": pad, "path": pad, "constraint": [regel]}]},
    }  # fmt: skip


@pytest.mark.parametrize(
    "uitdrukking",
    [
        None,
        "type.exists(",
        "kleur.exists()",
        "type.coding.kleur.exists()",
        "type.bestaatNiet()",
        "owner is Rolstoel.x(",
    ],
)
def test_een_regel_die_niet_te_vertalen_is_laadt_niet(uitdrukking: str | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        Validator([_profiel(uitdrukking)])


def eigen_regel(uitdrukking: str, pad: str = "Device") -> Callable[[Json], bool]:
    validator = Validator([_profiel(uitdrukking, pad)])
    return lambda inhoud: not [m for m in validator.controleer(inhoud, ["http://x.nl/p"]) if m.ernst == "error"]


@pytest.mark.parametrize(
    ("uitdrukking", "goed", "fout"),
    [
        ("type.memberOf('http://x.nl/lijst') and type.exists()", {"type": {"text": "x"}}, {}),
        ("owner.resolve().name = 'Wielwerk'", {"owner": {"reference": "#o"}, "contained": [BINNEN]}, {}),
        ("text.`div`.htmlChecks() or text.empty()", {}, None),
        ("manufacturer.hasValue()", {"manufacturer": "Wielwerk"}, {"_manufacturer": {"id": "x"}}),
        ("deviceName.where(type = 'user-friendly-name').count() = 1",
         {"deviceName": [{"name": "x", "type": "user-friendly-name"}]},
         {"deviceName": [{"name": "x", "type": "other"}]}),
        ("expirationDate > manufactureDate", {"manufactureDate": "2024", "expirationDate": "2026"},
         {"manufactureDate": "2026-02", "expirationDate": "2026-01-31T00:00:00Z"}),
        ("extension('http://x.nl/e').value.ofType(string) = 'a'",
         {"extension": [{"url": "http://x.nl/e", "valueString": "a"}]},
         {"extension": [{"url": "http://x.nl/e", "valueString": "b"}]}),
        ("conformsTo('http://x.nl/bestaat-niet') and type.exists()", {"type": {"text": "x"}}, {}),
    ],
)  # fmt: skip
def test_een_regel_van_een_profiel_mag_alles_van_fhirpath(uitdrukking: str, goed: Json, fout: Json | None) -> None:
    regel = eigen_regel(uitdrukking)
    assert regel({"resourceType": "Device", **goed})
    assert fout is None or not regel({"resourceType": "Device", **fout})


def test_een_regel_die_tijdens_het_rekenen_struikelt_houdt_tegen() -> None:
    assert not eigen_regel("deviceName.name.substring('a') = 'x'")({"resourceType": "Device", "deviceName": [
        {"name": "x", "type": "other"}]})  # fmt: skip
