"""Een paspoort opengeslagen voor een bladzijde: alles wat deze persoon ziet, als domein, met namen erbij.

Haalt het paspoort in één vraag door de deur en de namen uit het register in hoogstens twee. Beslist niets over zicht:
wat de deur niet gaf, staat er niet in. Bron: docs/architectuur.md (*De weg van een vraag*).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from paspoort.aanvraag import Behandeling, Opdracht, Verzoek
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.houder import namen as lees_namen
from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.referenties import referenties
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit_fhir
from paspoort.fhir.waarden import kop, verwijzing
from paspoort.hulpmiddel import Gebruik, Hulpmiddel
from paspoort.paspoort import Paspoort, vind
from paspoort.toestemming import HIER, Toestemming
from web.deur import Deur

MENSEN: Final = ("Organization/", "PractitionerRole/", "Practitioner/")
ONBEKEND: Final = "een organisatie die wij niet kennen"


@dataclass(frozen=True)
class Mensen:
    """Namen op `Type/id`, bij wie iemand werkt, en de organisaties zelf; wie niet te zien is, ontbreekt."""

    namen: Mapping[str, str]
    huizen: Mapping[str, str]
    organisaties: Mapping[str, Json]


@dataclass(frozen=True)
class Boek:
    """Eén paspoort, opengeslagen. `inhouden` op `Type/id`."""

    paspoort: Paspoort
    inhouden: Mapping[str, Json]
    mensen: Mensen
    toestemmingen: tuple[Toestemming, ...]
    nu: datetime

    @property
    def vandaag(self) -> date:
        """De dag, hier."""
        return self.nu.astimezone(HIER).date()

    def naam(self, plek: str | None) -> str:
        """De naam van een organisatie of persoon."""
        return self.mensen.namen.get(plek or "", ONBEKEND)

    def huis(self, plek: str | None) -> str | None:
        """`Organization/id` van een organisatie of van wie daar werkt."""
        return plek if plek and plek.startswith("Organization/") else self.mensen.huizen.get(plek or "")

    def wie(self, plek: str | None) -> str:
        """`Nienke Postma, De Vlierhof`, of alleen de organisatie."""
        huis = self.huis(plek)
        return self.naam(plek) if huis in (None, plek) else f"{self.naam(plek)}, {self.naam(huis)}"

    def heeft(self, plek: str | None) -> bool:
        """Of wij de naam kennen."""
        return plek in self.mensen.namen

    def hulpmiddel_van(self, gebruik: Gebruik | None) -> Hulpmiddel | None:
        """Het hulpmiddel dat bij een gebruik hoort."""
        return self.paspoort.hulpmiddel(gebruik.hulpmiddel) if gebruik else None

    def gebruik_van(self, hulpmiddel: Hulpmiddel) -> Gebruik | None:
        """Het nieuwste gebruik van een hulpmiddel, een lopend eerst."""
        bij_dit = [g for g in self.paspoort.gebruiken if g.hulpmiddel == hulpmiddel.verwijzing]
        lopend = [g for g in bij_dit if g in self.paspoort.lopende_gebruiken]
        return max(lopend or bij_dit, key=_begin, default=None)

    def behandeling_van(self, verzoek: Verzoek) -> Behandeling | None:
        """De behandeling van een verzoek; een lopende eerst."""
        alle = [b for b in self.paspoort.behandelingen if b.verzoek == verzoek.verwijzing]
        return max(alle, key=lambda b: (b.open, str(b.gemaakt_op)), default=None)

    def opdracht_van(self, verzoek: Verzoek) -> Opdracht | None:
        """De opdracht die uit een verzoek volgde."""
        behandeling = self.behandeling_van(verzoek)
        if behandeling is None:
            return None
        besluiten = {b.verwijzing for b in self.paspoort.besluiten if verzoek.verwijzing in b.grondslag}
        genoemd = vind(self.paspoort.opdrachten, behandeling.opdracht)
        uit_besluit = (o for o in self.paspoort.opdrachten if o.besluit in besluiten)
        return genoemd or next(uit_besluit, None)

    def telefoon(self, organisatie: str | None) -> str | None:
        """Het telefoonnummer dat een organisatie zelf opgeeft."""
        telecom = self.mensen.organisaties.get(organisatie or "", {}).get("telecom") or []
        return next((str(t["value"]) for t in telecom if t.get("system") == "phone" and t.get("value")), None)


async def sla_open(deur: Deur, patient: str) -> Boek:
    """Het paspoort zoals deze persoon het nu ziet. `DeurFout` 404 als zij niets ziet."""
    return await boek_uit(deur, await deur.alles(patient))


async def boek_uit(deur: Deur, resources: list[Json]) -> Boek:
    """Een boek van alleen deze resources uit één paspoort, met de namen erbij."""
    nu = datetime.now(HIER)
    return Boek(
        paspoort=paspoort_uit((r, kop(r)["herkomst"].value, kop(r)["moment"]) for r in resources),
        inhouden={f"{r['resourceType']}/{r.get('id')}": r for r in resources},
        mensen=await mensen(deur, _genoemd(resources)),
        toestemmingen=tuple(toestemming_uit_fhir(r) for r in resources if r["resourceType"] == "Consent"),
        nu=nu,
    )


async def mensen(deur: Deur, genoemd: Iterable[str]) -> Mensen:
    """Wie er achter deze verwijzingen zit, uit het register, in hoogstens drie vragen."""
    plekken = set(genoemd)
    namen: dict[str, str] = {}
    huizen: dict[str, str] = {}
    organisaties: dict[str, Json] = {}
    rollen = await _op_id(deur, "PractitionerRole", plekken)
    achter: dict[str, str] = {}
    for rol in rollen:
        plek = f"PractitionerRole/{rol['id']}"
        if huis := verwijzing(rol.get("organization")):
            huizen[plek] = huis
            plekken.add(huis)
        if mens := verwijzing(rol.get("practitioner")):
            achter[plek] = mens
            plekken.add(mens)
    for organisatie in await _op_id(deur, "Organization", plekken):
        zelf = f"Organization/{organisatie['id']}"
        namen[zelf], organisaties[zelf] = str(organisatie.get("name") or ONBEKEND), organisatie
    for persoon in await _op_id(deur, "Practitioner", plekken):
        gevonden = lees_namen(persoon.get("name"))
        namen[f"Practitioner/{persoon['id']}"] = gevonden[0].volledig if gevonden else "een medewerker"
    namen |= {rol: namen[mens] for rol, mens in achter.items() if mens in namen}
    return Mensen(namen, huizen, organisaties)


async def _op_id(deur: Deur, type_: str, plekken: set[str]) -> list[Json]:
    ids = sorted(p.partition("/")[2] for p in plekken if p.startswith(f"{type_}/"))
    return await deur.zoek_met(type_, [("_id", ",".join(ids)), ("_count", "200")]) if ids else []


def _genoemd(resources: list[Json]) -> set[str]:
    return {tekst for r in resources for _, tekst in referenties(r) if tekst.startswith(MENSEN)}


def _begin(gebruik: Gebruik) -> tuple[date, str]:
    van = gebruik.periode.van if gebruik.periode else None
    return van or date.min, gebruik.id
