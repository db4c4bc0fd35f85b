"""De fijne scope van SMART v2: `patient/Observation.rs?category=…`, een recht op alleen wat aan een zoekvraag voldoet.

Hier: welke zoekvragen mogen, en hoe zij er in één vorm uitzien. Of een resource eraan voldoet, weegt de deur
(`server/fhir/scopezicht.py`), op wat de vrager van haar ziet. Wat wij niet kunnen wegen wordt geweigerd: een voorwaarde
negeren zou verruimen. Bron: SMART App Launch 2.2, Finer-grained resource constraints using search parameters.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, quote

from paspoort.fhir.stelsels import BSN
from server.registry import TYPES

Query = tuple[tuple[str, str], ...]

# Soorten zoekparameters die alleen van de resource zelf afhangen en geen waarde kennen die niet te lezen is.
SOORTEN: Final = frozenset({"token", "uri", "reference"})
# Het register en de definities zijn voor ieder gelijk; het log heeft zijn eigen vraag en kent geen zicht.
NIET_FIJN: Final = frozenset({"register", "entiteit"})
VOORWAARDEN_HOOGSTENS: Final = 5
LENGTE_HOOGSTENS: Final = 300
# Wat in een scope niets anders kan betekenen (RFC 6749 §3.3, en de leestekens van een query).
_VEILIG: Final = ":/|,._-~$*()!'@"


def lees_query(type: str, tekst: str) -> Query | None:
    """De voorwaarden achter het vraagteken, gesorteerd; None als wij die zo niet kunnen toekennen."""
    soort = TYPES.get(type)
    if soort is None or soort.binding.soort in NIET_FIJN or len(tekst) > LENGTE_HOOGSTENS:
        return None
    try:
        paren = parse_qsl(tekst, strict_parsing=True, max_num_fields=VOORWAARDEN_HOOGSTENS)
    except ValueError:
        return None
    for naam, waarde in paren:
        parameter = soort.parameter(naam)
        if parameter is None or parameter.type not in SOORTEN or "resolve()" in parameter.expression:
            return None
        if not waarde.isprintable() or not waarde.strip(" ,|") or BSN in waarde:
            return None
        # toegang.md §5: een BSN staat nooit in een adres, en een scope staat in het adres van /oauth/authorize.
        if type == "Patient" and naam == "identifier":
            return None
    return tuple(sorted(set(paren))) or None


def schrijf_query(query: Query) -> str:
    """De voorwaarden zoals zij in een scope staan; leeg zonder voorwaarden."""
    return "?" + "&".join(f"{n}={quote(w, safe=_VEILIG)}" for n, w in query) if query else ""
