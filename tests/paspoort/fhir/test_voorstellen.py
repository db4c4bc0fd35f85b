"""Wetten van de voorstellen: nog eens uitrekenen doet niets, beslist is beslist, en wat een ander schreef blijft."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import Json, lees, schrijf
from paspoort.fhir.stelsels import extension
from paspoort.fhir.voorstel import is_voorstel, met_stand, telt_niet, voorstel_van
from paspoort.fhir.voorstellen import voorstellen
from paspoort.fhir.vragenlijst import antwoorden, bouw, eigen, regels_van, vul_voor
from tests.paspoort.fhir.vragenlijst.test_vragenlijst_extractie import KOP, VRAGENLIJSTEN

LIJST = eigen("functioneel-advies")
REGELS = regels_van(VRAGENLIJSTEN["functioneel-advies"])
NAMEN = ("Artrose", "ALS", "CVA", "Zelf koken", "Naar buiten")
ICF = ("d450", "d465", "d540")
TEKSTEN = st.lists(st.sampled_from(NAMEN), unique=True, max_size=3)
ANTWOORDEN = st.fixed_dictionaries(
    {"diagnose": TEKSTEN, "wil": TEKSTEN},
    optional={
        "zitbreedte": st.integers(30, 60),
        "lichaamslengte": st.integers(100, 200),
        "icf": st.lists(
            st.fixed_dictionaries(
                {
                    "icf-code": st.sampled_from(("d450", "d465", "d540")),
                    "icf-ernst": st.sampled_from(("licht", "matig")),
                }
            ),
            max_size=3,
        ),
    },
)


def advies(id: str, waarden: dict[str, Any], vervangt: str | None = None) -> Json:
    kop = {**KOP, "id": id}
    inhoud = bouw(LIJST, {k: w for k, w in waarden.items() if w}, "completed", kop)
    if vervangt:
        verwijst = {"reference": f"QuestionnaireResponse/{vervangt}"}
        inhoud["extension"] = [{"url": extension("vervangt"), "valueReference": verwijst}]
    return lees(schrijf(inhoud))


def feit(naam: str, nummer: int) -> Json:
    tekst = {"code": {"text": naam}}
    soort = [{"coding": [{"system": "http://snomed.info/sct", "code": "282291009"}]}]
    return {"resourceType": "Condition", "id": f"feit-{nummer}", "subject": KOP["subject"], "category": soort} | tekst


def bewaar(paspoort: list[Json], inhoud: Json, mijn: set[str]) -> list[Json]:
    """Het paspoort na dit advies; `mijn` zijn de ids van wat deze schrijver maakte."""
    uit = voorstellen(inhoud, REGELS, LIJST, paspoort, lambda r: r["id"] in mijn)
    per = {(str(r["resourceType"]), str(r["id"])): r for r in paspoort}
    for plek in uit.weg:
        assert plek[1] in mijn
        del per[plek]
    for nummer, (id_, resource) in enumerate(uit.zet):
        assert id_ is None or id_ in mijn
        eigen_id = id_ or f"v-{inhoud['id']}-{nummer}"
        mijn.add(eigen_id)
        per[str(resource["resourceType"]), eigen_id] = lees(schrijf({**resource, "id": eigen_id}))
    per["QuestionnaireResponse", str(inhoud["id"])] = inhoud
    return list(per.values())


def beslis(paspoort: list[Json], over: bool) -> list[Json]:
    return [met_stand(r, "overgenomen" if over else "afgewezen") if is_voorstel(r) else r for r in paspoort]


@settings(max_examples=40, deadline=None)
@given(ANTWOORDEN, st.lists(st.sampled_from(NAMEN), unique=True, max_size=2))
def test_nog_eens_uitrekenen_en_na_elke_beslissing_komt_er_niets_bij(waarden: Any, bekend: list[str]) -> None:
    begin = [feit(naam, n) for n, naam in enumerate(bekend)]
    mijn: set[str] = set()
    inhoud = advies("a", waarden)
    na = bewaar(begin, inhoud, mijn)
    for over in (None, True, False):
        stand = na if over is None else beslis(na, over)
        nog = voorstellen(inhoud, REGELS, LIJST, stand, lambda r: r["id"] in mijn)
        assert (nog.zet, nog.weg) == ((), ())
    assert all(r in na for r in begin)
    vragen = [(v.vraag, v.nummer) for r in na if (v := voorstel_van(r))]
    assert len(vragen) == len(set(vragen))  # (advies, vraag, nummer) wijst er één aan


@settings(max_examples=40, deadline=None)
@given(ANTWOORDEN, ANTWOORDEN, st.booleans(), st.booleans())
def test_een_volgend_advies_werkt_alleen_eigen_open_voorstellen_bij(
    een: Any, twee: Any, beslist: bool, zelfde_schrijver: bool
) -> None:
    mijn: set[str] = set()
    na = bewaar([], advies("a", een), mijn)
    if beslist:
        na = beslis(na, over=True)
    van_nu = mijn if zelfde_schrijver else set[str]()
    vast = [r for r in na if not is_voorstel(r) or not zelfde_schrijver]
    erna = bewaar(na, advies("b", twee, vervangt="a"), van_nu)
    assert all(r in erna for r in vast)
    open_ = [r for r in erna if is_voorstel(r)]
    if zelfde_schrijver:
        assert {is_voorstel(r) for r in open_} <= {"QuestionnaireResponse/b"}
    # twee gelijke rijen in één advies zijn twee voorstellen; een volgend advies maakt er nooit meer dan het zelf vraagt
    alleen = [r for r in bewaar([], advies("b", twee, vervangt="a"), set()) if is_voorstel(r)]
    assert zelfde_schrijver is False or _soorten(open_) <= _soorten(alleen)


def _soorten(voorstellen: list[Any]) -> Counter[tuple[Any, bytes]]:
    """Hoe vaak elk voorstel er is, op de vraag en wat het zegt."""
    inhoud = [
        schrijf({k: w for k, w in r.items() if k in ("code", "description", "valueQuantity")}) for r in voorstellen
    ]
    return Counter((voorstel_van(r).vraag, i) for r, i in zip(voorstellen, inhoud, strict=True))  # type: ignore[union-attr]


@settings(max_examples=30, deadline=None)
@given(ANTWOORDEN)
def test_vullen_invullen_eruit_halen_en_opnieuw_vullen_geeft_hetzelfde(waarden: Any) -> None:
    inhoud = advies("a", waarden)
    na = beslis(bewaar([], inhoud, set()), over=True)
    opnieuw, _ = vul_voor(LIJST, na)
    was, nu = antwoorden(inhoud), antwoorden(opnieuw)
    for code in ("diagnose", "wil"):
        assert sorted(map(str, nu.alle(code))) == sorted(map(str, was.alle(code)))
    for code in ("zitbreedte", "lichaamslengte"):
        assert nu.een(code) == was.een(code) or Decimal(str(nu.een(code))) == Decimal(str(was.een(code)))


def test_een_rij_met_een_icf_code_is_een_meting_met_ernst_en_toelichting() -> None:
    rij = {"icf-code": "d450", "icf-ernst": "matig", "icf-toelichting": "Binnenshuis met een rollator."}
    (voorstel,) = [r for r in bewaar([], advies("a", {"icf": [rij]}), set()) if is_voorstel(r)]
    assert (voorstel["resourceType"], voorstel["status"]) == ("Observation", "preliminary")
    assert voorstel["code"]["coding"][0]["code"] == "d450"
    assert voorstel["valueCodeableConcept"]["coding"][0]["code"] == "matig"
    assert voorstel["note"] == [{"text": "Binnenshuis met een rollator."}]


def test_een_open_of_afgewezen_voorstel_vult_niets_in_en_telt_niet() -> None:
    na = bewaar([], advies("a", {"diagnose": ["Artrose"]}), set())
    zonder = [r for r in na if r["resourceType"] != "QuestionnaireResponse"]
    for stand in (zonder, beslis(zonder, over=False)):
        assert all(telt_niet(r) for r in stand)
        assert antwoorden(vul_voor(LIJST, stand)[0]).alle("diagnose") == ()
    assert antwoorden(vul_voor(LIJST, beslis(zonder, over=True))[0]).alle("diagnose") == ("Artrose",)
