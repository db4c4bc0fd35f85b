"""Wetten: projectie toont met minder groepen nooit meer, formulier heen en terug is hetzelfde, bouwen en lezen ook."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.vragenlijst import (
    Bron,
    Gegeven,
    Vraag,
    antwoorden,
    bouw,
    bronnen_van,
    controleer,
    eigen,
    formulier,
    groepen_van,
    projecteer,
    uit_formulier,
)

LIJST = eigen("functioneel-advies")
GROEPEN = sorted(LIJST.groepen)
TEKST = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\xa0"), min_size=1, max_size=20
).filter(lambda t: t == t.strip() and bool(t.strip()))


def waarde(vraag: Vraag) -> st.SearchStrategy[Any]:
    match vraag.type:
        case "boolean":
            een: st.SearchStrategy[Any] = st.booleans()
        case "decimal":
            een = st.decimals(vraag.minimum, vraag.maximum, places=1)
        case "date":
            een = st.dates().map(lambda d: d.isoformat())
        case "choice":
            een = st.sampled_from([keuze.code for keuze in vraag.keuzes])
        case _:
            een = TEKST
    return st.lists(een, min_size=1, max_size=3, unique=True) if vraag.herhaalt else een


def waarden_van(vragen: tuple[Vraag, ...]) -> st.SearchStrategy[dict[str, Any]]:
    in_rijen = {k.sleutel for top in vragen for v in top.boom() if v.is_groep and v.herhaalt for k in v.kinderen}
    velden = {
        v.sleutel: waarde(v)
        for top in vragen
        for v in top.boom()
        # een vraag met een voorwaarde staat er alleen bij het goede antwoord op een andere: test_vragenlijst_gelding
        if not v.is_groep and v.sleutel not in in_rijen and not v.voorwaarden
    }
    eis = {v.sleutel: waarde(v) for v in LIJST.per_code["eis"].kinderen if v.sleutel != "eis-tekst"}
    rijen = st.lists(st.fixed_dictionaries({"eis-tekst": TEKST}, optional=eis), max_size=3)
    return st.fixed_dictionaries({}, optional={**velden, "eis": rijen})


INGEVULD = waarden_van(LIJST.vragen)


def bladeren(knoop: Any, pad: tuple[str, ...] = ()) -> set[tuple[Any, ...]]:
    """Elk antwoord als (linkId's, waarde): wat er te zien is."""
    gevonden: set[tuple[Any, ...]] = set()
    for item in knoop.get("item", []):
        hier = (*pad, item["linkId"])
        gevonden |= {(*hier, str(a)) for a in item.get("answer", [])} | bladeren(item, hier)
    return gevonden


@settings(max_examples=30, deadline=None)
@given(INGEVULD, st.sets(st.sampled_from(GROEPEN)), st.sets(st.sampled_from(GROEPEN)))
def test_meer_groepen_tonen_nooit_minder(waarden: dict[str, Any], minder: set[str], erbij: set[str]) -> None:
    response = bouw(LIJST, waarden)
    vooraf = copy.deepcopy(response)
    weinig = projecteer(response, LIJST, minder)
    veel = projecteer(response, LIJST, minder | erbij)
    assert bladeren(weinig) <= bladeren(veel)
    assert groepen_van(weinig, LIJST) <= minder
    assert response == vooraf
    assert projecteer(weinig, LIJST, minder) == weinig
    assert controleer(weinig, LIJST) == []


@settings(max_examples=20, deadline=None)
@given(INGEVULD)
def test_alle_groepen_tonen_alles_en_geen_groep_toont_niets(waarden: dict[str, Any]) -> None:
    response = bouw(LIJST, waarden)
    assert projecteer(response, LIJST, GROEPEN) == response
    assert "item" not in projecteer(response, LIJST, ())


@settings(max_examples=30, deadline=None)
@given(INGEVULD)
def test_een_formulier_dat_ongewijzigd_terugkomt_geeft_dezelfde_antwoorden(waarden: dict[str, Any]) -> None:
    response = bouw(LIJST, waarden)
    form = {veld.naam: list(veld.waarden) for veld in formulier(LIJST, response).velden()}
    terug, meldingen = uit_formulier(LIJST, form)
    assert meldingen == []
    assert terug == response


@settings(max_examples=20, deadline=None)
@given(INGEVULD)
def test_wat_gebouwd_is_leest_terug_op_code(waarden: dict[str, Any]) -> None:
    gelezen = antwoorden(bouw(LIJST, waarden))
    for code, verwacht in waarden.items():
        if code == "eis":
            rijen = gelezen.groepen("eis")
            assert [rij.een("eis-tekst") for rij in rijen] == [eis["eis-tekst"] for eis in verwacht]
        else:
            assert list(gelezen.alle(code)) == (verwacht if isinstance(verwacht, list) else [verwacht])


@settings(max_examples=20, deadline=None)
@given(INGEVULD)
def test_wat_gebouwd_is_komt_door_de_controle(waarden: dict[str, Any]) -> None:
    assert controleer(bouw(LIJST, waarden), LIJST) == []


def test_wat_buiten_de_vragen_is_gezaaid_komt_nooit_door_de_projectie() -> None:
    geheim = "GEHEIME-ZIEKTE"
    response = bouw(
        LIJST,
        {
            "zitbreedte": Decimal(44),
            "diagnose": [geheim],
            "prognose": "stabiel",
            "eis": [
                {
                    "eis-tekst": "Rijdt zelf.",
                    "eis-soort": "noodzakelijk",
                    "eis-onderbouwing": geheim,
                    "eis-doel": geheim,
                }
            ],
        },
    )
    eis = response["item"][1]["item"][0]["item"]
    response["text"] = {"div": geheim}
    response["contained"] = [{"resourceType": "Condition", "code": {"text": geheim}}]
    response["item"][0]["text"] = eis[0]["text"] = geheim
    eis[0]["extension"] = eis[0]["answer"][0]["extension"] = [{"url": "x", "valueString": geheim}]
    eis[0]["answer"][0]["item"] = [{"linkId": "2.1.7", "answer": [{"valueString": geheim}]}]
    eis[1]["answer"][0]["valueCoding"]["display"] = geheim
    eis.append({"linkId": "2.1.6", "answer": [{"valueCoding": {"system": "x", "code": geheim}}]})
    eis.append({"linkId": "onbekend", "answer": [{"valueString": geheim}]})
    response["item"].append({"linkId": "1.2", "answer": [{"valueString": geheim}]})
    gezien = projecteer(response, LIJST, {"eisen", "maten", "omgeving"})
    assert geheim not in str(gezien)
    assert antwoorden(gezien).een("zitbreedte") == Decimal(44)
    assert antwoorden(gezien).groepen("eis")[0].een("eis-tekst") == "Rijdt zelf."
    assert groepen_van(response, LIJST) >= {"onbekend", "eisen", "gezondheid"}


def test_bij_een_andere_vragenlijst_vervalt_elk_antwoord() -> None:
    response = bouw(LIJST, {"hulpvraag": "x"}) | {"questionnaire": "http://elders/Questionnaire/x"}
    assert "item" not in projecteer(response, LIJST, GROEPEN)


def test_wie_alle_groepen_heeft_ziet_ook_de_bronnen_en_wie_er_een_mist_niet() -> None:
    bron = Bron("A. Dekker", "2026-05-11", "Condition/sma")
    response = bouw(LIJST, {"zitbreedte": Gegeven("44", bron)})
    assert bronnen_van(projecteer(response, LIJST, GROEPEN), LIJST) == {"zitbreedte": bron}
    assert bronnen_van(projecteer(response, LIJST, {"maten"}), LIJST) == {}
