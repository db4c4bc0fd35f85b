"""Eén draaiend product per testbestand; de opstelling zelf staat in `product.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.verhaal.product import Product, draai


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """De demo, vers gemaakt, op een vrije poort."""
    with draai(tmp_path_factory.mktemp("product")) as draaiend:
        yield draaiend
