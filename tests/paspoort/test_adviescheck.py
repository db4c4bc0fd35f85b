"""De adviescheck: merken en typen, wensen, ziekte in een eis, en wat een eis nodig heeft."""

from __future__ import annotations

from datetime import date
from time import process_time
from typing import Any

import pytest

from paspoort.advies import Eis, Eissoort, Urgentie
from paspoort.adviescheck import Context, controleer_advies, noemt_merk
from paspoort.adviescheck_merk import merkenlijst
from paspoort.adviescheck_taal import klinkt_als_wens
from paspoort.adviescheck_ziekte import noemt_ziekte
from paspoort.fouten import Melding

MET_MERK = [
    ("Besturing zoals op de Velora X3, met kinbediening.", "Velora X3"),
    ("Een Permobil M3 met kantelverstelling.", "Permobil M3"),
    ("een permobil of iets dat erop lijkt", "permobil"),
    ("Rolstoel van Invacare met hoofdsteun.", "Invacare"),
    ("De Quickie Q700 M voldoet.", "Quickie Q700"),
    ("Duofiets van het merk Van Raam.", "Van Raam"),
    ("Zitkussen: Roho Quadtro Select.", "Roho"),
    ("Antidecubituskussen Vicair.", "Vicair"),
    ("Traplift van Otolift langs de buitenbocht.", "Otolift"),
    ("De Sunrise Medical Sorrento is geprobeerd.", "Sunrise Medical"),
    ("Meyra iChair met elektrische beensteunen", "Meyra"),
    ("Een Ottobock met joystick", "Ottobock"),
    ("Een Otto Bock Juvo", "Otto Bock"),
    ("Douchestoel van Etac", "Etac"),
    ("Tillift Molift met smalle poten", "Molift"),
    ("Plafondlift Guldmann in de slaapkamer", "Guldmann"),
    ("Passieve lift: Arjo Maxi Move", "Arjo"),
    ("Föhntoilet Geberit AquaClean", "Geberit"),
    ("Spraakcomputer Tobii Dynavox met oogbesturing", "Tobii"),
    ("Robotarm JACO op de rolstoel", "JACO"),
    ("Robotarm iARM links", "iARM"),
    ("Scootmobiel met de bediening van de Pride Mobility", "Pride Mobility"),
    ("Canta voor korte ritten: een Canta", "Canta"),
    ("Omgevingsbesturing HouseMate in huis", "HouseMate"),
    ("Handbike Batec aan de voorkant", "Batec"),
    ("hulpaandrijving e-motion in de wielen", "e-motion"),
    ("hulpaandrijving SmartDrive", "SmartDrive"),
    ("Küschall actief frame", "Küschall"),
    ("Kuschall actief frame", "Kuschall"),
    ("Een rolstoel als de Comet 300 van nu.", "Comet 300"),
    ("Elektrische rolstoel XR-20 met kantelfunctie", "XR-20"),
    ("Onderstel F5, hoog-laag", "F5"),
    ("Rolstoel met hoog-laag, type C400.", "C400"),
    ("Het model Comfort, in het blauw", "Comfort"),
    ("Uitvoering Sport 2 met smalle banden", "Sport 2"),
    ("merk: Andante", "Andante"),
    ("fabrikant Rolmobiel heeft dit", "Rolmobiel"),
    ("Een kussen vergelijkbaar met de Airglide", "Airglide"),
    ("Een stoel zoals een Zephyr 4", "Zephyr 4"),
    ("ErgoSit® rugleuning", "ErgoSit®"),
]
FUNCTIONEEL = [
    "Yvonne rijdt en remt zelf met haar kin, met een kracht onder 0,5 newton.",
    "Yvonne verandert zelf haar houding, van rechtop tot 45 graden achterover, zonder hulp.",
    "De rolstoel draagt het beademingsapparaat en geeft het minstens 10 uur stroom.",
    "Bedient deur, lamp en telefoon vanuit de rolstoel.",
    "Zithoogte 45 cm, zitbreedte 38 cm, zitdiepte 42 cm.",
    "Rijdt 10 km/u op straat en 25 km op een lading.",
    "Neemt een drempel van 6 cm en een helling van 10 procent.",
    "Accu van 24 V en 60 Ah, of een gelijke actieradius.",
    "Accu van 12V/50Ah volstaat niet.",
    "Valt onder ISO 12 23 06, elektrische rolstoel met elektrische besturing.",
    "Voldoet aan ISO 7176-19 voor vervoer in de taxi.",
    "Voldoet aan NEN-EN 12184 klasse B.",
    "Verankering volgens ISO 10542.",
    "Ademhaling (ICF b440) wordt ondersteund.",
    "Transfers: d420. Reiken: d445.",
    "Sensibiliteit onder Th6 ontbreekt, dus drukverlaging nodig.",
    "Behoudt handfunctie op niveau C5/C6.",
    "Bestand tegen regen, minstens IP54.",
    "De transfer gebeurt met 1 hulp, 4 keer per dag.",
    "Past in een bus met een vloerlengte van 130 cm.",
    "De stoel groeit mee van 28 tot 36 cm zitbreedte.",
    "Categorie 11A02, elektrische rolstoel.",
    "Laadt de telefoon op via USB-C.",
    "Leest een tekst op A4 op de werktafel.",
    "Kan zelf douchen, met zithoogte verstelbaar van 50 tot 100 cm.",
    "Komt door een deur van 80 cm en draait in 150 bij 150 cm.",
    "Staat op uit zit met steun van 2 handen.",
    "Zit 14 uur per dag zonder drukplekken.",
    "Kan op 3 juni 2026 mee naar het werk in Arnhem.",
    "Tilt tot 120 kg, van de vloer tot 180 cm.",
    "Rijdt zelf naar school, ook op zand en gras.",
    "Zoals Yvonne vertelde is zij overdag alleen.",
    "Kantelt, ligt en komt omhoog met een knop die zij met haar vinger bedient.",
    "De levering gebeurt thuis, 1234 AB Lindewaard.",
    "SpO2 blijft boven 92 procent, de slang heeft 20 cm speling.",
    "Bij graad 2 roodheid moet de druk binnen 30 minuten weg.",
    "Met type 2 hellingbaan wordt de drempel genomen.",
    "Draait op de plaats en blijft stabiel bij zijwind.",
    "Levo is geen woord, maar leverancier en beleving wel.",
    "De fiets staat op een helling stil zonder te knijpen.",
]


