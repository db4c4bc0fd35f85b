"""Waarom iemand iets mag zien: de drie gronden van toegang.md §1, en wat elke grond omvat.

Rekent alleen uit welke gronden nu gelden en hoe ver zij reiken; snoeien doet `zicht.py`. Het doel komt uit de
toestemming of de opdracht, nooit uit de vraag. Wat uit de momentopname alleen volgt, wordt daar onthouden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.gegevensgroep import codings
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import TAAKSOORT, extension
from paspoort.fhir.toestemming import uit_fhir
from paspoort.toegang import ALLE_GROEPEN, DOELEN, groepen_van_doel, leesbaar
from paspoort.toestemming import HIER, Toestemming
from server.access.actor import Actor
from server.access.afstemmen import AFSTEMMING, af_te_stemmen
from server.access.toewijzing import is_toegewezen, is_toegewezen_bij, lopende_aanleiding
from server.access.vertegenwoordiging import bereik, houder_mag_kijken, houder_van
from server.store.register import Register
from server.store.versions import Momentopname, Versie

# Een Task die nog loopt. `draft` is nog niet verstuurd; wat gesloten is, geeft geen zicht meer.
OPEN_TAAK: Final = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})

# Wat bij de groep hulpmiddelen zelf een hulpmiddel, gebruik of foto is.
HULPMIDDEL: Final = ("Device/", "DeviceUseStatement/", "DocumentReference/")
# Gronden die alles laten zien, ongewijzigd.
GEHEEL: Final = frozenset({"eigen", "afschrift", "proef", "dienst"})
HOUDERS: Final = frozenset({"houder", "vertegenwoordiger"})
PARTIJEN: Final = frozenset({"therapeut", "verstrekker", "leverancier"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Grond:
    """Eén geldende grond. `verwijzing` is de Consent of Task waar hij uit volgt.

    `alleen`: reikt niet verder dan deze `Type/id`. `hulpmiddelen`: de groep hulpmiddelen geldt alleen voor deze.
    `eigen_sinds`: reikt ook naar wat de partij zelf schreef sinds dat moment (een levering in stappen).
    `alleen_taak`: groepen van de Task zelf die zij niet geeft van waar de Task naar wijst.
    """

    soort: str  # eigen | mandaat | toestemming | opdracht | afschrift | proef | dienst
    verwijzing: str | None
    doel: str | None
    groepen: frozenset[str]
    tot: str | None = None
    alleen: frozenset[str] | None = None
    uitgezonderd: frozenset[str] = frozenset()
    hulpmiddelen: frozenset[str] | None = None
    eigen_sinds: str | None = None
    alleen_taak: frozenset[str] = frozenset()
    aanleiding: str | None = None  # het bericht waarmee een collega deze grond van zijn organisatie opende

    @property
    def geheel(self) -> bool:
        """Of deze grond alles laat zien, ongewijzigd."""
        alles = self.soort == "mandaat" and self.groepen == ALLE_GROEPEN and not self.uitgezonderd
        return alles or self.soort in GEHEEL

    def groepen_voor(self, versie: Versie, zelf_geschreven: bool) -> frozenset[str]:
        """De groepen die deze grond bij deze resource geeft; leeg als hij er niet bij kan."""
        plek = f"{versie.type}/{versie.id}"
        if plek in self.uitgezonderd:
            return frozenset()
        vers = zelf_geschreven and self.eigen_sinds is not None and versie.moment >= self.eigen_sinds
        if self.alleen is not None and plek not in self.alleen and not vers:
            return frozenset()
        groepen = self.groepen if plek == self.verwijzing or zelf_geschreven else self.groepen - self.alleen_taak
        elk = self.hulpmiddelen is None or versie.type == "Task" or plek in self.hulpmiddelen or zelf_geschreven
        return groepen if elk else groepen - {"hulpmiddelen"}

    def kern(self) -> tuple[object, ...]:
        """Alles wat de grond bepaalt, in vaste volgorde, voor de vingerafdruk."""
        verzamelingen = (self.alleen, self.uitgezonderd, self.hulpmiddelen)
        return (
            self.soort, self.verwijzing, self.doel, self.eigen_sinds, self.aanleiding, sorted(self.groepen),
            *(None if v is None else sorted(v) for v in verzamelingen),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taak:
    """Wat het zicht van een Task moet weten."""

    plek: str
    open: bool
    klaar: bool
    eigenaar: str
    aanvrager: str
    soort: str | None
    doel: str | None
    gemaakt: str | None
    wijst_naar: frozenset[str]


def bepaal_gronden(
    actor: Actor, m: Momentopname, register: Register, nu: datetime, met_reden: str | None = None
) -> tuple[Grond, ...]:
    """De gronden die deze vrager op dit moment in deze partitie heeft; leeg = hij ziet niets.

    `met_reden`: alsof deze aanleiding er was (`meekijken.te_openen`); anders telt wat er in het paspoort ligt.
    """
    if actor.soort == "dienst":
        return (Grond("dienst", None, None, ALLE_GROEPEN),)
    if register.is_stil(actor.client_id, actor.functie):
        return ()
    if actor.rol == "proef":
        gemaakt = actor.client_id is not None and m.testdata_van == actor.client_id
        return (Grond("proef", None, None, ALLE_GROEPEN),) if gemaakt else ()
    if m.soort == "organisatie":
        huis = f"Organization/{actor.organisatie}"
        eigen = actor.rol in PARTIJEN and m.partitie == f"org-{actor.organisatie}" and _werkt(actor, register)
        # Afschriften gaan over elk werk: een mens leest ze als zijn team alles oppakt, of als er geen teams zijn.
        eigen = eigen and is_toegewezen(actor, huis, None, register)
        return (Grond("afschrift", huis, None, ALLE_GROEPEN),) if eigen else ()
    if m.soort != "paspoort" or (actor.patient is not None and actor.patient != m.partitie):
        return ()
    if actor.rol in HOUDERS:
        eigen = actor.soort == "persoon" and actor.patient == m.partitie
        return _van_houder(actor, m, nu) if eigen else ()
    if actor.rol not in PARTIJEN or not _werkt(actor, register):
        return ()
    met_reden = met_reden or lopende_aanleiding(actor, m, nu)
    if houder_van(m).overleden:  # niemand kan haar nog intrekken; wat loopt, gaat door met wat het nodig heeft
        return tuple(_opdrachten(actor, m, register, nu, met_reden))
    return (*_toestemmingen(actor, m, register, nu, met_reden), *_opdrachten(actor, m, register, nu, met_reden))


def noemt(actor: Actor, verwijzing: str, register: Register, nu: datetime, taken: Iterable[str | None] = ()) -> bool:
    """Of de verwijzing deze vrager noemt: zijn functie, zijn organisatie of een team ervan, of wie haar mandaat gaf.

    Wie binnen de organisatie is toegewezen, zegt `toewijzing.py`.
    """
    if actor.functie is not None and verwijzing == f"PractitionerRole/{actor.functie}":
        return True
    if actor.organisatie is None or not verwijzing.startswith("Organization/"):
        return False
    organisatie = verwijzing.removeprefix("Organization/")
    if register.organisatie_van(verwijzing) == actor.organisatie:
        return True
    dag = nu.astimezone(HIER).date()
    return _actief(organisatie, register) and any(
        m.van == organisatie and m.aan == actor.organisatie and m.geldt(dag) and m.taak in {*taken, "*"}
        for m in register.mandaten
    )


def is_van_organisatie(actor: Actor, taak: Taak, register: Register, nu: datetime) -> bool:
    """Of de Task van de organisatie van deze vrager is, van een team of een mens ervan, of van wie haar mandaat gaf."""
    if noemt(actor, taak.eigenaar, register, nu, (taak.doel, taak.soort)):
        return True
    return actor.organisatie is not None and register.organisatie_van(taak.eigenaar) == actor.organisatie


def is_eigenaar(actor: Actor, taak: Taak, register: Register, nu: datetime) -> bool:
    """Of de Task bij deze vrager ligt; een app handelt voor heel haar organisatie, een mens is toegewezen."""
    return is_van_organisatie(actor, taak, register, nu) and is_toegewezen(actor, taak.eigenaar, taak.doel, register)


def taken(m: Momentopname) -> tuple[Taak, ...]:
    """Alle Tasks van het paspoort, één keer ontleed."""
    return onthoud(m, "taken", lambda: tuple(taak_uit(v.inhoud, f"Task/{v.id}") for v in m.van_type("Task")))


def taak_uit(inhoud: Json, plek: str = "") -> Taak:
    """Eén Task ontleed; `wijst_naar` is één stap ver."""
    doel = next((e.get("valueCode") for e in _ext(inhoud, "doel")), None)
    delen = [inhoud.get("focus"), inhoud.get("for"), *_dicts(inhoud.get("basedOn"))]
    for regel in (*_dicts(inhoud.get("input")), *_dicts(inhoud.get("output"))):
        delen.append(regel.get("valueReference"))
    return Taak(
        plek=plek,
        open=inhoud.get("status") in OPEN_TAAK,
        klaar=inhoud.get("status") == "completed",
        eigenaar=plek_van(inhoud.get("owner")) or "",
        aanvrager=plek_van(inhoud.get("requester")) or "",
        soort=next((str(c.get("code")) for c in codings(inhoud.get("code")) if c.get("system") == TAAKSOORT), None),
        doel=doel if isinstance(doel, str) else None,
        gemaakt=inhoud.get("authoredOn") if isinstance(inhoud.get("authoredOn"), str) else None,
        wijst_naar=frozenset(p for d in delen if (p := plek_van(d))),
    )


def plek_van(verwijzing: Any) -> str | None:
    """`Type/id` van een Reference binnen dit paspoort of het register, zonder versie; anders None."""
    tekst = verwijzing.get("reference") if isinstance(verwijzing, dict) else None
    delen = ontleed(tekst) if isinstance(tekst, str) and ":" not in tekst else None
    return f"{delen[0]}/{delen[1]}" if delen else None


def onthoud(m: Momentopname, naam: object, maak: Callable[[], T]) -> T:
    """Een zuivere afleiding van de momentopname, één keer gemaakt."""
    if naam not in m.afgeleid:
        m.afgeleid[naam] = maak()
    return cast(T, m.afgeleid[naam])


def betrokken(m: Momentopname, begin: frozenset[str]) -> frozenset[str]:
    """De hulpmiddelen waar het om gaat: de genoemde, hun gebruik en opvolger, toebehoren en foto's."""
    return onthoud(m, ("betrokken", begin), lambda: _betrokken(m, begin))


