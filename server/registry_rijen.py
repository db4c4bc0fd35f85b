"""De rijen van de registry: per FHIR-type één regel. Alleen gegevens.

naam | binding (? = mag ontbreken) | interacties | operaties. `server/registry.py` leest haar; een fout in de tabel valt
bij het laden op. Waarop te zoeken is: `registry_zoeken.py`. Bron: FHIR R4 (4.0.1), toegang.md §5.
"""

from __future__ import annotations

from typing import Final

TABEL: Final = """
Patient | zelf | alles | everything validate mag-delen aanleiding
RelatedPerson | patient | alles | validate
Condition | subject | alles | validate neem-over wijs-af
Observation | subject | alles | validate neem-over wijs-af
Goal | subject | alles | validate neem-over wijs-af
Device | patient? | alles | validate bevestig
DeviceUseStatement | subject | alles | validate bevestig neem-over wijs-af
QuestionnaireResponse | subject | alles | validate bevestig definitief extract afgestemd nog-geldig trek-in wis
DeviceRequest | subject | alles | validate bevestig herhaaltoets
Task | for | alles | validate beslis
CareTeam | subject | alles | validate
CarePlan | subject | alles | validate bevestig
Consent | patient | alles | validate activeer
DocumentReference | subject | alles | validate bevestig
Binary | document | zonder-zoeken | validate
Communication | subject | alles | validate
Provenance | doelwit | lezen | validate
AuditEvent | entiteit | opzoeken | validate
Subscription | eigenaar? | alles | validate status events
Organization | register | opzoeken | validate
Practitioner | register | opzoeken | validate
PractitionerRole | register | opzoeken | validate
Questionnaire | register | opzoeken | validate populate
"""
