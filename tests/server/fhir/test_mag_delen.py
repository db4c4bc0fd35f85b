"""Mag ik delen: ja met grond en einddatum of nee, en nooit meer dan dat; voor elke groep en elke partij."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.toegang import ALLE_GROEPEN
from paspoort.toegang.rollen import leesbaar
from tests.conftest import ANDER, FUNCTIES, GEMEENTE, HOUDER, LEVERANCIER, PRAKTIJK
from tests.server.fhir.test_advies_gebeurtenissen import deel_concept
from tests.server.fhir.test_stroom_definitief import begin


@pytest.fixture
def dialect() -> str:
    """Gaat niet over de database."""
    return "sqlite"


async def stel(
    client: Any, aan: str, groep: str, patient: str = HOUDER, advies: str = ""
) -> tuple[int, dict[str, Any]]:
    delen = [{"name": "partij", "valueReference": {"reference": aan}}, {"name": "groep", "valueCode": groep}]
    delen += [{"name": "advies", "valueReference": {"reference": advies}}] if advies else []
    antwoord = await client.post(
        f"/Patient/{patient}/$mag-delen", json={"resourceType": "Parameters", "parameter": delen}
    )
    inhoud = antwoord.json()
    waarden = {p["name"]: next(w for n, w in p.items() if n != "name") for p in inhoud.get("parameter", [])}
    return antwoord.status_code, waarden


async def test_ja_alleen_als_beide_de_groep_zien(als: Any, wereld: Any) -> None:
    """Naast de roltabel en de twee toestemmingen, voor elke groep; nee zegt verder niets."""
    van_therapeut, van_leverancier = {"contact", "hulpmiddelen", "gezondheid", "eisen"}, {"contact", "maten", "eisen"}
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *van_therapeut)
    id_ = await wereld.deel(f"Organization/{LEVERANCIER}", "levering", *van_leverancier, "gezondheid")
    therapeut = als(rol="therapeut")
    for groep in sorted(ALLE_GROEPEN):
        status, uit = await stel(therapeut, f"Organization/{LEVERANCIER}", groep)
        verwacht = groep in van_therapeut & (van_leverancier | {"gezondheid"}) & leesbaar("leverancier")
        assert status == 200 and uit["antwoord"] is verwacht, groep
        assert uit == (
            {"antwoord": True, "grond": "toestemming", "tot": "2099-12-31"} if verwacht else {"antwoord": False}
        )
    await wereld.trek_in(id_)
    assert await stel(therapeut, f"Organization/{LEVERANCIER}", "contact") == (200, {"antwoord": False})


async def test_onbekend_en_zonder_grond_geven_hetzelfde(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "contact")
    therapeut = als(rol="therapeut")
    for aan in (f"Organization/{GEMEENTE}", "Organization/bestaat-niet", "PractitionerRole/bestaat-niet"):
        assert await stel(therapeut, aan, "contact") == (200, {"antwoord": False})
    aan = f"PractitionerRole/{FUNCTIES['verstrekker']}"
    await wereld.deel(aan, "onderzoek", "contact")
    assert (await stel(therapeut, aan, "contact"))[1]["antwoord"] is True


async def test_wie_zelf_geen_grond_heeft_vindt_het_paspoort_niet(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{LEVERANCIER}", "levering", "contact")
    consulent = als(rol="verstrekker")
    namen = {
        "partij": {"valueReference": {"reference": f"Organization/{LEVERANCIER}"}},
        "groep": {"valueCode": "contact"},
    }
    for heel in ([{"name": n, **w} for n, w in namen.items()], []):
        vraag = {"resourceType": "Parameters", "parameter": heel} if heel else {"resourceType": "Parameters"}
        verborgen = await consulent.post(f"/Patient/{HOUDER}/$mag-delen", json=vraag)
        onbekend = await consulent.post("/Patient/bestaat-niet/$mag-delen", json=vraag)
        assert verborgen.status_code == onbekend.status_code == (404 if heel else 400)
        assert verborgen.content == onbekend.content
    assert (await stel(als(rol="houder"), f"Organization/{LEVERANCIER}", "contact"))[1]["antwoord"] is True
    assert (await stel(als(rol="houder"), f"Organization/{LEVERANCIER}", "contact", ANDER))[0] == 404


@pytest.mark.parametrize("groep", ["alles", "", "Contact"])
async def test_een_groep_die_er_niet_is(als: Any, wereld: Any, groep: str) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "contact")
    assert (await stel(als(rol="therapeut"), f"Organization/{LEVERANCIER}", groep))[0] == 400


async def test_bij_een_concept_telt_alleen_het_ja_om_daarover_mee_te_denken(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    aan, plek = f"Organization/{GEMEENTE}", f"QuestionnaireResponse/{id_}"
    await wereld.deel(aan, "onderzoek", "advies", "eisen")
    assert (await stel(therapeut, aan, "eisen"))[1]["antwoord"] is True
    assert await stel(therapeut, aan, "eisen", advies=plek) == (200, {"antwoord": False})
    ja = await deel_concept(wereld, GEMEENTE, id_)
    gevraagd = await stel(therapeut, aan, "eisen", advies=plek)
    assert gevraagd == (200, {"antwoord": True, "grond": "toestemming", "tot": "2099-12-31"})
    # een concept dat er niet is, of dat de vrager niet ziet, geeft hetzelfde nee
    assert await stel(therapeut, aan, "eisen", advies="QuestionnaireResponse/bestaat-niet") == (
        200,
        {"antwoord": False},
    )
    await wereld.trek_in(ja)
    assert await stel(therapeut, aan, "eisen", advies=plek) == (200, {"antwoord": False})
