"""Wat er naast de FHIR-deur nog naar buiten gaat, voor `test_oppervlak_orakel.py`: bladzijden, berichten, uitvoer.

Elk oppervlak krijgt een `Vraag` (wie, in welke stand, en wat het orakel toestaat) en vergelijkt wat eruit komt.
"""

from __future__ import annotations

import json
import time
from typing import Any

from server.oauth.abonnee import abonnees
from server.oauth.sessie import STIL_SECONDEN
from server.post.bezorger import Bezorger
from server.post.versturen import Verzender
from server.store.clients import Client, zet_client
from server.store.session import Lidmaatschap, bewaar_account, maak_sessie, zet_lidmaatschap
from tests.ontvanger import Ontvanger
from tests.orakelpaspoort import RESOURCES
from tests.orakelwereld import VANDAAG
from tests.server.post.conftest import aanvraag
from tests.zichtwereld import FUNCTIE, NU, ORG, PASPOORT, PATIENT

Json = dict[str, Any]
SORTEER = ("_id", "-_lastUpdated", "_lastUpdated")
BLADZIJDEN = (
    "/", "/clienten", f"/client/{PASPOORT}", "/advies/advies/lees", "/advies/advies/bewerk", "/werkvoorraad",
    "/intake/t0", "/stuk/brief", "/stuk/advies", "/stuk/evaluatie", "/stuk/overig", "/code", "/uitnodiging",
    "/uitnodiging/wacht", f"/advies/nieuw/{PASPOORT}", "/hulpmiddelen", "/delen", "/papier", "/wie-keek-mee",
)  # fmt: skip


async def ingelogd(plaats: Any, rol: str) -> str:
    """Een sessie voor de mens in deze rol; geeft het cookie."""
    account = await bewaar_account(plaats.opslag, "https://inlog.example", rol, rol.title())
    lid = await zet_lidmaatschap(
        plaats.opslag, Lidmaatschap(account.id, rol, organisatie=ORG[rol], functie=FUNCTIE[rol], id=f"lid-{rol}")
    )
    nu = int(time.time())
    gegevens = {"lidmaatschap": lid.id, "begonnen": nu}
    token, _ = await maak_sessie(plaats.opslag, account.id, gegevens, nu, nu + STIL_SECONDEN)
    return token


async def bladzijden(v: Any) -> None:
    """Elke bladzijde van een professional, ook die van de houder: nooit een woord dat niet mag."""
    if v.app:
        return
    for pad in BLADZIJDEN:
        a = await v.plaats.web.get(pad, headers={"cookie": f"hmp={await v.plaats.cookie(v.rol)}"})
        assert a.status_code in (200, 303, 404), (v.uitleg, pad, a.status_code, a.text[:300])
        v.gezien(pad, a.text)


async def zoeken(v: Any) -> None:
    """GET en POST, gesorteerd en geteld: de volgorde en het totaal zijn die van wat te zien is."""
    for type_ in ("Condition", "Device", "DocumentReference", "QuestionnaireResponse", "Task"):
        verwacht = {p for p in v.er if p.startswith(f"{type_}/")}
        kop = f"{type_}?patient={PASPOORT}"
        for wijze in SORTEER:
            inhoud = json.loads(await v.get(f"{kop}&_sort={wijze}&_total=accurate", 200))
            ids = [f"{type_}/{r['resource']['id']}" for r in inhoud.get("entry", ())]
            assert set(ids) == verwacht and inhoud["total"] == len(verwacht), (v.uitleg, type_, wijze, ids)
            assert wijze != "_id" or ids == sorted(ids)
        telling = json.loads(await v.get(f"{kop}&_summary=count", 200))
        assert telling["total"] == len(verwacht) and "entry" not in telling, (v.uitleg, type_)
        post = await v.client.post(f"{type_}/_search?_total=accurate", data={"patient": PASPOORT, "_sort": "_id"})
        gevonden = [f"{type_}/{r['resource']['id']}" for r in json.loads(v.gezien(type_, post.text)).get("entry", ())]
        assert set(gevonden) == verwacht and len(gevonden) == len(verwacht)


async def uitvoer(v: Any) -> None:
    """Alles in een keer, als JSON en als XML, en het eigen log: wat een organisatie mee kan nemen."""
    for vorm in ("application/fhir+json", "application/fhir+xml"):
        await v.get(f"{PATIENT}/$everything", 200, 404, accept=vorm)
    log = await v.client.get("AuditEvent?_count=200")
    v.gezien("log", log.text)
    transactie = [{"request": {"method": "GET", "url": f"{PATIENT}/$everything"}}]
    a = await v.client.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": transactie})
    v.gezien("transactie", a.text)


