"""Toestemming: wie wat waarvoor en tot wanneer mag lezen; het voorstel per doel, en de zinnen erbij.

Kent geen FHIR (`paspoort/fhir/toestemming.py`) en beslist niet wat iemand op dit moment ziet
(`server/access/zicht.py`). Bron: toegang.md §1 en §4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from paspoort.fouten import Melding, PaspoortFout
from paspoort.toegang.doelen import DOELEN
from paspoort.toegang.groepen import GROEPEN

Status = Literal["proposed", "active", "inactive", "rejected", "draft", "entered-in-error"]

# Een dag is een dag in Nederland.
HIER: Final = ZoneInfo("Europe/Amsterdam")

# Wat mensen het eerst willen weten als het niet gelezen wordt.
GEVOELIG: Final = ("gezondheid", "functioneren", "advies", "bsn", "financieel", "plan")


@dataclass(frozen=True, slots=True)
class Toestemming:
    """Eén toestemming. `aan` zijn `Organization/id` of `PractitionerRole/id`; `uitzonderingen` en `betreft` `Type/id`.

    `alleen` beperkt de toestemming tot met name genoemde gegevens; None is geen beperking. `begrepen` is onwaar als de
    bron een beperking bevat die wij niet kennen: dan geeft zij niets, want haar negeren zou verruimen.
    """

    patient: str
    aan: frozenset[str]
    doel: str | None
    groepen: frozenset[str]
    van: date | datetime | None = None
    tot: date | datetime | None = None
    status: Status = "active"
    uitzonderingen: frozenset[str] = frozenset()
    betreft: frozenset[str] = frozenset()
    alleen: frozenset[str] | None = None
    gegeven_via: str | None = None
    gegeven_op: datetime | None = None
    begrepen: bool = True
    id: str = ""

    def geldt(self, nu: datetime) -> bool:
        """Of de toestemming op dit moment werkt. Een einddatum zonder tijd telt die hele dag mee."""
        return (
            self.status == "active"
            and self.begrepen
            and (self.van is None or _begonnen(self.van, nu))
            and (self.tot is None or _nog_niet_voorbij(self.tot, nu))
        )


def voorstel(
    doel: str, rol: str, patient: str, aan: str, vandaag: date, betreft: Iterable[str] = (), zonder: Iterable[str] = ()
) -> Toestemming:
    """De toestemming die dit doel voorstelt, van vandaag tot de einddatum van §4, zonder de weggehaalde groepen.

    Werpt PaspoortFout `doel-onbekend` (plek `doel`) als het doel niet bestaat of niet bij de rol past.
    """
    gevonden = DOELEN.get(doel)
    if gevonden is None or rol not in gevonden.groepen:
        raise PaspoortFout(Melding("doel-onbekend", "doel"))
    return Toestemming(
        patient=patient,
        aan=frozenset({aan}),
        doel=doel,
        groepen=gevonden.groepen[rol] - frozenset(zonder),
        van=vandaag,
        tot=vandaag + timedelta(days=gevonden.dagen),
        betreft=frozenset(betreft),
    )


def langst(doel: str | None, vandaag: date) -> date | None:
    """De laatste dag die het doel vandaag voorstelt (§4); None bij een onbekend doel. Langer kiest niemand stil."""
    gevonden = DOELEN.get(doel or "")
    return vandaag + timedelta(days=gevonden.dagen) if gevonden else None


def versmal(
    t: Toestemming, groepen: Iterable[str] | None = None, uitzonderingen: Iterable[str] = (), tot: date | None = None
) -> Toestemming:
    """Dezelfde toestemming met minder: alleen deze groepen, zonder deze gegevens, en niet later dan `tot`.

    Geeft nooit meer dan `t` gaf: wat er niet in zat, komt er niet bij, en een uitzondering blijft staan. Werpt
    PaspoortFout `toestemming-leeg` (plek `groep`) als er niets overblijft, en `toestemming-einddatum` (plek `tot`)
    bij een dag die later is dan zij nu eindigt.
    """
    over = t.groepen if groepen is None else t.groepen & frozenset(groepen)
    fouten = []
    if not over:
        fouten.append(Melding("toestemming-leeg", "groep"))
    if tot is not None and t.tot is not None and tot > als_dag(t.tot):
        fouten.append(Melding("toestemming-einddatum", "tot"))
    if fouten:
        raise PaspoortFout(*fouten)
    korter = tot is not None and (t.tot is None or tot < als_dag(t.tot))
    return replace(
        t, groepen=over, uitzonderingen=t.uitzonderingen | frozenset(uitzonderingen), tot=tot if korter else t.tot
    )


def verleng(t: Toestemming, tot: date, vandaag: date) -> Toestemming:
    """Dezelfde toestemming tot een latere dag, hoogstens zo ver als het doel vandaag voorstelt (§4).

    Werpt PaspoortFout `toestemming-einddatum` (plek `tot`) als de dag voorbij is, niet later is, of te ver weg ligt.
    """
    verst = langst(t.doel, vandaag)
    te_vroeg = tot < vandaag or (t.tot is not None and tot <= als_dag(t.tot))
    if te_vroeg or verst is None or tot > verst:
        raise PaspoortFout(Melding("toestemming-einddatum", "tot"))
    return replace(t, tot=tot)


def einde_na(doel: str, gebeurtenis: str, dag: date) -> date | None:
    """De nieuwe einddatum als de gebeurtenis (`besluit`, `levering`) op `dag` was; None bij een ander doel."""
    gevonden = DOELEN.get(doel)
    if gevonden is None or gevonden.na != gebeurtenis or gevonden.dagen_na is None:
        return None
    return dag + timedelta(days=gevonden.dagen_na)


def leest(groepen: Iterable[str]) -> tuple[str, ...]:
    """Wat een partij met deze groepen leest, in gewone woorden en vaste volgorde."""
    gekozen = frozenset(groepen)
    return tuple(tekst for groep, tekst in GROEPEN.items() if groep in gekozen)


def leest_niet(groepen: Iterable[str]) -> tuple[str, ...]:
    """Wat een partij met deze groepen niet leest; het gevoeligste eerst, zonder wat nooit gedeeld wordt."""
    gekozen = frozenset(groepen) | {"toezicht", "toestemmingen"}
    volgorde = (*GEVOELIG, *(groep for groep in GROEPEN if groep not in GEVOELIG))
    return tuple(GROEPEN[groep] for groep in volgorde if groep not in gekozen)


def zin(groepen: Iterable[str], wie: str) -> str:
    """Eén zin over wat deze partij leest, bijvoorbeeld voor de toestemmingspagina."""
    delen = leest(groepen)
    if not delen:
        return f"{wie} leest niets."
    som = delen[0] if len(delen) == 1 else f"{', '.join(delen[:-1])} en {delen[-1]}"
    return f"{wie} leest: {som}."


def als_dag(moment: date | datetime) -> date:
    """De dag, hier."""
    return moment.astimezone(HIER).date() if isinstance(moment, datetime) else moment


def _begonnen(van: date | datetime, nu: datetime) -> bool:
    return van <= nu if isinstance(van, datetime) else van <= nu.astimezone(HIER).date()


def _nog_niet_voorbij(tot: date | datetime, nu: datetime) -> bool:
    return nu <= tot if isinstance(tot, datetime) else nu.astimezone(HIER).date() <= tot
