"""Het zegel op een definitief advies: wie het schreef, wanneer, en dat er sindsdien geen byte veranderde.

ES256, losse JWS (RFC 7515 bijlage F) over: het vread-adres, de sha256 van precies die bytes, de schrijver, het niveau
waarop die bekend was, en het moment. Dat alles staat in de Provenance of is uit te rekenen: wie het advies en de
Provenance heeft en de sleutel van /oauth/jwks haalt, kan het nakijken zonder ons.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from paspoort.fhir.fhirjson import Json, schrijf
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.waarden import als_object, objecten

SOORT: Final = {"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}  # Author's Signature


def verzegel(
    tekst: bytes, plek: str, basis: str, wie: str, namens: str | None, niveau: str, moment: str, sleutel: ECKey
) -> Json:
    """De Provenance `definitief` bij deze bytes. `plek` is `Type/id/_history/n`; `basis` de FHIR-basis."""
    agent: Json = {"role": [{"text": niveau}], "who": {"reference": wie}}
    if namens:
        agent["onBehalfOf"] = {"reference": namens}
    provenance: Json = {
        "resourceType": "Provenance",
        "target": [{"reference": plek}],
        "recorded": moment,
        "activity": {"coding": [{"system": codestelsel("gebeurtenis"), "code": "definitief"}]},
        "agent": [agent],
    }
    kop = {"alg": "ES256", "kid": str(sleutel.kid), "typ": "JOSE"}
    getekend = jws.serialize_compact(kop, lading(provenance, tekst, basis), sleutel)
    eerste, _, laatste = getekend.split(".")
    provenance["signature"] = [
        {
            "type": [SOORT],
            "when": moment,
            "who": {"reference": wie},
            "targetFormat": "application/fhir+json",
            "sigFormat": "application/jose",
            "data": base64.b64encode(f"{eerste}..{laatste}".encode()).decode(),
        }
    ]
    return provenance


def lading(provenance: Json, tekst: bytes, basis: str) -> bytes:
    """Wat er getekend is, uit de Provenance en de bytes van het advies; sleutels op alfabet."""
    doel = next(iter(objecten(provenance.get("target"))), {})
    agent = next(iter(objecten(provenance.get("agent"))), {})
    rol = next(iter(objecten(agent.get("role"))), {})
    gegeven: dict[str, Any] = {
        "auteur": als_object(agent.get("who")).get("reference"),
        "doel": f"{basis}/{doel.get('reference')}",
        "moment": provenance.get("recorded"),
        "niveau": rol.get("text"),
        "sha256": hashlib.sha256(tekst).hexdigest(),
    }
    return schrijf(gegeven)


def klopt(provenance: Json, tekst: bytes, basis: str, sleutels: tuple[ECKey, ...]) -> bool:
    """Of het zegel bij precies deze bytes hoort en met een van deze sleutels gezet is."""
    handtekening = next(iter(objecten(provenance.get("signature"))), {})
    try:
        los = base64.b64decode(str(handtekening.get("data")), validate=True).decode()
        kop, leeg, laatste = los.split(".")
    except ValueError:
        return False
    if leeg:
        return False
    body = base64.urlsafe_b64encode(lading(provenance, tekst, basis)).decode().rstrip("=")
    return any(_past(f"{kop}.{body}.{laatste}", sleutel) for sleutel in sleutels)


def _past(getekend: str, sleutel: ECKey) -> bool:
    try:
        jws.deserialize_compact(getekend, sleutel, algorithms=["ES256"])
    except (JoseError, ValueError):
        return False
    return True
