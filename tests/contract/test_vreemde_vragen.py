"""Wat een vreemde ook stuurt: nooit een 5xx, altijd een antwoord dat FHIR is, en nooit een naam in het log.

Kort in `make test`; `tests/last/test_vreemde_vragen_lang.py` wroet langer met dezelfde vragen.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.contract.openapi import onderzoek
from tests.contract.vreemd import Vraag, Wereld, keur, maak_wereld
from tests.contract.vreemde_vragen import bundels, operatievragen, opvragen, patches, schrijven, xml, zoeken
from tests.verhaal.product import Product

# Elke keer dezelfde vragen: wat hier valt, valt bij iedereen.
KORT = settings(
    max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
JSON = (("Content-Type", "application/fhir+json"),)
RAAR = (
    Vraag("GET", "/Patient?naam=é"),
    Vraag("GET", "/Patient?\x80"),
    Vraag("FOO", "/Patient"),
    Vraag("GET", "/Pati ent"),
    Vraag("GET", "/Patient", (("X-Lang", "a" * 100_000),)),
    Vraag("GET", "/Patient", tuple((f"X-{i}", "1") for i in range(20_000))),
    Vraag("GET", "/" + "a" * 70_000),
    Vraag("GET", "/Patient?" + "a=b&" * 2_000),
    Vraag("GET", "/Patient?" + "&".join(f"name=x{i}" for i in range(400))),
    Vraag("POST", "/Patient", (("Content-Length", "-1"),)),
    Vraag("POST", "/Patient", (("Content-Length", "x"),)),
    Vraag("GET", "/Patient", (("kop zonder dubbele punt", ""),)),
    Vraag("GET", "/.well-known/nonsens"),
    Vraag("GET", "/nonsens"),
    Vraag("GET", "/%ff%00"),
    Vraag("GET", "/../../etc/passwd"),
    Vraag("GET", "/Patient/%2e%2e%2f"),
    Vraag("GET", "/Patient", (("Accept", "é\xff"),)),
    Vraag("GET", "/Patient", (("Upgrade", "websocket"), ("Connection", "upgrade"))),
    Vraag("POST", "/", JSON, b"[" * 100_000),
    Vraag("POST", "/", JSON, b'{"resourceType":' + b'{"a":' * 5_000),
    Vraag("POST", "/Patient", JSON, b'{"resourceType":"Patient","x":1' + b"0" * 20_000 + b"}"),
    Vraag("POST", "/Patient", (*JSON, ("Content-Encoding", "gzip")), b"\x1f\x8b"),
)  # fmt: skip


@pytest.fixture(scope="module")
def wereld(product: Product) -> Iterator[Wereld]:
    w = maak_wereld(product)
    yield w
    w.sluit()
    assert "onverwacht" not in product.log(), product.log()[-3000:]


@pytest.mark.parametrize("vraag", RAAR, ids=lambda v: f"{v.methode} {v.doel[:20]} {v.koppen[:1]}"[:60])
def test_ook_wat_geen_http_is_krijgt_een_antwoord_dat_fhir_is(wereld: Wereld, vraag: Vraag) -> None:
    antwoord = wereld.stuur(vraag)
    keur(vraag, antwoord)
    assert antwoord.status >= 400 or vraag.doel == "/Patient"
    assert wereld.stuur(Vraag("GET", "/metadata")).status == 200, "de server leeft nog"


def test_koppen_waar_geen_einde_aan_komt_houden_op(product: Product) -> None:
    adres = urlsplit(product.fhir)
    with socket.create_connection((str(adres.hostname), int(adres.port or 80)), timeout=10) as draad:
        draad.sendall(b"GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nX-Lang: ")
        gestuurd = 0
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                draad.sendall(b"a" * 10_000)
                gestuurd += 10_000
    assert gestuurd < 15_000_000


@KORT
@given(vraag=opvragen())
def test_lezen_en_wat_daarop_lijkt(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=zoeken())
def test_zoeken(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=schrijven())
def test_schrijven(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=bundels())
def test_bundels(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=patches())
def test_patches(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=operatievragen())
def test_operaties(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


@KORT
@given(vraag=xml())
def test_xml(wereld: Wereld, vraag: Vraag) -> None:
    keur(vraag, wereld.stuur(vraag))


def test_schemathesis_bij_het_capabilitystatement(wereld: Wereld) -> None:
    assert (
        onderzoek(wereld, {"Patient", "Device", "Task"}, settings(KORT, max_examples=2), GenerationMode.POSITIVE) > 40
    )


def test_na_al_dat_wroeten_is_het_paspoort_nog_te_lezen(wereld: Wereld) -> None:
    alles = wereld.apps["proef"].lees(f"Patient/{wereld.ids['Patient']}/$everything")
    assert {r["resource"]["resourceType"] for r in alles["entry"]} >= {"Patient", "Device"}