def _van_houder(actor: Actor, m: Momentopname, nu: datetime) -> tuple[Grond, ...]:
    """De houder ziet alles, een vertegenwoordiger wat het mandaat vandaag zegt (§7)."""
    if actor.rol == "houder":
        return (Grond("eigen", None, None, ALLE_GROEPEN),) if houder_mag_kijken(m, nu) else ()
    b = bereik(actor, m, nu)
    if b is None:
        return ()
    tot = b.tot.isoformat() if b.tot else None
    return (Grond("mandaat", b.plek, None, b.groepen, tot, uitgezonderd=b.afgeschermd),)


def _toestemmingen(
    actor: Actor, m: Momentopname, register: Register, nu: datetime, met_reden: str | None
) -> Iterable[Grond]:
    for versie_id, t in onthoud(m, "toestemmingen", lambda: _ontleed_toestemmingen(m)):
        genoemd = [aan for aan in t.aan if noemt(actor, aan, register, nu, (t.doel,))] if t.geldt(nu) else []
        zelf = any(is_toegewezen_bij(actor, aan, t.doel, taken(m), register) for aan in genoemd)
        if not genoemd or not (zelf or met_reden):
            continue
        doel = DOELEN.get(t.doel or "")
        beperkt = bool(t.betreft) or (doel is not None and doel.betreft)
        yield Grond(
            soort="toestemming",
            verwijzing=f"Consent/{versie_id}",
            doel=t.doel,
            groepen=t.groepen & leesbaar(actor.rol),
            tot=t.tot.isoformat() if t.tot else None,
            alleen=af_te_stemmen(m, t.betreft, t.alleen) if t.doel == AFSTEMMING else t.alleen,
            uitgezonderd=t.uitzonderingen,
            # Zonder genoemd hulpmiddel gaat een levering of reparatie over geen enkel hulpmiddel.
            hulpmiddelen=betrokken(m, t.betreft) if beperkt else None,
            aanleiding=None if zelf else met_reden,
        )


