"""Wat een versie voor de mail betekent, als opdracht in dezelfde transactie. Zuiver, zoals `meldingen.py`.

Een Consent die verandert, legt een ontvangstbewijs klaar voor de houder; alleen ids. Wat er verstuurd wordt, en of er
iets te melden valt, beslist `server/post/mail.py` bij het versturen.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete

from paspoort.fhir.bericht import AANLEIDING, berichtsoorten
from server.store.sql import Op, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_mail import BevestigcodeRij, MailRij
from server.store.versions import Versie

WACHT, GESTUURD, VERVALLEN, DOOD = "wacht", "gestuurd", "vervallen", "dood"
TOESTEMMING, VRAAG, BEVESTIGCODE = "toestemming", "vraag", "bevestigcode"
MEEKIJKEN = "aanleiding"
# Wie een toestemming van vroeger overneemt (import, demo), stuurt daar geen bericht meer over.
VERS_SECONDEN: Final = 3600

_MAIL, _BEV = tabel(MailRij), tabel(BevestigcodeRij)
_NIEUW = voeg_toe(_MAIL, "ON CONFLICT (id) DO NOTHING")
_RUIM = tuple(query(delete(t).where(t.c.partitie == bindparam("partitie"))) for t in (_MAIL, _BEV))


def mail_opdrachten(v: Versie) -> list[Op]:
    """Eén mail bij een nieuwe versie van een Consent of een nieuwe aanleiding; leeg bij al het andere.

    Wat is overgenomen telt niet. Van een aanleiding staat hier het bericht waar een Consent anders staat.
    """
    if v.type == "Communication" and v.versie == 1 and not v.verwijderd and AANLEIDING in berichtsoorten(v.inhoud):
        return [leg_klaar(f"{v.id}.open", MEEKIJKEN, v.partitie, v.id, v.versie)] if v.herkomst != "import" else []
    if v.type != "Consent" or v.herkomst == "import" or (v.versie == 1 and not _vers(v)):
        return []
    return [leg_klaar(f"{v.id}.{v.versie}", TOESTEMMING, v.partitie, v.id, v.versie)]


def leg_klaar(
    id: str,
    soort: str,
    partitie: str | None = None,
    consent: str | None = None,
    versie: int | None = None,
    inhoud: bytes | None = None,
) -> Op:
    """De opdracht die een mail klaarlegt; dezelfde id twee keer is één mail."""
    rij: dict[str, Any] = {
        "id": id, "soort": soort, "partitie": partitie, "consent": consent, "versie": versie, "inhoud": inhoud,
        "stand": WACHT, "pogingen": 0, "volgende": 0, "gezet": int(time.time()),
    }  # fmt: skip
    return Op(_NIEUW, rij)


def ruim_mail(partitie: str) -> list[Op]:
    """De mail en bevestigcodes van een gewist paspoort weg."""
    return [Op(opdracht, {"partitie": partitie}) for opdracht in _RUIM]


def _vers(v: Versie) -> bool:
    tekst, geschreven = str(v.inhoud.get("dateTime")), datetime.fromisoformat(v.moment)
    try:
        gegeven = datetime.fromisoformat(tekst)
    except ValueError:
        return True
    if gegeven.tzinfo is None:  # alleen een dag: gisteren kan hier nog vandaag zijn
        return (geschreven.date() - gegeven.date()).days <= 1
    return (geschreven - gegeven).total_seconds() < VERS_SECONDEN
