"""Van domeinfout naar OperationOutcome: één tabel van code naar HTTP-status en issue-code.

Kent geen toegang en geen opslag. Bron: toegang.md §6; FHIR R4 operationoutcome.html en valueset-issue-type.html.
Een code die hier niet staat is een bedrijfsregel: 422. Andere modules zetten hun rij erbij als dat niet klopt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import codestelsel
from paspoort.fouten import Melding, PaspoortFout, Taal
from server.fhir.request import FhirResponse

FHIR_JSON: Final = "application/fhir+json; charset=utf-8"

# Bedrijfsregels over wat er met een advies gebeurt, en wie een besluit vastlegt.
ADVIES_REGELS: Final = """
advies-niet-definitief advies-ingetrokken advies-opgevolgd intrekken-reden bericht-soort bericht-afzender
bericht-bij-concept vraag-mag-niet schrijver-ziet-niet antwoord-van-schrijver geen-voorstel voorstel-via-houder
voorstel-van-server advies-uit-document advies-via-definitief advies-is-definitief geen-advies advies-geen-concept
advies-vervangt advies-schrijver eis-noemt-merk advies-noemt-merk eis-noemt-ziekte eis-klinkt-als-wens besluit-van-ander
"""
# code: (HTTP-status, issue-code). De tekst staat in paspoort/fouten.py.
STATUS: Final[dict[str, tuple[int, str]]] = {
    # toegang.md §6
    "niet-ingelogd": (401, "login"),
    "scope-ontbreekt": (403, "forbidden"),
    "niet-gevonden": (404, "not-found"),
    "niet-van-u": (403, "forbidden"),
    "paspoort-niet-maken": (403, "forbidden"),
    "verwijderd": (410, "deleted"),
    "niet-voor-u": (403, "forbidden"),
    "aanleiding-alleen-mensen": (403, "forbidden"),
    "versie-verouderd": (412, "conflict"),
    "versie-nodig": (428, "required"),
    "id-onbekend": (405, "not-supported"),
    "methode-onbekend": (405, "not-supported"),
    "niet-ondersteund": (404, "not-supported"),
    "opslag-stil": (503, "transient"),
    "bevestigcode-weg": (422, "expired"),
    "te-druk": (503, "lock-error"),
    "onverwacht": (500, "exception"),
    # scopes buiten /oauth
    "scope-onbekend": (400, "value"),
    "scope-te-ruim": (400, "value"),
    # JSON en de vorm van een vraag
    "json-kapot": (400, "structure"),
    "json-geen-utf8": (400, "structure"),
    "json-dubbel": (400, "structure"),
    "json-getal": (400, "structure"),
    "json-te-diep": (400, "structure"),
    "json-geen-object": (400, "structure"),
    "xml-kapot": (400, "structure"),
    "xml-doctype": (400, "structure"),
    "xml-naamruimte": (400, "structure"),
    "xml-attribuut": (400, "structure"),
    "xml-tekst": (400, "structure"),
    "geen-inhoud": (400, "structure"),
    "te-groot": (413, "too-long"),
    "http-kapot": (400, "structure"),
    "koppen-te-lang": (431, "too-long"),
    "proef-vol": (422, "business-rule"),
    "adres-te-lang": (414, "too-long"),
    "adres-kapot": (400, "structure"),
    "soort-onbekend": (415, "not-supported"),
    "soort-zoekvraag": (415, "not-supported"),
    "soort-patch": (415, "not-supported"),
    "antwoordsoort-onbekend": (406, "not-supported"),
    "kop-fout": (400, "value"),
    "type-onbekend": (404, "not-supported"),
    "type-anders": (400, "invalid"),
    "gedeeltelijk-terug": (422, "business-rule"),
    "id-anders": (400, "invalid"),
    # zoeken
    "zoek-onbekend": (400, "not-supported"),
    "zoek-waarde": (400, "value"),
    "zoek-bepaler": (400, "not-supported"),
    "zoek-te-diep": (400, "not-supported"),
    "zoek-genegeerd": (400, "not-supported"),
    "geen-compartiment": (400, "not-supported"),
    "zoek-met-post": (400, "forbidden"),
    "te-kostbaar": (400, "too-costly"),
    "uitklappen-kan-niet": (422, "too-costly"),
    "parameter-onbekend": (400, "not-supported"),
    "parameter-ontbreekt": (400, "required"),
    "parameter-vorm": (400, "value"),
    # verwijzingen en het paspoort
    "paspoort-ontbreekt": (400, "required"),
    "hulpmiddel-gebonden": (422, "business-rule"),
    "koppeling-vast": (422, "business-rule"),
    "referentie-onbekend": (422, "not-found"),
    "referentie-extern": (422, "not-supported"),
    "nog-gebruikt": (409, "conflict"),
    "een-paspoort": (422, "business-rule"),
    "te-ruim": (400, "too-costly"),
    "voorwaarde-kan-niet": (400, "not-supported"),
    "voorwaarde-leeg": (400, "required"),
    "voorwaarde-meer": (412, "multiple-matches"),
    "patch-vorm": (400, "structure"),
    "patch-pad": (422, "not-found"),
    "patch-test": (422, "conflict"),
    "json-geen-lijst": (400, "structure"),
    "bundel-soort": (400, "value"),
    "bundel-regel": (400, "structure"),
    "bundel-dubbel": (400, "duplicate"),
    # FHIR-inhoud (paspoort/fhir/validatie*.py)
    "fhir-geen-resource": (400, "structure"),
    "fhir-type-onbekend": (400, "structure"),
    "fhir-element-onbekend": (400, "structure"),
    "fhir-verplicht": (422, "required"),
    "fhir-te-weinig": (422, "required"),
    "fhir-te-veel": (422, "structure"),
    "fhir-niet-toegestaan": (422, "structure"),
    "fhir-keuze-dubbel": (400, "structure"),
    "fhir-leeg": (400, "structure"),
    "fhir-tekst-blanco": (422, "value"),
    "fhir-geen-lijst": (400, "structure"),
    "fhir-lijst-nodig": (400, "structure"),
    "fhir-object-nodig": (400, "structure"),
    "fhir-waarde-vorm": (400, "value"),
    "fhir-datum-vorm": (400, "value"),
    "fhir-datum-bestaat-niet": (400, "value"),
    "fhir-periode-omgekeerd": (422, "invariant"),
    "fhir-te-lang": (400, "too-long"),
    "fhir-te-diep": (400, "too-long"),
    "fhir-te-groot": (400, "too-long"),
    "fhir-verhaal-onveilig": (422, "invariant"),
    "fhir-verhaal-vorm": (422, "invariant"),
    "fhir-code-onbekend": (422, "code-invalid"),
    "fhir-code-buiten-lijst": (422, "code-invalid"),
    "fhir-verwijzing-vorm": (422, "value"),
    "fhir-verwijzing-doel": (422, "value"),
    "fhir-verwijzing-leeg": (422, "invariant"),
    "fhir-verwijzing-intern": (422, "not-found"),
    "fhir-contained-genest": (422, "invariant"),
    "fhir-contained-los": (422, "invariant"),
    "fhir-contained-dubbel": (422, "invariant"),
    "fhir-label-dubbel": (422, "duplicate"),
    "fhir-modifier-onbekend": (422, "extension"),
    "fhir-regel": (422, "invariant"),
    "fhir-extensie-inhoud": (422, "extension"),
    "fhir-extensie-onbekend": (422, "extension"),
    "fhir-extensie-plaats": (422, "extension"),
    "fhir-profiel-onbekend": (422, "not-supported"),
    "fhir-profiel-type": (422, "invalid"),
    "fhir-profiel-waarde": (422, "value"),
    "fhir-profiel-soort": (422, "structure"),
    "fhir-profiel-grens": (422, "value"),
    "fhir-profiel-volgorde": (422, "structure"),
    "fhir-profiel-geen": (422, "invariant"),
    "fhir-profiel-regel": (422, "structure"),
    # antwoorden op een vragenlijst (paspoort/fhir/vragenlijst)
    "vragenlijst-kapot": (422, "structure"),
    "vragenlijst-onbekend": (422, "not-found"),
    "vragenlijst-anders": (422, "invalid"),
    "vraag-onbekend": (422, "structure"),
    "vraag-verkeerde-plaats": (422, "structure"),
    "vraag-dubbel": (422, "duplicate"),
    "groep-met-antwoord": (422, "structure"),
    "antwoord-vorm": (400, "structure"),
    "antwoord-leeg": (422, "value"),
    "antwoord-verkeerd-type": (422, "value"),
    "antwoord-geen-keuze": (422, "code-invalid"),
    "antwoord-te-veel": (422, "structure"),
    "antwoord-te-lang": (422, "too-long"),
    "antwoord-niet-berekend": (422, "business-rule"),
    "vragenlijst-onondersteund": (422, "not-supported"),
    "antwoord-niet-zo": (422, "value"),
    "antwoord-te-kort": (422, "value"),
    "antwoord-te-precies": (422, "value"),
    "antwoord-ligt-vast": (422, "business-rule"),
    "antwoord-aantal-te-veel": (422, "structure"),
    "antwoord-aantal-te-weinig": (422, "structure"),
    "vraag-volgorde": (422, "structure"),
    "antwoord-buiten-grens": (422, "value"),
    "antwoord-niet-gevraagd": (422, "business-rule"),
    "antwoord-ontbreekt": (422, "required"),
    **dict.fromkeys(("abonnement-filter", "abonnement-adres"), (422, "value")),
    **dict.fromkeys(("abonnement-inhoud", "abonnement-kanaal"), (422, "not-supported")),
    "abonnement-blijvend": (422, "business-rule"),
    "abonnement-status": (422, "business-rule"),
    "abonnement-voorbij": (422, "business-rule"),
    "abonnement-te-veel": (422, "too-costly"),
    "id-bezet": (409, "conflict"),
    "partitie-bestaat": (409, "conflict"),
    "bsn-ongeldig": (422, "value"),
    "doel-onbekend": (422, "code-invalid"),
    # het advies en de opdracht
    "eis-ontbreekt": (422, "required"),
    "eis-zonder-tekst": (422, "required"),
    "eis-zonder-soort": (422, "required"),
    "eis-zonder-onderbouwing": (422, "required"),
    "eis-zonder-doel": (422, "required"),
    "eis-lijkt-merk": (422, "business-rule"),
    "eis-lijkt-ziekte": (422, "business-rule"),
    "eis-is-vaag": (422, "business-rule"),
    "eis-onderbouwing-herhaalt": (422, "business-rule"),
    "eis-onderbouwing-mager": (422, "business-rule"),
    "eis-doel-onbekend": (422, "business-rule"),
    "eis-dubbel": (422, "business-rule"),
    "eisen-alleen-wens": (422, "business-rule"),
    "ontslag-voorbij": (422, "business-rule"),
    "urgentie-open": (422, "business-rule"),
    "spoed-zonder-reden": (422, "business-rule"),
    "ontslag-zonder-spoed": (422, "business-rule"),
    "zin-te-lang": (422, "business-rule"),
    "zin-te-moeilijk": (422, "business-rule"),
    "tekst-vaktaal": (422, "business-rule"),
    "fase-kan-niet": (422, "business-rule"),
    # de stroom: toetsen, bevestigen, definitief, beslissen, leveren
    "geen-verzoek": (422, "business-rule"),
    "beleid-kapot": (422, "invariant"),
    # een advies na het schrijven
    **dict.fromkeys(ADVIES_REGELS.split(), (422, "business-rule")),
    "bericht-zonder-advies": (422, "required"),
    "bericht-leeg": (422, "required"),
    "bericht-te-lang": (422, "too-long"),
    "bericht-eis-onbekend": (422, "not-found"),
    "vraag-loopt-al": (422, "duplicate"),
    "antwoord-zonder-vraag": (422, "required"),
    "vraag-al-beantwoord": (422, "conflict"),
    "geen-behandeling": (422, "business-rule"),
    "behandeling-gesloten": (422, "business-rule"),
    "behandelaar-onbekend": (422, "business-rule"),
    "uitkomst-onbekend": (422, "code-invalid"),
    "motivering-ontbreekt": (422, "required"),
    "reden-ontbreekt": (422, "required"),
    "doorzetten-kan-niet": (422, "business-rule"),
    "verlengen-kan-niet": (422, "business-rule"),
    "leverancier-ontbreekt": (422, "required"),
    "leverancier-onbekend": (422, "business-rule"),
    "taak-via-beslis": (422, "business-rule"),
    "taak-status-past-niet": (422, "business-rule"),
    "taak-gesloten": (422, "business-rule"),
    "levering-zonder-hulpmiddel": (422, "required"),
    "toestemming-onvolledig": (422, "required"),
    "toestemming-niet-begrepen": (422, "not-supported"),
    "toestemming-voor-ander": (422, "business-rule"),
    "toestemming-te-ruim": (422, "business-rule"),
    "toestemming-loopt-al": (422, "duplicate"),
    "toestemming-leeg": (422, "required"),
    "toestemming-einddatum": (422, "business-rule"),
    "bevestigcode-onjuist": (422, "value"),
    "aanleiding-te-kort": (422, "value"),
    "aanleiding-te-lang": (422, "value"),
    "mandaat-naam": (422, "required"),
    "mandaat-begin": (422, "business-rule"),
    "mandaat-groep": (422, "required"),
    # beheer van het register; bladzijden en CLI
    "beheer-verplicht": (422, "required"),
    "beheer-vorm": (422, "value"),
    "beheer-bestaat-al": (422, "duplicate"),
    "beheer-onbekend": (422, "value"),
    "beheer-kring": (422, "business-rule"),
    "beheer-rol": (422, "business-rule"),
    "beheer-team-vast": (422, "business-rule"),
    "beheer-datum": (422, "value"),
    "app-adres": (422, "value"),
    "app-sleutel": (422, "value"),
    "app-waarvoor-lang": (422, "value"),
    "app-zonder-bewijs": (422, "required"),
    "personeelscode-onbekend": (422, "value"),
    # inloggen en delen; komen langs FHIR alleen voor als een bladzijde de deur gebruikt
    "aanbieder-onbekend": (400, "value"),
    "aanbieder-stil": (503, "transient"),
    "inloggen-mislukt": (401, "login"),
    "persoon-onbekend": (400, "value"),
    "account-onbekend": (403, "forbidden"),
    "inloggen-gestopt": (401, "login"),
    "niveau-te-laag": (403, "forbidden"),
    "afmelding-ongeldig": (400, "invalid"),
    "paspoort-dubbel": (409, "conflict"),
    "paspoort-bestaat-al": (409, "conflict"),
    "formulier-verlopen": (403, "expired"),
    "log-meer": (400, "too-costly"),
    "te-vaak": (429, "throttled"),
    "code-te-vaak": (429, "throttled"),
}
ANDERS: Final = (422, "business-rule")

FOUTSTELSEL: Final = codestelsel("fout")


def status_van(code: str) -> tuple[int, str]:
    """(HTTP-status, issue-code) van een foutcode."""
    return STATUS.get(code, ANDERS)


def taal_van(accept_language: str | None, anders: Taal = "nl") -> Taal:
    """nl of en: de eerste van de twee die in Accept-Language staat (RFC 9110 §12.5.4; q-waarden geteld)."""
    beste: tuple[float, Taal] | None = None
    for deel in (accept_language or "").split(","):
        naam, _, rest = deel.strip().partition(";")
        kort = naam.split("-")[0].lower()
        try:
            q = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if kort in ("nl", "en") and q > 0 and (beste is None or q > beste[0]):
            beste = (q, "nl" if kort == "nl" else "en")
    return beste[1] if beste else anders


def als_outcome(meldingen: Sequence[Melding], taal: Taal) -> dict[str, Any]:
    """De meldingen als OperationOutcome: één issue per melding, bij zijn element."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(m, taal) for m in meldingen]}


