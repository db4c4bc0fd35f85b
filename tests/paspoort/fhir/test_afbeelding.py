# ruff: noqa: E501 - tabellen: één regel per geval
"""De wet van de afbeelding: `uit_fhir(naar_fhir(x)) == x`, voor elk zelfstandig naamwoord en alle velden.

De gegevens komen uit de typen van de dataclasses zelf: een nieuw veld doet vanzelf mee, en een veld dat onderweg
verloren gaat valt op. Alles gaat ook echt door JSON.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.aanvraag import Behandeling, Opdracht, Verzoek
from paspoort.advies import Eis, Functie, FunctioneelAdvies, Schrijver
from paspoort.beschikking import Besluit, Bezwaar, Tarief
from paspoort.document import Document
from paspoort.ervaring import Evaluatie
from paspoort.fhir import aanvraag, advies, beschikking, document, gezondheid, houder, hulpmiddel, plan
from paspoort.fhir.fhirjson import Json, lees, schrijf
from paspoort.fhir.validatie import Validator
from paspoort.gegeven import Code, Gebeurtenis, Gegeven, Hoeveelheid, Periode
from paspoort.gezondheid import Aandoening, Doel, Meting
from paspoort.houder import Adres, Bsn, Houder, Naam, Vertegenwoordiger
from paspoort.hulpmiddel import Gebruik, Hulpmiddel, Proef, Verstrekker
from paspoort.plan import Begeleiding, PersoonlijkPlan, Voorzieningenplan

PATIENT = "Patient/p1"
TEKST = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)
CODE = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
VERWIJZING = st.builds("{}/{}".format, st.sampled_from(["Device", "Organization", "QuestionnaireResponse"]), CODE)
DECIMAAL = st.decimals(min_value=0, max_value=9999, places=2, allow_nan=False)
DATUM = st.dates(date(1920, 1, 1), date(2060, 1, 1))
BASIS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEKST,
    int: st.integers(1, 999),
    bool: st.booleans(),
    date: DATUM,
    datetime: st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),
    Decimal: DECIMAAL,
    Bsn: st.just(Bsn("999990019")),
}
# Velden waar niet elke tekst mag: verwijzingen, codes uit een lijst, en wat van een ander veld afhangt.
REFERENTIES = {
    *("hulpmiddel", "besluit", "organisatie", "vervangt", "eigenaar", "leverancier", "hoofdhulpmiddel", "auteur"),
    *("betreft", "aanvrager", "afroep", "opdrachtgever", "verzoek", "brief", "opdracht", "gebruik", "eisen", "lid"),
    *("nieuw_hulpmiddel", "nieuw_gebruik", "namens"),
}
REFERENTIELIJSTEN = {"adviezen", "formulieren", "maten", "grondslag", "documenten", "betreft", "auteurs"}
VERHAAL = st.lists(st.sampled_from(advies.VERHAAL), unique=True)
PLANCODES = [v.sleutel for top in plan.eigen("persoonlijk-plan").vragen for v in top.boom() if not v.is_groep]


def op_volgorde(codes: list[str], waarde: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Paren (code, waarde) in de volgorde van de vragenlijst."""
    return st.lists(st.sampled_from(codes), unique=True).flatmap(
        lambda gekozen: st.tuples(*(st.tuples(st.just(c), waarde) for c in sorted(gekozen, key=codes.index)))
    )


APART: dict[tuple[type, str], st.SearchStrategy[Any]] = {
    (FunctioneelAdvies, "maten"): op_volgorde(list(advies.MATEN), DECIMAAL),
    (FunctioneelAdvies, "verhaal"): op_volgorde(list(advies.VERHAAL), TEKST),
    (FunctioneelAdvies, "vragenlijst"): st.just(""),
    (FunctioneelAdvies, "afgestemd_met"): st.just(()),  # deze vier komen uit gebeurtenissen, niet uit het document
    (FunctioneelAdvies, "nog_geldig_op"): st.none(),
    (FunctioneelAdvies, "ingetrokken_op"): st.none(),
    (FunctioneelAdvies, "ingetrokken_reden"): st.none(),
    (FunctioneelAdvies, "wil"): st.lists(TEKST, unique=True, max_size=3).map(tuple),
    (FunctioneelAdvies, "verwacht_wanneer"): st.none() | st.sampled_from(["half-jaar", "later"]),
    (FunctioneelAdvies, "veranderd"): st.just(()),  # alleen in een verkort advies
    (FunctioneelAdvies, "veranderd_uitleg"): st.none(),
    (Functie, "code"): st.sampled_from(["b730", "d465"]),
    (Functie, "ernst"): st.none() | st.sampled_from(["licht", "ernstig"]),
    (FunctioneelAdvies, "akkoord"): st.none() | st.sampled_from(["ja", "nee", "deels"]),
    (FunctioneelAdvies, "complexe_kenmerken"): st.lists(
        st.sampled_from(["kind", "progressief", "multimorbiditeit"]), unique=True
    ).map(tuple),
    (Eis, "categorie"): st.none() | st.sampled_from(["11A02", "11A03"]),
    (Eis, "domein"): st.none() | st.sampled_from(["wonen", "vervoer"]),
    (Schrijver, "rol"): st.none() | st.sampled_from(["ergotherapeut", "revalidatiearts"]),
    (Evaluatie, "tevredenheid"): st.none() | st.sampled_from(["tevreden", "neutraal"]),
    (PersoonlijkPlan, "antwoorden"): op_volgorde(PLANCODES, TEKST),
    (Besluit, "door"): st.none() | CODE.map("Organization/{}".format),
    (Gebeurtenis, "doelen"): st.lists(VERWIJZING | VERWIJZING.map("{}/3".format), min_size=1, max_size=3).map(tuple),
    (Gebeurtenis, "door"): st.none() | VERWIJZING,
    (Meting, "betreft"): st.lists(VERWIJZING, unique=True, max_size=2).map(tuple),
    (Vertegenwoordiger, "groepen"): st.frozensets(st.sampled_from(["contact", "maten", "plan"])),
    (Vertegenwoordiger, "afgeschermd"): st.frozensets(VERWIJZING, max_size=3),
}


