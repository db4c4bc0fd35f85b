"""Wie alleen papier heeft: het verzoek kan nog niet door, u leest waarom en wie helpt, en één druk lost het op.

Over HTTP. De eis: "one that does not says which ground failed and who can mend it; after a paper beschikking is
confirmed it does qualify". De houder is Gerda Blom: een foto van een beschikking en een paar velden, onbevestigd.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.verhaal import stukken as s
from tests.verhaal.apps import App, als_organisatie, als_persoon, issues
from tests.verhaal.product import Json, Product

LICHT = {"leverancier-direct", "doorzetten"}


@dataclass
class Zaak:
    """Het lopende verzoek van Gerda bij haar gemeente."""

    houder: App
    gemeente: App
    wie: str
    taak: str
    verzoek: str


@pytest.fixture(scope="module")
def zaak(product: Product) -> Zaak:
    gerda = product.persoon("Gerda")
    gemeente, wie = als_organisatie(product, "gemeente"), f"Patient/{gerda['patient']}"
    taken = [t for t in gemeente.zoek("Task", patient=wie) if t["status"] == "requested"]
    assert len(taken) == 1
    houder = als_persoon(product, gerda["code"])
    return Zaak(houder, gemeente, wie, s.met_id(taken[0]), taken[0]["focus"]["reference"])


def test_van_papier_naar_opdracht(zaak: Zaak) -> None:
    """Eén test, want elke stap leest wat de vorige achterliet."""
    voor = zaak.houder.doe(f"{zaak.verzoek}/$herhaaltoets")
    assert s.waarde_van(voor, "route") not in LICHT
    ontbreekt = s.alle(voor, "ontbreekt")
    assert ontbreekt and all(o["wie"] and o["tekst"] for o in ontbreekt), "de houder leest wie het kan aanvullen"
    assert voor.get("dataRequirement"), "en een app leest het als dataRequirement"

    nee = zaak.gemeente.stuur("POST", f"{zaak.taak}/$beslis", s.parameters(uitkomst={"valueCode": "doorgezet"}))
    assert nee.status_code == 422, nee.text
    assert {code for code, _ in issues(nee)} == {"doorzetten-kan-niet"}
    teksten = [i["details"]["text"] for i in nee.json()["issue"]]
    assert all("N" in t or "B" in t for t in teksten) and any("verstrekker" in t or "gemeente" in t for t in teksten), (
        teksten
    )
    assert zaak.gemeente.lees(zaak.taak)["status"] == "requested", "een geweigerde beslissing verandert niets"

    zelf = zaak.houder.stuur("POST", f"{_papier(zaak)}/$bevestig")
    assert zelf.status_code == 403, "de houder bevestigt het eigen woord niet"
    zaak.gemeente.doe(f"{_papier(zaak)}/$bevestig", _ook(zaak))
    bron = [p for p in zaak.houder.zoek("Provenance", target=_papier(zaak)) if _is(p, "bevestigd")]
    assert bron, "zij ziet wie het bevestigde"

    na = zaak.gemeente.doe(f"{zaak.verzoek}/$herhaaltoets")
    assert s.waarde_van(na, "route") in LICHT, [g for g in s.alle(na, "grond") if g["uitkomst"] != "ja"]
    klaar = zaak.gemeente.doe(f"{zaak.taak}/$beslis", s.parameters(uitkomst={"valueCode": "doorgezet"}))
    assert klaar["status"] == "completed"
    assert any(o["type"]["coding"][0]["code"] == "opdracht" for o in klaar["output"])


def _papier(zaak: Zaak) -> str:
    besluiten = zaak.gemeente.zoek("DeviceRequest", patient=zaak.wie, intent="order")
    return s.met_id(next(b for b in besluiten if "supportingInfo" in b))


def _ook(zaak: Zaak) -> Json:
    """Wat in dezelfde druk mee bevestigd wordt: het hulpmiddel en het gebruik dat zij zelf opgaf."""
    plekken = [s.met_id(r) for t in ("DeviceUseStatement", "Device") for r in zaak.gemeente.zoek(t, patient=zaak.wie)]
    delen = [{"name": "ook", "valueReference": s.verwijs(p)} for p in plekken]
    return {"resourceType": "Parameters", "parameter": delen}


def _is(provenance: Json, gebeurtenis: str) -> bool:
    return any(c["code"] == gebeurtenis for c in provenance["activity"]["coding"])
