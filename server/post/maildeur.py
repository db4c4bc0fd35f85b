"""Hoe mail de deur uit gaat: langs een SMTP-server, of in de demo als bestand in DATA/post.

Alleen versturen; wat erin staat en of het weg mag, weet `mail.py`. Een brief is een bestand in DATA/brieven, voor wie
hem afdrukt. Verbindingen zijn versleuteld met een gecontroleerd certificaat (RFC 8314). Bron: RFC 5322, RFC 5321.
"""

from __future__ import annotations

import asyncio
import os
import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from server.settings import InstellingFout, Settings

SECONDEN: Final = 20.0
POORTEN: Final = {"smtp": 587, "smtps": 465}
# Ruim genoeg voor elk echt adres, en nergens ruimte voor een tweede kop of een tweede ontvanger.
ADRES: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,63}")


@dataclass(frozen=True, slots=True)
class Bericht:
    """Eén bericht. `aan` is een mailadres, of bij een brief naam en adres op regels."""

    aan: str
    onderwerp: str
    tekst: str
    brief: bool = False


class Maildeur(Protocol):
    """Verstuurt één bericht; OSError als het nu niet lukt. `id` blijft gelijk bij een nieuwe poging."""

    async def stuur(self, id: str, bericht: Bericht) -> None:
        """Weg ermee."""
        ...


def is_adres(tekst: str) -> bool:
    """Of dit één mailadres is en niets anders."""
    return len(tekst) <= 254 and ADRES.fullmatch(tekst) is not None


def kan_mailen(settings: Settings) -> bool:
    """Of deze installatie mail verstuurt."""
    return settings.demo or bool(settings.smtp_url)


def maak_deur(settings: Settings) -> Maildeur | None:
    """De deur van deze installatie; None als er geen mail is ingesteld. `InstellingFout` bij een adres dat niet kan."""
    if settings.smtp_url:
        return SmtpDeur(settings)
    return MapDeur(settings) if settings.demo else None


class MapDeur:
    """De demo: elk bericht is een bestand dat elk mailprogramma opent."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def stuur(self, id: str, bericht: Bericht) -> None:
        """Bewaar het bericht."""
        if bericht.brief:
            await asyncio.to_thread(_brief, self._settings, id, bericht)
            return
        inhoud = als_mail(self._settings, id, bericht).as_bytes()
        await asyncio.to_thread(_bewaar, self._settings.data / "post", f"{_naam(id)}.eml", inhoud)


class SmtpDeur:
    """Een SMTP-server: `smtp://naam:wachtwoord@host:587` (STARTTLS) of `smtps://…:465`."""

    def __init__(self, settings: Settings) -> None:
        delen = urlsplit(settings.smtp_url or "")
        if delen.scheme not in POORTEN or not delen.hostname:
            raise InstellingFout("SMTP_URL begint met smtp:// of smtps:// en noemt een server")
        if not is_adres(settings.mail_van):
            raise InstellingFout("MAIL_VAN is het mailadres van de afzender")
        self._settings, self._delen = settings, delen

    async def stuur(self, id: str, bericht: Bericht) -> None:
        """Bied het bericht aan; pas klaar als de server het aannam."""
        if bericht.brief:
            await asyncio.to_thread(_brief, self._settings, id, bericht)
            return
        await asyncio.to_thread(self._verstuur, als_mail(self._settings, id, bericht))

    def _verstuur(self, mail: EmailMessage) -> None:
        d, tls = self._delen, ssl.create_default_context()
        poort = d.port or POORTEN[d.scheme]
        huis = d.hostname or ""
        dicht = d.scheme == "smtps"
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(huis, poort, timeout=SECONDEN, context=tls)
            if dicht
            else smtplib.SMTP(huis, poort, timeout=SECONDEN)
        )
        with server:
            if not dicht and "tls=nee" not in d.query:
                server.starttls(context=tls)
            if d.username:
                server.login(unquote(d.username), unquote(d.password or ""))
            server.send_message(mail)


def als_mail(settings: Settings, id: str, bericht: Bericht) -> EmailMessage:
    """Het bericht als e-mail, zonder HTML. ValueError als het adres er geen is."""
    if not is_adres(bericht.aan):
        raise ValueError("geen mailadres")
    mail = EmailMessage(policy=SMTP)
    huis = urlsplit(settings.base_url).hostname or "localhost"
    mail["From"] = f"Hulpmiddelenpaspoort <{settings.mail_van}>"
    mail["To"] = bericht.aan
    mail["Subject"] = bericht.onderwerp
    mail["Date"] = format_datetime(datetime.now(UTC))
    # Dezelfde bij een tweede poging: wie hem dubbel krijgt, ziet er één.
    mail["Message-ID"] = f"<{_naam(id)}@{huis}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(bericht.tekst)
    return mail


def _brief(settings: Settings, id: str, bericht: Bericht) -> None:
    tekst = f"{bericht.aan}\n\n\n{bericht.onderwerp}\n\n{bericht.tekst}"
    _bewaar(settings.data / "brieven", f"{_naam(id)}.txt", tekst.encode())


def _bewaar(map_: Path, naam: str, inhoud: bytes) -> None:
    map_.mkdir(mode=0o700, exist_ok=True)
    tijdelijk = map_ / f".{naam}"
    fd = os.open(tijdelijk, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as bestand:
        bestand.write(inhoud)
    tijdelijk.rename(map_ / naam)


def _naam(id: str) -> str:
    return sha256(id.encode()).hexdigest()[:24]
