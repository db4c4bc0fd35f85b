"""Eén product per bestand: het vullen kost seconden. Elke toets gebruikt eigen toestemmingen en ruimt die op."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from paspoort.fhir.validatie import Validator
from server.fhir.definities import Definities
from tests.aanval.aanvalwereld import HIER, Product, product
from tests.databases import verse_settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def p(
    tmp_path_factory: pytest.TempPathFactory, validator: Validator, definities: Definities
) -> AsyncIterator[Product]:
    """Het product op SQLite."""
    with verse_settings("sqlite", Path(tmp_path_factory.mktemp("aanval"))) as settings:
        async with product(settings, validator, definities) as draaiend:
            yield draaiend


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def _schoon(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Na elke toets deelt niemand meer iets, ook als zij halverwege stopte."""
    yield
    if "p" in request.fixturenames:
        p: Product = request.getfixturevalue("p")
        p.klok.verzet = timedelta()
        m = await p.wereld.momentopname(HIER)
        dicht = [{**v.inhoud, "status": "inactive"} for v in m.van_type("Consent")]
        if dicht:
            await p.wereld.zet(HIER, *dicht)
