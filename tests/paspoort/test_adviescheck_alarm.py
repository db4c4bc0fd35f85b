"""De adviescheck tegen een luie of slimme schrijver, en tegen gewone goede eisen: geen vals alarm, geen sluipweg.

De zinnen zijn voor deze test verzonnen en staan in geen van beide corpora.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import pytest

from paspoort.advies import Adviesstatus, Eis, Eissoort, FunctioneelAdvies
from paspoort.adviescheck import Context, controleer_advies
from paspoort.fhir.advies import naar_fhir
from paspoort.fhir.vragenlijst import adviescheck
from server.demo import personen
from server.demo.dossier import NAAR_FHIR, Dossier

DIAGNOSEN = ("ALS", "Spinale musculaire atrofie type 2", "Dwarslaesie Th6", "Cerebrale parese", "CVA links", "Diabetes")
NAMEN = frozenset({"yvonne", "rene", "anna", "gerda", "henk", "jansen", "lindewaard"})
GOED = [
    "De rolstoel draait op de plaats, want de gang is 95 cm breed.",
    "Zij komt met haar benen onder het bureau op kantoor, dat 72 cm hoog is.",
    "Hij houdt zijn hoofd rechtop tijdens het rijden over klinkers.",
    "De stoel kantelt zo ver dat de druk van de stuit gaat, ook zonder hulp.",
    "Neemt de drempel van de voordeur van 4 cm.",
    "Zij pakt zelf een glas van de tafel en brengt het naar haar mond.",
    "De tilband gaat onder haar door terwijl zij op bed ligt.",
    "Een helper kan de rolstoel de helling op duwen van 8 graden.",
    "Het beademingsapparaat en de reserve-accu gaan mee op de rolstoel.",
    "Bedient televisie, lamp, deur en telefoon met één knop bij de duim.",
    "Hij ligt 's nachts op zijn zij zonder elk uur gedraaid te worden.",
    "Kan mee in de schoolbus, vastgezet met het gezicht naar voren.",
    "Anna zit aan de kring op school even hoog als de andere kinderen.",
    "De voetsteunen blijven heel als Anna tegen de muur rijdt.",
    "Gerda komt vanaf het toilet overeind met steun aan twee kanten.",
    "Henk belt zelf hulp als hij alleen in bed ligt.",
    "De bediening werkt ook als haar vingers koud zijn.",
    "Staat stil op een helling zodra zij de knop loslaat.",
    "René zet de rolstoel zelf in de auto vanaf de bestuurdersstoel.",
    "De wielen kunnen eraf zonder gereedschap.",
    "Zit rechtop met steun tot de schouderbladen, armen vrij om te werken.",
    "De douchestoel rijdt over de drempel en past over het toilet.",
    "De hoogte is zo te stellen dat de wijkverpleging niet bukt.",
    "Slijm opzuigen kan in de rolstoel, met de rug achterover.",
    "Zij praat met haar ogen, ook buiten in de zon.",
    "De zitting is in drie jaar 6 cm breder te maken.",
    "Rijdt 12 km op een dag, naar het winkelcentrum en terug.",
    "Kan op twee manieren remmen: met de hand en met de voet.",
    "De ring is te vouwen voor in de kofferbak van een kleine auto.",
    "Bij regen blijven de knoppen en de accu droog.",
    "Overdag in de stoel, 's nachts aan de lader.",
    "De hond kan naast haar lopen zonder tussen de wielen te komen.",
    "De gordel klikt dicht met één hand.",
    "Zij hoort de telefoon als zij slaapt.",
    "Twee mensen tillen de rolstoel de trap van drie treden op.",
    "Past in de Valys-taxi en in de trein.",
    "Kan voor controle naar het UMC Utrecht in de rolstoel liggen.",
    "Rijdt zelf van de Dorpsstraat naar de Albert Heijn.",
    "De school (De Wegwijzer) heeft gangen van 140 cm.",
    "Kussen met gel en lucht zodat de stuit niet rood wordt.",
    "Armsteun links 4 cm hoger dan rechts, want de schouder zakt.",
    "De rolstoel past door deuren van 80 cm en draait in een gang van 110 cm.",
    "Meneer kan vanuit de stoel zijn voordeur openen zonder zijn arm op te tillen.",
    "De tillift tilt 160 kg van de vloer tot een bed van 60 cm hoog.",
    "Zij bedient de besturing met twee vingers van de rechterhand.",
    "De hoofdsteun vangt het hoofd op als het naar voren valt.",
    "De rolstoel is zonder gereedschap uit elkaar te halen.",
    "De remmen zijn met één hand vast te zetten.",
    "Het bed is te bedienen door iemand die de vingers niet kan strekken.",
    "De beensteunen zwenken weg zodat de transfer van opzij kan.",
    "De scootmobiel rijdt 30 km op één lading, ook bij vorst.",
    "Bij stroomuitval zakt de lift langzaam naar de begane grond.",
    "De armsteunen klappen omhoog, zodat zij onder de tafel kan rijden.",
    "De douchestoel heeft een opening aan de voorkant voor hulp bij het wassen.",
    "De gordel is met de vuist los te maken.",
    "De zitting groeit mee van 28 tot 38 cm breed.",
    "De spraakcomputer is leesbaar in fel zonlicht.",
    "Zij kan zichzelf elk half uur anders neerzetten zonder hulp.",
    "De fiets heeft een lage instap van 20 cm en een zithoogte van 50 cm.",
    "Het toestel waarschuwt met geluid en licht als de slang loslaat.",
    "De drempelhulp overbrugt 12 cm en draagt 350 kg.",
    "De rollator blijft staan op een helling van 6 graden met de rem erop.",
    "Zij kan met haar voet de muis bedienen.",
    "De bedhekken zijn aan de kant van de transfer neer te laten.",
    "De beugel links is even hoog als de beugel rechts.",
    "De stoel past onder de wastafel van school.",
    "De joystick staat links, 3 cm lager dan de armlegger.",
    "De aandrijving stopt als zij loslaat.",
    "Er is ruimte voor een hulphond naast de rolstoel.",
    "De zithoek is vast, de rug staat op 95 graden.",
    "Valt in ISO-klasse 12 22 18 met vaste rug.",
    "Kleine kinderen op school mogen niet aan de knop kunnen komen.",
    "Yvonne rijdt van huis naar het station in Lindewaard, 4 km heen en terug.",
    "Mevrouw Jansen kan haar rolstoel zelf in de kofferbak leggen.",
    "De moeder tilt het zitje alleen uit de auto; het weegt hoogstens 9 kg.",
    "De lamp en de televisie gaan aan met haar stem.",
    "Hij komt van liggen naar zitten met een knop in zijn linkerhand.",
    "Op de school De Regenboog is de lift 90 cm breed.",
    "De knop heeft een contrasterende kleur, want zij ziet slecht.",
    "De rug is hoog genoeg om het hoofd te steunen als hij achterover kantelt.",
    "De zijkanten zijn hoog genoeg zodat zijn jas niet tussen de wielen komt.",
    "Als zij wil stoppen, laat zij de knop los.",
    "De batterij gaat een hele schooldag mee.",
    "Het blad blijft schoon te maken met chloor.",
]
SLIM = [
    ("Een Permobiel met zitlift.", "eis-lijkt-merk"),
    ("Een Perm\u200bobil.", "eis-noemt-merk"),
    ("Artikelnummer 45-2210-B bestellen.", "eis-noemt-merk"),
    ("Van hetzelfde merk als de vorige.", "eis-lijkt-merk"),
    ("Zie www.hulpvoorbeeld.example voor de uitvoering.", "eis-lijkt-merk"),
    ("Past in haar Volkswagen-bus met een deur van 130 cm.", "eis-lijkt-merk"),
    ("Haar suikerziekte geeft wonden aan de voeten.", "eis-noemt-ziekte"),
    ("Na de beroerte lukt traplopen niet.", "eis-noemt-ziekte"),
    ("Wie Parkinson heeft, heeft een rem nodig.", "eis-lijkt-ziekte"),
    ("De geamputeerde zijde heeft steun nodig.", "eis-lijkt-ziekte"),
    ("Mevrouw is gewend aan haar oude stoel.", "eis-klinkt-als-wens"),
    ("Haar dochter vindt een elektrisch bed handiger.", "eis-klinkt-als-wens"),
    ("Nader te bepalen met de leverancier.", "eis-is-vaag"),
    ("Een handzame rollator.", "eis-is-vaag"),
    ("Zie boven.", "eis-is-vaag"),
    ("Idem.", "eis-is-vaag"),
]


def codes(zin: str) -> list[str]:
    eis = Eis(zin, Eissoort.NOODZAKELIJK, "Haar handkracht is te klein.", "Zelf verplaatsen")
    context = Context(diagnosen=DIAGNOSEN, namen=NAMEN)
    return [m.code for m in controleer_advies([eis], context, lambda rij, code: code, lambda code: code)]


@pytest.mark.parametrize("zin", GOED)
def test_een_gewone_goede_eis_geeft_geen_melding(zin: str) -> None:
    assert codes(zin) == []


@pytest.mark.parametrize(("zin", "code"), SLIM)
def test_een_sluipweg_valt_op(zin: str, code: str) -> None:
    assert codes(zin) == [code]


def demo() -> list[tuple[str, Any, list[Any]]]:
    """Elk advies van een demo-persoon, met alles wat in zijn dossier staat."""
    uit = []
    for module in pkgutil.iter_modules(personen.__path__):
        for naam, dossier in vars(import_module(f"{personen.__name__}.{module.name}")).items():
            if isinstance(dossier, Dossier):
                stukken = [s for deel in dossier.delen for s in deel.stukken]
                resources = [NAAR_FHIR[type(s)](s, "Patient/ik") for s in stukken if type(s) in NAAR_FHIR]
                uit += [(naam, s, resources) for s in stukken if isinstance(s, FunctioneelAdvies)]
    return uit


def test_de_adviezen_van_de_demo_hebben_geen_fout_en_nauwelijks_een_vraag() -> None:
    adviezen = demo()
    assert len(adviezen) >= 4
    for naam, advies, resources in adviezen:
        meldingen = [m for m in adviescheck(naar_fhir(advies), resources) if m.code != "antwoord-ontbreekt"]
        assert [m.tekst() for m in meldingen if m.ernst == "error"] == [], naam
        assert len(meldingen) <= 2 or advies.status is Adviesstatus.CONCEPT, [m.tekst() for m in meldingen]
