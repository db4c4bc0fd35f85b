"""HTTP vóór de app: wat geen HTTP is of te lange koppen heeft, krijgt ook dan een antwoord dat een FHIR-client leest.

uvicorn antwoordt op zo'n vraag zelf, met een regel tekst, en kent geen grens aan koppen. Bron: RFC 6585 §5 (431).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.outcome import antwoord

KOPPEN_HOOGSTENS: Final = 64 * 1024


class Draad(HttpToolsProtocol):
    """Het protocol van uvicorn met een grens aan de koppen en met antwoorden in FHIR onder /fhir."""

    _wachtend = 0  # bytes van een vraag waarvan de koppen nog niet compleet zijn
    _in_koppen = False
    _te_lang = False

    def data_received(self, data: bytes) -> None:
        """Lees verder; koppen waar geen einde aan komt, houden op bij de grens."""
        super().data_received(data)
        if not self._in_koppen:
            return
        self._wachtend += len(data)
        if self._wachtend > KOPPEN_HOOGSTENS and not self.transport.is_closing():
            self._te_lang = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Een nieuwe vraag begint."""
        self._in_koppen, self._wachtend = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """De koppen zijn er. ValueError (de parser maakt er een afwijzing van) als zij te lang zijn."""
        self._in_koppen = False
        if len(self.url) + sum(len(naam) + len(waarde) for naam, waarde in self.headers) > KOPPEN_HOOGSTENS:
            self._te_lang = True
            raise ValueError("koppen")
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Wijs de vraag af en sluit de verbinding; `msg` van uvicorn zegt een client niets."""
        melding = (
            Melding("koppen-te-lang", None, {"grens": f"{KOPPEN_HOOGSTENS // 1024} kB"})
            if self._te_lang
            else Melding("http-kapot")
        )
        uit = antwoord(PaspoortFout(melding), "nl")
        inhoud, koppen = uit.body or b"", dict(uit.headers)
        if self.url and not self.url.startswith(b"/fhir"):
            inhoud, koppen = melding.tekst("nl").encode(), {"content-type": "text/plain; charset=utf-8"}
        koppen |= {"content-length": str(len(inhoud)), "connection": "close", "cache-control": "no-store"}
        regels = [f"HTTP/1.1 {uit.status} {HTTPStatus(uit.status).phrase}", *(f"{n}: {w}" for n, w in koppen.items())]
        self.transport.write("\r\n".join([*regels, "", ""]).encode("ascii") + inhoud)
        self.transport.close()
