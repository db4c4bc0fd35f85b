"""De gegevens voor `paspoort bench`: N paspoorten van honderd resources in een tijdelijke map, met tokens erbij.

Elk paspoort is dat van Yvonne uit de demo, aangevuld met metingen; alles verzonnen. Meet zelf niets.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from paspoort.fhir.fhirjson import Json, schrijf
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.toestemming import naar_fhir
from paspoort.fhir.vragenlijst import bouw, eigen
from server.access.actor import Actor
from server.demo.bouwen import toestemming
from server.demo.dossier import ANKER, IK, Deel, Dossier, id_van, resources
from server.demo.personen.yvonne import YVONNE
from server.demo.register import NIENKE, VLIERHOF
from server.demo.register import resources as registerresources
from server.oauth.actor import actor_als_json
from server.settings import Settings
from server.store import tokens
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.versions import Wijziging

RESOURCES: Final = 100
GELDIG: Final = 24 * 3600
KOPPEN: Final = "Host: localhost\r\nAccept: application/fhir+json\r\nAuthorization: Bearer {token}\r\n"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Eén soort verzoek: de verzoeken zelf als HTTP/1.1-bytes, één per paspoort, en de status die erop hoort."""

    code: str
    naam: str
    doel: Mapping[int, float]  # per aantal verbindingen (ontwerp.md deel 6)
    verzoeken: tuple[bytes, ...]
    status: int = 200


async def maak(settings: Settings, aantal: int) -> tuple[Scenario, ...]:
    """Vul de map en geef de verzoeken. Schrijft met dezelfde opslag als de server, dus net zo versleuteld."""
    opslag = await Opslag.open(settings)
    try:
        m = await opslag.momentopname(REGISTER)
        wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in registerresources()]
        await opslag.schrijf(REGISTER, m.volgnummer, wijzigingen, "dienst", "bron")
        kaarten = []
        for nummer in range(aantal):
            kaarten.append(await _paspoort(opslag, f"bench-{nummer}"))
            if (nummer + 1) % 50 == 0:
                print(f"{nummer + 1} van {aantal} paspoorten klaar …", flush=True)
        therapeut = Actor("persoon", "therapeut", "Nienke Postma", organisatie=VLIERHOF, functie=NIENKE.split("/")[1])
        return _scenarios(kaarten, await token(opslag, therapeut, "user/*.cruds", None))
    finally:
        await opslag.sluit()


async def _paspoort(opslag: Opslag, code: str) -> tuple[str, str]:
    """Eén paspoort; geeft zijn code en een token van de houder."""
    mag = naar_fhir(toestemming("toestemming-advies-nu", NIENKE, "advies", "therapeut", ANKER))
    regels = list(resources(Dossier(code, (*YVONNE.delen, Deel(IK, (mag,)))), ANKER))
    patient = id_van(code, "ik")
    await opslag.maak_partitie(patient, "paspoort")
    wijzigingen = []
    for r in regels:
        inhoud = {n: w for n, w in r.inhoud.items() if n != "identifier"}  # één BSN hoort bij één paspoort
        wijzigingen.append(Wijziging(inhoud["resourceType"], inhoud["id"], inhoud, r.auteur, r.herkomst))
    for nummer in range(RESOURCES - len(wijzigingen)):
        m = meting(code, nummer, patient)
        wijzigingen.append(Wijziging("Observation", m["id"], m, f"Patient/{patient}", "zelf"))
    await opslag.schrijf(patient, 0, wijzigingen, "dienst", "import")
    houder = Actor("persoon", "houder", "Yvonne Verbeek", patient=patient)
    return code, await token(opslag, houder, "patient/*.cruds", patient)


def meting(code: str, nummer: int, patient: str) -> Json:
    """Een waarneming van ongeveer een halve kB."""
    dag = date(2016 + nummer % 9, nummer % 12 + 1, nummer % 28 + 1)
    return {
        "resourceType": "Observation",
        "id": id_van(code, f"meting-{nummer}"),
        "status": "final",
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "functioneren"}]}],
        "code": {"text": "Uren per dag in de rolstoel"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": dag.isoformat(),
        "valueString": f"{8 + nummer % 7} uur. " + "Wisselt per dag; op werkdagen langer dan in het weekend. " * 8,
    }


async def token(opslag: Opslag, actor: Actor, scopes: str, patient: str | None) -> str:
    """Een toegangstoken voor deze actor."""
    nu = int(time.time())
    inhoud: dict[str, Any] = actor_als_json(actor)
    verlening = await tokens.maak_verlening(opslag, "bench", scopes, inhoud, nu, patient=patient)
    nieuw = await tokens.geef_token(opslag, "toegang", verlening.familie, "bench", scopes, inhoud, nu, nu + GELDIG)
    assert nieuw is not None
    return nieuw


def _scenarios(kaarten: list[tuple[str, str]], therapeut: str) -> tuple[Scenario, ...]:
    random.Random(1).shuffle(kaarten)  # noqa: S311 - alleen de volgorde van het meten
    lezen = [get(f"DeviceUseStatement/{id_van(c, 'rolstoel')}", t) for c, t in kaarten]
    zoeken = [get(f"Condition?patient={id_van(c, 'ik')}", t) for c, t in kaarten]
    alles = [get(f"Patient/{id_van(c, 'ik')}/$everything", t) for c, t in kaarten]
    maken = [post("DeviceUseStatement", _gebruik(c), t) for c, t in kaarten]
    adviezen = [post("QuestionnaireResponse", _advies(c), therapeut) for c, _ in kaarten]
    return (
        Scenario("lezen", "één resource lezen", {8: 0.12}, tuple(lezen)),
        Scenario("zoeken", "klein zoeken (2 treffers)", {8: 0.12}, tuple(zoeken)),
        Scenario("alles", f"$everything, {RESOURCES} resources", {1: 0.2, 8: 0.25}, tuple(alles)),
        Scenario("maken", "DeviceUseStatement maken", {1: 0.02, 8: 0.02}, tuple(maken), 201),
        Scenario("advies", "advies (concept) maken", {}, tuple(adviezen), 201),
    )


def _gebruik(code: str) -> Json:
    return {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": {"reference": f"Patient/{id_van(code, 'ik')}"},
        "timingPeriod": {"start": "2026-01-05"},
        "device": {"reference": f"Device/{id_van(code, 'rolstoel')}"},
    }


def _advies(code: str) -> Json:
    kop = {
        "subject": {"reference": f"Patient/{id_van(code, 'ik')}"},
        "authored": "2026-11-20T10:00:00+01:00",
        "author": {"reference": NIENKE},
    }
    return bouw(eigen("functioneel-advies"), {"hulpvraag": "Zelf kunnen rijden.", "prognose": "progressief"}, kop=kop)


def get(pad: str, token: str) -> bytes:
    """Een GET als bytes."""
    return f"GET /fhir/{pad} HTTP/1.1\r\n{KOPPEN.format(token=token)}\r\n".encode()


def post(type_: str, inhoud: Json, token: str) -> bytes:
    """Een create als bytes."""
    data = schrijf(inhoud)
    soort = f"Content-Type: application/fhir+json\r\nContent-Length: {len(data)}\r\n"
    return f"POST /fhir/{type_} HTTP/1.1\r\n{KOPPEN.format(token=token)}{soort}\r\n".encode() + data