@pytest.mark.parametrize(("zin", "genoemd"), MET_MERK)
def test_een_merk_of_type_wordt_gevonden(zin: str, genoemd: str) -> None:
    gevonden = noemt_merk(zin)
    assert any(genoemd in vondst for vondst in gevonden), gevonden


@pytest.mark.parametrize("zin", FUNCTIONEEL)
def test_een_functionele_zin_gaat_door(zin: str) -> None:
    assert noemt_merk(zin) == ()


def test_elk_merk_en_elke_serie_van_de_lijst_wordt_midden_in_een_zin_gevonden() -> None:
    import json
    from importlib.resources import files

    inhoud = json.loads((files("paspoort") / "gegevens" / "merken.json").read_text("utf-8"))
    namen = [naam for merk in inhoud["merken"] for naam in (merk["naam"], *merk["series"])]
    assert len(inhoud["merken"]) >= 60
    assert [naam for naam in namen if not noemt_merk(f"Zij wil een {naam} met steun.")] == []


def test_een_vondst_staat_er_maar_een_keer() -> None:
    assert noemt_merk("Besturing zoals op de Velora X3, ja de Velora X3.") == ("Velora X3",)


def test_een_naam_die_ook_een_woord_is_telt_niet_aan_het_begin_van_een_zin() -> None:
    assert noemt_merk("Karma of niet, zij moet zelf rijden.") == ()
    assert noemt_merk("Zij wil een Karma.") == ("Karma",)


