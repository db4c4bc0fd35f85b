"""Wat een versie voor de mail betekent, als opdracht in dezelfde transactie. Zuiver, zoals `meldingen.py`.

Een Consent die verandert, legt een ontvangstbewijs klaar voor de houder; een bericht bij een advies een seintje voor de
houder en voor wie het aangaat, hoogstens één per dag: wat na de mail van een dag komt, meldt de mail van de volgende
ochtend. Alleen ids. Wat er verstuurd wordt, en of er iets te melden valt, beslist `server/post/mail.py` bij het
versturen.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete

from paspoort.fhir.bericht import AANLEIDING, AFSTEMMING, ANTWOORD, bericht_over, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.waarden import code_uit, objecten, verwijzing
from server.store.sql import Op, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_mail import BevestigcodeRij, MailRij
from server.store.versions import Versie

WACHT, GESTUURD, VERVALLEN, DOOD = "wacht", "gestuurd", "vervallen", "dood"
TOESTEMMING, VRAAG, BEVESTIGCODE = "toestemming", "vraag", "bevestigcode"
MEEKIJKEN = "aanleiding"
# Een seintje over een bericht of `$afgestemd` bij een advies; `consent` is dan `Type/id` daarvan.
SEIN_HOUDER, SEIN_AAN, SEIN_SCHRIJVER = "sein-houder", "sein-aan", "sein-schrijver"
# Wie een toestemming van vroeger overneemt (import, demo), stuurt daar geen bericht meer over.
VERS_SECONDEN: Final = 3600
DAG: Final = 86400
# Wat na de mail van vandaag komt, gaat morgen om 06:00 UTC mee: hier 's morgens, ook in de winter.
OCHTEND: Final = 6 * 3600

GEBEURTENIS: Final = codestelsel("gebeurtenis")

_MAIL, _BEV = tabel(MailRij), tabel(BevestigcodeRij)
_NIEUW = voeg_toe(_MAIL, "ON CONFLICT (id) DO NOTHING")
# Ligt er nog een, dan meldt die ook dit bericht; anders gaat dezelfde rij nog eens, niet eerder dan de ochtend na haar
# laatste mail (`gezet`, in seconden). Zonder mail die dag hoeft niemand te wachten.
_SEIN = voeg_toe(
    _MAIL,
    "ON CONFLICT (id) DO UPDATE SET stand = excluded.stand, partitie = excluded.partitie, consent = excluded.consent, "
    "versie = excluded.versie, "
    f"pogingen = 0, gezet = excluded.gezet, volgende = CASE WHEN mail.stand = '{GESTUURD}' "
    f"THEN ((mail.gezet / {DAG} + 1) * {DAG} + {OCHTEND}) * 1000 ELSE 0 END WHERE mail.stand <> excluded.stand",
)
_RUIM = tuple(query(delete(t).where(t.c.partitie == bindparam("partitie"))) for t in (_MAIL, _BEV))


def mail_opdrachten(v: Versie) -> list[Op]:
    """Eén mail bij een nieuwe versie van een Consent of een nieuwe aanleiding; leeg bij al het andere.

    Wat is overgenomen telt niet. Van een aanleiding staat hier het bericht waar een Consent anders staat.
    """
    if v.type == "Communication" and v.versie == 1 and not v.verwijderd and AANLEIDING in berichtsoorten(v.inhoud):
        return [leg_klaar(f"{v.id}.open", MEEKIJKEN, v.partitie, v.id, v.versie)] if v.herkomst != "import" else []
    if seinen := _seinen(v):
        return seinen
    if v.type != "Consent" or v.herkomst == "import" or (v.versie == 1 and not _vers(v)):
        return []
    return [leg_klaar(f"{v.id}.{v.versie}", TOESTEMMING, v.partitie, v.id, v.versie)]


def over_advies(inhoud: Json) -> str | None:
    """`QuestionnaireResponse/id` waar dit bericht of deze gebeurtenis over gaat."""
    if inhoud.get("resourceType") == "Communication":
        return next(iter(bericht_over(inhoud)), None)
    doelen = (verwijzing(d) or "" for d in objecten(inhoud.get("target")))
    return next((d.partition("/_history")[0] for d in doelen if d.startswith("QuestionnaireResponse/")), None)


def _seinen(v: Versie) -> list[Op]:
    """Voor de houder, en voor de schrijver of wie iets vroeg; wat oud is of overgenomen, meldt niets."""
    if v.type not in ("Communication", "Provenance") or v.versie != 1 or v.verwijderd or v.herkomst == "import":
        return []
    soorten = berichtsoorten(v.inhoud) & AFSTEMMING
    afgestemd = code_uit(v.inhoud.get("activity"), GEBEURTENIS) == "afgestemd"
    advies = over_advies(v.inhoud) if soorten or afgestemd else None
    if advies is None or not _pas(v.inhoud.get("sent") or v.inhoud.get("recorded"), v):
        return []
    aan = SEIN_AAN if ANTWOORD in soorten else SEIN_SCHRIJVER
    wie = next((verwijzing(r) for r in objecten(v.inhoud.get("recipient"))), None) if aan == SEIN_AAN else None
    namen = ((SEIN_HOUDER, ""), (aan, f".{wie}" if wie else ""))
    klaar = (leg_klaar(f"{advies}.{s}{n}", s, v.partitie, v.verwijzing, v.versie) for s, n in namen)
    return [Op(_SEIN, op.waarden) for op in klaar]


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
    return _pas(v.inhoud.get("dateTime"), v)


def _pas(wanneer: object, v: Versie) -> bool:
    """Of dit net gebeurde toen het geschreven werd; wat geen tijd heeft, geldt als nieuw."""
    tekst, geschreven = str(wanneer), datetime.fromisoformat(v.moment)
    try:
        gegeven = datetime.fromisoformat(tekst)
    except ValueError:
        return True
    if gegeven.tzinfo is None:  # alleen een dag: gisteren kan hier nog vandaag zijn
        return (geschreven.date() - gegeven.date()).days <= 1
    return (geschreven - gegeven).total_seconds() < VERS_SECONDEN
