"""De rijen van de registry: per FHIR-type één kop, en ingesprongen waarop te zoeken is. Alleen gegevens.

Kop: naam | binding (? = mag ontbreken) | interacties | operaties. Zoekparameter: naam soort expressie [> doel,doel].
`server/registry.py` leest haar; een fout in de tabel valt bij het laden op. Bron: FHIR R4 (4.0.1), toegang.md §5.
"""

from __future__ import annotations

from typing import Final

TABEL: Final = """
Patient | zelf | alles | everything validate
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
  telecom token telecom
RelatedPerson | patient | alles | validate
  active token active
  identifier token identifier
  name string name
  patient reference patient > Patient
  relationship token relationship
  telecom token telecom
Condition | subject | alles | validate
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
  verification-status token verificationStatus
Observation | subject | alles | validate
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
  value-string string valueString | valueCodeableConcept.text
Goal | subject | alles | validate
  achievement-status token achievementStatus
  category token category
  identifier token identifier
  lifecycle-status token lifecycleStatus
  patient reference subject > Patient
  start-date date startDate
  subject reference subject > Patient
  target-date date target.dueDate
Device | patient? | alles | validate bevestig
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
  url uri url
DeviceUseStatement | subject | alles | validate bevestig
  date date timing[x]
  device reference device > Device
  derived-from reference derivedFrom > QuestionnaireResponse,Observation,DocumentReference,DeviceRequest
  identifier token identifier
  patient reference subject > Patient
  status token status
  subject reference subject > Patient
  type token device.resolve().type
QuestionnaireResponse | subject | alles | validate bevestig definitief extract
  author reference author > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
  authored date authored
  based-on reference basedOn > CarePlan
  identifier token identifier
  part-of reference partOf > Observation
  patient reference subject > Patient
  questionnaire reference questionnaire > Questionnaire
  source reference source > Patient,Practitioner,PractitionerRole,RelatedPerson
  status token status
  subject reference subject > Patient
DeviceRequest | subject | alles | validate bevestig herhaaltoets
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
  subject reference subject > Patient
Task | for | alles | validate beslis
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
  subject reference for > Patient
CareTeam | subject | alles | validate
  category token category
  date date period
  identifier token identifier
  participant reference participant.member > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
  patient reference subject > Patient
  status token status
  subject reference subject > Patient
CarePlan | subject | alles | validate bevestig
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
  subject reference subject > Patient
Consent | patient | alles | validate
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
  status token status
DocumentReference | subject | alles | validate bevestig
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
  type token type
Binary | document | zonder-zoeken | validate
Communication | subject | alles | validate
  category token category
  identifier token identifier
  part-of reference partOf > Task
  patient reference subject > Patient
  received date received
  recipient reference recipient > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
  sender reference sender > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson
  sent date sent
  status token status
  subject reference subject > Patient
Provenance | doelwit | lezen | validate
  agent reference agent.who > Practitioner,PractitionerRole,Organization,Patient,RelatedPerson,Device
  recorded date recorded
  target reference target > *
AuditEvent | entiteit | opzoeken | validate
  action token action
  agent-name string agent.name
  date date recorded
  outcome token outcome
  patient reference entity.what > Patient
  subtype token subtype
  type token type
Subscription | eigenaar? | alles | validate status events
  contact token contact
  criteria string criteria
  payload token channel.payload
  status token status
  type token channel.type
  url uri channel.endpoint
Organization | register | opzoeken | validate
  active token active
  address string address
  identifier token identifier
  name string name | alias
  partof reference partOf > Organization
  type token type
Practitioner | register | opzoeken | validate
  active token active
  family string name.family
  given string name.given
  identifier token identifier
  name string name
PractitionerRole | register | opzoeken | validate
  active token active
  identifier token identifier
  organization reference organization > Organization
  practitioner reference practitioner > Practitioner
  role token code
  specialty token specialty
Questionnaire | register | opzoeken | validate populate
  code token item.code
  date date date
  identifier token identifier
  name string name
  publisher string publisher
  status token status
  title string title
  url uri url
  version token version
"""
