"""Het hele product in één proces, met twee paspoorten vol geheime woorden en iemand in elke rol.

`product(settings)` geeft de echte app (`server/app.py`) op een eigen opslag: `browser(wie)` is een ingelogde mens,
`app(naam)` een organisatie met een token van `/oauth/token`, `persoon(wie)` een app met het token van een mens. De klok
van de deur is te zetten (`klok`), zodat een datum kan verstrijken zonder dat er iets geschreven wordt. Alles verzonnen.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.validatie import Validator
from server.app import maak_app
from server.fhir.definities import Definities
from server.oauth.demo import ACCOUNT_ISSUER
from server.settings import Settings
from server.store.clients import Client, zet_client
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from tests.conftest import Wereld, toestemming
from tests.orakelpaspoort import RESOURCES
from tests.server.oauth.conftest import ALLES, APP, CODE, SLEUTELS, TERUG, Proefapp, bewijs
from tests.web.werkwereld import csrf, log_in
from tests.zichtwereld import FUNCTIE, ORG
from tests.zichtwereld import register as zichtregister

Json = dict[str, Any]
HIER, DAAR = "houder-hier", "houder-daar"
KORT = {HIER: "hier", DAAR: "daar"}
SOORT = {"therapeut": "zorgpraktijk", "verstrekker": "gemeente", "leverancier": "leverancier"}
MENSEN: dict[str, list[Lidmaatschap]] = {
    "hanna": [Lidmaatschap("", "houder", patient=HIER)],
    "daan": [Lidmaatschap("", "houder", patient=DAAR)],
    "nienke": [Lidmaatschap("", "therapeut", organisatie="praktijk", functie="nienke")],
    "karim": [Lidmaatschap("", "verstrekker", organisatie="gemeente", functie="karim")],
    "lot": [Lidmaatschap("", "leverancier", organisatie="rijdt", functie="lot")],
    "beheer": [Lidmaatschap("", "beheerder")],
}
ALLE_GROEPEN = (
    "contact", "persoon", "bsn", "gezondheid", "functioneren", "maten", "omgeving", "hulpmiddelen", "advies", "eisen",
    "plan", "verzoeken", "besluiten", "voortgang", "ervaringen", "documenten",
)  # fmt: skip


def woord(patient: str, naam: str) -> str:
    """Een geheim woord zoals het in het paspoort staat."""
    return f"M_{KORT[patient]}_{naam}_M"


def plekken(patient: str) -> list[str]:
    """Elke resource in dit paspoort."""
    return [f"{r['resourceType']}/{r['id']}" for r in (*dossier(patient), *rest(patient))]


def _om(tekst: str, patient: str) -> str:
    """Plek of JSON van het orakelpaspoort, verhuisd naar dit paspoort: eigen ids en eigen woorden."""
    kort = KORT[patient]
    for plek in RESOURCES:
        if plek != "Patient/yvonne":
            tekst = tekst.replace(f'"{plek}"', f'"{plek}-{kort}"') if tekst != plek else f"{plek}-{kort}"
    return tekst.replace("Patient/yvonne", f"Patient/{patient}")


def dossier(patient: str) -> list[Json]:
    """Alle resources van het orakelpaspoort, geldig genoeg voor de bladzijden, met de woorden van dit paspoort."""
    uit = []
    for plek, bron in RESOURCES.items():
        r = json.loads(_om(json.dumps(bron).replace("M_", f"M_{KORT[patient]}_"), patient))
        r["id"] = _om(plek, patient).partition("/")[2]
        if "birthDate" in r:
            r |= {"birthDate": "1979-05-04", "gender": "female"}
        if "recorded" in r:
            r["recorded"] = "2026-01-02T10:00:00+01:00"
        uit.append(r)
    return uit


def rest(patient: str) -> list[Json]:
    """Van elk type dat het orakelpaspoort niet heeft er een, zodat elke route iets heeft om te verraden."""
    kort, wie = KORT[patient], {"reference": f"Patient/{patient}"}
    eigen: list[tuple[str, Json]] = [
        ("RelatedPerson/naaste", {"patient": wie, "name": [{"text": woord(patient, "naaste")}]}),
        ("CareTeam/team", {"status": "active", "subject": wie, "name": woord(patient, "team")}),
        ("CarePlan/plan", {"status": "active", "intent": "plan", "subject": wie, "title": woord(patient, "plan")}),
        ("Binary/blad", {"contentType": "text/plain", "data": "R2VoZWlt"}),
        ("Task/taak", {
            "status": "requested", "intent": "order", "for": wie, "description": woord(patient, "taak"),
            "owner": {"reference": "Organization/ander"}, "requester": {"reference": "Organization/ander"},
        }),
        ("Subscription/post", {
            "status": "off", "reason": woord(patient, "post"), "criteria": "Task?",
            "channel": {"type": "rest-hook", "endpoint": "https://app.example/post"},
        }),
    ]  # fmt: skip
    uit = [{"resourceType": p.partition("/")[0], "id": f"{p.partition('/')[2]}-{kort}", **i} for p, i in eigen]
    vast = toestemming("Organization/ander", "advies", ("contact",), f"vast-{kort}", patient)
    return [*uit, vast | {"text": {"status": "generated", "div": woord(patient, "vast")}}]


def register() -> list[Json]:
    """Drie organisaties met elk een mens, en een vierde; met de namen die een bladzijde nodig heeft."""
    soort = {org: SOORT[rol] for rol, org in ORG.items()}
    rol_van = {functie: rol for rol, functie in FUNCTIE.items()}
    uit = []
    for versie in zichtregister().momentopname.alle():
        r = json.loads(json.dumps(versie.inhoud))
        if r["resourceType"] == "Organization":
            codes = [{"system": codestelsel("organisatiesoort"), "code": soort.get(r["id"], "leverancier")}]
            r |= {"name": f"Organisatie {r['id']}", "active": True, "type": [{"coding": codes}]}
        elif r["resourceType"] == "PractitionerRole":
            codes = [{"system": codestelsel("rol"), "code": rol_van[r["id"]]}]
            r |= {"active": True, "code": [{"coding": codes}]}
        else:
            r |= {"active": True, "name": [{"text": f"Mens {r['id']}"}]}
        uit.append(r)
    return uit


@dataclass
class Klok:
    """De klok van de deur: de echte tijd, een eind verzet."""

    verzet: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.verzet


@dataclass
class Product:
    """Een draaiend product en wie ermee werkt."""

    app: FastAPI
    opslag: Opslag
    wereld: Wereld
    klok: Klok
    accounts: dict[str, str] = field(default_factory=dict)
    open: list[httpx.AsyncClient] = field(default_factory=list)

    def client(self, **koppen: str) -> httpx.AsyncClient:
        """Een client zonder cookies of token."""
        transport = httpx.ASGITransport(app=self.app)
        self.open.append(httpx.AsyncClient(transport=transport, base_url="http://test", headers=koppen, timeout=60))
        return self.open[-1]

    def met_token(self, token: str) -> httpx.AsyncClient:
        """Een FHIR-client met dit token."""
        client = self.client(authorization=f"Bearer {token}", accept="application/fhir+json")
        client.base_url = httpx.URL("http://test/fhir/")
        return client

    async def browser(self, wie: str) -> httpx.AsyncClient:
        """Een ingelogde mens."""
        self.open.append(await log_in(self.app, wie))
        return self.open[-1]

    async def systeem(self, rol: str) -> httpx.AsyncClient:
        """De app van de organisatie in deze rol, met een vers `system/`-token."""
        velden = {"grant_type": "client_credentials", "scope": "system/*.cruds"}
        naam = f"app-{ORG[rol]}"
        a = await self.client().post("/oauth/token", data=velden | bewijs(naam, SLEUTELS["gemeente"]))
        assert a.status_code == 200, a.text
        return self.met_token(a.json()["access_token"])

    async def persoon(self, wie: str, scope: str = "user/*.cruds") -> httpx.AsyncClient:
        """Een app met het token dat deze mens haar gaf."""
        proefapp = Proefapp(await self.browser(wie))
        scope = "launch/patient patient/*.cruds" if wie in ("hanna", "daan") else scope
        return self.met_token((await proefapp.tokens(scope=scope))["access_token"])

    async def deel(self, aan: str, doel: str, *groepen: str, id: str, **extra: Any) -> str:
        """Zet een toestemming in het paspoort van Hanna, buiten de deur om."""
        return await self.wereld.deel(aan, doel, *(groepen or ALLE_GROEPEN), id=id, patient=HIER, **extra)

    async def stuur(self, client: httpx.AsyncClient, pad: str, velden: Json) -> httpx.Response:
        """Een formulier insturen met het teken dat op de bladzijde stond."""
        bladzijde = await client.get(pad)
        assert bladzijde.status_code == 200, (pad, bladzijde.status_code)
        return await client.post(pad, data={"csrf": csrf(bladzijde.text), **velden})


@asynccontextmanager
async def product(settings: Settings, validator: Validator, definities: Definities) -> AsyncIterator[Product]:
    """Het product met beide paspoorten; sluit alles daarna."""
    oud = Validator.laad, Definities.laad
    # Laden kost seconden en geeft altijd hetzelfde.
    Validator.laad, Definities.laad = (lambda: validator), (lambda: definities)  # type: ignore[method-assign]
    try:
        app = await maak_app(settings)
    finally:
        Validator.laad, Definities.laad = oud  # type: ignore[method-assign]
    p = Product(app, app.state.opslag, Wereld(app.state.opslag), Klok())
    app.state.poort.deur = replace(app.state.poort.deur, klok=p.klok)
    await _vul(p, settings)
    try:
        yield p
    finally:
        for client in p.open:
            await client.aclose()
        await p.opslag.sluit()


async def _vul(p: Product, settings: Settings) -> None:
    await p.wereld.zet("register", *register())
    for patient in KORT:
        await p.opslag.maak_partitie(patient, "paspoort")
        # Twee versies van alles: ook een oude versie kan iets verraden.
        oud = json.loads(json.dumps(dossier(patient)).replace("M_", "M_oud_"))
        await p.wereld.zet(patient, *oud, herkomst="zelf")
        await p.wereld.zet(patient, *dossier(patient), *rest(patient), herkomst="zelf")
    for code, rollen in MENSEN.items():
        account = await bewaar_account(p.opslag, ACCOUNT_ISSUER, code, code.title())
        p.accounts[code] = account.id
        for lid in rollen:
            await zet_lidmaatschap(p.opslag, replace(lid, account=account.id))
    personen = [{"code": c, "naam": c.title(), "rol": r[0].rol} for c, r in MENSEN.items()]
    (settings.data / "demo.json").write_text(json.dumps({"personen": personen}))
    sleutel = {"keys": [SLEUTELS["gemeente"].as_dict(private=False)]}
    await zet_client(p.opslag, Client("app-eigen", "persoonlijk", "Mijn app", None, (TERUG,), None, ALLES, CODE))
    for rol, org in ORG.items():
        await zet_client(
            p.opslag, Client(f"app-{org}", SOORT[rol], f"App {org}", org, (), sleutel, "system/*.cruds", APP)
        )


__all__ = ["ALLE_GROEPEN", "DAAR", "HIER", "MENSEN", "ORG", "Product", "dossier", "plekken", "product"]