ZIEKTE = [
    ("Zij heeft door ALS minder kracht", "Amyotrofische laterale sclerose", True),
    ("Als zij rijdt, als het regent", "Amyotrofische laterale sclerose", False),
    ("De sclerose maakt haar moe", "Amyotrofische laterale sclerose", True),
    ("Rijdt zelf ondanks haar spinale musculaire atrofie", "Spinale musculaire atrofie type 2", True),
    ("Door SMA kan zij niet knijpen", "Spinale musculaire atrofie type 2", True),
    ("Zij heeft weinig kracht in beide armen", "Spinale musculaire atrofie type 2", False),
    ("DWARSLAESIE op borsthoogte", "Dwarslaesie", True),
    ("Stabiele romp nodig", "Dwarslaesie Th6, compleet", False),
    ("Vanwege de ziekte van Duchenne", "Duchenne spierdystrofie", True),
    ("Ondersteunt de ademhaling", "Chronische ademhalingsinsufficiëntie", False),
]


@pytest.mark.parametrize(("zin", "diagnose", "genoemd"), ZIEKTE)
def test_een_diagnose_in_een_eis_valt_op_en_gewone_woorden_niet(zin: str, diagnose: str, genoemd: bool) -> None:
    assert bool(noemt_ziekte(zin, [diagnose])) is genoemd


def test_een_wens_klinkt_als_een_wens() -> None:
    assert klinkt_als_wens("Yvonne vindt het fijn om op ooghoogte te zitten.") == "vindt het fijn"
    assert klinkt_als_wens("Yvonne zit op ooghoogte, anders kan zij haar werk niet doen.") is None


WAAROM, WAARVOOR = "Haar handkracht is te klein.", "Zelf verplaatsen"
GOED = Eis("Rijdt zelf met haar kin.", Eissoort.NOODZAKELIJK, WAAROM, WAARVOOR)


def eis(tekst: str, soort: Eissoort | None = Eissoort.NOODZAKELIJK, **anders: str | None) -> Eis:
    return Eis(**{"tekst": tekst, "soort": soort, "onderbouwing": WAAROM, "doel": WAARVOOR} | anders)  # type: ignore[arg-type]


def check(*eisen: Eis, **context: Any) -> list[Melding]:
    return controleer_advies(eisen, Context(**context), lambda rij, code: f"{rij}.{code}", lambda code: code)


def codes(meldingen: list[Melding]) -> list[tuple[str, str | None, str]]:
    return [(m.code, m.plek, m.ernst) for m in meldingen]


def test_een_goede_eis_geeft_geen_melding() -> None:
    assert check(GOED) == []


@pytest.mark.parametrize(
    ("gegeven", "code", "plek", "ernst"),
    [
        (eis(""), "eis-zonder-tekst", "0.eis-tekst", "error"),
        (eis("Rijdt zelf met de kin.", None), "eis-zonder-soort", "0.eis-soort", "error"),
        (eis("Rijdt zelf.", onderbouwing=" "), "eis-zonder-onderbouwing", "0.eis-onderbouwing", "error"),
        (eis("Rijdt zelf.", doel=None), "eis-zonder-doel", "0.eis-doel", "error"),
        (eis("Een Permobil."), "eis-noemt-merk", "0.eis-tekst", "error"),
        (eis("Rijdt zelf.", onderbouwing="De Permobil beviel."), "eis-noemt-merk", "0.eis-onderbouwing", "error"),
        (eis("Rijdt zelf.", gevolg="MS wordt erger"), "eis-noemt-ziekte", "0.eis-gevolg", "error"),
        (eis("Rijdt zelf, ook met epilepsie."), "eis-lijkt-ziekte", "0.eis-tekst", "warning"),
        (eis("Past onder een Zandloper met 80 cm."), "eis-lijkt-merk", "0.eis-tekst", "warning"),
        (eis("Wil graag hoog zitten."), "eis-klinkt-als-wens", "0.eis-tekst", "warning"),
        (eis("Een goede rolstoel."), "eis-is-vaag", "0.eis-tekst", "warning"),
        (eis("Rijdt zelf.", onderbouwing="Zelf rijdt!"), "eis-onderbouwing-herhaalt", "0.eis-onderbouwing", "error"),
        (eis("Rijdt zelf.", onderbouwing="Dit is nodig."), "eis-onderbouwing-mager", "0.eis-onderbouwing", "warning"),
    ],
)
def test_elke_bevinding_staat_bij_haar_element(gegeven: Eis, code: str, plek: str, ernst: str) -> None:
    meldingen = check(gegeven, diagnosen=("Multiple sclerose (MS)",))
    assert codes(meldingen) == [(code, plek, ernst)]
    assert meldingen[0].tekst("nl") and meldingen[0].tekst("en")


