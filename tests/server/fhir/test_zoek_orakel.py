"""Zoeken tegenover een naïeve uitrekening: tokens, datums, teksten, ketens en `_has`, op willekeurige werelden.

Het orakel is met opzet dom en kent niets van `server/fhir/search`: het schrijft op wat de specificatie zegt.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from server.fhir.definities import Definitie
from server.fhir.search.grammatica import ontleed
from server.fhir.search.treffer import Omgeving, Treffer
from server.fhir.search.zoeken import neem_mee, sorteer, voldoet
from server.registry import TYPES

Json = dict[str, Any]
BASIS = "http://test/fhir"
STELSELS = ["http://a", "http://b", None]
CODES = ["x", "y", "Z"]

coding = st.fixed_dictionaries({"code": st.sampled_from(CODES)}, optional={"system": st.sampled_from(STELSELS[:2])})
concept = st.fixed_dictionaries({"coding": st.lists(coding, max_size=2)})
dag = st.dates(datetime(2019, 12, 30).date(), datetime(2020, 3, 2).date()).map(lambda d: d.isoformat())
moment = st.datetimes(datetime(2019, 12, 30), datetime(2020, 3, 2)).map(lambda d: d.strftime("%Y-%m-%dT%H:%M:%SZ"))
datum = st.one_of(dag, moment, st.sampled_from(["2020", "2020-01", "2020-02"]))
periode = st.fixed_dictionaries({}, optional={"start": datum, "end": datum}).filter(bool)
tekst = st.text(st.sampled_from("aáAbBé çc"), min_size=1, max_size=4).filter(str.strip)


def zoekt(type: str, inhoud: Json, *query: tuple[str, str]) -> bool:
    vraag = ontleed(TYPES[type], query, False, BASIS)
    return voldoet(Treffer(type, "r", Definitie({"resourceType": type, **inhoud}, b"")), vraag.filters, Omgeving(BASIS))


# --- tokens


def token_klopt(waarde: Json | None, gezocht: str) -> bool:
    for c in (waarde or {}).get("coding", []):
        stelsel, streep, code = gezocht.rpartition("|")
        goede_code = code == "" or c.get("code", "").lower() == code.lower()
        goed_stelsel = not streep or (c.get("system") == stelsel if stelsel else "system" not in c)
        if goede_code and goed_stelsel:
            return True
    return False


zoektoken = st.one_of(
    st.sampled_from(CODES),
    st.builds(lambda s, c: f"{s}|{c}", st.sampled_from(["http://a", "http://b", ""]), st.sampled_from(CODES)),
    st.sampled_from(["http://a|", "http://b|"]),
)


@given(st.none() | concept, st.lists(zoektoken, min_size=1, max_size=3))
def test_een_token_past_zoals_de_specificatie_zegt(code: Json | None, gezocht: list[str]) -> None:
    inhoud = {"code": code} if code else {}
    verwacht = any(token_klopt(code, g) for g in gezocht)
    assert zoekt("Condition", inhoud, ("code", ",".join(gezocht))) is verwacht
    assert zoekt("Condition", inhoud, ("code:not", ",".join(gezocht))) is not verwacht
    assert zoekt("Condition", inhoud, *(("code", g) for g in gezocht)) is all(token_klopt(code, g) for g in gezocht)
    assert zoekt("Condition", inhoud, ("code:missing", "true")) is (not code)


# --- datums


def vak(tekst: str) -> tuple[datetime, datetime]:
    """Het tijdvak van een datum als [van, tot), in Nederlandse dagen; uitgerekend met de kalender."""
    hier = ZoneInfo("Europe/Amsterdam")
    if "T" in tekst:
        van = datetime.fromisoformat(tekst.replace("Z", "+00:00"))
        return van, datetime.fromtimestamp(van.timestamp() + 1, UTC)
    delen = [int(d) for d in tekst.split("-")]
    jaar, maand, dag = [*delen, 1, 1][:3]
    if len(delen) == 1:
        eind = (jaar + 1, 1, 1)
    elif len(delen) == 2:
        eind = (jaar + maand // 12, maand % 12 + 1, 1)
    else:
        volgende = datetime(jaar, maand, dag).toordinal() + 1
        d = datetime.fromordinal(volgende)
        eind = (d.year, d.month, d.day)
    return datetime(jaar, maand, dag, tzinfo=hier), datetime(*eind, tzinfo=hier)


def datum_klopt(element: Any, prefix: str, gezocht: str) -> bool:
    if isinstance(element, dict):
        van = vak(element["start"])[0].timestamp() if "start" in element else float("-inf")
        tot = vak(element["end"])[1].timestamp() if "end" in element else float("inf")
    else:
        van, tot = (d.timestamp() for d in vak(element))
    z_van, z_tot = (d.timestamp() for d in vak(gezocht))
    binnen = z_van <= van and tot <= z_tot
    return {
        "": binnen,
        "eq": binnen,
        "ne": not binnen,
        "gt": tot > z_tot,
        "lt": van < z_van,
        "ge": tot > z_tot or binnen,
        "le": van < z_van or binnen,
        "sa": van >= z_tot,
        "eb": tot <= z_van,
    }[prefix]


@given(
    st.one_of(datum, periode),
    st.sampled_from(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"]),
    datum,
)
@settings(max_examples=150)
def test_een_datum_past_zoals_de_specificatie_zegt(element: Any, prefix: str, gezocht: str) -> None:
    naam = "effectivePeriod" if isinstance(element, dict) else "effectiveDateTime"
    assert zoekt("Observation", {naam: element}, ("date", prefix + gezocht)) is datum_klopt(element, prefix, gezocht)
    assert not zoekt("Observation", {}, ("date", prefix + gezocht))


# --- teksten


def kaal(t: str) -> str:
    letters = unicodedata.normalize("NFKD", t.lower())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


@given(
    st.fixed_dictionaries({}, optional={"family": tekst, "given": st.lists(tekst, max_size=2), "text": tekst}), tekst
)
def test_een_tekst_past_op_elk_deel_van_een_naam(naam: Json, gezocht: str) -> None:
    delen = [naam[n] for n in ("family", "text") if n in naam] + naam.get("given", [])
    inhoud = {"name": [{**naam, "use": "usual", "period": {"start": "2020"}}]}
    begin = any(kaal(d).startswith(kaal(gezocht)) for d in delen)
    assert zoekt("Patient", inhoud, ("name", gezocht)) is begin
    assert zoekt("Patient", inhoud, ("name:contains", gezocht)) is any(kaal(gezocht) in kaal(d) for d in delen)
    assert zoekt("Patient", inhoud, ("name:exact", gezocht)) is (gezocht in delen)
    assert zoekt("Patient", inhoud, ("family", gezocht)) is (
        "family" in naam and kaal(naam["family"]).startswith(kaal(gezocht))
    )


# --- ketens en _has, op een kleine wereld


@st.composite
def werelden(draw: st.DrawFn) -> list[Json]:
    """Hulpmiddelen, gebruik ervan en metingen eraan, met verwijzingen die ook nergens heen kunnen wijzen."""
    ids = ["1", "2", "3"]
    uit: list[Json] = []
    for id_ in ids:
        status = draw(st.sampled_from(["active", "inactive"]))
        uit.append({"resourceType": "Device", "id": id_, "status": status, "deviceName": [{"name": draw(tekst)}]})
    for id_ in ids:
        basis = draw(st.sampled_from(["", f"{BASIS}/", "http://elders/"]))
        doel = f"{basis}Device/{draw(st.sampled_from([*ids, 'weg']))}"
        status = draw(st.sampled_from(["active", "completed"]))
        uit.append({"resourceType": "DeviceUseStatement", "id": id_, "status": status, "device": {"reference": doel}})
    for id_ in ids:
        doel = draw(st.sampled_from(["Device/1", "DeviceUseStatement/2", "Patient/1", "urn:uuid:x"]))
        uit.append({"resourceType": "Observation", "id": id_, "status": "final", "focus": [{"reference": doel}]})
    return uit


def omgeving(wereld: list[Json]) -> Omgeving:
    treffers = {(r["resourceType"], r["id"]): Treffer(r["resourceType"], r["id"], Definitie(r, b"")) for r in wereld}
    return Omgeving(
        BASIS,
        lambda type, id: treffers.get((type, id)),
        lambda type: [t for t in treffers.values() if t.type == type],
    )


def gevonden(wereld: list[Json], type: str, *query: tuple[str, str]) -> set[str]:
    vraag, waar = ontleed(TYPES[type], query, False, BASIS), omgeving(wereld)
    return {t.id for t in waar.van_type(type) if voldoet(t, vraag.filters, waar)}


def doel_van(verwijzing: Json, wereld: list[Json]) -> Json | None:
    lokaal = verwijzing["reference"].removeprefix(f"{BASIS}/")
    return next((r for r in wereld if f"{r['resourceType']}/{r['id']}" == lokaal), None)


@given(werelden(), tekst)
def test_een_keten_is_hetzelfde_als_zelf_kijken_waar_de_verwijzing_heen_gaat(wereld: list[Json], naam: str) -> None:
    gebruik = [r for r in wereld if r["resourceType"] == "DeviceUseStatement"]
    verwacht = {g["id"] for g in gebruik if (d := doel_van(g["device"], wereld)) and d["status"] == "active"}
    assert gevonden(wereld, "DeviceUseStatement", ("device.status", "active")) == verwacht
    assert gevonden(wereld, "DeviceUseStatement", ("device:Device.status", "active")) == verwacht
    op_naam = {
        g["id"]
        for g in gebruik
        if (d := doel_van(g["device"], wereld)) and kaal(d["deviceName"][0]["name"]).startswith(kaal(naam))
    }
    assert gevonden(wereld, "DeviceUseStatement", ("device.device-name", naam)) == op_naam
    # zonder type: over alle types waar de verwijzing heen kan en die de parameter kennen
    metingen = [r for r in wereld if r["resourceType"] == "Observation"]
    actief = {m["id"] for m in metingen if (d := doel_van(m["focus"][0], wereld)) and d.get("status") == "active"}
    assert gevonden(wereld, "Observation", ("focus.status", "active")) == actief


@given(werelden())
def test_has_is_hetzelfde_als_zelf_kijken_wie_er_wijst(wereld: list[Json]) -> None:
    gebruik = [r for r in wereld if r["resourceType"] == "DeviceUseStatement" and r["status"] == "completed"]
    verwacht = {d["id"] for g in gebruik if (d := doel_van(g["device"], wereld))}
    assert gevonden(wereld, "Device", ("_has:DeviceUseStatement:device:status", "completed")) == verwacht
    metingen = [r for r in wereld if r["resourceType"] == "Observation"]
    gemeten = {
        m["focus"][0]["reference"].partition("/")[2] for m in metingen if "Device/" in m["focus"][0]["reference"]
    }
    assert gevonden(wereld, "Device", ("_has:Observation:focus:status", "final")) == gemeten & {"1", "2", "3"}


@given(werelden())
def test_iterate_neemt_mee_wat_stap_voor_stap_te_bereiken_is(wereld: list[Json]) -> None:
    waar = omgeving(wereld)
    query = [("_revinclude", "DeviceUseStatement:device"), ("_revinclude:iterate", "Observation:focus")]
    vraag = ontleed(TYPES["Device"], query, False, BASIS)
    device = [t for t in waar.van_type("Device") if t.id == "1"]
    bereikt, rand = {("Device", "1")}, {("Device", "1")}
    while rand:
        nieuw = set()
        for r in wereld:
            plaats = (r["resourceType"], r["id"])
            velden = {"DeviceUseStatement": [r.get("device")], "Observation": r.get("focus", [])}.get(plaats[0], [])
            doelen = {(d["resourceType"], d["id"]) for v in velden if v and (d := doel_van(v, wereld))}
            eerste_stap = plaats[0] == "Observation" or ("Device", "1") in doelen
            if doelen & rand and plaats not in bereikt and eerste_stap:
                nieuw.add(plaats)
        bereikt |= nieuw
        rand = nieuw
    assert {t.plaats for t in neem_mee(device, vraag, waar)} == bereikt - {("Device", "1")}


@given(st.lists(st.tuples(st.none() | dag, st.sampled_from(CODES)), max_size=8), st.booleans(), st.booleans())
def test_sorteren_op_meer_dan_een_parameter(rijen: list[tuple[str | None, str]], a: bool, b: bool) -> None:
    bron = [
        {"resourceType": "Goal", "id": f"{n}", "lifecycleStatus": code, **({"startDate": d} if d else {})}
        for n, (d, code) in enumerate(rijen)
    ]
    sort = f"{'-' if a else ''}lifecycle-status,{'-' if b else ''}start-date"
    vraag = ontleed(TYPES["Goal"], [("_sort", sort)], False, BASIS)
    treffers = [Treffer("Goal", r["id"], Definitie(r, b"")) for r in bron]
    ids = [int(t.id) for t in sorteer(treffers, vraag.sorteer, lambda t: (t, Omgeving()))]
    assert sorted(ids) == list(range(len(bron)))
    for eerste, tweede in pairwise(ids):
        (d1, c1), (d2, c2) = rijen[eerste], rijen[tweede]
        assert (c1.lower() >= c2.lower()) if a else (c1.lower() <= c2.lower())
        if c1.lower() == c2.lower():
            assert d2 is None or (d1 is not None and (d1 >= d2 if b else d1 <= d2))
            assert d1 != d2 or eerste < tweede
