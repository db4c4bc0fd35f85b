"""De voorbeelden bij de operaties doen op de server precies wat zij zeggen: één goed en één fout verzoek elk."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from typing import Any

import pytest

from paspoort.fhir.organisatie import Organisatie, organisatie_naar
from paspoort.fhir.stelsels import extension
from paspoort.fhir.voorstel import als_voorstel
from paspoort.toegang import ALLE_GROEPEN
from server.fhir.operations import OPENBARE_OPERATIES, OPERATIES
from server.store import confirmcodes
from server.store.mail import te_doen
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER, PRAKTIJK, toestemming
from tests.server.post.conftest import aanvraag

MAP = files("fhir_profiles") / "examples" / "operaties"
DEFINITIES = sorted(o.definitie for o in (*OPERATIES.values(), *OPENBARE_OPERATIES.values()))
ROL = {
    "Consent-activeer": "therapeut",
    "Patient-aanleiding": "therapeut",
    "Resource-bevestig": "therapeut",
    "QuestionnaireResponse-definitief": "therapeut",
    "QuestionnaireResponse-afgestemd": "verstrekker",
    "QuestionnaireResponse-nog-geldig": "therapeut",
    "QuestionnaireResponse-trek-in": "therapeut",
    "Task-beslis": "verstrekker",
}


@pytest.fixture
def dialect() -> str:
    """Voorbeelden gaan niet over de database."""
    return "sqlite"


def test_elke_operatie_heeft_een_goed_en_een_fout_voorbeeld() -> None:
    assert sorted(b.name.removesuffix(".json") for b in MAP.iterdir()) == DEFINITIES
    for naam in DEFINITIES:
        paar = json.loads((MAP / f"{naam}.json").read_bytes())
        assert paar.keys() == {"goed", "fout"}
        assert {"methode", "adres", "status", "code", "uitleg"} <= paar["fout"].keys()


async def klaar(als: Any, wereld: Any) -> dict[str, str]:
    """De wereld van de voorbeelden; geeft hun namen en die van deze test."""
    await s.vul(wereld)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *(ALLE_GROEPEN - {"bsn", "toezicht", "toestemmingen"}))
    antwoord = await als().post("", json=s.inzending())
    taak = antwoord.json()["entry"][1]["response"]["location"].split("/Task/")[1].split("/")[0]
    klaar_ = {**s.concept("advies-2"), "status": "completed"}
    await wereld.zet(HOUDER, s.concept(), klaar_, auteur="PractitionerRole/therapeut-nienke")
    doel = {"resourceType": "Goal", "id": "voorstel-1", "subject": s.WIE, "description": {"text": "Zelf naar buiten"}}
    await wereld.zet(HOUDER, als_voorstel(doel, "QuestionnaireResponse/advies-2", "wil", 1))
    await wereld.deel(f"Organization/{GEMEENTE}", "afstemming", "advies", "eisen")
    abonnement = {**aanvraag("https://meld.example/hook"), "id": "abonnement-1", "status": "active"}
    opgeschreven = toestemming(f"Organization/{PRAKTIJK}", "advies", ("contact",), "toestemming-1", HOUDER)
    via = {"url": extension("gegeven-via"), "valueCode": "papier"}
    await wereld.zet(HOUDER, {**opgeschreven, "status": "proposed", "extension": [via]})
    await confirmcodes.stuur(wereld.opslag, HOUDER, "toestemming-1", int(time.time()))
    mails = await te_doen(wereld.opslag, int(time.time() * 1000))
    await wereld.opslag.maak_partitie(f"org-{LEVERANCIER}", "organisatie")
    await wereld.zet(f"org-{LEVERANCIER}", abonnement, auteur=f"Organization/{LEVERANCIER}")
    return {
        "4812 0577": next(m.gegevens["code"] for m in mails if m.gegevens),
        "Patient/123": f"Patient/{HOUDER}",
        "Condition/diagnose-1": "Condition/diagnose-yvonne",
        "Device/rolstoel-1": "Device/rolstoel-yvonne",
        "DeviceUseStatement/gebruik-1": "DeviceUseStatement/gebruik-yvonne",
        "Task/behandeling-1": f"Task/{taak}",
        "Organization/gemeente-1": f"Organization/{GEMEENTE}",
        "Organization/leverancier-1": f"Organization/{LEVERANCIER}",
    }


async def met_een_team(wereld: Any, organisatie: str) -> None:
    """Al het werk van deze organisatie ligt bij een team waar niemand in zit."""
    team = Organisatie("team-1", "Team 1", deel_van=organisatie, is_team=True, neemt_aan=frozenset({"alles"}))
    await wereld.zet("register", organisatie_naar(team), auteur="dienst")


@pytest.mark.parametrize("naam", DEFINITIES)
async def test_een_voorbeeld_doet_wat_het_zegt(als: Any, anoniem: Any, wereld: Any, naam: str) -> None:
    namen = await klaar(als, wereld)
    if naam == "Patient-aanleiding":
        await met_een_team(wereld, PRAKTIJK)
    tekst = (MAP / f"{naam}.json").read_text("utf-8")
    for van, naar in namen.items():
        tekst = tekst.replace(van, naar)
    paar = json.loads(tekst)
    if naam.startswith("Subscription"):
        client = als(rol="leverancier", soort="app", functie=None, scopes="system/*.cruds")
    else:
        client = anoniem if naam.startswith("ValueSet") else als(rol=ROL.get(naam, "houder"))
    for soort in ("fout", "goed"):  # het goede verandert soms iets
        v = paar[soort]
        antwoord = await client.request(v["methode"], v["adres"], json=v.get("inhoud"))
        assert antwoord.status_code == v["status"], (soort, antwoord.text)
        if soort == "fout":
            issues = antwoord.json()["issue"]
            gevonden = {(i["details"]["coding"][0]["code"], (i.get("expression") or [""])[0]) for i in issues}
            assert (v["code"], v.get("plek", "")) in gevonden
        else:
            assert '"severity":"error"' not in antwoord.text
