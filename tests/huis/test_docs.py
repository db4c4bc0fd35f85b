"""De docs zijn getest: wat geregistreerd is, staat beschreven, en wat beschreven is, bestaat.

Of een handleiding goed leest, kan een test niet zeggen; of haar adressen, knoppen en links bestaan, wel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paspoort.fouten import TEKSTEN
from server.access.scopes import OVERIGE
from server.app import maak_app
from server.fhir.operations import OPERATIES
from server.fhir.outcome import STATUS
from server.fhir.search.grammatica import BEPALERS
from server.oauth.metadata import scopes_ondersteund
from server.registry import DEFINITIETYPES, TYPES
from tests.databases import verse_settings
from tests.huis import naslag

WORTEL = Path(__file__).parents[2]
DOCS = WORTEL / "docs"
HANDLEIDINGEN = sorted((DOCS / "handleidingen").glob("*.md"))
BLADZIJDEN = ("houder", "ergotherapeut", "consulent")
WOORDEN_HOOGSTENS = 16


def tekst() -> str:
    return naslag.BESTAND.read_text("utf-8")


def test_het_naslagwerk_is_gelijk_aan_de_code() -> None:
    assert tekst() == naslag.maak(), "draai: python -m tests.huis.naslag"


def test_elke_operatie_elk_type_en_elk_scopeniveau_heeft_een_regel() -> None:
    stuk = tekst()
    assert not [n for n in OPERATIES if f"`[type]/[id]/${n}`" not in stuk]
    assert not [t for t in TYPES if f"\n### {t}\n" not in stuk]
    assert not [t for t in DEFINITIETYPES if f"`{t}`" not in stuk]
    niveaus = {s.partition("/")[0] for s in scopes_ondersteund() if "." in s}
    assert niveaus == set(naslag.NIVEAUS)
    assert not [s for s in (*niveaus, *OVERIGE) if f"`{s}" not in stuk]


def test_elke_zoekparameter_staat_bij_haar_type_en_elke_soort_is_uitgelegd() -> None:
    assert set(naslag.ZOEKSOORTEN) == set(BEPALERS)
    for soort in TYPES.values():
        deel = tekst().split(f"\n### {soort.name}\n")[1].split("\n###")[0]
        gemist = [p.name for p in soort.search if f"`{p.name}` ({p.type})" not in deel]
        assert not gemist or "search-type" not in soort.interactions, (soort.name, gemist)


def test_elke_fout_heeft_een_betekenis_in_twee_talen() -> None:
    assert set(STATUS) <= set(TEKSTEN)
    assert not [c for c in TEKSTEN if f"| `{c}` |" not in tekst()]


def test_elk_woord_van_het_domein_heeft_een_uitleg() -> None:
    modules = naslag.modules()
    assert {"paspoort.hulpmiddel", "paspoort.herhaaltoets.gronden", "paspoort.toegang.groepen"} <= set(modules)
    for module in modules:
        woorden = naslag.woorden(module)
        assert f"\n### {module.removeprefix('paspoort.')}\n" in tekst()
        assert not [n for n, _ in woorden if f"- **{n}**: " not in tekst()], module


async def test_elk_adres_van_de_app_staat_in_de_naslag_en_omgekeerd(tmp_path: Path) -> None:
    with verse_settings("sqlite", tmp_path) as settings:
        app = await maak_app(settings)
        try:
            echt = set(adressen(app.routes))
        finally:
            await app.state.opslag.sluit()
    # /fhir is één eindpunt vóór de routes; wat daaronder kan, staat bij de typen.
    assert echt | {"/fhir/{…}", "/fhir/metadata"} == set(naslag.ADRESSEN)


def adressen(routes: list[Any]) -> Iterator[str]:
    """Elk pad, ook uit routers in routers."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from adressen(router.routes)
        elif hasattr(route, "path"):
            yield route.path


@pytest.mark.parametrize(
    "bestand", [*DOCS.rglob("*.md"), WORTEL / "README.md", WORTEL / "CHANGELOG.md"], ids=lambda b: b.name
)
def test_elke_link_in_de_docs_wijst_naar_wat_bestaat(bestand: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", bestand.read_text("utf-8"))
    assert not [d for d in links if not (bestand.parent / d).exists()]


@pytest.mark.parametrize("rol", BLADZIJDEN)
def test_elke_knop_in_een_handleiding_staat_op_een_bladzijde(rol: str) -> None:
    """Vet is wat op het scherm staat, letterlijk."""
    bladzijden = "\n".join(b.read_text("utf-8") for b in (WORTEL / "web").rglob("*") if b.suffix in {".html", ".py"})
    knoppen = re.findall(r"\*\*([^*]+)\*\*", (DOCS / f"handleidingen/{rol}.md").read_text("utf-8"))
    assert len(knoppen) >= 10, "een handleiding noemt de knoppen"
    plat = " ".join(bladzijden.split())
    assert not [k for k in knoppen if not all(d.strip(" .") in plat for d in k.split("…"))]


@pytest.mark.parametrize("bestand", HANDLEIDINGEN, ids=lambda b: b.name)
def test_een_handleiding_past_op_twee_bladzijden_en_leest_in_korte_zinnen(bestand: Path) -> None:
    # Een blok opdrachten met zijn antwoord wordt overgenomen, niet gelezen.
    regels = re.sub(
        r"^```sh\n.*?^```$|^```text\n.*?^```$", "", bestand.read_text("utf-8"), flags=re.M | re.S
    ).splitlines()
    assert len(regels) <= 130
    if bestand.stem not in BLADZIJDEN:
        return
    kaal = re.sub(r"\[([^\]]+)\]\([^)]+\)|`[^`]*`|[*#>-]", r"\1", "\n".join(regels))
    zinnen = [z.split() for z in re.split(r"[.?!:]\s|\n", kaal)]
    assert not [" ".join(z) for z in zinnen if len(z) > WOORDEN_HOOGSTENS]
