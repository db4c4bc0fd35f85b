"""De verzonnen organisaties en mensen van de demo: wie er werkt, waar, en wie kan inloggen.

Namen en plaats zijn die van de beelden van het product. Geen van hen bestaat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from paspoort.fhir.beleid import naar_extensie
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.organisatie import Organisatie as Uit
from paspoort.fhir.organisatie import organisatie_naar
from paspoort.fhir.stelsels import AGB, BIG, codestelsel, extension
from paspoort.herhaaltoets.beleid import Beleid
from server.store.register import ALLES


@dataclass(frozen=True, slots=True)
class Organisatie:
    """Een organisatie in het register."""

    id: str
    naam: str
    soort: str
    telefoon: str
    plaats: str
    beleid: Beleid | None = None


@dataclass(frozen=True, slots=True)
class Medewerker:
    """Iemand die voor een organisatie werkt. `rol` als in toegang.md §3; `functie` is `PractitionerRole/id`."""

    code: str
    naam: str
    beroep: str
    rol: str
    organisatie: str
    functie: str
    team: str | None = None
    nummer: tuple[str, str] | None = None  # (stelsel, registratienummer)


@dataclass(frozen=True, slots=True)
class Team:
    """Een team van een organisatie. `neemt_aan`: het werk dat aan de organisatie als geheel is gericht."""

    id: str
    naam: str
    organisatie: str
    neemt_aan: frozenset[str] = frozenset()


LINDEWAARD, VEENRADE, ZILVERLINDE, VLIERHOF, NOORDERWIEL, HUISWIJS = (
    "lindewaard", "veenrade", "zilverlinde", "vlierhof", "noorderwiel", "huiswijs",
)  # fmt: skip

ORGANISATIES: Final = (
    Organisatie(
        LINDEWAARD, "Gemeente Lindewaard", "gemeente", "088 000 02 00", "Lindewaard",
        # aanpassen van een elektrische of gewone rolstoel zit in de prijsafspraak met de leverancier
        Beleid(verstrekker=f"Organization/{LINDEWAARD}", prijsafspraak=frozenset({"11A02", "11A03"})),
    ),
    Organisatie(VEENRADE, "Gemeente Veenrade", "gemeente", "088 000 02 10", "Veenrade", Beleid()),
    Organisatie(ZILVERLINDE, "Zorgverzekeraar Zilverlinde", "zorgverzekeraar", "088 000 03 00", "Utrecht"),
    Organisatie(VLIERHOF, "De Vlierhof", "zorgpraktijk", "088 000 04 00", "Lindewaard"),
    Organisatie(NOORDERWIEL, "Noorderwiel", "leverancier", "088 000 01 23", "Zwolle"),
    Organisatie(HUISWIJS, "Huiswijs", "leverancier", "088 000 01 45", "Ede"),
)  # fmt: skip

# Bij Lindewaard komt elk verzoek bij het Wmo-team; wie bij Jeugd werkt, kijkt alleen mee met een aanleiding.
WMO, JEUGD = "lindewaard-team-wmo", "lindewaard-team-jeugd"
TEAMS: Final = (
    Team(WMO, "Wmo-hulpmiddelen", LINDEWAARD, frozenset({ALLES})),
    Team(JEUGD, "Jeugd en gezin", LINDEWAARD),
)

BIANCA: Final = "PractitionerRole/lindewaard-wmo-1"
JOOST: Final = "PractitionerRole/veenrade-wmo-1"
MARLEEN: Final = "PractitionerRole/zilverlinde-hulpmiddelen-1"
NIENKE: Final = "PractitionerRole/vlierhof-ergotherapie-1"
TOM: Final = "PractitionerRole/lindewaard-jeugd-1"
ADELIEN: Final = "PractitionerRole/vlierhof-revalidatie-1"
ARJAN: Final = "PractitionerRole/noorderwiel-advies-1"
PRIYA: Final = "PractitionerRole/huiswijs-advies-1"

MEDEWERKERS: Final = (
    Medewerker("bianca", "Bianca Smit", "Wmo-consulent", "verstrekker", LINDEWAARD, BIANCA, WMO),
    Medewerker("tom", "Tom Brouwer", "consulent jeugd", "verstrekker", LINDEWAARD, TOM, JEUGD),
    Medewerker("nienke", "Nienke Postma", "ergotherapeut", "therapeut", VLIERHOF, NIENKE, nummer=(AGB, "19000000101")),
    Medewerker(
        "adelien", "Adelien Dekker", "revalidatiearts", "therapeut", VLIERHOF, ADELIEN, nummer=(BIG, "19000000102")
    ),
    Medewerker("arjan", "Arjan Veldman", "adviseur", "leverancier", NOORDERWIEL, ARJAN),
    Medewerker("priya", "Priya Ramdin", "adviseur", "leverancier", HUISWIJS, PRIYA),
    Medewerker("joost", "Joost Hendriks", "Wmo-consulent", "verstrekker", VEENRADE, JOOST),
    Medewerker("marleen", "Marleen Prins", "medewerker hulpmiddelen", "verstrekker", ZILVERLINDE, MARLEEN),
)


def resources() -> tuple[Json, ...]:
    """Alle Organization, Practitioner en PractitionerRole van de demo."""
    return (
        *map(_organisatie, ORGANISATIES),
        *(
            organisatie_naar(Uit(t.id, t.naam, deel_van=t.organisatie, is_team=True, neemt_aan=t.neemt_aan))
            for t in TEAMS
        ),
        *(r for m in MEDEWERKERS for r in _medewerker(m)),
    )


def _organisatie(o: Organisatie) -> Json:
    inhoud: Json = {"resourceType": "Organization", "id": o.id}
    if o.beleid is not None:
        inhoud["extension"] = [naar_extensie(o.beleid)]
    return inhoud | {
        "active": True,
        "type": [{"coding": [{"system": codestelsel("organisatiesoort"), "code": o.soort}]}],
        "name": o.naam,
        "telecom": [{"system": "phone", "value": o.telefoon}],
        "address": [{"city": o.plaats, "country": "NL"}],
    }


def _medewerker(m: Medewerker) -> tuple[Json, Json]:
    voornaam, _, achternaam = m.naam.partition(" ")
    persoon = f"demo-{m.functie.partition('/')[2]}"
    teams = [{"url": extension("team"), "valueReference": {"reference": f"Organization/{m.team}"}}] if m.team else []
    return (
        {
            "resourceType": "Practitioner",
            "id": persoon,
            "active": True,
            **({"identifier": [{"system": m.nummer[0], "value": m.nummer[1]}]} if m.nummer else {}),
            "name": [{"text": m.naam, "family": achternaam, "given": [voornaam]}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": m.functie.partition("/")[2],
            **({"extension": teams} if teams else {}),
            "active": True,
            "practitioner": {"reference": f"Practitioner/{persoon}", "display": m.naam},
            "organization": {"reference": f"Organization/{m.organisatie}"},
            "code": [{"coding": [{"system": codestelsel("rol"), "code": m.rol}], "text": m.beroep}],
        },
    )
