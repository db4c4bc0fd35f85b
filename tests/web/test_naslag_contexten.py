"""Elk sjabloon van het naslagwerk gebruikt precies de velden van zijn context: niets te veel, niets te weinig."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

from web.bladzijde import SJABLONEN
from web.naslag import paginas

CONTEXTEN = [
    c for naam, c in vars(paginas).items() if naam.endswith("Context") and hasattr(c, "SJABLOON")
]  # fmt: skip
GEEN_BLADZIJDE = {"naslag.html", "definitie.html", "stukken.html"}  # ouders en macro's
VAN_HET_HUIS = {"eenmalig", "icoon", "plaat", "demo", "thema", "sessie"}
INGEVOERD = {"s"}  # de macro's, in naslag.html


def namen(sjabloon: str) -> set[str]:
    """Alle namen die een sjabloon leest, met die van zijn ouders."""
    omgeving = Environment(loader=FileSystemLoader(SJABLONEN), autoescape=True)
    assert omgeving.loader is not None
    boom = omgeving.parse(omgeving.loader.get_source(omgeving, sjabloon)[0])
    gevonden = set(meta.find_undeclared_variables(boom)) - {m.name for m in boom.find_all(nodes.Macro)}
    for ouder in boom.find_all(nodes.Extends):
        gevonden |= namen(ouder.template.value)  # type: ignore[attr-defined]
    return gevonden - VAN_HET_HUIS - INGEVOERD


@pytest.mark.parametrize("context", CONTEXTEN, ids=lambda c: c.SJABLOON)
def test_een_sjabloon_van_het_naslagwerk_leest_precies_zijn_context(context: type) -> None:
    assert context.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert namen(context.SJABLOON) == {f.name for f in fields(context)}  # type: ignore[attr-defined,arg-type]


def test_elk_sjabloon_van_het_naslagwerk_heeft_een_context() -> None:
    bladzijden = {
        f"naslag/{p.name}" for p in (Path(SJABLONEN) / "naslag").glob("*.html") if p.name not in GEEN_BLADZIJDE
    }
    assert {c.SJABLOON for c in CONTEXTEN} == bladzijden
