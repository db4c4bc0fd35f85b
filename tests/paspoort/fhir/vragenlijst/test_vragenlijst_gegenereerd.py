"""Wetten over gegenereerde vragenlijsten en responses: de motor naast een naïeve lezing, heen en terug, projectie."""

from __future__ import annotations

import copy
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from paspoort.fhir.vragenlijst import (
    controleer,
    formulier,
    groepen_van,
    laad,
    onondersteund,
    projecteer,
    uit_formulier,
    verschil,
)
from paspoort.fhir.vragenlijst.gelding import zonder_niet_gesteld


def _los(naam: str) -> Any:
    """Een buurbestand zonder `test_`; de tests zijn geen pakket."""
    spec = importlib.util.spec_from_file_location(naam, Path(__file__).with_name(f"{naam}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gegenereerd, naief = _los("gegenereerd"), _los("naief")
KLEIN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
GROOT = settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck))
GROEPEN = st.frozensets(st.sampled_from(gegenereerd.GROEPEN))
KAPOT = gegenereerd.vragenlijsten().flatmap(lambda q: st.tuples(st.just(q), gegenereerd.responses(q, kapot=True)))
HEEL = gegenereerd.vragenlijsten().flatmap(
    lambda q: st.tuples(st.just(q), gegenereerd.responses(q), gegenereerd.responses(q))
)


def geldig(q: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """Dezelfde response zonder antwoorden op wat niet gesteld is; de naïeve lezing vindt er niets op aan te merken."""
    items = zonder_niet_gesteld(response.get("item", []), laad(q).vragen)
    uit = {n: w for n, w in response.items() if n != "item"} | ({"item": items} if items else {})
    assert naief.Naief(q, uit).fouten() == set()
    return uit


def _motor_en_naief(q: dict[str, Any], response: dict[str, Any]) -> None:
    vooraf = copy.deepcopy(response)
    motor = {(m.code, str(m.plek)) for m in controleer(response, laad(q))}
    for code, _ in motor:
        event(code)
    assert motor == naief.Naief(q, response).fouten()
    assert response == vooraf


def _heen_en_terug(q: dict[str, Any], response: dict[str, Any]) -> None:
    lijst, goed = laad(q), geldig(q, response)
    assert onondersteund(q) == () and controleer(goed, lijst) == []
    vorm = formulier(lijst, goed)
    namen = [v.naam for v in vorm.velden()]
    assert len(set(namen)) == len(namen)
    assert uit_formulier(lijst, vorm.invoer(), goed) == (goed, [])
    zonder, meldingen = uit_formulier(lijst, vorm.invoer())
    assert (zonder.get("item"), meldingen) == (goed.get("item"), [])


def _projectie(q: dict[str, Any], response: dict[str, Any], weinig: frozenset[str], veel: frozenset[str]) -> None:
    lijst, goed = laad(q), geldig(q, response)
    minder, meer = projecteer(goed, lijst, weinig), projecteer(goed, lijst, weinig | veel)
    assert projecteer(minder, lijst, weinig) == minder
    assert projecteer(meer, lijst, weinig) == minder
    assert groepen_van(minder, lijst) <= weinig
    assert set(plat(minder)) <= set(plat(meer)) <= set(plat(goed))


def _verschil(q: dict[str, Any], een: dict[str, Any], ander: dict[str, Any]) -> None:
    lijst = laad(q)
    assert verschil(een, een, lijst, lijst) == ()
    stand = sorted(plat(een))
    for v in verschil(een, ander, lijst, lijst):
        assert (v.soort == "weg") is (not v.nieuw) and (v.soort == "erbij") is (not v.oud)
        if v.oud:
            stand.remove((v.code, v.oud))
        if v.nieuw:
            stand.append((v.code, v.nieuw))
    assert sorted(stand) == sorted(plat(ander))


def plat(knoop: dict[str, Any]) -> list[tuple[str, str]]:
    """Elk antwoord als (code, woorden), zonder rij."""
    uit = []
    for item in knoop.get("item", []):
        uit += [(item["linkId"], _woorden(w)) for a in item.get("answer", []) for w in a.values()] + plat(item)
    return uit


def _woorden(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, dict):
        return str(waarde["display"])
    maanden = {"01": "januari", "05": "mei", "11": "november"}
    if isinstance(waarde, str) and len(waarde) == 10 and waarde[4] == "-":
        return f"{int(waarde[8:])} {maanden[waarde[5:7]]} {waarde[:4]}"
    return waarde if isinstance(waarde, str) else str(waarde).replace(".", ",")


@KLEIN
@given(KAPOT)
def test_de_motor_vindt_precies_wat_een_naieve_lezing_vindt(paar: Any) -> None:
    _motor_en_naief(*paar)


@KLEIN
@given(HEEL)
def test_een_ingevuld_formulier_komt_terug_zoals_het_was(drie: Any) -> None:
    _heen_en_terug(*drie[:2])


@KLEIN
@given(HEEL, GROEPEN, GROEPEN)
def test_projecteren_is_een_keer_genoeg_en_meer_groepen_tonen_nooit_minder(drie: Any, weinig: Any, veel: Any) -> None:
    _projectie(*drie[:2], weinig, veel)


@KLEIN
@given(HEEL)
def test_de_verschillen_zijn_precies_wat_anders_is(drie: Any) -> None:
    _verschil(*drie)


@KLEIN
@given(gegenereerd.vragenlijsten(), st.data())
def test_wat_iemand_ook_instuurt_het_wordt_gelezen_en_staat_er_dan_net_zo_weer(q: Any, data: Any) -> None:
    lijst = laad(q)
    namen = [n for v in formulier(lijst, {}).velden() for n in (v.naam, f"{v.naam}.anders", f"{v.naam}.7.x")]
    tekst = st.one_of(
        st.text(max_size=8), st.sampled_from(["ja", "a", "12", "1,5", "3 mei 2026", "31-02-2026", "9.30", "\r\n x"])
    )
    form = data.draw(st.dictionaries(st.sampled_from(namen), st.lists(tekst, max_size=3), max_size=8))
    response, meldingen = uit_formulier(lijst, form)
    assert "antwoord-niet-gevraagd" not in {m.code for m in meldingen}
    assert uit_formulier(lijst, formulier(lijst, response, meldingen).invoer(), response) == (response, meldingen)


@pytest.mark.lang
@GROOT
@given(KAPOT)
def test_de_motor_naast_de_naieve_lezing_lang(paar: Any) -> None:
    _motor_en_naief(*paar)


@pytest.mark.lang
@GROOT
@given(HEEL, GROEPEN, GROEPEN)
def test_heen_terug_projectie_en_verschil_lang(drie: Any, weinig: Any, veel: Any) -> None:
    _heen_en_terug(*drie[:2])
    _projectie(*drie[:2], weinig, veel)
    _verschil(*drie)
