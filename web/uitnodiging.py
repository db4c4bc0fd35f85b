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
from paspoort.toestemming import Toestemming, voorstel
from server.access.actor import Actor
from server.store.invitations import Uitnodiging

GELDIG_SECONDEN: Final = 10 * 60
ROLNAMEN: Final = {"therapeut": "therapeut", "verstrekker": "consulent", "leverancier": "leverancier"}


@dataclass(frozen=True, slots=True)
class Aanbod:
    """Wat de houder wil delen. `zonder` zijn de groepen die zij weghaalde, `betreft` de hulpmiddelen (`Device/id`)."""

    doel: str
    rol: str
    houder: str
    zonder: tuple[str, ...] = ()
    betreft: tuple[str, ...] = ()

    def als_gegevens(self) -> dict[str, Any]:
        """Voor `nodig_uit(gegevens=…)`."""
        return {
            "doel": self.doel, "rol": self.rol, "houder": self.houder, "zonder": list(self.zonder),
            "betreft": list(self.betreft),
        }  # fmt: skip

    @property
    def waarvoor(self) -> str:
        """Het doel in gewone woorden."""
        return DOELEN[self.doel].naam

    def toestemming(self, patient: str, aan: str, vandaag: date) -> Toestemming:
        """De toestemming die hieruit volgt. PaspoortFout `doel-onbekend` als doel en rol niet passen."""
        return voorstel(self.doel, self.rol, f"Patient/{patient}", aan, vandaag, self.betreft, self.zonder)


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
    return Aanbod(g["doel"], g["rol"], g["houder"], tuple(g.get("zonder", ())), tuple(g.get("betreft", ())))


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
