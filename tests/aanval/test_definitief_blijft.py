"""Een definitief advies verandert niet, wie het ook probeert en langs welke weg ook (ontwerp deel 2).

Elke rol (mens, app, dienst) langs elke schrijvende weg van FHIR, en elke bladzijde met een adviesnummer erin. Daarna
staan er dezelfde bytes, in dezelfde versie, en klopt het zegel nog.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import BASIS, extension
from server.access.actor import Actor
from server.fhir.request import FhirRequest
from server.fhir.zegel import klopt
from server.store.sealkey import zegelsleutels
from tests.aanval.aanvalwereld import HIER, Product
from tests.aanval.test_idor_bladzijden import FORMULIER, met_plaats
from tests.stroomwereld import concept
from tests.web.werkwereld import csrf

pytestmark = pytest.mark.asyncio(loop_scope="module")
BASISADRES = "http://test/fhir"
ANDERE = ("functioneel-advies|1.0.0", "verkort-advies|1.0.0", "verzoek|1.0.0", "reactie-advies|1.0.0")
STANDEN = ("in-progress", "amended", "completed", "stopped", "entered-in-error")


async def definitief(p: Product) -> tuple[str, int, bytes]:
    """Nienke maakt een advies definitief; geeft het id, de versie en de bytes."""
    await p.deel("Organization/praktijk", "advies", id="attack-advies")
    nienke = await p.persoon("nienke")
    inhoud = json.dumps(concept()).replace("houder-yvonne", HIER).replace("therapeut-nienke", "nienke")
    kaal = {k: v for k, v in json.loads(inhoud).items() if k != "id"}
    gemaakt = await nienke.post("QuestionnaireResponse", json=kaal)
    assert gemaakt.status_code == 201, gemaakt.text
    id_ = str(gemaakt.json()["id"])
    klaar = await nienke.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert klaar.status_code == 200, klaar.text
    return id_, *(await stand(p, id_))


async def stand(p: Product, id_: str) -> tuple[int, bytes]:
    versie = (await p.wereld.momentopname(HIER)).get("QuestionnaireResponse", id_)
    assert versie is not None
    assert not versie.verwijderd
    return versie.versie, versie.tekst


def wegen(id_: str, advies: dict[str, Any], versie: int) -> list[tuple[str, str, Any, dict[str, str]]]:
    """(methode, adres, inhoud, koppen) van elke weg om iets te wijzigen."""
    plek, match = f"QuestionnaireResponse/{id_}", {"if-match": f'W/"{versie}"'}
    items = [*advies["item"][:-1]]
    vervalst = [{**advies, "status": s} for s in STANDEN]
    vervalst += [{**advies, "questionnaire": f"{BASIS}Questionnaire/{q}"} for q in ANDERE]
    vervalst += [{**advies, "item": items}, {**advies, "author": {"reference": "PractitionerRole/karim"}}]
    bron = {"url": extension("uit-document"), "valueReference": {"reference": "DocumentReference/brief-hier"}}
    vervalst.append({**advies, "extension": [bron]})
    uit: list[tuple[str, str, Any, dict[str, str]]] = []
    for nummer, inhoud in enumerate(vervalst):
        uit.append(("PUT", plek, inhoud, match))
        if nummer % 3 == 0:
            uit.append(("PUT", f"QuestionnaireResponse?_id={id_}&patient={HIER}", inhoud, {}))
            for soort in ("transaction", "batch"):
                regel = {"resource": inhoud, "request": {"method": "PUT", "url": plek, "ifMatch": f'W/"{versie}"'}}
                uit.append(("POST", "", {"resourceType": "Bundle", "type": soort, "entry": [regel]}, {}))
    lapje = [{"op": "replace", "path": "/status", "value": "amended"}]
    uit.append(("PATCH", plek, lapje, {**match, "content-type": "application/json-patch+json"}))
    for naam in ("$definitief", "$wis", "$afgestemd", "$neem-over", "$wijs-af", "$meta-add", "$beslis"):
        uit.append(("POST", f"{plek}/{naam}", None, {}))
    uit.append(("DELETE", plek, None, {}))
    weg = {"resourceType": "Bundle", "type": "transaction", "entry": [{"request": {"method": "DELETE", "url": plek}}]}
    return [*uit, ("POST", "", weg, {})]


# De houder mag het wegdoen; wijzigen mag ook zij niet.
WEGDOEN = ("$wis", "DELETE")


async def probeer(client: httpx.AsyncClient, id_: str, advies: dict[str, Any], versie: int, houder: bool) -> list[Any]:
    """Wat er toch lukte."""
    gelukt = []
    for methode, adres, inhoud, koppen in wegen(id_, advies, versie):
        if houder and any(w in f"{methode} {adres} {inhoud}" for w in WEGDOEN):
            continue
        kop = {"content-type": "application/fhir+json", **koppen}
        body = None if inhoud is None else schrijf(inhoud) if isinstance(inhoud, dict) else json.dumps(inhoud).encode()
        antwoord = await client.request(methode, adres, content=body, headers=kop)
        in_bundel = [r["response"]["status"] for r in antwoord.json().get("entry", [])] if adres == "" else []
        if antwoord.status_code < 300 and (adres or any(s.startswith("2") for s in in_bundel)):
            gelukt.append((methode, adres, antwoord.status_code))
    return gelukt


async def test_geen_rol_en_geen_weg_wijzigt_een_definitief_advies(p: Product) -> None:
    id_, versie, tekst = await definitief(p)
    advies = json.loads(tekst)
    for org, doel in (("gemeente", "onderzoek"), ("rijdt", "levering")):
        await p.deel(f"Organization/{org}", doel, id=f"attack-{org}")
    clients = {wie: await p.persoon(wie) for wie in ("hanna", "daan", "nienke", "karim", "lot")}
    clients |= {f"app van {rol}": await p.systeem(rol) for rol in ("therapeut", "verstrekker", "leverancier")}
    for wie, client in clients.items():
        assert await probeer(client, id_, advies, versie, houder=wie == "hanna") == [], wie
        assert await stand(p, id_) == (versie, tekst), wie
    poort = p.app.state.poort
    for actor in (Actor("dienst", "beheerder", "import", scopes=None), Actor("app", "proef", "proef", scopes=None)):
        for inhoud in ({**advies, "status": "in-progress"}, {**advies, "item": advies["item"][:1]}):
            vraag = FhirRequest("PUT", "QuestionnaireResponse", id_, body=inhoud, if_match=f'W/"{versie}"')
            antwoord = await poort.handle(actor, vraag)
            assert antwoord.status >= 400, (actor.soort, antwoord.body)
    assert await stand(p, id_) == (versie, tekst)
    m = await p.wereld.momentopname(HIER)
    (zegel,) = [v.inhoud for v in m.van_type("Provenance") if id_ in str(v.inhoud) and "signature" in v.inhoud]
    vread = await clients["hanna"].get(zegel["target"][0]["reference"])
    assert klopt(zegel, vread.content, BASISADRES, await zegelsleutels(p.opslag))


async def test_geen_bladzijde_wijzigt_een_definitief_advies(p: Product) -> None:
    id_, versie, tekst = await definitief(p)
    await p.deel("Organization/gemeente", "onderzoek", id="attack-blad")
    velden = {
        **FORMULIER, "bewaar": "1", "definitief": "1", "hulpvraag": "Vervalst", "eis.1.eis-tekst": "Vervalst",
        "eis-tekst": "Vervalst", "nummer": "1", "versie": str(versie), "prognose": "progressief",
    }  # fmt: skip
    paden = sorted({pad for methode, pad in met_plaats(p) if methode == "POST" and "advies" in pad})
    assert len(paden) > 3, paden
    for wie in ("hanna", "nienke", "karim", "lot", "daan", "beheer"):
        client = await p.browser(wie)
        teken = csrf((await client.get("/weergave")).text)
        for pad in paden:
            if wie == "hanna" and pad.endswith("/weg"):
                continue  # wegdoen mag de houder
            adres = pad.replace("{id}", id_)
            for naam in ("{advies}", "{advies_id}", "{id_}", "{nummer}", "{org}", "{type}"):
                adres = adres.replace(naam, id_ if naam != "{org}" else "gemeente")
            if "{" not in adres:
                await client.post(adres, data={"csrf": teken, **velden})
        assert await stand(p, id_) == (versie, tekst), wie