def test_elke_melding_zegt_wat_er_gevonden_is_en_wat_te_doen() -> None:
    merk, ziekte, wens, vaag = (
        check(e, diagnosen=("Multiple sclerose (MS)",))[0].tekst()
        for e in (
            eis("Een Permobil M3."), eis("Rijdt met MS."), eis("Het liefst met een dak."), eis("Voldoende kracht.")
        )
    )  # fmt: skip
    assert "“Permobil M3”" in merk and "Schrijf wat de cliënt moet kunnen" in merk
    assert "“MS”" in ziekte and "De leverancier leest deze zin" in ziekte
    assert "“Het liefst”" in wens and "kies wenselijk" in wens
    assert "“Voldoende”" in vaag and "Hoeveel" in vaag


def test_een_wens_bij_wenselijk_is_geen_vraag() -> None:
    assert check(GOED, eis("Wil graag hoog zitten.", Eissoort.WENSELIJK)) == []


def test_ziekte_mag_wel_in_de_onderbouwing_want_die_leest_de_leverancier_niet() -> None:
    assert check(eis("Rijdt zelf.", onderbouwing="Door MS is de hand te zwak."), diagnosen=("MS",)) == []


def test_zonder_eis_is_er_een_fout_en_een_merk_in_de_hulpvraag_is_een_vraag() -> None:
    meldingen = check(teksten={"hulpvraag": "Haar Permobil is op."})
    assert codes(meldingen) == [("advies-noemt-merk", "hulpvraag", "warning"), ("eis-ontbreekt", "eis", "error")]


def test_alle_bevindingen_komen_samen() -> None:
    gevonden = [m.code for m in check(Eis("Een Permobil voor haar MS.", None, None, None), diagnosen=("MS",))]
    assert gevonden == [
        "eis-zonder-soort",
        "eis-noemt-merk",
        "eis-noemt-ziekte",
        "eis-zonder-onderbouwing",
        "eis-zonder-doel",
    ]


def test_een_doel_hoort_in_deel_een_of_in_het_paspoort_te_staan() -> None:
    onbekend = ("eis-doel-onbekend", "0.eis-doel", "warning")
    assert codes(check(GOED, doelen=("Kan zichzelf niet verplaatsen.",))) == []
    assert codes(check(GOED, doelen=("Wil op bezoek bij familie.",))) == [onbekend]
    assert codes(check(GOED)) == []  # zonder deel 1 valt er niets te vergelijken


def test_twee_keer_dezelfde_eis_en_alleen_wensen_zijn_een_vraag() -> None:
    tweede = eis("rijdt zelf met haar  kin", Eissoort.NOODZAKELIJK)
    assert codes(check(GOED, tweede)) == [("eis-dubbel", "1.eis-tekst", "warning")]
    wens = eis("Rijdt zelf met haar kin.", Eissoort.WENSELIJK)
    assert codes(check(wens)) == [("eisen-alleen-wens", "0.eis-soort", "warning")]


