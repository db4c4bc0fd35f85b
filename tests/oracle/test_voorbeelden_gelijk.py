"""Elk goed voorbeeld door de server: wat erin gaat, komt er gelijk weer uit; en een foute mutant laat niets achter."""

from __future__ import annotations

import zlib
from typing import Any

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fhir.stelsels import extension
from tests.oracle.basis import als_tekst, fouten, voorbeelden
from tests.oracle.corpus import van
from tests.oracle.mutaties import Mutant
from tests.oracle.voorbeeldwereld import GEEN_DOEL, HOUDER, LEZEN, NIET_BEWAARD, REGISTER, Json, richt_in

FHIR = {"content-type": "application/fhir+json"}
AANTAL = 150  # foute mutanten in de steekproef


def zonder_stempel(inhoud: Json) -> str:
    """De bytes zonder wat de server zelf zet: id, versie, moment, labels, de uitslag bij een verzoek, abonnement."""
    meta = {k: v for k, v in inhoud.get("meta", {}).items() if k not in ("versionId", "lastUpdated", "security", "tag")}
    zonder = {"id", "status", "extension", "channel"} if inhoud["resourceType"] == "Subscription" else {"id"}
    rest = {k: v for k, v in inhoud.items() if k not in zonder} | {"meta": meta}
    if extensies := inhoud.get("extension"):
        rest |= {"extension": [e for e in extensies if e["url"] != extension("toetsuitslag")]}
    if inhoud["resourceType"] == "Subscription":
        rest |= {"extension": [], "channel": {k: inhoud["channel"][k] for k in ("type", "endpoint", "payload")}}
    return als_tekst({k: v for k, v in rest.items() if v not in ({}, [])})


async def test_elk_voorbeeld_komt_er_uit_zoals_het_erin_ging(als: Any, wereld: Any) -> None:
    await richt_in(wereld)
    proef, lezer = als(rol="proef"), als(rol="verstrekker", organisatie="vb-gemeente", functie="vb-collega")
    gelukt, anders = set[str](), dict[str, Any]()
    for naam, inhoud in voorbeelden():
        soort = inhoud["resourceType"]
        if soort in NIET_BEWAARD:
            continue
        if soort in LEZEN or soort in REGISTER:  # dit schrijft de server zelf; lezen moet het dan gelijk geven
            await wereld.zet("register" if soort in REGISTER else HOUDER, inhoud)
            adres = f"{soort}/{inhoud['id']}"
        else:
            gemaakt = await proef.post(soort, content=schrijf(inhoud), headers=FHIR)
            if naam in GEEN_DOEL:
                assert gemaakt.status_code == 422 and "referentie-onbekend" in gemaakt.text
                continue
            if gemaakt.status_code != 201:
                anders[naam] = gemaakt.text
                continue
            adres = f"{soort}/{lees(gemaakt.content)['id']}"
        gelezen = await (lezer if soort in REGISTER else proef).get(adres)
        if gelezen.status_code != 200 or zonder_stempel(lees(gelezen.content)) != zonder_stempel(inhoud):
            anders[naam] = gelezen.text
        gelukt.add(soort)
    assert anders == {}
    assert len(gelukt) >= 20


def fout(mutant: Mutant) -> bool:
    kans = zlib.crc32(mutant.id.encode()) % 60 == 0
    return kans and mutant.inhoud["resourceType"] not in NIET_BEWAARD | LEZEN | REGISTER and bool(fouten(mutant.inhoud))


async def test_een_foute_mutant_laat_niets_achter(als: Any, wereld: Any) -> None:
    await richt_in(wereld)
    proef = als(rol="proef")
    opslag = wereld.opslag
    partities = [*await opslag.testpartities("proef-app"), "register"]
    voor = {p: (await opslag.momentopname(p)).volgnummer for p in partities}
    steekproef = [m for m in van(voorbeelden()) if fout(m)][:: max(1, 600 // AANTAL)][:AANTAL]
    assert {m.categorie for m in steekproef} >= {
        "cardinality",
        "type",
        "code",
        "target",
        "invariant",
        "slicing",
        "questionnaire",
    }
    for mutant in steekproef:
        antwoord = await proef.post(mutant.inhoud["resourceType"], content=schrijf(mutant.inhoud), headers=FHIR)
        assert antwoord.status_code in (400, 413, 422), (mutant.id, antwoord.status_code, antwoord.text)
        assert lees(antwoord.content)["resourceType"] == "OperationOutcome"
    na = {p: (await opslag.momentopname(p)).volgnummer for p in partities}
    assert na == voor
    assert [*await opslag.testpartities("proef-app"), "register"] == partities