def _opdrachten(
    actor: Actor, m: Momentopname, register: Register, nu: datetime, met_reden: str | None
) -> Iterable[Grond]:
    for taak in taken(m):
        if not taak.open or not is_van_organisatie(actor, taak, register, nu):
            continue
        zelf = is_toegewezen(actor, taak.eigenaar, taak.doel, register)
        if not (zelf or met_reden):
            continue
        bereik = {taak.plek, *taak.wijst_naar}
        for plek in taak.wijst_naar:
            if plek.startswith("DeviceUseStatement/") and (gebruik := _levend(m, plek)) is not None:
                bereik |= {p for p in [plek_van(gebruik.inhoud.get("device"))] if p}
        if taak.doel == AFSTEMMING:  # §4: alleen het concept; wat definitief is, opent deze Task niet
            bereik = {taak.plek} | (bereik & af_te_stemmen(m, frozenset(), None))
        van_doel = groepen_van_doel(taak.doel, actor.rol)
        doel = DOELEN.get(taak.doel or "")
        yield Grond(
            soort="opdracht",
            verwijzing=taak.plek,
            doel=taak.doel,
            groepen=(van_doel | {"voortgang"}) & leesbaar(actor.rol),
            alleen_taak=frozenset({"voortgang"}) - van_doel,
            alleen=frozenset(bereik),
            # Een opsomming van alle hulpmiddelen (in een advies) gaat niet alleen over dit ene.
            hulpmiddelen=frozenset(p for p in bereik if p.startswith(HULPMIDDEL)) if doel and doel.betreft else None,
            eigen_sinds=_instant(taak.gemaakt),
            aanleiding=None if zelf else met_reden,
        )


