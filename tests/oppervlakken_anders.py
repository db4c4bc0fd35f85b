"""Wie er nog kijkt naast de drie rollen van `test_oppervlak_orakel.py`: houder, vertegenwoordiger, team, fijne scope.

Elke stand zegt wat het naïeve orakel toestaat; het product staat ernaast met dezelfde feiten.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from paspoort.fhir.stelsels import ORGANISATIETYPE, codestelsel, extension
from server.oauth.sessie import STIL_SECONDEN
from server.store.session import Lidmaatschap, bewaar_account, maak_sessie, zet_lidmaatschap
from server.store.versions import Wijziging
from tests.oppervlakken_erbij import BLADZIJDEN
from tests.orakel import Wereld, _bestaat
from tests.orakelpaspoort import GEGEVENS, m_
from tests.orakelteams import Aanleiding, Huis, Kijker, Team
from tests.server.access.test_namens_orakel import Houder, Mandaat, houder_kijkt, mag_namens, verwacht
from tests.zichtwereld import MANDAAT, PASPOORT

Json = dict[str, Any]
JAREN = {"kind van 11": date(2015, 1, 1), "kind van 14": date(2012, 1, 1), "van 16": date(2010, 3, 20)}
VOLWASSEN = date(1979, 5, 4)
VAN = date(2020, 1, 1)
HOUDERBLADZIJDEN = (
    *BLADZIJDEN, "/meer", "/wie-helpt-mij", "/mijn-gegevens", "/delen/nieuw/advies", "/delen/nieuw/onderzoek",
    "/delen/nieuw/reparatie", "/vervangen", "/adviezen", "/wie-keek-mee?wie=alles", "/mag-delen",
)  # fmt: skip


def _m(soort: str | None, **anders: Any) -> Mandaat:
    vast: Json = {"van": VAN, "tot": None, "actief": True, "groepen": frozenset(), "afgeschermd": frozenset()}
    return Mandaat(soort, **(vast | anders))


def _h(geboren: date = VOLWASSEN, overleden: bool = False) -> Houder:
    return Houder(geboren, overleden)


DICHT = frozenset({"Condition/als", "Device/rolstoel", "DocumentReference/brief"})
PAAR = frozenset({"contact", "hulpmiddelen", "toestemmingen"})
# naam → (rol, mandaat, houder)
NAMENS: dict[str, tuple[str, Mandaat, Houder]] = {
    "de houder": ("houder", _m(None), _h()),
    "een kind van 11 zelf": ("houder", _m(None), _h(JAREN["kind van 11"])),
    "een kind van 14 zelf": ("houder", _m(None), _h(JAREN["kind van 14"])),
    "een overleden houder": ("houder", _m(None), _h(overleden=True)),
    "ouder van 11": ("vertegenwoordiger", _m("ouder-met-gezag"), _h(JAREN["kind van 11"])),
    "ouder van 14": ("vertegenwoordiger", _m("ouder-met-gezag", afgeschermd=DICHT), _h(JAREN["kind van 14"])),
    "ouder op de zestiende verjaardag": ("vertegenwoordiger", _m("ouder-met-gezag"), _h(JAREN["van 16"])),
    "mentor": ("vertegenwoordiger", _m("mentor"), _h()),
    "curator van een overledene": ("vertegenwoordiger", _m("curator"), _h(overleden=True)),
    "gemachtigde": ("vertegenwoordiger", _m("gemachtigde"), _h()),
    "gemachtigde voor een deel": ("vertegenwoordiger", _m("gemachtigde", groepen=PAAR), _h()),
    "gemachtigde voor gezondheid en eisen": (
        "vertegenwoordiger", _m("gemachtigde", groepen=frozenset({"gezondheid", "eisen", "toezicht"})), _h(),
    ),
    "helper leest": ("vertegenwoordiger", _m("helper-lezen", groepen=frozenset({"maten", "omgeving"})), _h()),
    "helper vult in": ("vertegenwoordiger", _m("helper-invullen", groepen=PAAR, afgeschermd=DICHT), _h()),
    "helper zonder groepen": ("vertegenwoordiger", _m("helper-lezen"), _h()),
    "einddag voorbij": ("vertegenwoordiger", _m("gemachtigde", tot=date(2026, 3, 19)), _h()),
    "laatste dag": ("vertegenwoordiger", _m("gemachtigde", tot=date(2026, 3, 20)), _h()),
    "neergelegd": ("vertegenwoordiger", _m("gemachtigde", actief=False), _h()),
    "van een ander paspoort": ("vertegenwoordiger", _m("gemachtigde", van_dit_paspoort=False), _h()),
    "zonder soort": ("vertegenwoordiger", _m(None), _h()),
}  # fmt: skip


def mag_en_er(rol: str, m: Mandaat, h: Houder) -> tuple[set[str], set[str]]:
    """De woorden die te lezen zijn, en de resources die er zijn, volgens het orakel van §7."""
    if rol == "houder":
        alles = {s.merk for g in GEGEVENS.values() for s in g.stukken}
        return (alles, set(GEGEVENS)) if houder_kijkt(h) else (set(), set())
    if not mag_namens(m, h):
        return set(), set()
    onbeperkt = not m.groepen and m.soort not in ("helper-lezen", "helper-invullen")
    alles = {g for gegeven in GEGEVENS.values() for g in gegeven.zien}
    groepen = alles if onbeperkt else set(m.groepen) | {"contact"}
    per_plek = {p: set() if p in m.afgeschermd else groepen for p in GEGEVENS}
    wereld = Wereld(dict(GEGEVENS))

    def is_er(plek: str) -> bool:
        gegeven = GEGEVENS[plek]
        if plek in m.afgeschermd or (gegeven.volgt and not _bestaat(wereld, per_plek, gegeven.volgt)):
            return False
        return onbeperkt or plek.startswith("Provenance/") or bool(gegeven.zien & groepen)

    return verwacht(m, h), {p for p in GEGEVENS if is_er(p)}


# --- mensen in teams, en wie met een aanleiding meekijkt

_TEAM = Team("team0", frozenset({"collega-karim"}), frozenset({"alles"}))
_MENSEN = frozenset({"karim", "collega-karim"})


def kijkers() -> dict[str, tuple[Kijker, bool]]:
    """naam → (kijker, of het werk aan het team gericht is in plaats van aan de organisatie)."""
    dicht, open_ = Huis("gemeente", _MENSEN, (_TEAM,)), Huis("gemeente", _MENSEN)
    deels = Huis(
        "gemeente", _MENSEN, (_TEAM, Team("team1", frozenset({"karim"}), frozenset({"onderzoek", "levering"})))
    )
    stil = Huis("gemeente", _MENSEN, (replace(_TEAM, leden=_MENSEN, actief=False),))
    return {
        "zonder teams": (Kijker(open_, "collega-karim"), False),
        "niet in het team": (Kijker(dicht, "karim"), False),
        "niet in het team waar het werk ligt": (Kijker(dicht, "karim"), True),
        "in het team": (Kijker(dicht, "collega-karim"), True),
        "in een ander team": (Kijker(deels, "karim"), False),
        "in een gestopt team": (Kijker(stil, "karim"), True),
        "de app": (Kijker(dicht, None), True),
        "met een aanleiding": (Kijker(dicht, "karim", [Aanleiding("karim", 1)]), False),
        "met een aanleiding van gisteren": (Kijker(dicht, "karim", [Aanleiding("karim", 24)]), False),
        "met een aanleiding van een ander": (Kijker(dicht, "karim", [Aanleiding("collega-karim", 1)]), True),
    }


def register_van(h: Huis) -> Iterator[Json]:
    """Wat er in het register bij moet voor dit huis."""
    for t in (_TEAM, Team("team1", frozenset(), frozenset(), False)):
        echt = next((x for x in h.teams if x.id == t.id), replace(t, leden=frozenset(), actief=False))
        if not any(x.id == t.id for x in h.teams):
            # Een team dat er niet is: als losse organisatie zonder ouder.
            yield {"resourceType": "Organization", "id": t.id, "active": False, "name": t.id}
            continue
        yield {
            "resourceType": "Organization", "id": t.id, "active": echt.actief, "name": f"Team {t.id}",
            "partOf": {"reference": f"Organization/{h.organisatie}"},
            "type": [{"coding": [{"system": ORGANISATIETYPE, "code": "team"}]}],
            "extension": [{"url": extension("neemt-aan"), "valueCode": d} for d in sorted(echt.doelen)],
        }  # fmt: skip
    for mens in sorted(h.mensen):
        leden = [t.id for t in h.teams if mens in t.leden]
        yield {"resourceType": "Practitioner", "id": f"p-{mens}", "active": True, "name": [{"text": f"Mens {mens}"}]}
        yield {
            "resourceType": "PractitionerRole", "id": mens, "active": True,
            "practitioner": {"reference": f"Practitioner/p-{mens}"},
            "organization": {"reference": f"Organization/{h.organisatie}"},
            "code": [{"coding": [{"system": codestelsel("rol"), "code": "verstrekker"}]}],
            "extension": [
                {"url": extension("team"), "valueReference": {"reference": f"Organization/{t}"}} for t in leden
            ],
        }  # fmt: skip


async def zet_register(plaats: Any, inhoud: Iterator[Json]) -> None:
    """Schrijf dit in het register, buiten de deur om."""
    m = await plaats.opslag.momentopname("register")
    wijzigingen = [Wijziging(i["resourceType"], i["id"], i) for i in inhoud]
    await plaats.opslag.schrijf("register", m.volgnummer, wijzigingen, "", "bron", ())


# --- fijne scopes: (scope, wat eraan voldoet als het zichtbaar is)


@dataclass(frozen=True)
class Fijn:
    """Een stel scopes en de resources waar zij over gaan; `nodig` is wat daarvan te zien moet zijn."""

    scopes: str
    plekken: frozenset[str]


FIJN = (
    Fijn(
        "Observation.rs?category=maten Device.rs", frozenset({"Observation/breedte", "Device/rolstoel", "Device/bed"})
    ),
    Fijn("Observation.rs?category=functioneren", frozenset()),
    Fijn("Condition.rs?category=282291009", frozenset({"Condition/als"})),
    Fijn("Condition.rs?category=248536006 Goal.r", frozenset({"Condition/lopen", "Goal/buiten"})),
    Fijn("DocumentReference.rs?type=foto", frozenset({"DocumentReference/foto"})),
    Fijn(
        "DeviceUseStatement.rs?status=active QuestionnaireResponse.rs?status=completed",
        frozenset({"DeviceUseStatement/zit", "QuestionnaireResponse/advies", "QuestionnaireResponse/evaluatie"}),
    ),
    Fijn("DeviceRequest.rs?intent=order", frozenset({"DeviceRequest/besluit"})),
)


def types_van(fijn: Fijn, recht: str) -> set[str]:
    """De typen waar deze scopes iets van laten lezen (`r`) of zoeken (`s`)."""
    delen = (s.partition("?")[0].partition(".") for s in fijn.scopes.split())
    return {type_ for type_, _, rechten in delen if recht in rechten}


# --- een sessie voor de bladzijden


async def sessie_namens(plaats: Any, rol: str) -> str:
    """Het cookie van de houder of van wie haar vertegenwoordigt."""
    account = await bewaar_account(plaats.opslag, "https://inlog.example", f"namens-{rol}", "Test")
    namens = {"mandaat": MANDAAT, "namens": "Yvonne"} if rol == "vertegenwoordiger" else {}
    lid = await zet_lidmaatschap(
        plaats.opslag, Lidmaatschap(account.id, rol, patient=PASPOORT, id=f"lid-namens-{rol}", **namens)
    )
    nu = int(time.time())
    token, _ = await maak_sessie(
        plaats.opslag, account.id, {"lidmaatschap": lid.id, "begonnen": nu}, nu, nu + STIL_SECONDEN
    )
    return token


async def bladzijden_namens(v: Any) -> None:
    """Elke bladzijde van de houder, ook met een voorbeeld van wat een ander ziet: nooit een woord dat niet mag."""
    for pad in HOUDERBLADZIJDEN:
        a = await v.plaats.web.get(pad, headers={"cookie": f"hmp={await v.plaats.cookie_namens(v.rol)}"})
        assert a.status_code in (200, 303, 403, 404), (v.uitleg, pad, a.status_code, a.text[:300])
        v.gezien(pad, a.text)


NAAM = m_("naam")
