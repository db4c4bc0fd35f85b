"""Gesteld = gerouteerd: alles wat het CapabilityStatement zegt werkt, en niets werkt wat het niet zegt.

Uit het statement zelf: elk type, elke interactie, zoekparameter, include, operatie en vorm wordt echt gevraagd, langs
HTTP aan dezelfde rand als in het echt. `tests/contract/gesteld.py` maakt er verzoeken van.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
import pytest_asyncio

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator
from server.fhir.definities import Definities
from tests.conftest import HOUDER, Wereld
from tests.contract.gesteld import (
    INTERACTIES,
    KENT_NIET,
    Json,
    Proef,
    code_van,
    interacties,
    operatie_op,
    proef_van,
    rest,
    voorbeeld,
    voorwaardelijk,
    zoekvragen,
)
from web.naslag.bibliotheek import Bibliotheek
from web.naslag.voorbeelden import Voorbeelden

REGISTER = ("Organization", "Practitioner", "PractitionerRole")
Als = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture
async def statement(anoniem: httpx.AsyncClient) -> Json:
    return dict((await anoniem.get("metadata")).json())


@pytest_asyncio.fixture
async def gevuld(wereld: Wereld, statement: Json) -> dict[str, Json]:
    """Van elk type één resource in het paspoort van de houder, of in het register."""
    stukken = {r["type"]: voorbeeld(r["type"], HOUDER) for r in rest(statement)["resource"]}
    wel = {t: s for t, s in stukken.items() if t not in ("Patient", "AuditEvent", "Subscription") and len(s) > 2}
    await wereld.zet("register", *(s for t, s in wel.items() if t in REGISTER))
    await wereld.zet(HOUDER, *(s for t, s in wel.items() if t not in REGISTER), herkomst="zelf")
    return {**stukken, "Patient": {"resourceType": "Patient", "id": HOUDER}}


@pytest.fixture
def houder(als: Als, gevuld: dict[str, Json]) -> httpx.AsyncClient:
    return als(scopes="patient/*.cruds user/*.cruds system/*.cruds")


async def stuur(client: httpx.AsyncClient, proef: Proef) -> httpx.Response:
    koppen = {"content-type": "application/fhir+json", **proef.koppen}
    lijf = None if proef.inhoud is None else json.dumps(proef.inhoud).encode()
    return await client.request(proef.methode, proef.adres, content=lijf, headers=koppen if lijf else proef.koppen)


def kan(antwoord: httpx.Response) -> bool:
    """Of de server dit verzoek kent; wat hij ervan vindt, doet hier niet toe."""
    code = code_van(antwoord)
    if code == "id-onbekend":  # 405 omdat de resource er niet is, niet omdat PUT hier niet kan (toegang.md §6)
        return True
    return antwoord.status_code not in (405, 406, 415, 500, 501) and code not in KENT_NIET


async def test_elke_gestelde_interactie_werkt_en_elke_andere_is_405(
    statement: Json, gevuld: dict[str, Json], houder: httpx.AsyncClient
) -> None:
    fout: list[str] = []
    for resource in rest(statement)["resource"]:
        type_ = resource["type"]
        wel = interacties(resource)
        assert wel <= INTERACTIES.keys()
        for naam in sorted(INTERACTIES, key=lambda n: n == "delete"):  # eerst lezen, dan pas weg
            proef = proef_van(naam, type_, gevuld[type_]["id"], gevuld[type_])
            antwoord = await stuur(houder, proef)
            goed = kan(antwoord) if naam in wel else antwoord.status_code in (405, 404)
            if not goed or (naam not in wel and code_van(antwoord) == "niet-gevonden" and naam not in ("vread",)):
                fout.append(f"{naam} {proef}: {antwoord.status_code} {code_van(antwoord)}")
    assert fout == []


async def test_elke_voorwaardelijke_vorm_werkt_precies_als_zij_gesteld_is(
    statement: Json, gevuld: dict[str, Json], houder: httpx.AsyncClient
) -> None:
    fout: list[str] = []
    for resource in rest(statement)["resource"]:
        for gesteld, proef in voorwaardelijk(resource, gevuld[resource["type"]]):
            antwoord = await stuur(houder, proef)
            if kan(antwoord) != gesteld:
                fout.append(f"{proef}: {antwoord.status_code} {code_van(antwoord)}, gesteld {gesteld}")
    assert fout == []


async def test_voorwaardelijk_lezen_geeft_304(
    statement: Json, gevuld: dict[str, Json], houder: httpx.AsyncClient
) -> None:
    gezien = 0
    for resource in rest(statement)["resource"]:
        if resource["conditionalRead"] != "full-support":
            continue
        adres = f"{resource['type']}/{gevuld[resource['type']]['id']}"
        eerst = await houder.get(adres)
        if eerst.status_code != 200:
            continue
        gezien += 1
        met_tag = await houder.get(adres, headers={"if-none-match": eerst.headers["etag"]})
        assert met_tag.status_code == 304, adres
        # Wie gedeeld ziet, kan meer of minder zien zonder dat de tijd verschuift: dan is 200 het eerlijke antwoord.
        met_tijd = await houder.get(adres, headers={"if-modified-since": eerst.headers["last-modified"]})
        assert met_tijd.status_code == (200 if resource["type"] in REGISTER else 304), adres
    assert gezien > 10


async def test_elke_gestelde_zoekvraag_werkt(statement: Json, houder: httpx.AsyncClient) -> None:
    fout: list[str] = []
    gevraagd = 0
    for resource in rest(statement)["resource"]:
        for proef in zoekvragen(resource):
            antwoord = await stuur(houder, proef)
            gevraagd += 1
            if antwoord.status_code != 200 or antwoord.json()["resourceType"] != "Bundle":
                fout.append(f"{proef}: {antwoord.status_code} {antwoord.text[:200]}")
    assert fout == []
    assert gevraagd > 300


async def test_het_voorbeeld_bij_elke_zoekparameter_van_ons_doet_wat_er_bij_staat(
    houder: httpx.AsyncClient, definities: Definities, validator: Validator
) -> None:
    """De voorbeelden op /docs: één zoekvraag die kan, en één die met deze code geweigerd wordt."""
    alle = [t.bron.inhoud for t in definities.van_type("SearchParameter")]
    gevraagd = 0
    for stuk in Bibliotheek(alle).alle():
        for v in Voorbeelden(validator).van(stuk):
            gevraagd += 1
            adres = v.verzoek.removeprefix("GET [basis]/").replace("Patient/123", f"Patient/{HOUDER}")
            antwoord = await houder.get(adres)
            verwacht = v.bevindingen[0].code if v.bevindingen else ""
            assert (antwoord.status_code, code_van(antwoord)) == (v.status, verwacht), adres
    assert gevraagd == 2 * len(alle) > 0


async def test_een_zoekvraag_die_er_niet_staat_is_400(statement: Json, houder: httpx.AsyncClient) -> None:
    alle = sorted({p["name"] for r in rest(statement)["resource"] for p in r.get("searchParam", ())})
    fout: list[str] = []
    for resource in rest(statement)["resource"]:
        type_ = resource["type"]
        if "search-type" not in interacties(resource):
            assert "searchParam" not in resource and "searchInclude" not in resource
            continue
        eigen = {p["name"] for p in resource["searchParam"]}
        vreemd = [n for n in alle if n not in eigen]
        for nummer in range(0, len(vreemd), 40):
            stuk = vreemd[nummer : nummer + 40]
            antwoord = await houder.get(f"{type_}?{'&'.join(f'{n}=1' for n in stuk)}")
            geweigerd = {i["expression"][0] for i in antwoord.json()["issue"]} if antwoord.status_code == 400 else set()
            fout += [f"{type_}?{n}=" for n in stuk if n not in geweigerd]
        onzin = (
            "_include=Onzin:iets",
            f"_include={type_}:onzin",
            f"_revinclude={type_}:onzin",
            "onzin=1",
            "_sort=onzin",
        )
        for vraag in onzin:
            antwoord = await houder.get(f"{type_}?{vraag}")
            if antwoord.status_code != 400:
                fout.append(f"{type_}?{vraag}: {antwoord.status_code}")
    assert fout == []


async def test_elke_gestelde_operatie_werkt_op_haar_niveaus_en_nergens_anders(
    statement: Json, gevuld: dict[str, Json], houder: httpx.AsyncClient
) -> None:
    definities = await _operaties(statement, houder)
    fout: list[str] = []
    for resource in rest(statement)["resource"]:
        type_, eigen = resource["type"], {o["name"] for o in resource.get("operation", ())}
        for naam, definitie in definities.items():
            for gesteld, proef in operatie_op(definitie, type_, gevuld[type_]["id"]):
                antwoord = await stuur(houder, proef)
                moet = gesteld and naam in eigen
                if kan(antwoord) != moet and not (not moet and antwoord.status_code in (404, 405)):
                    fout.append(f"{proef}: {antwoord.status_code} {code_van(antwoord)}, gesteld {moet}")
        antwoord = await houder.post(f"{type_}/$onzin", json={"resourceType": "Parameters"})
        if antwoord.status_code not in (404, 405):
            fout.append(f"{type_}/$onzin: {antwoord.status_code}")
    for definitie in definities.values():
        for gesteld, proef in operatie_op(definitie, None, ""):
            assert kan(await stuur(houder, proef)) == gesteld, str(proef)
    assert fout == []


async def _operaties(statement: Json, client: httpx.AsyncClient) -> dict[str, Json]:
    """Elke operatie die het statement noemt, met onze definitie; een standaard-canonical staat in `base`."""
    alle = (await client.get("OperationDefinition?_count=200")).json()["entry"]
    per_url = {url: d for e in alle for d in (e["resource"],) for url in (d["url"], d.get("base")) if url}
    uit: dict[str, Json] = {}
    for resource in rest(statement)["resource"]:
        for operatie in resource.get("operation", ()):
            definitie = per_url[operatie["definition"]]
            assert definitie["code"] == operatie["name"]
            typen = definitie.get("resource", ["Resource"])
            assert "Resource" in typen or resource["type"] in typen, (resource["type"], operatie["name"])
            uit[operatie["name"]] = definitie
    return uit


async def test_elke_vorm_werkt_en_een_andere_is_406_of_415(
    statement: Json, gevuld: dict[str, Json], houder: httpx.AsyncClient
) -> None:
    for vorm in statement["format"]:
        antwoord = await houder.get(f"Patient/{HOUDER}", params={"_format": vorm})
        assert antwoord.status_code == 200
        assert ("xml" in vorm) == ("xml" in antwoord.headers["content-type"])
        if "/" in vorm:
            antwoord = await houder.get(f"Patient/{HOUDER}", headers={"accept": vorm})
            assert antwoord.headers["content-type"].startswith(vorm)
    for vorm in ("ttl", "text/turtle", "html", "application/pdf"):
        assert (await houder.get(f"Patient/{HOUDER}", params={"_format": vorm})).status_code == 406
    proef = proef_van("patch", "Device", "vb-device", {})
    for vorm in ("application/json-patch+json", "application/xml-patch+xml", "application/merge-patch+json"):
        anders = Proef(proef.methode, proef.adres, proef.inhoud, {**proef.koppen, "content-type": vorm})
        assert kan(await stuur(houder, anders)) == (vorm in statement["patchFormat"]), vorm


async def test_op_de_basis_werkt_alleen_wat_er_staat(statement: Json, houder: httpx.AsyncClient) -> None:
    wel = {i["code"] for i in rest(statement)["interaction"]}
    for soort in ("transaction", "batch", "searchset"):
        antwoord = await stuur(houder, Proef("POST", "", {"resourceType": "Bundle", "type": soort, "entry": []}))
        assert (antwoord.status_code == 200) == (soort in wel), (soort, antwoord.text)
    assert ("search-system" in wel) == ((await houder.get("?_id=x")).status_code == 200)
    assert ("history-system" in wel) == ((await houder.get("_history")).status_code == 200)
    for type_ in ("Medication", "patient", "Onzin"):
        antwoord = await houder.get(f"{type_}/x")
        assert antwoord.status_code == 404 and code_van(antwoord) == "type-onbekend"
    for plek in rest(statement).get("compartment", ()):
        assert plek == "http://hl7.org/fhir/CompartmentDefinition/patient"
        assert (await houder.get(f"Patient/{HOUDER}/Device")).status_code == 200


async def test_alles_waar_het_statement_naar_wijst_is_te_lezen(statement: Json, anoniem: httpx.AsyncClient) -> None:
    wijst = {r["profile"] for r in rest(statement)["resource"] if "profile" in r}
    wijst |= {p for r in rest(statement)["resource"] for p in r.get("supportedProfile", ())}
    wijst |= {
        p["definition"] for r in rest(statement)["resource"] for p in r.get("searchParam", ()) if "definition" in p
    }
    wijst |= {o["definition"] for r in rest(statement)["resource"] for o in r.get("operation", ())}
    onze = {w for w in wijst if w.startswith(BASIS)}
    assert all(w.startswith("http://hl7.org/fhir/") for w in wijst - onze)
    for canonical in sorted(onze):
        antwoord = await anoniem.get(canonical.removeprefix(BASIS))
        assert antwoord.status_code == 200 and antwoord.json()["url"] == canonical, canonical


async def test_het_statement_heeft_drie_vormen_een_etag_en_een_adres_als_resource(
    statement: Json, anoniem: httpx.AsyncClient, validator: Validator
) -> None:
    heel = await anoniem.get("metadata")
    assert heel.json() == (await anoniem.get("metadata?mode=full")).json()
    assert heel.json() == (await anoniem.get(f"CapabilityStatement/{statement['id']}")).json()
    assert (await anoniem.get("metadata", headers={"if-none-match": heel.headers["etag"]})).status_code == 304
    assert (await anoniem.get("metadata", headers={"if-none-match": 'W/"anders"'})).status_code == 200
    kop = await anoniem.head("metadata")
    assert (kop.status_code, kop.content, kop.headers["etag"]) == (200, b"", heel.headers["etag"])
    normatief = (await anoniem.get("metadata?mode=normative")).json()
    assert {r["type"] for r in rest(normatief)["resource"]} < {r["type"] for r in rest(statement)["resource"]}
    termen = (await anoniem.get("metadata?mode=terminology")).json()
    assert termen["resourceType"] == "TerminologyCapabilities"
    assert len(termen["codeSystem"]) == (await anoniem.get("CodeSystem?_summary=count")).json()["total"]
    assert (await anoniem.get("metadata?mode=onzin")).status_code == 400
    assert (await anoniem.post("metadata")).status_code == 405
    for vorm in (statement, normatief, termen):
        assert [m for m in validator.controleer(vorm) if m.ernst == "error"] == []


async def test_uitklappen_gaat_in_bladzijden_en_kent_de_parameters_die_er_staan(anoniem: httpx.AsyncClient) -> None:
    uitklappen = (await anoniem.get("metadata?mode=terminology")).json()["expansion"]
    lijst = (await anoniem.get("ValueSet?_count=1")).json()["entry"][0]["resource"]
    waarden = {"url": lijst["url"], "valueSetVersion": lijst["version"], "filter": "a", "count": "1", "offset": "1"}
    waarden |= {"activeOnly": "true", "displayLanguage": "nl"}
    assert {p["name"] for p in uitklappen["parameter"]} == set(waarden)
    alles = await anoniem.get("ValueSet/$expand", params=waarden)
    assert alles.status_code == 200, alles.text
    assert uitklappen["paging"] and len(alles.json()["expansion"].get("contains", [])) <= 1
    assert (await anoniem.get("ValueSet/$expand", params={**waarden, "excludeNested": "true"})).status_code == 400
