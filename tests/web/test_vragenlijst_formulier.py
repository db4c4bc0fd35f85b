"""Het formulier van een vragenlijst zonder script: elke soort vraag, bijwerken, zoeken, rijen in rijen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from tests.web.vragenlijstwereld import app


@pytest.fixture
async def scherm() -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app()), base_url="http://proef")


def velden(html: str) -> Iterator[tuple[str, str]]:
    """Wat een browser zonder script instuurt: alles met een naam buiten een uitgezet deel; knoppen niet."""
    uit = 0
    patroon = r"<fieldset[^>]*>|</fieldset>|<input[^>]*>|<textarea[^>]*>.*?</textarea>|<select.*?</select>"
    open_: list[bool] = []
    for deel in re.findall(patroon, html, re.S):
        naam = (re.search(r'\bname="([^"]*)"', deel) or ["", ""])[1]
        if deel.startswith("<fieldset"):
            open_.append(" disabled" in deel)
            uit += open_[-1]
        elif deel.startswith("</fieldset"):
            uit -= open_.pop()
        elif uit or not naam:
            continue
        elif deel.startswith("<textarea"):
            yield naam, re.sub(r"<[^>]*>", "", deel)
        elif deel.startswith("<select"):
            gekozen = re.search(r'value="([^"]*)" selected', deel) or re.search(r'value="([^"]*)"', deel)
            yield naam, gekozen[1] if gekozen else ""
        elif not re.search(r'type="(radio|checkbox)"', deel) or " checked" in deel:
            yield naam, (re.search(r'\bvalue="([^"]*)"', deel) or ["", ""])[1]


def form(html: str, **anders: Any) -> dict[str, list[str]]:
    uit: dict[str, list[str]] = {}
    for naam, waarde in velden(html):
        uit.setdefault(naam, []).append(waarde)
    return uit | {naam: waarde if isinstance(waarde, list) else [waarde] for naam, waarde in anders.items()}


async def stuur(scherm: AsyncClient, html: str, **anders: Any) -> Response:
    antwoord = await scherm.post("/", data=form(html, **{n.replace("__", "."): w for n, w in anders.items()}))
    assert antwoord.status_code == 200
    return antwoord


async def gelezen(scherm: AsyncClient) -> dict[str, Any]:
    plat: dict[str, Any] = {}

    def bij(items: list[dict[str, Any]], voor: str) -> None:
        aantal: dict[str, int] = {}
        for i in items:
            n = aantal[i["linkId"]] = aantal.get(i["linkId"], -1) + 1
            if "answer" in i:
                plat[voor + i["linkId"]] = [next(iter(a.values())) for a in i["answer"]]
            bij(i.get("item", []), f"{voor}{i['linkId']}.{n}.")

    bij((await scherm.get("/laatste")).json().get("item", []), "")
    return plat


async def test_elke_soort_vraag_wordt_gelezen_en_staat_er_weer(scherm: AsyncClient) -> None:
    html = (await scherm.get("/")).text
    html = (
        await stuur(
            scherm, html, naam="Jo", hulp="nee", kleur__anders="paars", gewicht="12,5", gewicht__eenheid="kg",
            lengte="170", dag="3 mei 2026", wanneer="3-5-2026 14:30", laat="9.15",
            adres="https://proef.nl", bijnaam=["Jojo", "J"],
        )
    ).text  # fmt: skip
    verwacht = {
        "naam": ["Jo"], "hulp": [False], "kleur": ["paars"], "lengte": [170], "dag": ["2026-05-03"],
        "gewicht": [{"value": "12.5", "unit": "kilo", "system": "http://unitsofmeasure.org", "code": "kg"}],
        "wanneer": ["2026-05-03T14:30:00+02:00"], "laat": ["09:15:00"], "adres": ["https://proef.nl"],
        "bijnaam": ["Jojo", "J"],
    }  # fmt: skip
    assert await gelezen(scherm) == verwacht
    await stuur(scherm, html)
    assert await gelezen(scherm) == verwacht


async def test_een_vraag_komt_er_na_bijwerken_en_gaat_niet_mee_als_zij_er_niet_is(scherm: AsyncClient) -> None:
    html = (await scherm.get("/")).text
    assert "wie" not in form(html)
    html = (await stuur(scherm, html, hulp="ja", bijwerken="hulp")).text
    assert form(html)["wie"] == [""]
    html = (await stuur(scherm, html, wie="Mijn zus", vaak="dag", bijwerken="vaak")).text
    html = (await stuur(scherm, html, reden="Het moet.")).text
    assert {"wie", "vaak", "reden"} <= set(await gelezen(scherm))
    html = (await stuur(scherm, html, hulp="nee", bijwerken="hulp")).text
    assert not {"wie", "vaak", "reden"} & set(await gelezen(scherm))
    assert not {"wie", "reden"} & set(form(html))


async def test_zoeken_in_een_lange_lijst_zonder_script(scherm: AsyncClient) -> None:
    html = (await scherm.get("/")).text
    html = (await stuur(scherm, html, soort__zoek="rolstóel ELEK", zoek="soort")).text
    assert "gevonden." in html and 'value="11A02"' in html
    html = (await stuur(scherm, html, soort=["11A02"])).text
    assert [c["code"] for c in (await gelezen(scherm))["soort"]] == ["11A02"]
    html = (await stuur(scherm, html, soort__zoek="bestaat vast niet", zoek="soort")).text
    assert "Niets gevonden" in html and form(html)["soort"] == ["11A02"]


async def test_rijen_in_rijen_komen_en_gaan_met_knoppen(scherm: AsyncClient) -> None:
    html = (await scherm.get("/")).text
    html = (await stuur(scherm, html, persoon__0__dagdeel__0__deel="ochtend", **{"persoon.0.wie-het-is": "An"})).text
    html = (await stuur(scherm, html, **{"rij-erbij": "persoon.0.dagdeel"})).text
    html = (await stuur(scherm, html, persoon__0__dagdeel__1__deel="avond", **{"rij-erbij": "persoon"})).text
    html = (await stuur(scherm, html, **{"persoon.1.wie-het-is": "Bo"})).text
    assert (await gelezen(scherm)) == {
        "persoon.0.wie-het-is": ["An"], "persoon.0.dagdeel.0.deel": ["ochtend"], "persoon.0.dagdeel.1.deel": ["avond"],
        "persoon.1.wie-het-is": ["Bo"],
    }  # fmt: skip
    await stuur(scherm, html, **{"rij-weg": "persoon.0.dagdeel.0"})
    assert (await gelezen(scherm))["persoon.0.dagdeel.0.deel"] == ["avond"]


async def test_een_vraag_in_een_rij_luistert_naar_haar_eigen_rij(scherm: AsyncClient) -> None:
    html = (await scherm.get("/")).text
    html = (
        await stuur(scherm, html, persoon__0__tilt="ja", **{"rij-erbij": "persoon", "persoon.0.wie-het-is": "An"})
    ).text
    assert "persoon.0.kilo" in form(html) and "persoon.1.kilo" not in form(html)
    await stuur(scherm, html, persoon__0__kilo="20", persoon__1__kilo="30", **{"persoon.1.wie-het-is": "Bo"})
    assert {n: w for n, w in (await gelezen(scherm)).items() if n.endswith("kilo")} == {"persoon.0.kilo": ["20"]}


async def test_een_fout_staat_bij_haar_veld_en_wat_getypt_is_blijft(scherm: AsyncClient) -> None:
    html = (await stuur(scherm, (await scherm.get("/")).text, lengte="lang", wanneer="morgen")).text
    assert form(html)["lengte"] == ["lang"] and form(html)["wanneer"] == ["morgen"]
    veld = re.search(r'<input[^>]*id="lengte"[^>]*>', html)
    assert veld and 'aria-invalid="true"' in veld[0] and "lengte-fout" in veld[0]
