"""De dag waarop een test draait, zoals het product haar kent: een dag is een dag in Nederland.

De machine zelf kan een andere tijd voeren (CI: UTC); tussen 23 en 24 uur UTC is het hier al morgen.
"""

from __future__ import annotations

from datetime import date, datetime

from paspoort.toestemming import HIER


def vandaag() -> date:
    """De datum van nu in Nederland."""
    return datetime.now(HIER).date()


def dag_van(seconden: float) -> date:
    """De datum in Nederland van een moment in seconden sinds 1970."""
    return datetime.fromtimestamp(seconden, HIER).date()
