"""Wie binnen een organisatie is toegewezen: naast een naïeve herhaling van de regel, en gevallen met een naam.

De regel in woorden: docs/besluiten/0023. Bron: toegang.md §1 (onder de tabel).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.stelsels import BERICHTSOORT, ORGANISATIETYPE, extension
from server.access.gronden import bepaal_gronden
from server.access.meekijken import te_openen
from server.access.zicht import bepaal_zicht
from server.store.register import Mandaat, Register
from server.store.versions import Momentopname
from tests.zichtwereld import NU, PATIENT, actor, opname, taak, toestemming, versie

Json = dict[str, Any]
GEMEENTE = "Organization/gemeente"
DOELEN = ("onderzoek", "herhaalverzoek")
TEAMS = ("wmo", "jeugd")
MENSEN = ("karim", "bea")
ADRESSEN = (
    GEMEENTE,
    "Organization/wmo",
    "Organization/jeugd",
    "PractitionerRole/karim",
    "PractitionerRole/bea",
    "Organization/buur",
)


def team(id: str, *neemt: str, actief: bool = True) -> Json:
    return {
        "resourceType": "Organization", "id": id, "active": actief, "partOf": {"reference": GEMEENTE},
        "type": [{"coding": [{"system": ORGANISATIETYPE, "code": "team"}]}],
        "extension": [{"url": extension("neemt-aan"), "valueCode": n} for n in neemt],
    }  # fmt: skip


def mens(id: str, *teams: str, organisatie: str = "gemeente") -> Json:
    return {
        "resourceType": "PractitionerRole", "id": id, "organization": {"reference": f"Organization/{organisatie}"},
        "extension": [{"url": extension("team"), "valueReference": {"reference": f"Organization/{t}"}} for t in teams],
    }  # fmt: skip


def register(*erbij: Json, mandaten: tuple[Mandaat, ...] = (), stil: frozenset[str] = frozenset()) -> Register:
    huizen = [{"resourceType": "Organization", "id": o, "active": True} for o in ("gemeente", "buur", "rijdt")]
    versies = [versie(i, "register") for i in (*huizen, *erbij)]
    return Register(Momentopname("register", len(versies), versies, soort="register"), mandaten=mandaten, stil=stil)


KARIM, BEA = actor("verstrekker"), actor("verstrekker", functie="bea")
APP = actor("verstrekker", "app")
MET_TEAMS = (team("wmo", "alles"), team("jeugd"), mens("karim", "wmo"), mens("bea", "jeugd"))
HULP = toestemming(GEMEENTE, ["contact", "hulpmiddelen"], "herhaalverzoek")


def soorten(wie: Any, reg: Register, *inhoud: Json) -> set[str]:
    return {str(g.verwijzing) for g in bepaal_gronden(wie, opname(*inhoud), reg, NU)}


def reden(functie: str = "bea", uur: float = 1, auteur: str | None = None, **anders: Any) -> Any:
    inhoud = {
        "resourceType": "Communication", "id": f"reden-{functie}", "status": "completed",
        "category": [{"coding": [{"system": BERICHTSOORT, "code": "aanleiding"}]}],
        "subject": {"reference": PATIENT}, "sender": {"reference": f"PractitionerRole/{functie}"},
    } | anders  # fmt: skip
    moment = (NU - timedelta(hours=uur)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return versie(inhoud, auteur=auteur or f"PractitionerRole/{functie}", moment=moment)


# --- gevallen


def test_zonder_teams_ziet_iedereen_van_de_organisatie_het():
    reg = register(mens("karim"), mens("bea"))
    assert soorten(KARIM, reg, HULP) == soorten(BEA, reg, HULP) == {"Consent/c"}


def test_met_teams_ziet_alleen_wie_in_het_team_zit_dat_het_aanneemt():
    reg = register(*MET_TEAMS)
    werk = (HULP, taak(GEMEENTE, "herhaalverzoek", soort="behandeling"))
    assert soorten(KARIM, reg, *werk) == {"Consent/c", "Task/t"}
    assert soorten(BEA, reg, *werk) == set()
    assert soorten(APP, reg, *werk) == {"Consent/c", "Task/t"}


def test_een_team_dat_niet_meer_meedoet_maakt_de_rest_niet_ruimer():
    reg = register(team("wmo", "alles", actief=False), mens("karim", "wmo"), mens("bea"))
    assert soorten(KARIM, reg, HULP) == soorten(BEA, reg, HULP) == set()


def test_wie_het_werk_doorgeeft_aan_een_ander_team_ziet_het_niet_meer():
    werk = (HULP, taak("Organization/jeugd", "herhaalverzoek", soort="behandeling"))
    reg = register(*MET_TEAMS)
    assert soorten(BEA, reg, *werk) == {"Consent/c", "Task/t"}
    assert soorten(KARIM, reg, *werk) == set()
    assert soorten(APP, reg, *werk) == {"Consent/c", "Task/t"}
    assert soorten(actor("leverancier", "app"), reg, *werk) == set()


def test_na_het_afronden_blijft_de_toestemming_bij_wie_het_werk_deed():
    reg = register(*MET_TEAMS)
    klaar = taak("Organization/jeugd", "herhaalverzoek", status="completed", soort="behandeling")
    assert soorten(BEA, reg, HULP, klaar) == {"Consent/c"}
    assert soorten(KARIM, reg, HULP, klaar) == set()


def test_een_mandaat_geldt_voor_het_team_van_de_gemachtigde_dat_het_aanneemt():
    mandaat = (Mandaat("buur", "gemeente", "herhaalverzoek"),)
    reg = register(*MET_TEAMS, mandaten=mandaat)
    van_buur = toestemming("Organization/buur", ["contact"], "herhaalverzoek")
    assert soorten(KARIM, reg, van_buur) == {"Consent/c"}
    assert soorten(BEA, reg, van_buur) == set()


@pytest.mark.parametrize("wie", [KARIM, BEA, APP, actor("verstrekker", client_id="x")], ids=str)
def test_een_geschorste_app_of_persoon_heeft_geen_grond(wie):
    stil = frozenset({f"PractitionerRole/{wie.functie}"} if wie.functie else {"Client/app"})
    reg = register(mens("karim"), mens("bea"), stil=stil)
    wie = wie if wie.functie else replace(wie, client_id="app")
    assert soorten(wie, reg, HULP, taak(GEMEENTE, "herhaalverzoek")) == set()


# --- aanleiding


def test_een_collega_kijkt_met_een_aanleiding_een_dag_mee_en_verandert_niets():
    reg = register(*MET_TEAMS)
    m = opname(HULP, reden())
    zicht = bepaal_zicht(BEA, m, reg, NU)
    assert [g.aanleiding for g in zicht.gronden] == ["Communication/reden-bea"]
    assert zicht.gronden[0].groepen == bepaal_zicht(KARIM, m, reg, NU).gronden[0].groepen
    nieuw = {"resourceType": "Device", "status": "active", "patient": {"reference": PATIENT}}
    assert not zicht.mag("S", nieuw, None)
    assert bepaal_zicht(KARIM, m, reg, NU).mag("S", nieuw, None)


@pytest.mark.parametrize("uur", [-1.0, 24.0, 24.01, 300.0])
def test_voor_de_reden_en_na_een_dag_is_er_niets(uur):
    reg = register(*MET_TEAMS)
    assert soorten(BEA, reg, HULP, reden(uur=uur)) == set()
    assert soorten(BEA, reg, HULP, reden(uur=23.99)) == {"Consent/c"}


@pytest.mark.parametrize(
    "bericht",
    [
        reden(auteur="PractitionerRole/karim"),
        reden(auteur="Organization/gemeente"),
        reden(functie="karim"),
        reden(status="entered-in-error"),
        reden(category=[{"coding": [{"system": "http://elders.nl", "code": "aanleiding"}]}]),
        reden(category="aanleiding"),
    ],
    ids=["van een ander", "van de app", "over een ander", "vergissing", "ander stelsel", "geen lijst"],
)
def test_alleen_het_eigen_bericht_dat_de_server_schreef_opent(bericht):
    assert soorten(BEA, register(*MET_TEAMS), HULP, bericht) == set()


def test_een_aanleiding_reikt_nooit_verder_dan_de_organisatie():
    reg = register(*MET_TEAMS)
    op_naam = toestemming("PractitionerRole/karim", ["contact"], "herhaalverzoek")
    van_ander = toestemming("Organization/rijdt", ["contact"], "levering")
    for inhoud in ((op_naam,), (van_ander,), (taak("Organization/rijdt", "levering"),), ()):
        assert soorten(BEA, reg, *inhoud, reden()) == set()
        assert not te_openen(BEA, opname(*inhoud), reg, NU)
    assert soorten(BEA, reg, taak("PractitionerRole/karim", "herhaalverzoek"), reden()) == {"Task/t"}


def test_niemand_schrijft_zelf_een_aanleiding_en_de_houder_haalt_haar_weg():
    reg = register(*MET_TEAMS)
    ruim = toestemming(GEMEENTE, ["contact", "voortgang"], "herhaalverzoek")
    bericht = reden()
    m = opname(ruim, bericht)
    karim = bepaal_zicht(KARIM, m, reg, NU)
    assert not karim.mag("S", reden(functie="karim").inhoud, None)
    gewoon = {k: w for k, w in bericht.inhoud.items() if k != "category"}
    for handeling, inhoud in (("W", gewoon), ("W", bericht.inhoud), ("D", bericht.inhoud)):
        assert not karim.mag(handeling, inhoud, bericht)  # type: ignore[arg-type]
    houder = bepaal_zicht(actor("houder"), m, reg, NU)
    assert houder.mag("D", bericht.inhoud, bericht)
    assert not houder.mag("S", bericht.inhoud, None)
    assert not houder.mag("W", gewoon, bericht)


# --- de hele regel, nog eens

taken_ = st.lists(
    st.tuples(
        st.sampled_from(ADRESSEN),
        st.sampled_from((None, *DOELEN)),
        st.sampled_from(("requested", "completed", "draft")),
    ),
    max_size=3,
)  # fmt: skip
teams_ = st.dictionaries(
    st.sampled_from(TEAMS), st.tuples(st.booleans(), st.frozensets(st.sampled_from((*DOELEN, "alles")))), max_size=2
)
leden_ = st.fixed_dictionaries({m: st.frozensets(st.sampled_from(TEAMS)) for m in MENSEN})


def _ligt_bij(wie: str, adres: str, doel: str | None, teams: Any, leden: Any, mandaat: bool) -> bool:
    if adres.startswith("PractitionerRole/"):
        return adres == f"PractitionerRole/{wie}"
    naam = adres.removeprefix("Organization/")
    if naam in teams:
        return naam in leden[wie] and teams[naam][0]
    if naam == "gemeente" or (naam == "buur" and mandaat):
        if not teams:
            return True
        mijn = [teams[t] for t in leden[wie] if t in teams]
        return any(actief and (doel in neemt or "alles" in neemt) for actief, neemt in mijn)
    return False


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(MENSEN), st.sampled_from(ADRESSEN), st.sampled_from(DOELEN), taken_, teams_, leden_, st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_de_code_zegt_wat_de_regel_zegt(wie, aan, doel, ts, teams, leden, mandaat, met_reden):
    bestaat = {"gemeente", "buur", *teams}
    ts = [t for t in ts if not t[0].startswith("Organization/") or t[0][13:] in bestaat]
    aan = aan if not aan.startswith("Organization/") or aan[13:] in bestaat else GEMEENTE
    reg = register(
        *(team(id, *sorted(neemt), actief=actief) for id, (actief, neemt) in teams.items()),
        *(mens(id, *sorted(t for t in van if t in teams)) for id, van in leden.items()),
        mandaten=(Mandaat("buur", "gemeente", "*"),) if mandaat else (),
    )
    stukken = [toestemming(aan, ["contact"], doel)]
    stukken += [taak(eigenaar, d, id=f"t{n}", status=s) for n, (eigenaar, d, s) in enumerate(ts)]
    vrager = actor("verstrekker", functie=wie)
    m = opname(*stukken, *([reden(wie)] if met_reden else []))
    gevonden = {str(g.verwijzing): g.aanleiding is not None for g in bepaal_gronden(vrager, m, reg, NU)}

    def hier(adres: str) -> bool:
        naam = adres.removeprefix("Organization/")
        return (
            adres.startswith("PractitionerRole/") or naam == "gemeente" or naam in teams or (naam == "buur" and mandaat)
        )

    verwacht: dict[str, bool] = {}
    for n, (eigenaar, d, s) in enumerate(ts):
        zelf = _ligt_bij(wie, eigenaar, d, teams, leden, mandaat)
        if s == "requested" and hier(eigenaar) and (zelf or met_reden):
            verwacht[f"Task/t{n}"] = not zelf
    noemt = aan == f"PractitionerRole/{wie}" or (aan.startswith("Organization/") and hier(aan))
    if noemt:
        zelf = _ligt_bij(wie, aan, doel, teams, leden, mandaat)
        if aan in (GEMEENTE, "Organization/buur"):
            huis = {aan, GEMEENTE}
            eigen = [
                t
                for t in ts
                if t[1] == doel and (t[0] in huis or t[0].startswith("PractitionerRole/") or t[0][13:] in teams)
            ]
            werk = [t for t in eigen if t[2] == "requested"] or [t for t in eigen if t[2] == "completed"]
            if werk:
                zelf = any(_ligt_bij(wie, t[0], t[1], teams, leden, mandaat) for t in werk)
        if zelf or met_reden:
            verwacht["Consent/c"] = not zelf
    assert gevonden == verwacht


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ADRESSEN), st.sampled_from(DOELEN), taken_, teams_, leden_)
def test_een_app_ziet_wat_al_haar_mensen_samen_zien_en_een_mens_nooit_meer(aan, doel, ts, teams, leden):
    reg = register(
        *(team(id, *sorted(neemt), actief=actief) for id, (actief, neemt) in teams.items()),
        *(mens(id, *sorted(van)) for id, van in leden.items()),
    )
    stukken = [toestemming(aan, ["contact"], doel)]
    stukken += [taak(eigenaar, d, id=f"t{n}", status=s) for n, (eigenaar, d, s) in enumerate(ts)]
    app = soorten(APP, reg, *stukken)
    for wie in MENSEN:
        zelf = soorten(actor("verstrekker", functie=wie), reg, *stukken)
        assert zelf <= app or aan == f"PractitionerRole/{wie}"
        met = soorten(actor("verstrekker", functie=wie), reg, *stukken, reden(wie))
        assert zelf <= met
        assert met - zelf <= app
