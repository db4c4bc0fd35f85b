"""Het naslagwerk `docs/naslag.md`, uit wat er geregistreerd is: `python -m tests.huis.naslag` schrijft het opnieuw.

Met de hand staat hier alleen wat nergens te lezen is: waar een adres voor is, en hoe een zoeksoort leest.
`test_docs.py` houdt het bestand gelijk aan de code en deze tabellen gelijk aan de adressen van de app.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final

import paspoort
from paspoort.fouten import TEKSTEN
from server.access.scopes import LETTERS, OVERIGE, V1
from server.fhir.operations import OPENBARE_OPERATIES, OPERATIES
from server.fhir.outcome import STATUS
from server.fhir.search.grammatica import AANTAL, AANTAL_HOOGSTENS, BEPALERS
from server.oauth.metadata import scopes_ondersteund
from server.registry import DEFINITIES, DEFINITIETYPES, GEMEENSCHAPPELIJK, TYPES, Resourcetype
from tests.huis.naslag_adressen import ADRESSEN

WORTEL: Final = Path(__file__).parents[2]
BESTAND: Final = WORTEL / "docs/naslag.md"

ZOEKSOORTEN: Final = {
    "token": "`code`, `stelsel\\|code`, `stelsel\\|`, of `true` en `false`",
    "string": "begin van een woordgroep, zonder op hoofdletters en accenten te letten",
    "reference": "`Type/id` of `id`; een canonical als adres; als keten: `patient.birthdate`. Bepaler: ook een type",
    "date": "jaar, maand, dag of moment, met `eq ne gt lt ge le sa eb ap` ervoor",
    "uri": "precies dit adres",
    "number": "een getal, met dezelfde letters ervoor als een datum; `100` vindt 99,5 tot 100,5",
    "composite": "de delen met `$` ertussen: `code$waarde`; zij passen op hetzelfde element",
    "quantity": "`getal\\|stelsel\\|eenheid`, met dezelfde letters ervoor",
}
NIVEAUS: Final = {
    "patient": "één paspoort: dat van wie inlogde, of van wie de houder koos",
    "user": "wat de ingelogde persoon zelf mag",
    "system": "wat de organisatie van de app mag, zonder persoon erbij",
}
LETTERWOORDEN: Final = {"c": "maken", "r": "lezen", "u": "wijzigen", "d": "verwijderen", "s": "zoeken"}


def maak() -> str:
    """De hele tekst van het naslagwerk."""
    delen = (_kop(), _adressen(), _operaties(), _scopes(), _zoeken(), _typen(), _fouten(), _woorden())
    return "\n".join(regel for deel in delen for regel in deel)


def _kop() -> Iterator[str]:
    yield "# Naslag"
    yield "Alles wat een adres, naam of code heeft. Gemaakt uit de code; een test houdt het gelijk."
    yield "Opnieuw schrijven: `python -m tests.huis.naslag`."
    yield "Hoe het domein in FHIR ligt: [fhir-afbeelding.md](fhir-afbeelding.md)."


def _adressen() -> Iterator[str]:
    yield from ("", "## Adressen", "| adres | voor wie | wat |", "|---|---|---|")
    for adres, (wie, wat) in ADRESSEN.items():
        yield f"| `{adres}` | {wie} | {wat} |"


def _operaties() -> Iterator[str]:
    yield from ("", "## Operaties", "| operatie | methode | scope | op | wat | invoer |", "|---|---|---|---|---|---|")
    for naam, operatie in sorted(OPERATIES.items()):
        typen = [t.name for t in TYPES.values() if naam in t.operations]
        op = "elk type hieronder, behalve wie haar niet noemt" if len(typen) > 8 else ", ".join(typen)
        adres = f"`[type]/[id]/${naam}`" + (f" of `[type]/${naam}`" if operatie.op_type else "")
        definitie = _definitie(naam)
        invoer = ", ".join(
            f"`{p['name']}`" + ("*" if p["min"] else "") for p in definitie["parameter"] if p["use"] == "in"
        )
        yield (
            f"| {adres} | {' '.join(sorted(operatie.methodes))} | {_scope(operatie.scope)} | {op} "
            f"| {definitie['description']} | {invoer or 'geen'} |"
        )
    for openbaar in OPENBARE_OPERATIES.values():
        definitie = _definitie(openbaar.naam)
        invoer = ", ".join(f"`{p['name']}`" for p in definitie["parameter"] if p["use"] == "in")
        adres = f"`{openbaar.type}/[id]/${openbaar.naam}` of `{openbaar.type}/${openbaar.naam}`"
        methodes = " ".join(sorted(openbaar.methodes))
        yield f"| {adres} | {methodes} | geen token | {openbaar.type} | {definitie['description']} | {invoer} |"
    yield "(* = verplicht.)"


def _definitie(naam: str) -> dict[str, list[dict[str, str]]]:
    gevonden = list((WORTEL / "fhir_profiles/OperationDefinition").glob(f"*-{naam}.json"))
    assert len(gevonden) == 1, f"geen of meer OperationDefinition voor ${naam}"
    inhoud: dict[str, list[dict[str, str]]] = json.loads(gevonden[0].read_text("utf-8"))
    return inhoud


def _scope(interactie: str) -> str:
    return {"everything": "`rs`", "update": "`u`", "read": "`r`", "delete": "`d`"}[interactie]


def _scopes() -> Iterator[str]:
    yield from (
        "",
        "## Scopes",
        "Een scope is `niveau/Type.letters`, bijvoorbeeld `patient/Device.rs`. `*` is elk type.",
        "",
    )
    yield from ("| niveau | waar het over gaat |", "|---|---|")
    for niveau in dict.fromkeys(s.partition("/")[0] for s in scopes_ondersteund() if "." in s):
        yield f"| `{niveau}/` | {NIVEAUS[niveau]} |"
    yield ""
    yield "Letters, altijd in deze volgorde: " + ", ".join(f"`{x}` {LETTERWOORDEN[x]}" for x in LETTERS) + "."
    yield "SMART v1 mag ook: " + ", ".join(f"`.{oud}` = `.{nieuw}`" for oud, nieuw in V1.items()) + "."
    yield "Zonder type: " + ", ".join(f"`{s}`" for s in sorted(OVERIGE)) + "."
    yield "Een scope verruimt nooit: wat u ziet, bepalen toestemming en rol. Voorwaarden achter `?` weigeren wij."


def _zoeken() -> Iterator[str]:
    yield from ("", "## Zoeken", "| soort | hoe het leest | bepalers |", "|---|---|---|")
    for soort, bepalers in BEPALERS.items():
        yield f"| {soort} | {ZOEKSOORTEN[soort]} | {', '.join(f'`:{b}`' for b in (*bepalers, 'missing'))} |"
    yield ""
    yield "Op elk type: " + _parameters(GEMEENSCHAPPELIJK) + "."
    yield (
        f"Over het antwoord: `_count` (gewoon {AANTAL}, hoogstens {AANTAL_HOOGSTENS}), `_sort`, `_include`, "
        "`_revinclude` (ook `*`, `Type:*` en `:iterate`), `_total`, `_summary`, `_elements`. De vorige en "
        "volgende bladzijde staan in `link`."
    )
    yield (
        "Via een verwijzing: `patient.name`, `owner:Organization.name` en `_has:Observation:device:code`, één stap "
        "ver. In een compartiment: `Patient/[id]/[type]` en `Patient/[id]/*`."
    )
    yield (
        "Een onbekende parameter is een fout, tenzij u `Prefer: handling=lenient` stuurt. Zoeken op BSN kan alleen met "
        "`POST [type]/_search`."
    )
    yield (
        "Zoek binnen één paspoort, met `patient`. Daarbuiten kan alleen: het register, `_id` (hoogstens 20), en voor "
        "een organisatie haar taken (`Task`) en wie haar iets laat lezen (`Patient`)."
    )


def _typen() -> Iterator[str]:
    yield from ("", "## Typen")
    for soort in TYPES.values():
        yield from _type(soort)
    yield from (
        "",
        "### Definities",
        "Zonder token te lezen en te zoeken: " + ", ".join(f"`{t}`" for t in DEFINITIETYPES) + ".",
    )
    for naam, soort in DEFINITIES.items():
        yield from ("", f"`{naam}` zoeken: " + _parameters(soort.search) + ".")


def _type(soort: Resourcetype) -> Iterator[str]:
    yield from ("", f"### {soort.name}")
    kan = sorted(soort.interactions) + [f"${o}" for o in soort.operations]
    yield "Kan: " + (", ".join(f"`{k}`" for k in kan) or "nog niets") + "."
    if "search-type" in soort.interactions:
        yield "Zoeken: " + _parameters(soort.search) + "."
    if soort.includes:
        yield "`_include`: " + ", ".join(f"`{i}`" for i in soort.includes) + "."
    if soort.revincludes:
        yield "`_revinclude`: " + ", ".join(f"`{i}`" for i in soort.revincludes) + "."


def _parameters(parameters: tuple[object, ...]) -> str:
    return ", ".join(f"`{p.name}` ({p.type})" for p in parameters)  # type: ignore[attr-defined]


def _fouten() -> Iterator[str]:
    yield from ("", "## Fouten", "De code staat in `OperationOutcome.issue.details.coding`, de plek in `expression`.")
    yield "Zonder status: een fout van inloggen of van een bladzijde. `Accept-Language: en` geeft het Engels."
    yield from ("", "| code | status | soort | tekst | English |", "|---|---|---|---|---|")
    for code, (nl, en) in sorted(TEKSTEN.items()):
        status, soort = STATUS.get(code, ("", ""))
        yield f"| `{code}` | {status} | {soort} | {nl} | {en} |"


def _woorden() -> Iterator[str]:
    yield from (
        "",
        "## Woorden van het domein",
        "Per bestand in `paspoort/` waar het voor is, en de woorden die erin staan.",
    )
    for module in modules():
        yield from ("", f"### {module.removeprefix('paspoort.')}", _eerste_zin(importlib.import_module(module).__doc__))
        for naam, soort in woorden(module):
            yield f"- **{naam}**: {_eerste_zin(soort.__doc__)}"
    yield ""


def modules() -> list[str]:
    """De bestanden met zelfstandige naamwoorden: alles rechtstreeks onder `paspoort/`, en de pakketten daarin."""
    namen = [m.name for m in pkgutil.walk_packages(paspoort.__path__, "paspoort.")]
    return sorted(n for n in namen if not n.startswith("paspoort.fhir"))


def woorden(module: str) -> list[tuple[str, type]]:
    """De openbare klassen van een module met een eigen uitleg."""
    leden = inspect.getmembers(importlib.import_module(module), inspect.isclass)
    return [(n, c) for n, c in leden if c.__module__ == module and not n.startswith("_") and _uitgelegd(c)]


def _uitgelegd(soort: type) -> bool:
    eigen = soort.__dict__.get("__doc__")
    return bool(eigen) and not (issubclass(soort, Enum) and eigen == Enum.__doc__)


def _eerste_zin(tekst: str | None) -> str:
    regel = (tekst or "").strip().split("\n\n")[0].replace("\n", " ")
    return " ".join(regel.split())


if __name__ == "__main__":
    BESTAND.write_text(maak(), "utf-8")
