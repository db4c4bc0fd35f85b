"""Het zicht van houder en vertegenwoordiger tegen een naïeve lezing van toegang.md §7: leeftijd, soort, tijd, groepen.

Het orakel staat hier: het weet niets van de toegangscode en rekent met dezelfde feiten als waarvan de resources komen.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.toegang import DOELEN
from paspoort.toestemming import voorstel
from server.access.voorbeeld import door_ogen_van, voorbeeld
from server.access.zicht import bepaal_zicht
from tests.orakel import Wereld, _bestaat
from tests.orakelpaspoort import GEGEVENS, RESOURCES
from tests.orakelwereld import MERK
from tests.zichtwereld import PATIENT, REGISTER, actor, mandaat, opname

Json = dict[str, Any]
VANDAAG = date(2026, 3, 20)
SOORTEN = ("ouder-met-gezag", "mentor", "curator", "gemachtigde", "helper-lezen", "helper-invullen", None)
EIGEN_GIFT = ("gemachtigde", "helper-lezen", "helper-invullen")
GROEPEN = (
    "contact", "persoon", "bsn", "gezondheid", "functioneren", "maten", "omgeving", "hulpmiddelen", "advies", "eisen",
    "plan", "verzoeken", "besluiten", "financieel", "voortgang", "ervaringen", "documenten", "toestemmingen",
    "toezicht",
)  # fmt: skip
# Rond de grenzen: elf, twaalf, vijftien, zestien en ouder; de verjaardag zelf, de dag ervoor en de dag erna.
GEBOREN = [date(VANDAAG.year - jaar, 3, dag) for jaar in (11, 12, 13, 16, 17, 40) for dag in (19, 20, 21)]


@dataclass(frozen=True)
class Mandaat:
    """Wat er van een mandaat in het paspoort staat."""

    soort: str | None
    van: date | None
    tot: date | None
    actief: bool
    groepen: frozenset[str]
    afgeschermd: frozenset[str]
    van_dit_paspoort: bool = True


@dataclass(frozen=True)
class Houder:
    """Wie het paspoort heeft."""

    geboren: date | None
    overleden: bool


def leeftijd(geboren: date) -> int:
    """Hele jaren op VANDAAG."""
    nog_niet_jarig = (VANDAAG.month, VANDAAG.day) < (geboren.month, geboren.day)
    return VANDAAG.year - geboren.year - nog_niet_jarig


def houder_kijkt(h: Houder) -> bool:
    """§7: onder 12 alleen de ouder; daarna ook het kind. Een overleden houder logt niet in."""
    return not h.overleden and (h.geboren is None or leeftijd(h.geboren) >= 12)


def mag_namens(m: Mandaat, h: Houder) -> bool:
    """§7: tot 16 de ouder; daarna alleen wie de houder zelf koos (vanaf zijn zestiende), een mentor of een curator."""
    loopt = (m.van is None or m.van <= VANDAAG) and (m.tot is None or m.tot >= VANDAAG)
    if not (m.actief and loopt and m.van_dit_paspoort) or h.overleden or h.geboren is None or m.soort is None:
        return False
    if m.soort == "ouder-met-gezag":
        return leeftijd(h.geboren) < 16
    if leeftijd(h.geboren) < 16:
        return False
    if m.soort in EIGEN_GIFT:
        zestien = date(h.geboren.year + 16, h.geboren.month, h.geboren.day)
        return m.van is not None and m.van >= zestien
    return True


def noemt(plek: str) -> set[str]:
    """Wat deze resource noemt, naast de houder."""
    alle = re.findall(r'"reference": "([A-Za-z]+/[a-z]+)"', json.dumps(RESOURCES[plek]))
    return {v for v in alle if v != PATIENT and not v.startswith(("Organization/", "PractitionerRole/"))}


def verwacht(m: Mandaat, h: Houder) -> set[str]:
    """Alle teksten die de vertegenwoordiger ziet."""
    if not mag_namens(m, h):
        return set()
    onbeperkt = not m.groepen and m.soort not in ("helper-lezen", "helper-invullen")
    groepen = set(GROEPEN) if onbeperkt else set(m.groepen) | {"contact"}
    alles = groepen == set(GROEPEN)  # wie elke groep heeft, ziet niets in delen (§2)
    per_plek = {plek: set() if plek in m.afgeschermd else groepen for plek in GEGEVENS}
    wereld = Wereld(dict(GEGEVENS))
    uit: set[str] = set()
    for plek, gegeven in GEGEVENS.items():
        if plek in m.afgeschermd or (gegeven.volgt is not None and not _bestaat(wereld, per_plek, gegeven.volgt)):
            continue
        # Met alle groepen en zonder iets afgeschermds is er niets weg te laten: dan zoals het er staat.
        heel = alles and not noemt(plek) & m.afgeschermd
        for stuk in gegeven.stukken:
            mag = heel or (stuk.nodig is not None and stuk.nodig <= groepen)
            if mag and (heel or stuk.ook is None or _bestaat(wereld, per_plek, stuk.ook)):
                uit.add(stuk.merk)
    return uit


dagen = st.sampled_from([VANDAAG + timedelta(days=n) for n in (-3650, -366, -1, 0, 1)])
mandaten = st.builds(
    Mandaat,
    soort=st.sampled_from(SOORTEN),
    van=st.none() | dagen,
    tot=st.none() | st.sampled_from([VANDAAG + timedelta(days=n) for n in (-1, 0, 1)]),
    actief=st.sampled_from([True, True, True, False]),
    groepen=st.just(frozenset()) | st.frozensets(st.sampled_from(GROEPEN)),
    afgeschermd=st.frozensets(st.sampled_from(sorted(set(GEGEVENS) - {PATIENT})), max_size=2),
    van_dit_paspoort=st.sampled_from([True] * 7 + [False]),
)
houders = st.builds(Houder, geboren=st.sampled_from([*GEBOREN, None]), overleden=st.sampled_from([False] * 5 + [True]))


def _resources(m: Mandaat, h: Houder) -> list[Json]:
    uit = [dict(r) for r in RESOURCES.values()]
    patient = next(r for r in uit if r["resourceType"] == "Patient")
    patient["communication"] = [{"language": {"text": patient.pop("birthDate")}}]  # ook `persoon` (§2)
    patient |= {"birthDate": h.geboren.isoformat()} if h.geboren else {}
    patient |= {"deceasedBoolean": True} if h.overleden else {}
    periode = (m.van.isoformat() if m.van else None), (m.tot.isoformat() if m.tot else None)
    anders: Json = {} if m.van_dit_paspoort else {"patient": {"reference": "Patient/ander"}}
    return [*uit, mandaat(m.soort, *periode, m.groepen, sorted(m.afgeschermd), active=m.actief, **anders)]


def _gezien(wie: Any, m: Mandaat, h: Houder) -> set[str]:
    opname_ = opname(*_resources(m, h))
    nu = datetime(VANDAAG.year, VANDAAG.month, VANDAAG.day, 12, tzinfo=UTC)
    zicht = bepaal_zicht(wie, opname_, REGISTER, nu)
    teksten = [g.tekst.decode() for v in opname_.alle() if (g := zicht.toon(v))]
    return {t for tekst in teksten for t in MERK.findall(tekst)} - {"M_naam_bij_verwijzing_M"}


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mandaten, houders)
def test_een_vertegenwoordiger_ziet_precies_wat_het_orakel_toestaat(m: Mandaat, h: Houder) -> None:
    assert _gezien(actor("vertegenwoordiger"), m, h) == verwacht(m, h)


@pytest.mark.parametrize("plek", sorted(set(GEGEVENS) - {PATIENT}))
def test_elk_gegeven_is_een_voor_een_af_te_schermen(plek: str) -> None:
    """Niet aan het toeval over: ook wat bij geen groep hoort, zoals wie iets schreef, gaat dan weg."""
    m = Mandaat("mentor", None, None, True, frozenset(), frozenset({plek}))
    h = Houder(date(1986, 3, 19), False)
    assert _gezien(actor("vertegenwoordiger"), m, h) == verwacht(m, h)


@pytest.mark.lang
@settings(max_examples=40_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(mandaten, houders)
def test_een_vertegenwoordiger_ziet_precies_wat_het_orakel_toestaat_lang(m: Mandaat, h: Houder) -> None:
    assert _gezien(actor("vertegenwoordiger"), m, h) == verwacht(m, h)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(mandaten, houders)
def test_de_houder_ziet_alles_of_niets(m: Mandaat, h: Houder) -> None:
    alles = {s.merk for g in GEGEVENS.values() for s in g.stukken}
    assert _gezien(actor("houder"), m, h) == (alles if houder_kijkt(h) else set())


def test_de_verjaardag_werkt_zonder_dat_er_iets_geschreven_wordt() -> None:
    """Dezelfde momentopname, een dag later: de ouder ziet niets meer, en het kind van twaalf wel."""
    m = Mandaat("ouder-met-gezag", None, None, True, frozenset(), frozenset())
    ouder, kind = actor("vertegenwoordiger"), actor("houder")
    for jaar, voor, na in ((16, (True, True), (False, True)), (12, (True, False), (True, True))):
        morgen = VANDAAG + timedelta(days=1)
        h = Houder(date(morgen.year - jaar, morgen.month, morgen.day), False)
        opname_ = opname(*_resources(m, h))
        # Middernacht is hier middernacht: in maart is dat 23:00 UTC.
        grens = datetime(2026, 3, 20, 23, tzinfo=UTC)
        for moment, ziet in ((grens - timedelta(seconds=1), voor), (grens, na)):
            feit = tuple(bool(bepaal_zicht(w, opname_, REGISTER, moment).gronden) for w in (ouder, kind))
            assert feit == ziet, (jaar, moment, feit)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(mandaten, houders, st.sampled_from(["therapeut", "verstrekker", "leverancier"]))
def test_een_voorbeeld_laat_wie_voor_een_ander_kijkt_nooit_meer_zien_dan_zijn_mandaat(
    m: Mandaat, h: Houder, rol: str
) -> None:
    nu = datetime(VANDAAG.year, VANDAAG.month, VANDAAG.day, 12, tzinfo=UTC)
    doel = next(d for d in DOELEN.values() if rol in d.groepen)
    t = voorstel(doel.code, rol, PATIENT, "Organization/onbekend", VANDAAG)
    opname_ = opname(*_resources(m, h))
    per = {}
    for wie in ("houder", "vertegenwoordiger"):
        gezien = voorbeeld(t, rol, door_ogen_van(bepaal_zicht(actor(wie), opname_, REGISTER, nu)), REGISTER, nu)
        per[wie] = set(MERK.findall(json.dumps(gezien, default=str))) - {"M_naam_bij_verwijzing_M"}
    mag = verwacht(m, h)
    assert per["vertegenwoordiger"] <= mag
    if houder_kijkt(h):
        assert per["vertegenwoordiger"] <= per["houder"]
        assert per["houder"], "een voorbeeld voor de houder is er altijd"
