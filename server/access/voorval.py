"""Wat in het log hoort maar geen vraag aan de deur is: inloggen, een geraden code, een app, een kopie van het log.

Een mislukte poging heeft soms geen actor en nooit een paspoort: van wie het zou zijn, wist de vrager niet. Regels van
één afzender houden op bij de grens van `server/rem.py`; dan staat er alleen nog de eerste weigering van een tijdvak.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.access.actor import Actor
from server.rem import TeVaak
from server.store.logrow import Logregel
from server.store.passports import Opslag

INGELOGD: Final = "ingelogd"
UITGELOGD: Final = "uitgelogd"
INLOGGEN_MISLUKT: Final = "inloggen-mislukt"
CODE_GERADEN: Final = "code-geraden"
ZONDER_TOKEN: Final = "zonder-token"  # noqa: S105 - een handeling, geen geheim
TE_VAAK: Final = "te-vaak"
TOKEN_GEWEIGERD: Final = "token-geweigerd"  # noqa: S105
LOG_BEKEKEN: Final = "log-bekeken"
LOG_BEWAARD: Final = "log-bewaard"
ONBEKEND: Final = "onbekend"


async def log_voorval(
    opslag: Opslag,
    actor: Actor | None,
    handeling: str,
    uitkomst: str = "geweigerd",
    *,
    client: str | None = None,
    wat: tuple[str, ...] = (),
) -> None:
    """Eén regel; in het paspoort van de actor als het gelukt is, anders nergens. PaspoortFout `opslag-stil`."""
    a = actor or Actor("persoon", "houder", "")
    regel = Logregel(
        actor=f"Patient/{a.patient}" if a.patient else a.account or client or ONBEKEND,
        naam=a.naam,
        rol=a.rol if actor else ONBEKEND,
        organisatie=a.organisatie,
        client=client or a.client_id,
        namens=a.namens,
        handeling=handeling,
        partitie=a.patient,
        doel=None,
        grond=_grond(a) if uitkomst == "gelukt" else None,
        wat=wat,
        uitkomst=uitkomst,
    )
    await opslag.log([regel])


def _grond(actor: Actor) -> str | None:
    if actor.mandaat:
        return f"mandaat:RelatedPerson/{actor.mandaat}"
    return "eigen" if actor.patient else None


async def log_weigering(
    opslag: Opslag,
    scope: Mapping[str, Any],
    handeling: str,
    *,
    actor: Actor | None = None,
    client: str | None = None,
    wat: tuple[str, ...] = (),
) -> None:
    """Een weigering van wie zich niet bewees, geteld per adres. `TeVaak` boven de grens: het log loopt zo niet vol."""
    try:
        opslag.rem.tel_adres("geweigerd", scope)
    except TeVaak as fout:
        await log_te_vaak(opslag, fout, actor)
        raise
    await log_voorval(opslag, actor, handeling, client=client, wat=wat)


async def log_te_vaak(opslag: Opslag, fout: TeVaak, actor: Actor | None = None) -> None:
    """Wie te vaak vroeg: alleen de eerste weigering van een tijdvak."""
    if fout.eerste:
        await log_voorval(opslag, actor, TE_VAAK, wat=(fout.soort,))
