"""Een link als QR in de bladzijde: zwart op wit in elk thema, vier vakjes rand (beeld.md §6). Geen gegevens erin."""

from __future__ import annotations

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage


def als_qr(link: str) -> Markup:
    """De link als SVG."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M, image_factory=SvgPathImage)
    code.add_data(link)
    code.make(fit=True)
    zijde, vakken = code.modules_count, code.get_matrix()
    pad = "".join(f"M{x} {y}h1v1h-1z" for y, rij in enumerate(vakken) for x, vol in enumerate(rij) if vol)
    return Markup(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="QR-code met de link" shape-rendering="crispEdges">'
        '<path fill="#000" d="{1}"/></svg>'
    ).format(zijde, pad)
