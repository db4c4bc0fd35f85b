"""Een momentopname die meegroeit is gelijk aan een die opnieuw gemaakt wordt."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from server.store.versions import Momentopname, Versie

_PLEKKEN = st.sampled_from([("Device", "a"), ("Device", "b"), ("Task", "a"), ("Binary", "c")])
_STAP = st.tuples(
    st.lists(st.tuples(_PLEKKEN, st.integers(0, 9), st.booleans(), st.integers(0, 50)), max_size=4),
    st.lists(_PLEKKEN, max_size=2),
    st.booleans(),
)


def versie(nummer: int, plek: tuple[str, str], minuut: int, weg: bool, lengte: int) -> Versie:
    return Versie(
        partitie="p", volgnummer=nummer, type=plek[0], id=plek[1], versie=nummer, moment=f"2026-01-01T00:0{minuut}:00Z",
        auteur="Patient/p", herkomst="zelf", verwijderd=weg, tekst=b"" if weg else b"x" * lengte,
    )  # fmt: skip


@given(st.lists(_STAP, max_size=6))
@example(
    [
        ([(("Device", "a"), 0, False, 0)], [], False),
        ([(("Task", "a"), 0, False, 0), (("Device", "a"), 0, False, 0)], [], False),
    ]
)
def test_meegroeien_is_hetzelfde_als_opnieuw_maken(stappen: list[tuple[list, list, bool]]) -> None:  # type: ignore[type-arg]
    m, nummer = Momentopname("p", 0), 0
    huidig: dict[tuple[str, str], Versie] = {}
    for nieuw, gewist, gelezen in stappen:
        if gelezen:
            m.alle()  # soms is de volgorde al bekend, soms niet
        versies = []
        for plek, minuut, weg, lengte in nieuw:
            nummer += 1
            versies.append(versie(nummer, plek, minuut, weg, lengte))
        m = m.met(nummer, versies, gewist)
        huidig.update({(v.type, v.id): v for v in versies})
        for plek in gewist:
            huidig.pop(plek, None)
        vers = Momentopname("p", nummer, huidig.values())
        assert m.gewicht == vers.gewicht
        assert m.alle() == vers.alle()
        assert {t: m.van_type(t) for t, _ in huidig} == {t: vers.van_type(t) for t, _ in huidig}
