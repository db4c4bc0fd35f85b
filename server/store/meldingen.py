"""Wat een versie voor de post betekent, als opdrachten in dezelfde transactie. Zuiver, zoals `indexes.py`.

Een Task legt een melding klaar voor elk abonnement dat haar misschien mag zien; of dat zo is, wordt pas bij het
versturen gevraagd (`server/post/bezorger.py`). Een Subscription houdt haar eigen rij bij.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Text, bindparam, delete, insert, literal, or_, select

from paspoort.fhir.fhirjson import Json
from server.store.sql import Op, query, vervang, voeg_toe
from server.store.tables import MandaatRij, Partitie, ToestemmingRij, tabel
from server.store.tables_post import AbonnementRij, BezorgingRij, MeldingRij
from server.store.versions import Versie

WACHT, GESTUURD, DOOD, VERVALLEN = "wacht", "gestuurd", "dood", "vervallen"
# Ook zolang de handdruk nog moet, of het bezorgen stokt: wat intussen gebeurt, komt daarna alsnog.
LUISTERT: Final = ("requested", "active", "error")
ORG: Final = "org-"

_ABO, _BEZ, _MEL = tabel(AbonnementRij), tabel(BezorgingRij), tabel(MeldingRij)
_TOE, _MAN, _PART = tabel(ToestemmingRij), tabel(MandaatRij), tabel(Partitie)


def _tekst(naam: str) -> Any:
    return bindparam(naam, type_=Text())


def _getal(naam: str) -> Any:
    return bindparam(naam, type_=BigInteger())


# Wie haar misschien mag zien: eigenaar, aanvrager, wie toestemming heeft in dit paspoort, wie voor een van hen mandaat
# heeft, en de houder zelf. Ruim genoeg; het zicht bij het versturen beslist.
_GENOEMD = [_tekst("eigenaar"), _tekst("aanvrager")]
_TOEGELATEN = select(_TOE.c.organisatie).where(_TOE.c.partitie == _tekst("partitie"))
_GEMACHTIGD = select(_MAN.c.aan).where(or_(_MAN.c.van.in_(_GENOEMD), _MAN.c.van.in_(_TOEGELATEN)))
# Een proef-app heeft haar abonnementen in org-~<client> (server/fhir/proeftuin.py).
_PROEF_APP = select(literal("~", Text()).concat(_PART.c.testdata_van)).where(_PART.c.id == _tekst("partitie"))
_LEG_KLAAR = query(
    insert(_MEL).from_select(
        ["abonnement", "partitie", "volgnummer", "task", "versie", "moment", "stand", "gezet"],
        select(
            _ABO.c.id, _tekst("partitie"), _getal("volgnummer"), _tekst("task"), _getal("versie"), _tekst("moment"),
            _tekst("stand"), _getal("gezet"),
        ).where(
            _ABO.c.stand.in_([_tekst("s1"), _tekst("s2"), _tekst("s3")]),
            or_(
                _ABO.c.partitie == _tekst("partitie"), _ABO.c.organisatie.in_(_GENOEMD),
                _ABO.c.organisatie.in_(_TOEGELATEN), _ABO.c.organisatie.in_(_GEMACHTIGD),
                _ABO.c.organisatie.in_(_PROEF_APP),
            ),
        ),
    )
)  # fmt: skip
_STANDEN: Final = dict(zip(("s1", "s2", "s3"), LUISTERT, strict=True))

_ZET = vervang(_ABO)
_GEEN = query(delete(_ABO).where(_ABO.c.id == bindparam("id")))
# Een nieuwe versie begint de pogingen opnieuw; het nummer loopt door.
_BEGIN = voeg_toe(_BEZ, "ON CONFLICT (abonnement) DO UPDATE SET pogingen = 0, volgende = 0")
_GEEN_BEZORGING = query(delete(_BEZ).where(_BEZ.c.abonnement == bindparam("id")))
_GEEN_MELDINGEN = query(delete(_MEL).where(_MEL.c.abonnement == bindparam("id")))
_RUIM = tuple(query(delete(t).where(t.c.partitie == bindparam("partitie"))) for t in (_ABO, _BEZ, _MEL))


class Wekker:
    """Wekt de bezorger van dit proces als er misschien iets ligt; die van een ander proces kijkt zelf om de seconde."""

    def __init__(self) -> None:
        self._klaar = asyncio.Event()

    def bij(self, types: Iterable[str]) -> None:
        """Wek als een van deze net vastgelegde types iets klaarlegt."""
        if not self._klaar.is_set() and any(t in ("Task", "Subscription") for t in types):
            self._klaar.set()

    async def wacht(self, hoogstens: float) -> None:
        """Tot er gewekt wordt, of zoveel seconden."""
        try:
            await asyncio.wait_for(self._klaar.wait(), hoogstens)
        except TimeoutError:
            return
        self._klaar.clear()


def post_opdrachten(v: Versie, organisatie_van: Callable[[str], str | None]) -> list[Op]:
    """De opdrachten voor de post bij deze versie; leeg bij elk ander type dan Task en Subscription."""
    if v.type == "Task" and not v.verwijderd:
        return [Op(_LEG_KLAAR, _melding(v, organisatie_van))]
    if v.type == "Subscription":
        return _abonnement(v)
    return []


def ruim_post(partitie: str) -> list[Op]:
    """De post van een gewiste partitie weg: haar abonnementen, en wat er over haar Tasks klaarlag."""
    return [Op(opdracht, {"partitie": partitie}) for opdracht in _RUIM]


def _melding(v: Versie, organisatie_van: Callable[[str], str | None]) -> dict[str, Any]:
    def van(naam: str) -> str:
        verwijzing = v.inhoud.get(naam)
        plek = verwijzing.get("reference") if isinstance(verwijzing, dict) else None
        return (organisatie_van(plek) if isinstance(plek, str) else None) or ""

    return {
        "partitie": v.partitie, "volgnummer": v.volgnummer, "task": v.id, "versie": v.versie, "moment": v.moment,
        "stand": WACHT, "gezet": int(time.time()), "eigenaar": van("owner"), "aanvrager": van("requester"), **_STANDEN,
    }  # fmt: skip


def _abonnement(v: Versie) -> list[Op]:
    if v.verwijderd:
        return [Op(opdracht, {"id": v.id}) for opdracht in (_GEEN, _GEEN_BEZORGING, _GEEN_MELDINGEN)]
    rij = {
        "id": v.id, "partitie": v.partitie, "stand": str(v.inhoud.get("status")), "eind": eindmoment(v.inhoud),
        "organisatie": v.partitie.removeprefix(ORG) if v.partitie.startswith(ORG) else None,
    }  # fmt: skip
    begin = {"abonnement": v.id, "partitie": v.partitie, "hoogste": 0, "pogingen": 0, "volgende": 0}
    return [Op(_ZET, rij), Op(_BEGIN, begin)]


def eindmoment(abonnement: Json) -> int | None:
    """Wanneer het abonnement eindigt, in seconden sinds 1970; None zonder einde, of als het niet te lezen is."""
    try:
        return int(datetime.fromisoformat(str(abonnement["end"])).timestamp())
    except (KeyError, ValueError, OverflowError):
        return None
