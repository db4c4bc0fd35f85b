"""Niets verraadt wat verborgen is: elke FHIR-route met de id van een ander, naast een id dat er nooit was.

De routes komen uit de registry en de operatietabel, dus een nieuw type of een nieuwe operatie doet vanzelf mee. Status,
koppen en bytes zijn gelijk; ook langs een Bundle, een voorwaarde en een abonnement (toegang.md §6). Zonder de tijd: die
meet `tests/last/test_zelfde_tijd.py`. Met inhoud en zonder grond; gedeeltelijk zicht: `test_oppervlak_orakel.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.fhir.operations import OPERATIES
from server.registry import TYPES
from tests.aanval.aanvalwereld import HIER, Product, plekken
from tests.server.post.conftest import aanvraag

module = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
Vraag = tuple[str, str, Any, dict[str, str]]
NERGENS = HIER.replace("hier", "nerg")
WISSELEND = ("date", "x-request-id")
VRAGERS = ("daan", "nienke", "karim", "lot", "systeem-therapeut", "systeem-verstrekker", "systeem-leverancier")
VAN_IEDEREEN = frozenset({"Organization", "Practitioner", "PractitionerRole", "Questionnaire"})
# Wat niet met een vaste id in de wereld staat, en waar dat getoetst wordt.
ELDERS = {"AuditEvent": "een eigen toets hieronder; en het eigen log: tests/server/access/test_aanval.py"}
# Een verzegelde bladzijde herhaalt de vraag met toeval; wat gemaakt is, heeft een eigen id, moment en geheim.
TOEVAL = re.compile(
    r"_(?:next|bladzijde)=[^\"&]*|[0-9a-f]{64}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.]+Z"
    r"|\w{3}, \d\d \w{3} \d{4} [0-9:]+ GMT"
)
KALE_PARAMETERS: Json = {"resourceType": "Parameters"}


def wie(patient: str) -> Json:
    return {"reference": f"Patient/{patient}"}


def gesprek(patient: str) -> Json:
    return {
        "resourceType": "Communication", "status": "completed", "subject": wie(patient),
        "payload": [{"contentString": "Goedemiddag"}],
    }  # fmt: skip


def op_resource(plek: str, patient: str) -> Iterator[Vraag]:
    """Alles wat met één id te vragen is."""
    type_, _, id = plek.partition("/")
    kaal = {"resourceType": type_, "id": id}
    for pad in (plek, f"{plek}/_history", f"{plek}/_history/1", f"{plek}/_history/2", f"{type_}?_id={id}"):
        yield "GET", pad, None, {}
    yield "HEAD", plek, None, {}
    yield "GET", plek, None, {"if-none-match": 'W/"2"'}
    yield "GET", plek, None, {"if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    yield "GET", f"{plek}?_elements=id", None, {}
    yield "GET", f"{plek}?_summary=true", None, {}
    yield "GET", plek, None, {"accept": "application/fhir+xml"}
    for versie in ('W/"1"', 'W/"2"'):
        yield "PUT", plek, kaal, {"if-match": versie}
        yield "DELETE", plek, None, {"if-match": versie}
    yield "PUT", plek, kaal, {}
    yield "PUT", plek, {**kaal, "meta": {"versionId": "2"}}, {}
    yield "PATCH", plek, [{"op": "test", "path": "/id", "value": id}], {"content-type": "application/json-patch+json"}
    yield "DELETE", plek, None, {}
    yield "DELETE", f"{type_}?_id={id}", None, {}
    yield "PUT", f"{type_}?_id={id}", {"resourceType": type_}, {}
    yield "POST", type_, {"resourceType": type_}, {"if-none-exist": f"_id={id}"}
    for operatie in sorted({*TYPES[type_].operations}):
        for methode in sorted(OPERATIES[operatie].methodes):
            yield methode, f"{plek}/${operatie}", KALE_PARAMETERS if methode == "POST" else None, {}
            yield methode, f"{plek}/$validate?mode=update", kaal if methode == "POST" else None, {}


def op_paspoort(patient: str) -> Iterator[Vraag]:
    """Alles wat met een patient te vragen is."""
    for type_ in TYPES:
        if type_ in ELDERS:
            continue
        for pad in (f"{type_}?patient={patient}", f"Patient/{patient}/{type_}", f"{type_}?patient.name=M_"):
            yield "GET", pad + ("&" if "?" in pad else "?") + "_total=accurate", None, {}
        yield "POST", f"{type_}/_search", {"patient": patient}, {}
    for pad in (f"Patient/{patient}/$everything", f"Patient/{patient}/*", f"Patient?_id={patient}&_revinclude=*"):
        yield "GET", pad, None, {}
    yield "GET", f"Patient?_id={patient}&_has:Condition:patient:_id=als-hier", None, {}
    yield "POST", "Communication", gesprek(patient), {}
    yield "POST", "Communication", gesprek(patient), {"if-none-exist": f"patient={patient}"}
    yield "PUT", f"Communication?patient={patient}", gesprek(patient), {}
    yield "DELETE", f"Communication?patient={patient}", None, {}
    yield "POST", "Communication/$validate", gesprek(patient), {}
    persoon = {"name": "subject", "valueReference": wie(patient)}
    yield "POST", "Questionnaire/functioneel-advies/$populate", {**KALE_PARAMETERS, "parameter": [persoon]}, {}
    yield "POST", "Subscription", aanvraag("https://app.example/x", f"Task?patient=Patient/{patient}"), {}


def als_regel(soort: str, vraag: Vraag) -> Json | None:
    """Dezelfde vraag als enige regel van een Bundle."""
    methode, pad, inhoud, koppen = vraag
    if "_search" in pad or "accept" in koppen or "if-modified-since" in koppen or methode == "PATCH":
        return None
    namen = {"if-match": "ifMatch", "if-none-match": "ifNoneMatch", "if-none-exist": "ifNoneExist"}
    verzoek = {"method": methode, "url": pad, **{namen[k]: w for k, w in koppen.items() if k in namen}}
    regel: Json = {"request": verzoek} | ({"resource": inhoud} if isinstance(inhoud, dict) else {})
    return {"resourceType": "Bundle", "type": soort, "entry": [regel]}


async def doe(client: httpx.AsyncClient, vraag: Vraag) -> tuple[int, list[tuple[str, str]], str]:
    """Het antwoord zonder wat altijd wisselt; wat de vraag zelf noemde, op één plek gelijkgemaakt."""
    methode, pad, inhoud, koppen = vraag
    extra: Json = {} if inhoud is None else {"data": inhoud} if pad.endswith("_search") else {"json": inhoud}
    a = await client.request(methode, pad, headers={"accept-encoding": "identity", **koppen}, **extra)
    vast = [(k, w.replace("nerg", "hier")) for k, w in a.headers.items() if k not in WISSELEND]
    tekst = a.text.replace("nerg", "hier")
    schoon = [(k, TOEVAL.sub("…", w)) for k, w in vast]
    return a.status_code, sorted(schoon), TOEVAL.sub("…", tekst)


async def client_van(p: Product, vrager: str) -> httpx.AsyncClient:
    if vrager.startswith("systeem-"):
        return await p.systeem(vrager.removeprefix("systeem-"))
    return await p.persoon(vrager)


def omgezet(waarde: Any) -> Any:
    return json.loads(json.dumps(waarde).replace("-hier", "-nerg"))


async def _verschillen(p: Product, vrager: str, vragen: list[Vraag]) -> int:
    """Stel elke vraag twee keer, los en als regel van een Bundle; geeft hoeveel er gesteld zijn."""
    client = await client_van(p, vrager)
    voor = (await p.wereld.momentopname(HIER)).volgnummer
    verschil, gesteld = [], 0
    for nummer, vraag in enumerate(vragen):
        vormen: list[Vraag] = [vraag]
        bundel = als_regel(("batch", "transaction")[nummer % 2], vraag)
        if bundel is not None:
            vormen.append(("POST", "", bundel, {}))
        for vorm in vormen:
            methode, pad, inhoud, koppen = vorm
            hier = await doe(client, vorm)
            nergens = await doe(client, (methode, omgezet(pad), omgezet(inhoud), koppen))
            gesteld += 2
            assert "M_hier_" not in hier[2], (pad, hier)
            if hier != nergens:
                verschil.append((methode, pad, koppen, hier, nergens))
    assert not verschil, (len(verschil), [v[:2] for v in verschil], verschil[:2])
    assert (await p.wereld.momentopname(HIER)).volgnummer == voor, "er werd iets geschreven"
    return gesteld


def alle_vragen() -> list[Vraag]:
    return [v for plek in plekken(HIER) for v in op_resource(plek, HIER)] + list(op_paspoort(HIER))


def test_elk_type_en_elke_operatie_doet_mee() -> None:
    assert {plek.partition("/")[0] for plek in plekken(HIER)} | VAN_IEDEREEN | set(ELDERS) == set(TYPES)
    paden = " ".join(pad for _, pad, _, _ in alle_vragen())
    assert not [o for o in OPERATIES if f"${o}" not in paden]


@module
@pytest.mark.parametrize("vrager", VRAGERS)
async def test_een_greep_uit_elke_route_is_gelijk_voor_verborgen_en_nooit_geweest(p: Product, vrager: str) -> None:
    """Elke vraag komt bij één vrager aan de beurt; alles bij iedereen duurt minuten en staat hieronder."""
    assert await _verschillen(p, vrager, alle_vragen()[VRAGERS.index(vrager) :: 2 * len(VRAGERS)])


@pytest.mark.lang
@module
@pytest.mark.parametrize("vrager", VRAGERS)
async def test_elke_route_is_gelijk_voor_verborgen_en_nooit_geweest(p: Product, vrager: str) -> None:
    assert await _verschillen(p, vrager, alle_vragen()) > 1_500


@module
async def test_een_logregel_van_een_ander_is_er_niet(p: Product) -> None:
    houder = await p.persoon("hanna")
    await houder.get(f"Patient/{HIER}/$everything")
    regels = (await houder.get("AuditEvent")).json()["entry"]
    id = regels[0]["resource"]["id"]
    for vrager in VRAGERS:
        client = await client_van(p, vrager)
        a, b = [await doe(client, ("GET", f"AuditEvent/{i}", None, {})) for i in (id, id[:-4] + "nerg")]
        assert a == b and a[0] in (403, 404), (vrager, a)
