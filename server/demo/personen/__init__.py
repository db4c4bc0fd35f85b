"""De verzonnen mensen van de demo, elk in een eigen bestand. `DOSSIERS` is de volgorde waarin zij gemaakt worden."""

from __future__ import annotations

from typing import Final

from server.demo.dossier import Dossier
from server.demo.personen.anna import ANNA
from server.demo.personen.gerda import GERDA
from server.demo.personen.henk import HENK
from server.demo.personen.rene import RENE
from server.demo.personen.werkvoorraad import WERKVOORRAAD
from server.demo.personen.yvonne import YVONNE

DOSSIERS: Final[tuple[Dossier, ...]] = (YVONNE, RENE, ANNA, HENK, GERDA, *WERKVOORRAAD)
