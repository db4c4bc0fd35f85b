"""Toegang als gegevens: groepen (§2), rollen (§3) en doelen (§4) van de toegangstabellen. Dicht als standaard.

Alleen tabellen en zuivere opzoekingen. Wie wat op dit moment ziet, rekent `server/access/zicht.py` uit; hoe een
FHIR-resource wordt gesnoeid, staat in `paspoort/fhir/projectie.py`.
"""

from paspoort.toegang.doelen import DOELEN, Doel, groepen_van_doel
from paspoort.toegang.groepen import ALLE_GROEPEN, GROEPEN
from paspoort.toegang.rollen import RECHTEN, leesbaar, recht

__all__ = ["ALLE_GROEPEN", "DOELEN", "GROEPEN", "RECHTEN", "Doel", "groepen_van_doel", "leesbaar", "recht"]
