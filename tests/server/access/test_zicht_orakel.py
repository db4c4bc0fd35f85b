"""Het zicht tegen een naïef orakel op gemaakte paspoorten en toestemmingen, en de wetten van zicht."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.projectie import toon
from paspoort.fhir.stelsels import BASIS, BSN, TAAKINVOER, codestelsel, extension
from paspoort.fhir.vragenlijst.lijst import vragenlijst_van
from tests import orakel
from tests.orakel import Gegeven, Stuk, Taak, Toestemming, Vrager, Wereld, zichtbaar
from tests.zichtwereld import FUNCTIE, NU, ORG, PASPOORT, PATIENT, actor, opname, register, taak, toestemming, zicht

Json = dict[str, Any]
MERK = re.compile(r"M_[a-z0-9_]+_M")
GROEPEN = sorted(orakel.ONDERZOEK | {"financieel", "ervaringen", "documenten", "toezicht", "toestemmingen"})
ONDERWERP = {"subject": {"reference": PATIENT, "display": "M_naam_bij_verwijzing_M"}}
VANDAAG = 20


def g(tekst: str) -> frozenset[str]:
    return frozenset(tekst.split())


def _m(naam: str) -> str:
    return f"M_{naam}_M"


def _antwoord(link: str, naam: str) -> Json:
    return {"linkId": link, "answer": [{"valueString": _m(naam)}]}


def _ext(id: str, **waarde: Any) -> Json:
    return {"url": extension(id), **waarde}


# plek → (resource, gegeven voor het orakel); de groepen bij elke tekst komen uit toegang.md §2
ADVIES = [
    {"linkId": "1", "item": [_antwoord("1.1", "hulpvraag"), _antwoord("1.2", "diagnose"), _antwoord("1.6", "stoornis"),
                             _antwoord("1.11", "woning"), _antwoord("1.20", "nu")]},
    {"linkId": "2", "item": [{"linkId": "2.1", "item": [_antwoord("2.1.1", "eis"), _antwoord("2.1.7", "waarom")]}]},
    {"linkId": "99", "answer": [{"valueString": _m("onbekende_vraag")}]},
]  # fmt: skip
_BRON: list[tuple[Json, Gegeven]] = [
    (
        {"resourceType": "Patient", "id": PASPOORT, "name": [{"text": _m("naam")}], "birthDate": _m("geboren"),
         "identifier": [{"system": BSN, "value": _m("bsn")}, {"system": "urn:x", "value": _m("klantnummer")}],
         "photo": [{"title": _m("foto_houder")}]},
        Gegeven(PATIENT, (Stuk(_m("naam"), g("contact")), Stuk(_m("geboren"), g("persoon")), Stuk(_m("bsn"), g("bsn")),
                          Stuk(_m("klantnummer"), None), Stuk(_m("foto_houder"), None)), g("contact persoon bsn")),
    ),
    (
        {"resourceType": "Condition", "id": "als", **ONDERWERP, "code": {"text": _m("als")},
         "category": [{"coding": [{"code": "282291009"}]}], "text": {"status": "generated", "div": _m("verhaal")}},
        Gegeven("Condition/als", (Stuk(_m("als"), g("gezondheid")), Stuk(_m("verhaal"), None)), g("gezondheid")),
    ),
    (
        {"resourceType": "Condition", "id": "lopen", **ONDERWERP, "code": {"text": _m("lopen")},
         "category": [{"coding": [{"code": "248536006"}]}]},
        Gegeven("Condition/lopen", (Stuk(_m("lopen"), g("functioneren")),), g("functioneren")),
    ),
    (
        {"resourceType": "Observation", "id": "breedte", "status": "final", **ONDERWERP, "note": [{"text": _m("breedte")}],
         "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}]},
        Gegeven("Observation/breedte", (Stuk(_m("breedte"), g("maten")),), g("maten")),
    ),
    (
        {"resourceType": "Goal", "id": "buiten", **ONDERWERP, "description": {"text": _m("buiten")},
         "addresses": [{"reference": "Condition/als", "display": _m("buiten_als")}]},
        Gegeven("Goal/buiten", (Stuk(_m("buiten"), g("functioneren")),
                                Stuk(_m("buiten_als"), g("functioneren gezondheid"), "Condition/als")), g("functioneren")),
    ),
    *[
        ({"resourceType": "Device", "id": d, "patient": {"reference": PATIENT}, "note": [{"text": _m(d)}],
          "contained": [{"resourceType": "Basic", "code": {"text": _m(f"{d}_binnen")}}],
          "extension": [{"url": "urn:vreemd", "valueString": _m(f"{d}_vreemd")}]},
         Gegeven(f"Device/{d}", (Stuk(_m(d), g("hulpmiddelen")), Stuk(_m(f"{d}_binnen"), None),
                                 Stuk(_m(f"{d}_vreemd"), None)), g("hulpmiddelen"), f"Device/{d}"))
        for d in ("rolstoel", "bed")
    ],
    (
        {"resourceType": "DeviceUseStatement", "id": "zit", "status": "active", **ONDERWERP,
         "device": {"reference": "Device/rolstoel", "display": _m("zit_device")}, "note": [{"text": _m("zit")}],
         "reasonCode": [{"text": _m("zit_reden")}],
         "reasonReference": [{"reference": "Condition/lopen", "display": _m("zit_lopen")}],
         "extension": [_ext("toekenning", extension=[{"url": "reden", "valueString": _m("zit_toekenning")}])]},
        Gegeven("DeviceUseStatement/zit", (
            Stuk(_m("zit"), g("hulpmiddelen")), Stuk(_m("zit_device"), g("hulpmiddelen"), "Device/rolstoel"),
            Stuk(_m("zit_reden"), g("hulpmiddelen gezondheid")),
            Stuk(_m("zit_lopen"), g("hulpmiddelen gezondheid"), "Condition/lopen"),
            Stuk(_m("zit_toekenning"), g("hulpmiddelen besluiten")),
        ), g("hulpmiddelen"), "Device/rolstoel"),
    ),
    (
        {"resourceType": "QuestionnaireResponse", "id": "advies", "status": "completed", **ONDERWERP,
         "questionnaire": f"{BASIS}Questionnaire/functioneel-advies|1.0.0", "item": ADVIES,
         "author": {"reference": "PractitionerRole/nienke", "display": _m("auteur")}},
        Gegeven("QuestionnaireResponse/advies", (
            Stuk(_m("hulpvraag"), g("advies")), Stuk(_m("diagnose"), g("gezondheid")),
            Stuk(_m("stoornis"), g("functioneren")), Stuk(_m("woning"), g("omgeving")), Stuk(_m("nu"), g("hulpmiddelen")),
            Stuk(_m("eis"), g("eisen")), Stuk(_m("waarom"), g("advies")), Stuk(_m("onbekende_vraag"), None),
            Stuk(_m("auteur"), g("advies")),
        ), g("advies gezondheid functioneren omgeving hulpmiddelen eisen"), opsomming=True),
    ),
    (
        {"resourceType": "QuestionnaireResponse", "id": "evaluatie", "status": "completed", **ONDERWERP,
         "questionnaire": f"{BASIS}Questionnaire/evaluatie|1.0.0", "item": [_antwoord("2", "evaluatie")]},
        Gegeven("QuestionnaireResponse/evaluatie", (Stuk(_m("evaluatie"), g("ervaringen")),), g("ervaringen")),
    ),
    (
        {"resourceType": "DeviceRequest", "id": "verzoek", "intent": "proposal", "status": "active", **ONDERWERP,
         "note": [{"text": _m("verzoek")}], "reasonCode": [{"text": _m("verzoek_reden")}],
         "supportingInfo": [{"reference": "Condition/lopen", "display": _m("verzoek_lopen")}]},
        Gegeven("DeviceRequest/verzoek", (
            Stuk(_m("verzoek"), g("verzoeken")), Stuk(_m("verzoek_reden"), g("verzoeken gezondheid")),
            Stuk(_m("verzoek_lopen"), g("verzoeken gezondheid"), "Condition/lopen"),
        ), g("verzoeken")),
    ),
    (
        {"resourceType": "DeviceRequest", "id": "besluit", "intent": "order", "status": "active", **ONDERWERP,
         "note": [{"text": _m("besluit")}],
         "extension": [_ext("tarief", extension=[{"url": "opbouw", "valueString": _m("tarief")}])]},
        Gegeven("DeviceRequest/besluit", (Stuk(_m("besluit"), g("besluiten")),
                                          Stuk(_m("tarief"), g("besluiten financieel"))), g("besluiten")),
    ),
    (
        {"resourceType": "Communication", "id": "gesprek", "status": "completed", **ONDERWERP,
         "sender": {"reference": PATIENT}, "recipient": [{"reference": "Organization/rijdt"}],
         "payload": [{"contentString": _m("gesprek")}]},
        Gegeven("Communication/gesprek", (Stuk(_m("gesprek"), g("voortgang")),), g("voortgang"), met="Organization/rijdt"),
    ),
    (
        {"resourceType": "DocumentReference", "id": "brief", "status": "current", **ONDERWERP, "description": _m("brief"),
         "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "beschikking"}]}},
        Gegeven("DocumentReference/brief", (Stuk(_m("brief"), g("besluiten")),), g("besluiten")),
    ),
    (
        {"resourceType": "DocumentReference", "id": "foto", "status": "current", **ONDERWERP, "description": _m("foto"),
         "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "foto"}]},
         "context": {"related": [{"reference": "Device/rolstoel"}]}},
        Gegeven("DocumentReference/foto", (Stuk(_m("foto"), g("hulpmiddelen")),), g("hulpmiddelen"), "Device/rolstoel"),
    ),
    (
        {"resourceType": "DocumentReference", "id": "overig", "status": "current", **ONDERWERP, "description": _m("overig")},
        Gegeven("DocumentReference/overig", (Stuk(_m("overig"), None),), g("documenten")),
    ),
    (
        {"resourceType": "Provenance", "id": "wie", "target": [{"reference": "Device/rolstoel", "display": _m("wie")}],
         "recorded": _m("wie_op"), "agent": [{"who": {"reference": PATIENT}}], "reason": [{"text": _m("wie_waarom")}]},
        Gegeven("Provenance/wie", (
            Stuk(_m("wie"), g("")), Stuk(_m("wie_op"), g("")), Stuk(_m("wie_waarom"), g("gezondheid")),
        ), g("hulpmiddelen"), volgt="Device/rolstoel"),
    ),
]  # fmt: skip
RESOURCES = {gegeven.plek: inhoud for inhoud, gegeven in _BRON}
GEGEVENS = {gegeven.plek: gegeven for _, gegeven in _BRON}
WIJSBAAR = ["Device/rolstoel", "Device/bed", "DeviceUseStatement/zit", "QuestionnaireResponse/advies", "Observation/breedte"]
APPARAAT = {"DeviceUseStatement/zit": "Device/rolstoel"}
PARTIJEN = [f"Organization/{o}" for o in (*ORG.values(), "ander")] + [f"PractitionerRole/{f}" for f in FUNCTIE.values()]

toestemmingen = st.builds(
    Toestemming,
    plek=st.just("Consent/c"),
    aan=st.sampled_from(PARTIJEN),
    doel=st.sampled_from(["onderzoek", "herhaalverzoek", "advies", "levering", "reparatie", "afstemming", "verhuizing"]),
    groepen=st.frozensets(st.sampled_from(GROEPEN)) | st.just(frozenset(GROEPEN)),
    actief=st.sampled_from([True, True, True, False]),
    dag_van=st.integers(10, 21),
    dag_tot=st.integers(19, 28),
    uitgezonderd=st.frozensets(st.sampled_from(sorted(set(GEGEVENS) - {PATIENT})), max_size=3),
    betreft=st.frozensets(st.sampled_from(["Device/rolstoel", "Device/bed", "DeviceUseStatement/zit"]), max_size=2),
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
    """Dezelfde feiten als wereld voor het orakel en als momentopname voor de code."""
    gegevens = {p: GEGEVENS[p] for p in plekken}
    resources = [RESOURCES[p] for p in plekken]
    for k in ks:
        gegevens[k.plek] = Gegeven(k.plek, (
            Stuk(_m(k.plek[-2:]), g("voortgang")), Stuk(_m(f"{k.plek[-2:]}_reden"), g("voortgang gezondheid")),
            Stuk(_m(f"{k.plek[-2:]}_besluit"), g("voortgang besluiten")), Stuk(_m(f"{k.plek[-2:]}_los"), None),
            Stuk(_m(f"{k.plek[-2:]}_bellen"), g("voortgang contact")),
        ), g("voortgang"))  # fmt: skip
        t = taak(k.eigenaar, k.doel, sorted(k.wijst), k.plek[5:], "requested" if k.open else "completed")
        t |= {"description": _m(k.plek[-2:]), "reasonCode": {"text": _m(f"{k.plek[-2:]}_reden")}}
        t["output"] = [
            {"type": {"coding": [{"system": TAAKINVOER, "code": "besluit"}]}, "valueString": _m(f"{k.plek[-2:]}_besluit")},
            {"type": {"text": "vrij"}, "valueString": _m(f"{k.plek[-2:]}_los")},
            {
                "type": {"coding": [{"system": TAAKINVOER, "code": "contactvoorkeur"}]},
                "valueString": _m(f"{k.plek[-2:]}_bellen"),
            },
        ]
        resources.append(t)
    for t in ts:
        resources.append(
            toestemming(
                t.aan, t.groepen, t.doel, t.plek.removeprefix("Consent/"), "active" if t.actief else "inactive",
                f"2026-03-{t.dag_van}", f"2026-03-{t.dag_tot}", sorted(t.uitgezonderd), sorted(t.betreft),
            )  # fmt: skip
        )
    # "betreft" noemt alleen wat er is; een gebruik staat voor zijn hulpmiddel
    apparaat = {k: v for k, v in APPARAAT.items() if k in plekken}
    return Wereld(gegevens, ts, ks, apparaat), opname(*resources)


def _vrager(rol, app):
    namen = {f"Organization/{ORG[rol]}"} | (set() if app else {f"PractitionerRole/{FUNCTIE[rol]}"})
    return Vrager(rol, frozenset(namen)), actor(rol, "app" if app else "persoon")


def _teksten(m, wie, reg=None):
    z = zicht(wie, m, nu=NU.replace(day=VANDAAG), **({"reg": reg} if reg else {}))
    return {t for v in m.alle() if (getoond := z.toon(v)) for t in MERK.findall(getoond.tekst.decode())}


def _zonder_naam(teksten):
    """De naam bij een verwijzing naar de houder staat in elke resource en wordt apart getoetst."""
    return teksten - {_m("naam_bij_verwijzing")}


VEEL = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
MINDER = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@VEEL
@given(werelden, vragers)
def test_wat_naar_buiten_komt_is_precies_wat_het_orakel_toestaat(wereld, vrager):
    feiten, m = _maak(*wereld)
    orakelvrager, wie = _vrager(*vrager)
    if wie.soort == "app":  # een app van de organisatie ziet de Task van een functie daarvan
        feiten.taken = [
            dataclasses.replace(k, eigenaar=f"Organization/{ORG[vrager[0]]}")
            if k.eigenaar == f"PractitionerRole/{FUNCTIE[vrager[0]]}" else k
            for k in feiten.taken
        ]  # fmt: skip
    assert _zonder_naam(_teksten(m, wie)) == zichtbaar(feiten, orakelvrager, VANDAAG)


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
    wie = _vrager(*vrager)[1]
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
    assert _teksten(m, _vrager(*vrager)[1]) == set()


@MINDER
@given(werelden, vragers)
def test_een_geschorste_organisatie_ziet_nooit_iets(wereld, vrager):
    _, m = _maak(*wereld)
    assert _teksten(m, _vrager(*vrager)[1], register(geschorst=[ORG[vrager[0]]])) == set()


@MINDER
@given(werelden, vragers)
def test_de_naam_bij_een_verwijzing_naar_de_houder_hoort_bij_contact(wereld, vrager):
    _, m = _maak(*wereld)
    wie = _vrager(*vrager)[1]
    z = zicht(wie, m, nu=NU.replace(day=VANDAAG))
    for v in m.alle():
        getoond = z.toon(v)
        if getoond and _m("naam_bij_verwijzing") in getoond.tekst.decode():
            assert "contact" in z.groepen_voor(v)


@MINDER
@given(st.sampled_from(sorted(RESOURCES)), st.frozensets(st.sampled_from(GROEPEN)), st.frozensets(st.sampled_from(WIJSBAAR)))
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
