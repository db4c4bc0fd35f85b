"""De adviescheck: merken en typen, wensen, ziekte in een eis, en wat een eis nodig heeft."""

from __future__ import annotations

import pytest

from paspoort.advies import Eis, Eissoort
from paspoort.adviescheck import controleer_advies, klinkt_als_wens, merkenlijst, noemt_merk, noemt_ziekte
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


GOED = Eis("Rijdt zelf met haar kin.", Eissoort.NOODZAKELIJK, "Handkracht is te klein.", "Zelf verplaatsen")


def check(*eisen: Eis, teksten: dict[str, str] | None = None, diagnosen: tuple[str, ...] = ()) -> list[Melding]:
    return controleer_advies(eisen, teksten or {}, diagnosen, lambda rij, code: f"{rij}.{code}", lambda code: code)


def test_een_goede_eis_geeft_geen_melding() -> None:
    assert check(GOED) == []


@pytest.mark.parametrize(
    ("eis", "code", "plek", "ernst"),
    [
        (Eis("", Eissoort.NOODZAKELIJK, "o", "d"), "eis-zonder-tekst", "0.eis-tekst", "error"),
        (Eis("Rijdt zelf.", None, "o", "d"), "eis-zonder-soort", "0.eis-soort", "error"),
        (Eis("Rijdt zelf.", Eissoort.NOODZAKELIJK, " ", "d"), "eis-zonder-onderbouwing", "0.eis-onderbouwing", "error"),
        (Eis("Rijdt zelf.", Eissoort.NOODZAKELIJK, "o", None), "eis-zonder-doel", "0.eis-doel", "error"),
        (Eis("Een Permobil.", Eissoort.WENSELIJK, "o", "d"), "eis-noemt-merk", "0.eis-tekst", "error"),
        (Eis("R.", Eissoort.WENSELIJK, "De Permobil beviel.", "d"), "eis-noemt-merk", "0.eis-onderbouwing", "error"),
        (Eis("R.", Eissoort.WENSELIJK, "o", "d", gevolg="MS wordt erger"), "eis-noemt-ziekte", "0.eis-gevolg", "error"),
        (Eis("Wil graag hoog.", Eissoort.NOODZAKELIJK, "o", "d"), "eis-klinkt-als-wens", "0.eis-tekst", "warning"),
    ],
)
def test_elke_bevinding_staat_bij_haar_element(eis: Eis, code: str, plek: str, ernst: str) -> None:
    meldingen = check(eis, diagnosen=("Multiple sclerose (MS)",))
    assert [(m.code, m.plek, m.ernst) for m in meldingen] == [(code, plek, ernst)]
    assert meldingen[0].tekst("nl") and meldingen[0].tekst("en")


def test_een_wens_bij_wenselijk_is_geen_vraag() -> None:
    assert check(Eis("Wil graag hoog zitten.", Eissoort.WENSELIJK, "o", "d")) == []


def test_ziekte_mag_wel_in_de_onderbouwing_want_die_leest_de_leverancier_niet() -> None:
    assert check(Eis("Rijdt zelf.", Eissoort.NOODZAKELIJK, "Door MS is de hand te zwak.", "d"), diagnosen=("MS",)) == []


def test_zonder_eis_is_er_een_fout_en_een_merk_in_de_hulpvraag_is_een_vraag() -> None:
    meldingen = check(teksten={"hulpvraag": "Haar Permobil is op."})
    assert [(m.code, m.plek, m.ernst) for m in meldingen] == [
        ("advies-noemt-merk", "hulpvraag", "warning"),
        ("eis-ontbreekt", "eis", "error"),
    ]


def test_alle_bevindingen_komen_samen() -> None:
    codes = [m.code for m in check(Eis("Een Permobil voor haar MS.", None, None, None), diagnosen=("MS",))]
    assert codes == [
        "eis-zonder-soort",
        "eis-noemt-merk",
        "eis-noemt-ziekte",
        "eis-zonder-onderbouwing",
        "eis-zonder-doel",
    ]


def test_de_lijst_wordt_een_keer_gelezen() -> None:
    assert merkenlijst() is merkenlijst()
