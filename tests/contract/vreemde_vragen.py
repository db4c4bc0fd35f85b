"""De vragen van het wroeten: gemuteerde voorbeelden, kromme adressen, zoekvragen, koppen en patches.

Alles is met hypothesis te verkleinen en te herhalen. Namen van types en parameters komen uit de registry, zodat ook wat
erbij komt meedoet.
"""

# ruff: noqa: E501 - de lijsten met vreemde waarden lezen als lijst

from __future__ import annotations

import copy
import json
import re
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from paspoort.fhir.fhirxml import naar_xml
from server.registry import DEFINITIETYPES, TYPES
from tests.contract.vreemd import FHIR_JSON, VOORBEELDEN, WERELD, Vraag, voorbeeld
from tests.contract.vreemde_waarden import ALGEMEEN, BEPALERS, BUNDEL, KOPPEN, METHODEN, TEKST
from tests.verhaal.product import Json

# De gevallen van het naslagwerk: per operatie een goede en een foute vraag.
OPERATIES: list[Json] = [
    geval
    for b in sorted((VOORBEELDEN / "operaties").glob("*.json"))
    for geval in json.loads(b.read_text("utf-8")).values()
]


def _pct(tekst: str) -> str:
    return quote(tekst.encode("utf-8", "surrogatepass"), safe="@/$._-|:,~")


types = st.sampled_from([*TYPES, *TYPES, *DEFINITIETYPES, "metadata", "Bundle", "Parameters", "Fiets", "patient"])
ids = types.map(lambda t: f"@{t}") | TEKST.map(_pct)
operaties = st.sampled_from([*sorted({o for t in TYPES.values() for o in t.operations}), "expand", "x", ""]).map(
    "${}".format
)
delen = (
    types
    | ids
    | operaties
    | st.sampled_from(["_history", "_search", "1", "0", "999999999999", "*", "%2e%2e", "..", "", "metadata"])
)


@st.composite
def paden(draw: st.DrawFn) -> str:
    """Meestal een adres dat bijna klopt, soms maar wat."""
    if draw(st.integers(0, 4)) == 0:
        return "".join(f"/{deel}" for deel in draw(st.lists(delen, max_size=5)))
    type_ = draw(types)
    id_ = draw(st.sampled_from([f"@{type_}"] * 3) | ids)
    return draw(st.sampled_from([
        f"/{type_}", f"/{type_}/_search", f"/{type_}/{id_}", f"/{type_}/{id_}/_history", f"/{type_}/{id_}/_history/1", f"/{type_}/_history",
        f"/{type_}/{draw(operaties)}", f"/{type_}/{id_}/{draw(operaties)}", f"/Patient/@Patient/{type_}", "/Patient/@Patient/*", "/", "",
        "/_history", "/_search", f"/{draw(operaties)}", f"/{type_}/{id_}/_history/{draw(ids)}", f"/Patient/@Patient/{type_}/_search",
    ]))  # fmt: skip


@st.composite
def zoekvragen(draw: st.DrawFn, type_: str) -> str:
    """Een query bij een type: bestaande namen met rare waarden, en andersom."""
    eigen = [p.name for p in TYPES[type_].search] if type_ in TYPES else []
    met = [f"{type_}:{p.name}" for p in TYPES[type_].search if p.type == "reference"] if type_ in TYPES else []
    naam = st.sampled_from([*eigen, *eigen, *ALGEMEEN]) | TEKST
    waarde = TEKST | st.sampled_from([
        *met, *eigen, *(f"-{n}" for n in eigen), "*", "Task:patient", "Provenance:target", "active", "true", "10", "count", "none", "data", "text", "json", "xml",
        "application/fhir+xml", "ge2020-01-01", "Device/@Device", "id,status",
    ])  # fmt: skip
    paren = draw(st.lists(st.tuples(naam, st.sampled_from(BEPALERS), waarde), max_size=5))
    vast = draw(st.sampled_from(["", "patient=@Patient", "_id=@" + type_]))
    return "&".join([*filter(None, [vast]), *(f"{_pct(n)}{b}={_pct(w)}" for n, b, w in paren)])


koppen = st.lists(
    st.sampled_from([(n, w) for n, waarden in KOPPEN.items() for w in waarden]) | st.tuples(st.just("X-Raar"), st.just("a" * 9000)),
    max_size=4, unique_by=lambda kop: kop[0],
).map(tuple)  # fmt: skip
wie = st.sampled_from(["proef", "proef", "proef", "leverancier", "gemeente", "houder", "niemand"])
scalairen = (
    TEKST
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False)
    | st.sampled_from(["[]", "{}", "[null]", '{"x": 1}']).map(json.loads)
)


