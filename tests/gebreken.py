# ruff: noqa: E501
"""Geplante gebreken, ruim veertig: steeds één controle weggehaald of verzwakt, om te zien of het orakel haar mist.

Gebruik: `HMP_GEBREK=<naam> python -m pytest -p tests.gebreken <toetsen>`. De invoegtoepassing verandert de bron van één
module terwijl zij geladen wordt; op schijf verandert niets. Staat het stukje bron er niet precies één keer, dan valt het
laden om: wie de regel herschrijft, schrijft hier het gebrek mee. Bewezen in `test_gebreken.py`.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any, Final

from hypothesis import Phase, settings

ZICHT: Final = "tests/server/access/test_zicht_orakel.py::test_wat_naar_buiten_komt_is_precies_wat_het_orakel_toestaat"
SCHORSING: Final = "tests/server/access/test_zicht_orakel.py::test_een_geschorste_organisatie_ziet_nooit_iets"
OPPERVLAK: Final = "tests/server/access/test_oppervlak_orakel.py"
NAMENS: Final = "tests/server/access/test_namens_orakel.py"
TEAMS: Final = "tests/server/access/test_teams_orakel.py"
SCHRIJVEN: Final = "tests/server/access/test_schrijven_orakel.py"
ABONNEREN: Final = "tests/server/access/test_abonnement_orakel.py"
# Geen orakel: de orakeltoetsen schrijven tussen twee vragers, en dan is er niets onthouden.
ONTHOUDEN: Final = "tests/server/fhir/test_onthouden.py"


@dataclass(frozen=True)
class Gebrek:
    """Eén weggehaalde controle: in welke module, wat er stond, wat er nu staat, en welke orakeltoets haar vindt."""

    module: str
    stond: str
    wordt: str
    vindt: str = ZICHT


_G, _Z, _P = "server.access.gronden", "server.access.zicht", "paspoort.fhir.projectie"
_M: Final = "server.access.mogen"
GEBREKEN: Final[dict[str, Gebrek]] = {
    "een toestemming die voorbij of ingetrokken is telt mee": Gebrek(_G, " if t.geldt(nu) else []", ""),
    "de roltabel wordt niet gevraagd": Gebrek(_G, "groepen=t.groepen & leesbaar(actor.rol)", "groepen=t.groepen"),
    "een uitzondering telt niet": Gebrek(_G, "uitgezonderd=t.uitzonderingen", "uitgezonderd=frozenset()"),
    "een levering gaat over elk hulpmiddel": Gebrek(
        _G, "hulpmiddelen=betrokken(m, t.betreft) if beperkt else None", "hulpmiddelen=None"
    ),
    "een gesloten Task geeft zicht": Gebrek(_G, "if not taak.open or not is_van", "if not is_van"),
    "een Task opent het hele paspoort": Gebrek(_G, "alleen=frozenset(bereik)", "alleen=None"),
    "een Task om af te stemmen opent wat definitief is": Gebrek(_G, "if taak.doel == AFSTEMMING:", "if False:"),
    "een Task geeft meer dan zijn doel": Gebrek(
        _G, '(van_doel | {"voortgang"}) & leesbaar(actor.rol)', "leesbaar(actor.rol)"
    ),
    "een eigen Task houdt andermans voortgang zichtbaar": Gebrek(_G, 'frozenset({"voortgang"}) - van_doel', "frozenset()"),
    "een Task van een ander telt": Gebrek(_G, "if not taak.open or not is_van_organisatie(actor, taak, register, nu):", "if not taak.open:"),
    "een schorsing telt niet": Gebrek(_G, "and organisatie not in register.geschorst", "", SCHORSING),
    "een gesprek met een ander is te lezen": Gebrek(_Z, "mag = self._in_gesprek(versie.inhoud)", "mag = True"),
    "een therapeut leest elke Task": Gebrek(_Z, 'elif versie.type == "Task" and', 'elif versie.type == "Taak" and'),
    "een evaluatie hoeft niet over een eigen Task te gaan": Gebrek(
        _Z, 'return ALTIJD_APART if self._over_eigen_taak(versie) else', "return ALTIJD_APART if True else"
    ),
    "een Provenance die uitgezonderd is, is er toch": Gebrek(
        _Z, "return any(plek not in g.uitgezonderd for g in gronden)", "return True", NAMENS
    ),
    "een verwijzing naar iets verborgens blijft staan": Gebrek(
        _Z, "return versie is not None and not versie.verwijderd and self._ziet(versie)", "return versie is not None"
    ),
    "een element volgt altijd zijn resource": Gebrek(_P, "return groep is None or groep in lezer.groepen", "return True"),
    "een ander nummer dan het BSN blijft staan": Gebrek(
        _P, 'waarde = [i for i in waarde if isinstance(i, dict) and i.get("system") in tabel.BSN_STELSELS] or WEG', "pass"
    ),
    "zoeken weegt het zicht van wie meekomt niet": Gebrek(
        "server.fhir.context", "return None if versie is None or versie.verwijderd else treffer(versie, blik.zicht.toon(versie))",
        "return None if versie is None or versie.verwijderd else treffer(versie, Getoond(None, versie.tekst, True, (), versie))",
        OPPERVLAK,
    ),
    "_has en _revinclude kijken naar alles": Gebrek(
        "server.fhir.search.verzamelen", "            t = treffer(versie, blik.zicht.toon(versie))\n            if t is not None:\n                yield t",
        "            t = Treffer(versie.type, versie.id, Getoond(None, versie.tekst, True, (), versie))\n            yield t", OPPERVLAK,
    ),
    "wat verborgen is zegt 403 bij wijzigen": Gebrek(
        "server.fhir.schrijven", "    getoond = ctx.toon(blik, versie)\n    if getoond is None:\n", "    getoond = ctx.toon(blik, versie)\n    if getoond is None:\n        raise PaspoortFout(Melding(\"niet-van-u\"))\n    if getoond is None:\n",
        OPPERVLAK,
    ),
    "twee blikken delen hun geheugen": Gebrek(
        _Z, "return (a.soort, a.rol, a.organisatie, a.functie, self.gronden, r.momentopname", "return (a.soort, r.momentopname", ONTHOUDEN
    ),
    "iedereen van de organisatie is toegewezen": Gebrek(
        "server.access.toewijzing", "if actor.soort != \"persoon\":\n        return True\n    type_", "if True:\n        return True\n    type_", TEAMS
    ),
    "een aanleiding eindigt nooit": Gebrek(
        "server.access.toewijzing", "if sinds <= nu < sinds + AANLEIDING_DUURT:", "if sinds <= nu:", TEAMS
    ),
    "een aanleiding van een ander telt ook": Gebrek(
        "server.access.toewijzing", "uit.setdefault(v.auteur, [])", "uit.setdefault(\"PractitionerRole/nienke\", [])", TEAMS
    ),
    "een ouder blijft na de zestiende verjaardag": Gebrek(
        "paspoort.vertegenwoordiging", "return not zelfstandig\n", "return True\n", NAMENS
    ),
    "een mandaat is na zijn einde nog geldig": Gebrek(
        "paspoort.vertegenwoordiging", "if mandaat.periode is not None and not mandaat.periode.bevat(dag):", "if False:", NAMENS
    ),
    "wat afgeschermd is ziet de vertegenwoordiger": Gebrek(_G, "uitgezonderd=b.afgeschermd", "uitgezonderd=frozenset()", NAMENS),
    "een voorbeeld rekent op wat de kijker niet ziet": Gebrek(
        "server.access.voorbeeld", "    if kijker.geheel:\n", "    if True:\n", NAMENS
    ),
    "een mandaat geldt voor alle groepen": Gebrek(_G, "None, b.groepen, tot", "None, ALLE_GROEPEN, tot", NAMENS),
    "wie iets niet zelf schreef wijzigt het toch": Gebrek(
        _M, "def _eigen(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:\n    return zicht.schreef(versie.auteur)",
        "def _eigen(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:\n    return True", SCHRIJVEN,
    ),
    "een definitief advies is nog te wijzigen": Gebrek(
        _M, 'return versie.inhoud.get("status") == "in-progress"', "return True", SCHRIJVEN
    ),
    "een organisatie verwijdert": Gebrek(_M, 'houder = zicht.actor.rol in HOUDERS and type_ != "Patient"', "houder = True", SCHRIJVEN),
    "een rol schrijft in elke groep": Gebrek(
        _M, 'return Besluit(False, f"uw rol schrijft niet in de groep {groep}")', "voorwaarden = frozenset()", SCHRIJVEN
    ),
    "maken hoeft niet binnen het zicht": Gebrek(_M, 'if handeling == "S" and leest and not any(', "if False and not any(", SCHRIJVEN),
    "wie meeleest schrijft ook": Gebrek(
        "server.access.vertegenwoordiging", "if gevonden is None or gevonden.soort is Mandaatsoort.HELPER_LEZEN:",
        "if gevonden is None:", SCHRIJVEN,
    ),
    "schrijven in een verborgen paspoort is niet hetzelfde als in een onbekend": Gebrek(
        "server.fhir.schrijven", 'blik.momentopname.soort == "paspoort" and blik.zicht.gronden else None',
        'blik.momentopname.soort == "paspoort" else None', SCHRIJVEN,
    ),
    "een mens zet een abonnement": Gebrek(
        _M, "app = zicht.actor.client_id is not None and (", "app = True or (", ABONNEREN
    ),
    "een andere app neemt een abonnement over": Gebrek(
        "server.fhir.rules.abonnement", "if oud is not None and actor.client_id not in _apps(oud):", "if False:", ABONNEREN
    ),
    "een andere app verwijdert een abonnement": Gebrek(
        "server.fhir.rules.abonnement", "or (nieuw is None and actor.patient is not None)", "or nieuw is None", ABONNEREN
    ),
    "een abonnement overleeft het mandaat": Gebrek(
        "server.oauth.abonnee", "return actor if await heeft_grond(opslag, actor, nu) else None", "return actor", ABONNEREN
    ),
    "een bericht gaat ook naar wie de taak niet ziet": Gebrek(
        "server.post.bezorger", "getoond, eerder = zicht.toon(nu), zicht.toon(toen)",
        "getoond = eerder = Getoond(None, nu.tekst, True, (), nu)", OPPERVLAK,
    ),
}  # fmt: skip


class _Lader(SourceFileLoader):
    def __init__(self, naam: str, pad: str, gebrek: Gebrek) -> None:
        super().__init__(naam, pad)
        self.gebrek = gebrek

    def get_code(self, fullname: str) -> Any:
        """De bron van de schijf, met het gebrek erin; nooit uit een bewaarde vertaling."""
        bron = self.get_data(self.path).decode()
        aantal = bron.count(self.gebrek.stond)
        if aantal != 1:
            raise ImportError(f"{fullname}: de plek van het gebrek staat er {aantal} keer")
        return compile(bron.replace(self.gebrek.stond, self.gebrek.wordt), self.path, "exec")


class _Zoeker(importlib.abc.MetaPathFinder):
    def __init__(self, gebrek: Gebrek) -> None:
        self.gebrek = gebrek

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Alleen de ene module krijgt een andere lader."""
        if fullname != self.gebrek.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return spec
        spec.loader = _Lader(fullname, spec.origin, self.gebrek)
        return spec


if _naam := os.environ.get("HMP_GEBREK"):
    # Vinden is genoeg; het kleinste voorbeeld zoeken duurt het langst.
    settings.register_profile("gebrek", phases=[Phase.explicit, Phase.generate], deadline=None)
    settings.load_profile("gebrek")
    _gebrek = GEBREKEN[_naam]
    if _gebrek.module in sys.modules:
        raise RuntimeError(f"{_gebrek.module} was al geladen")
    sys.meta_path.insert(0, _Zoeker(_gebrek))
