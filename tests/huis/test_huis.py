"""Het huis zelf: bestanden passen op een paar schermen, de docs noemen wat er is, de opstelling wijst naar wat bestaat.

Voor `docker-compose.yml` en `server/Dockerfile` is geen Docker nodig: hier wordt nagelopen wat zonder engine kan.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from paspoort.fouten import TEKSTEN
from server.fhir import capability

WORTEL = Path(__file__).parents[2]
LANGST = 350
BOVENAAN = {
    "paspoort", "fhir_profiles", "server", "web", "tests", "docs", "pyproject.toml", "docker-compose.yml",
    "README.md", "Makefile", "CHANGELOG.md", "LICENSE", ".ci", ".gitignore",
}  # fmt: skip


def bestanden() -> list[Path]:
    """Wat git kent, en wat er nieuw bij staat."""
    uit = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=WORTEL,
        capture_output=True,
        text=True,
        check=True,
    )
    return [WORTEL / regel for regel in uit.stdout.splitlines() if (WORTEL / regel).is_file()]


def beheer() -> str:
    return (WORTEL / "docs/handleidingen/beheer.md").read_text("utf-8")


def test_bovenaan_staat_alleen_wat_afgesproken_is() -> None:
    assert {b.relative_to(WORTEL).parts[0] for b in bestanden()} <= BOVENAAN


def test_geen_bestand_is_langer_dan_drie_schermen() -> None:
    te_lang = {
        str(b.relative_to(WORTEL)): n
        for b in bestanden()
        if b.suffix in {".py", ".html", ".css", ".js"} and (n := len(b.read_text("utf-8").splitlines())) > LANGST
    }
    assert not te_lang


def test_elke_module_zegt_waar_zij_voor_is() -> None:
    stil = [
        str(b.relative_to(WORTEL))
        for b in bestanden()
        if b.suffix == ".py"
        and b.relative_to(WORTEL).parts[0] in {"paspoort", "server", "web"}
        and (tekst := b.read_text("utf-8")).strip()
        and not tekst.lstrip().startswith('"""')
    ]
    assert not stil


def test_elke_afhankelijkheid_heeft_een_reden() -> None:
    regels = (WORTEL / "pyproject.toml").read_text("utf-8").splitlines()
    zonder = [r for r in regels if re.match(r'\s+"[a-z].*[>=]=', r) and "#" not in r]
    assert not zonder


def test_het_capabilitystatement_en_de_changelog_noemen_deze_versie() -> None:
    versie = tomllib.loads((WORTEL / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert versie == capability.VERSIE
    assert f"\n## {versie}" in (WORTEL / "CHANGELOG.md").read_text("utf-8")


def test_het_slot_kent_elke_afhankelijkheid() -> None:
    project = tomllib.loads((WORTEL / "pyproject.toml").read_text("utf-8"))["project"]
    proef = project["optional-dependencies"]["test"]
    for lijst, slot in ((project["dependencies"], "lock.txt"), (proef, "lock-test.txt")):
        vast = (WORTEL / ".ci" / slot).read_text("utf-8").lower().replace("_", "-").replace(".", "-")
        for eis in lijst:
            naam = re.split(r"[\[>=<~!]", eis)[0].lower().replace("_", "-").replace(".", "-")
            gevonden = re.search(rf"^{re.escape(naam)}(\[[^\]]*\])?==", vast, re.M)
            assert gevonden, f"{naam} staat niet in .ci/{slot}: make lock"


def test_elke_instelling_staat_in_de_handleiding() -> None:
    namen: set[str] = set()
    for b in bestanden():
        if b.suffix == ".py" and b.relative_to(WORTEL).parts[0] == "server":
            tekst = b.read_text("utf-8")
            lezers = r"(?:env\.get|env|environ\.get|environ|_getal)"
            namen |= set(re.findall(lezers + r'\(?\[?(?:env, )?"([A-Z][A-Z_]+)"', tekst))
            namen |= set(re.findall(r'OMGEVING: Final = "([A-Z_]+)"', tekst))
    namen -= {"PATH", "PYTHONPATH"}  # van het besturingssysteem, niet van ons
    assert namen >= {"DATABASE_URL", "MASTER_KEY"}, "het zoekpatroon vindt de instellingen niet meer"
    assert not {n for n in namen if f"`{n}`" not in beheer()}


def test_elke_opdracht_staat_in_de_handleiding() -> None:
    from server.cli import OPDRACHTEN

    assert not {n for n in OPDRACHTEN if not re.search(rf"`paspoort [^`]*{n}|`{n}`", beheer())}


def test_elk_besluit_past_op_een_bladzijde_en_heeft_zijn_delen() -> None:
    besluiten = sorted((WORTEL / "docs/besluiten").glob("*.md"))
    assert [b.name[:4] for b in besluiten] == [f"{n:04d}" for n in range(1, len(besluiten) + 1)]
    for b in besluiten:
        tekst = b.read_text("utf-8")
        assert len(tekst.splitlines()) <= 40, b.name
        for deel in ("**Context.**", "**Besluit.**", "**Gevolgen.**", "**Anders bekeken.**"):
            assert deel in tekst, f"{b.name} mist {deel}"


def test_de_compose_opstelling_wijst_naar_wat_bestaat() -> None:
    compose = yaml.safe_load((WORTEL / "docker-compose.yml").read_text("utf-8"))
    app = compose["services"]["app"]
    assert (WORTEL / app["build"]["dockerfile"]).is_file()
    for dienst in compose["services"].values():
        for volume in dienst.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"]
        for nodig in dienst.get("depends_on", {}):
            assert "healthcheck" in compose["services"][nodig]
    for naam in app["environment"]:
        assert f"`{naam}`" in beheer(), naam
    assert "@gegevens/" in app["environment"]["DATABASE_URL"] and "@kluis/" in app["environment"]["VAULT_URL"]


def test_de_dockerfile_kopieert_wat_bestaat_en_start_wat_bestaat() -> None:
    tekst = (WORTEL / "server/Dockerfile").read_text("utf-8")
    niet = (WORTEL / "server/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {"data", ".venv"} <= set(niet), "een sleutel van de demo gaat niet naar de bouwer"
    for regel in re.findall(r"^COPY (?!--from)(.+)$", tekst, re.M):
        for bron in regel.split()[:-1]:
            assert (WORTEL / bron).exists(), bron
            assert bron not in niet, bron
    assert '["paspoort", "serve"' in tekst and "USER paspoort" in tekst
    python = re.search(r"FROM python:(\d+\.\d+)", tekst)
    assert python and python.group(1) == "3.11"


@pytest.mark.parametrize("woord", ["utils", "helpers", "manager", "common"])
def test_namen_zeggen_wat_iets_is(woord: str) -> None:
    assert not [b for b in bestanden() if b.stem == woord]


def test_elke_foutcode_wordt_ergens_gebruikt() -> None:
    mappen = (WORTEL / naam for naam in ("paspoort", "server", "web", "fhir_profiles"))
    bestanden = (p for m in mappen for p in m.rglob("*") if p.suffix in (".py", ".html", ".json"))
    bron = "".join(p.read_text() for p in bestanden if p.name not in ("fouten.py", "outcome.py"))
    assert [code for code in TEKSTEN if f'"{code}"' not in bron and f"'{code}'" not in bron] == []
