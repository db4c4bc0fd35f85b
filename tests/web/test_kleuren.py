"""De kleuren van elke weergave, nagerekend met de formule van WCAG; de verhoudingen zijn die van het beeld.

Leest alleen `web/static/tokens.css`. Wie een eigen huisstijl neerzet, draait deze test op zijn tokens.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "web" / "static" / "tokens.css"
GRONDEN = ("document", "surface", "tint")
# (voorgrond, gronden waar zij op staat, minste verhouding)
PAREN: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("text", GRONDEN, 7),
    ("text-subtle", GRONDEN, 7),
    ("action", GRONDEN, 7),
    ("action-hover", GRONDEN, 7),
    ("action-text", ("action", "action-hover"), 7),
    ("cover-text", ("cover",), 7),
    ("cover-line", ("cover",), 7),
    ("turn-text", ("turn",), 7),
    ("turn-mark-text", ("turn-mark",), 7),
    ("positive", ("surface", "positive-tint"), 7),
    ("warning", ("surface", "warning-tint"), 7),
    ("negative", ("surface", "negative-tint"), 7),
    ("surface", ("negative",), 7),
    ("border", GRONDEN, 3),
    ("turn-border", ("surface",), 3),
    ("focus", (*GRONDEN, "turn"), 3),
)
THEMAS = ("licht", "donker", "contrast", "contrast-donker")
VOORKEUREN = {
    "donker": "@media screen and (prefers-color-scheme: dark)",
    "contrast": "@media screen and (prefers-contrast: more)",
    "contrast-donker": "@media screen and (prefers-contrast: more) and (prefers-color-scheme: dark)",
}


def waarden(blok: str) -> dict[str, str]:
    return dict(re.findall(r"(--hmp-[\w-]+): ([^;]+);", blok))


def blok_na(css: str, begin: str) -> dict[str, str]:
    """De tokens in het eerste blok na een precies begin."""
    rest = css[css.index(begin) + len(begin) :]
    return waarden(rest[: rest.index("}")])


def kleuren(thema: str) -> dict[str, str]:
    css = TOKENS.read_text()
    begin = f'[data-theme="{thema}"] {{'
    gedeeld = waarden(css[: css.index("@media")])
    alle = gedeeld | blok_na(css, begin)
    voor = "--hmp-color-"
    return {naam.removeprefix(voor): waarde for naam, waarde in alle.items() if naam.startswith(voor)}


def helderheid(kleur: str) -> float:
    """Relatieve helderheid volgens WCAG 2.2."""
    delen = [int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    rood, groen, blauw = (d / 12.92 if d <= 0.04045 else ((d + 0.055) / 1.055) ** 2.4 for d in delen)
    return 0.2126 * rood + 0.7152 * groen + 0.0722 * blauw


def verhouding(een: str, ander: str) -> float:
    licht, donker = sorted((helderheid(een), helderheid(ander)), reverse=True)
    return (licht + 0.05) / (donker + 0.05)


def test_de_formule_klopt_op_de_bekende_uitersten() -> None:
    assert verhouding("#000000", "#ffffff") == pytest.approx(21)
    assert verhouding("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("thema", THEMAS)
@pytest.mark.parametrize("paar", PAREN, ids=lambda paar: paar[0])
def test_elk_paar_is_goed_te_zien(thema: str, paar: tuple[str, tuple[str, ...], float]) -> None:
    voor, gronden, minst = paar
    tokens = kleuren(thema)
    te_zwak = {grond: v for grond in gronden if (v := verhouding(tokens[voor], tokens[grond])) < minst}
    assert not te_zwak


@pytest.mark.parametrize("thema", THEMAS)
def test_een_van_de_twee_ringen_valt_op_tegen_de_omslag(thema: str) -> None:
    tokens = kleuren(thema)
    assert max(verhouding(tokens[ring], tokens["cover"]) for ring in ("focus", "focus-inner")) >= 3


@pytest.mark.parametrize("thema", VOORKEUREN)
def test_de_keuze_van_de_persoon_geeft_dezelfde_kleuren_als_die_van_het_toestel(thema: str) -> None:
    css = TOKENS.read_text()
    toestel = blok_na(css, VOORKEUREN[thema] + " {\n  :root:not([data-theme]) {")
    assert toestel == blok_na(css, f'[data-theme="{thema}"] {{')
    assert toestel


def test_geel_is_alleen_van_de_beurt_en_blauw_alleen_van_de_focus() -> None:
    for thema in THEMAS:
        tokens = kleuren(thema)
        anders = {w for n, w in tokens.items() if not n.startswith(("turn", "focus"))}
        assert tokens["turn-mark"] not in anders
        assert tokens["focus"] not in anders
