"""Het verhaal van ontwerp.md deel 1 in Chromium op 390 × 844, door de bladzijden; de leverancier werkt met zijn app.

Elke stap leest wat de vorige achterliet; daarom is het één test. Knoppen worden gevonden op wat erop staat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.klok import vandaag
from tests.verhaal import stukken as s
from tests.verhaal.advies import EIS, EIS_MET_MERK, ONDERBOUWING, REACTIE
from tests.verhaal.apps import App, als_organisatie
from tests.verhaal.levering import NAAM, levering, stap
from tests.verhaal.product import Product
from tests.verhaal.scherm import Mensen, mensen

pytestmark = pytest.mark.browser
HOUDER, THERAPEUT, CONSULENT = "Yvonne Verbeek", "Nienke Postma", "Bianca Smit"
DIAGNOSE = "spinale musculaire"


@dataclass
class Verhaal:
    """Wie er meedoen, en wat er onderweg ontstond."""

    product: Product
    mensen: Mensen
    leverancier: App
    patient: str
    bij: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def verhaal(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verhaal]:
    with mensen(product, tmp_path_factory.mktemp("browser")) as m:
        yield Verhaal(product, m, als_organisatie(product, "leverancier"), str(product.persoon(HOUDER)["patient"]))


def test_de_zes_stappen_in_de_browser(verhaal: Verhaal) -> None:
    een_zij_deelt_met_een_code(verhaal)
    twee_het_advies_wordt_definitief(verhaal)
    drie_zij_vraagt_vervanging(verhaal)
    vier_de_consulent_bevestigt(verhaal)
    vijf_de_leverancier_levert(verhaal)
    zes_zij_ziet_alles_en_stopt(verhaal)


def een_zij_deelt_met_een_code(v: Verhaal) -> None:
    """Zij ziet haar hulpmiddelen, toont een QR, link en cijfers; pas na haar ja leest de ergotherapeut mee."""
    yvonne, nienke = v.mensen.als(HOUDER), v.mensen.als(THERAPEUT)
    yvonne.foto("1a-start").open("/hulpmiddelen").leest("Elektrische rolstoel", "Plafondlift").foto("1b-hulpmiddelen")
    nienke.open("/clienten").leest_niet(HOUDER)

    yvonne.open("/delen").knop("Deel met iemand").kies("Mijn ergotherapeut").knop("Verder")
    yvonne.leest("Dit mag gelezen worden", "Dit niet").foto("1c-voorstel")
    yvonne.knop("Maak een code").leest("Laat deze code zien", "Of stuur een link", "Of lees cijfers voor").foto("1d-qr")
    assert yvonne.page.locator(".hmp-qr svg").count() == 1
    cijfers = yvonne.page.locator(".hmp-code").inner_text()

    nienke.open("/code").vul("code", cijfers).knop("Neem de uitnodiging aan").leest("Uw cliënt is aan de beurt")
    nienke.open("/clienten").leest_niet(HOUDER)
    yvonne.knop("Kijk of het gelukt is").leest("Is dit Nienke Postma?", "ziet nog niets").foto("1e-is-dit")
    yvonne.knop("Ja, dit is").leest(THERAPEUT)
    nienke.open("/clienten").leest(HOUDER).foto("1f-clienten")


def twee_het_advies_wordt_definitief(v: Verhaal) -> None:
    """Vooraf ingevuld; de check vindt een merk en een kale eis; met haar reactie erbij staat het vast."""
    yvonne, nienke = v.mensen.als(HOUDER), v.mensen.als(THERAPEUT)
    nienke.open(f"/advies/nieuw/{v.patient}").leest("antwoorden staan al in het paspoort")
    nienke.knop("Begin het advies").leest("antwoorden kwamen uit het paspoort").foto("2a-concept")
    v.bij["advies"] = nienke.page.url.split("/advies/")[1].split("/")[0]
    _vul_wat_open_staat(v)

    nienke.page.get_by_role("button", name="Voeg een eis toe").click()
    nieuw = nienke.page.locator("fieldset.hmp-eis").last
    nieuw.locator("textarea[name$='eis-tekst']").wait_for()
    nieuw.locator("textarea[name$='eis-tekst']").fill(EIS_MET_MERK)
    nieuw.locator("label").filter(has_text="Noodzakelijk").click()
    nieuw.locator("label:has(input[name$='.eis-doel'])").first.click()
    nienke.knop("Bewaar").leest("Adviescheck", "Permobil", "mist een onderbouwing").foto("2b-check")
    eis = nienke.page.locator("fieldset.hmp-eis").last
    eis.locator("textarea[name$='eis-tekst']").fill(EIS)
    eis.locator("textarea[name$='eis-onderbouwing']").fill(ONDERBOUWING)
    nienke.knop("Vraag Yvonne om").leest("U vroeg om een reactie").leest_niet("mist een onderbouwing")
    assert nienke.page.get_by_role("button", name="Maak definitief").count() == 0

    _reageer(v)
    nienke.open(f"/advies/{v.bij['advies']}/bewerk").foto("2d-reactie-erbij")
    nienke.knop("Maak definitief").leest("Definitief", "Verzegeld door", EIS).foto("2e-definitief")
    velden = nienke.page.locator("main [name*='eis-'], main [name='hulpvraag']")
    assert velden.count() == 0, "een definitief advies heeft niets meer om in te vullen"
    yvonne.open("/")


def drie_zij_vraagt_vervanging(v: Verhaal) -> None:
    """ "Er is niets veranderd": geen medische vraag; zij ziet wie wat leest en wat er dan gebeurt; verstuurd."""
    yvonne = v.mensen.als(HOUDER)
    yvonne.open("/hulpmiddelen").knop("Elektrische rolstoel").foto("3a-hulpmiddel")
    yvonne.knop("Vervangen").leest("Is er iets veranderd?", "geen vragen over uw gezondheid").foto("3b-stap-1")
    v.bij["gebruik"] = "DeviceUseStatement/" + yvonne.page.url.rsplit("/vervangen/", 1)[1].split("/")[0]
    yvonne.kies("Er is niets veranderd").knop("Verder")
    yvonne.leest("Gemeente Lindewaard", "Noorderwiel", "geen vragen over uw gezondheid", "Niet").foto("3c-stap-2")
    velden = yvonne.page.locator("main form").first.locator("input:not([type=hidden]), textarea, select")
    assert velden.count() == 0, "niets veranderd: er is niets meer in te vullen"
    yvonne.knop("Ja, zij mogen meelezen").leest("Er is nog niets verstuurd", "vragen stellen wij niet").foto(
        "3d-stap-3"
    )
    yvonne.knop("Verstuur mijn vraag").leest("Uw vraag is verstuurd", "is aan de beurt").foto("3e-verstuurd")


def vier_de_consulent_bevestigt(v: Verhaal) -> None:
    """Eén bladzijde met wie, eisen, lopende beschikking, voorstel met gronden en normen; niet de diagnose; één druk."""
    bianca = v.mensen.als(CONSULENT)
    bianca.open("/werkvoorraad").leest(HOUDER).foto("4a-werkvoorraad")
    bianca.knop(HOUDER).leest("Lopende beschikking", EIS, "gronden kloppen", "N2.1").leest_niet(DIAGNOSE).foto(
        "4b-intake"
    )
    assert bianca.page.locator(".hmp-gronden li").count() >= 5
    assert bianca.page.locator(".hmp-gronden li:not([data-uitkomst=ja])").count() == 0
    assert any(w.isdigit() and int(w) >= 25 for w in bianca.tekst.split()), "het aantal bespaarde vragen"
    v.bij["behandeling"] = "Task/" + bianca.page.url.split("/intake/")[1].split("?")[0]
    bianca.page.locator(".hmp-voorstel form button").click()
    bianca.page.wait_for_load_state("load")
    bianca.klopt().leest_niet(DIAGNOSE).foto("4c-besloten")


def vijf_de_leverancier_levert(v: Verhaal) -> None:
    """Zijn systeem krijgt de opdracht, leest wat nodig is, meldt datum en levering; zij trekt tussendoor haar ja in."""
    wie = f"Patient/{v.patient}"
    open_ = v.leverancier.zoek("Task", status="requested", owner=_organisatie(v))
    opdracht = next(t for t in open_ if t["for"]["reference"] == wie)
    assert not v.leverancier.zoek("Condition", patient=wie)
    datum = {"valueDate": str(vandaag() + timedelta(days=14))}
    opdracht = v.leverancier.wijzig(stap(opdracht, "levering-gepland", "verwachte-datum", datum))

    yvonne = v.mensen.als(HOUDER)
    yvonne.open("/").foto("5a-onderweg")
    yvonne.open("/delen").knop("Noorderwiel").leest("Dit gaat door als u stopt").foto("5b-stoppen")
    yvonne.knop("Stop met delen").leest("Gestopt")
    opdracht = v.leverancier.lees(s.met_id(opdracht))
    v.leverancier.samen(levering(v.product.fhir, wie, v.bij["gebruik"], opdracht))
    yvonne.open("/hulpmiddelen").leest(NAAM).foto("5c-geleverd")


def zes_zij_ziet_alles_en_stopt(v: Verhaal) -> None:
    """Zij leest in gewone taal wie wat zag, en stopt met de ergotherapeut: diens volgende bladzijde is er niet meer."""
    yvonne, nienke = v.mensen.als(HOUDER), v.mensen.als(THERAPEUT)
    yvonne.open("/wie-keek-mee").leest(THERAPEUT, CONSULENT, "Noorderwiel").foto("6a-wie-keek-mee")
    yvonne.open("/delen").knop(THERAPEUT).knop("Stop met delen").leest("Gestopt").foto("6b-gestopt")
    nienke.open("/clienten").leest_niet(HOUDER)
    for pad in (f"/client/{v.patient}", f"/advies/{v.bij['advies']}/lees"):
        assert nienke.page.goto(v.product.base + pad).status == 404
        nienke.klachten.clear()  # de console noemt elke 404
    nienke.foto("6c-niet-gevonden")


def _vul_wat_open_staat(v: Verhaal) -> None:
    """Beantwoord wat het paspoort niet wist: de lijst *Nog invullen* wijst de velden aan."""
    page = v.mensen.als(THERAPEUT).page
    for adres in page.eval_on_selector_all("details ul a[href^='#']", "as => as.map(a => a.getAttribute('href'))"):
        veld = page.locator(f"[id='{adres[1:]}']")
        soort = veld.evaluate("e => e.tagName")
        if soort == "FIELDSET":
            veld.locator("label").first.click()
        elif soort == "SELECT":
            veld.select_option(index=1)
        elif soort in ("TEXTAREA", "INPUT"):
            veld.fill("19000000101" if "registratienummer" in adres else "Zelf blijven rijden en werken.")


def _reageer(v: Verhaal) -> None:
    """De houder leest het concept en zegt wat zij ervan vindt."""
    yvonne = v.mensen.als(HOUDER)
    yvonne.open(f"/advies/{v.bij['advies']}").leest(EIS).foto("2c-concept-bij-de-houder")
    yvonne.page.locator("main textarea").first.fill(REACTIE)
    yvonne.kies("Ja").knop("Bewaar mijn reactie").leest("reactie")


def _organisatie(v: Verhaal) -> str:
    return f"Organization/{v.product.app('leverancier')['organisatie']}"
