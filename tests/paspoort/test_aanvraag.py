"""De fasen van een taak, de negen stappen en wie er aan de beurt is; en wanneer een vraag complex is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, product

import pytest

from paspoort.aanvraag import (
    GESLOTEN,
    OVERGANGEN,
    TAAKSTATUS,
    Behandeling,
    Fase,
    Opdracht,
    Partij,
    Stand,
    Verzoek,
    Wijziging,
    controleer_overgang,
    weg,
)
from paspoort.advies import Adviesstatus, FunctioneelAdvies, Schrijver
from paspoort.beschikking import bezwaar_tot
from paspoort.complexiteit import kenmerken
from paspoort.fouten import PaspoortFout
from paspoort.gezondheid import Aandoening, Aandoeningsoort, Prognose
from paspoort.houder import Houder
from paspoort.hulpmiddel import Gebruik, Stelsel, Verstrekker
from paspoort.paspoort import Paspoort

VANDAAG = date(2026, 11, 24)
GELIJK = Verzoek(wijziging=Wijziging.ONGEWIJZIGD)
LEVERWEG = [
    *(Fase.ONTVANGEN, Fase.CONTACT_GELEGD, Fase.PASSING_GEPLAND, Fase.GEPAST),
    *(Fase.BESTELD, Fase.LEVERING_GEPLAND, Fase.GELEVERD),
]


def test_elke_fase_heeft_een_status_en_een_rij_in_de_tabel() -> None:
    assert set(OVERGANGEN) == set(TAAKSTATUS) == set(Fase)
    for fase, naar in OVERGANGEN.items():
        assert bool(naar) != (TAAKSTATUS[fase] in GESLOTEN)


@pytest.mark.parametrize(("van", "naar"), list(product(LEVERWEG, LEVERWEG)))
def test_een_levering_slaat_stappen_over_maar_gaat_nooit_terug(van: Fase, naar: Fase) -> None:
    if LEVERWEG.index(naar) >= LEVERWEG.index(van):
        controleer_overgang(van, naar)
    else:
        with pytest.raises(PaspoortFout) as fout:
            controleer_overgang(van, naar)
        assert fout.value.meldingen[0].waarden == {"van": van.value, "naar": naar.value}


@pytest.mark.parametrize(
    ("van", "naar"),
    [
        (Fase.DOORGEZET, Fase.INGEDIEND),
        (Fase.AFGEWEZEN, Fase.TOEGEKEND),
        (Fase.INGEDIEND, Fase.GELEVERD),
        (Fase.IN_ONDERZOEK, Fase.INGEDIEND),
        (Fase.GEREPAREERD, Fase.GEMELD),
        (Fase.GELEVERD, Fase.DOORGEZET),
    ],
)
def test_wat_niet_in_de_tabel_staat_kan_niet(van: Fase, naar: Fase) -> None:
    with pytest.raises(PaspoortFout):
        controleer_overgang(van, naar)


def test_een_ongewijzigd_verzoek_staat_meteen_op_stap_zes_bij_de_gemeente() -> None:
    nu = weg(GELIJK, Behandeling(fase=Fase.INGEDIEND))
    assert (nu.nu, nu.beurt) == (6, Partij.VERSTREKKER)
    assert [s.stand for s in nu.stappen] == [Stand.BEKEND] * 5 + [Stand.NU] + [Stand.KOMT] * 3


def test_een_nieuwe_vraag_begint_bij_het_plan() -> None:
    nieuw = replace(GELIJK, wijziging=Wijziging.NIEUW)
    assert weg(nieuw, None).nu == 3
    assert weg(nieuw, None).beurt is Partij.HOUDER
    assert weg(nieuw, None, plan=True).nu == 4
    assert weg(nieuw, None, plan=True, eisen=True).nu == 6


def test_een_levering_gaat_alleen_vooruit_over_de_weg() -> None:
    klaar = Behandeling(fase=Fase.DOORGEZET, status="completed")
    stappen = [weg(GELIJK, klaar, Opdracht(fase=f, status=TAAKSTATUS[f])).nu for f in LEVERWEG]
    assert all(een <= ander for een, ander in pairwise(stappen))
    assert (stappen[0], stappen[-1]) == (6, 8)


@pytest.mark.parametrize(
    ("behandeling", "opdracht", "terug", "beurt"),
    [
        (Behandeling(fase=Fase.WACHT_OP_HOUDER, status="on-hold"), None, False, Partij.HOUDER),
        (Behandeling(fase=Fase.IN_ONDERZOEK, status="in-progress"), None, False, Partij.VERSTREKKER),
        (Behandeling(fase=Fase.AFGEWEZEN, status="completed"), None, False, None),
        (Behandeling(status="completed"), Opdracht(fase=Fase.ONTVANGEN), False, Partij.LEVERANCIER),
        (Behandeling(status="completed"), Opdracht(fase=Fase.GELEVERD, status="completed"), False, Partij.HOUDER),
        (Behandeling(status="completed"), Opdracht(fase=Fase.GELEVERD, status="completed"), True, None),
    ],
)
def test_wie_er_aan_de_beurt_is(
    behandeling: Behandeling, opdracht: Opdracht | None, terug: bool, beurt: Partij | None
) -> None:
    assert weg(GELIJK, behandeling, opdracht, teruggekeken=terug).beurt is beurt


DIAGNOSE = Aandoening(id="a", soort=Aandoeningsoort.DIAGNOSE, prognose=Prognose.STABIEL)
DEFINITIEF = FunctioneelAdvies(id="f", status=Adviesstatus.DEFINITIEF)
COMPLEX: list[tuple[str, Paspoort, Verzoek | None, list[str]]] = [
    ("gewoon", Paspoort(houder=Houder(geboortedatum=date(1980, 1, 1)), aandoeningen=(DIAGNOSE,)), None, []),
    (
        "twee wetten",
        Paspoort(
            gebruiken=(
                Gebruik(id="1", verstrekkers=(Verstrekker("Organization/g", Stelsel.WMO),)),
                Gebruik(id="2", verstrekkers=(Verstrekker("Organization/z", Stelsel.ZVW),)),
            )
        ),
        None,
        ["domeinoverstijgend"],
    ),
    (
        "een eigen hulpmiddel erbij is geen tweede wet",
        Paspoort(
            gebruiken=(
                Gebruik(id="1", verstrekkers=(Verstrekker("Organization/g", Stelsel.WMO),)),
                Gebruik(id="2", verstrekkers=(Verstrekker("Organization/g", Stelsel.EIGEN),)),
            )
        ),
        None,
        [],
    ),
    ("progressief", Paspoort(aandoeningen=(replace(DIAGNOSE, prognose=Prognose.PROGRESSIEF),)), None, ["progressief"]),
    ("twee ziekten", Paspoort(aandoeningen=(DIAGNOSE, replace(DIAGNOSE, id="b"))), None, ["multimorbiditeit"]),
    ("een is over", Paspoort(aandoeningen=(DIAGNOSE, replace(DIAGNOSE, klinische_status="resolved"))), None, []),
    ("kind", Paspoort(houder=Houder(geboortedatum=date(2016, 5, 20))), None, ["kind"]),
    ("wordt morgen 18", Paspoort(houder=Houder(geboortedatum=date(2008, 11, 25))), None, ["kind"]),
    ("is vandaag 18", Paspoort(houder=Houder(geboortedatum=date(2008, 11, 24))), None, []),
    ("afwijking", Paspoort(), Verzoek(onderbouwing_afwijking="past niet"), ["contractafwijking"]),
    ("adviseur", Paspoort(adviezen=(replace(DEFINITIEF, complexe_kenmerken=("kind",)),)), None, ["partij"]),
    (
        "revalidatiearts",
        Paspoort(adviezen=(replace(DEFINITIEF, schrijver=Schrijver(rol="revalidatiearts")),)),
        None,
        ["revalidatie"],
    ),
    ("opgenomen", Paspoort(behandelingen=(Behandeling(opnamedatum=date(2026, 9, 1)),)), None, ["revalidatie"]),
]


@pytest.mark.parametrize(("paspoort", "verzoek", "codes"), [c[1:] for c in COMPLEX], ids=[c[0] for c in COMPLEX])
def test_de_kenmerken_van_een_complexe_vraag(paspoort: Paspoort, verzoek: Verzoek | None, codes: list[str]) -> None:
    assert [k.code for k in kenmerken(paspoort, verzoek, VANDAAG)] == codes


def test_bezwaar_kan_zes_weken() -> None:
    assert bezwaar_tot(date(2026, 11, 2)) == date(2026, 12, 14)
