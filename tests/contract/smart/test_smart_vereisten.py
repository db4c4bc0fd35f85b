"""Elk vereiste van SMART App Launch 2.2.0 dat een server noemt: een test die zijn nummer draagt, of een reden.

`vereisten.tsv` heeft per nummer onze korte zin, de tests (`bewijs`) of de reden waarom het hier niet geldt. Deze test
houdt haar gelijk met de tests zelf, en met de lijst van de standaard als `../shared` er is.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

HIER = Path(__file__).parent
TESTS = HIER.parents[1]
LIJST = HIER.parents[3] / "shared" / "smart" / "requirements.csv"
KOPPEN = ["nummer", "eis", "bewijs", "reden"]
NUMMER = re.compile(r"smart-2\.2\.0@(\d+)")


@cache
def tabel() -> dict[int, dict[str, str]]:
    """De rijen op nummer."""
    with (HIER / "vereisten.tsv").open(encoding="utf-8") as bestand:
        rijen = list(csv.DictReader(bestand, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert all(list(rij) == KOPPEN for rij in rijen)
    uit = {int(rij["nummer"]): rij for rij in rijen}
    assert len(uit) == len(rijen)
    return uit


@cache
def genoemd() -> dict[int, frozenset[str]]:
    """Per nummer de tests die het in hun docstring noemen."""
    uit: dict[int, set[str]] = defaultdict(set)
    for bestand in TESTS.rglob("test_*.py"):
        tekst = bestand.read_text("utf-8")
        if "smart-2.2.0@" not in tekst:
            continue
        for knoop in ast.walk(ast.parse(tekst)):
            if isinstance(knoop, (ast.FunctionDef, ast.AsyncFunctionDef)) and knoop.name.startswith("test_"):
                for nummer in NUMMER.findall(ast.get_docstring(knoop) or ""):
                    uit[int(nummer)].add(knoop.name)
    return {nummer: frozenset(namen) for nummer, namen in uit.items()}


def test_elk_vereiste_heeft_een_test_of_een_reden() -> None:
    fout = [n for n, rij in tabel().items() if not rij["eis"] or bool(rij["bewijs"]) == bool(rij["reden"])]
    assert fout == []


def test_wat_er_als_bewijs_staat_noemt_het_nummer_en_omgekeerd() -> None:
    staat = {n: frozenset(rij["bewijs"].split()) for n, rij in tabel().items() if rij["bewijs"]}
    assert staat == genoemd()


def test_de_tabel_is_volledig() -> None:
    if not LIJST.exists():
        pytest.skip("../shared/smart/requirements.csv is er niet")
    with LIJST.open(encoding="utf-8") as bestand:
        nummers = {int(rij["ID"]) for rij in csv.DictReader(bestand)}
    assert tabel().keys() == nummers


def test_wat_moet_en_niet_gebeurt_heeft_een_reden_die_geen_keus_is() -> None:
    """Van wat de standaard met SHALL vraagt, geldt alleen niet wat hoort bij iets dat wij niet noemen of niet zijn."""
    if not LIJST.exists():
        pytest.skip("../shared/smart/requirements.csv is er niet")
    with LIJST.open(encoding="utf-8") as bestand:
        moet = {int(rij["ID"]) for rij in csv.DictReader(bestand) if rij["Conformance"].startswith("SHALL")}
    zonder = {n for n in moet if tabel()[n]["reden"]}
    redenen = {tabel()[n]["reden"].partition(":")[0].partition("(")[0].strip() for n in zonder}
    toegestaan = {
        "niet genoemd", "geen merkbundel", "geen fhirContext", "er komt geen fhirContext", "geen intent",
        "er is geen launch/encounter", "geen start vanuit een eigen scherm, dus geen intent",
        "geen start vanuit een eigen scherm, dus geen tenant", "wijzigen kan niet maken", "niet in zijn geheel",
        "Patient.link bestaat hier niet", "wachtwoorden van apps bestaan hier niet",
        "TLS eindigt bij de proxy voor het product", "wij geven geen enkele app dat recht",
    }  # fmt: skip
    assert redenen <= toegestaan, redenen - toegestaan
