"""Een vijandige app: wat verborgen is, mag zich langs geen omweg verraden; en weinig vragen mag niet veel kosten.

Elke toets vraagt twee keer hetzelfde, over iets verborgens en over iets dat er nooit was: de antwoorden zijn gelijk, en
ook wat de vrager daarna in haar eigen log terugleest (toegang.md §6). De tweede helft gaat over rekentijd en geheugen.
"""

from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from paspoort.fhir.fhirxml import MAX_ELEMENTEN, uit_xml
from paspoort.fhir.stelsels import BSN
from paspoort.fhir.validatie_waarde import MAX_XHTML, waarde_fout
from paspoort.fouten import PaspoortFout
from server.fhir import jsonpatch
from server.fhir.interactions import transaction
from tests.conftest import HOUDER

Json = dict[str, Any]
ROLLEN = ("therapeut", "verstrekker", "leverancier")
BESTAAT, BESTAAT_NIET = "999911120", "999990007"


@pytest.fixture
def dialect() -> str:
    """Eén database is genoeg: alles hier leest de momentopname."""
    return "sqlite"


def gesprek(patient: str) -> Json:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": {"reference": f"Patient/{patient}"},
        "payload": [{"contentString": "Goedemiddag"}],
    }


def bundel(soort: str, *regels: Json) -> Json:
    return {"resourceType": "Bundle", "type": soort, "entry": list(regels)}


# Naam → (methode, adres, inhoud, koppen), met {p} voor een paspoort, {c} voor een resource daarin en {b} voor een BSN.
OMWEGEN: dict[str, tuple[str, str, Any, dict[str, str]]] = {
    "lezen": ("GET", "Condition/{c}", None, {}),
    "HEAD": ("HEAD", "Condition/{c}", None, {}),
    "oude versie": ("GET", "Condition/{c}/_history/1", None, {}),
    "geschiedenis": ("GET", "Condition/{c}/_history", None, {}),
    "niet veranderd sinds": ("GET", "Condition/{c}", None, {"if-none-match": "*"}),
    "compartiment": ("GET", "Patient/{p}/Condition", None, {}),
    "compartiment, alles": ("GET", "Patient/{p}/*", None, {}),
    "alles": ("GET", "Patient/{p}/$everything?_count=2", None, {}),
    "zoeken": ("GET", "Condition?patient={p}&_total=accurate", None, {}),
    "zoeken op id": ("GET", "Condition?_id={c}", None, {}),
    "keten": ("GET", "DeviceUseStatement?patient={p}&device.status=active", None, {}),
    "_has": ("GET", "Patient?_id={p}&_has:Condition:patient:_id={c}", None, {}),
    "BSN": ("POST", "Patient/_search", {"identifier": f"{BSN}|{{b}}"}, {}),
    "wijzigen": ("PUT", "Condition/{c}", {"resourceType": "Condition", "id": "{c}"}, {"if-match": 'W/"1"'}),
    "patch": ("PATCH", "Condition/{c}", [{"op": "test", "path": "/id", "value": "{c}"}], {"if-match": 'W/"9"'}),
    "weg": ("DELETE", "Condition/{c}", None, {}),
    "als het er niet is": ("POST", "Communication", gesprek("{p}"), {"if-none-exist": "patient={p}&status=completed"}),
    "als het er niet is, met een fout": ("POST", "Communication", gesprek("{p}"), {"if-none-exist": "patient={p}&x=1"}),
    "als het BSN er niet is": (
        "POST", "Patient", {"resourceType": "Patient"}, {"if-none-exist": f"identifier={BSN}|{{b}}"},
    ),
    "als het BSN er niet is, met een fout": (
        "POST", "Patient", {"resourceType": "Patient"}, {"if-none-exist": f"identifier={BSN}|{{b}}&x=1"},
    ),
    "wijzigen op voorwaarde": ("PUT", "Communication?patient={p}&status=completed", gesprek("{p}"), {}),
    "wijzigen op voorwaarde, met een fout": ("PUT", "Communication?patient={p}&x=1", gesprek("{p}"), {}),
    "weg op voorwaarde, met een fout": ("DELETE", "Communication?patient={p}&x=1", None, {}),
    "nakijken van een wijziging": (
        "POST", "Condition/{c}/$validate?mode=update", {"resourceType": "Condition", "id": "{c}"}, {},
    ),
    "nakijken van verwijderen": ("POST", "Condition/{c}/$validate?mode=delete", {"resourceType": "Parameters"}, {}),
    "nakijken van maken": ("POST", "Communication/$validate?mode=create", gesprek("{p}"), {}),
    "nakijken wat er staat": ("GET", "Condition/{c}/$validate", None, {}),
    "vragenlijst vullen": (
        "POST", "Questionnaire/functioneel-advies/$populate",
        {"resourceType": "Parameters",
         "parameter": [{"name": "subject", "valueReference": {"reference": "Patient/{p}"}}]}, {},
    ),
    "transactie": (
        "POST", "", bundel("transaction", {"request": {"method": "GET", "url": "Condition/{c}"}}), {},
    ),
    "transactie die terugdraait": (
        "POST", "",
        bundel("transaction", {"resource": gesprek("{p}"), "request": {"method": "POST", "url": "Communication"}},
               {"request": {"method": "DELETE", "url": "Condition/{c}"}}), {},
    ),
    "transactie met een voorwaarde": (
        "POST", "",
        bundel("transaction", {"resource": gesprek("{p}"), "request": {
            "method": "POST", "url": "Communication", "ifNoneExist": "patient={p}&x=1"}}), {},
    ),
    "batch": (
        "POST", "",
        bundel("batch", {"request": {"method": "GET", "url": "Condition/{c}"}},
               {"request": {"method": "GET", "url": "Patient/{p}/$everything"}}), {},
    ),
    "verwijzing als zoekvraag": (
        "POST", "",
        bundel("transaction", {
            "resource": {**gesprek("{p}"), "subject": {"reference": f"Patient?identifier={BSN}|{{b}}"}},
            "request": {"method": "POST", "url": "Communication"}}), {},
    ),
}  # fmt: skip


