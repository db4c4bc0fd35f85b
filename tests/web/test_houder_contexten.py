"""Elk sjabloon van de houder en van iedereen leest precies de velden van zijn context, en elk sjabloon heeft er een."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes

import web
import web.houder
from server.settings import Settings
from web.bladzijde import SJABLONEN, Bladzijden

ONDERWERPEN = [m.name for m in pkgutil.iter_modules(web.houder.__path__)]
VAN_IEDEREEN = [importlib.import_module(f"web.{m.name}") for m in pkgutil.iter_modules(web.__path__) if not m.ispkg]
MODULES = [*VAN_IEDEREEN, *(importlib.import_module(f"web.houder.{naam}") for naam in ONDERWERPEN)]
CONTEXTEN = {
    c.SJABLOON: c
    for module in MODULES
    for c in vars(module).values()
    if isinstance(c, type) and is_dataclass(c) and str(vars(c).get("SJABLOON")).startswith(("houder/", "algemeen/"))
}
VAN_HET_HUIS = {"eenmalig", "icoon", "plaat", "demo", "thema", "sessie"}


def namen(sjabloon: str) -> set[str]:
    """Alle namen die een sjabloon leest, met die van zijn ouders en wat het invoegt."""
    omgeving = Environment(loader=FileSystemLoader(SJABLONEN), autoescape=True)
    filters = ["dag", "tijd", "maand", "regels", "hoofdletter", "afbreken", "naamwoord"]
    omgeving.filters.update(dict.fromkeys(filters, str))
    assert omgeving.loader is not None
    boom = omgeving.parse(omgeving.loader.get_source(omgeving, sjabloon)[0])
    gevonden = set(meta.find_undeclared_variables(boom)) - {m.name for m in boom.find_all(nodes.Macro)}
    gevonden -= {n if isinstance(n, str) else n[1] for i in boom.find_all(nodes.FromImport) for n in i.names}
    for ouder in boom.find_all((nodes.Extends, nodes.Include)):
        gevonden |= namen(ouder.template.value)  # type: ignore[attr-defined]
    return gevonden - VAN_HET_HUIS


@pytest.mark.parametrize("sjabloon", sorted(CONTEXTEN))
def test_een_sjabloon_leest_precies_de_velden_van_zijn_context(sjabloon: str) -> None:
    context = CONTEXTEN[sjabloon]
    assert context.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert namen(sjabloon) == {f.name for f in fields(context)}


def test_elk_sjabloon_heeft_een_context() -> None:
    bestanden = [
        f"{map_}/{p.name}"
        for map_ in ("houder", "algemeen")
        for p in (Path(SJABLONEN) / map_).glob("*.html")
        if not p.name.startswith("_")
    ]
    assert sorted(bestanden) == sorted(CONTEXTEN)


def test_een_bladzijde_zonder_bevroren_context_kan_niet(settings: Settings) -> None:
    with pytest.raises(TypeError):
        Bladzijden(settings).toon("algemeen/hulp.html", {"niet": "zo"})
