"""Het zicht tegen een naïef orakel op gemaakte paspoorten en toestemmingen, en de wetten van zicht."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.projectie import toon
from paspoort.fhir.vragenlijst.lijst import vragenlijst_van
from tests import orakel
from tests.orakel import Taak, Toestemming, zichtbaar
from tests.orakelpaspoort import GEGEVENS, PARTIJEN, RESOURCES, WIJSBAAR, m_
from tests.orakelwereld import MERK, VANDAAG, maak, vrager_van
from tests.zichtwereld import FUNCTIE, NU, ORG, PATIENT, opname, register, zicht

Json = dict[str, Any]
GROEPEN = sorted(orakel.ONDERZOEK | {"financieel", "ervaringen", "documenten", "toezicht", "toestemmingen"})
ONDERWERP = {"subject": {"reference": PATIENT, "display": "M_naam_bij_verwijzing_M"}}


toestemmingen = st.builds(
    Toestemming,
    plek=st.just("Consent/c"),
    aan=st.sampled_from(PARTIJEN),
    doel=st.sampled_from(
        ["onderzoek", "herhaalverzoek", "advies", "levering", "reparatie", "afstemming", "verhuizing"]
    ),
    groepen=st.frozensets(st.sampled_from(GROEPEN)) | st.just(frozenset(GROEPEN)),
    actief=st.sampled_from([True, True, True, False]),
    dag_van=st.integers(10, 21),
    dag_tot=st.integers(19, 28),
    uitgezonderd=st.frozensets(st.sampled_from(sorted(set(GEGEVENS) - {PATIENT})), max_size=3),
    betreft=st.frozensets(
        st.sampled_from(["Device/rolstoel", "Device/bed", "DeviceUseStatement/zit", "QuestionnaireResponse/concept"]),
        max_size=2,
    ),
)
taken = st.builds(
    Taak,
    plek=st.just("Task/t"),
    eigenaar=st.sampled_from(PARTIJEN),
    doel=st.sampled_from([None, "onderzoek", "herhaalverzoek", "levering", "reparatie", "verhuizing", "afstemming"]),
    open=st.booleans(),
    wijst=st.frozensets(st.sampled_from(WIJSBAAR)),
)
werelden = st.builds(
    lambda ts, ks, plekken: (
        [dataclasses.replace(t, plek=f"Consent/c{i}") for i, t in enumerate(ts)],
        [dataclasses.replace(k, plek=f"Task/t{i}", wijst=k.wijst & plekken) for i, k in enumerate(ks)],
        plekken,
    ),
    st.lists(toestemmingen, max_size=3),
    st.lists(taken, max_size=2),
    st.frozensets(st.sampled_from(sorted(GEGEVENS)), min_size=8) | st.just(frozenset(GEGEVENS)),
)
vragers = st.tuples(st.sampled_from(sorted(ORG)), st.booleans())


def _maak(ts, ks, plekken):
    feiten, resources = maak(ts, ks, plekken)
    return feiten, opname(*resources)


def _teksten(m, wie, reg=None):
    z = zicht(wie, m, nu=NU.replace(day=VANDAAG), **({"reg": reg} if reg else {}))
    return {t for v in m.alle() if (getoond := z.toon(v)) for t in MERK.findall(getoond.tekst.decode())}


def _zonder_naam(teksten):
    """De naam bij een verwijzing naar de houder staat in elke resource en wordt apart getoetst."""
    return teksten - {m_("naam_bij_verwijzing")}


VEEL = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
MINDER = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def vergelijk(wereld, vrager):
    feiten, m = _maak(*wereld)
    orakelvrager, wie = vrager_van(*vrager)
    if wie.soort == "app":  # een app van de organisatie ziet de Task van een functie daarvan
        feiten.taken = [
            dataclasses.replace(k, eigenaar=f"Organization/{ORG[vrager[0]]}")
            if k.eigenaar == f"PractitionerRole/{FUNCTIE[vrager[0]]}"
            else k
            for k in feiten.taken
        ]
    assert _zonder_naam(_teksten(m, wie)) == zichtbaar(feiten, orakelvrager, VANDAAG)


@VEEL
@given(werelden, vragers)
def test_wat_naar_buiten_komt_is_precies_wat_het_orakel_toestaat(wereld, vrager):
    vergelijk(wereld, vrager)


@pytest.mark.lang
@settings(max_examples=40_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(werelden, vragers)
def test_wat_naar_buiten_komt_is_precies_wat_het_orakel_toestaat_lang(wereld, vrager):
    """Met de twee andere lange toetsen (teams, namens) samen meer dan 100.000 gevallen op de zuivere functies."""
    vergelijk(wereld, vrager)


@MINDER
@given(werelden, vragers, st.data())
def test_meer_toestemming_toont_nooit_minder(wereld, vrager, data):
    ts, ks, plekken = wereld
    if not ts:
        return
    i = data.draw(st.integers(0, len(ts) - 1))
    ruimer = dataclasses.replace(
        ts[i],
        groepen=ts[i].groepen | data.draw(st.frozensets(st.sampled_from(GROEPEN))),
        uitgezonderd=frozenset(list(ts[i].uitgezonderd)[1:]),
        dag_tot=28,
    )
    wie = vrager_van(*vrager)[1]
    _, smal = _maak(*wereld)
    _, ruim = _maak([*ts[:i], ruimer, *ts[i + 1 :]], ks, plekken)
    assert _teksten(smal, wie) <= _teksten(ruim, wie)


@MINDER
@given(werelden, vragers)
def test_zonder_toestemming_en_opdracht_blijft_er_niets_over(wereld, vrager):
    ts, ks, plekken = wereld
    dicht = [dataclasses.replace(t, actief=False) for t in ts]
    klaar = [dataclasses.replace(k, open=False) for k in ks]
    _, m = _maak(dicht, klaar, plekken)
    assert _teksten(m, vrager_van(*vrager)[1]) == set()


@MINDER
@given(werelden, vragers)
def test_een_geschorste_organisatie_ziet_nooit_iets(wereld, vrager):
    _, m = _maak(*wereld)
    assert _teksten(m, vrager_van(*vrager)[1], register(geschorst=[ORG[vrager[0]]])) == set()


@MINDER
@given(werelden, vragers)
def test_de_naam_bij_een_verwijzing_naar_de_houder_hoort_bij_contact(wereld, vrager):
    _, m = _maak(*wereld)
    wie = vrager_van(*vrager)[1]
    z = zicht(wie, m, nu=NU.replace(day=VANDAAG))
    for v in m.alle():
        getoond = z.toon(v)
        if getoond and m_("naam_bij_verwijzing") in getoond.tekst.decode():
            assert "contact" in z.groepen_voor(v)


@MINDER
@given(
    st.sampled_from(sorted(RESOURCES)),
    st.frozensets(st.sampled_from(GROEPEN)),
    st.frozensets(st.sampled_from(WIJSBAAR)),
)
def test_snoeien_is_idempotent_en_laat_de_invoer_heel(plek, groepen, ziet):
    from copy import deepcopy

    inhoud = deepcopy(RESOURCES[plek])

    def lijst(r):
        return vragenlijst_van(r)

    een = toon(inhoud, groepen, ziet.__contains__, lijst)
    assert inhoud == RESOURCES[plek]
    if een is not None:
        twee = toon(een[0], groepen, ziet.__contains__, lijst)
        assert twee is not None and twee[0] == een[0]
