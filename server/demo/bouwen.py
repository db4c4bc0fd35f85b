"""Korte wegen om een dossier te schrijven: een hulpmiddel in gebruik, maten, een melding met haar behandeling.

Alleen combinaties die in elk dossier terugkomen; wat één persoon eigen heeft, staat bij die persoon.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from paspoort.aanvraag import (
    TAAKSTATUS,
    Behandeling,
    Fase,
    Opdracht,
    Opdrachtsoort,
    Uitkomst,
    Verandering,
    Verzoek,
    Wijziging,
)
from paspoort.advies import Adviesstatus, Eis, FunctioneelAdvies, Schrijver, Urgentie
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import ICF, ISO9999, codestelsel
from paspoort.fhir.vragenlijst import bouw, eigen
from paspoort.gegeven import Code, Hoeveelheid, Periode
from paspoort.gezondheid import Meting, Metingsoort, Prognose
from paspoort.houder import Adres, Bsn, Contactpunt, Houder, Naam
from paspoort.hulpmiddel import (
    Contractvorm,
    Gebruik,
    Hulpmiddel,
    Stelsel,
    Toekenning,
    Verstrekker,
    Verstrekkingsvorm,
    Voorzieningsoort,
)
from paspoort.toegang.doelen import DOELEN, groepen_van_doel
from paspoort.toestemming import Toestemming
from server.demo.dossier import IK

EENHEID: Final = {"lichaamsgewicht": "kg"}  # al het andere in cm
ROLCODE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"


def mens(
    naam: str, geboren: date, geslacht: str, bsn: str, adres: str, telefoon: str, mail: str | None = None
) -> Houder:
    """De houder zelf, als testpersoon gemerkt. Straat en huisnummer; de plaats is Lindewaard."""
    voornaam, _, achternaam = naam.partition(" ")
    contact = [Contactpunt("phone", telefoon, "mobile")]
    if mail:
        contact.insert(0, Contactpunt("email", mail, "home"))
    return Houder(
        id="ik",
        namen=(Naam(achternaam, (voornaam,), naam, "official"),),
        geboortedatum=geboren,
        geslacht=geslacht,
        contact=tuple(contact),
        adressen=(Adres((adres,), "0000 AB", "Lindewaard", "NL"),),
        bsn=Bsn(bsn),
        testpersoon=True,
    )


def in_gebruik(
    id: str,
    naam: str,
    iso: str | None,
    sinds: date,
    *,
    verstrekker: str,
    stelsel: Stelsel,
    leverancier: str | None = None,
    categorie: str | None = None,
    contractvorm: Contractvorm = Contractvorm.HUUR,
    eigenaar: str | None = None,
    voorzieningsoort: Voorzieningsoort = Voorzieningsoort.HULPMIDDEL,
    maatwerk: bool | None = None,
    assetnummer: str | None = None,
    levensduur_tot: date | None = None,
    onderhoud_tot: date | None = None,
    toekenning: Toekenning | None = None,
    adviezen: tuple[str, ...] = (),
    vorm: Verstrekkingsvorm = Verstrekkingsvorm.NATURA,
    tijdelijk: bool | None = None,
) -> tuple[Hulpmiddel, Gebruik]:
    """Een hulpmiddel en het gebruik ervan. Organisaties als `Organization/id`; bij huur is de leverancier eigenaar."""
    hulpmiddel = Hulpmiddel(
        id=id,
        naam=naam,
        soorten=(Code(ISO9999, iso),) if iso else (),
        categorie=categorie,
        voorzieningsoort=voorzieningsoort,
        contractvorm=contractvorm,
        maatwerk=maatwerk,
        geleverd_op=sinds,
        technische_levensduur_tot=levensduur_tot,
        onderhoud_fabrikant_tot=onderhoud_tot,
        eigenaar=eigenaar or (leverancier if contractvorm is Contractvorm.HUUR and leverancier else verstrekker),
        leverancier=leverancier,
        assetnummer=assetnummer,
        status="active",
    )
    gebruik = Gebruik(
        id=id,
        hulpmiddel=f"Device/{id}",
        periode=Periode(sinds),
        adviezen=adviezen,
        toekenning=toekenning,
        verstrekkers=(Verstrekker(verstrekker, stelsel, Periode(sinds)),),
        verstrekkingsvorm=vorm,
        tijdelijk=tijdelijk,
    )
    return hulpmiddel, gebruik


def maten(op: date, waarden: dict[str, str], bij: str | None = None, reeks: str = "") -> tuple[Meting, ...]:
    """Lichaamsmaten op één dag; zitmaten horen bij het gebruik `bij`. `reeks` houdt ids van meer metingen uiteen."""
    return tuple(
        Meting(
            id=f"{code}{reeks}",
            code=Code(codestelsel("maat"), code),
            soort=Metingsoort.MATEN,
            waarde=Hoeveelheid(Decimal(waarde), EENHEID.get(code, "cm")),
            gemeten_op=op,
            betreft=(bij,) if bij and not code.startswith("lichaam") else (),
        )
        for code, waarde in waarden.items()
    )


def functioneren(op: date, waarnemingen: dict[str, tuple[str, str, str]], reeks: str = "") -> tuple[Json, ...]:
    """Wat iemand op één dag over functioneren vaststelde: per ICF-code een naam, hoe ernstig, en de bevinding.

    Zoals nl-core FunctionalOrMentalStatus: de typering is de waarde, de bevinding de toelichting.
    """
    return tuple(
        {
            "resourceType": "Observation",
            "id": f"functie-{code}{reeks}",
            "status": "final",
            "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "functioneren"}]}],
            "code": {"coding": [{"system": ICF, "code": code}], "text": naam},
            "subject": {"reference": IK},
            "effectiveDateTime": op.isoformat(),
            "valueCodeableConcept": {"coding": [{"system": codestelsel("icf-ernst"), "code": ernst}]},
            "note": [{"text": bevinding}],
        }
        for code, (naam, ernst, bevinding) in waarnemingen.items()
    )


def advies(
    id: str,
    auteur: tuple[str, str, str],
    op: date,
    hulpvraag: str,
    prognose: Prognose,
    verhaal: dict[str, str],
    eisen: tuple[Eis, ...],
    *,
    diagnose: str,
    status: Adviesstatus = Adviesstatus.DEFINITIEF,
    levenslang: bool = True,
    reactie: str | None = None,
    ontslag: date | None = None,
    kenmerken: tuple[str, ...] = (),
    urgentie: Urgentie = Urgentie.GEWOON,
    urgentie_reden: str | None = None,
    verwacht: tuple[str, str] | None = None,
) -> FunctioneelAdvies:
    """Een functioneel advies; `auteur` is (functie, naam, beroep), `verhaal` de antwoorden van deel 1 op code.

    Wat de cliënt wil, is waar de eisen voor zijn. `verwacht` is wat er later nodig is, en wanneer.
    """
    functie, naam, beroep = auteur
    return FunctioneelAdvies(
        id=id,
        status=status,
        geschreven_op=op,
        auteur=functie,
        hulpvraag=hulpvraag,
        diagnosen=(diagnose,),
        prognose=prognose,
        levenslang=levenslang,
        verwachte_behoefte=verwacht[0] if verwacht else None,
        verwacht_wanneer=verwacht[1] if verwacht else None,
        wil=tuple(dict.fromkeys(eis.doel for eis in eisen if eis.doel)),
        verhaal=tuple(verhaal.items()),
        urgentie=urgentie,
        urgentie_reden=urgentie_reden,
        ontslagdatum=ontslag,
        complexe_kenmerken=kenmerken,
        eisen=eisen,
        reactie_houder=reactie,
        akkoord="ja" if reactie else None,
        schrijver=Schrijver(naam, beroep, "19000000102", beroep == "revalidatiearts"),
        vervolg_betrokken=True,
        contact_auteur=True,
    )


def toestemming(
    id: str, aan: str, doel: str, rol: str, op: date, betreft: Iterable[str] = (), via: str = "verzoek"
) -> Toestemming:
    """Een toestemming zoals het doel haar voorstelt, gegeven op die dag."""
    return Toestemming(
        id=id,
        patient=IK,
        aan=frozenset({aan}),
        doel=doel,
        groepen=groepen_van_doel(doel, rol),
        van=op,
        tot=op + timedelta(days=DOELEN[doel].dagen),
        betreft=frozenset(betreft),
        gegeven_via=via,
        gegeven_op=om(op),
    )


def melding(
    id: str,
    categorie: str,
    omschrijving: str,
    wijziging: Wijziging,
    op: date,
    uiterlijk: date,
    behandelaar: str,
    reden: str,
    *,
    veranderingen: tuple[Verandering, ...] = (),
    betreft: str | None = None,
    aanvrager: str = IK,
    fase: Fase = Fase.INGEDIEND,
    doel: str = "herhaalverzoek",
    onderbouwing: str | None = None,
    afroep: str | None = None,
    spoed: bool | None = None,
    aanpassing: bool | None = None,
    opname: date | None = None,
    ontslag: date | None = None,
    uitkomst: Uitkomst | None = None,
    besluit: str | None = None,
    opdracht: str | None = None,
    klaar_op: date | None = None,
) -> tuple[Json, Verzoek, Behandeling]:
    """Het formulier, het verzoek en de behandeling van één vraag, met ids die op `id` lijken.

    Met `uitkomst` is de behandeling klaar, op `klaar_op`.
    """
    waarden: dict[str, object] = {"soort": wijziging.value, "reden": reden}
    if veranderingen:
        waarden["verandering"] = [v.value for v in veranderingen]
    kop = {"subject": {"reference": IK}, "authored": op.isoformat(), "author": {"reference": IK}}
    formulier = {**bouw(eigen("verzoek"), waarden, "completed", kop), "id": f"formulier-{id}"}
    verzoek = Verzoek(
        id=f"verzoek-{id}",
        status="completed" if uitkomst else "active",
        categorie=categorie,
        omschrijving=omschrijving,
        ingediend_op=op,
        aanvrager=aanvrager,
        wijziging=wijziging,
        veranderingen=veranderingen,
        betreft=betreft,
        onderbouwing_afwijking=onderbouwing,
        afroep=afroep,
        aanpassing=aanpassing,
        formulieren=(f"QuestionnaireResponse/formulier-{id}",),
    )
    behandeling = Behandeling(
        id=f"behandeling-{id}",
        status=TAAKSTATUS[fase],
        fase=fase,
        eigenaar=behandelaar,
        opdrachtgever=IK,
        gemaakt_op=om(op),
        gewijzigd_op=om(klaar_op or op),
        uiterlijk=uiterlijk,
        doel=doel,
        verzoek=f"DeviceRequest/verzoek-{id}",
        meldingsdatum=op,
        aanvraagdatum=op,
        opnamedatum=opname,
        ontslagdatum=ontslag,
        spoed=spoed,
        uitkomst=uitkomst,
        besluit=besluit,
        opdracht=opdracht,
    )
    return formulier, verzoek, behandeling


def om(dag: date) -> datetime:
    """Halverwege de ochtend, als niemand een tijd noemde."""
    return datetime.combine(dag, time(9, 30), UTC)


def opdracht(
    id: str,
    leverancier: str,
    opdrachtgever: str,
    soort: Opdrachtsoort,
    categorie: str,
    op: date,
    fase: Fase,
    gewijzigd: date,
    *,
    bij: str | None = None,
    nieuw: str | None = None,
    eisen: str | None = None,
    besluit: str | None = None,
    verwacht: date | None = None,
    passing: str | None = None,
) -> Opdracht:
    """Een opdracht aan een leverancier. `bij` en `nieuw` zijn korte ids van het oude en het nieuwe hulpmiddel."""
    return Opdracht(
        id=f"opdracht-{id}",
        status=TAAKSTATUS[fase],
        fase=fase,
        eigenaar=leverancier,
        opdrachtgever=opdrachtgever,
        gemaakt_op=om(op),
        gewijzigd_op=om(gewijzigd),
        doel="levering",
        soort=soort,
        categorie=categorie,
        hulpmiddel=f"Device/{bij}" if bij else None,
        gebruik=f"DeviceUseStatement/{bij}" if bij else None,
        eisen=eisen,
        besluit=besluit,
        verwachte_datum=verwacht,
        passing_resultaat=passing,
        nieuw_hulpmiddel=f"Device/{nieuw}" if nieuw else None,
        nieuw_gebruik=f"DeviceUseStatement/{nieuw}" if nieuw else None,
    )