def _ontleed_toestemmingen(m: Momentopname) -> tuple[tuple[str, Toestemming], ...]:
    alle = ((v.id, uit_fhir(v.inhoud)) for v in m.van_type("Consent"))
    return tuple((id_, t) for id_, t in alle if t.patient == f"Patient/{m.partitie}")


def _betrokken(m: Momentopname, begin: frozenset[str]) -> frozenset[str]:
    gevonden = set(begin)
    for plek in begin:
        if plek.startswith("Task/") and (taak := next((t for t in taken(m) if t.plek == plek), None)):
            gevonden |= taak.wijst_naar
    gevonden = {p for p in gevonden if p.startswith(("Device/", "DeviceUseStatement/"))}
    gebruiken = [(f"DeviceUseStatement/{v.id}", v.inhoud) for v in m.van_type("DeviceUseStatement")]
    hoofd = [(f"Device/{v.id}", plek_van(v.inhoud.get("parent"))) for v in m.van_type("Device")]
    vorige: set[str] = set()
    while vorige != gevonden:
        vorige = set(gevonden)
        for plek, gebruik in gebruiken:
            apparaat = plek_van(gebruik.get("device"))
            vervangt = {plek_van(e.get("valueReference")) for e in _ext(gebruik, "vervangt")}
            if plek in gevonden or apparaat in gevonden or vervangt & gevonden:
                gevonden |= {plek, *([apparaat] if apparaat else [])}
        gevonden |= {plek for plek, ouder in hoofd if ouder in gevonden}
    for v in m.van_type("DocumentReference"):
        context = v.inhoud.get("context")
        related = context.get("related") if isinstance(context, dict) else None
        if any(plek_van(r) in gevonden for r in _dicts(related)):
            gevonden.add(f"DocumentReference/{v.id}")
    return frozenset(gevonden)


def _werkt(actor: Actor, register: Register) -> bool:
    """Of de organisatie en, bij een persoon, de functie nu in het register meedoen."""
    if actor.organisatie is None or not _actief(actor.organisatie, register):
        return False
    if actor.functie is None:
        return True
    functie = register.get("PractitionerRole", actor.functie)
    if functie is None or functie.verwijderd or functie.inhoud.get("active") is False:
        return False
    return register.organisatie_van(f"PractitionerRole/{actor.functie}") == actor.organisatie


def _actief(organisatie: str, register: Register) -> bool:
    versie = register.get("Organization", organisatie)
    return (
        versie is not None
        and not versie.verwijderd
        and versie.inhoud.get("active") is not False
        and organisatie not in register.geschorst
    )


def _levend(m: Momentopname, plek: str) -> Versie | None:
    type_, _, id_ = plek.partition("/")
    versie = m.get(type_, id_)
    return versie if versie is not None and not versie.verwijderd else None


def _instant(tekst: str | None) -> str | None:
    """Een dateTime als instant in UTC, zodat hij als tekst te vergelijken is met `Versie.moment`."""
    try:
        moment = datetime.fromisoformat(tekst or "")
    except ValueError:
        return None
    utc = moment.replace(tzinfo=moment.tzinfo or HIER).astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ext(inhoud: Json, id: str) -> list[Json]:
    return [e for e in _dicts(inhoud.get("extension")) if e.get("url") == extension(id)]


def _dicts(waarde: object) -> list[Json]:
    return [x for x in waarde if isinstance(x, dict)] if isinstance(waarde, list) else []
