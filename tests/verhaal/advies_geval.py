"""De vorm van een advies dat een ergotherapeut gaat schrijven: bij wie, en wat zij zelf moet typen of kiezen.

De teksten staan in `advies_eerste.py` en `advies_vervolg.py`, naar de mensen van de bronnen; zij zijn van dit project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paspoort.advies import FunctioneelAdvies
from server.demo.bouwen import toestemming
from server.demo.dossier import ANKER, IK, Deel, Dossier
from server.demo.register import NIENKE

Waarde = str | bool | tuple[str, ...]


@dataclass(frozen=True)
class Eis:
    """Een eis erbij. `doel` is het probleem of doel dat zij dient, in woorden."""

    tekst: str
    soort: str
    domein: str
    onderbouwing: str
    doel: str
    omstandigheden: str
    gevolg: str
    categorie: str

    def velden(self) -> Mapping[str, str]:
        """Op item.code, in de volgorde waarin iemand denkt."""
        return {f"eis-{naam}": str(waarde) for naam, waarde in self.__dict__.items()}


@dataclass(frozen=True)
class Geval:
    """Eén cliënt, wie reageert, en wat de therapeut schrijft.

    `begin` is de knop van het soort advies; `invullen` als het veld leeg is, `anders` als het antwoord uit het paspoort
    niet meer klopt, `erbij` achter wat er staat.
    """

    naam: str
    wat: str
    dossier: Dossier
    reageert: str
    reactie: str
    eisen: tuple[Eis, ...]
    invullen: Mapping[str, Waarde] = field(default_factory=dict)
    anders: Mapping[str, Waarde] = field(default_factory=dict)
    erbij: Mapping[str, str] = field(default_factory=dict)
    eisen_anders: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    begin: str = "Begin het advies"


def bij_nienke(dossier: Dossier, eerste: bool = False) -> Dossier:
    """Dit paspoort, zo dat Nienke er een advies in mag schrijven; `eerste` als er nog geen advies in staat."""
    delen = (
        Deel(d.auteur, tuple(s for s in d.stukken if not (eerste and isinstance(s, FunctioneelAdvies))), d.herkomst)
        for d in dossier.delen
    )
    ja = toestemming("toestemming-klok", NIENKE, "advies", "therapeut", ANKER, via="qr")
    return Dossier(dossier.code, (*delen, Deel(IK, (ja,))), dossier.log)