def vul(waarde: Any, namen: dict[str, str]) -> Any:
    if isinstance(waarde, str):
        for naam, w in namen.items():
            waarde = waarde.replace("{" + naam + "}", w)
        return waarde
    if isinstance(waarde, dict):
        return {n: vul(w, namen) for n, w in waarde.items()}
    return [vul(w, namen) for w in waarde] if isinstance(waarde, list) else waarde


def gelijk_gemaakt(tekst: str, namen: dict[str, str]) -> str:
    for naam, w in namen.items():
        tekst = tekst.replace(w, f"<{naam}>")
    return tekst


@pytest.mark.parametrize("rol", ROLLEN)
async def test_verborgen_en_nooit_geweest_zijn_langs_elke_omweg_gelijk(als: Any, rol: str) -> None:
    client = als(rol)
    hier = {"p": HOUDER, "c": "diagnose-yvonne", "b": BESTAAT}
    nergens = {"p": "houder-nooit1", "c": "diagnose-nooit1", "b": BESTAAT_NIET}
    verschil = []
    for naam, (methode, adres, inhoud, koppen) in OMWEGEN.items():
        antwoorden = []
        for namen in (hier, nergens):
            body, kop = vul(inhoud, namen), vul(koppen, namen)
            extra: Json = {"data": body} if adres.endswith("_search") else {} if body is None else {"json": body}
            if methode == "PATCH":
                kop = {**kop, "content-type": "application/json-patch+json"}
            a = await client.request(methode, vul(adres, namen), headers=kop, **extra)
            terug = []
            if rol != "therapeut":  # toezicht: die kolom is leeg in §3
                log = (await client.get("AuditEvent?_count=1&_sort=-date")).json()["entry"][0]["resource"]
                terug = [log["outcome"], gelijk_gemaakt(str(log.get("entity")), namen)]
            zonder_teken = [k for k in a.headers.items() if k[0] != "content-length"]
            tekst = gelijk_gemaakt(_zonder_zegel(a), namen)
            antwoorden.append((a.status_code, zonder_teken, tekst, terug))
        if antwoorden[0] != antwoorden[1]:
            verschil.append((naam, antwoorden))
    assert not verschil, verschil


def _zonder_zegel(a: Any) -> str:
    """De tekst zonder de links: die herhalen de vraag, of verzegelen haar met toeval."""
    if a.status_code != 200 or not a.content:
        return str(a.text)
    inhoud = a.json()
    inhoud.pop("link", None)
    return str(inhoud)


async def test_een_bsn_zegt_ook_in_het_eigen_log_niet_van_wie_het_is(als: Any, wereld: Any) -> None:
    client = als("leverancier")
    for bsn in (BESTAAT, BESTAAT_NIET):
        assert (await client.post("Patient/_search", data={"identifier": f"{BSN}|{bsn}"})).json()["total"] == 0
    assert HOUDER not in (await client.get("AuditEvent")).text
    assert HOUDER in (await als().get("AuditEvent")).text, "de houder ziet wel dat er gezocht is"


