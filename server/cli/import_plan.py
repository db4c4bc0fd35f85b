"""Wat een import wordt: welke resources meegaan, onder welk id, en wat niet en waarom. Zuiver; schrijft niets.

ontwerp.md deel 3 (import mag loshangende verwijzingen hebben, en zegt het). De inhoud blijft zoals zij kwam, op id,
meta, verwijzingen naar een veranderd id en de versie van een vragenlijst na (besluit 0049). Toegang komt nooit met een
bestand mee: een toestemming of lopende taak uit een ander systeem geeft hier niemand zicht.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from paspoort.aanvraag import GESLOTEN
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed, referenties, vervang
from paspoort.fhir.validatie import Validator
from paspoort.fhir.vragenlijst import met_versie
from paspoort.fouten import Melding
from server.fhir.inhoud import controleer_inhoud
from server.registry import TYPES

# Typen die niet uit een bestand komen, en waarom.
NOOIT: Final = {
    "Consent": "een toestemming geeft de houder zelf, hier",
    "AuditEvent": "het log schrijft alleen de server",
    "Subscription": "een abonnement zet een app zelf",
}


@dataclass(frozen=True, slots=True)
class Gelezen:
    """Eén resource uit een bestand; `adres` is de fullUrl van de Bundle-regel."""

    bron: str
    inhoud: Json
    adres: str | None = None

    @property
    def naam(self) -> str:
        """`Type/id` zoals het in het bestand staat."""
        return f"{self.inhoud.get('resourceType', '?')}/{self.inhoud.get('id', '?')}"


@dataclass(frozen=True, slots=True)
class Gekozen:
    """Een resource die meegaat, met haar id hier; `register` als zij niet in het paspoort hoort."""

    gelezen: Gelezen
    id: str
    inhoud: Json
    register: bool
    waarschuwingen: tuple[Melding, ...]
    loshangend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Geweigerd:
    """Een resource die niet meegaat."""

    gelezen: Gelezen
    reden: str


@dataclass(slots=True)
class Plan:
    """De uitkomst. `patient` is None als er geen paspoort van te maken is; dan staat de reden bij `geweigerd`.

    `bekend` staat al in het register en blijft daar zoals het is.
    """

    patient: str | None = None
    gekozen: list[Gekozen] = field(default_factory=list)
    geweigerd: list[Geweigerd] = field(default_factory=list)
    bekend: list[Gelezen] = field(default_factory=list)
    bsn_bestaat: bool = False


def resources_van(bron: str, inhoud: Json) -> Iterable[Gelezen]:
    """De resources in een bestand: één, of alle regels van een Bundle (ook genest)."""
    if inhoud.get("resourceType") != "Bundle":
        yield Gelezen(bron, inhoud)
        return
    for nummer, regel in enumerate(inhoud.get("entry") or []):
        binnen = regel.get("resource") if isinstance(regel, dict) else None
        if isinstance(binnen, dict):
            for g in resources_van(f"{bron}#{nummer + 1}", binnen):
                yield g if g.adres else Gelezen(g.bron, g.inhoud, regel.get("fullUrl"))


def maak_plan(
    gelezen: Iterable[Gelezen], validator: Validator, bezet: Callable[[str, str], bool],
    in_register: Callable[[str, str], bool],
) -> Plan:  # fmt: skip
    """Kies wat meegaat. `bezet(type, id)`: dat id is hier al in gebruik; `in_register`: het register heeft het al."""
    plan = Plan()
    goed: list[tuple[Gelezen, tuple[Melding, ...]]] = []
    gehad: set[str] = set()
    for g in gelezen:
        reden, waarschuwingen = _keur(g, validator, gehad)
        gehad.add(g.naam)
        if reden:
            plan.geweigerd.append(Geweigerd(g, reden))
        else:
            goed.append((g, waarschuwingen))
    patienten = [g for g, _ in goed if g.inhoud["resourceType"] == "Patient"]
    if len(patienten) != 1:
        reden = "er zit geen Patient bij" if not patienten else "er zit meer dan één Patient bij"
        plan.geweigerd += [Geweigerd(g, reden) for g, _ in goed]
        return plan
    hier = _op_plek(goed, _namen(patienten[0]), plan)
    ids = {id(g): _nieuw_id(g, bezet) for g, _ in hier}
    plan.patient = ids[id(patienten[0])]
    wordt = {naam: f"{g.inhoud['resourceType']}/{ids[id(g)]}" for g, _ in hier for naam in _namen(g)}
    aanwezig = set(wordt.values())
    for g, waarschuwingen in hier:
        register = _is_register(g.inhoud["resourceType"])
        if register and in_register(g.inhoud["resourceType"], str(g.inhoud.get("id"))):
            plan.bekend.append(g)
            continue
        inhoud = met_versie(vervang(g.inhoud, lambda v: wordt.get(v, v))) | {"id": ids[id(g)]}
        los = tuple(v for _, v in referenties(inhoud) if _hangt_los(v, aanwezig, in_register))
        plan.gekozen.append(Gekozen(g, ids[id(g)], inhoud, register, waarschuwingen, los))
    return plan


def _keur(g: Gelezen, validator: Validator, gehad: set[str]) -> tuple[str | None, tuple[Melding, ...]]:
    """De reden om deze resource te laten liggen, of None met haar waarschuwingen."""
    type_ = g.inhoud.get("resourceType")
    if not isinstance(type_, str) or type_ not in TYPES:
        return f"{type_ or 'dit'} hoort niet in een paspoort", ()
    if type_ in NOOIT:
        return NOOIT[type_], ()
    if "id" in g.inhoud and g.naam in gehad:
        return "komt twee keer voor; alleen de eerste gaat mee", ()
    meldingen = controleer_inhoud(validator, type_, g.inhoud, type_)
    fouten = [f"{m.plek or type_}: {m.tekst()}" for m in meldingen if m.ernst == "error"]
    if fouten:
        return "; ".join(fouten), ()
    if type_ == "Task" and g.inhoud.get("status") not in GESLOTEN:
        return "een taak die nog loopt, hoort bij de plek waar hij loopt", ()
    return None, tuple(meldingen)


def _op_plek(
    goed: list[tuple[Gelezen, tuple[Melding, ...]]], patient: set[str], plan: Plan
) -> list[tuple[Gelezen, tuple[Melding, ...]]]:
    """Wat over deze Patient gaat of in het register hoort; de rest is van een ander paspoort."""
    uit = []
    for g, waarschuwingen in goed:
        binding = TYPES[g.inhoud["resourceType"]].binding
        verwijst: Any = g.inhoud.get(binding.element) if binding.element else None
        wie = verwijst.get("reference") if isinstance(verwijst, dict) else None
        if wie is not None and wie not in patient:
            plan.geweigerd.append(Geweigerd(g, f"gaat over een ander: {wie}"))
        elif wie is None and binding.element and binding.verplicht:
            plan.geweigerd.append(Geweigerd(g, f"{binding.element} ontbreekt: van wie dit is, staat er niet"))
        else:
            uit.append((g, waarschuwingen))
    return uit


def _namen(g: Gelezen) -> set[str]:
    """Hoe anderen in de bestanden naar deze resource verwijzen."""
    return {g.naam} | ({g.adres} if g.adres else set())


def _nieuw_id(g: Gelezen, bezet: Callable[[str, str], bool]) -> str:
    eigen = g.inhoud.get("id")
    if isinstance(eigen, str) and (
        _is_register(g.inhoud["resourceType"]) or not bezet(g.inhoud["resourceType"], eigen)
    ):
        return eigen
    return str(uuid4())


def _is_register(type_: str) -> bool:
    return TYPES[type_].binding.soort == "register"


def _hangt_los(verwijzing: str, aanwezig: set[str], in_register: Callable[[str, str], bool]) -> bool:
    delen = ontleed(verwijzing)
    if delen is None:
        return not verwijzing.startswith("#")
    if "://" in verwijzing:
        return True
    plek = f"{delen[0]}/{delen[1]}"
    return plek not in aanwezig and not (delen[0] in TYPES and _is_register(delen[0]) and in_register(*delen[:2]))
