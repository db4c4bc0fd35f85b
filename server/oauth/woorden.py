"""Wat een app vraagt, in gewone taal: van scopes naar zinnen voor de toestemmingsbladzijde.

Een scope zonder zin bestaat niet: een test vergelijkt deze tabel met het register. Toon: B1, *u* (beeld.md §5).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from server.access.scopes import Scope

# type: wat de houder eronder verstaat, na "lezen:" of "veranderen:"
TYPE_WOORDEN: Final = {
    "Patient": "wie u bent en waar u woont",
    "RelatedPerson": "wie u helpt of vertegenwoordigt",
    "Condition": "uw ziekte en beperkingen",
    "Observation": "uw maten en wat wel en niet lukt",
    "Goal": "uw doelen",
    "Device": "uw hulpmiddelen",
    "DeviceUseStatement": "hoe en sinds wanneer u uw hulpmiddelen gebruikt",
    "QuestionnaireResponse": "adviezen, uw plan en ingevulde vragen",
    "DeviceRequest": "uw verzoeken en de besluiten",
    "Task": "hoe het met uw verzoeken en leveringen staat",
    "CareTeam": "wie uw casemanagers zijn",
    "CarePlan": "uw voorzieningenplan",
    "Consent": "met wie u deelt",
    "DocumentReference": "uw brieven en documenten",
    "Binary": "de foto's en bestanden bij uw documenten",
    "Communication": "uw berichten",
    "Provenance": "wie iets heeft opgeschreven of bevestigd",
    "AuditEvent": "wie er in uw paspoort keek",
    "Subscription": "seintjes bij nieuws in uw paspoort",
    "Organization": "namen van organisaties",
    "Practitioner": "namen van zorgverleners",
    "PractitionerRole": "wat zorgverleners doen",
    "Questionnaire": "de vragenlijsten",
}

ALLES: Final = "alles wat er in uw paspoort staat"


def leest(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Wat de app mag lezen of zoeken."""
    return _zinnen(scopes, "rs")


def schrijft(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Wat de app mag toevoegen, veranderen of weghalen."""
    return _zinnen(scopes, "cud")


def leest_niet(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Wat de houder gevoelig vindt en deze app niet te zien krijgt; leeg bij `*`."""
    typen = {s.type for s in scopes if set(s.letters) & set("rs")}
    if "*" in typen:
        return ()
    return tuple(
        TYPE_WOORDEN[t]
        for t in ("Condition", "QuestionnaireResponse", "DocumentReference", "AuditEvent")
        if t not in typen
    )


def _zinnen(scopes: Iterable[Scope], letters: str) -> tuple[str, ...]:
    typen = {s.type for s in scopes if set(s.letters) & set(letters)}
    if "*" in typen:
        return (ALLES,)
    return tuple(zin for naam, zin in TYPE_WOORDEN.items() if naam in typen)
