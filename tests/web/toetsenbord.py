"""Iemand zonder muis: Tab, spatie, pijl en Enter, en bij elke stap moet te zien zijn waar de aandacht is.

Wat hier faalt is een fout van de bladzijde: aandacht die weg is, niet te zien is, buiten beeld staat of bedekt wordt
(WCAG 2.2: 2.1.1, 2.4.3, 2.4.7 en 2.4.11).
"""

from __future__ import annotations

from typing import Final

from playwright.async_api import Page

HOOGSTENS_TABS: Final = 250
# Wat er nu de aandacht heeft: (naam van het veld, tekst, soort, bezwaar).
HIER: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return {naam: '', tekst: '', soort: '', bezwaar: 'weg'};
  const zichtbaar = e.closest('label') || e, s = getComputedStyle(e), z = getComputedStyle(zichtbaar);
  const vak = zichtbaar.getBoundingClientRect();
  const ziet = x => (x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) > 0) || x.boxShadow !== 'none';
  let bezwaar = '';
  if (!e.matches(':focus-visible') || !(ziet(s) || ziet(z))) bezwaar = 'niet te zien';
  else if (vak.bottom <= 0 || vak.top >= innerHeight || vak.right <= 0 || vak.left >= innerWidth)
    bezwaar = 'buiten beeld';
  else {
    const x = Math.max(0, vak.left) + Math.min(vak.width, innerWidth) / 2 - 1;
    const boven = Math.max(vak.top, 0), onder = Math.min(vak.bottom, innerHeight);
    const punten = [boven + 2, (boven + onder) / 2, onder - 2].map(y => document.elementFromPoint(
      Math.min(x, innerWidth - 2), y));
    if (!punten.some(p => p && (zichtbaar.contains(p) || p.contains(zichtbaar)))) bezwaar = 'bedekt';
  }
  return {naam: e.name || '', soort: e.tagName.toLowerCase() + (e.type ? ':' + e.type : ''), bezwaar,
    tekst: (zichtbaar.innerText || e.value || '').trim(),
    bevat: e.tagName === 'SUMMARY' ? [...e.parentElement.querySelectorAll('[name]')].map(v => v.name) : []};
}"""


async def hier(scherm: Page) -> dict[str, str]:
    """Waar de aandacht is; AssertionError als dat niet te zien is."""
    nu: dict[str, str] = await scherm.evaluate(HIER)
    assert not nu["bezwaar"], f"aandacht {nu['bezwaar']}: {nu} op {scherm.url}"
    return nu


async def tab_naar(scherm: Page, tekst: str = "", naam: str = "") -> None:
    """Met Tab naar de knop of link die zo begint, of het veld met deze naam; een dicht blok gaat open met Enter."""
    for _ in range(HOOGSTENS_TABS):
        await scherm.keyboard.press("Tab")
        nu = await hier(scherm) if await scherm.evaluate("document.activeElement !== document.body") else {}
        if not nu:
            continue  # van het laatste element terug naar het begin
        if (tekst and nu["tekst"].startswith(tekst)) or (naam and nu["naam"] == naam):
            return
        if naam and naam in nu["bevat"]:
            await scherm.keyboard.press("Enter")
    raise AssertionError(f"met Tab niet te bereiken: {tekst or naam} op {scherm.url}")


async def druk(scherm: Page, tekst: str) -> None:
    """Tab naar deze knop of link, Enter, en wacht op de volgende bladzijde."""
    await tab_naar(scherm, tekst)
    async with scherm.expect_navigation(wait_until="load"):
        await scherm.keyboard.press("Enter")


async def kies(scherm: Page, naam: str, tekst: str) -> None:
    """Een keuze bij deze vraag: rondjes met pijl en spatie, een lijst met de eerste letters."""
    await tab_naar(scherm, naam=naam)
    nu = await hier(scherm)
    if nu["soort"].startswith("select"):
        await scherm.keyboard.type(tekst)
        return
    for _ in range(12):
        if (await hier(scherm))["tekst"].startswith(tekst):
            await scherm.keyboard.press("Space")
            return
        await scherm.keyboard.press("ArrowDown" if nu["soort"].endswith("radio") else "Tab")
    raise AssertionError(f"geen keuze {tekst} bij {naam}")


async def schrijf(scherm: Page, naam: str, tekst: str) -> None:
    """Overschrijf het veld met deze naam."""
    await tab_naar(scherm, naam=naam)
    await scherm.keyboard.press("Control+a")
    await scherm.keyboard.type(tekst)