@st.composite
def gemuteerd(draw: st.DrawFn, inhoud: Json, hoogstens: int = 3) -> Any:
    """Een kopie met enkele plekken weggelaten, verdubbeld, van soort veranderd, hernoemd of verzonnen."""
    nieuw: Any = copy.deepcopy(inhoud)
    for _ in range(draw(st.integers(0, hoogstens))):
        houder, sleutel = _plek(nieuw, draw(st.integers(0, 10_000)))
        if houder is None:
            break
        wat = draw(st.sampled_from(["weg", "dubbel", "anders", "lijst", "naam", "erbij", "diep"]))
        oud = houder[sleutel]
        if wat == "weg":
            del houder[sleutel]
        elif wat == "dubbel":
            houder[sleutel] = copy.deepcopy([oud, oud] if not isinstance(oud, list) else oud + oud)
        elif wat == "lijst":
            houder[sleutel] = [oud] if not isinstance(oud, list) else (oud[0] if oud else None)
        elif wat == "diep":
            houder[sleutel] = _nest(oud, draw(st.sampled_from([5, 60, 300])))
        elif isinstance(houder, dict) and wat == "naam":
            houder[
                draw(
                    TEKST
                    | st.sampled_from(
                        ["resourceType", "extension", "contained", "id", "meta", "_status", "fhir_comments"]
                    )
                )
            ] = houder.pop(sleutel)
        elif isinstance(houder, dict) and wat == "erbij":
            houder[
                draw(
                    TEKST
                    | st.sampled_from(
                        ["modifierExtension", "contained", "_gender", "text", "implicitRules", "language"]
                    )
                )
            ] = draw(scalairen)
        else:
            houder[sleutel] = draw(scalairen)
    return nieuw


def _plek(waarde: Any, nummer: int) -> tuple[Any, Any]:
    plekken: list[tuple[Any, Any]] = []

    def loop(w: Any) -> None:
        for sleutel, kind in list(w.items() if isinstance(w, dict) else enumerate(w) if isinstance(w, list) else ()):
            plekken.append((w, sleutel))
            loop(kind)

    loop(waarde)
    return plekken[nummer % len(plekken)] if plekken else (None, None)


def _nest(waarde: Any, diepte: int) -> Any:
    for i in range(diepte):
        waarde = [waarde] if i % 2 else {"extension": waarde}
    return waarde


def bytes_van(inhoud: Any) -> bytes:
    """JSON op de draad; een losse surrogaat blijft als \\u staan."""
    return json.dumps(inhoud, ensure_ascii=True).encode()


@st.composite
def opvragen(draw: st.DrawFn) -> Vraag:
    """Lezen, zoeken en wat daarop lijkt, met alle methoden en koppen."""
    pad = draw(paden())
    type_ = pad.split("/")[1] if "/" in pad else ""
    query = draw(st.just("") | zoekvragen(type_))
    methode = draw(st.sampled_from(("GET", "GET", "GET", "GET", *METHODEN)))
    return Vraag(methode, pad + (f"?{query}" if query else ""), draw(koppen), b"", draw(wie))


@st.composite
def zoeken(draw: st.DrawFn) -> Vraag:
    """Zoeken met GET of POST, in een type dat bestaat."""
    type_ = draw(st.sampled_from(sorted(TYPES)))
    query, wie_ = draw(zoekvragen(type_)), draw(wie)
    waar = draw(st.sampled_from([f"/{type_}", f"/Patient/@Patient/{type_}"]))
    if draw(st.booleans()):
        soort = (("Content-Type", "application/x-www-form-urlencoded"),)
        return Vraag("POST", f"{waar}/_search", soort, query.encode("ascii", "replace"), wie_)
    return Vraag("GET", f"{waar}?{query}", draw(koppen), b"", wie_)


@st.composite
def schrijven(draw: st.DrawFn) -> Vraag:
    """Een gemuteerd voorbeeld maken, wijzigen of laten keuren."""
    type_ = draw(st.sampled_from([*WERELD, "Subscription"]))
    inhoud = draw(gemuteerd(voorbeeld(type_)))
    doel = draw(
        st.sampled_from([f"/{type_}", f"/{type_}", f"/{type_}/@{type_}", f"/{type_}/$validate", "/", f"/{type_}/$x"])
    )
    methode = "PUT" if "@" in doel else "POST"
    if methode == "PUT" and isinstance(inhoud, dict):
        inhoud["id"] = f"@{type_}"
    rauw = draw(
        st.sampled_from(
            [
                b"",
                b"",
                b"",
                b"",
                b"{",
                b"\xff\xfe",
                b"[]",
                b"null",
                b"\xef\xbb\xbf{}",
                b"<Patient xmlns='http://hl7.org/fhir'/>",
                b"<!DOCTYPE a>",
            ]
        )
    )
    soort = (("Content-Type", draw(st.sampled_from([FHIR_JSON] * 8 + list(KOPPEN["Content-Type"])))),)
    extra = tuple(k for k in draw(koppen) if k[0] != "Content-Type")
    return Vraag(methode, doel, soort + extra, rauw or bytes_van(inhoud), draw(wie))


