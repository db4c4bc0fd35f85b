"""De opslag. Wat de rest van het huis gebruikt, staat hier.

Inloggen en OAuth: `session`, `clients`, `tokens`, `invitations`. Zoeken over paspoorten: `worklist`. Log: `audit`.
"""

from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.register import REGISTER, Mandaat, Register
from server.store.versions import Momentopname, Versie, Volgnummerbotsing, Wijziging

__all__ = [
    "REGISTER",
    "Logregel",
    "Mandaat",
    "Momentopname",
    "Opslag",
    "Register",
    "Versie",
    "Volgnummerbotsing",
    "Wijziging",
]
