"""Fouten in de taal van het domein: een stabiele code, een plek, en waarden voor de tekst.

Kent geen HTTP. `server/fhir/outcome.py` vertaalt een code naar status en OperationOutcome, `server/oauth` naar
RFC 6749-JSON, `web` naar een zin in gewoon Nederlands. Alle fouten van één invoer komen samen, elk bij zijn element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Ernst = Literal["error", "warning", "information"]
Taal = Literal["nl", "en"]


@dataclass(frozen=True, slots=True)
class Melding:
    """Eén bevinding bij één element.

    `code` is een sleutel van `TEKSTEN`; `plek` een FHIRPath-expressie of de naam van een formulierveld;
    `waarden` vult de tekst en bevat nooit persoonsgegevens van een ander dan de inzender.
    """

    code: str
    plek: str | None = None
    waarden: Mapping[str, str] = field(default_factory=dict)
    ernst: Ernst = "error"

    def tekst(self, taal: Taal = "nl") -> str:
        """De melding in gewone taal."""
        nl, en = TEKSTEN[self.code]
        return (nl if taal == "nl" else en).format_map(dict(self.waarden))


class PaspoortFout(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Een of meer fouten samen. Wie hem vangt, vertaalt hem één keer voor zijn eigen publiek."""

    def __init__(self, *meldingen: Melding) -> None:
        if not meldingen:
            raise ValueError("een PaspoortFout heeft minstens één melding")
        super().__init__(", ".join(m.code for m in meldingen))
        self.meldingen = meldingen