def van(soort: Any, eigenaar: type | None = None, naam: str = "") -> st.SearchStrategy[Any]:
    """Een strategie voor een type uit een annotatie."""
    if eigenaar is not None and (eigenaar, naam) in APART:
        return APART[(eigenaar, naam)]
    oorsprong = typing.get_origin(soort)
    if oorsprong in (typing.Union, types.UnionType):
        return st.none() | van(next(a for a in typing.get_args(soort) if a is not type(None)), eigenaar, naam)
    if oorsprong is tuple:
        kern = VERWIJZING if naam in REFERENTIELIJSTEN else van(typing.get_args(soort)[0])
        return st.lists(kern, max_size=3).map(tuple)
    if soort is str and naam in REFERENTIES:
        return VERWIJZING
    if soort is str and naam in {"id", "code"}:
        return CODE
    if isinstance(soort, type) and issubclass(soort, StrEnum):
        return st.sampled_from(soort)
    if is_dataclass(soort) and soort not in BASIS:
        return bouwer(typing.cast(type, soort))
    return BASIS[soort]


def bouwer(soort: type) -> st.SearchStrategy[Any]:
    """Een strategie voor een dataclass, veld voor veld; een bevestiging staat in de Provenance en niet hier."""
    typen = typing.get_type_hints(soort)
    namen = [f.name for f in fields(soort) if f.name not in {"bevestigd_door", "bevestigd_op"}]  # type: ignore[arg-type]
    return st.builds(soort, **{n: van(typen[n], soort, n) for n in namen}).filter(niet_leeg)


def niet_leeg(waarde: Any) -> bool:
    """FHIR kent geen lege objecten: die zijn na afbeelden weg, en dat is goed."""
    leeg = (Periode(), Proef(), Tarief(), Bezwaar(), Adres(), Naam(), Schrijver())
    return not any(
        deel in leeg if is_dataclass(deel) else isinstance(deel, tuple) and any(d in leeg for d in deel)
        for deel in (getattr(waarde, f.name) for f in fields(waarde))
    )


GEVALLEN: list[tuple[type[Gegeven], Callable[..., Json], Callable[[Json], Gegeven]]] = [
    (Houder, lambda x, _: houder.naar_fhir(x), houder.uit_fhir),
    (Vertegenwoordiger, houder.vertegenwoordiger_naar_fhir, houder.vertegenwoordiger_uit_fhir),
    (Aandoening, gezondheid.aandoening_naar_fhir, gezondheid.aandoening_uit_fhir),
    (Meting, gezondheid.meting_naar_fhir, gezondheid.meting_uit_fhir),
    (Doel, gezondheid.doel_naar_fhir, gezondheid.doel_uit_fhir),
    (Hulpmiddel, hulpmiddel.hulpmiddel_naar_fhir, hulpmiddel.hulpmiddel_uit_fhir),
    (Gebruik, hulpmiddel.gebruik_naar_fhir, hulpmiddel.gebruik_uit_fhir),
    (FunctioneelAdvies, advies.naar_fhir, advies.uit_fhir),
    (Evaluatie, advies.evaluatie_naar_fhir, advies.evaluatie_uit_fhir),
    (Verzoek, aanvraag.verzoek_naar_fhir, aanvraag.verzoek_uit_fhir),
    (Behandeling, aanvraag.behandeling_naar_fhir, aanvraag.behandeling_uit_fhir),
    (Opdracht, aanvraag.opdracht_naar_fhir, aanvraag.opdracht_uit_fhir),
    (Besluit, beschikking.naar_fhir, beschikking.uit_fhir),
    (Voorzieningenplan, plan.voorzieningenplan_naar_fhir, plan.voorzieningenplan_uit_fhir),
    (Begeleiding, plan.begeleiding_naar_fhir, plan.begeleiding_uit_fhir),
    (PersoonlijkPlan, plan.persoonlijk_plan_naar_fhir, plan.persoonlijk_plan_uit_fhir),
    (Document, document.naar_fhir, document.uit_fhir),
    (Gebeurtenis, lambda x, _: document.gebeurtenis_naar_fhir(x), document.gebeurtenis_uit_fhir),
]