def _issue(melding: Melding, taal: Taal) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "severity": melding.ernst,
        "code": status_van(melding.code)[1] if melding.ernst == "error" else "informational",
        "details": {"coding": [{"system": FOUTSTELSEL, "code": melding.code}], "text": melding.tekst(taal)},
    }
    if melding.plek:
        issue["expression"] = [melding.plek]
    return issue


def antwoord(fout: PaspoortFout, taal: Taal) -> FhirResponse:
    """Het antwoord bij een fout; de status is die van de eerste melding die een fout is."""
    eerste = next((m for m in fout.meldingen if m.ernst == "error"), fout.meldingen[0])
    status = status_van(eerste.code)[0]
    koppen = {"content-type": FHIR_JSON}
    if status == 401:
        koppen["www-authenticate"] = 'Bearer realm="fhir", error="invalid_token"'
    elif eerste.code == "scope-ontbreekt":
        scope = eerste.waarden.get("scope", "")
        koppen["www-authenticate"] = f'Bearer realm="fhir", error="insufficient_scope", scope="{scope}"'
    elif status == 503:
        koppen["retry-after"] = "5"
    elif status == 429:
        koppen["retry-after"] = eerste.waarden.get("seconden", "600")
    elif eerste.code == "soort-patch":
        koppen["accept-patch"] = "application/json-patch+json"  # RFC 5789 §2.2
    elif status == 405:
        koppen["allow"] = eerste.waarden.get("mag", "GET")
    return FhirResponse(status, schrijf(als_outcome(fout.meldingen, taal)), koppen)


def geslaagd(taal: Taal, waarschuwingen: Sequence[Melding] = ()) -> dict[str, Any]:
    """Een OperationOutcome die zegt dat alles goed is, met wat er te waarschuwen valt."""
    if waarschuwingen:
        return als_outcome(waarschuwingen, taal)
    tekst = "In orde." if taal == "nl" else "All OK."
    issue = {"severity": "information", "code": "informational", "details": {"text": tekst}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
