"""Vreemde vragen: een rauwe HTTP-client, wat er aan een antwoord altijd moet kloppen, en een wereld om in te wroeten.

De vragen zelf bedenkt `vreemde_vragen.py`. Bron: FHIR R4 http.html; RFC 9110.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tests.verhaal.apps import App, als_organisatie, als_persoon
from tests.verhaal.product import WORTEL, Json, Product

FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
VOORBEELDEN = WORTEL / "fhir_profiles/examples"
# In deze volgorde gemaakt: wat verwezen wordt gaat voor.
WERELD = (
    "Patient", "Device", "QuestionnaireResponse", "DeviceUseStatement", "Condition", "Observation", "Goal",
    "RelatedPerson", "CareTeam", "DeviceRequest", "CarePlan", "Binary", "DocumentReference", "Communication",
    "Consent", "Task",
)  # fmt: skip
ERNSTEN = {"fatal", "error", "warning", "information"}
_PLEK = re.compile(r"@([A-Z][A-Za-z]+)")


@dataclass(frozen=True)
class Vraag:
    """Eén vraag, zo dicht bij de draad dat ook het onmogelijke te sturen is. `@Patient` wordt het id in de wereld."""

    methode: str
    doel: str  # alles na het FHIR-adres, met query; tekens boven 0x7f gaan als UTF-8 de draad op
    koppen: tuple[tuple[str, str], ...] = ()
    inhoud: bytes = b""
    wie: str = "proef"


@dataclass(frozen=True)
class Antwoord:
    """Wat er terugkwam; namen van koppen in kleine letters."""

    status: int
    koppen: Mapping[str, str]
    inhoud: bytes


@dataclass(repr=False)
class Wereld:
    """Een testpaspoort met van elk type iets, en een token per soort vrager."""

    product: Product
    apps: dict[str, App]
    ids: dict[str, str] = field(default_factory=dict)
    _draad: socket.socket | None = None
    _vers_tot: float = 0.0

    def stuur(self, vraag: Vraag) -> Antwoord:
        """Stuur de vraag over een rauwe verbinding en lees het antwoord."""
        self._ververs()
        adres = urlsplit(self.product.fhir)
        app = self.apps.get(vraag.wie)
        koppen = [("Host", adres.netloc), *vraag.koppen]
        if app is not None:
            koppen.append(("Authorization", f"Bearer {app.token['access_token']}"))
        if vraag.inhoud or vraag.methode in ("POST", "PUT", "PATCH"):
            koppen.append(("Content-Length", str(len(vraag.inhoud))))
        regels = [f"{vraag.methode} {adres.path}{self.vul(vraag.doel)} HTTP/1.1", *(f"{n}: {w}" for n, w in koppen)]
        kop = "\r\n".join([*regels, "", ""]).encode("utf-8", "surrogatepass")
        inhoud = _PLEK.sub(lambda m: self.ids.get(m[1], m[0]), vraag.inhoud.decode("latin-1")).encode("latin-1")
        kop = kop.replace(f"Content-Length: {len(vraag.inhoud)}".encode(), f"Content-Length: {len(inhoud)}".encode())
        try:
            return self._wissel(kop + inhoud, vraag.methode)
        except OSError:  # de server sloot de vorige verbinding; één keer opnieuw
            self.sluit()
            return self._wissel(kop + inhoud, vraag.methode)

    def _ververs(self) -> None:
        """Nieuwe tokens op de helft van hun tijd: wroeten duurt op een drukke machine langer dan een token."""
        nu = time.monotonic()
        if nu > self._vers_tot:
            self.apps |= vragers(self.product)
            self._vers_tot = nu + min(int(app.token["expires_in"]) for app in self.apps.values()) / 2

    def vul(self, tekst: str) -> str:
        """De tekst met de ids van deze wereld."""
        return _PLEK.sub(lambda m: self.ids.get(m[1], m[0]), tekst)

    def sluit(self) -> None:
        """Verbreek de verbinding."""
        if self._draad is not None:
            self._draad.close()
        self._draad = None

    def _wissel(self, bytes_: bytes, methode: str) -> Antwoord:
        adres = urlsplit(self.product.fhir)
        if self._draad is None:
            self._draad = socket.create_connection((adres.hostname or "", adres.port or 80), timeout=20)
        self._draad.sendall(bytes_)
        antwoord = HTTPResponse(self._draad, method=methode)
        antwoord.begin()
        uit = Antwoord(antwoord.status, {n.lower(): w for n, w in antwoord.getheaders()}, antwoord.read())
        if antwoord.will_close:
            self.sluit()
        return uit


def vragers(product: Product) -> dict[str, App]:
    """Van elke soort vrager een app met een vers token."""
    apps = {soort: als_organisatie(product, soort) for soort in ("proef", "leverancier", "gemeente")}
    return apps | {"houder": als_persoon(product, product.persoon("Yvonne")["code"])}


def maak_wereld(product: Product) -> Wereld:
    """De wereld op een vers product."""
    wereld = Wereld(product, apps := vragers(product))
    for type_ in WERELD:
        inhoud = json.loads(wereld.vul(json.dumps(voorbeeld(type_))))
        inhoud.pop("id", None)
        antwoord = apps["proef"].stuur("POST", type_, inhoud)
        assert antwoord.status_code == 201, f"{type_}: {antwoord.text[:600]}"
        wereld.ids[type_] = antwoord.json()["id"]
    return wereld


def voorbeeld(type_: str) -> Json:
    """Het goede voorbeeld van een type, met zijn verwijzingen naar de wereld; wat daar niet is, valt weg."""
    return dict(json.loads(_voorbeeld(type_)))


@cache
def _voorbeeld(type_: str) -> str:
    inhoud: Json = _verhang(json.loads((VOORBEELDEN / f"hmp-{type_}-goed.json").read_text("utf-8")))
    if type_ == "Binary":
        inhoud["securityContext"] = {"reference": "Patient/@Patient"}
    if type_ == "DocumentReference":
        inhoud["content"][0]["attachment"]["url"] = "Binary/@Binary"
    return json.dumps(inhoud)


def _verhang(waarde: Any) -> Any:
    if isinstance(waarde, list):
        return [v for v in map(_verhang, waarde) if v not in ({}, [])]
    if not isinstance(waarde, dict):
        return waarde
    verwijzing = waarde.get("reference")
    if isinstance(verwijzing, str):
        type_ = verwijzing.split("/")[0]
        if type_ in WERELD:
            return {**waarde, "reference": f"{type_}/@{type_}"}
        return {"reference": "Organization/noorderwiel"} if type_ == "Organization" else {}
    return {n: v for n, w in waarde.items() if (v := _verhang(w)) not in ({}, [])}


def keur(vraag: Vraag, antwoord: Antwoord) -> None:
    """Wat er aan elk antwoord onder /fhir moet kloppen. AssertionError zegt wat niet."""
    wat = f"{replace(vraag, inhoud=vraag.inhoud[:1500])} → {antwoord.status} {antwoord.inhoud[:600]!r}"
    assert antwoord.status < 500, wat
    if antwoord.status in (204, 304):
        assert not antwoord.inhoud, wat
        return
    soort = antwoord.koppen.get("content-type", "").partition(";")[0]
    if antwoord.status == 200 and soort not in (FHIR_JSON, FHIR_XML):
        # Een Binary komt rauw voor wie geen FHIR vraagt; de ontdekking van SMART is gewone JSON.
        assert "/Binary/" in vraag.doel or "/smart-configuration" in vraag.doel, wat
        return
    if vraag.methode == "HEAD":
        assert soort in (FHIR_JSON, FHIR_XML), wat
        return
    type_, ernsten = _resource(soort, _uitgepakt(antwoord), wat)
    if antwoord.status >= 400:
        assert type_ == "OperationOutcome" and ernsten & {"error", "fatal"}, wat
    assert ernsten <= ERNSTEN, wat
    for status, kop in ((401, "www-authenticate"), (405, "allow"), (201, "location")):
        assert antwoord.status != status or kop in antwoord.koppen, f"{kop}? {wat}"


def _uitgepakt(antwoord: Antwoord) -> bytes:
    ingepakt = antwoord.koppen.get("content-encoding") == "gzip"
    return gzip.decompress(antwoord.inhoud) if ingepakt else antwoord.inhoud


def _resource(soort: str, inhoud: bytes, wat: str) -> tuple[str, set[str]]:
    """Het type, en bij een OperationOutcome de ernst van haar issues."""
    if soort == FHIR_XML:
        wortel = ElementTree.fromstring(inhoud)
        ruimte, _, naam = wortel.tag.removeprefix("{").partition("}")
        assert ruimte == "http://hl7.org/fhir", wat
        return naam, {str(e.get("value")) for e in wortel.findall("{*}issue/{*}severity")}
    assert soort == FHIR_JSON, wat
    resource = json.loads(inhoud)
    type_ = str(resource["resourceType"])
    issues = resource["issue"] if type_ == "OperationOutcome" else []
    assert all(i["code"] and (i.get("details", {}).get("text") or i.get("diagnostics")) for i in issues), wat
    return type_, {str(i["severity"]) for i in issues}
