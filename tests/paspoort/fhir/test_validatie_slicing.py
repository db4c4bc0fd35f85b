"""Slicing: elke soort discriminator, open, gesloten, geordend, aantallen; en gelijk aan een naïeve telling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.validatie import Validator
from paspoort.fhir.validatie_herken import ontleed_pad

Json = dict[str, Any]
URL = "http://voorbeeld.nl/profiel"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
KLEUR, MAAT = "http://voorbeeld.nl/kleur", "http://voorbeeld.nl/maat"


def profiel(soort: str, *elementen: Json, url: str = URL, **meer: Any) -> Json:
    wortel = {"id": soort, "path": soort}
    return {
        "resourceType": "StructureDefinition", "url": url, "type": soort, "baseDefinition": f"{HL7}{soort}",
        "differential": {"element": [wortel, *elementen]}, **meer,
    }  # fmt: skip


def snede(pad: str, *kenmerken: tuple[str, str], regels: str = "open", **meer: Any) -> Json:
    discriminator = [{"type": soort, "path": waar} for soort, waar in kenmerken]
    return {"id": pad, "path": pad, "slicing": {"discriminator": discriminator, "rules": regels, **meer}}


def fouten(inhoud: Json, *definities: Json) -> set[tuple[str, str | None]]:
    validator = Validator(definities)
    return {(m.code, m.plek) for m in validator.controleer(inhoud, [URL]) if m.ernst == "error"}


def stoel(**anders: Any) -> Json:
    return {"resourceType": "Device", **anders}


def waarneming(**anders: Any) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, **anders}


def cc(systeem: str, code: str) -> Json:
    return {"coding": [{"system": systeem, "code": code}]}


ID_SNEDE = snede("Device.identifier", ("value", "system"))
ID_PLAK = {"id": "Device.identifier:merk", "min": 1, "max": "1"}
ID_VAST = {"id": "Device.identifier:merk.system", "min": 1, "patternUri": KLEUR}
ID_WAARDE = {"id": "Device.identifier:merk.value", "min": 1}

KENMERKEN: list[tuple[str, list[Json], Json, Json, tuple[str, str]]] = [
    (
        "value op een onderdeel", [ID_SNEDE, ID_PLAK, ID_VAST, ID_WAARDE],
        stoel(identifier=[{"system": KLEUR, "value": "1"}, {"system": MAAT}]),
        stoel(identifier=[{"system": KLEUR}, {"system": MAAT}]),
        ("fhir-verplicht", "Device.identifier[0].value"),
    ),
    (
        "value: de plak ontbreekt", [ID_SNEDE, ID_PLAK, ID_VAST],
        stoel(identifier=[{"system": KLEUR}]), stoel(),
        ("fhir-verplicht", "Device.identifier"),
    ),
    (
        "value: de plak is er te vaak", [ID_SNEDE, ID_PLAK, ID_VAST],
        stoel(identifier=[{"system": KLEUR}, {"system": MAAT}]),
        stoel(identifier=[{"system": KLEUR}, {"system": MAAT}, {"system": KLEUR}]),
        ("fhir-te-veel", "Device.identifier[2]"),
    ),
    (
        "value op $this met een patroon",
        [snede("Device.safety", ("value", "$this")), {"id": "Device.safety:rood", "max": "1",
                                                    "patternCodeableConcept": cc(KLEUR, "rood")}],
        stoel(safety=[cc(KLEUR, "rood"), cc(KLEUR, "blauw")]),
        stoel(safety=[cc(KLEUR, "rood"), cc(KLEUR, "rood")]),
        ("fhir-te-veel", "Device.safety[1]"),
    ),
    (
        "pattern op een diep pad",
        [snede("Observation.component", ("pattern", "code")), {"id": "Observation.component:maat", "min": 1},
         {"id": "Observation.component:maat.code", "patternCodeableConcept": cc(MAAT, "breed")},
         {"id": "Observation.component:maat.value[x]", "min": 1, "type": [{"code": "Quantity"}]}],
        waarneming(component=[{"code": cc(MAAT, "breed"), "valueQuantity": {"value": 1}}]),
        waarneming(component=[{"code": cc(MAAT, "breed"), "valueString": "x"}]),
        ("fhir-profiel-soort", "Observation.component[0].valueString"),
    ),
    (
        "value op coding.code",
        [snede("Device.safety", ("value", "coding.code")), {"id": "Device.safety:rood", "max": "0"},
         {"id": "Device.safety:rood.coding.code", "fixedCode": "rood"}],
        stoel(safety=[cc(KLEUR, "blauw")]), stoel(safety=[cc(KLEUR, "rood")]),
        ("fhir-niet-toegestaan", "Device.safety[0]"),
    ),
    (
        "type op een keuze",
        [snede("Observation.value[x]", ("type", "$this")),
         {"id": "Observation.value[x]:valueQuantity", "sliceName": "valueQuantity", "type": [{"code": "Quantity"}]},
         {"id": "Observation.value[x]:valueQuantity.unit", "min": 1}],
        waarneming(valueQuantity={"value": 1, "unit": "cm"}), waarneming(valueQuantity={"value": 1}),
        ("fhir-verplicht", "Observation.valueQuantity.unit"),
    ),
    (
        "de korte schrijfwijze valueQuantity", [{"id": "Observation.valueQuantity.unit", "min": 1}],
        waarneming(valueString="x"), waarneming(valueQuantity={"value": 1}),
        ("fhir-verplicht", "Observation.valueQuantity.unit"),
    ),
    (
        "type op resolve()",
        [snede("Observation.focus", ("type", "resolve()")),
         {"id": "Observation.focus:gebruik", "min": 1, "type": [
             {"code": "Reference", "targetProfile": [f"{HL7}DeviceUseStatement"]}]}],
        waarneming(focus=[{"reference": "Task/1"}, {"reference": "DeviceUseStatement/1"}]),
        waarneming(focus=[{"reference": "Task/1"}]),
        ("fhir-verplicht", "Observation.focus"),
    ),
    (
        "exists",
        [snede("Device.note", ("exists", "author")), {"id": "Device.note:met", "max": "1"},
         {"id": "Device.note:met.author[x]", "min": 1}, {"id": "Device.note:zonder"},
         {"id": "Device.note:zonder.author[x]", "max": "0"}, {"id": "Device.note:zonder.time", "min": 1}],
        stoel(note=[{"text": "a", "authorString": "x"}, {"text": "b", "time": "2026-01-01"}]),
        stoel(note=[{"text": "b"}]),
        ("fhir-verplicht", "Device.note[0].time"),
    ),
    (
        "extension(url)",
        [snede("Device.note", ("exists", "extension('http://voorbeeld.nl/kleur')")), {"id": "Device.note:kleur",
                                                                                     "max": "1"},
         {"id": "Device.note:kleur.extension:kleur", "sliceName": "kleur", "min": 1,
          "type": [{"code": "Extension", "profile": [KLEUR]}]}],
        stoel(note=[{"text": "a", "extension": [{"url": KLEUR, "valueCode": "rood"}]}, {"text": "b"}]),
        stoel(note=[{"text": "a", "extension": [{"url": KLEUR, "valueCode": "rood"}]}] * 2),
        ("fhir-te-veel", "Device.note[1]"),
    ),
    (
        "gesloten", [snede("Device.identifier", ("value", "system"), regels="closed"), ID_PLAK, ID_VAST],
        stoel(identifier=[{"system": KLEUR}]), stoel(identifier=[{"system": KLEUR}, {"system": MAAT}]),
        ("fhir-profiel-regel", "Device.identifier[1]"),
    ),
    (
        "openAtEnd", [snede("Device.identifier", ("value", "system"), regels="openAtEnd"), ID_PLAK, ID_VAST],
        stoel(identifier=[{"system": KLEUR}, {"system": MAAT}]),
        stoel(identifier=[{"system": MAAT}, {"system": KLEUR}]),
        ("fhir-profiel-regel", "Device.identifier[0]"),
    ),
    (
        "geordend",
        [snede("Device.identifier", ("value", "system"), ordered=True), {"id": "Device.identifier:een"},
         {"id": "Device.identifier:een.system", "fixedUri": KLEUR}, {"id": "Device.identifier:twee"},
         {"id": "Device.identifier:twee.system", "fixedUri": MAAT}],
        stoel(identifier=[{"system": KLEUR}, {"system": "http://x.nl"}, {"system": MAAT}]),
        stoel(identifier=[{"system": MAAT}, {"system": KLEUR}]),
        ("fhir-profiel-volgorde", "Device.identifier[1]"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("elementen", "goed", "fout", "melding"), [k[1:] for k in KENMERKEN], ids=[k[0] for k in KENMERKEN]
)
def test_een_plak_wordt_herkend_en_getoetst(
    elementen: list[Json], goed: Json, fout: Json, melding: tuple[str, str]
) -> None:
    assert fouten(goed, profiel(goed["resourceType"], *elementen)) == set()
    assert fouten(fout, profiel(fout["resourceType"], *elementen)) == {melding}


def test_een_plak_op_profiel_neemt_wat_aan_dat_profiel_voldoet() -> None:
    telefoon = "http://voorbeeld.nl/telefoon"
    eigen = profiel("ContactPoint", {"id": "ContactPoint.system", "min": 1, "patternCode": "phone"}, url=telefoon)
    elementen = [
        snede("Organization.telecom", ("profile", "$this")),
        {"id": "Organization.telecom:telefoon", "min": 1, "type": [{"code": "ContactPoint", "profile": [telefoon]}]},
    ]
    zaak = {"resourceType": "Organization", "name": "x", "telecom": [{"system": "phone", "value": "1"}]}
    assert fouten(zaak, profiel("Organization", *elementen), eigen) == set()
    zaak["telecom"] = [{"system": "email", "value": "a@b.nl"}]
    assert fouten(zaak, profiel("Organization", *elementen), eigen) == {("fhir-verplicht", "Organization.telecom")}


def test_een_plak_op_het_profiel_van_een_ingesloten_doel() -> None:
    merk = "http://voorbeeld.nl/merk"
    eigen = profiel("Device", {"id": "Device.manufacturer", "min": 1}, url=merk)
    elementen = [
        snede("Observation.focus", ("profile", "resolve()")),
        {"id": "Observation.focus:merk", "min": 1, "type": [{"code": "Reference", "targetProfile": [merk]}]},
    ]
    inhoud = waarneming(focus=[{"reference": "#d"}], contained=[stoel(id="d", manufacturer="x")])
    assert fouten(inhoud, profiel("Observation", *elementen), eigen) == set()
    inhoud["contained"] = [stoel(id="d")]
    assert fouten(inhoud, profiel("Observation", *elementen), eigen) == {("fhir-verplicht", "Observation.focus")}
    inhoud = waarneming(focus=[{"reference": "Device/elders"}])
    assert fouten(inhoud, profiel("Observation", *elementen), eigen) == {("fhir-verplicht", "Observation.focus")}


def test_een_profiel_op_een_datatype_geldt_waar_het_genoemd_wordt() -> None:
    postcode = "http://voorbeeld.nl/adres"
    eigen = profiel("Address", {"id": "Address.postalCode", "min": 1}, url=postcode)
    met = profiel("Organization", {"id": "Organization.address", "type": [{"code": "Address", "profile": [postcode]}]})
    zaak = {"resourceType": "Organization", "name": "x", "address": [{"city": "Veldkant"}]}
    assert fouten(zaak, met, eigen) == {("fhir-verplicht", "Organization.address[0].postalCode")}
    zaak["address"] = [{"postalCode": "1234 AB"}]
    assert fouten(zaak, met, eigen) == set()


def test_een_profiel_op_een_profiel_houdt_de_regels_en_plakken_van_zijn_basis() -> None:
    basis = profiel("Device", ID_SNEDE, ID_PLAK, ID_VAST, url="http://voorbeeld.nl/basis")
    erop = profiel("Device", {"id": "Device.identifier:merk.value", "min": 1}, {"id": "Device.status", "min": 1})
    erop["baseDefinition"] = basis["url"]
    assert fouten(stoel(identifier=[{"system": KLEUR}]), basis, erop) == {
        ("fhir-verplicht", "Device.identifier[0].value"), ("fhir-verplicht", "Device.status")
    }  # fmt: skip
    assert fouten(stoel(status="active"), basis, erop) == {("fhir-verplicht", "Device.identifier")}


def test_zonder_basis_telt_de_snapshot_en_zonder_snapshot_laadt_het_niet() -> None:
    los = profiel("Device", {"id": "Device.status", "min": 1})
    los["baseDefinition"] = "http://elders.nl/basis"
    with pytest.raises(ValueError, match="snapshot"):
        fouten(stoel(), los)
    los["snapshot"] = {"element": [{"id": "Device", "path": "Device"}, {"id": "Device.manufacturer", "min": 1}]}
    assert fouten(stoel(), los) == {("fhir-verplicht", "Device.manufacturer")}


@pytest.mark.parametrize(
    ("element", "goed", "fout", "melding"),
    [
        ({"id": "Device.lotNumber", "maxLength": 3}, "abc", "abcd", "fhir-te-lang"),
        ({"id": "Device.lotNumber", "fixedString": "abc"}, "abc", "abd", "fhir-profiel-waarde"),
        ({"id": "Device.manufactureDate", "minValueDateTime": "2020-01-01"}, "2020-01-01", "2019-12-31",
         "fhir-profiel-grens"),
        ({"id": "Device.manufactureDate", "maxValueDateTime": "2020-01-01"}, "2019", "2021", "fhir-profiel-grens"),
    ],
)  # fmt: skip
def test_een_vaste_waarde_lengte_of_grens(element: Json, goed: str, fout: str, melding: str) -> None:
    naam = element["id"].partition(".")[2]
    assert fouten(stoel(**{naam: goed}), profiel("Device", element)) == set()
    assert fouten(stoel(**{naam: fout}), profiel("Device", element)) == {(melding, f"Device.{naam}")}


@pytest.mark.parametrize(
    "elementen",
    [
        [snede("Device.identifier", ("value", "system")), {"id": "Device.identifier:leeg"}],
        [snede("Device.identifier", ("exists", "system")), {"id": "Device.identifier:leeg"}],
        [snede("Device.identifier", ("profile", "$this")), {"id": "Device.identifier:leeg"}],
        [snede("Device.identifier", ("kleur", "system")), {"id": "Device.identifier:leeg"}],
        [snede("Device.identifier", ("value", "system.where(x)")), {"id": "Device.identifier:leeg"}],
        [snede("Device.identifier", ("value", "system"), regels="dicht"), {"id": "Device.identifier:leeg"}],
        [{"id": "Device.identifier", "slicing": {"rules": "open"}}],
        [{"id": "Device.contained", "type": [{"code": "Rolstoel"}]}],
    ],
)
def test_een_slicing_die_niet_te_herkennen_is_laadt_niet(elementen: list[Json]) -> None:
    with pytest.raises(ValueError, match=r"."):
        fouten(stoel(), profiel("Device", *elementen))


def test_een_discriminatorpad_wordt_in_stappen_ontleed() -> None:
    assert ontleed_pad("$this", "") == []
    assert ontleed_pad("extension('http://x.nl/a.b').value[x].resolve().code", "") == [
        ("extension", "http://x.nl/a.b"), ("naam", "value"), ("resolve", ""), ("naam", "code")
    ]  # fmt: skip
    assert ontleed_pad("value.ofType(Quantity).unit", "") == [
        ("naam", "value"),
        ("ofType", "Quantity"),
        ("naam", "unit"),
    ]


# --- naast een naïeve telling

_STELSELS = st.sampled_from([KLEUR, MAAT, "http://voorbeeld.nl/anders"])


def _naief(stelsels: list[str], min_: int, max_: int, regels: str, geordend: bool) -> bool:
    """Of de rij mag: van KLEUR min..max, van MAAT hoogstens één, en wat er verder tussen mag staan."""
    kleur, maat = stelsels.count(KLEUR), stelsels.count(MAAT)
    if not (min_ <= kleur <= max_ and maat <= 1):
        return False
    bekend = [s for s in stelsels if s in (KLEUR, MAAT)]
    if regels == "closed" and len(bekend) != len(stelsels):
        return False
    if regels == "openAtEnd" and stelsels[: len(bekend)] != bekend:
        return False
    return not geordend or bekend == sorted(bekend, key=[KLEUR, MAAT].index)


@given(
    st.lists(_STELSELS, max_size=5),
    st.integers(0, 2),
    st.integers(0, 3),
    st.sampled_from(["open", "closed", "openAtEnd"]),
    st.booleans(),
)
def test_slicing_zegt_hetzelfde_als_tellen(
    stelsels: list[str], min_: int, ruimte: int, regels: str, geordend: bool
) -> None:
    elementen = [
        snede("Device.identifier", ("value", "system"), regels=regels, ordered=geordend),
        {"id": "Device.identifier:kleur", "min": min_, "max": str(min_ + ruimte)},
        {"id": "Device.identifier:kleur.system", "patternUri": KLEUR},
        {"id": "Device.identifier:maat", "max": "1"},
        {"id": "Device.identifier:maat.system", "fixedUri": MAAT},
    ]
    inhoud = stoel(identifier=[{"system": s} for s in stelsels]) if stelsels else stoel()
    goed = fouten(inhoud, profiel("Device", *elementen)) == set()
    assert goed is _naief(stelsels, min_, min_ + ruimte, regels, geordend)
