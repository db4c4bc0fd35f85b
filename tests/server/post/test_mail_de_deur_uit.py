"""De mail de deur uit: langs een echte SMTP-server, met en zonder versleuteling, en in de demo als bestand of brief."""

from __future__ import annotations

import asyncio
import email
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from paspoort.fhir.stelsels import BERICHTSOORT
from server.post.mail import Postbode
from server.post.maildeur import Bericht, MapDeur, SmtpDeur, maak_deur
from server.settings import InstellingFout
from server.store.mail import telling, verborgen
from server.store.mailrow import VRAAG, leg_klaar
from server.store.sql import Unit
from tests.conftest import GEMEENTE, HOUDER, toestemming

BERICHT = Bericht(
    "yvonne@voorbeeld.example", "Iemand mag nu meelezen: Yvónne", "Beste lezer,\n\nAlles goed.\n.\nKlaar.\n"
)


@pytest.fixture
def dialect() -> str:
    """Gaat niet over de database."""
    return "sqlite"


@dataclass
class Smtp:
    """Een kleine SMTP-server (RFC 5321): neemt aan, of zegt met `nee` wat er mis is."""

    poort: int = 0
    tls: ssl.SSLContext | None = None
    nee: bytes = b""
    wachtwoord: str = ""
    regels: list[bytes] = field(default_factory=list)
    post: list[Any] = field(default_factory=list)
    ontvangers: list[bytes] = field(default_factory=list)

    async def gesprek(self, lezer: asyncio.StreamReader, schrijver: asyncio.StreamWriter) -> None:
        versleuteld = False

        def zeg(tekst: bytes) -> None:
            schrijver.write(tekst + b"\r\n")

        zeg(b"220 proef")
        while regel := await lezer.readline():
            self.regels.append(regel.strip())
            woord = regel.strip().upper()
            if woord.startswith(b"EHLO"):
                kan = [b"proef", *([b"STARTTLS"] if self.tls and not versleuteld else []), b"AUTH PLAIN"]
                schrijver.write(b"".join(b"250%c%b\r\n" % (b" "[0] if k is kan[-1] else b"-"[0], k) for k in kan))
            elif woord == b"STARTTLS":
                zeg(b"220 ja")
                await schrijver.start_tls(self.tls)  # type: ignore[arg-type]
                versleuteld = True
            elif woord.startswith(b"AUTH"):
                zeg(b"235 goed")
            elif woord.startswith(b"RCPT"):
                self.ontvangers.append(regel.strip())
                zeg(self.nee or b"250 goed")
            elif woord == b"DATA":
                zeg(b"354 ga door")
                inhoud = b""
                while (deel := await lezer.readline()) != b".\r\n":
                    inhoud += deel[1:] if deel.startswith(b"..") else deel
                self.post.append(email.message_from_bytes(inhoud, policy=default))
                zeg(b"250 aangenomen")
            elif woord == b"QUIT":
                zeg(b"221 dag")
                break
            else:
                zeg(b"250 goed")
            await schrijver.drain()
        schrijver.close()


@asynccontextmanager
async def smtp(**anders: Any) -> AsyncIterator[Smtp]:
    server = Smtp(**anders)
    luistert = await asyncio.start_server(server.gesprek, "127.0.0.1", 0)
    server.poort = luistert.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        luistert.close()


