"""De uitkomst van een verzoek aan wie het advies schreef: wat er besloten is, en over welke eigen eis en waarom.

Zuiver. Kiest alleen uit adviezen die de beslisser ziet: anders leest de schrijver van een verborgen advies over een
besluit, en ziet de beslisser aan het bericht dat het er is. Bron: toegang.md §3 (besluiten).
"""

from __future__ import annotations

from collections.abc import Sequence

from paspoort.advies import FunctioneelAdvies
from paspoort.beschikking import Afwijking
from paspoort.fhir.bericht import UITKOMST, als_category
from server.fhir.beslissing import IN_WOORDEN, Zaak, afwijking_in_woorden
from server.fhir.request import Json


def berichten(zaak: Zaak, uitkomst: str, afwijkingen: Sequence[Afwijking] = ()) -> list[Json]:
    """Eén bericht per advies waar van afgeweken is, anders aan de schrijver van het geldende; leeg zonder schrijver.

    Elke schrijver leest alleen waarom de eigen eisen niet gevolgd worden; het besluit zelf leest die niet.
    """
    per_advies: dict[str, tuple[FunctioneelAdvies, list[Afwijking]]] = {}
    for afwijking in afwijkingen or (None,):
        advies = _advies_met(zaak, afwijking)
        if advies is not None and advies.auteur is not None:
            _, eigen = per_advies.setdefault(advies.id, (advies, []))
            eigen += [afwijking] if afwijking else []
    return [_bericht(zaak, uitkomst, advies, eigen) for advies, eigen in per_advies.values()]


def _advies_met(zaak: Zaak, afwijking: Afwijking | None) -> FunctioneelAdvies | None:
    """Het advies waar deze eis in staat, het geldende eerst en dan het nieuwste; zonder zo een het geldende."""
    nieuwste = sorted(zaak.paspoort.nieuwste_adviezen, key=lambda a: (str(a.geschreven_op), a.id), reverse=True)
    alle = (zaak.advies, *(a for a in nieuwste if a.verwijzing in zaak.gezien))
    eis = afwijking.eis.strip() if afwijking else None
    return next((a for a in alle if a and eis in {e.tekst.strip() for e in a.eisen}), zaak.advies)


def _bericht(zaak: Zaak, uitkomst: str, advies: FunctioneelAdvies, afwijkingen: Sequence[Afwijking]) -> Json:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(UITKOMST),
        "subject": {"reference": zaak.houder},
        "about": [{"reference": advies.verwijzing}],
        "sent": zaak.nu.isoformat(timespec="seconds"),
        "recipient": [{"reference": advies.auteur}],
        "sender": {"reference": f"Organization/{zaak.organisatie}"},
        "payload": [{"contentString": t} for t in (IN_WOORDEN[uitkomst], *map(afwijking_in_woorden, afwijkingen))],
    }
