"""Nederlandse namen van R4-codes die dit paspoort het meest gebruikt; de lijsten zelf dragen alleen codes.

Alleen gegevens, op de staart van het stelsel. Wat hier niet staat, staat bij HL7: daar wijst de bladzijde naar.
"""

from __future__ import annotations

from typing import Final

from web.naslag.woorden import INTERACTIE, VRAAGSOORT

_VERGISSING: Final = {"entered-in-error": "vergissing"}
NAMEN: Final[dict[str, dict[str, str]]] = {
    "task-status": {
        "draft": "concept", "requested": "gevraagd", "received": "ontvangen", "accepted": "aangenomen",
        "rejected": "geweigerd", "ready": "klaar om te beginnen", "cancelled": "afgezegd", "in-progress": "bezig",
        "on-hold": "ligt stil", "failed": "mislukt", "completed": "klaar", **_VERGISSING,
    },
    "observation-status": {
        "registered": "aangemeld", "preliminary": "voorlopig", "final": "definitief", "amended": "aangevuld",
        "corrected": "verbeterd", "cancelled": "afgezegd", "unknown": "onbekend", **_VERGISSING,
    },
    "condition-clinical": {
        "active": "speelt nu", "recurrence": "teruggekomen", "relapse": "terugval", "inactive": "speelt nu niet",
        "remission": "rustig", "resolved": "over",
    },
    "condition-ver-status": {
        "unconfirmed": "niet bevestigd", "provisional": "voorlopig", "differential": "een van de mogelijkheden",
        "confirmed": "bevestigd", "refuted": "weerlegd", **_VERGISSING,
    },
    "device-statement-status": {
        "active": "in gebruik", "completed": "niet meer in gebruik", "intended": "voorgenomen", "stopped": "gestopt",
        "on-hold": "tijdelijk niet", **_VERGISSING,
    },
    "udi-entry-type": {
        "barcode": "streepjescode", "rfid": "chip", "manual": "overgetypt", "card": "van een kaart",
        "self-reported": "van de gebruiker gehoord", "unknown": "onbekend",
    },
    "quantity-comparator": {"<": "minder dan", "<=": "hoogstens", ">=": "ten minste", ">": "meer dan"},
    "audit-event-action": {"C": "maken", "R": "lezen", "U": "wijzigen", "D": "verwijderen", "E": "uitvoeren"},
    "audit-event-outcome": {"0": "gelukt", "4": "niet gelukt", "8": "ernstig mislukt", "12": "grote storing"},
    "network-type": {"1": "naam van een machine", "2": "IP-adres", "3": "telefoonnummer", "4": "e-mail",
        "5": "webadres"},
    "v3-Confidentiality": {
        "U": "voor iedereen", "L": "laag", "M": "matig", "N": "gewoon vertrouwelijk", "R": "beperkt",
        "V": "zeer beperkt",
    },
    "goal-achievement": {
        "achieved": "bereikt", "improving": "gaat beter", "in-progress": "bezig", "no-change": "geen verandering",
        "no-progress": "geen vooruitgang", "not-achieved": "niet bereikt", "not-attainable": "niet haalbaar",
        "sustaining": "blijft bereikt", "worsening": "gaat slechter",
    },
    "goal-priority": {"high-priority": "eerst", "medium-priority": "daarna", "low-priority": "kan wachten"},
    "goal-category": {
        "behavioral": "gedrag", "dietary": "voeding", "nursing": "verpleging", "physiotherapy": "fysiotherapie",
        "safety": "veiligheid",
    },
    "condition-category": {"problem-list-item": "op de probleemlijst",
        "encounter-diagnosis": "diagnose bij een contact"},
    "observation-category": {
        "activity": "bewegen", "exam": "onderzoek", "imaging": "beeld", "laboratory": "laboratorium",
        "procedure": "ingreep", "social-history": "leven en omgeving", "survey": "vragenlijst",
        "therapy": "behandeling",
        "vital-signs": "lichaamswaarden",
    },
    "consentscope": {
        "adr": "wilsverklaring", "patient-privacy": "wie wat mag zien", "research": "onderzoek",
        "treatment": "behandeling",
    },
    "issue-type": {
        "invalid": "ongeldig", "structure": "vorm klopt niet", "required": "ontbreekt", "value": "waarde klopt niet",
        "invariant": "regel overtreden", "security": "niet toegestaan", "login": "eerst inloggen",
        "unknown": "onbekend", "expired": "verlopen", "forbidden": "mag niet", "suppressed": "weggelaten",
        "processing": "verwerken lukte niet", "not-supported": "kan hier niet", "duplicate": "dubbel",
        "multiple-matches": "meer dan één gevonden", "not-found": "niet gevonden", "deleted": "verwijderd",
        "too-long": "te lang", "code-invalid": "code klopt niet", "extension": "onbekende extensie",
        "too-costly": "te veel gevraagd", "business-rule": "regel van het paspoort", "conflict": "iemand was voor",
        "transient": "probeer het later", "lock-error": "nu bezet", "no-store": "opslag niet bereikbaar",
        "exception": "onverwachte fout", "timeout": "duurde te lang", "incomplete": "niet alles",
        "throttled": "te veel vragen", "informational": "ter informatie",
    },
    "event-timing": {
        "MORN": "ochtend", "NOON": "middaguur", "AFT": "middag", "EVE": "avond", "NIGHT": "nacht",
        "PHS": "na het slapen",
    },
    "item-type": VRAAGSOORT,
    "restful-interaction": INTERACTIE,
}  # fmt: skip


def naam_van(stelsel: str, code: str) -> str:
    """De Nederlandse naam van een code uit een stelsel van HL7, of leeg."""
    return NAMEN.get(stelsel.rpartition("/")[2], {}).get(code, "")