@pytest.fixture
def bewijs(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """Een eigen certificaat voor 127.0.0.1, en het bestand dat wie het vertrouwt nodig heeft."""
    sleutel, nu = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    naam = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proef")])
    blad = (
        x509.CertificateBuilder().subject_name(naam).issuer_name(naam).public_key(sleutel.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(nu - timedelta(days=1))
        .not_valid_after(nu + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(sleutel, hashes.SHA256())
    )  # fmt: skip
    pem, geheim = tmp_path / "blad.pem", tmp_path / "sleutel.pem"
    pem.write_bytes(blad.public_bytes(serialization.Encoding.PEM))
    vorm = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    geheim.write_bytes(sleutel.private_bytes(serialization.Encoding.PEM, *vorm))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, geheim)
    return context, pem


async def test_een_smtp_server_krijgt_het_bericht_zoals_het_is(settings: Any) -> None:
    async with smtp() as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        await deur.stuur("een", BERICHT)
    (mail,) = server.post
    assert mail["To"] == BERICHT.aan and mail["Subject"] == BERICHT.onderwerp
    assert mail.get_content().replace("\r\n", "\n") == BERICHT.tekst
    assert mail["Auto-Submitted"] == "auto-generated" and mail.get_content_type() == "text/plain"
    assert server.ontvangers == [b"RCPT TO:<yvonne@voorbeeld.example>"] or server.ontvangers[0].upper().startswith(
        b"RCPT TO:<YVONNE@VOORBEELD.EXAMPLE>"
    )


async def test_met_starttls_gaat_het_wachtwoord_pas_over_de_versleutelde_lijn(
    settings: Any, bewijs: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = bewijs
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    async with smtp(tls=context) as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://naam:geheim@127.0.0.1:{server.poort}"))
        await deur.stuur("twee", BERICHT)
    assert len(server.post) == 1
    woorden = [r.split(b" ")[0].upper() for r in server.regels]
    assert woorden.index(b"STARTTLS") < woorden.index(b"AUTH") < woorden.index(b"DATA")


async def test_een_vreemd_certificaat_of_geen_versleuteling_is_geen_mail(
    settings: Any, bewijs: tuple[ssl.SSLContext, Path]
) -> None:
    for tls in (bewijs[0], None):
        async with smtp(tls=tls) as server:
            deur = SmtpDeur(replace(settings, smtp_url=f"smtp://naam:geheim@127.0.0.1:{server.poort}"))
            with pytest.raises(OSError):
                await deur.stuur("drie", BERICHT)
        assert server.post == [] and not [r for r in server.regels if r.upper().startswith(b"AUTH")]


@pytest.mark.parametrize("aan", ["", "geen-adres", "a@b.nl\r\nBcc: c@d.nl", "a@b.nl, c@d.nl", "<a@b.nl>"])
async def test_een_adres_dat_er_geen_is_gaat_nergens_heen(settings: Any, aan: str) -> None:
    async with smtp() as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        with pytest.raises(ValueError, match="mailadres"):
            await deur.stuur("vier", replace(BERICHT, aan=aan))
    assert server.post == [] and server.regels == []


def test_een_verkeerde_instelling_zegt_wat_er_mist(settings: Any) -> None:
    with pytest.raises(InstellingFout, match="SMTP_URL"):
        SmtpDeur(replace(settings, smtp_url="http://mail.example"))
    assert maak_deur(replace(settings, smtp_url=None, demo=False)) is None


async def test_de_demo_bewaart_elk_bericht_als_bestand_en_een_brief_als_tekst(settings: Any) -> None:
    deur = maak_deur(replace(settings, smtp_url=None, demo=True))
    assert isinstance(deur, MapDeur)
    await deur.stuur("vijf", BERICHT)
    await deur.stuur("vijf", BERICHT)  # een tweede poging is hetzelfde bestand
    brief = Bericht("Yvonne Verbeek\nLaan 1\n1234 AB Veldkant", "Klopt het?", "Uw code: 4812 0577\n", brief=True)
    await deur.stuur("zes", brief)
    (eml,) = (settings.data / "post").iterdir()
    assert email.message_from_bytes(eml.read_bytes(), policy=default)["Subject"] == BERICHT.onderwerp
    (tekst,) = (settings.data / "brieven").iterdir()
    assert tekst.suffix == ".txt" and tekst.read_text("utf-8").startswith("Yvonne Verbeek\nLaan 1\n")
    assert "4812 0577" in tekst.read_text("utf-8")
    assert {p.stat().st_mode & 0o777 for p in (eml, tekst)} == {0o600}


async def test_van_toestemming_tot_postbus_en_opnieuw_als_de_server_niet_wil(wereld: Any, settings: Any) -> None:
    opslag, nu = wereld.opslag, [datetime.now(UTC).timestamp()]
    patient = (await wereld.momentopname()).get("Patient", HOUDER).inhoud
    await wereld.zet(HOUDER, {**patient, "telecom": [{"system": "email", "value": "yvonne@voorbeeld.example"}]})
    vers = datetime.now(UTC).isoformat(timespec="seconds")
    geeft = toestemming(f"Organization/{GEMEENTE}", "onderzoek", ("contact",), "een", HOUDER) | {"dateTime": vers}
    await wereld.zet(HOUDER, geeft)
    async with smtp(nee=b"451 straks") as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        bode = Postbode(opslag, deur, klok=lambda: nu[0])
        await bode.ronde()
        assert server.post == [] and (await telling(opslag))["wacht"] == 1
        server.nee = b""
        await bode.ronde()
        assert server.post == [], "niet meteen opnieuw"
        nu[0] += 31
        await bode.ronde()
    (mail,) = server.post
    assert "mag vanaf nu meelezen" in mail.get_content() and (await telling(opslag))["wacht"] == 0


async def test_een_mail_die_niet_te_maken_is_houdt_de_andere_niet_op(wereld: Any, settings: Any) -> None:
    opslag = wereld.opslag
    goed = {"aan": "yvonne@voorbeeld.example", "naam": "Mia", "organisatie": "Veldkant", "token": "t"}
    rijen = [leg_klaar(id_, VRAAG, inhoud=verborgen(opslag, id_, g)) for id_, g in (("a", {}), ("b", goed))]
    await opslag.db.voer_uit(Unit(tuple(rijen)))
    async with smtp() as server:
        bode = Postbode(opslag, SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee")))
        while await bode.ronde():
            pass
        await bode.stop()
    assert [str(p["To"]) for p in server.post] == ["yvonne@voorbeeld.example"]
    assert bode.tellingen["mislukt"] == 1 and (await telling(opslag))["wacht"] == 1, "zij wacht, en stopt een keer"


async def test_bij_een_aanleiding_krijgt_de_houder_een_mail_zonder_de_reden(wereld: Any, settings: Any) -> None:
    patient = (await wereld.momentopname()).get("Patient", HOUDER).inhoud
    await wereld.zet(HOUDER, {**patient, "telecom": [{"system": "email", "value": "yvonne@voorbeeld.example"}]})
    bericht = {
        "resourceType": "Communication", "id": "open", "status": "completed",
        "category": [{"coding": [{"system": BERICHTSOORT, "code": "aanleiding"}]}],
        "subject": {"reference": f"Patient/{HOUDER}"}, "payload": [{"contentString": "Over haar spierziekte."}],
    }  # fmt: skip
    await wereld.zet(HOUDER, bericht, auteur="PractitionerRole/consulent-karim")
    async with smtp() as server:
        deur = SmtpDeur(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.poort}?tls=nee"))
        await Postbode(wereld.opslag, deur).ronde()
    (mail,) = server.post
    tekst = mail.get_content()
    assert "Gemeente Veldkant" in tekst and "Wie keek er mee" in tekst and "spierziekte" not in tekst
    await wereld.zet(HOUDER, bericht | {"status": "entered-in-error"}, auteur="PractitionerRole/consulent-karim")
    assert (await telling(wereld.opslag))["wacht"] == 0, "alleen een nieuwe aanleiding geeft een mail"
