"""Een vraag om een hulpmiddel en wat ermee gebeurt: verzoek, behandeling, opdracht, en de negen stappen van de weg.

DeviceRequest met `intent=proposal` en Task (docs/fhir-afbeelding.md). Het besluit zelf staat in
`paspoort/beschikking.py`; welke route past, zegt `paspoort/herhaaltoets/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from paspoort.fouten import Melding, PaspoortFout
from paspoort.gegeven import Gegeven, Hoeveelheid, Periode


class Wijziging(StrEnum):
    """Soort verzoek: drie, nooit twee (C1)."""

    ONGEWIJZIGD = "ongewijzigd"
    VERANDERD = "veranderd"
    NIEUW = "nieuw"


class Verandering(StrEnum):
    """Wat er veranderd is, bij een veranderde behoefte met dezelfde zorgvraag."""

    MAAT = "maat"
    GEZONDHEID = "gezondheid"
    WONING = "woning"
    GEBRUIK = "gebruik"
    HULP = "hulp"


class Fase(StrEnum):
    """Waar een taak is (`Task.businessStatus`, codestelsel `taakstatus`)."""

    INGEDIEND = "ingediend"
    IN_ONDERZOEK = "in-onderzoek"
    WACHT_OP_HOUDER = "wacht-op-houder"
    DOORGEZET = "doorgezet"
    TOEGEKEND = "toegekend"
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken"
    ONTVANGEN = "ontvangen"
    CONTACT_GELEGD = "contact-gelegd"
    PASSING_GEPLAND = "passing-gepland"
    GEPAST = "gepast"
    BESTELD = "besteld"
    LEVERING_GEPLAND = "levering-gepland"
    GELEVERD = "geleverd"
    GEMELD = "gemeld"
    GEREPAREERD = "gerepareerd"


class Uitkomst(StrEnum):
    """Hoe een behandeling eindigde."""

    DOORGEZET = "doorgezet"
    TOEGEKEND = "toegekend"
    GEWIJZIGD = "gewijzigd"
    VERLENGD = "verlengd"
    BEDRAG = "bedrag"
    AFGEWEZEN = "afgewezen"


class Opdrachtsoort(StrEnum):
    """Wat de leverancier moet doen."""

    VERVANGING = "vervanging"
    NIEUW = "nieuw"
    AANPASSING = "aanpassing"
    REPARATIE = "reparatie"


class Partij(StrEnum):
    """Wie er aan de beurt kan zijn."""

    HOUDER = "houder"
    VERSTREKKER = "verstrekker"
    LEVERANCIER = "leverancier"
    THERAPEUT = "therapeut"


_AFSLUITING = (Fase.DOORGEZET, Fase.TOEGEKEND, Fase.AFGEWEZEN, Fase.INGETROKKEN)
_LEVERWEG = (
    Fase.ONTVANGEN,
    Fase.CONTACT_GELEGD,
    Fase.PASSING_GEPLAND,
    Fase.GEPAST,
    Fase.BESTELD,
    Fase.LEVERING_GEPLAND,
    Fase.GELEVERD,
)

# Van elke fase naar welke andere: een stap mag worden overgeslagen, nooit teruggezet. Wat er niet staat, kan niet.
OVERGANGEN: dict[Fase, frozenset[Fase]] = {
    Fase.INGEDIEND: frozenset({Fase.IN_ONDERZOEK, Fase.WACHT_OP_HOUDER, *_AFSLUITING}),
    Fase.IN_ONDERZOEK: frozenset({Fase.WACHT_OP_HOUDER, *_AFSLUITING}),
    Fase.WACHT_OP_HOUDER: frozenset({Fase.IN_ONDERZOEK, *_AFSLUITING}),
    **{fase: frozenset() for fase in _AFSLUITING},
    **{fase: frozenset(_LEVERWEG[i + 1 :]) for i, fase in enumerate(_LEVERWEG)},
    Fase.GEMELD: frozenset({Fase.GEREPAREERD}),
    Fase.GEREPAREERD: frozenset(),
}

# De FHIR-status (`Task.status`) die bij een fase hoort.
TAAKSTATUS: dict[Fase, str] = {
    Fase.INGEDIEND: "requested",
    Fase.IN_ONDERZOEK: "in-progress",
    Fase.WACHT_OP_HOUDER: "on-hold",
    Fase.DOORGEZET: "completed",
    Fase.TOEGEKEND: "completed",
    Fase.AFGEWEZEN: "completed",
    Fase.INGETROKKEN: "cancelled",
    Fase.ONTVANGEN: "requested",
    Fase.CONTACT_GELEGD: "in-progress",
    Fase.PASSING_GEPLAND: "in-progress",
    Fase.GEPAST: "in-progress",
    Fase.BESTELD: "in-progress",
    Fase.LEVERING_GEPLAND: "in-progress",
    Fase.GELEVERD: "completed",
    Fase.GEMELD: "requested",
    Fase.GEREPAREERD: "completed",
}
GESLOTEN = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzoek(Gegeven):
    """Wat de houder vraagt. `betreft` is het gebruik dat vervangen of aangepast wordt."""

    TYPE: ClassVar[str] = "DeviceRequest"

    status: str = "active"
    categorie: str | None = None
    omschrijving: str | None = None
    ingediend_op: date | None = None
    aanvrager: str | None = None
    wijziging: Wijziging | None = None
    veranderingen: tuple[Verandering, ...] = ()
    betreft: str | None = None
    hoeveelheid: Hoeveelheid | None = None
    onderbouwing_afwijking: str | None = None
    afroep: str | None = None
    aanpassing: bool | None = None
    formulieren: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taak(Gegeven):
    """Wat een behandeling en een opdracht gemeen hebben."""

    TYPE: ClassVar[str] = "Task"

    status: str = "requested"
    fase: Fase | None = None
    eigenaar: str | None = None
    opdrachtgever: str | None = None
    gemaakt_op: datetime | None = None
    gewijzigd_op: datetime | None = None
    uiterlijk: date | None = None
    doel: str | None = None

    @property
    def open(self) -> bool:
        """Of er nog iemand aan de beurt is; bepaalt de grond `lopende opdracht` (toegang.md §1)."""
        return self.status not in GESLOTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Behandeling(Taak):
    """Het behandelen van een verzoek door een verstrekker; melding en aanvraag zijn de twee momenten van de Wmo."""

    verzoek: str | None = None
    meldingsdatum: date | None = None
    aanvraagdatum: date | None = None
    opnamedatum: date | None = None
    ontslagdatum: date | None = None
    spoed: bool | None = None
    pgb_besproken_op: date | None = None
    uitkomst: Uitkomst | None = None
    brief: str | None = None
    besluit: str | None = None
    opdracht: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht(Taak):
    """Wat een leverancier moet leveren, en hoe ver die is."""

    soort: Opdrachtsoort | None = None
    categorie: str | None = None
    hulpmiddel: str | None = None
    gebruik: str | None = None
    eisen: str | None = None
    maten: tuple[str, ...] = ()
    looptijd: Periode | None = None
    besluit: str | None = None
    verwachte_datum: date | None = None
    reden_uitstel: str | None = None
    passing_resultaat: str | None = None
    nieuw_hulpmiddel: str | None = None
    nieuw_gebruik: str | None = None


def controleer_overgang(van: Fase | None, naar: Fase, plek: str = "Task.businessStatus") -> None:
    """Werpt `PaspoortFout("fase-kan-niet")` als de stap niet in `OVERGANGEN` staat; gelijk blijven mag altijd."""
    if van is None or van is naar or naar in OVERGANGEN[van]:
        return
    raise PaspoortFout(Melding("fase-kan-niet", plek, {"van": van.value, "naar": naar.value}))


# --- de negen stappen (Wegwijzer; richting F10: altijd zichtbaar wie aan de beurt is)

STAPPEN: tuple[tuple[str, str], ...] = (
    ("probleem", "Probleem"),
    ("vraag", "Vraag"),
    ("plan", "Plan"),
    ("oplossing", "Oplossing"),
    ("eisen", "Eisen"),
    ("kiezen", "Kiezen en passen"),
    ("levering", "Levering"),
    ("gebruik", "Gebruik"),
    ("terugkijken", "Terugkijken"),
)
_STAP_VAN_FASE: dict[Fase, int] = {
    Fase.ONTVANGEN: 6,
    Fase.CONTACT_GELEGD: 6,
    Fase.PASSING_GEPLAND: 6,
    Fase.GEPAST: 6,
    Fase.BESTELD: 7,
    Fase.LEVERING_GEPLAND: 7,
    Fase.GELEVERD: 8,
}


class Stand(StrEnum):
    """Hoe een stap ervoor staat; `bekend` betekent: overgeslagen omdat het paspoort het al wist."""

    BEKEND = "bekend"
    GEDAAN = "gedaan"
    NU = "nu"
    KOMT = "komt"


@dataclass(frozen=True, slots=True)
class Stap:
    """Eén stap op de weg."""

    nummer: int
    code: str
    naam: str
    stand: Stand


@dataclass(frozen=True, slots=True)
class Weg:
    """De negen stappen, waar het verzoek nu is, en wie er aan de beurt is (`None` als het klaar of gestopt is)."""

    stappen: tuple[Stap, ...]
    nu: int
    beurt: Partij | None


def weg(
    verzoek: Verzoek,
    behandeling: Behandeling | None,
    opdracht: Opdracht | None = None,
    *,
    plan: bool = False,
    eisen: bool = False,
    teruggekeken: bool = False,
) -> Weg:
    """Waar een verzoek is. `plan` en `eisen`: of het paspoort die al heeft; een ongewijzigd verzoek slaat ze over."""
    ongewijzigd = verzoek.wijziging is Wijziging.ONGEWIJZIGD
    nu = _stap_nu(opdracht, plan=plan or ongewijzigd, eisen=eisen or ongewijzigd, teruggekeken=teruggekeken)
    stappen = tuple(
        Stap(n, code, naam, _stand(n, nu, ongewijzigd=ongewijzigd)) for n, (code, naam) in enumerate(STAPPEN, start=1)
    )
    return Weg(stappen, nu, _beurt(behandeling, opdracht, teruggekeken=teruggekeken))


def _stap_nu(opdracht: Opdracht | None, *, plan: bool, eisen: bool, teruggekeken: bool) -> int:
    if opdracht is not None and opdracht.fase in _STAP_VAN_FASE:
        stap = _STAP_VAN_FASE[opdracht.fase]
        return 9 if stap == 8 and teruggekeken else stap
    if eisen:
        return 6
    return 4 if plan else 3


def _stand(nummer: int, nu: int, *, ongewijzigd: bool) -> Stand:
    if nummer == nu:
        return Stand.NU
    if nummer > nu:
        return Stand.KOMT
    return Stand.BEKEND if ongewijzigd and nummer <= 5 else Stand.GEDAAN


def _beurt(behandeling: Behandeling | None, opdracht: Opdracht | None, *, teruggekeken: bool) -> Partij | None:
    if opdracht is not None and opdracht.open:
        return Partij.LEVERANCIER
    if opdracht is not None and opdracht.fase is Fase.GELEVERD:
        return None if teruggekeken else Partij.HOUDER
    if behandeling is None:
        return Partij.HOUDER
    if not behandeling.open:
        return None
    return Partij.HOUDER if behandeling.fase is Fase.WACHT_OP_HOUDER else Partij.VERSTREKKER