@st.composite
def bundels(draw: st.DrawFn) -> Vraag:
    """Een batch of transactie met regels die bijna kloppen."""
    regels = []
    for nummer in range(draw(st.integers(0, 4))):
        type_ = draw(st.sampled_from(WERELD))
        methode = draw(st.sampled_from(["POST", "POST", "PUT", "DELETE", "GET", "PATCH", "HEAD", "x"]))
        url = draw(
            st.sampled_from(
                [
                    type_,
                    f"{type_}/@{type_}",
                    f"{type_}?_id=@{type_}",
                    f"/{type_}",
                    "",
                    f"{type_}/$validate",
                    "http://x/Patient",
                ]
            )
            | TEKST
        )
        regel: Json = {
            "request": {"method": methode, "url": url},
            "fullUrl": f"urn:uuid:{nummer:08d}-5a43-4f7a-9b53-0f4c2b1f6a01",
        }
        if methode in ("POST", "PUT", "PATCH"):
            regel["resource"] = draw(gemuteerd(voorbeeld(type_), 1))
        if draw(st.booleans()):
            regel["request"][draw(st.sampled_from(["ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince"]))] = (
                draw(TEKST)
            )
        regels.append(regel)
    bundel: Json = {"resourceType": "Bundle", "type": draw(st.sampled_from(BUNDEL)), "entry": regels}
    return Vraag("POST", "", (("Content-Type", FHIR_JSON),), bytes_van(draw(gemuteerd(bundel, 2))), draw(wie))


@st.composite
def patches(draw: st.DrawFn) -> Vraag:
    """JSON Patch op iets uit de wereld."""
    type_ = draw(st.sampled_from(WERELD))
    inhoud = voorbeeld(type_)
    wijzers = (
        [f"/{n}" for n in inhoud]
        + [f"/{n}/0" for n in inhoud]
        + ["", "/", "/-", "/id", "/meta/versionId", "/resourceType", "/name/-", "/~2"]
    )
    regel = st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "x"]), "path": st.sampled_from(wijzers) | TEKST},
        optional={"value": scalairen | st.sampled_from(list(inhoud.values())).map(copy.deepcopy), "from": st.sampled_from(wijzers)},
    )  # fmt: skip
    document: Any = draw(st.lists(regel, max_size=4) | scalairen)
    kop = (("Content-Type", draw(st.sampled_from(["application/json-patch+json"] * 6 + [FHIR_JSON]))),)
    extra = draw(st.sampled_from([(("If-Match", 'W/"1"'),), (("If-Match", "*"),), (("If-Match", 'W/"2"'),), ()]))
    return Vraag("PATCH", f"/{type_}/@{type_}", kop + extra, bytes_van(document), draw(wie))


@st.composite
def operatievragen(draw: st.DrawFn) -> Vraag:
    """Een operatie met bijna goede invoer: het voorbeeld van het naslagwerk, gemuteerd."""
    geval = draw(st.sampled_from(OPERATIES))
    adres = re.sub(
        r"\b([A-Z][A-Za-z]+)/[\w.-]+", lambda m: f"{m[1]}/@{m[1]}" if m[1] in WERELD else m[0], geval["adres"]
    )
    inhoud = json.loads(re.sub(r'"([A-Z][A-Za-z]+)/[\w.-]+"', _naar_wereld, json.dumps(geval.get("inhoud"))))
    query = draw(
        st.sampled_from(
            [
                "",
                "",
                "profile=x",
                "mode=create",
                "_count=1",
                "subject=Patient/@Patient",
                "url=x",
                "filter=%00",
                "_since=2024-02-30",
            ]
        )
    )
    methode = draw(st.sampled_from([geval["methode"]] * 3 + ["GET", "POST"]))
    doel = f"/{adres}" + ("&" if "?" in adres else "?") * bool(query) + query
    lichaam = bytes_van(draw(gemuteerd(inhoud))) if inhoud is not None and methode == "POST" else b""
    return Vraag(methode, doel, (("Content-Type", FHIR_JSON),), lichaam, draw(wie))


def _naar_wereld(gevonden: re.Match[str]) -> str:
    return f'"{gevonden[1]}/@{gevonden[1]}"' if gevonden[1] in WERELD else gevonden[0]


@st.composite
def xml(draw: st.DrawFn) -> Vraag:
    """Een voorbeeld als XML, met stukken weggeknipt, verdubbeld of vervangen."""
    type_ = draw(st.sampled_from(WERELD))
    tekst = naar_xml(voorbeeld(type_)).decode()
    stukken = re.split(r"(?=<)", tekst)
    for _ in range(draw(st.integers(0, 3))):
        i = draw(st.integers(0, max(0, len(stukken) - 1)))
        if stukken:
            nieuw = draw(
                st.sampled_from(
                    [
                        "",
                        stukken[i] * 2,
                        "<x/>",
                        "<!--",
                        "&lt;",
                        "&x;",
                        "<a:b/>",
                        "<!DOCTYPE x []>",
                        "<?x?>",
                        "]]>",
                        "<id value='\x00'/>",
                        "<contained/>",
                    ]
                )
                | TEKST
            )
            stukken[i] = nieuw
    doel = draw(st.sampled_from([f"/{type_}", f"/{type_}/$validate", "/"]))
    koppen_ = (
        ("Content-Type", "application/fhir+xml"),
        ("Accept", draw(st.sampled_from(["application/fhir+xml", FHIR_JSON]))),
    )
    return Vraag("POST", doel, koppen_, "".join(stukken).encode("utf-8", "surrogatepass"), draw(wie))
