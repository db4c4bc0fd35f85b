"""De SQL van partities, versies, locaties en register, één keer vertaald. Alleen opdrachten, geen gedrag."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, delete, literal, or_, select, update

from server.store.sql import query, vervang, voeg_toe
from server.store.tables import Geschorst, Locatie, MandaatRij, Partitie, VersieRij, tabel
from server.store.tables_beheer import SchorsingRij
from server.store.tables_oauth import ClientRij
from server.store.versions import VERHUISD

_PART, _VERSIE, _LOC = tabel(Partitie), tabel(VersieRij), tabel(Locatie)
_GESCHORST, _MANDAAT = tabel(Geschorst), tabel(MandaatRij)
_SCHORSING, _CLIENT = tabel(SchorsingRij), tabel(ClientRij)
_KOLOMMEN = (
    _VERSIE.c.volgnummer, _VERSIE.c.type, _VERSIE.c.id, _VERSIE.c.versie, _VERSIE.c.moment, _VERSIE.c.herkomst,
    _VERSIE.c.verwijderd, _VERSIE.c.sleutel, _VERSIE.c.inhoud, _VERSIE.c.hash,
)  # fmt: skip

STAND = query(
    select(_PART.c.id, _PART.c.volgnummer, _PART.c.gewist, _PART.c.stand).where(
        _PART.c.id.in_([bindparam("partitie"), bindparam("register")])
    )
)
KOP = query(
    select(_PART.c.soort, _PART.c.volgnummer, _PART.c.ketting, _PART.c.gewist, _PART.c.testdata_van).where(
        _PART.c.id == bindparam("partitie")
    )
)
NIEUWE_PARTITIE = voeg_toe(_PART)
SCHUIF_OP = query(
    update(_PART)
    .where(_PART.c.id == bindparam("b_id"), _PART.c.volgnummer == bindparam("b_verwacht"), _PART.c.gewist == 0)
    .values(volgnummer=bindparam("b_nieuw"), ketting=bindparam("b_ketting"))
)
MERK_GEWIST = query(update(_PART).where(_PART.c.id == bindparam("b_id")).values(gewist=1, testdata_van=None))
TEL_STAND = query(update(_PART).where(_PART.c.id == bindparam("b_id")).values(stand=_PART.c.stand + 1))
PARTITIES = query(
    select(_PART.c.id)
    .where(_PART.c.soort == bindparam("soort"), _PART.c.id > bindparam("na"), _PART.c.gewist == 0)
    .order_by(_PART.c.id)
    .limit(bindparam("aantal"))
)
TESTPARTITIES = query(
    select(_PART.c.id).where(_PART.c.testdata_van == bindparam("client"), _PART.c.gewist == 0).order_by(_PART.c.id)
)
# Een eerste schrijfactie die niet lukte laat een lege partitie na; `voor` houdt af van wie net aan het schrijven is.
LEGE_TESTPARTITIES = query(
    select(_PART.c.id).where(
        _PART.c.testdata_van == bindparam("client"),
        _PART.c.gewist == 0,
        _PART.c.volgnummer == 0,
        _PART.c.gemaakt < bindparam("voor"),
    )
)

NIEUWE_VERSIE = voeg_toe(_VERSIE)
HUIDIG = query(
    select(*_KOLOMMEN)
    .join(_LOC, (_LOC.c.type == _VERSIE.c.type) & (_LOC.c.id == _VERSIE.c.id) & (_LOC.c.versie == _VERSIE.c.versie))
    .where(_LOC.c.partitie == bindparam("partitie"))
)
SINDS = query(
    select(*_KOLOMMEN)
    .where(
        _VERSIE.c.partitie == bindparam("partitie"),
        _VERSIE.c.volgnummer > bindparam("na"),
        _VERSIE.c.volgnummer <= bindparam("tot"),
    )
    .order_by(_VERSIE.c.volgnummer)
)
VAN_RESOURCE = query(
    select(*_KOLOMMEN)
    .where(
        _VERSIE.c.type == bindparam("type"), _VERSIE.c.id == bindparam("id"),
        _VERSIE.c.partitie == bindparam("partitie"),
    )
    .order_by(_VERSIE.c.versie.desc())
)  # fmt: skip
VAN_TYPE = query(
    select(*_KOLOMMEN)
    .where(
        _VERSIE.c.partitie == bindparam("partitie"), _VERSIE.c.volgnummer <= bindparam("tot"),
        _VERSIE.c.type == bindparam("type"),
    )
    .order_by(_VERSIE.c.volgnummer.desc())
)  # fmt: skip
EERDERE_PARTITIES = query(
    select(_VERSIE.c.partitie)
    .where(_VERSIE.c.type == bindparam("type"), _VERSIE.c.id == bindparam("id"), _VERSIE.c.verwijderd == VERHUISD)
    .order_by(_VERSIE.c.versie.desc())
)
EEN_VERSIE = query(
    select(*_KOLOMMEN).where(
        _VERSIE.c.type == bindparam("type"), _VERSIE.c.id == bindparam("id"),
        _VERSIE.c.versie == bindparam("versie"), _VERSIE.c.partitie == bindparam("partitie"),
    )
)  # fmt: skip

WAAR = query(select(_LOC.c.partitie).where(_LOC.c.type == bindparam("type"), _LOC.c.id == bindparam("id")))
NIEUWE_LOCATIE = voeg_toe(_LOC)
VOLGENDE_LOCATIE = query(
    update(_LOC)
    .where(
        _LOC.c.type == bindparam("b_type"), _LOC.c.id == bindparam("b_id"), _LOC.c.partitie == bindparam("b_partitie"),
        _LOC.c.versie == bindparam("b_vorige"),
    )
    .values(versie=bindparam("b_versie"))
)  # fmt: skip
VERHUIS_LOCATIE = query(
    update(_LOC)
    .where(
        _LOC.c.type == bindparam("b_type"), _LOC.c.id == bindparam("b_id"), _LOC.c.partitie == bindparam("b_van"),
        _LOC.c.versie == bindparam("b_vorige"),
    )
    .values(versie=bindparam("b_versie"), partitie=bindparam("b_partitie"))
)  # fmt: skip
GEEN_LOCATIE = query(delete(_LOC).where(_LOC.c.type == bindparam("type"), _LOC.c.id == bindparam("id")))
GEEN_LOCATIES = query(delete(_LOC).where(_LOC.c.partitie == bindparam("partitie")))

GESCHORST = query(select(_GESCHORST.c.organisatie))
# Wie geen zicht heeft: geschorste functies, geschorste apps, en de apps van geschorste organisaties.
STIL = query(
    select(_SCHORSING.c.naam).union_all(
        select(literal("Client/", Text()).concat(_CLIENT.c.client_id)).where(
            or_(_CLIENT.c.geschorst != 0, _CLIENT.c.organisatie.in_(select(_GESCHORST.c.organisatie)))
        )
    )
)
SCHORS = vervang(_GESCHORST)
SCHORS_NIET = query(delete(_GESCHORST).where(_GESCHORST.c.organisatie == bindparam("organisatie")))
MANDATEN = query(
    select(_MANDAAT.c.van, _MANDAAT.c.aan, _MANDAAT.c.taak, _MANDAAT.c.sinds, _MANDAAT.c.tot).order_by(
        _MANDAAT.c.van, _MANDAAT.c.aan, _MANDAAT.c.taak
    )
)
ZET_MANDAAT = vervang(_MANDAAT)
GEEN_MANDAAT = query(
    delete(_MANDAAT).where(
        _MANDAAT.c.van == bindparam("van"), _MANDAAT.c.aan == bindparam("aan"), _MANDAAT.c.taak == bindparam("taak")
    )
)