async def losse_lezing(v: Any) -> None:
    """read, HEAD en vread van elke resource: 200 voor wat er is, anders 404 met steeds dezelfde bytes."""
    nooit = (await v.client.get("Condition/nooit")).content
    for plek in RESOURCES:
        a = await v.client.get(plek)
        v.gezien(plek, a.text)
        assert (a.status_code == 200) is (plek in v.er), (v.uitleg, plek, a.status_code)
        assert plek in v.er or (a.status_code, a.content) == (404, nooit), (v.uitleg, plek)
        kop = await v.client.head(plek)
        assert (kop.status_code, kop.content) == (a.status_code, b""), (v.uitleg, plek)
        nummer = a.json()["meta"]["versionId"] if a.status_code == 200 else "2"
        oud = await v.client.get(f"{plek}/_history/{nummer}")  # de huidige versie
        v.gezien(plek, oud.text)
        assert (oud.status_code == 200) is (plek in v.er), (v.uitleg, plek, oud.status_code)


async def abonnement(v: Any) -> None:
    """Een bericht over de Task komt precies bij wie haar nu ziet, en noemt verder niets."""
    if not v.app:
        return
    ontvanger: Ontvanger = v.plaats.ontvanger
    if v.plaats.bezorger is None:  # één per opslag: wie bezorgt, houdt de beurt
        # Met de klok van de deur: zo telt wat op die dag geldt, en niet wat nu al voorbij is.
        klok = NU.replace(day=VANDAAG).timestamp()
        v.plaats.bezorger = Bezorger(v.plaats.opslag, abonnees(v.plaats.opslag), Verzender(demo=True), lambda: klok)
    bezorger = v.plaats.bezorger
    if v.rol not in v.plaats.abonnementen:
        soort = {"therapeut": "zorgpraktijk", "verstrekker": "gemeente", "leverancier": "leverancier"}[v.rol]
        await zet_client(v.plaats.opslag, Client("a", soort, "App", ORG[v.rol], scopes="system/*.cruds"))
        a = await v.client.post("Subscription", json=aanvraag(ontvanger.adres))
        assert a.status_code == 201, a.text
        v.plaats.abonnementen[v.rol] = a.json()["id"]
        await bezorger.ronde()
    await bezorger.ronde()  # wat er nog lag
    voor = len(ontvanger.post)
    m = await v.plaats.opslag.momentopname(PASPOORT)
    await v.plaats.zet(m.get("Task", "t0").inhoud)
    await bezorger.ronde()
    nieuw = [p.inhoud.decode() for p in ontvanger.post[voor:]]
    assert [("Task/t0" in b) for b in nieuw] == ([True] if "Task/t0" in v.er else []), (v.uitleg, nieuw)
    for tekst in nieuw:
        v.gezien("bericht", tekst)
    events = await v.client.get(f"Subscription/{v.plaats.abonnementen[v.rol]}/$events")
    assert "Task/t0" in v.er or "Task/t0" not in events.text, (v.uitleg, events.text[:500])
    v.gezien("events", events.text)


async def operaties(v: Any) -> None:
    """Operaties en een kale patch: geen woord te veel, en 404 precies voor wat er niet is."""
    wie = {"name": "subject", "valueReference": {"reference": PATIENT}}
    invoer = {"resourceType": "Parameters", "parameter": [wie]}
    for lijst in ("functioneel-advies", "persoonlijk-plan", "aanvraag"):
        a = await v.client.post(f"Questionnaire/{lijst}/$populate", json=invoer)
        v.gezien(lijst, a.text)
    for antwoorden in ("advies", "evaluatie"):
        a = await v.client.post(f"QuestionnaireResponse/{antwoorden}/$extract")
        v.gezien(antwoorden, a.text)
    for nummer, plek in enumerate(RESOURCES):
        wijze = ("update", "delete")[nummer % 2]
        kaal = {"resourceType": plek.partition("/")[0], "id": plek.partition("/")[2]}
        inhoud = kaal if wijze == "update" else {"resourceType": "Parameters"}
        a = await v.client.post(f"{plek}/$validate?mode={wijze}", json=inhoud)
        v.gezien(plek, a.text)
        proef = [{"op": "test", "path": "/id", "value": plek.partition("/")[2]}]
        koppen = {"content-type": "application/json-patch+json", "if-match": 'W/"2"'}
        a = await v.client.patch(plek, content=json.dumps(proef), headers=koppen)
        v.gezien(plek, a.text)
        if a.status_code != 405:
            assert (a.status_code == 404) is (plek not in v.er), (v.uitleg, plek, a.text)


ERBIJ = (bladzijden, zoeken, uitvoer, losse_lezing, abonnement)
