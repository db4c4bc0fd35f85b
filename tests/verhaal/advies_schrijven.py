"""Een functioneel advies schrijven door de echte bladzijden in Chromium, met de tijd van het keystroke-level model.

`python -m tests.verhaal.advies_schrijven` schrijft de vier adviezen en een verkort advies, en drukt de tabel af die in
docs/metingen.md staat (*Advies schrijven*). De therapeut begint ingelogd bij *Cliënten*; wat de houder doet telt niet
mee. De app is de echte, op een poort, met de demo-paspoorten erin.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from playwright.async_api import Browser, Locator, Page

from paspoort.fhir.advies import is_advies
from paspoort.fhir.vragenlijst import Antwoorden, antwoorden
from tests.browser import browser_bij, inloggen
from tests.databases import verse_settings
from tests.verhaal.advies_eerste import HENK_THUIS, RENE_NAAR_HUIS
from tests.verhaal.advies_geval import Geval, Waarde
from tests.verhaal.advies_hand import Hand, Telling
from tests.verhaal.advies_vervolg import ANNA_GROEIT, ANNA_KORT, YVONNE_RIJDT
from tests.web.werkwereld import wereld

Json = dict[str, Any]
MINUTEN: Final = 12
VOORAF: Final = 0.40
GEVALLEN: Final = (RENE_NAAR_HUIS, YVONNE_RIJDT, ANNA_GROEIT, HENK_THUIS, ANNA_KORT)
# Wie zichzelf invult, haalt dat uit het register; dat telt niet als "uit het paspoort".
SCHRIJVER: Final = ("auteur-naam", "auteur-rol", "registratienummer", "behandelaar")
NAMEN: Final = "f => [...new Set([...f.elements].map(e => e.name))].filter(n => n && !n.includes('.'))"
LEEG: Final = "v => !v.some(e => ['radio', 'checkbox'].includes(e.type) ? e.checked : e.value)"


@dataclass(frozen=True)
class Verslag:
    """Wat het schrijven van één advies kostte, en hoeveel er al stond."""

    geval: Geval
    telling: Telling
    per: Mapping[str, Telling]
    antwoorden: int
    uit_paspoort: int
    uit_vorig: int
    buiten_eisen: tuple[int, int]
    eisen: int
    tekens: int
    advies: Json

    @property
    def aandeel(self) -> float:
        """Welk deel van alle antwoorden in het advies uit het paspoort kwam en zo bleef."""
        return self.uit_paspoort / self.antwoorden


async def schrijf(
    app: FastAPI, chroom: Browser, basis: str, geval: Geval, breed: int = 1366, hoog: int = 900, script: bool = True
) -> Verslag:
    """Van *Cliënten* tot een definitief advies; AssertionError als de check iets vindt of een bladzijde te breed is.

    `breed`, `hoog` en `script` zijn de browser van de therapeut; zonder script is er ook geen meekijker.
    """
    patient = geval.dossier.patient
    naam = str((await _lees(app, patient, "Patient", patient))["name"][0]["text"])
    vorige = await _vorige(app, patient)
    page = await chroom.new_page(
        viewport={"width": breed, "height": hoog}, reduced_motion="reduce", java_script_enabled=script
    )
    await page.goto(f"{basis}/inloggen")
    await page.click("button[value=nienke]")
    hand = await Hand.bij(page)
    await page.goto(f"{basis}/clienten")

    await hand.knop(naam)
    await hand.knop("Nieuw functioneel advies")
    await hand.knop(geval.begin)
    id_ = page.url.split("/advies/")[1].split("/")[0]
    begin = await _lees(app, patient, "QuestionnaireResponse", id_)

    await _deel_een(hand, geval)
    await _eisen(hand, geval)
    hand.deel = "afronden"
    await hand.knop(f"Vraag {naam.split()[0]} om")
    await _niets_gevonden(page)

    await _reageer(chroom, basis, geval, id_)
    await page.goto(f"{basis}/clienten")  # later, opnieuw ingelogd
    await hand.knop(naam)
    await hand.klik(page.locator(f"a[href='/advies/{id_}/bewerk']").first)
    await page.wait_for_load_state()
    await hand.knop("Maak definitief")
    assert "Verzegeld door" in await page.inner_text("main")

    if script:
        getikt, geklikt = await hand.gezien()
        # een keuze uit een uitklaplijst tekent het systeem: die klikken ziet de bladzijde niet
        assert 0 < getikt <= hand.getikt, (getikt, hand.getikt)
        assert 0 < geklikt <= hand.totaal.klikken, (geklikt, hand.totaal)
    await page.close()
    eind = await _lees(app, patient, "QuestionnaireResponse", id_)
    assert eind["status"] == "completed"
    return _verslag(geval, hand, begin, eind, vorige)


# --- schrijven


async def _deel_een(hand: Hand, geval: Geval) -> None:
    """Alles buiten de eisen, in de volgorde van het scherm."""
    hand.deel = "deel 1 en schrijver"
    form = hand.page.locator("form", has=hand.page.locator("[name=versie]"))
    namen = await form.evaluate(NAMEN)
    for naam in namen:
        if naam in geval.anders:
            await _antwoord(hand, form, naam, geval.anders[naam])
        elif naam in geval.invullen and await _leeg(form, naam):
            await _antwoord(hand, form, naam, geval.invullen[naam])
        if naam in geval.erbij:
            await _antwoord(hand, form, naam, geval.erbij[naam], erbij=not await _leeg(form, naam))
    for vakje in await form.locator("[name=klopt]:visible").all():
        await hand.klik(vakje.locator("xpath=ancestor::label"))


async def _eisen(hand: Hand, geval: Geval) -> None:
    """Eerst wat er al stond bijwerken, dan de nieuwe erbij."""
    page = hand.page
    for nummer, velden in geval.eisen_anders.items():
        hand.deel = "eisen bijwerken"
        for code, waarde in velden.items():
            kaart = page.locator(".hmp-eis").nth(nummer)
            await _antwoord(hand, kaart, await _naam_in(kaart, code), waarde)
    for eis in geval.eisen:
        hand.deel = "nieuwe eisen"
        kaart = await _eis_erbij(hand)
        velden = eis.velden()
        codes = await kaart.evaluate(
            "k => [...new Set([...k.querySelectorAll('[name*=\".\"]')].map(e => e.name.split('.').pop()))]"
        )
        for code in codes:
            if code in velden:
                await _antwoord(hand, kaart, await _naam_in(kaart, code), velden[code])


async def _eis_erbij(hand: Hand) -> Locator:
    """Een lege eis: die er al stond, of een nieuwe door het script of na een nieuwe bladzijde."""
    kaarten = hand.page.locator(".hmp-eis")
    tekst = kaarten.last.locator("[name$='.eis-tekst']")
    if await kaarten.count() and not await tekst.input_value():
        return kaarten.last
    waren = await kaarten.count()
    await hand.klik(hand.page.get_by_role("button", name="Voeg een eis toe"))
    for _ in range(300):
        if await kaarten.count() > waren:
            await hand.page.wait_for_load_state()
            return kaarten.last
        await asyncio.sleep(0.1)
    raise AssertionError(f"geen nieuwe eis op {hand.page.url}")


async def _antwoord(hand: Hand, waar: Locator, naam: str, waarde: Waarde, erbij: bool = False) -> None:
    """Vul één veld, wat voor veld het ook is; een dicht blok gaat eerst open."""
    velden = waar.locator(f"[name='{naam}']")
    eerste = velden.last if erbij else velden.first  # een lijst eindigt met een leeg vak
    if not await eerste.is_visible():
        dicht = eerste.locator("xpath=ancestor::details[not(@open)][1]/summary")
        if not await dicht.count():
            return  # een vraag die nu niet gesteld wordt
        await hand.klik(dicht)
    soort = await eerste.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if soort in ("radio", "checkbox"):
        for nummer, keuze in enumerate(waarde if isinstance(waarde, tuple) else (waarde,)):
            optie = waar.locator(f"[name='{naam}'][value=\"{keuze}\"]")
            if not await optie.count():
                await hand.schrijf(waar.locator(f"[name='{naam}']:not([type=radio])").last, str(keuze))  # eigen woorden
            elif not await optie.is_checked():
                await hand.klik(optie.locator("xpath=ancestor::label"), zoek=nummer == 0)
    elif soort == "select":
        await hand.kies(eerste, str(waarde))
    else:
        await hand.schrijf(eerste, str(waarde), erbij)


async def _leeg(waar: Locator, naam: str) -> bool:
    return bool(await waar.locator(f"[name='{naam}']").evaluate_all(LEEG))


async def _naam_in(kaart: Locator, code: str) -> str:
    return str(await kaart.locator(f"[name$='.{code}']").first.get_attribute("name"))


async def _niets_gevonden(page: Page) -> None:
    """De check vindt niets, en er staat niets meer open."""
    kaart = page.locator("section[aria-labelledby=check]")
    tekst = str(await (kaart if await kaart.count() else page.locator("body")).text_content())
    assert "0 fouten, 0 vragen" in tekst and "Nog invullen" not in tekst, tekst


async def _reageer(chroom: Browser, basis: str, geval: Geval, advies: str) -> None:
    """De houder of wie haar vertegenwoordigt leest en reageert op de telefoon."""
    scherm = await inloggen(chroom, basis, geval.reageert)
    await scherm.goto(f"{basis}/advies/{advies}")
    await scherm.locator("main textarea").first.fill(geval.reactie)
    for groep in await scherm.locator("main fieldset").all():
        await groep.locator("label").first.click()
    await scherm.get_by_role("button", name="Bewaar mijn reactie").click()
    await scherm.wait_for_load_state()
    assert "Uw reactie is bewaard" in await scherm.inner_text("main")
    await scherm.close()


# --- tellen


def _verslag(geval: Geval, hand: Hand, begin: Json, eind: Json, vorige: Json | None) -> Verslag:
    was, nu = Counter(_bladeren(begin)), Counter(_bladeren(eind))
    eerder = Counter(_bladeren(vorige)) if vorige else Counter[tuple[str, str]]()
    gebleven = Counter({k: n for k, n in (was & nu).items() if k[0] not in SCHRIJVER})
    buiten = Counter({k: n for k, n in nu.items() if "eis." not in k[0]})
    return Verslag(
        geval, hand.totaal, dict(hand.per), nu.total(), gebleven.total(), (gebleven & eerder).total(),
        ((gebleven & buiten).total(), buiten.total()), len(antwoorden(eind).groepen("eis")),
        sum(len(w) * n for (_, w), n in nu.items()), eind,
    )  # fmt: skip


def _bladeren(advies: Json) -> Iterator[tuple[str, str]]:
    """Elk antwoord als (item.code, waarde); bij een eis met het nummer ervoor, zodat eisen niet door elkaar lopen."""

    def loop(groep: Antwoorden, voor: str) -> Iterator[tuple[str, str]]:
        for v in groep.vragen:
            if v.is_groep:
                for nummer, rij in enumerate(groep.groepen(v.sleutel)):
                    yield from loop(rij, f"{nummer}.{v.sleutel}." if v.herhaalt else voor)
            else:
                yield from ((voor + v.sleutel, str(w)) for w in groep.alle(v.sleutel))

    yield from loop(antwoorden(advies), "")


async def _vorige(app: FastAPI, patient: str) -> Json | None:
    """Het advies dat er al was."""
    adviezen = (await app.state.opslag.momentopname(patient)).van_type("QuestionnaireResponse")
    return next((v.inhoud for v in adviezen if is_advies(v.inhoud) and v.inhoud["status"] == "completed"), None)


async def _lees(app: FastAPI, patient: str, type_: str, id_: str) -> Json:
    """Wat er nu in de opslag staat; kijken telt niet mee."""
    versie = (await app.state.opslag.momentopname(patient)).get(type_, id_)
    assert versie is not None
    return dict(versie.inhoud)


def regels(verslagen: list[Verslag]) -> Iterator[str]:
    """De tabel voor docs/metingen.md."""
    yield "| advies | tijd | toetsen | klikken | gezocht | eisen | antwoorden | uit het paspoort | uit vorig advies |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for v in verslagen:
        t = v.telling
        yield (
            f"| {v.geval.naam}: {v.geval.wat} | {_tijd(t)} | {t.toetsen} | {t.klikken} | {t.gezocht} | {v.eisen} "
            f"| {v.antwoorden} | {v.uit_paspoort} ({v.aandeel:.0%}) | {v.uit_vorig} |"
        )
    yield ""
    delen = list(dict.fromkeys(d for v in verslagen for d in v.per))
    yield "| waar de tijd blijft | " + " | ".join(delen) + " |"
    yield "|---|" + "--:|" * len(delen)
    for v in verslagen:
        yield f"| {v.geval.naam} | " + " | ".join(_tijd(v.per[d]) if d in v.per else "" for d in delen) + " |"


def _tijd(t: Telling) -> str:
    return "{}:{:02d}".format(*divmod(round(t.seconden), 60))


async def alle(gevallen: tuple[Geval, ...]) -> list[Verslag]:
    """Schrijf deze adviezen, elk in een eigen verse wereld."""
    uit = []
    for geval in gevallen:
        with tempfile.TemporaryDirectory() as map_, verse_settings("sqlite", Path(map_)) as settings:
            async with wereld(settings, (geval.dossier,)) as app, browser_bij(app) as (chroom, basis):
                uit.append(await schrijf(app, chroom, basis, geval))
    return uit


if __name__ == "__main__":
    gekozen = tuple(g for g in GEVALLEN if not sys.argv[1:] or g.naam in sys.argv[1:])
    for regel in regels(asyncio.run(alle(gekozen))):
        sys.stdout.write(regel + "\n")
