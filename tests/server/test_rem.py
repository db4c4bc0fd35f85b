"""De rem: een schuivend venster per wie, een adres dat niemand verzint, en een geheugen dat niet volloopt."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import rem as module
from server.rem import GRENZEN, Rem, TeVaak
from server.settings import InstellingFout


class Klok:
    def __init__(self) -> None:
        self.nu = 1000.0

    def __call__(self) -> float:
        return self.nu


def scope(peer: str, *doorgestuurd: str) -> dict[str, Any]:
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", d.encode()) for d in doorgestuurd]}


def test_boven_de_grens_zegt_de_rem_hoe_lang_en_alleen_bij_deze_sleutel() -> None:
    klok = Klok()
    rem = Rem("token.client=3/60", klok=klok)
    for _ in range(3):
        rem.tel("token.client", "a")
    with pytest.raises(TeVaak) as eerste:
        rem.tel("token.client", "a")
    with pytest.raises(TeVaak) as tweede:
        rem.tel("token.client", "a")
    assert (eerste.value.eerste, tweede.value.eerste) == (True, False), "alleen de eerste weigering hoort in het log"
    assert eerste.value.meldingen[0].code == "te-vaak"
    rem.tel("token.client", "b")
    rem.tel("token.adres", "a")
    klok.nu += eerste.value.seconden
    rem.tel("token.client", "a")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.lists(st.floats(0, 40), min_size=1, max_size=60))
def test_in_geen_enkel_venster_komt_er_meer_door_dan_twee_keer_de_grens_en_wachten_helpt(
    grens: int, stappen: list[float]
) -> None:
    """De wet van een schuivend venster uit twee vakken, en: na Retry-After mag het."""
    klok = Klok()
    rem = Rem(f"token.client={grens}/60", klok=klok)
    door: list[float] = []
    for stap in stappen:
        klok.nu += stap
        try:
            rem.tel("token.client", "a")
        except TeVaak as fout:
            klok.nu += fout.seconden
            rem.tel("token.client", "a")
        door.append(klok.nu)
        assert sum(klok.nu - 60 < t for t in door) <= 2 * grens
    vakken = [int(t // 60) for t in door]
    assert all(vakken.count(v) <= grens for v in vakken)


def test_zonder_vertrouwde_proxy_telt_alleen_de_verbinding() -> None:
    assert Rem().adres(scope("203.0.113.9", "198.51.100.1")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "koppen", "verwacht"),
    [
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("1.2.3.4, 198.51.100.1, 10.0.0.7",), "198.51.100.1"),
        ("10.0.0.1", ("1.2.3.4", "198.51.100.1"), "198.51.100.1"),
        ("::ffff:10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("10.0.0.9",), "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", (), "2001:db8:1:2::/64"),
    ],
)
def test_het_adres_komt_van_de_laatste_proxy_die_wij_kennen(peer: str, koppen: tuple[str, ...], verwacht: str) -> None:
    assert Rem(proxys="10.0.0.0/8").adres(scope(peer, *koppen)) == verwacht


def test_een_aanval_met_veel_sleutels_vult_het_geheugen_niet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TELLERS_HOOGSTENS", 50)
    rem = Rem("token.client=1000000/60", klok=Klok())
    for i in range(5000):
        rem.tel("token.client", str(i))
    assert len(rem._vensters["token.client"]._dit) <= 50 + 65_536
    venster = rem._vensters["token.client"]._dit
    assert sum(len(sleutel) == 2 for sleutel in venster) > 0
    assert all(b"token" not in sleutel for sleutel in venster), "een sleutel is een hash"


def test_nul_is_onbegrensd_en_een_onbekende_soort_is_een_fout_in_de_code() -> None:
    rem = Rem("token.client=0/60")
    for _ in range(5000):
        rem.tel("token.client", "a")
    with pytest.raises(KeyError):
        rem.tel("token.onbekend", "a")


@pytest.mark.parametrize(
    "tekst", ["token=3/60", "token.client", "token.client=3", "token.client=-1/60", "token.client=3/0"]
)
def test_een_grens_die_niet_klopt_houdt_de_start_tegen(tekst: str) -> None:
    with pytest.raises(InstellingFout, match="GRENZEN"):
        Rem(tekst)


def test_een_proxy_die_geen_netwerk_is_houdt_de_start_tegen() -> None:
    with pytest.raises(InstellingFout, match="VERTROUWDE_PROXYS"):
        Rem(proxys="mijn-proxy")


def test_elke_grens_is_te_zetten() -> None:
    assert Rem(",".join(f"{soort}=7/9" for soort in GRENZEN)).grenzen.keys() == GRENZEN.keys()
