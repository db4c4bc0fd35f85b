"""Eén rij per FHIR-type: hoe het aan een paspoort hangt, wat ermee kan en waarop te zoeken is.

Routes, CapabilityStatement, scopecontrole, zoekgrammatica en de deur lezen deze tabel; niets ervan staat ergens anders.
Een type erbij = één rij hier en één test. Doet zelf niets. Bron: ontwerp.md deel 3 en toegang.md §5;
zoekparameters: FHIR R4 (4.0.1) per type, voor zover de soorten token, reference, date, string, uri, number, quantity.

Een `expression` is een klein deel van FHIRPath: `a.b`, `a | b`, `waarde[x]`, `.where(veld='code')`,
`.extension('id')` (van ons, zie docs/fhir-afbeelding.md) en `.resolve()`. `server/fhir/search/pad.py` voert haar uit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from paspoort.fhir.stelsels import BASIS

Soortbinding = Literal["zelf", "subject", "for", "patient", "document", "doelwit", "entiteit", "register"]


@dataclass(frozen=True, slots=True)
class Binding:
    """Hoe een resource aan een paspoort hangt (toegang.md §5). `verplicht` onwaar: anders aan de organisatie."""

    soort: Soortbinding
    verplicht: bool = True

    @property
    def element(self) -> str | None:
        """Het element met de verwijzing naar de Patient, als dat er is."""
        return self.soort if self.soort in ("subject", "for", "patient") else None


@dataclass(frozen=True, slots=True)
class SearchParam:
    """Eén zoekparameter; `target` alleen bij `reference`."""

    name: str
    type: str
    expression: str
    target: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resourcetype:
    """Wat de server met één type kan. `scope_type` is het type waarnaar een scope gevraagd wordt."""

    name: str
    profile: str
    scope_type: str
    binding: Binding
    interactions: frozenset[str]
    search: tuple[SearchParam, ...]
    includes: tuple[str, ...] = ()
    revincludes: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()

    def parameter(self, name: str) -> SearchParam | None:
        """De zoekparameter van deze naam, ook de gemeenschappelijke."""
        return next((p for p in (*GEMEENSCHAPPELIJK, *self.search) if p.name == name), None)


# FHIR R4 search.html#all. `_id` en `_lastUpdated` ook als de resource zelf ze niet draagt: de opslag vult ze.
GEMEENSCHAPPELIJK: Final = (
    SearchParam("_id", "token", "id"),
    SearchParam("_lastUpdated", "date", "meta.lastUpdated"),
    SearchParam("_tag", "token", "meta.tag"),
    SearchParam("_profile", "uri", "meta.profile"),
    SearchParam("_security", "token", "meta.security"),
)

LEZEN: Final = ("read", "vread", "history-instance", "search-type")
ALLES: Final = (*LEZEN, "create", "update", "delete")
OPZOEKEN: Final = ("read", "search-type")

_ZORG: Final = "Practitioner,PractitionerRole,Organization,Patient,RelatedPerson"

# type: (binding, interacties, operaties, zoekparameters als "naam soort expressie[ > doel,doel]")
_RIJEN: Final[dict[str, tuple[Binding, tuple[str, ...], str, str]]] = {
    "Patient": (Binding("zelf"), ALLES, "everything validate", """
        active token active
        address string address
        address-city string address.city
        address-postalcode string address.postalCode
        birthdate date birthDate
        deceased token deceased[x]
        email token telecom.where(system='email')
        family string name.family
        gender token gender
        general-practitioner reference generalPractitioner > Organization,Practitioner,PractitionerRole
        given string name.given
        identifier token identifier
        language token communication.language
        name string name
        organization reference managingOrganization > Organization
        phone token telecom.where(system='phone')
        telecom token telecom"""),
    "RelatedPerson": (Binding("patient"), ALLES, "validate", """
        active token active
        identifier token identifier
        name string name
        patient reference patient > Patient
        relationship token relationship
        telecom token telecom"""),
    "Condition": (Binding("subject"), ALLES, "validate", """
        abatement-date date abatementDateTime | abatementPeriod
        asserter reference asserter > Practitioner,PractitionerRole,Patient,RelatedPerson
        body-site token bodySite
        category token category
        clinical-status token clinicalStatus
        code token code
        identifier token identifier
        onset-date date onsetDateTime | onsetPeriod
        patient reference subject > Patient
        recorded-date date recordedDate
        severity token severity
        subject reference subject > Patient
        verification-status token verificationStatus"""),
    "Observation": (Binding("subject"), ALLES, "validate", """
        category token category
        code token code
        combo-code token code | component.code
        date date effective[x]
        device reference device > Device
        focus reference focus > Device,DeviceUseStatement,Patient
        identifier token identifier
        patient reference subject > Patient
        performer reference performer > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        status token status
        subject reference subject > Patient
        value-concept token valueCodeableConcept
        value-quantity quantity valueQuantity
        value-string string valueString | valueCodeableConcept.text"""),
    "Goal": (Binding("subject"), ALLES, "validate", """
        achievement-status token achievementStatus
        category token category
        identifier token identifier
        lifecycle-status token lifecycleStatus
        patient reference subject > Patient
        start-date date startDate
        subject reference subject > Patient
        target-date date target.dueDate"""),
    "Device": (Binding("patient", verplicht=False), ALLES, "validate bevestig", """
        device-name string deviceName.name | type.text | type.coding.display
        identifier token identifier
        manufacturer string manufacturer
        model string modelNumber
        organization reference owner > Organization
        parent reference parent > Device
        patient reference patient > Patient
        status token status
        type token type
        udi-carrier string udiCarrier.carrierHRF
        udi-di string udiCarrier.deviceIdentifier
        url uri url"""),
    "DeviceUseStatement": (Binding("subject"), ALLES, "validate bevestig", """
        date date timing[x]
        device reference device > Device
        derived-from reference derivedFrom > QuestionnaireResponse,Observation,DocumentReference,DeviceRequest
        identifier token identifier
        patient reference subject > Patient
        status token status
        subject reference subject > Patient
        type token device.resolve().type"""),
    "QuestionnaireResponse": (Binding("subject"), ALLES, "validate bevestig definitief", """
        author reference author > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        authored date authored
        based-on reference basedOn > CarePlan
        identifier token identifier
        part-of reference partOf > Observation
        patient reference subject > Patient
        questionnaire reference questionnaire > Questionnaire
        source reference source > Patient,Practitioner,PractitionerRole,RelatedPerson
        status token status
        subject reference subject > Patient"""),
    "DeviceRequest": (Binding("subject"), ALLES, "validate bevestig herhaaltoets", """
        authored-on date authoredOn
        based-on reference basedOn > DeviceRequest
        code token codeCodeableConcept
        device reference codeReference > Device
        event-date date occurrenceDateTime | occurrencePeriod
        group-identifier token groupIdentifier
        identifier token identifier
        intent token intent
        patient reference subject > Patient
        performer reference performer > Practitioner,PractitionerRole,Organization
        prior-request reference priorRequest > DeviceRequest
        requester reference requester > Practitioner,PractitionerRole,Organization
        status token status
        subject reference subject > Patient"""),
    "Task": (Binding("for"), ALLES, "validate beslis", """
        authored-on date authoredOn
        based-on reference basedOn > DeviceRequest,CarePlan
        business-status token businessStatus
        code token code
        focus reference focus > DeviceRequest,Device,DeviceUseStatement,QuestionnaireResponse
        group-identifier token groupIdentifier
        identifier token identifier
        intent token intent
        modified date lastModified
        owner reference owner > Organization,Practitioner,PractitionerRole,Patient,RelatedPerson
        part-of reference partOf > Task
        patient reference for > Patient
        period date executionPeriod
        priority token priority
        requester reference requester > Organization,Practitioner,PractitionerRole,Patient,RelatedPerson
        status token status
        subject reference for > Patient"""),
    "CareTeam": (Binding("subject"), ALLES, "validate", """
        category token category
        date date period
        identifier token identifier
        participant reference participant.member > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        patient reference subject > Patient
        status token status
        subject reference subject > Patient"""),
    "CarePlan": (Binding("subject"), ALLES, "validate bevestig", """
        activity-code token activity.detail.code
        care-team reference careTeam > CareTeam
        category token category
        condition reference addresses > Condition
        date date period
        goal reference goal > Goal
        identifier token identifier
        intent token intent
        patient reference subject > Patient
        status token status
        subject reference subject > Patient"""),
    "Consent": (Binding("patient"), ALLES, "validate", """
        action token provision.action
        actor reference provision.actor.reference > Organization,Practitioner,PractitionerRole,RelatedPerson,Patient
        category token category
        consentor reference performer > Organization,Patient,Practitioner,PractitionerRole,RelatedPerson
        date date dateTime
        identifier token identifier
        organization reference organization > Organization
        patient reference patient > Patient
        period date provision.period
        purpose token provision.purpose
        scope token scope
        security-label token provision.securityLabel
        status token status"""),
    "DocumentReference": (Binding("subject"), ALLES, "validate bevestig", """
        author reference author > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        category token category
        contenttype token content.attachment.contentType
        date date date
        description string description
        identifier token identifier | masterIdentifier
        location uri content.attachment.url
        patient reference subject > Patient
        related reference context.related > DeviceRequest,Device,DeviceUseStatement,QuestionnaireResponse,Task
        status token status
        subject reference subject > Patient
        type token type"""),
    "Binary": (Binding("document"), ("read", "vread", "history-instance", "create", "update", "delete"), "", ""),
    "Communication": (Binding("subject"), ALLES, "validate", """
        category token category
        identifier token identifier
        part-of reference partOf > Task
        patient reference subject > Patient
        received date received
        recipient reference recipient > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        sender reference sender > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
        sent date sent
        status token status
        subject reference subject > Patient"""),
    "Provenance": (Binding("doelwit"), LEZEN, "", """
        agent reference agent.who > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson,Device
        recorded date recorded
        target reference target > *"""),
    "AuditEvent": (Binding("entiteit"), OPZOEKEN, "", """
        action token action
        agent-name string agent.name
        date date recorded
        outcome token outcome
        subtype token subtype
        type token type"""),
    "Subscription": (Binding("patient"), (), "", ""),
    "Organization": (Binding("register"), OPZOEKEN, "", """
        active token active
        address string address
        identifier token identifier
        name string name | alias
        partof reference partOf > Organization
        type token type"""),
    "Practitioner": (Binding("register"), OPZOEKEN, "", """
        active token active
        family string name.family
        given string name.given
        identifier token identifier
        name string name"""),
    "PractitionerRole": (Binding("register"), OPZOEKEN, "", """
        active token active
        identifier token identifier
        organization reference organization > Organization
        practitioner reference practitioner > Practitioner
        role token code
        specialty token specialty"""),
    "Questionnaire": (Binding("register"), OPZOEKEN, "", """
        code token item.code
        date date date
        identifier token identifier
        name string name
        publisher string publisher
        status token status
        title string title
        url uri url
        version token version"""),
}

# Definities komen uit fhir_profiles/ en hangen aan geen paspoort; iedereen mag ze lezen, ook zonder token.
DEFINITIETYPES: Final = (
    "StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "OperationDefinition", "CapabilityStatement",
)
DEFINITIE_ZOEKEN: Final = (
    SearchParam("_id", "token", "id"),
    SearchParam("url", "uri", "url"),
    SearchParam("name", "string", "name"),
    SearchParam("status", "token", "status"),
    SearchParam("title", "string", "title"),
    SearchParam("version", "token", "version"),
)


def _parameter(regel: str) -> SearchParam:
    links, _, doelen = regel.strip().partition(" > ")
    naam, soort, expressie = links.split(None, 2)
    return SearchParam(naam, soort, expressie, tuple(doelen.split(",")) if doelen else ())


def _bouw() -> dict[str, Resourcetype]:
    kaal = {
        naam: Resourcetype(
            naam,
            f"{BASIS}StructureDefinition/hmp-{naam}",
            naam,
            binding,
            frozenset(interacties),
            tuple(_parameter(r) for r in zoek.splitlines() if r.strip()),
            operations=tuple(operaties.split()),
        )
        for naam, (binding, interacties, operaties, zoek) in _RIJEN.items()
    }
    verwijzingen = [(t.name, p) for t in kaal.values() for p in t.search if p.type == "reference"]
    return {
        naam: replace(
            t,
            includes=tuple(f"{naam}:{p.name}" for p in t.search if p.type == "reference"),
            revincludes=tuple(f"{bron}:{p.name}" for bron, p in verwijzingen if naam in p.target or "*" in p.target),
        )
        for naam, t in kaal.items()
    }


TYPES: Final[dict[str, Resourcetype]] = _bouw()
