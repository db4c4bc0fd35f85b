"""Een mens met een telefoon: Chromium op 390 × 844, één lege browser per persoon, knoppen zoals ze heten.

Elke bladzijde die getoond wordt, moet passen zonder zijwaarts schuiven en mag niets in de console klagen. Schermen
komen in de map HMP_SCHERMEN, anders in de tijdelijke map van de test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.verhaal.product import Product

CHROMIUM = Path("/usr/bin/chromium")
VLAGGEN = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
BREEDTE, HOOGTE = 390, 844
WACHT_MS = 15_000


@dataclass
class Scherm:
    """Eén persoon met een eigen browser."""

    page: Any
    product: Product
    map: Path
    klachten: list[str] = field(default_factory=list)

    def open(self, pad: str) -> Scherm:
        """Ga naar een eigen adres; de bladzijde moet er zijn."""
        antwoord = self.page.goto(self.product.base + pad)
        status = antwoord.status if antwoord is not None else 0
        assert status == 200, f"{pad}: {status}\n{self.tekst[:800]}"
        return self.klopt()

    def knop(self, tekst: str) -> Scherm:
        """Druk op de knop of link waarvan de naam zo begint, en wacht op de volgende bladzijde."""
        naam = re.compile(rf"^\s*{re.escape(tekst)}", re.IGNORECASE)
        doel = self.page.get_by_role("button", name=naam).or_(self.page.get_by_role("link", name=naam)).first
        assert doel.count(), f"geen knop “{tekst}” op {self.page.url}:\n{self.tekst[:2500]}"
        with self.page.expect_navigation(wait_until="load"):
            doel.click()
        return self.klopt()

    def vul(self, veld: str, tekst: str) -> Scherm:
        """Typ in het veld met dit id of deze naam."""
        self.page.locator(f"#{veld}, [name='{veld}']").first.fill(tekst)
        return self

    def kies(self, tekst: str) -> Scherm:
        """Kies de keuze met deze tekst."""
        self.page.locator("label:visible").filter(has_text=tekst).first.click()
        return self

    @property
    def tekst(self) -> str:
        """Alles wat er op de bladzijde te lezen is."""
        return str(self.page.locator("body").inner_text())

    def leest(self, *delen: str) -> Scherm:
        """Deze woorden staan op de bladzijde, ongeacht hoofdletters en regeleinden."""
        tekst = _plat(self.tekst)
        gemist = [d for d in delen if _plat(d) not in tekst]
        assert not gemist, f"{gemist} niet op {self.page.url}:\n{self.tekst[:3000]}"
        return self

    def leest_niet(self, *delen: str) -> Scherm:
        """Deze woorden staan nergens op de bladzijde, ook niet verborgen."""
        inhoud = _plat(self.page.content())
        gevonden = [d for d in delen if _plat(d) in inhoud]
        assert not gevonden, f"{gevonden} wel op {self.page.url}"
        return self

    def klopt(self) -> Scherm:
        """Geen zijwaarts schuiven, geen klacht in de console."""
        te_breed = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert te_breed <= 0, f"{self.page.url} is {te_breed} px te breed"
        assert not self.klachten, self.klachten
        return self

    def foto(self, naam: str) -> Scherm:
        """Bewaar wat er boven aan de bladzijde te zien is."""
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=self.map / f"{naam}.png")
        return self


def _plat(tekst: str) -> str:
    return " ".join(tekst.split()).casefold()


@dataclass
class Mensen:
    """Maakt voor iedere persoon een scherm en logt in."""

    browser: Any
    product: Product
    map: Path
    open_: dict[str, Scherm] = field(default_factory=dict)

    def als(self, naam: str) -> Scherm:
        """Het scherm van deze persoon; de eerste keer logt die in zoals een mens."""
        if naam not in self.open_:
            context = self.browser.new_context(
                viewport={"width": BREEDTE, "height": HOOGTE}, device_scale_factor=2, locale="nl-NL"
            )
            page = context.new_page()
            page.set_default_timeout(WACHT_MS)
            scherm = self.open_[naam] = Scherm(page, self.product, self.map)
            page.on("console", lambda m: scherm.klachten.append(m.text) if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda fout: scherm.klachten.append(str(fout)))
            scherm.open("/inloggen").knop(naam)
        return self.open_[naam]


@contextmanager
def mensen(product: Product, map: Path) -> Iterator[Mensen]:
    """Chromium met een vers profiel; slaat over met een reden als er geen is."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} ontbreekt: geen browser om het verhaal in te spelen")
    from playwright.sync_api import sync_playwright

    waar = Path(os.environ.get("HMP_SCHERMEN") or map / "schermen")
    waar.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=str(CHROMIUM), args=list(VLAGGEN))
        try:
            yield Mensen(browser, product, waar)
        finally:
            browser.close()