async def test_wat_de_houder_verwijdert_leest_niemand_anders_terug(als: Any, wereld: Any) -> None:
    """§3: verwijderen is sight gone, history kept; ook langs een oude versie of de geschiedenis."""
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "gezondheid")
    therapeut, houder, plek = als("therapeut"), als(), "Condition/diagnose-yvonne"
    assert "Verzonnen spierziekte" in (await therapeut.get(f"{plek}/_history")).text
    assert (await houder.delete(plek)).status_code == 204
    for pad, status in (
        (plek, 410),
        (f"{plek}/_history/1", 410),
        (f"{plek}/_history", 200),
        ("Condition/_history", 200),
    ):
        antwoord = await therapeut.get(pad)
        assert antwoord.status_code == status and "spierziekte" not in antwoord.text, pad
    assert "Verzonnen spierziekte" in (await houder.get(f"{plek}/_history/1")).text
    assert (await houder.get(f"{plek}/_history")).json()["total"] == 2


# --- weinig vragen mag niet veel kosten


def _snel(grens: float, doe: Any) -> Any:
    begin = time.process_time()
    try:
        return doe()
    except PaspoortFout as fout:
        return fout
    finally:
        duur = time.process_time() - begin
        assert duur < grens, f"{duur:.1f} s"


def test_een_bestand_van_spaties_kost_niet_meer_dan_een_bestand() -> None:
    assert _snel(3, lambda: waarde_fout("base64Binary", " " * 2_000_000 + "!")) == "fhir-waarde-vorm"
    assert waarde_fout("base64Binary", " QUJD\n QQ== ") is None


@pytest.mark.parametrize("stuk", ["<!--", "<", "<p ", '<a href="', "<a b='", "<?", "<![", "<!", "</", "&", "<!-- --!>"])
def test_een_verhaal_van_halve_tekens_kost_niets_en_komt_er_niet_in(stuk: str) -> None:
    kop = '<div xmlns="http://www.w3.org/1999/xhtml">x'
    verhaal = kop + stuk * ((MAX_XHTML - len(kop)) // len(stuk))
    assert _snel(3, lambda: waarde_fout("xhtml", verhaal)) in ("fhir-verhaal-onveilig", "fhir-verhaal-vorm")


def _patient(binnen: str) -> bytes:
    return f'<Patient xmlns="http://hl7.org/fhir">{binnen}</Patient>'.encode()


def test_xml_met_veel_herhaling_groeit_niet_in_het_kwadraat() -> None:
    veel = '<birthDate value="2000"/>' * 40_000 + "<maritalStatus/>" * 60_000 + "x<active/>" * 20_000
    fout = _snel(8, lambda: uit_xml(_patient(veel)))
    assert [m.code for m in fout.meldingen] == ["xml-tekst"]


def test_xml_heeft_een_grens_en_een_fout_komt_niet_duizend_keer_terug() -> None:
    assert len(_snel(3, lambda: uit_xml(_patient("<onzin/>" * 5000))).meldingen) <= 100
    fout = _snel(8, lambda: uit_xml(_patient("<a/>" * MAX_ELEMENTEN)))
    assert [m.code for m in fout.meldingen] == ["fhir-te-groot"]


def test_een_patch_kan_van_een_grote_tekst_geen_reus_maken() -> None:
    inhoud = {"resourceType": "Basic", "code": {"text": "x" * 1_000_000}, "identifier": []}
    kopie = [{"op": "copy", "from": "/code/text", "path": "/identifier/-"}] * 400
    fout = _snel(3, lambda: jsonpatch.pas_toe(inhoud, kopie, "Basic"))
    assert isinstance(fout, PaspoortFout) and fout.meldingen[0].code == "te-groot"


@pytest.mark.parametrize("schrijft", [False, True])
async def test_een_transactie_leest_niet_meer_dan_in_het_geheugen_past(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch, schrijft: bool
) -> None:
    monkeypatch.setattr(transaction, "ANTWOORD_HOOGSTENS", 100_000)
    bestand = {"resourceType": "Binary", "id": "foto", "contentType": "image/png"}
    await wereld.zet(HOUDER, {**bestand, "data": base64.b64encode(b"x" * 30_000).decode()})
    regels = [{"request": {"method": "GET", "url": "Binary/foto"}}] * 3
    if schrijft:
        regels.append({"resource": gesprek(HOUDER), "request": {"method": "POST", "url": "Communication"}})
    voor = (await wereld.momentopname()).volgnummer
    antwoord = await als().post("", json=bundel("transaction", *regels))
    assert antwoord.status_code == 413 and "Bundle.entry[2]" in antwoord.text, antwoord.text[:300]
    assert (await wereld.momentopname()).volgnummer == voor
