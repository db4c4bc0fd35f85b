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
# Eén regel per code: zo leest dit als een tabel.
# fmt: off
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
    "aanbieder-onbekend": ("Deze manier van inloggen kennen wij niet. Kies een andere.", "Unknown identity provider."),
    "aanbieder-stil": ("{naam} reageert nu niet. Probeer het straks opnieuw.", "Identity provider {naam} does not answer."),
    "inloggen-mislukt": ("Het inloggen is niet gelukt. Probeer het opnieuw.", "Sign-in failed. Please try again."),
    "persoon-onbekend": ("Deze persoon kennen wij niet. Kies iemand uit de lijst.", "Unknown person. Choose one from the list."),
    "account-onbekend": ("U hebt hier nog geen paspoort of rol. Vraag het aan wie u uitnodigde.", "This account has no passport or role here."),
    "inloggen-gestopt": ("U bent gestopt met inloggen. U kunt het opnieuw proberen.", "Sign-in was cancelled."),
    "niveau-te-laag": ("Hiervoor moet u sterker inloggen, bijvoorbeeld met de app en een controle van uw ID.", "A stronger sign-in is required for this role."),
    "afmelding-ongeldig": ("Deze afmelding klopt niet.", "The logout token is not valid."),
    "paspoort-dubbel": ("Er is iets met uw paspoort wat wij niet zelf kunnen oplossen. Bel ons.", "The passport cannot be created automatically; contact support."),
    "paspoort-bestaat-al": ("Dit paspoort is er al. Bel ons: wij kijken of u erbij mag.", "This passport already exists; contact support."),
    "formulier-verlopen": ("Deze bladzijde was te oud. Probeer het opnieuw.", "The form has expired. Please try again."),
    # --- JSON (paspoort/fhir/fhirjson.py)
    "json-kapot": ("Dit is geen goede JSON. De fout staat in regel {regel}, teken {kolom}.", "Malformed JSON at line {regel}, column {kolom}."),
    "json-geen-utf8": ("De tekst is geen UTF-8.", "The text is not valid UTF-8."),
    "json-geen-object": ("Hier hoort één JSON-object te staan, tussen accolades.", "Expected a single JSON object."),
    "json-dubbel": ("De naam “{naam}” staat er twee keer. Laat er één staan.", "Duplicate property name “{naam}”."),
    "json-getal": ("Dit getal kan niet: te groot, te veel cijfers of geen getal.", "Number is out of range or not a number."),
    "json-te-diep": ("De inhoud is dieper genest dan {diepte} lagen.", "Nesting is deeper than {diepte} levels."),
    # --- FHIR-XML (paspoort/fhir/fhirxml.py)
    "xml-kapot": ("Dit is geen geldige XML: regel {regel}, kolom {kolom}.", "Malformed XML at line {regel}, column {kolom}."),
    "xml-doctype": ("Een DOCTYPE mag niet in FHIR-XML.", "A DOCTYPE is not allowed in FHIR XML."),
    "xml-naamruimte": ("Dit element hoort in de naamruimte {naamruimte}.", "This element belongs in namespace {naamruimte}."),
    "xml-attribuut": ("Het attribuut {naam} hoort hier niet.", "Attribute {naam} is not allowed here."),
    "xml-tekst": ("Hier hoort geen losse tekst; een waarde staat in het attribuut value.", "No text content allowed here; a value goes in the value attribute."),
    # --- waarden van het domein (paspoort/*.py)
    "bsn-ongeldig": ("Dit is geen burgerservicenummer: het heeft negen cijfers en moet kloppen met de elfproef.", "Not a valid BSN (nine digits, eleven-test)."),
    "fase-kan-niet": ("Van “{van}” kan dit niet naar “{naar}”.", "Transition from “{van}” to “{naar}” is not allowed."),
    # --- FHIR-rand: vorm, zoeken, verwijzingen, bundels (server/fhir)
    "paspoort-niet-maken": ("Een paspoort ontstaat bij de eerste inlog van de houder, niet hier.", "A passport is created at the holder's first login, not here."),
    "proef-vol": ("U heeft {grens} proefpaspoorten, meer kan niet. Verwijder er een: eerst wat erin staat, dan de Patient.", "You have {grens} test passports, which is the limit. Delete one: first its contents, then its Patient."),
    "http-kapot": ("Dit is geen geldig HTTP-verzoek.", "Malformed HTTP request."),
    "koppen-te-lang": ("Het adres en de koppen zijn samen te lang: hoogstens {grens}.", "URL and headers are too long together: at most {grens}."),
    "methode-onbekend": ("{methode} kan hier niet. Wel: {mag}.", "{methode} is not allowed here. Allowed: {mag}."),
    "te-druk": ("Anderen schreven tegelijk. Probeer het opnieuw.", "Too many concurrent writes. Try again."),
    "geen-inhoud": ("Er is geen inhoud meegestuurd.", "A request body is required."),
    "adres-te-lang": ("Dit adres is te lang: hoogstens {grens} tekens. Zoek met POST _search.", "URL is too long: at most {grens} characters. Use POST _search."),
    "adres-kapot": ("Dit adres is niet te lezen: een %-teken klopt niet.", "Malformed percent-encoding in the URL."),
    "te-groot": ("Dit is te groot: hoogstens {grens}.", "Too large: at most {grens}."),
    "soort-onbekend": ("Stuur application/fhir+json of application/fhir+xml, in UTF-8.", "Send application/fhir+json or application/fhir+xml, in UTF-8."),
    "soort-patch": ("Stuur application/json-patch+json.", "Send application/json-patch+json."),
    "antwoordsoort-onbekend": ("Wij antwoorden in application/fhir+json of application/fhir+xml.", "Only application/fhir+json and application/fhir+xml can be returned."),
    "kop-fout": ("De kopregel {kop} is niet goed.", "Header {kop} is malformed."),
    "type-onbekend": ("Het type {type} kent deze server niet.", "Resource type {type} is not supported."),
    "type-anders": ("resourceType moet {type} zijn.", "resourceType must be {type}."),
    "gedeeltelijk-terug": ("Dit is een deel van de resource (SUBSETTED). Lees haar eerst helemaal en wijzig dan.", "This is a part of the resource (SUBSETTED). Read it in full before you change it."),
    "id-anders": ("Het id in de inhoud is een ander dan in het adres.", "The id in the body differs from the id in the URL."),
    "zoek-onbekend": ("Op {naam} kan hier niet gezocht worden.", "Unknown search parameter {naam}."),
    "zoek-waarde": ("De waarde van {naam} is niet goed.", "The value of {naam} is malformed."),
    "zoek-te-diep": ("{naam} gaat verder dan één stap; dat kan hier niet.", "{naam} goes beyond one step, which is not supported."),
    "zoek-genegeerd": ("{naam} kennen wij niet. Er is niet op gezocht.", "{naam} is unknown and was ignored."),
    "geen-compartiment": ("{type} hoort niet bij één Patient.", "{type} is not in the Patient compartment."),
    "zoek-bepaler": ("{naam} kent :{bepaler} niet.", "Modifier :{bepaler} is not supported on {naam}."),
    "zoek-met-post": ("Zoeken op BSN kan alleen met POST _search, zodat het nergens in een adres staat.", "Search by BSN only with POST _search."),
    "te-kostbaar": ("Zoek binnen één paspoort: geef patient mee.", "Search within one passport: supply patient."),
    "paspoort-ontbreekt": ("Zeg bij welk paspoort dit hoort.", "The reference to the patient is required."),
    "hulpmiddel-gebonden": ("Dit hulpmiddel hoort al bij een ander paspoort.", "This device is already bound to another patient."),
    "koppeling-vast": ("Dit hoort bij een paspoort en kan niet naar een ander.", "The tie to the patient cannot change."),
    "referentie-onbekend": ("Waar dit naar verwijst, is er niet.", "The referenced resource does not exist."),
    "referentie-extern": ("Verwijzen kan alleen naar iets op deze server.", "Only references to this server are supported."),
    "nog-gebruikt": ("Dit kan niet weg: er verwijst nog iets naar.", "Cannot delete: other resources still refer to this."),
    "een-paspoort": ("Alles in één transactie hoort bij één paspoort.", "A transaction touches exactly one patient."),
    "te-ruim": ("Dit gaat over meer dan {aantal} paspoorten. Vraag het per resource.", "This spans more than {aantal} patients. Ask per resource."),
    "voorwaarde-kan-niet": ("Bij {type} kan geen voorwaarde: daarop is niet te zoeken.", "{type} has no conditional interactions: it cannot be searched."),
    "voorwaarde-leeg": ("Geef een zoekvraag die één resource aanwijst.", "Supply search criteria that identify one resource."),
    "voorwaarde-meer": ("Bij deze zoekvraag hoort meer dan één resource.", "More than one resource matches these criteria."),
    "patch-vorm": ("Deze bewerking is niet goed. Verwacht: {verwacht}.", "Malformed patch operation. Expected: {verwacht}."),
    "patch-pad": ("Bewerking {nummer} kan niet: dit element is er niet.", "Operation {nummer} cannot be applied: no such element."),
    "patch-test": ("Bewerking {nummer} klopt niet: hier staat iets anders.", "Operation {nummer}: the test failed."),
    "json-geen-lijst": ("Hier hoort één JSON-lijst te staan, tussen blokhaken.", "Expected a single JSON array."),
    "bundel-soort": ("Alleen een Bundle van type transaction of batch.", "Only a Bundle of type transaction or batch."),
    "bundel-regel": ("Deze regel van de Bundle is niet goed.", "This Bundle entry is malformed."),
    "bundel-dubbel": ("Deze resource staat twee keer in de Bundle.", "The resource occurs twice in the Bundle."),
    # --- FHIR-inhoud (paspoort/fhir/validatie*.py)
    "fhir-geen-resource": ("Hier hoort een FHIR-resource te staan.", "A FHIR resource is expected here."),
    "fhir-type-onbekend": ("Dit resourcetype bestaat niet in FHIR R4.", "Unknown FHIR R4 resource type."),
    "fhir-element-onbekend": ("Dit element bestaat niet in {type}.", "Unknown element of {type}."),
    "fhir-verplicht": ("Dit is verplicht en ontbreekt.", "This element is required."),
    "fhir-te-weinig": ("Dit moet minstens {min} keer voorkomen.", "At least {min} of these are required."),
    "fhir-te-veel": ("Dit mag hoogstens {max} keer voorkomen.", "At most {max} of these are allowed."),
    "fhir-niet-toegestaan": ("Dit mag hier niet staan (profiel {profiel}).", "Not allowed here (profile {profiel})."),
    "fhir-keuze-dubbel": ("Er staat al een {eerste}; kies er één.", "Only one choice is allowed; {eerste} is present."),
    "fhir-leeg": ("Een leeg element mag niet.", "Empty elements are not allowed."),
    "fhir-tekst-blanco": ("Hier staan alleen spaties.", "Whitespace only."),
    "fhir-geen-lijst": ("Hier mag één waarde staan, geen lijst.", "A single value is expected, not an array."),
    "fhir-lijst-nodig": ("Hier hoort een lijst te staan.", "An array is expected here."),
    "fhir-object-nodig": ("Hier hoort een object te staan.", "An object is expected here."),
    "fhir-waarde-vorm": ("Dit is geen geldige waarde van soort {soort}.", "Not a valid {soort}."),
    "fhir-datum-vorm": ("Dit is geen geldige {soort}; schrijf jaar, maand en dag als 2026-03-01.", "Not a valid {soort}."),
    "fhir-datum-bestaat-niet": ("Deze datum bestaat niet.", "This date does not exist."),
    "fhir-periode-omgekeerd": ("Het einde ligt voor het begin.", "The end lies before the start."),
    "fhir-te-lang": ("Deze waarde is te lang.", "This value is too long."),
    "fhir-te-diep": ("Dit is te diep genest.", "Nested too deeply."),
    "fhir-te-groot": ("Dit heeft te veel elementen.", "Too many elements."),
    "fhir-verhaal-onveilig": ("Deze tekst bevat iets anders dan opmaak.", "The narrative holds more than basic formatting."),
    "fhir-verhaal-vorm": ("Deze tekst is geen goede XHTML in één div.", "The narrative must be one well-formed, non-empty div."),
    "fhir-code-onbekend": ("Deze code kan hier niet. Wel: {codes}.", "This code is not allowed here. Allowed: {codes}."),
    "fhir-code-buiten-lijst": ("Deze code hoort niet bij {lijst}.", "This code is not in {lijst}."),
    "fhir-verwijzing-vorm": ("Schrijf een verwijzing als Type/id.", "Write a reference as Type/id."),
    "fhir-verwijzing-doel": ("Hier mag niet naar verwezen worden. Wel: {doelen}.", "Wrong reference target. Allowed: {doelen}."),
    "fhir-verwijzing-leeg": ("Deze verwijzing wijst nergens naar.", "This reference points nowhere."),
    "fhir-verwijzing-intern": ("Er is geen contained-resource met dit id.", "There is no contained resource with this id."),
    "fhir-contained-genest": ("Een contained-resource mag er zelf geen bevatten.", "Contained resources may not be nested."),
    "fhir-contained-dubbel": ("Een andere contained-resource heeft dit id al.", "Duplicate id of a contained resource."),
    "fhir-label-dubbel": ("Dit label staat er al.", "Duplicate security label."),
    "fhir-contained-los": ("Naar deze contained-resource wordt niet verwezen.", "No reference to this contained resource."),
    "fhir-modifier-onbekend": ("Deze modifierExtension kennen wij niet; zij kan de betekenis veranderen.", "Unknown modifierExtension: it may change the meaning."),
    "fhir-regel": ("{regel} ({sleutel}).", "Constraint {sleutel} of {bron} is not met."),
    "fhir-extensie-inhoud": ("Een extensie heeft een waarde of eigen extensies, niet beide.", "An extension has either a value or extensions."),
    "fhir-extensie-onbekend": ("Deze extensie kent het paspoort niet.", "Unknown extension of this base URL."),
    "fhir-extensie-plaats": ("Deze extensie hoort hier niet. Wel op: {plaatsen}.", "This extension does not belong here. Allowed on: {plaatsen}."),
    "fhir-profiel-onbekend": ("Dit profiel hebben wij niet; er is niet op getoetst.", "Unknown profile; not checked against it."),
    "fhir-profiel-type": ("Dit profiel is voor {type}.", "This profile is for {type}."),
    "fhir-profiel-waarde": ("Hier hoort volgens profiel {profiel}: {verwacht}.", "Profile {profiel} requires: {verwacht}."),
    "fhir-profiel-soort": ("Dit mag hier volgens profiel {profiel} niet. Wel: {soorten}.", "Not allowed by profile {profiel}. Allowed: {soorten}."),
    "fhir-profiel-grens": ("Deze waarde ligt buiten de grenzen van profiel {profiel}.", "Outside the bounds of profile {profiel}."),
    "fhir-profiel-volgorde": ("De volgorde klopt niet met profiel {profiel}.", "Out of order for profile {profiel}."),
    "fhir-profiel-geen": ("Dit past bij geen van deze profielen: {profielen}.", "Matches none of these profiles: {profielen}."),
    "fhir-profiel-regel": ("Dit hoort niet bij wat profiel {profiel} hier kent.", "Not one of the slices of profile {profiel}."),
    # --- vragenlijsten (paspoort/fhir/vragenlijst)
    "vragenlijst-kapot": ("Deze vragenlijst klopt niet: {waarom}.", "The Questionnaire is invalid: {waarom}."),
    "vragenlijst-onbekend": ("Deze vragenlijst kennen wij niet.", "Unknown Questionnaire."),
    "vragenlijst-onondersteund": ("Dit gebruiken wij hier niet: {wat}.", "Not supported here: {wat}."),
    "vragenlijst-anders": ("Deze antwoorden horen bij een andere vragenlijst. Verwacht: {verwacht}.", "The answers belong to another Questionnaire. Expected: {verwacht}."),
    "vraag-onbekend": ("Vraag {vraag} staat niet in deze vragenlijst.", "Item {vraag} is not in this Questionnaire."),
    "vraag-verkeerde-plaats": ("Vraag {vraag} hoort op een andere plaats.", "Item {vraag} is not allowed here."),
    "vraag-dubbel": ("“{vraag}” staat er twee keer. Laat er één staan.", "“{vraag}” occurs more than once."),
    "groep-met-antwoord": ("“{vraag}” is een kopje en heeft zelf geen antwoord.", "“{vraag}” is a group and takes no answer."),
    "antwoord-vorm": ("Dit antwoord heeft niet de goede vorm.", "Malformed item or answer."),
    "antwoord-leeg": ("Bij “{vraag}” staat een leeg antwoord. Vul het in of laat het weg.", "Empty answer to “{vraag}”."),
    "antwoord-verkeerd-type": ("Bij “{vraag}” hoort {verwacht}.", "“{vraag}” requires an answer of type {type}."),
    "antwoord-geen-keuze": ("Kies bij “{vraag}” een antwoord uit de lijst.", "The answer to “{vraag}” is not one of its options."),
    "antwoord-te-veel": ("Bij “{vraag}” hoort één antwoord.", "“{vraag}” takes one answer only."),
    "antwoord-te-kort": ("Het antwoord bij “{vraag}” is te kort. Gebruik minstens {lengte} tekens.", "The answer to “{vraag}” is shorter than {lengte} characters."),
    "antwoord-te-precies": ("Bij “{vraag}” passen hoogstens {decimalen} cijfers achter de komma.", "The answer to “{vraag}” takes at most {decimalen} decimal places."),
    "antwoord-ligt-vast": ("Het antwoord bij “{vraag}” ligt vast.", "The answer to “{vraag}” is read-only."),
    "antwoord-aantal-te-veel": ("Bij “{vraag}” passen hoogstens {aantal} antwoorden.", "“{vraag}” takes at most {aantal} answers."),
    "antwoord-aantal-te-weinig": ("Bij “{vraag}” horen minstens {aantal} antwoorden.", "“{vraag}” takes at least {aantal} answers."),
    "vraag-volgorde": ("“{vraag}” staat niet in de volgorde van de vragenlijst.", "“{vraag}” is out of the order of the Questionnaire."),
    "antwoord-niet-zo": ("Het antwoord bij “{vraag}” is niet geschreven zoals dat hoort.", "The answer to “{vraag}” does not match its pattern."),
    "antwoord-niet-berekend": ("Het antwoord bij “{vraag}” volgt niet uit de andere antwoorden.", "The answer to “{vraag}” does not follow from the other answers."),
    "antwoord-te-lang": ("Het antwoord bij “{vraag}” is te lang. Gebruik hoogstens {lengte} tekens.", "The answer to “{vraag}” is longer than {lengte} characters."),
    "antwoord-buiten-grens": ("Bij “{vraag}” hoort een getal van {minimum} tot {maximum} {eenheid}.", "The answer to “{vraag}” must lie between {minimum} and {maximum} {eenheid}."),
    "antwoord-niet-gevraagd": ("“{vraag}” hoort niet bij uw andere antwoorden. Haal dit antwoord weg.", "“{vraag}” is not enabled by the other answers."),
    "antwoord-ontbreekt": ("Vul in: “{vraag}”", "An answer to “{vraag}” is required."),
    # --- adviescheck (paspoort/adviescheck.py)
    "eis-ontbreekt": ("Er staat nog geen eis. Voeg een eis toe en schrijf wat nodig is.", "No requirement yet. Add one."),
    "eis-zonder-tekst": ("Eis {nummer} is leeg. Schrijf wat de cliënt moet kunnen.", "Requirement {nummer} has no text. Describe what the person must be able to do."),
    "eis-zonder-soort": ("Kies bij eis {nummer}: noodzakelijk of wenselijk.", "Requirement {nummer}: choose necessary or desirable."),
    "eis-zonder-onderbouwing": ("Eis {nummer} mist een onderbouwing. Schrijf waarom het nodig is, en wat er gebeurt als het er niet komt.", "Requirement {nummer} has no rationale. State why it is needed and what happens without it."),
    "eis-zonder-doel": ("Eis {nummer} mist een doel. Noem het probleem of doel uit deel 1 waar de eis bij hoort.", "Requirement {nummer} has no goal. Name the problem or goal of part 1 it serves."),
    "eis-noemt-merk": ("Eis {nummer} noemt een merk of type: “{gevonden}”. Schrijf wat de cliënt moet kunnen, met een maat als dat kan.", "Requirement {nummer} names a brand or type: “{gevonden}”. Describe the function instead."),
    "advies-noemt-merk": ("U noemt een merk of type: “{gevonden}”. Is dat nodig? Schrijf liever wat de cliënt moet kunnen.", "A brand or type is named: “{gevonden}”. Describe the function instead if you can."),
    "eis-klinkt-als-wens": ("Eis {nummer} is noodzakelijk, maar “{gevonden}” klinkt als een wens. Schrijf wat zonder dit niet lukt, of kies wenselijk.", "Requirement {nummer} is necessary, but “{gevonden}” reads as a wish. State what fails without it, or choose desirable."),
    "eis-noemt-ziekte": ("Eis {nummer} noemt een ziekte: “{gevonden}”. De leverancier leest deze zin. Schrijf wat de cliënt moet kunnen en zet de ziekte in deel 1.", "Requirement {nummer} names a diagnosis: “{gevonden}”. The supplier reads this text. Describe the function; the diagnosis belongs in part 1."),
    "eis-lijkt-merk": ("Eis {nummer}: “{gevonden}” lijkt een merk of type. Is dat zo? Schrijf dan wat de cliënt moet kunnen, met een maat als dat kan.", "Requirement {nummer}: “{gevonden}” looks like a brand or type. If so, describe the function instead."),
    "eis-lijkt-ziekte": ("Eis {nummer}: “{gevonden}” is de naam van een ziekte. De leverancier leest deze zin. Kan het zonder? Schrijf wat de cliënt moet kunnen.", "Requirement {nummer}: “{gevonden}” names a disease, and the supplier reads this text. Describe the function instead if you can."),
    "eis-is-vaag": ("Eis {nummer} is niet na te meten: “{gevonden}”. Hoeveel, hoe ver, hoe lang, of wat moet dan lukken? Schrijf dat op.", "Requirement {nummer} cannot be verified: “{gevonden}”. State how much, how far, how long, or what must succeed."),
    "eis-onderbouwing-herhaalt": ("De onderbouwing van eis {nummer} zegt hetzelfde als de eis. Schrijf waarom het nodig is: wat lukt niet, en wat gebeurt er zonder?", "The rationale of requirement {nummer} only repeats the requirement. State why: what fails without it?"),
    "eis-onderbouwing-mager": ("De onderbouwing van eis {nummer} legt nog niets uit: “{gevonden}”. Schrijf wat niet lukt en wat er gebeurt zonder.", "The rationale of requirement {nummer} explains nothing yet: “{gevonden}”. State what fails without it."),
    "eis-doel-onbekend": ("Eis {nummer} hoort bij “{gevonden}”, maar dat staat niet in deel 1. Kies een probleem of doel uit deel 1, of noem dit daar.", "Requirement {nummer} serves “{gevonden}”, which part 1 does not mention. Choose a problem or goal of part 1, or add it there."),
    "eis-dubbel": ("Eis {nummer} is gelijk aan eis {ander}. Haal er een weg.", "Requirement {nummer} is the same as requirement {ander}. Remove one."),
    "eisen-alleen-wens": ("Alle eisen zijn wenselijk. Is er niets noodzakelijk? Kies noodzakelijk bij wat de cliënt niet kan missen.", "All requirements are desirable. Choose necessary where the person cannot do without."),
    "ontslag-voorbij": ("De ontslagdatum {dag} is voorbij. Vul een nieuwe datum in, of haal hem weg.", "The discharge date {dag} has passed. Update or remove it."),
    "urgentie-open": ("Is er spoed of niet? Kies het bij urgentie. De gemeente plant daarop.", "Say whether this is urgent. The municipality plans on it."),
    "spoed-zonder-reden": ("U koos spoed. Schrijf waarom, of vul de ontslagdatum in. De gemeente moet dat weten.", "Urgent, but no reason or discharge date is given. Add one."),
    "ontslag-zonder-spoed": ("De cliënt gaat op {dag} naar huis. Is er spoed? Kies dan spoed.", "Discharge is on {dag}. If it is urgent, choose urgent."),
    "zin-te-lang": ("De cliënt leest dit ook. Deze zin heeft {aantal} woorden: “{zin}”. Maak er twee zinnen van.", "The person reads this too. This sentence has {aantal} words: “{zin}”. Split it."),
    "zin-te-moeilijk": ("De cliënt leest dit ook. In “{zin}” staan veel lange woorden: {gevonden}. Schrijf het gewoner.", "The person reads this too. “{zin}” has many long words: {gevonden}. Use plainer words."),
    "tekst-vaktaal": ("De cliënt leest dit ook. Dit is vaktaal: {gevonden}. Schrijf liever: {liever}.", "The person reads this too. Jargon: {gevonden}. Plainer: {liever}."),
    # --- abonnementen op berichten (server/fhir/rules/abonnement.py, server/post)
    "abonnement-filter": ("Dit filter kan niet. Schrijf Task?naam=waarde, met als naam: {namen}.", "Unsupported filter. Write Task?name=value with one of: {namen}."),
    "abonnement-adres": ("Naar dit adres sturen wij niets: {reden}.", "Endpoint not permitted: only https to a public address, without credentials."),
    "abonnement-inhoud": ("Vraag om id-only met de extensie backport-payload-content.", "Request id-only with the extension backport-payload-content."),
    "abonnement-kanaal": ("{wat} kan hier niet.", "{wat} is not supported on a subscription."),
    "abonnement-status": ("Vraag een abonnement aan met requested, of zet het uit met off. De rest zet de server.", "Send requested, or off to stop; the server sets every other status."),
    "abonnement-voorbij": ("Het einde ligt in het verleden.", "The end lies in the past."),
    "abonnement-blijvend": ("Voor een abonnement moet u de app blijvend toelaten (offline_access).", "A subscription needs lasting access: ask for offline_access."),
    "abonnement-te-veel": ("Er zijn al {grens} abonnementen. Haal er eerst een weg.", "There are {grens} subscriptions already. Remove one first."),
    # --- toegang en toestemming (paspoort/toestemming.py, server/access)
    "doel-onbekend": ("Dit doel kennen wij niet, of het past niet bij deze partij.", "This purpose is not known, or does not fit this party."),
    # --- opslag
    "id-bezet": ("Dit id is al in gebruik.", "This id is already in use."),
    "partitie-bestaat": ("Dit bestaat al.", "This already exists."),
    "log-meer": ("Alleen de nieuwste {aantal} regels zijn doorzocht, tot {tot}. Vraag met date verder terug.", "Only the newest {aantal} entries were searched, back to {tot}. Use date to go further back."),
    "te-vaak": ("Dat was te vaak achter elkaar. Probeer het over {seconden} seconden nog eens.", "Too many requests. Try again in {seconden} seconds."),
    "beheer-verplicht": ("Vul dit in.", "This is required."),
    "beheer-vorm": ("Dit klopt niet. Het ziet er zo uit: {vorm}.", "This is not valid. Expected: {vorm}."),
    "beheer-bestaat-al": ("Dit is al in gebruik. Kies iets anders, of wijzig wat er al is.", "This is already in use. Choose another, or change the existing one."),
    "beheer-onbekend": ("Dit kan hier niet gekozen worden.", "This cannot be chosen here."),
    "beheer-kring": ("Een organisatie kan niet bij zichzelf horen.", "An organisation cannot belong to itself."),
    "beheer-rol": ("Deze rol past niet bij deze soort organisatie.", "This role does not fit this kind of organisation."),
    "beheer-team-vast": ("Een team blijft bij zijn organisatie. Maak daar een nieuw team.", "A team stays with its organisation."),
    "beheer-datum": ("Kies een dag, en het einde niet voor het begin.", "Choose a date; the end is not before the start."),
    "app-adres": ("Een adres begint met https, of met http op uw eigen machine, en heeft geen #.", "Use https, or http on your own machine, without a fragment."),
    "app-sleutel": ("Geef een JWK Set met alleen publieke sleutels (RSA of EC), minstens één.", "Give a JWK Set with public RSA or EC keys only."),
    "app-zonder-bewijs": ("Geef een sleutel, of een adres om naar terug te keren.", "Give a key or a redirect URI."),
    "app-waarvoor-lang": ("Zeg in hoogstens 200 tekens waarvoor de app is.", "State the purpose in at most 200 characters."),
    "aanleiding-alleen-mensen": ("Meekijken met een reden doet een mens van een organisatie, niet een app en niet de houder.", "Looking along with a reason is for a person of an organisation, not for an app or the owner."),
    "aanleiding-te-kort": ("Schrijf in een paar woorden waarom u meekijkt; uw cliënt leest dat.", "State in a few words why you look along; your client reads this."),
    "aanleiding-te-lang": ("Schrijf korter waarom u meekijkt: hoogstens 500 tekens.", "State the reason in at most 500 characters."),
    "personeelscode-onbekend": ("Deze code kennen wij niet. Misschien is hij gebruikt of verlopen.", "This code is unknown, used or expired."),
    "code-te-vaak": ("U probeerde te vaak een verkeerde code. Wacht tien minuten.", "Too many wrong codes. Wait ten minutes."),
    # --- de stroom: toetsen, bevestigen, definitief, beslissen, leveren (server/fhir/operations, server/fhir/rules)
    "niet-voor-u": ("Deze handeling hoort bij een ander doel dan waarvoor u dit ziet.", "This act does not belong to the purpose for which you see this."),
    "uitklappen-kan-niet": ("{stelsel} is hier niet uit te klappen.", "{stelsel} cannot be expanded here."),
    "parameter-onbekend": ("{naam} is geen parameter van deze operatie. Wel: {verwacht}.", "{naam} is not a parameter of this operation. Accepted: {verwacht}."),
    "parameter-ontbreekt": ("De parameter {naam} ontbreekt.", "The parameter {naam} is required."),
    "parameter-vorm": ("Deze parameter klopt niet. Verwacht: {verwacht}.", "Invalid parameter. Expected: {verwacht}."),
    "geen-verzoek": ("Dit is geen verzoek: intent is niet proposal.", "Not a request: intent is not proposal."),
    "beleid-kapot": ("Het beleid van deze organisatie is niet te lezen. Vraag de organisatie om het te herstellen.", "The policy of this organisation cannot be read."),
    "advies-via-definitief": ("Een advies wordt definitief met $definitief, niet met een gewone wijziging.", "An advice becomes final through $definitief only."),
    "advies-is-definitief": ("Een definitief advies verandert niet meer. Schrijf een nieuw advies dat dit vervangt.", "A final advice never changes. Write a new one that replaces it."),
    "geen-advies": ("Dit is geen functioneel advies.", "Not a functioneel advies."),
    "advies-geen-concept": ("Alleen een concept kan definitief worden. Dit advies is dat niet.", "Only a draft can be made final."),
    "advies-vervangt": ("Dit advies vervangt iets dat geen definitief advies is.", "The replaced resource is not a final advice."),
    # --- een advies na het schrijven: afstemmen, berichten, gebeurtenissen (server/fhir/operations, rules/bericht.py)
    "advies-niet-definitief": ("Dit advies is niet definitief.", "This advice is not final."),
    "advies-ingetrokken": ("Dit advies is ingetrokken.", "This advice has been withdrawn."),
    "advies-opgevolgd": ("Er is een nieuwer advies dat dit vervangt.", "A newer advice replaces this one."),
    "intrekken-reden": ("Schrijf in 1 tot 500 tekens waarom u het advies intrekt. De houder leest dit.", "State in 1 to 500 characters why you withdraw the advice."),
    "bericht-soort": ("Dit bericht kunt u niet maken: een verstrekker vraagt, de schrijver antwoordt, wie meedenkt maakt een opmerking.", "Not a message for your role, or more than one kind."),
    "bericht-zonder-advies": ("Zeg in about over welk ene advies dit gaat.", "State in about which one advice this concerns."),
    "bericht-leeg": ("Schrijf het bericht als één tekst in payload.", "Supply the message as one contentString in payload."),
    "bericht-te-lang": ("Schrijf korter: hoogstens {grens} tekens.", "Too long: at most {grens} characters."),
    "bericht-afzender": ("U stuurt dit bericht zelf: laat sender weg, of noem uzelf.", "The sender is you: omit it, or name yourself."),
    "bericht-bij-concept": ("Een opmerking hoort bij een concept. Dit advies is definitief; stel de schrijver een vraag.", "A remark belongs to a draft. This advice is final; ask the author a question."),
    "bericht-eis-onbekend": ("Deze eis is er niet. Noem het volgnummer van een eis, vanaf 1.", "No such requirement. Give its number, counting from 1."),
    "vraag-mag-niet": ("U kunt de schrijver niets vragen: het advies is een concept, of de houder wil dat niet.", "No question possible: the advice is a draft, or the holder does not agree to contact."),
    "schrijver-ziet-niet": ("De schrijver leest dit advies niet meer. Uw vraag komt niet aan. Vraag het de houder.", "The author no longer reads this advice, so your question would not arrive. Ask the holder."),
    "vraag-loopt-al": ("Uw organisatie heeft over dit advies al een vraag open staan.", "Your organisation has an open question about this advice."),
    "antwoord-zonder-vraag": ("Zeg in inResponseTo op welke vraag over dit advies u antwoordt.", "State in inResponseTo which question about this advice you answer."),
    "antwoord-van-schrijver": ("Alleen de schrijver van het advies beantwoordt deze vraag.", "Only the author of the advice answers this question."),
    "advies-uit-document": ("Een advies van papier komt er in één keer: status completed, authored de datum van het papier, en uit-document een document van soort advies.", "An advice on paper is added at once: status completed, authored its date, uit-document a document of kind advies."),
    "geen-voorstel": ("Dit is geen voorstel, of er is al over beslist.", "Not an open proposal."),
    "voorstel-via-houder": ("Over een voorstel beslist de houder, met $neem-over of $wijs-af.", "The holder decides on a proposal, with $neem-over or $wijs-af."),
    "voorstel-van-server": ("Een voorstel maakt de server als een advies definitief wordt; laat deze extensie zoals zij was.", "Proposals are made by the server when an advice becomes final; leave this extension as it was."),
    "vraag-al-beantwoord": ("Deze vraag is al beantwoord, of teruggenomen.", "This question has been answered or retracted."),
    "geen-behandeling": ("Dit is geen behandeling van een verzoek.", "Not the handling of a request."),
    "behandeling-gesloten": ("Over dit verzoek is al beslist, of het is ingetrokken.", "This request has already been decided or withdrawn."),
    "behandelaar-onbekend": ("Deze organisatie behandelt geen verzoeken. Kies een verstrekker.", "This organisation does not handle requests."),
    "uitkomst-onbekend": ("Kies een uitkomst: {keuzes}.", "Choose an outcome: {keuzes}."),
    "motivering-ontbreekt": ("Schrijf waarom u afwijst. De houder leest dit.", "State why. The holder reads this."),
    "reden-ontbreekt": ("Schrijf bij deze eis waarom u haar niet volgt.", "State why this requirement is not followed."),
    "doorzetten-kan-niet": ("Doorzetten kan niet: {grond} ({norm}). Wie dit kan herstellen: {wie}.", "Cannot be forwarded: {grond} ({norm}). Who can mend it: {wie}."),
    "verlengen-kan-niet": ("Er is niets om te verlengen of te wijzigen. Ken toe, of wijs af.", "There is nothing to extend or change. Grant or refuse."),
    "leverancier-ontbreekt": ("Kies een leverancier. Bij dit hulpmiddel staat er geen.", "Choose a supplier: none is known for this device."),
    "leverancier-onbekend": ("Deze organisatie is geen leverancier, of doet nu niet mee.", "This organisation is not an active supplier."),
    "taak-via-beslis": ("Een behandeling rondt u af met $beslis.", "A request is decided through $beslis only."),
    "taak-status-past-niet": ("De status hoort bij de stap. Bij {fase} hoort {status}.", "The status must match the step: {fase} requires {status}."),
    "taak-gesloten": ("Deze taak is klaar en verandert niet meer.", "This task is closed and no longer changes."),
    "levering-zonder-hulpmiddel": ("Noem het nieuwe hulpmiddel in output nieuw-hulpmiddel.", "Name the new device in output nieuw-hulpmiddel."),
    "toestemming-onvolledig": ("Een toestemming noemt een partij, een doel en minstens één gegevensgroep.", "A consent names a party, a purpose and at least one data group."),
    "toestemming-voor-ander": ("Vraag toestemming alleen voor uw eigen organisatie of uzelf.", "Request consent for your own organisation or yourself only."),
    "toestemming-te-ruim": ("Dit doel stelt deze gegevensgroep niet voor: {groepen}.", "This purpose does not propose these data groups: {groepen}."),
    "bevestigcode-onjuist": ("Deze code klopt niet. Kijk hem na in de mail of brief.", "The confirmation code is not correct."),
    "bevestigcode-weg": ("Deze code werkt niet meer. Laat een nieuwe sturen.", "The confirmation code no longer works. Have a new one sent."),
    "toestemming-loopt-al": ("Deze vraag staat al open. Wacht op het antwoord van de houder.", "This request is already open. Await the answer."),
    "toestemming-leeg": ("Laat minstens één ding lezen. Wilt u niets meer delen? Kies dan stoppen.", "Nothing would be left to read. Withdraw the consent instead."),
    "toestemming-einddatum": ("Kies een dag die past: niet voorbij, en niet later dan bij dit doel hoort.", "Choose a date that fits: not past, and not beyond what this purpose proposes."),
    "mandaat-naam": ("Zet erbij hoe degene heet die helpt.", "Name the person who is given the mandate."),
    "mandaat-begin": ("Zet erbij vanaf welke dag. Dat kan vanaf de zestiende verjaardag van de houder.", "Give the first day: not before the sixteenth birthday of the holder."),
    "mandaat-groep": ("Kies minstens één ding waar deze helper bij helpt.", "A helper needs at least one data group."),
    "toestemming-niet-begrepen": ("Deze toestemming bevat een beperking die wij niet kennen.", "This consent holds a restriction that is not supported."),
}
# fmt: on
