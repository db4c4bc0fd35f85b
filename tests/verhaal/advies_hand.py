"""Een therapeut aan het toetsenbord: elke toets, klik en zoektocht naar een veld telt, ook die om ergens te komen.

Het keystroke-level model met de getallen van de opdracht: 0,28 s per toets, 1,1 s per klik, 1,35 s om een veld of knop
te vinden. Een hoofdletter en een teken met Shift zijn twee toetsen, een letter met een accent ook. Lezen, nadenken en
schuiven zitten niet in dit model. `gezien` telt onafhankelijk mee: wat de bladzijde zelf aan toetsen en klikken kreeg.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Locator, Page

TOETS, KLIK, ZOEK = 0.28, 1.1, 1.35
MET_SHIFT: Final = frozenset('~!@#$%^&*()_+{}|:"<>?')
ZONDER_SHIFT: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 `-=[]\\;',./\n")
# Verder weg dan dit pakt iemand de muis.
HOOGSTENS_TABS: Final = 2

# Wat de browser echt kreeg, los van wat wij denken dat wij deden; overleeft een nieuwe bladzijde.
MEEKIJKER: Final = """
if (window === window.top) for (const soort of ['keydown', 'pointerdown']) addEventListener(soort, e => {
  if (e.isTrusted) sessionStorage.setItem('klm-' + soort, 1 + +(sessionStorage.getItem('klm-' + soort) || 0));
}, true);
"""
# Hoe vaak Tab van waar de aandacht nu is naar dit element; -1 als dat niet vooruit kan.
TABS_TOT: Final = """doel => {
  const kan = e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})
    && !(e.type === 'radio' && !e.checked && e.form && e.form.querySelector(`[name="${CSS.escape(e.name)}"]:checked`));
  const alle = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary,'
    + ' [tabindex]')].filter(kan);
  const nu = alle.indexOf(document.activeElement), daar = alle.indexOf(doel);
  return nu < 0 || daar <= nu ? -1 : daar - nu;
}"""


@dataclass
class Telling:
    """Wat iemand deed, in aantallen."""

    toetsen: int = 0
    klikken: int = 0
    gezocht: int = 0

    @property
    def seconden(self) -> float:
        """De tijd die het model daarvoor rekent."""
        return TOETS * self.toetsen + KLIK * self.klikken + ZOEK * self.gezocht


@dataclass
class Hand:
    """De therapeut op één bladzijde. `per` is de telling per onderdeel van het werk; `deel` is waar zij nu is."""

    page: Page
    per: dict[str, Telling] = field(default_factory=lambda: defaultdict(Telling))
    deel: str = "openen"
    getikt: int = 0

    @classmethod
    async def bij(cls, page: Page) -> Hand:
        """Een hand op deze bladzijde, met de meekijker erin."""
        await page.add_init_script(MEEKIJKER)
        return cls(page)

    @property
    def totaal(self) -> Telling:
        """Alles samen."""
        alle = list(self.per.values())
        return Telling(sum(t.toetsen for t in alle), sum(t.klikken for t in alle), sum(t.gezocht for t in alle))

    async def gezien(self) -> tuple[int, int]:
        """Hoeveel toetsen en klikken de bladzijde zelf telde."""
        lees = "soort => +(sessionStorage.getItem('klm-' + soort) || 0)"
        return int(await self.page.evaluate(lees, "keydown")), int(await self.page.evaluate(lees, "pointerdown"))

    async def klik(self, doel: Locator, zoek: bool = True) -> None:
        """Zoek het en klik erop."""
        self._tel(klikken=1, gezocht=int(zoek))
        await doel.click()

    async def knop(self, tekst: str) -> None:
        """Klik op de knop of link die zo begint, en wacht op de volgende bladzijde."""
        naam = re.compile(rf"^\s*{re.escape(tekst)}", re.IGNORECASE)
        doel = self.page.get_by_role("button", name=naam).or_(self.page.get_by_role("link", name=naam)).first
        if not await doel.count():
            raise AssertionError(f"geen knop “{tekst}” op {self.page.url}: {await self.page.inner_text('main')}")
        async with self.page.expect_navigation(wait_until="load"):
            await self.klik(doel)
        te_breed = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert te_breed <= 0, f"{self.page.url} is {te_breed} px te breed"

    async def naar(self, veld: Locator) -> None:
        """Zet de aandacht in dit veld: met Tab als het vlakbij is, anders met de muis."""
        if await veld.evaluate("e => e === document.activeElement"):
            self._tel(gezocht=1)
            return
        ver = int(await veld.evaluate(TABS_TOT))
        if 0 < ver <= HOOGSTENS_TABS:
            self._tel(gezocht=1)
            for _ in range(ver):
                await self.toets("Tab")
            if await veld.evaluate("e => e === document.activeElement"):
                return
            self._tel(klikken=1)
            await veld.click()
            return
        await self.klik(veld)

    async def schrijf(self, veld: Locator, tekst: str, erbij: bool = False) -> None:
        """Schrijf in het veld; wat er stond wordt overschreven, of blijft staan met `erbij`."""
        await self.naar(veld)
        if await veld.input_value():
            await self.toets("Control+End" if erbij else "Control+a")
            tekst = " " + tekst if erbij else tekst
        await self.typ(tekst)

    async def typ(self, tekst: str) -> None:
        """Typ, toets voor toets."""
        self._tel(toetsen=sum(_toetsen(c) for c in tekst))
        self.getikt += sum(c.lower() in ZONDER_SHIFT or c in MET_SHIFT for c in tekst)
        await self.page.keyboard.type(tekst)

    async def toets(self, naam: str) -> None:
        """Eén toets, of een combinatie (`Control+a` is er twee)."""
        delen = naam.count("+") + 1
        self._tel(toetsen=delen)
        self.getikt += delen
        await self.page.keyboard.press(naam)

    async def kies(self, lijst: Locator, waarde: str) -> None:
        """Kies uit een uitklaplijst: openen en klikken. De lijst zelf tekent het systeem, niet de bladzijde."""
        self._tel(klikken=2, gezocht=1)
        await lijst.select_option(value=waarde)

    def _tel(self, toetsen: int = 0, klikken: int = 0, gezocht: int = 0) -> None:
        hier = self.per[self.deel]
        hier.toetsen += toetsen
        hier.klikken += klikken
        hier.gezocht += gezocht


def _toetsen(teken: str) -> int:
    """Hoeveel toetsen dit teken op een gewoon toetsenbord kost."""
    if teken in ZONDER_SHIFT:
        return 1
    if teken in MET_SHIFT or teken.lower() in ZONDER_SHIFT:
        return 2
    return 3 if teken.isupper() else 2  # een accent is een toets ervoor
