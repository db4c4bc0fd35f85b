"""De kopregels waarmee een browser ons beschermt: wat een bladzijde mag laden en sturen (OWASP ASVS 5.0, 3.4).

`server/app.py` zet ze op elk antwoord; een bladzijde die echt anders moet, zet zelf `csp(...)`.
"""

from __future__ import annotations

from typing import Final

# Geen script of stijl in de bladzijde zelf, niets van buiten, nooit in een lijst van een ander. Een formulier gaat
# alleen naar ons; wat daarna naar een app of inlogdienst gaat, gaat over `web/tussenstap.py`.
_REGELS: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "
)
VEILIG: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


def csp(*formulieren: str) -> str:
    """Content-Security-Policy; `formulieren` zijn bronnen waar een formulier van deze bladzijde ook heen mag."""
    return _REGELS + " ".join(("'self'", *formulieren))


CSP: Final = csp()
