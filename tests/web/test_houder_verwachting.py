"""De verwachting in gewone woorden: elke grond van de toets heeft ze, kort en zonder vaktaal."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from paspoort.fhir.herhaaltoets import naar_fhir
from paspoort.herhaaltoets import Beleid, Feiten, Omstandigheden, Waarden, route
from paspoort.herhaaltoets.feit import WAARDEN
from paspoort.herhaaltoets.gronden import GRONDEN
from web.houder.verwachting import AANVULLEN, GEWOON, WEGEN, verwachting

VAKTAAL = ("beschikking", "categorie", "natura", "contractvorm", "indicatie", "norm", "onderbouwd", "prijsafspraak")
HOOGSTENS = 12
VANDAAG = date(2026, 11, 24)


def test_elke_grond_heeft_gewone_woorden_en_geen_woord_te_veel() -> None:
    assert set(GEWOON) == set(GRONDEN)
    assert set(AANVULLEN) <= {f.name for f in fields(Waarden)}
    koppen = [g.klopt_niet for g in GRONDEN.values()]
    assert not [(a, b) for a in koppen for b in koppen if a is not b and b.startswith(a)], "een kop wijst één grond aan"


def test_de_zinnen_zijn_kort_en_zonder_vaktaal() -> None:
    zinnen = [z for paar in (*GEWOON.values(), *WEGEN.values()) for z in paar] + list(AANVULLEN.values())
    for zin in zinnen:
        assert zin.endswith(".") and len(zin.split()) <= HOOGSTENS, zin
        assert not [w for w in VAKTAAL if w in zin.lower()], zin


@pytest.mark.parametrize("feit", sorted(WAARDEN))
def test_wat_de_toets_ook_vindt_de_houder_leest_geen_vaktaal(feit: str) -> None:
    """Vanuit niets bekend, en dan elk feit op elke waarde."""
    for waarde in WAARDEN[feit]:
        feiten = Feiten.uit_waarden(Waarden(**{feit: waarde}))
        uitslag = route(feiten, Beleid("Organization/x"), Omstandigheden(gevraagd_op=VANDAAG), VANDAAG)
        beeld = verwachting(naar_fhir(uitslag, "Patient/x"), "Gemeente Lindewaard")
        tekst = " ".join(
            [beeld.zin, beeld.uitleg, *(t.tekst for t in beeld.tegen), *(o.tekst for o in beeld.ontbreekt)]
        )
        assert "{" not in tekst and not [w for w in VAKTAAL if w in tekst.lower()], (waarde, tekst)
        assert len(beeld.tegen) >= 1