@pytest.mark.parametrize(("soort", "naar", "uit"), GEVALLEN, ids=[g[0].__name__ for g in GEVALLEN])
def test_heen_en_terug_is_hetzelfde(
    soort: type[Gegeven], naar: Callable[..., Json], uit: Callable[[Json], Gegeven]
) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bouwer(soort))
    def wet(x: Gegeven) -> None:
        assert uit(lees(schrijf(naar(x, PATIENT)))) == x

    wet()


@pytest.mark.parametrize(("soort", "naar", "uit"), GEVALLEN, ids=[g[0].__name__ for g in GEVALLEN])
def test_een_lege_resource_geeft_geen_fout(
    soort: type[Gegeven], naar: Callable[..., Json], uit: Callable[[Json], Gegeven]
) -> None:
    """Een gedeeltelijk zicht kan bijna alles weglaten."""
    assert isinstance(uit({"resourceType": soort.TYPE, "id": "x"}), soort)


ROMMEL = st.recursive(
    st.none() | st.booleans() | st.integers() | TEKST | st.just("2026-13-45"),
    lambda kind: st.lists(kind, max_size=2) | st.dictionaries(TEKST, kind, max_size=2),
    max_leaves=5,
)


@pytest.mark.parametrize(("soort", "naar", "uit"), GEVALLEN, ids=[g[0].__name__ for g in GEVALLEN])
def test_rommel_in_een_element_geeft_geen_fout(
    soort: type[Gegeven], naar: Callable[..., Json], uit: Callable[[Json], Gegeven]
) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bouwer(soort), st.data())
    def wet(x: Gegeven, data: st.DataObject) -> None:
        inhoud = naar(x, PATIENT)
        element = data.draw(st.sampled_from(sorted(set(inhoud) - {"resourceType", "id"})))
        uit(inhoud | {element: data.draw(ROMMEL)})

    wet()


ROL = Code("http://snomed.info/sct", "58938008", "rolstoel")
GOED: list[tuple[Gegeven, Callable[..., Json]]] = [
    (Hulpmiddel(id="d", naam="Rolstoel", soorten=(ROL,), categorie="11A02", maatwerk=True, status="active"), hulpmiddel.hulpmiddel_naar_fhir),
    (Gebruik(id="g", hulpmiddel="Device/d", verstrekkers=(Verstrekker("Organization/o"),)), hulpmiddel.gebruik_naar_fhir),
    (Aandoening(id="c", code=Code("http://snomed.info/sct", "5262007"), levenslang=True), gezondheid.aandoening_naar_fhir),
    (Verzoek(id="v", categorie="11A02", aanvrager="Patient/p1", aanpassing=False), aanvraag.verzoek_naar_fhir),
    (Besluit(id="b", categorie="11A02", genomen_op=date(2019, 4, 2), door="Organization/o"), beschikking.naar_fhir),
    (Opdracht(id="t", eigenaar="Organization/o", opdrachtgever="Organization/g", hulpmiddel="Device/d", gemaakt_op=datetime(2026, 1, 1, tzinfo=UTC), doel="levering"), aanvraag.opdracht_naar_fhir),
    (Behandeling(id="t", eigenaar="Organization/o", verzoek="DeviceRequest/v", gemaakt_op=datetime(2026, 1, 1, tzinfo=UTC)), aanvraag.behandeling_naar_fhir),
    (Meting(id="m", code=Code("http://hulpmiddelenpaspoort.nl/fhir/CodeSystem/maat", "zitbreedte"), waarde=Hoeveelheid(Decimal("42.0"), "cm")), gezondheid.meting_naar_fhir),
]  # fmt: skip


@pytest.mark.parametrize(("gegeven", "naar"), GOED, ids=[type(g[0]).__name__ for g in GOED])
def test_wat_wij_schrijven_keurt_onze_eigen_controle_goed(gegeven: Gegeven, naar: Callable[..., Json]) -> None:
    fouten = [m for m in Validator.laad().controleer(naar(gegeven, PATIENT)) if m.ernst == "error"]
    assert [(m.code, m.plek) for m in fouten] == []