# code: (Nederlands, Engels). Gegroepeerd; elke module voegt haar codes hier toe, nergens anders.
TEKSTEN: dict[str, tuple[str, str]] = {
    # --- vinden en mogen (toegang.md §6)
    "niet-ingelogd": ("U bent niet ingelogd, of de inlog is verlopen.", "You are not signed in, or the token has expired."),
    "scope-ontbreekt": ("Uw app mag dit niet vragen: scope {scope} ontbreekt.", "Insufficient scope: {scope} is missing."),
    "niet-gevonden": ("Dit is er niet.", "Not found."),
    "niet-van-u": ("U mag dit lezen, maar niet veranderen.", "You may read this, but not change it."),
    "verwijderd": ("Dit is verwijderd.", "This has been deleted."),
    "versie-verouderd": ("Iemand anders was u voor. Lees de nieuwste versie en probeer het opnieuw.", "Stale version: read the current version and try again."),
    "versie-nodig": ("Stuur If-Match mee, of meta.versionId.", "If-Match or meta.versionId is required."),
    "id-onbekend": ("Een eigen id kiezen kan niet: maak iets nieuws met POST.", "Client-assigned ids are not supported: create with POST."),
    "niet-ondersteund": ("{wat} kan deze server niet.", "{wat} is not supported."),
    "opslag-stil": ("Wij kunnen nu niets bewaren. Probeer het straks opnieuw.", "Storage is unavailable. Try again later."),
    "onverwacht": ("Er ging iets mis bij ons. Noem nummer {nummer}.", "Unexpected error. Quote number {nummer}."),
    # --- inloggen en OAuth (server/oauth, server/access/scopes.py)
    "scope-onbekend": ("De scope {scope} kennen wij niet.", "Scope {scope} is not known or not supported."),
    "scope-te-ruim": ("De scope {scope} is ruimer dan wat was toegestaan.", "Scope {scope} exceeds what was granted."),
    # --- JSON (paspoort/fhir/fhirjson.py)
    "json-kapot": ("Dit is geen goede JSON. De fout staat in regel {regel}, teken {kolom}.", "Malformed JSON at line {regel}, column {kolom}."),
    "json-geen-utf8": ("De tekst is geen UTF-8.", "The text is not valid UTF-8."),
    "json-geen-object": ("Hier hoort één JSON-object te staan, tussen accolades.", "Expected a single JSON object."),
    "json-dubbel": ("De naam “{naam}” staat er twee keer. Laat er één staan.", "Duplicate property name “{naam}”."),
    "json-getal": ("Dit getal kan niet: te groot, te veel cijfers of geen getal.", "Number is out of range or not a number."),
    "json-te-diep": ("De inhoud is dieper genest dan {diepte} lagen.", "Nesting is deeper than {diepte} levels."),
    # --- waarden van het domein (paspoort/*.py)
    "bsn-ongeldig": ("Dit is geen burgerservicenummer: het heeft negen cijfers en moet kloppen met de elfproef.", "Not a valid BSN (nine digits, eleven-test)."),
    "fase-kan-niet": ("Van “{van}” kan dit niet naar “{naar}”.", "Transition from “{van}” to “{naar}” is not allowed."),
    "periode-omgekeerd": ("Het einde ligt voor het begin.", "The end lies before the start."),
    "gegeven-onleesbaar": ("Dit gegeven kunnen wij niet lezen: {wat}.", "Cannot be read by the domain: {wat}."),
    # --- FHIR-rand: vorm, zoeken, verwijzingen, bundels (server/fhir)
    "paspoort-niet-maken": ("Een paspoort ontstaat bij de eerste inlog van de houder, niet hier.", "A passport is created at the holder's first login, not here."),
    "methode-onbekend": ("{methode} kan hier niet. Wel: {mag}.", "{methode} is not allowed here. Allowed: {mag}."),
    "te-druk": ("Anderen schreven tegelijk. Probeer het opnieuw.", "Too many concurrent writes. Try again."),
    "geen-inhoud": ("Er is geen inhoud meegestuurd.", "A request body is required."),
    "te-groot": ("Dit is te groot: hoogstens {grens}.", "Too large: at most {grens}."),
    "soort-onbekend": ("Stuur application/fhir+json.", "Send application/fhir+json."),
    "antwoordsoort-onbekend": ("Wij antwoorden alleen in application/fhir+json.", "Only application/fhir+json can be returned."),
    "kop-fout": ("De kopregel {kop} is niet goed.", "Header {kop} is malformed."),
    "type-onbekend": ("Het type {type} kent deze server niet.", "Resource type {type} is not supported."),
    "type-anders": ("resourceType moet {type} zijn.", "resourceType must be {type}."),
    "id-anders": ("Het id in de inhoud is een ander dan in het adres.", "The id in the body differs from the id in the URL."),
    "id-vorm": ("Dit is geen geldig id.", "This is not a valid id."),
    "zoek-onbekend": ("Op {naam} kan hier niet gezocht worden.", "Unknown search parameter {naam}."),
    "zoek-waarde": ("De waarde van {naam} is niet goed.", "The value of {naam} is malformed."),
    "zoek-bepaler": ("{naam} kent :{bepaler} niet.", "Modifier :{bepaler} is not supported on {naam}."),
    "zoek-met-post": ("Zoeken op BSN kan alleen met POST _search, zodat het nergens in een adres staat.", "Search by BSN only with POST _search."),
    "te-kostbaar": ("Zoek binnen één paspoort: geef patient mee.", "Search within one passport: supply patient."),
    "paspoort-ontbreekt": ("Zeg bij welk paspoort dit hoort.", "The reference to the patient is required."),
    "koppeling-vast": ("Dit hoort bij een paspoort en kan niet naar een ander.", "The tie to the patient cannot change."),
    "referentie-onbekend": ("Waar dit naar verwijst, is er niet.", "The referenced resource does not exist."),
    "referentie-extern": ("Verwijzen kan alleen naar iets op deze server.", "Only references to this server are supported."),
    "nog-gebruikt": ("Dit kan niet weg: er verwijst nog iets naar.", "Cannot delete: other resources still refer to this."),
    "een-paspoort": ("Alles in één transactie hoort bij één paspoort.", "A transaction touches exactly one patient."),
    "bundel-soort": ("Alleen een Bundle van type transaction of batch.", "Only a Bundle of type transaction or batch."),
    "bundel-regel": ("Deze regel van de Bundle is niet goed.", "This Bundle entry is malformed."),
    "bundel-dubbel": ("Deze resource staat twee keer in de Bundle.", "The resource occurs twice in the Bundle."),
}
