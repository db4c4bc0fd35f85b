"""Alles wat een ander ziet, op één bladzijde: dezelfde vakken als op het scherm van de professional.

De gegevens komen uit `server/access/voorbeeld.py` (hetzelfde zicht als bij echt lezen), de vakken uit
`web/therapeut.py` (dezelfde woorden als daar). Geeft niemand toegang. Bron: beeld `03-delen` (*Bekijk het hele
voorbeeld*).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.toestemming import leest_niet
from server.access.voorbeeld import bekijk, partij
from server.store.invitations import met_id
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.beeld import gezien, opname, paspoort_van
from web.houder.delen import partijen, stand, vind, waarvoor
from web.houder.kader import Kop, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.toestemming import rol_van
from web.houder.uitnodigen import aan_wie
from web.therapeut import Adviesregel, Vak, adviesregels, vakken
from web.uitnodiging import aanbod_uit, gast_uit
from web.woorden import WAARVOOR


@dataclass(frozen=True)
class Voorbeeldbladzijde:
    """Alles wat `wie` ziet, of na een ja zou zien (`straks`)."""

    SJABLOON: ClassVar[str] = "houder/delen_voorbeeld.html"

    kop: Kop
    wie: str
    waarvoor: str
    terug_adres: str
    straks: bool
    leest_niet: tuple[str, ...]
    adviezen: tuple[Adviesregel, ...]
    vakken: tuple[Vak, ...]
    aantal: int


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/toestemming/{id}/voorbeeld` en `/delen/uitnodiging/{id}/voorbeeld`."""
    hang(router, huis, "/delen/toestemming/{id}/voorbeeld", van_toestemming)
    hang(router, huis, "/delen/uitnodiging/{id}/voorbeeld", van_uitnodiging)


async def van_toestemming(bezoek: Bezoek) -> Response:
    """Wat deze partij nu ziet, op al haar gronden; bij een toestemming die wacht: wat zij dan ziet."""
    boek = await open_boek(bezoek)
    t = vind(boek, id_van(bezoek))
    nu = stand(boek, t)
    if nu == "straks":
        resources = await gezien(bezoek, boek, replace(t, status="active", van=None), rol_van(bezoek, t))
    else:
        resources = await _nu(bezoek, boek, t.aan)
    wie, terug = partijen(boek, t), f"/delen/toestemming/{t.id}"
    niet = leest_niet(t.groepen) if nu != "voorbij" else ()
    return toon(bezoek, pagina(bezoek, boek, resources, wie, waarvoor(t), terug, nu == "straks", niet))


async def van_uitnodiging(bezoek: Bezoek) -> Response:
    """Wat wie de code aanneemt straks ziet; is al bekend wie, dan precies die persoon."""
    boek = await open_boek(bezoek)
    u = await met_id(bezoek.huis.opslag, id_van(bezoek))
    if u is None or u.partitie != patient_van(bezoek):
        raise DeurFout(404, ())
    aanbod, gast = aanbod_uit(u), gast_uit(u.aangenomen_door)
    t = aanbod.toestemming(u.partitie, aan_wie(gast) if gast else "Organization/voorbeeld", boek.vandaag)
    resources = await gezien(bezoek, boek, t, aanbod.rol)
    wie = gast.naam if gast else "De ander"
    terug = f"/delen/uitnodiging/{u.id}"
    niet = leest_niet(t.groepen)
    return toon(bezoek, pagina(bezoek, boek, resources, wie, WAARVOOR[aanbod.doel], terug, True, niet))


def pagina(
    bezoek: Bezoek, boek: Boek, resources: tuple[Json, ...], wie: str, waarvoor_: str, terug: str, straks: bool,
    niet: tuple[str, ...],
) -> Voorbeeldbladzijde:  # fmt: skip
    """De bladzijde bij wat de ander ziet; namen zijn die van het register."""
    zoals = replace(
        boek,
        paspoort=paspoort_van(resources),
        inhouden={f"{r['resourceType']}/{r['id']}": r for r in resources},
        toestemmingen=(),
    )
    return Voorbeeldbladzijde(
        kop=kop(bezoek, boek, "delen"),
        wie=wie,
        waarvoor=waarvoor_,
        terug_adres=terug,
        straks=straks,
        leest_niet=niet,
        adviezen=adviesregels(zoals, None),
        vakken=vakken(zoals),
        aantal=len(resources),
    )


async def _nu(bezoek: Bezoek, boek: Boek, aan: frozenset[str]) -> tuple[Json, ...]:
    register, m = bezoek.huis.opslag.register, await opname(bezoek, boek)
    uit: dict[tuple[str, str], Json] = {}
    for plek in sorted(aan):
        wie = partij(plek, register)
        for g in bekijk(wie, m, register, boek.nu) if wie else ():
            uit.setdefault((g.inhoud["resourceType"], g.inhoud["id"]), g.inhoud)
    return tuple(i for (type_, _), i in uit.items() if type_ != "Consent")
