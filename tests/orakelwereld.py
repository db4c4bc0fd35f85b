"""Het orakel en het product naast elkaar: dezelfde feiten als wereld (`orakel.py`) en als FHIR-resources."""

from __future__ import annotations

import re
from typing import Any

from paspoort.fhir.stelsels import TAAKINVOER
from tests.orakel import ONDERZOEK, Gegeven, Stuk, Taak, Toestemming, Vrager, Wereld, _groepen, volgt_iets
from tests.orakelpaspoort import APPARAAT, GEGEVENS, RESOURCES, WIJSBAAR, g, m_
from tests.zichtwereld import FUNCTIE, ORG, actor, taak, toestemming

MERK = re.compile(r"M_[a-z0-9_]+_M")
VANDAAG = 20


def maak(ts, ks, plekken):
    """Dezelfde feiten als wereld voor het orakel en als resources voor de code."""
    gegevens = {p: GEGEVENS[p] for p in plekken}
    resources = [RESOURCES[p] for p in plekken]
    for k in ks:
        gegevens[k.plek] = Gegeven(
            k.plek,
            (
                Stuk(m_(k.plek[-2:]), g("voortgang")),
                Stuk(m_(f"{k.plek[-2:]}_reden"), g("voortgang gezondheid")),
                Stuk(m_(f"{k.plek[-2:]}_besluit"), g("voortgang besluiten")),
                Stuk(m_(f"{k.plek[-2:]}_los"), None),
                Stuk(m_(f"{k.plek[-2:]}_bellen"), g("voortgang contact")),
            ),
            g("voortgang"),
        )
        t = taak(k.eigenaar, k.doel, sorted(k.wijst), k.plek[5:], "requested" if k.open else "completed")
        t |= {"description": m_(k.plek[-2:]), "reasonCode": {"text": m_(f"{k.plek[-2:]}_reden")}}
        t["output"] = [
            {
                "type": {"coding": [{"system": TAAKINVOER, "code": "besluit"}]},
                "valueString": m_(f"{k.plek[-2:]}_besluit"),
            },
            {"type": {"text": "vrij"}, "valueString": m_(f"{k.plek[-2:]}_los")},
            {
                "type": {"coding": [{"system": TAAKINVOER, "code": "contactvoorkeur"}]},
                "valueString": m_(f"{k.plek[-2:]}_bellen"),
            },
        ]
        resources.append(t)
    for t in ts:
        resources.append(
            toestemming(
                t.aan,
                t.groepen,
                t.doel,
                t.plek.removeprefix("Consent/"),
                "active" if t.actief else "inactive",
                f"2026-03-{t.dag_van}",
                f"2026-03-{t.dag_tot}",
                sorted(t.uitgezonderd),
                sorted(t.betreft),
            )
        )
    # "betreft" noemt alleen wat er is; een gebruik staat voor zijn hulpmiddel
    apparaat = {k: v for k, v in APPARAAT.items() if k in plekken}
    return Wereld(gegevens, ts, ks, apparaat), resources


def vrager_van(rol, app):
    """De vrager voor het orakel, en dezelfde voor de code."""
    namen = {f"Organization/{ORG[rol]}"} | (set() if app else {f"PractitionerRole/{FUNCTIE[rol]}"})
    return Vrager(rol, frozenset(namen)), actor(rol, "app" if app else "persoon")


def _toestemming(rol: str, doel: str, groepen: set[str], **anders: Any) -> Toestemming:
    vast = {"plek": "Consent/c0", "actief": True, "dag_van": 10, "dag_tot": 28}
    leeg = {"uitgezonderd": frozenset(), "betreft": frozenset()}
    return Toestemming(
        aan=f"Organization/{ORG[rol]}", doel=doel, groepen=frozenset(groepen), **{**vast, **leeg, **anders}
    )


def _taak(rol: str, doel: str | None, *wijst: str, open: bool = True) -> Taak:
    return Taak("Task/t0", f"Organization/{ORG[rol]}", doel, open, frozenset(wijst))


ALLES = ONDERZOEK | {"financieel", "ervaringen"}


def standen(rol: str) -> dict[str, tuple[list[Toestemming], list[Taak]]]:
    """De standen van toestemming en opdracht voor deze rol."""
    zonder = frozenset({"Condition/als", "Device/rolstoel", "QuestionnaireResponse/advies"})
    zit = frozenset({"DeviceUseStatement/zit"})
    return {
        "niets": ([], []),
        "alles": ([_toestemming(rol, "onderzoek", ALLES)], []),
        "alleen contact en hulpmiddelen": ([_toestemming(rol, "advies", {"contact", "hulpmiddelen"})], []),
        "alleen eisen en maten": ([_toestemming(rol, "afstemming", {"eisen", "maten"})], []),
        "met uitzonderingen": ([_toestemming(rol, "onderzoek", ALLES, uitgezonderd=zonder)], []),
        "een hulpmiddel": ([_toestemming(rol, "levering", ALLES, betreft=zit)], []),
        "levering van niets": ([_toestemming(rol, "levering", ALLES)], []),
        "voorbij": ([_toestemming(rol, "onderzoek", ALLES, dag_tot=19)], []),
        "ingetrokken": ([_toestemming(rol, "onderzoek", ALLES, actief=False)], []),
        "een opdracht": ([], [_taak(rol, "levering", *WIJSBAAR)]),
        "een opdracht zonder doel": ([], [_taak(rol, None, "Device/bed")]),
        "een herhaalverzoek": ([], [_taak(rol, "herhaalverzoek", *WIJSBAAR)]),
        "een gesloten opdracht": ([], [_taak(rol, "levering", *WIJSBAAR, open=False)]),
        "beide": (
            [_toestemming(rol, "reparatie", ALLES, betreft=zit)],
            [_taak(rol, "levering", "Observation/breedte")],
        ),
    }


def aanwezig(feiten: Wereld, vrager: Vrager) -> set[str]:
    """Van welke resources de vrager mag weten dat zij er zijn."""
    per_plek = {p: _groepen(feiten, vrager, g, VANDAAG) for p, g in feiten.gegevens.items()}
    # Provenance heeft de groep van haar doel: wie dat ziet, ziet haar (§2).
    zelf = {p for p, g in feiten.gegevens.items() if g.zien & per_plek[p] or p.startswith("Provenance/")}
    return {p for p in zelf if (g := feiten.gegevens[p]).volgt is None or volgt_iets(feiten, vrager, g, VANDAAG)}
