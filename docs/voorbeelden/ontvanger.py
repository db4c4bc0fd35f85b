"""Hoor van een opdracht zonder te vragen: abonneer, controleer elke handtekening, en zie waar er iets veranderde.

Gebruik: `TOKEN=… FHIR=http://127.0.0.1:8080/fhir python docs/voorbeelden/ontvanger.py [POORT [AANTAL]]`. Stopt na
AANTAL meldingen of met Ctrl-C. Alleen de demo stuurt naar http op de eigen computer; in het echt is het https, achter
uw eigen TLS-poort. Uitleg: docs/handleidingen/leverancier.md
"""

import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread

import httpx

POORT, AANTAL = (*map(int, sys.argv[1:]), *(9099, 0)[len(sys.argv) - 1 :])
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
KANAAL = {
    "type": "rest-hook",
    "endpoint": f"http://127.0.0.1:{POORT}/",
    "payload": "application/fhir+json",
    "_payload": {"extension": [{"url": BACKPORT + "backport-payload-content", "valueCode": "id-only"}]},
}
ONDERWERP = "http://hulpmiddelenpaspoort.nl/fhir/SubscriptionTopic/taak-gewijzigd"
AANVRAAG = {"resourceType": "Subscription", "status": "requested", "reason": "Voorbeeld", "criteria": ONDERWERP}
geheim, gehoord, klaar = "", 0, Event()


class Ontvanger(BaseHTTPRequestHandler):
    def do_POST(self):
        global gehoord
        inhoud = self.rfile.read(int(self.headers["Content-Length"]))
        goed = "sha256=" + hmac.new(geheim.encode(), inhoud, hashlib.sha256).hexdigest()
        # Zonder geheim (het antwoord op de aanvraag is nog onderweg) zegt u nee: de server probeert het zo weer.
        echt = bool(geheim) and hmac.compare_digest(goed, self.headers.get("X-Hub-Signature-256", ""))
        self.send_response(204 if echt else 401)
        self.end_headers()
        if echt:
            stand = {p["name"]: p for p in json.loads(inhoud)["entry"][0]["resource"]["parameter"]}
            deel = {d["name"]: d for d in stand.get("notification-event", {"part": []})["part"]}
            waar = deel["focus"]["valueReference"]["reference"] if deel else "-"  # lees het met hetzelfde token
            print(stand["type"]["valueCode"], stand["events-since-subscription-start"]["valueString"], waar, flush=True)
            gehoord += bool(deel)
            if gehoord == AANTAL != 0:
                klaar.set()

    def log_message(self, *_):
        """Geen adressen op het scherm."""


Thread(target=HTTPServer(("127.0.0.1", POORT), Ontvanger).serve_forever, daemon=True).start()
with httpx.Client(base_url=os.environ["FHIR"], headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}) as fhir:
    gemaakt = fhir.post("/Subscription", json={**AANVRAAG, "channel": KANAAL}).raise_for_status().json()
    geheim = gemaakt["channel"]["extension"][0]["valueString"]  # komt nooit meer terug: bewaar het
    try:
        klaar.wait()
    finally:
        fhir.delete(f"/Subscription/{gemaakt['id']}")
