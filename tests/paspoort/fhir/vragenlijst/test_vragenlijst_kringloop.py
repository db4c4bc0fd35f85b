"""De kringloop: vooraf invullen, schrijven, voorstellen, overnemen en weer vooraf invullen geeft hetzelfde.

Het document weet de tekst, het paspoort de feiten; samen zeggen zij wat de schrijver zei, niet meer en niet minder.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import Json, lees, schrijf
from paspoort.fhir.stelsels import ICF
from paspoort.fhir.validatie import Validator, definities
from paspoort.fhir.voorstel import is_voorstel, met_stand
from paspoort.fhir.voorstellen import voorstellen
from paspoort.fhir.vragenlijst import Vragenlijst, advieslijsten, antwoorden, bouw, controleer, regels_van, vul_voor

REGELS = {
    d["url"]: regels_van(d) for d in definities() if d["resourceType"] == "Questionnaire" and d["status"] == "active"
}
KOP = {
    "subject": {"reference": "Patient/p"},
    "authored": "2026-11-20T10:00:00+01:00",
    "author": {"reference": "PractitionerRole/t"},
}
LATER = {**KOP, "authored": "2026-11-22T10:00:00+01:00"}
WOORD = st.text("abcdefghij klmnop", min_size=3, max_size=24).map(str.strip).filter(lambda t: len(t) > 2)
ICF_RIJ = st.fixed_dictionaries(
    {
        "icf-code": st.sampled_from(["b730", "b280", "d420", "d465", "d850"]),
        "icf-ernst": st.sampled_from(["licht", "ernstig"]),
    },
    optional={"icf-toelichting": WOORD},
)
EIS = st.fixed_dictionaries({"eis-tekst": WOORD, "eis-soort": st.sampled_from(["noodzakelijk", "wenselijk"]),
                             "eis-onderbouwing": WOORD, "eis-doel": WOORD})  # fmt: skip
MATEN = {"zitbreedte": st.decimals(20, 60, places=1), "lichaamsgewicht": st.decimals(20, 150, places=1)}
TEKSTEN = ("kan", "mag", "verwachte-behoefte", "stoornissen", "activiteiten", "participatie", "persoonlijke-factoren",
           "omgeving-woning", "omgeving-hulp", "eerder-geprobeerd", "wat-veranderd-uitleg")  # fmt: skip
NIET_UIT_EEN_ADVIES = {
    "hulpvraag",
    "urgentie",
    "urgentie-reden",
    "ontslagdatum",
    "wat-veranderd",
    "wat-veranderd-uitleg",
}
PASPOORT: tuple[Json, ...] = (
    {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "description": {"text": "naar buiten"}},
    {"resourceType": "Condition", "id": "c", "code": {"text": "artrose"}, "recordedDate": "2020-01-01"},
)


def antwoord(lijst: Vragenlijst) -> st.SearchStrategy[dict[str, Any]]:
    icf = st.lists(ICF_RIJ, max_size=3, unique_by=lambda rij: rij["icf-code"]).map(
        lambda rijen: [{**rij, "icf-code": {"system": ICF, "code": rij["icf-code"]}} for rij in rijen]
    )
    velden: dict[str, st.SearchStrategy[Any]] = {
        "diagnose": st.lists(WOORD, max_size=2, unique=True).map(lambda erbij: ["artrose", *erbij]),
        "wil": st.lists(WOORD, max_size=2, unique=True).map(lambda erbij: ["naar buiten", *erbij]),
        "prognose": st.sampled_from(["stabiel", "progressief"]),
        "icf": icf,
        "eis": st.lists(EIS, min_size=1, max_size=2),
        **MATEN,
        **dict.fromkeys(TEKSTEN, WOORD),
    }
    return st.fixed_dictionaries({code: waarde for code, waarde in velden.items() if code in lijst.per_code})


def gezegd(response: Json, lijst: Vragenlijst) -> dict[str, Any]:
    """Elk antwoord op code, de volgorde van herhaalde antwoorden daargelaten."""
    gegeven = antwoorden(response, lijst)
    per_code: dict[str, Any] = {}
    for vraag in (v for top in lijst.vragen for v in top.boom() if v.code not in NIET_UIT_EEN_ADVIES):
        if vraag.is_groep and vraag.herhaalt:
            rijen = [
                tuple(f"{k.sleutel}={rij.een(k.sleutel)}" for k in vraag.kinderen)
                for rij in gegeven.groepen(vraag.sleutel)
            ]
            per_code[vraag.sleutel] = Counter(rijen)
        elif not vraag.is_groep:
            waarden = gegeven.alle(vraag.sleutel)
            per_code[vraag.sleutel] = Counter(
                str(Decimal(w).normalize()) if isinstance(w, Decimal) else w for w in waarden
            )
    return {code: waarde for code, waarde in per_code.items() if waarde}


def stel_voor(advies: Json, lijst: Vragenlijst, paspoort: list[Json]) -> list[Json]:
    uitkomst = voorstellen(advies, REGELS[lijst.url], lijst, paspoort, lambda _: True)
    assert uitkomst.weg == ()
    return [{**inhoud, "id": id_ or f"voorstel-{n}"} for n, (id_, inhoud) in enumerate(uitkomst.zet)]


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator.laad()


@pytest.mark.parametrize("lijst", advieslijsten(), ids=lambda lijst: lijst.id)
def test_invullen_voorstellen_overnemen_en_weer_invullen_geeft_hetzelfde(
    lijst: Vragenlijst, validator: Validator
) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(antwoord(lijst))
    def wet(waarden: dict[str, Any]) -> None:
        begin, _ = vul_voor(lijst, PASPOORT, waarden, KOP)
        assert controleer(begin, lijst) == []
        advies = {**lees(schrijf(begin)), "id": "advies", "status": "completed"}
        samen = [*PASPOORT, advies]
        nieuw = stel_voor(advies, lijst, samen)
        assert all(is_voorstel(r) == "QuestionnaireResponse/advies" for r in nieuw)
        fouten = [m for r in nieuw for m in validator.controleer(r) if m.ernst == "error"]
        assert fouten == []
        met_open = [*samen, *nieuw]
        assert stel_voor(advies, lijst, met_open) == [], "nog eens voorstellen voegt niets toe"
        assert vul_voor(lijst, met_open, kop=LATER) == vul_voor(lijst, samen, kop=LATER), "een voorstel is geen feit"
        overgenomen = [*samen, *(met_stand(r, "overgenomen") for r in nieuw)]
        assert stel_voor(advies, lijst, overgenomen) == []
        opnieuw, _ = vul_voor(lijst, overgenomen, kop=LATER)
        assert gezegd(opnieuw, lijst) == gezegd(advies, lijst)
        afgewezen = [*samen, *(met_stand(r, "afgewezen") for r in nieuw)]
        assert stel_voor(advies, lijst, afgewezen) == [], "wat de houder niet wilde, komt niet terug"

    wet()


@pytest.mark.parametrize("lijst", advieslijsten(), ids=lambda lijst: lijst.id)
def test_vooraf_invullen_is_twee_keer_hetzelfde_en_nooit_ongeldig(lijst: Vragenlijst) -> None:
    eerst = vul_voor(lijst, PASPOORT, kop=KOP)
    assert eerst == vul_voor(lijst, reversed(PASPOORT), kop=KOP)
    assert bouw(lijst, {}, kop=KOP) != eerst[0]
