"""Wat er in een uitnodiging staat: het aanbod van de houder, en de gast die haar aannam.

De afspraak tussen de bladzijden van de houder (maken, bevestigen) en die van de professional (aannemen). De uitnodiging
zelf, met token en code, is van `server/store/invitations.py`. Bron: ontwerp.md deel 1 stap 1, beeld `03-delen`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from paspoort.toegang import DOELEN
from paspoort.toestemming import Toestemming, als_dag, versmal, voorstel
from server.access.actor import Actor
from server.store.invitations import Uitnodiging

GELDIG_SECONDEN: Final = 10 * 60
ROLNAMEN: Final = {"therapeut": "therapeut", "verstrekker": "consulent", "leverancier": "leverancier"}


@dataclass(frozen=True, slots=True)
class Aanbod:
    """Wat de houder wil delen. `zonder` zijn de groepen die zij weghaalde, `betreft` de hulpmiddelen (`Device/id`).

    `dicht` zijn losse gegevens die niemand leest, `tot` een eerdere laatste dag dan het doel voorstelt.
    """

    doel: str
    rol: str
    houder: str
    zonder: tuple[str, ...] = ()
    betreft: tuple[str, ...] = ()
    dicht: tuple[str, ...] = ()
    tot: str | None = None

    def als_gegevens(self) -> dict[str, Any]:
        """Voor `nodig_uit(gegevens=…)`."""
        return {
            "doel": self.doel, "rol": self.rol, "houder": self.houder, "zonder": list(self.zonder),
            "betreft": list(self.betreft), "dicht": list(self.dicht), "tot": self.tot,
        }  # fmt: skip

    @property
    def waarvoor(self) -> str:
        """Het doel in gewone woorden."""
        return DOELEN[self.doel].naam

    def toestemming(self, patient: str, aan: str, vandaag: date) -> Toestemming:
        """De toestemming die hieruit volgt. PaspoortFout `doel-onbekend` als doel en rol niet passen."""
        vol = voorstel(self.doel, self.rol, f"Patient/{patient}", aan, vandaag, self.betreft, self.zonder)
        tot = date.fromisoformat(self.tot) if self.tot else None
        return versmal(vol, None, self.dicht, min(tot, als_dag(vol.tot)) if tot and vol.tot else None)


@dataclass(frozen=True, slots=True)
class Gast:
    """Wie de uitnodiging aannam, zoals de houder het te lezen krijgt. `functie` is het id van de PractitionerRole.

    `via` is hoe: `link` (ook als QR gelezen) of `code` (de zes cijfers).
    """

    naam: str
    rol: str
    functie: str
    organisatie: str
    organisatienaam: str
    via: str

    def als_gegevens(self) -> dict[str, Any]:
        """Voor `neem_aan(door=…)`."""
        return {
            "naam": self.naam, "rol": self.rol, "functie": self.functie, "organisatie": self.organisatie,
            "organisatienaam": self.organisatienaam, "via": self.via,
        }  # fmt: skip

    @property
    def rolnaam(self) -> str:
        """De rol in gewone woorden."""
        return ROLNAMEN.get(self.rol, self.rol)


def aanbod_uit(uitnodiging: Uitnodiging) -> Aanbod:
    """Het aanbod in een uitnodiging."""
    g = uitnodiging.gegevens
    weg, betreft, dicht = (tuple(g.get(naam, ())) for naam in ("zonder", "betreft", "dicht"))
    return Aanbod(g["doel"], g["rol"], g["houder"], weg, betreft, dicht, g.get("tot"))


def gast_uit(door: Mapping[str, Any] | None) -> Gast | None:
    """De gast in `Uitnodiging.aangenomen_door`, of None."""
    if door is None:
        return None
    return Gast(
        door["naam"],
        door["rol"],
        door["functie"],
        door["organisatie"],
        door["organisatienaam"],
        door.get("via", "code"),
    )


def gast_van(actor: Actor, organisatienaam: str, via: str) -> Gast | None:
    """De gast die deze vrager zou zijn; None als iemand zonder functie bij een organisatie vraagt."""
    if actor.organisatie is None or actor.functie is None:
        return None
    return Gast(actor.naam, actor.rol, actor.functie, actor.organisatie, organisatienaam, via)
