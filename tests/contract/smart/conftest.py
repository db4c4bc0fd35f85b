"""Eén draaiend product voor alle SMART-tests van dit proces; de opstelling zelf staat in `opstelling.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from paspoort.fhir.validatie import Validator
from server.fhir.definities import Definities
from tests.contract.smart.opstelling import Proefapp, Smart, draai
from tests.databases import verse_settings


@pytest.fixture(scope="session")
def smart(tmp_path_factory: pytest.TempPathFactory, validator: Validator, definities: Definities) -> Iterator[Smart]:
    with (
        verse_settings("sqlite", tmp_path_factory.mktemp("smart")) as settings,
        draai(settings, validator, definities) as draaiend,
    ):
        yield draaiend


@pytest.fixture(scope="session")
def yvonne(smart: Smart) -> Proefapp:
    """De eigen app van Yvonne, in een browser waarin zij is ingelogd."""
    return Proefapp(smart, smart.browser("yvonne"))
