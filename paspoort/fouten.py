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
}