VANDAAG = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("context", "verwacht"),
    [
        ({"ontslagdatum": date(2026, 11, 21)}, ["ontslag-voorbij"]),
        ({"ontslagdatum": date(2026, 11, 22)}, []),
        ({"urgentie": Urgentie.SPOED}, ["spoed-zonder-reden"]),
        ({"urgentie": Urgentie.SPOED, "urgentie_reden": "Zij kan niet uit bed."}, []),
        ({"urgentie": Urgentie.SPOED, "ontslagdatum": date(2026, 12, 15)}, []),
        ({"urgentie": Urgentie.GEWOON, "ontslagdatum": date(2026, 12, 15)}, ["ontslag-zonder-spoed"]),
        ({"urgentie": Urgentie.GEWOON, "ontslagdatum": date(2027, 3, 15)}, []),
    ],
)
def test_tegenspraak_tussen_ontslag_en_spoed_is_een_vraag(context: dict[str, Any], verwacht: list[str]) -> None:
    meldingen = check(GOED, vandaag=VANDAAG, **context)
    assert [m.code for m in meldingen] == verwacht
    assert all(m.ernst == "warning" for m in meldingen)


def test_wat_de_houder_niet_kan_lezen_is_een_vraag_met_de_zin_erbij() -> None:
    lang = "Zij rijdt " + "en rijdt " * 12 + "naar huis."
    meldingen = check(GOED, leesteksten={"stoornissen": f"Kort. {lang}"})
    assert codes(meldingen) == [("zin-te-lang", "stoornissen", "warning")]
    assert "Zij rijdt en rijdt" in meldingen[0].tekst() and "28 woorden" in meldingen[0].tekst()
    vaktaal = check(GOED, leesteksten={"stoornissen": "De kracht is distaal minder."})
    assert codes(vaktaal) == [("tekst-vaktaal", "stoornissen", "warning")]
    assert "verder van de romp" in vaktaal[0].tekst()
    woorden = "Multidisciplinaire behandelmethodieken en interventiestrategieën."
    assert codes(check(GOED, leesteksten={"kan": woorden})) == [("zin-te-moeilijk", "kan", "warning")]
    assert check(GOED, leesteksten={"kan": "De rolstoel past niet in de slaapkamer."}) == []


def test_namen_van_wie_erbij_horen_zijn_geen_merk() -> None:
    zin = eis("Past in een Kastelein van 90 cm.")
    assert codes(check(zin)) == [("eis-lijkt-merk", "0.eis-tekst", "warning")]
    assert check(zin, namen={"kastelein"}) == []


def test_een_merk_in_een_samenstelling_of_met_een_uitgang_valt_op() -> None:
    assert noemt_merk("De huidige permobilstoel voldoet niet.") == ("permobilstoel",)
    assert noemt_merk("Twee Invacares, een voor buiten.") == ("Invacares",)


def test_de_lijst_wordt_een_keer_gelezen() -> None:
    assert merkenlijst() is merkenlijst()


VIJANDIG = [
    "a-" * 10_000, "A-1" * 7_000, "type " + "A" * 20_000, "merk " + "B-" * 10_000, "® " * 10_000, "Aa" * 10_000,
    "zoals de " * 2_200, "hij wil " * 2_500, "Permobil " * 2_200, "www." + "a.b/" * 5_000, "ISO " + "1 " * 10_000,
    "NEN-" * 5_000, "C1/" * 6_600, "sclerose " * 2_200, "5" * 20_000, "Type " * 4_000, "een Aa " * 2_900, "\n" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("tekst", VIJANDIG, ids=range(len(VIJANDIG)))
def test_twintig_kilobyte_kwade_wil_kost_hoogstens_een_paar_tellen(tekst: str) -> None:
    """Gewoon is een halve seconde; een patroon dat vastloopt kost er meer dan tien (gemeten)."""
    begin = process_time()
    check(eis(tekst), diagnosen=("Multiple sclerose (MS)",))
    assert process_time() - begin < 3.0
