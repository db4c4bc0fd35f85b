"""Waar een melding heen mag: een tabel van adressen, namen die wisselen, en ontvangers die niet meewerken."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from server.post import versturen
from server.post.adres import AdresGeweigerd, is_openbaar, ontleed, zoek_op
from server.post.versturen import Verzender
from tests.ontvanger import luister

# adres → de reden; leeg = dit mag. Buiten de demo.
ADRESSEN: dict[str, str] = {
    "https://meld.example/hook": "",
    "https://meld.example:8443/hook?a=b": "",
    "https://93.184.216.34/hook": "",
    "https://[2606:2800:220:1::1]/hook": "",
    "https://xn--bcher-kva.example/": "",
    "http://meld.example/hook": "https",
    "ftp://meld.example/": "https",
    "file:///etc/passwd": "https",
    "gopher://127.0.0.1:25/": "https",
    "//meld.example/hook": "https",
    "meld.example/hook": "https",
    "": "https",
    "https://u@meld.example/": "inlog",
    "https://u:w@meld.example/": "inlog",
    "https://meld.example@127.0.0.1/": "inlog",
    "https:///hook": "vorm",
    "https://meld.example/#deel": "vorm",
    "https://meld.example:0/": "vorm",
    "https://meld.example:99999/": "vorm",
    "https://meld.example\\@127.0.0.1/": "vorm",
    "https://meld.example/\r\nX-Kop: 1": "vorm",
    "https://meld .example/": "vorm",
    "https://bücher.example/": "vorm",
    "https://-x.example/": "vorm",
    "https://x..example/": "vorm",
    "https://2130706433/": "vorm",
    "https://0x7f.1/": "vorm",
    "https://127.1/": "vorm",
    "https://0177.0.0.1/": "vorm",
    "https://meld.example/" + "a" * 1024: "vorm",
    "https://127.0.0.1/": "openbaar",
    "https://0.0.0.0/": "openbaar",
    "https://10.1.2.3/": "openbaar",
    "https://172.16.0.1/": "openbaar",
    "https://192.168.1.1/": "openbaar",
    "https://100.64.0.1/": "openbaar",
    "https://100.100.100.200/": "openbaar",
    "https://169.254.169.254/latest/meta-data/": "openbaar",
    "https://168.63.129.16/": "openbaar",
    "https://192.0.0.192/": "openbaar",
    "https://198.18.0.1/": "openbaar",
    "https://224.0.0.1/": "openbaar",
    "https://255.255.255.255/": "openbaar",
    "https://[::1]/": "openbaar",
    "https://[::]/": "openbaar",
    "https://[::ffff:127.0.0.1]/": "openbaar",
    "https://[::ffff:10.0.0.1]/": "openbaar",
    "https://[::ffff:93.184.216.34]/": "openbaar",
    "https://[::127.0.0.1]/": "openbaar",
    "https://[64:ff9b::7f00:1]/": "openbaar",
    "https://[64:ff9b:1::1]/": "openbaar",
    "https://[2002:7f00:1::]/": "openbaar",
    "https://[2001::1]/": "openbaar",
    "https://[2001:db8::1]/": "openbaar",
    "https://[fe80::1]/": "openbaar",
    "https://[fec0::1]/": "openbaar",
    "https://[fd00:ec2::254]/": "openbaar",
    "https://[ff02::1]/": "openbaar",
    "https://[fe80::1%25eth0]/": "vorm",
}


def reden(adres: str, demo: bool = False) -> str:
    try:
        ontleed(adres, demo)
    except AdresGeweigerd as fout:
        return fout.reden
    return ""


@pytest.mark.parametrize("adres", ADRESSEN)
def test_elk_adres_krijgt_zijn_oordeel(adres: str) -> None:
    assert reden(adres) == ADRESSEN[adres]


def test_alleen_in_de_demo_mag_de_eigen_computer_en_niets_anders_van_binnen() -> None:
    eigen = ("http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "https://127.0.0.1/")
    for adres in eigen:
        assert reden(adres, demo=True) == "", adres
        assert reden(adres) != "" or "localhost" in adres, adres
    binnen = ("http://10.0.0.1/", "http://meld.example/", "https://10.0.0.1/", "http://[::ffff:127.0.0.1]/")
    assert all(reden(adres, demo=True) for adres in binnen)


@given(st.ip_addresses())
def test_wat_openbaar_heet_is_dat_voor_python_ook(adres: object) -> None:
    if is_openbaar(str(adres)):
        getal = ip_address(str(adres))
        assert getal.is_global and not (getal.is_multicast or getal.is_private or getal.is_loopback)


class Namen:
    """Een opzoeker met een vaste tabel; bij meer antwoorden wisselt hij elke keer."""

    def __init__(self, *antwoorden: Sequence[str]) -> None:
        self.antwoorden, self.keren = antwoorden, 0

    async def __call__(self, host: str, poort: int) -> Sequence[str]:
        self.keren += 1
        return self.antwoorden[(self.keren - 1) % len(self.antwoorden)]


@pytest.mark.parametrize(
    "adressen",
    [
        ["127.0.0.1"],
        ["10.0.0.5"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["93.184.216.34", "127.0.0.1"],
        ["93.184.216.34", "fd00::1"],
        [],
        ["onzin"],
    ],
)
async def test_een_naam_die_ook_maar_ergens_naar_binnen_wijst_mag_niet(adressen: list[str]) -> None:
    for demo in (False, True):
        if demo and adressen in (["127.0.0.1"], ["::1"]):
            continue
        with pytest.raises(AdresGeweigerd) as fout:
            await zoek_op(ontleed("https://meld.example/", demo), demo, Namen(adressen))
        assert fout.value.reden == "openbaar"


async def test_een_naam_wordt_een_keer_opgezocht_en_de_verbinding_gaat_naar_dat_adres() -> None:
    # DNS rebinding: eerst een adres dat mag, daarna een ander. Wie twee keer opzoekt, loopt erin.
    async with luister() as goed, luister() as ander:
        poort = goed.adres.split(":")[2].split("/")[0]
        namen = Namen(["127.0.0.1"], ["127.0.0.2"])
        uitslag = await Verzender(True, namen).stuur(f"http://localhost:{poort}/x", b"{}", "g")
        assert uitslag.gelukt and namen.keren == 1
        assert goed.post[0].koppen["host"] == f"localhost:{poort}" and ander.post == []


async def test_buiten_de_demo_komt_er_nooit_een_verbinding_binnen() -> None:
    async with luister() as ontvanger:
        poort = ontvanger.adres.split(":")[2].split("/")[0]
        for adres in (ontvanger.adres, f"https://127.0.0.1:{poort}/", f"https://meld.example:{poort}/"):
            uitslag = await Verzender(False, Namen(["127.0.0.1"])).stuur(adres, b"{}", "g")
            assert not uitslag.gelukt and not uitslag.opnieuw and "openbaar" in uitslag.tekst
        assert ontvanger.post == []


async def test_een_doorverwijzing_wordt_niet_gevolgd_en_een_koekje_niet_bewaard() -> None:
    async with luister() as doel, luister() as ontvanger:
        kop = f"HTTP/1.1 307 X\r\nLocation: {doel.adres}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
        ontvanger.antwoorden = [kop.encode()]
        verzender = Verzender(True)
        uitslag = await verzender.stuur(ontvanger.adres, b"{}", "g")
        assert not uitslag.gelukt and "307" in uitslag.tekst and doel.post == []
        assert (await verzender.stuur(ontvanger.adres, b"{}", "g")).gelukt
        assert "cookie" not in ontvanger.post[1].koppen


async def test_een_proxy_uit_de_omgeving_telt_niet(monkeypatch: pytest.MonkeyPatch) -> None:
    async with luister() as ontvanger, luister() as proxy:
        for naam in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(naam, proxy.adres)
        assert (await Verzender(True).stuur(ontvanger.adres, b"{}", "g")).gelukt
        assert proxy.post == [] and len(ontvanger.post) == 1


async def test_een_ontvanger_die_treuzelt_of_blijft_praten_houdt_niets_op(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versturen, "SAMEN_HOOGSTENS", 0.3)
    async with luister() as ontvanger:
        ontvanger.antwoorden = [2.0]
        begin = time.monotonic()
        uitslag = await Verzender(True).stuur(ontvanger.adres, b"{}", "g")
        assert not uitslag.gelukt and uitslag.opnieuw and "op tijd" in uitslag.tekst
        ontvanger.antwoorden = [b"HTTP/1.1 200 X\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 200_000]
        assert (await Verzender(True).stuur(ontvanger.adres, b"{}", "g")).gelukt
        ontvanger.antwoorden = [b"SSH-2.0-iets\r\n", b"HTTP/1.1 200 X\r\n" + b"K: v\r\n" * 40_000]
        for _ in range(2):
            assert not (await Verzender(True).stuur(ontvanger.adres, b"{}", "g")).gelukt
        assert time.monotonic() - begin < 5


async def test_niemand_thuis_is_geen_verbinding_en_zegt_niet_meer() -> None:
    uitslag = await Verzender(True).stuur("http://127.0.0.1:9/", b"{}", "g")
    assert (uitslag.gelukt, uitslag.opnieuw) == (False, True)
    assert uitslag.tekst == "Er kwam geen veilige verbinding met dit adres."


def certificaat(map_: Path, naam: str) -> tuple[Path, Path]:
    """Een eigen certificaat voor één naam, met zijn sleutel."""
    sleutel = ec.generate_private_key(ec.SECP256R1())
    wie = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, naam)])
    nu = datetime.now(UTC)
    bouwer = x509.CertificateBuilder(wie, wie, sleutel.public_key(), 1, nu - timedelta(1), nu + timedelta(1))
    bouwer = bouwer.add_extension(x509.SubjectAlternativeName([x509.DNSName(naam)]), critical=False)
    cert = bouwer.sign(sleutel, hashes.SHA256())
    vorm = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (map_ / "c.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (map_ / "k.pem").write_bytes(sleutel.private_bytes(*vorm))
    return map_ / "c.pem", map_ / "k.pem"


async def test_tls_toetst_de_naam_uit_het_adres_en_niet_het_ip_adres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, sleutel = certificaat(tmp_path, "meld.example")
    server_tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_tls.load_cert_chain(cert, sleutel)
    monkeypatch.setattr(versturen, "_certificaten", lambda: ssl.create_default_context(cafile=str(cert)))
    async with luister(tls=server_tls) as ontvanger:
        poort = ontvanger.adres.split(":")[2].split("/")[0]
        goed = await Verzender(True, Namen(["127.0.0.1"])).stuur(f"https://meld.example:{poort}/", b"{}", "g")
        assert goed.gelukt and ontvanger.post[0].koppen["host"] == f"meld.example:{poort}"
        fout = await Verzender(True, Namen(["127.0.0.1"])).stuur(f"https://ander.example:{poort}/", b"{}", "g")
        assert not fout.gelukt and len(ontvanger.post) == 1
    monkeypatch.undo()
    async with luister(tls=server_tls) as ontvanger:
        adres = ontvanger.adres.replace("127.0.0.1", "meld.example").replace("http:", "https:")
        onbekend = await Verzender(True, Namen(["127.0.0.1"])).stuur(adres, b"{}", "g")
        assert not onbekend.gelukt and ontvanger.post == [], "een eigen certificaat van de ontvanger telt niet"
