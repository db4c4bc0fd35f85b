"""CORS: apps in een browser mogen /fhir en de openbare adressen van OAuth aanroepen, vanaf elke oorsprong.

`*` kan omdat hier nooit een cookie telt: zonder token is er niets te halen, en een token geeft de vrager zelf mee.
Bladzijden en het inlogscherm horen er niet bij. Bron: Fetch Standard §3.2; SMART App Launch 2.2 (conformance).
"""

from __future__ import annotations

from typing import Final

METHODEN: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
KOPPEN: Final = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Location, Content-Location, Last-Modified, WWW-Authenticate, Retry-After, Allow, Content-Disposition",
    ),
)
VOORAF: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", METHODEN.encode()),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Accept, Accept-Language, Prefer, If-Match, If-None-Match, If-Modified-Since, "
        b"If-None-Exist, X-Security-Context, X-Requested-With",
    ),
    (b"access-control-max-age", b"7200"),
)
# Naast /fhir: wat een app in de browser nodig heeft om een token te krijgen. Geen van deze leest een cookie.
OPENBAAR: Final = frozenset(
    {
        "/.well-known/openid-configuration",
        "/.well-known/smart-configuration",
        "/fhir/.well-known/smart-configuration",
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oauth/userinfo",
        "/oauth/jwks",
    }
)
