"""Zo ziet een ander het: wat een partij ziet, of zou zien, uitgerekend met hetzelfde zicht als bij echt lezen.

Voor de houder, voor en na haar ja. Geeft niemand toegang: niets wordt geschreven, en er is geen vrager. Kent de houder
de partij al, dan is het haar hele zicht, met alles wat zij daarnaast al mocht; anders alleen wat deze toestemming
laat zien. Bron: toegang.md §1 en §4, beeld `03-delen` (*Zo ziet Nienke het*).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, cast

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.gegevensgroep import codings
from paspoort.fhir.organisatie import ROL_VAN_SOORT
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.toestemming import naar_fhir
from paspoort.toegang import DOELEN
from paspoort.toegang.rollen import leesbaar
from paspoort.toestemming import Toestemming
from server.access.actor import Actor, Rol
from server.access.gronden import PARTIJEN, Grond, betrokken
from server.access.zicht import Getoond, Zicht, bepaal_zicht
from server.store.register import Register
from server.store.versions import Momentopname, Versie, Wijziging, nieuwe_versies

VOORBEELD: Final = "voorbeeld"


def partij(aan: str, register: Register) -> Actor | None:
    """Wie er achter `Organization/id` of `PractitionerRole/id` zit, als vrager; None als het register haar niet kent.

    Een organisatie kijkt als geheel (zoals haar app), een functie als die ene mens.
    """
    type_, _, id_ = aan.partition("/")
    organisatie = register.organisatie_van(aan)
    if organisatie is None or type_ not in ("Organization", "PractitionerRole"):
        return None
    versie = register.get(type_, id_)
    if versie is None or versie.verwijderd:
        return None
    if type_ == "Organization":
        rol = rol_van_organisatie(organisatie, register)
        return None if rol is None else Actor("app", rol, VOORBEELD, organisatie=organisatie, scopes=None)
    rollen = [c.get("code") for code in versie.inhoud.get("code") or () for c in codings(code)]
    eigen = next((r for r in rollen if r in PARTIJEN), None) or rol_van_organisatie(organisatie, register)
    if eigen is None:
        return None
    return Actor("persoon", cast(Rol, eigen), VOORBEELD, organisatie=organisatie, functie=id_, scopes=None)


def rol_van_organisatie(organisatie: str, register: Register) -> Rol | None:
    """De rol waarmee deze organisatie meedoet; None als het register haar soort niet kent."""
    versie = register.get("Organization", organisatie)
    if versie is None or versie.verwijderd:
        return None
    stelsel = codestelsel("organisatiesoort")
    soorten = [c.get("code") for t in versie.inhoud.get("type") or () for c in codings(t) if c.get("system") == stelsel]
    return next((cast(Rol, ROL_VAN_SOORT[str(s)]) for s in soorten if s in ROL_VAN_SOORT), None)


def bekijk(partij_: Actor, m: Momentopname, register: Register, nu: datetime) -> tuple[Getoond, ...]:
    """Alles wat deze partij nu van dit paspoort ziet, precies zoals zij het leest."""
    zicht = bepaal_zicht(partij_, m, register, nu)
    return tuple(g for versie in m.alle() if (g := zicht.toon(versie)) is not None)


def door_ogen_van(kijker: Zicht) -> Momentopname:
    """Het paspoort zoals de kijker het zelf ziet; voor de houder is dat alles.

    Een voorbeeld hierop laat wie voor een ander kijkt (een helper, een ouder) nooit meer zien dan zijn mandaat geeft.
    """
    m = kijker.momentopname
    if kijker.geheel:
        return m
    zoals = (_zoals(v, g) for v in m.alle() if (g := kijker.toon(v)) is not None)
    return Momentopname(m.partitie, m.volgnummer, zoals, soort=m.soort, testdata_van=m.testdata_van)


def _zoals(v: Versie, g: Getoond) -> Versie:
    if g.volledig:
        return v
    return Versie(
        partitie=v.partitie, volgnummer=v.volgnummer, type=v.type, id=v.id, versie=v.versie, moment=v.moment,
        auteur=v.auteur, herkomst=v.herkomst, verwijderd=False, tekst=g.tekst,
    )  # fmt: skip


def alsof(t: Toestemming, m: Momentopname) -> Momentopname:
    """De momentopname alsof deze toestemming er stond; met een bekend id alsof zij zo gewijzigd was."""
    id_ = t.id or VOORBEELD
    inhoud = naar_fhir(replace(t, id=id_))
    houder = f"Patient/{m.partitie}"
    versies = nieuwe_versies(m, [Wijziging("Consent", id_, inhoud)], houder, "zelf")
    return m.met(m.volgnummer + 1, versies)


def voorbeeld(
    toestemming: Toestemming, rol: Rol, momentopname: Momentopname, register: Register, nu: datetime
) -> tuple[Json, ...]:
    """Elke resource zoals wie zij noemt haar met deze toestemming zou zien; de toestemming zelf staat er niet bij.

    Is nog niet bekend wie het wordt, dan zoals iemand met deze rol haar ziet.
    """
    wie = [p for aan in sorted(toestemming.aan) if (p := partij(aan, register)) is not None]
    if wie and toestemming.status == "active":
        gezien = bekijk(wie[0], alsof(toestemming, momentopname), register, nu)
        return tuple(g.inhoud for g in gezien if g.inhoud.get("resourceType") != "Consent")
    zicht = _onbekende(toestemming, rol, momentopname, register, nu)
    getoond = (zicht.toon(versie) for versie in momentopname.alle())
    return tuple(g.inhoud for g in getoond if g is not None)


def _onbekende(t: Toestemming, rol: Rol, m: Momentopname, register: Register, nu: datetime) -> Zicht:
    """Het zicht van wie nog niet gekozen is: alleen deze toestemming, met deze rol."""
    doel = DOELEN.get(t.doel or "")
    beperkt = bool(t.betreft) or (doel is not None and doel.betreft)
    grond = Grond(
        soort="toestemming",
        verwijzing="Consent/voorbeeld",
        doel=t.doel,
        groepen=t.groepen & leesbaar(rol),
        tot=t.tot.isoformat() if t.tot else None,
        alleen=t.alleen,
        uitgezonderd=t.uitzonderingen,
        hulpmiddelen=betrokken(m, t.betreft) if beperkt else None,
    )
    lezer = Actor("persoon", rol, VOORBEELD, organisatie=VOORBEELD, functie=VOORBEELD, scopes=None)
    return Zicht(lezer, m, register, nu, (grond,))
