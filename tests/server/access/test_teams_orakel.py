"""Het zicht van mensen in teams en van wie met een aanleiding meekijkt, tegen het naïeve orakel (toegang.md §1)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.stelsels import BERICHTSOORT, ORGANISATIETYPE, extension
from server.access.zicht import bepaal_zicht
from server.store.register import Register
from server.store.versions import Momentopname
from tests.orakel import ONDERZOEK, Toestemming, Vrager, zichtbaar
from tests.orakelpaspoort import GEGEVENS, m_
from tests.orakelteams import Aanleiding, Huis, Kijker, Team, voor
from tests.orakelwereld import MERK, VANDAAG, maak
from tests.server.access.test_zicht_orakel import taken, toestemmingen
from tests.zichtwereld import FUNCTIE, NU, ORG, PATIENT, actor, opname, versie

Json = dict[str, Any]
TOEN = NU.replace(day=VANDAAG)
TAAKDOELEN = ("onderzoek", "herhaalverzoek", "levering", "reparatie")


def mensen_van(rol: str) -> tuple[str, str]:
    return FUNCTIE[rol], f"collega-{FUNCTIE[rol]}"


def huis(rol: str, teams: tuple[Team, ...]) -> Huis:
    return Huis(ORG[rol], frozenset(mensen_van(rol)), teams)


def register(h: Huis) -> Register:
    inhoud: list[Json] = [{"resourceType": "Organization", "id": o, "active": True} for o in (*ORG.values(), "ander")]
    for t in h.teams:
        inhoud.append({
            "resourceType": "Organization", "id": t.id, "active": t.actief,
            "partOf": {"reference": f"Organization/{h.organisatie}"},
            "type": [{"coding": [{"system": ORGANISATIETYPE, "code": "team"}]}],
            "extension": [{"url": extension("neemt-aan"), "valueCode": d} for d in sorted(t.doelen)],
        })  # fmt: skip
    for rol, org in ORG.items():
        for mens in mensen_van(rol):
            in_team = [t.id for t in h.teams if mens in t.leden]
            lid = [{"url": extension("team"), "valueReference": {"reference": f"Organization/{t}"}} for t in in_team]
            wie = {"resourceType": "PractitionerRole", "id": mens, "extension": lid}
            inhoud.append({**wie, "organization": {"reference": f"Organization/{org}"}})
    return Register(Momentopname("register", 1, [versie(i, "register") for i in inhoud], soort="register"))


def bericht(nummer: int, a: Aanleiding) -> Any:
    """De aanleiding zoals de server haar schrijft: wie en wanneer komen van de opslag."""
    moment = (TOEN - timedelta(hours=a.uren)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    inhoud = {
        "resourceType": "Communication", "id": f"open{nummer}", "status": "completed",
        "subject": {"reference": PATIENT},
        "category": [{"coding": [{"system": BERICHTSOORT, "code": "aanleiding"}]}],
    }  # fmt: skip
    return versie(inhoud, auteur=f"PractitionerRole/{a.mens}", moment=moment)


@st.composite
def gevallen(draw: st.DrawFn) -> Any:
    rol = draw(st.sampled_from(sorted(ORG)))
    mensen = mensen_van(rol)
    teams = tuple(
        Team(
            f"team{n}",
            draw(st.frozensets(st.sampled_from(mensen))),
            draw(st.frozensets(st.sampled_from([*TAAKDOELEN, "alles"]), max_size=2)),
            draw(st.sampled_from([True, True, False])),
        )
        for n in range(draw(st.integers(0, 2)))
    )
    adressen = sorted(huis(rol, teams).adressen() | {"Organization/ander"})
    ts = [
        dataclasses.replace(t, plek=f"Consent/c{i}", aan=draw(st.sampled_from(adressen)))
        for i, t in enumerate(draw(st.lists(toestemmingen, max_size=2)))
    ]
    ks = [
        dataclasses.replace(k, plek=f"Task/t{i}", eigenaar=draw(st.sampled_from(adressen)))
        for i, k in enumerate(draw(st.lists(taken, max_size=2)))
    ]
    uren = st.sampled_from([-1.0, 0.0, 1.0, 23.99, 24.0, 100.0])
    opent = draw(st.lists(st.builds(Aanleiding, st.sampled_from(mensen), uren), max_size=2))
    kijker = Kijker(huis(rol, teams), draw(st.sampled_from([*mensen, None])), opent)
    return rol, ts, ks, kijker


def vergelijk(rol: str, ts: Any, ks: Any, kijker: Kijker) -> None:
    feiten, resources = maak(ts, ks, frozenset(GEGEVENS))
    m = opname(*resources, *(bericht(n, a) for n, a in enumerate(kijker.aanleidingen)))
    wie = actor(rol, "persoon", functie=kijker.mens) if kijker.mens else actor(rol, "app")
    zicht = bepaal_zicht(wie, m, register(kijker.huis), TOEN)
    gezien = {t for v in m.alle() if (getoond := zicht.toon(v)) for t in MERK.findall(getoond.tekst.decode())}
    namen = {f"Organization/{kijker.huis.organisatie}", kijker.naam}
    mag = zichtbaar(voor(feiten, kijker, VANDAAG), Vrager(rol, frozenset(namen)), VANDAAG)
    assert gezien - {m_("naam_bij_verwijzing")} == mag


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(gevallen())
def test_wie_in_een_organisatie_kijkt_ziet_precies_wat_het_orakel_toestaat(geval: Any) -> None:
    vergelijk(*geval)


@pytest.mark.parametrize("uren", [-1.0, 0.0, 23.99, 24.0, 100.0])
def test_een_aanleiding_opent_voor_een_dag_en_niet_langer(uren: float) -> None:
    team = Team("team0", frozenset({"collega-karim"}), frozenset({"alles"}))
    alles = Toestemming(
        "Consent/c0", "Organization/gemeente", "onderzoek", frozenset(ONDERZOEK), True, 10, 28, frozenset(), frozenset()
    )
    kijker = Kijker(huis("verstrekker", (team,)), "karim", [Aanleiding("karim", uren)])
    vergelijk("verstrekker", [alles], [], kijker)
    feiten, _ = maak([alles], [], frozenset(GEGEVENS))
    gezien = zichtbaar(voor(feiten, kijker, VANDAAG), Vrager("verstrekker", frozenset({kijker.naam})), VANDAAG)
    assert bool(gezien) is (0 <= uren < 24)


@pytest.mark.lang
@settings(max_examples=30_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(gevallen())
def test_wie_in_een_organisatie_kijkt_lang(geval: Any) -> None:
    vergelijk(*geval)
