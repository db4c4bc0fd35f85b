"""Het geheugen voor momentopnamen blijft onder zijn plafond en geeft nooit iets ouds."""

from __future__ import annotations

import secrets

from hypothesis import given
from hypothesis import strategies as st

from server.store.cache import Ingang, Momentopnamegeheugen
from server.store.vault import Sleutelbos, Slot
from server.store.versions import Momentopname, Versie

BOS = Sleutelbos("p", Slot(secrets.token_bytes(32)), "schuil")


def ingang(partitie: str, volgnummer: int, grootte: int) -> Ingang:
    versie = Versie(
        partitie=partitie, volgnummer=volgnummer, type="Condition", id="c", versie=1, moment="", auteur="",
        herkomst="zelf", verwijderd=False, tekst=b"x" * grootte,
    )  # fmt: skip
    return Ingang(Momentopname(partitie, volgnummer, [versie]), BOS, b"")


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 9), st.integers(0, 200_000)), max_size=60))
def test_het_gewicht_blijft_onder_het_plafond_en_klopt(stappen: list[tuple[str, int, int]]) -> None:
    geheugen = Momentopnamegeheugen(1)
    nieuwste: dict[str, int] = {}
    for partitie, volgnummer, grootte in stappen:
        geheugen.zet(ingang(partitie, volgnummer, grootte))
        nieuwste[partitie] = max(nieuwste.get(partitie, 0), volgnummer)
        bewaard = [i for p in "abcdefgh" if (i := geheugen.get(p)) is not None]
        assert geheugen.gewicht <= geheugen.plafond
        assert geheugen.gewicht == sum(i.momentopname.gewicht for i in bewaard)
        assert len(bewaard) == len(geheugen)


def test_de_langst_ongebruikte_gaat_eruit() -> None:
    geheugen = Momentopnamegeheugen(1)
    for partitie in "abc":
        geheugen.zet(ingang(partitie, 1, 40_000))
    assert geheugen.get("a") is not None
    geheugen.zet(ingang("d", 1, 40_000))
    assert geheugen.get("b") is None
    assert geheugen.get("a") is not None


def test_een_oudere_momentopname_verdringt_de_nieuwere_niet() -> None:
    geheugen = Momentopnamegeheugen(1)
    geheugen.zet(ingang("a", 5, 10))
    geheugen.zet(ingang("a", 4, 10))
    gevonden = geheugen.get("a")
    assert gevonden is not None
    assert gevonden.momentopname.volgnummer == 5


def test_een_te_zware_momentopname_blijft_er_buiten() -> None:
    geheugen = Momentopnamegeheugen(1)
    geheugen.zet(ingang("a", 1, 10))
    geheugen.zet(ingang("zwaar", 1, 5_000_000))
    assert geheugen.get("zwaar") is None
    assert geheugen.get("a") is not None
