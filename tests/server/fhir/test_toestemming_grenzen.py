"""Grenzen aan een toestemming: samen praten duurt hoogstens dertig dagen, en een vraag ligt er een keer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from paspoort.toestemming import HIER
from tests.conftest import GEMEENTE, HOUDER, PRAKTIJK, Als, Wereld, toestemming

Json = dict[str, Any]
PARTIJ = f"Organization/{GEMEENTE}"


def vraag(doel: str, *groepen: str, dagen: int = 30, aan: str = PARTIJ, **anders: Any) -> Json:
    """Een toestemming van vandaag tot over zoveel dagen."""
    vandaag = datetime.now(HIER).date()
    inhoud = toestemming(aan, doel, groepen, "x", HOUDER)
    periode = {"start": vandaag.isoformat(), "end": (vandaag + timedelta(days=dagen)).isoformat()}
    kaal = {k: w for k, w in inhoud.items() if k != "id"} | {"dateTime": datetime.now(HIER).isoformat("T", "seconds")}
    return {**kaal, "provision": {**inhoud["provision"], "period": periode}, **anders}


def fout(antwoord: Any) -> list[tuple[str, str]]:
    return [(i["details"]["coding"][0]["code"], i["expression"][0]) for i in antwoord.json()["issue"]]


@pytest.mark.parametrize(("doel", "dagen", "status"), [
    ("afstemming", 30, 201), ("afstemming", 31, 422), ("onderzoek", 31, 201),
])  # fmt: skip
async def test_samen_praten_duurt_hoogstens_zo_lang_als_de_tabel_zegt(
    als: Als, wereld: Wereld, doel: str, dagen: int, status: int
) -> None:
    a = await als().post("Consent", json=vraag(doel, "advies", "eisen", dagen=dagen))
    assert a.status_code == status, a.text
    if status == 422:
        assert fout(a) == [("toestemming-einddatum", "Consent.provision.period.end")]


async def test_wijzigen_legt_het_einde_ook_niet_verder_en_wat_er_stond_mag_blijven(als: Als, wereld: Wereld) -> None:
    oud = vraag("afstemming", "advies", "eisen", dagen=200) | {"id": "lang"}
    await wereld.zet(HOUDER, oud)
    gelezen = (await als().get("Consent/lang")).json()
    smaller = {
        **gelezen,
        "provision": {**gelezen["provision"], "securityLabel": gelezen["provision"]["securityLabel"][1:]},
    }
    a = await als().put("Consent/lang", json=smaller)
    assert a.status_code == 200, a.text
    later = a.json()
    later["provision"]["period"]["end"] = vraag("afstemming", "eisen", dagen=201)["provision"]["period"]["end"]
    b = await als().put("Consent/lang", json=later)
    assert (b.status_code, fout(b)) == (422, [("toestemming-einddatum", "Consent.provision.period.end")])


async def test_dezelfde_open_vraag_kan_niet_twee_keer(als: Als, wereld: Wereld) -> None:
    await wereld.deel(PARTIJ, "onderzoek", "contact", "verzoeken")
    partij = als(rol="verstrekker")
    gevraagd = vraag("onderzoek", "contact", "eisen", status="proposed")
    eerst = await partij.post("Consent", json=gevraagd)
    assert eerst.status_code == 201, eerst.text
    weer = await partij.post("Consent", json=gevraagd)
    assert (weer.status_code, fout(weer)) == (422, [("toestemming-loopt-al", "Consent.provision.purpose")])
    assert (await partij.post("Consent", json=vraag("onderzoek", "contact", status="proposed"))).status_code == 201
    plek = "Consent/" + eerst.headers["location"].partition("Consent/")[2].partition("/")[0]
    nee = {**(await als().get(plek)).json(), "status": "rejected"}
    assert (await als().put(f"Consent/{nee['id']}", json=nee)).status_code == 200
    assert (await partij.post("Consent", json=gevraagd)).status_code == 201, "na een nee mag de vraag opnieuw"


async def test_de_vraag_van_een_ander_telt_niet_mee(als: Als, wereld: Wereld) -> None:
    """Anders zou een partij aan het antwoord merken wie er nog meer vraagt."""
    for partij in (PARTIJ, f"Organization/{PRAKTIJK}"):
        await wereld.deel(partij, "onderzoek", "contact", "verzoeken")
    ander = vraag("advies", "contact", aan=f"Organization/{PRAKTIJK}", status="proposed")
    assert (await als(rol="therapeut").post("Consent", json=ander)).status_code == 201
    zelf = vraag("onderzoek", "contact", status="proposed")
    assert (await als(rol="verstrekker").post("Consent", json=zelf)).status_code == 201
