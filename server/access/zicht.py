"""Het ene antwoord op de vraag wat iemand ziet: voor lezen, zoeken, geschiedenis, operaties en bladzijden.

Zicht = gronden (`gronden.py`) ∩ rol (`paspoort/toegang/rollen.py`), tot op het element (`paspoort/fhir/projectie.py`).
De scope van een token weegt de deur. Elk verzoek rekent opnieuw; wat voor hetzelfde zicht op dezelfde momentopname al
gesnoeid is, wordt onthouden. Bron: toegang.md §1 tot en met §4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Final, Literal

from paspoort.fhir.fhirjson import Json, schrijf
from paspoort.fhir.gegevensgroep import SAMENGESTELD, basisgroepen
from paspoort.fhir.projectie import toon as projecteer
from paspoort.fhir.referenties import ontleed, referenties
from paspoort.fhir.vragenlijst.lijst import Vragenlijst, vragenlijst_van
from paspoort.fouten import PaspoortFout
from paspoort.toegang import ALLE_GROEPEN, recht
from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.access.afstemmen import eigen_woorden
from server.access.getoond import Getoond
from server.access.gronden import (
    Grond,
    bepaal_gronden,
    noemt,
    onthoud,
    plek_van,
    taak_uit,
    taken,
)
from server.access.meekijken import ligt_bij
from server.access.mogen import Besluit
from server.access.mogen import mag as _mag
from server.access.vragenlijsten import register_vragenlijst
from server.store.register import REGISTER, Register
from server.store.versions import Momentopname, Versie

REGISTERTYPES: Final = frozenset({"Organization", "Practitioner", "PractitionerRole", "Questionnaire"})
VOOR_IEDEREEN: Final = frozenset({"Organization", "Questionnaire"})
MENSEN: Final = frozenset({"Practitioner", "PractitionerRole"})
# Geen toestemming deelt deze: een Consent toont zich aan wie zij noemt, en het toezicht komt uit het log (`inzage.py`).
ALTIJD_APART: Final = frozenset({"toestemmingen", "toezicht"})
# Zoveel verschillende blikken op één momentopname worden onthouden.
ZICHTEN_ONTHOUDEN: Final = 16

__all__ = ["Besluit", "Getoond", "Grond", "Zicht", "bepaal_zicht"]


# Per type, id en versie: wat er getoond wordt, en of er iets te zien is.
_Sleutel = tuple[str, str, int]
_Geheugen = tuple[dict[_Sleutel, Getoond | None], dict[_Sleutel, bool]]


class Zicht:
    """De blik van één vrager op één momentopname. Maak hem met `bepaal_zicht`."""

    def __init__(
        self,
        actor: Actor,
        momentopname: Momentopname,
        register: Register,
        nu: datetime,
        gronden: tuple[Grond, ...],
        gedeeld: Sequence[Zicht] = (),
    ) -> None:
        self.actor, self.momentopname, self.register, self.nu = actor, momentopname, register, nu
        self.gronden = gronden
        self._namens = actor.rol == "vertegenwoordiger"
        self.geheel = any(g.geheel for g in gronden)
        self._gedeeld = tuple(gedeeld)
        self._geheugen, self._gezien = self._onthouden()

    @property
    def sleutel(self) -> tuple[object, ...]:
        """Alles buiten de momentopname waar het zicht van afhangt: wie met dezelfde sleutel kijkt, ziet hetzelfde.

        De dag hoort erbij omdat een mandaat per dag loopt.
        """
        a, r = self.actor, self.register
        dag = self.nu.astimezone(HIER).date()
        return (a.soort, a.rol, a.organisatie, a.functie, self.gronden, r.momentopname.volgnummer, r.stand, dag)

    @cached_property
    def vingerafdruk(self) -> str:
        """Het zicht als kort teken, voor de ETag van een gedeeltelijk antwoord."""
        a = self.actor
        kern = (a.soort, a.rol, a.organisatie, a.functie, *sorted(repr(g.kern()) for g in self.gronden))
        return hashlib.sha256(repr(kern).encode()).hexdigest()

    # --- zien

    def toon(self, versie: Versie) -> Getoond | None:
        """Wat de vrager van deze versie ziet, of None. Alleen `volledig` geldt ook voor oudere versies (§2)."""
        if versie.verwijderd:
            return None
        if self.geheel:
            return Getoond(None, versie.tekst, True, self.gronden, versie)
        if self.momentopname.partitie == REGISTER:
            return Getoond(None, versie.tekst, True, (), versie) if self._in_register(versie) else None
        if not self.gronden:
            return None
        sleutel = (versie.type, versie.id, versie.versie)
        if sleutel not in self._geheugen:
            self._geheugen[sleutel] = self._snoei(versie)
        return self._geheugen[sleutel]

    def zichtbaar(self, verwijzing: str) -> bool:
        """Of de vrager het doel van deze verwijzing ziet, al is het maar een deel. Een vreemd adres nooit."""
        delen = ontleed(verwijzing) if ":" not in verwijzing else None
        if delen is None:
            return False
        type_, id_, _ = delen
        if type_ in REGISTERTYPES:
            # Wie binnen een gedeeld paspoort genoemd wordt, is daar te zien (§3, onder de tabel).
            versie = self.register.get(type_, id_)
            return versie is not None and not versie.verwijderd
        versie = self.momentopname.get(type_, id_)
        return versie is not None and not versie.verwijderd and self._ziet(versie)

    def groepen_voor(self, versie: Versie) -> frozenset[str]:
        """De groepen die de vrager bij deze resource heeft, uit al zijn gronden samen."""
        return frozenset().union(*(groepen for _, groepen in self._per_grond(versie)))

    def mag(self, handeling: Literal["S", "W", "D"], inhoud: Json, versie: Versie | None) -> Besluit:
        """Of de vrager dit mag maken (S), wijzigen (W) of verwijderen (D), en waarom niet (toegang.md §3).

        `inhoud` is de resource zoals zij wordt (bij D en een eerste vraag over W: zoals zij is), `versie` de huidige.
        """
        return _mag(self, handeling, inhoud, versie)

    def schreef(self, auteur: str) -> bool:
        """Of de vrager deze versie zelf schreef, of (bij een app) iemand van haar organisatie."""
        a = self.actor
        if a.rol in ("houder", "vertegenwoordiger"):
            return auteur == f"Patient/{self.momentopname.partitie}"
        if a.organisatie is None:
            return False
        eigen = {f"Organization/{a.organisatie}", f"PractitionerRole/{a.functie}"}
        return auteur in eigen or (a.soort == "app" and self.register.organisatie_van(auteur) == a.organisatie)

    # --- binnenkant

    def _snoei(self, versie: Versie) -> Getoond | None:
        if versie.type in ("Binary", "Provenance") and not self._ziet(versie):
            return None
        groepen = self.groepen_voor(versie)
        if self._namens and self._onverkort(versie, groepen):
            return Getoond(None, versie.tekst, True, self._gronden_van(versie), versie)
        uit = projecteer(
            versie.inhoud,
            groepen,
            self.zichtbaar,
            self._vragenlijst,
            # Wat de houder schreef, is voor wie maar een deel mag zien niet eigen.
            eigen=self.schreef(versie.auteur) and not self._namens,
            basis=frozenset() if versie.type == "Binary" else None,
        )
        if uit is None:
            return None
        inhoud, volledig = uit
        gronden = self._gronden_van(versie)
        if volledig:
            return Getoond(None, versie.tekst, True, gronden, versie)
        return Getoond(inhoud, schrijf(inhoud), False, gronden)

    def _onverkort(self, versie: Versie, groepen: frozenset[str]) -> bool:
        """Of een vertegenwoordiger deze resource ziet zoals zij is: alle groepen, en zij noemt niets afgeschermds.

        Het eigen mandaat is ook bij minder groepen heel te zien, om het te kunnen neerleggen.
        """
        eigen = versie.type == "RelatedPerson" and versie.id == self.actor.mandaat
        noemt = {v.partition("/_history")[0] for _, v in referenties(versie.inhoud)}
        verborgen = {p for g in self.gronden for p in g.uitgezonderd}
        return (groepen == ALLE_GROEPEN or eigen) and not noemt & verborgen

    def _ziet(self, versie: Versie) -> bool:
        """Of er iets van de resource te zien is, zonder haar verwijzingen te wegen."""
        if self.geheel:
            return True
        sleutel = (versie.type, versie.id, versie.versie)
        if sleutel not in self._gezien:
            self._gezien[sleutel] = False  # een kring van verwijzingen laat niets zien
            self._gezien[sleutel] = self._ziet_nu(versie)
        return self._gezien[sleutel]

    def _ziet_nu(self, versie: Versie) -> bool:
        if not self.gronden:
            return False
        if versie.type == "Provenance":
            doelen = [d.get("reference") for d in versie.inhoud.get("target") or [] if isinstance(d, dict)]
            return any(self._volgt(versie, d) for d in doelen if isinstance(d, str))
        if versie.type == "Binary":
            documenten = self._documenten().get(versie.id, ())
            los = not documenten and not self._namens and self.schreef(versie.auteur)
            return los or any(self._ziet(d) for d in documenten)
        groepen = self.groepen_voor(versie)
        if self._namens and groepen == ALLE_GROEPEN:
            return True  # ook wat bij geen groep hoort; afgeschermd gaf geen enkele groep
        if versie.type in SAMENGESTELD:
            return projecteer(versie.inhoud, groepen, lambda _: False, self._vragenlijst) is not None
        nodig = basisgroepen(versie.inhoud)
        if nodig is None or not nodig <= groepen:
            return False
        # Een foto telt alleen mee met het hulpmiddel waar zij van is.
        return versie.type != "DocumentReference" or (
            projecteer(versie.inhoud, groepen, self.zichtbaar, self._vragenlijst) is not None
        )

    def _volgt(self, versie: Versie, verwijzing: str) -> bool:
        """Of het doel van een Provenance te zien is langs een grond die haar niet uitzondert."""
        if not self.zichtbaar(verwijzing):
            return False
        plek, doel = f"{versie.type}/{versie.id}", ontleed(verwijzing)
        gezien = self.momentopname.get(*doel[:2]) if doel is not None else None
        gronden = self._gronden_van(gezien) if gezien is not None else self.gronden
        return any(plek not in g.uitgezonderd for g in gronden)

    def _per_grond(self, versie: Versie) -> list[tuple[Grond, frozenset[str]]]:
        """Elke grond met de groepen die hij bij deze resource geeft, na de voorwaarden van de roltabel."""
        if self._namens:
            return [(g, groepen) for g in self.gronden if (groepen := g.groepen_voor(versie, False))]
        eigen = self.schreef(versie.auteur)
        af = self._voorwaarden(versie)
        uit = []
        for grond in self.gronden:
            groepen = grond.groepen_voor(versie, eigen)
            if versie.type == "Consent":
                # Een partij ziet alleen de toestemming die haar noemt en nu geldt.
                noemt_hen = grond.verwijzing == f"Consent/{versie.id}"
                groepen = groepen | {"toestemmingen"} if noemt_hen else frozenset()
            elif groepen:
                groepen = (groepen | eigen_woorden(grond, versie, eigen)) - af
            if groepen:
                uit.append((grond, groepen))
        return uit

    def _voorwaarden(self, versie: Versie) -> frozenset[str]:
        """De groepen die bij deze resource vervallen omdat de rol ze alleen onder een voorwaarde leest (§3)."""
        rol = self.actor.rol
        mag = True
        if versie.type == "Communication":
            mag = self._in_gesprek(versie.inhoud)
        elif versie.type == "Task" and "met-hen" in (recht("voortgang", rol, "L") or ()):
            taak = taak_uit(versie.inhoud)
            mag = ligt_bij(self.actor, taak, self.register, self.nu, self.gronden) or self._ben_ik(taak.aanvrager)
        elif versie.type == "QuestionnaireResponse" and "eigen-taak" in (recht("ervaringen", rol, "L") or ()):
            return ALTIJD_APART if self._over_eigen_taak(versie) else ALTIJD_APART | {"ervaringen"}
        return ALTIJD_APART if mag else ALTIJD_APART | {"voortgang"}

    def _in_gesprek(self, gesprek: Json) -> bool:
        delen = [gesprek.get("sender"), *(gesprek.get("recipient") or [])]
        return any(self._ben_ik(plek_van(d) or "") for d in delen)

    def _ben_ik(self, verwijzing: str) -> bool:
        return noemt(self.actor, verwijzing, self.register, self.nu)

    def _over_eigen_taak(self, versie: Versie) -> bool:
        plek = f"{versie.type}/{versie.id}"
        genoemd = {v.partition("/_history")[0] for _, v in referenties(versie.inhoud)}
        return any(
            (plek in taak.wijst_naar or taak.plek in genoemd)
            and (ligt_bij(self.actor, taak, self.register, self.nu, self.gronden) or self._ben_ik(taak.aanvrager))
            for taak in taken(self.momentopname)
        )

    def _gronden_van(self, versie: Versie) -> tuple[Grond, ...]:
        if versie.type == "Binary":
            per = [g for d in self._documenten().get(versie.id, ()) for g in self._gronden_van(d)]
            return tuple(dict.fromkeys(per)) or self.gronden
        if versie.type == "Provenance":
            doelen = [plek_van(d) for d in versie.inhoud.get("target") or []]
            delen = [p.partition("/") for p in doelen if p and self.zichtbaar(p)]
            doelversies = [v for t, _, i in delen if (v := self.momentopname.get(t, i)) is not None and v is not versie]
            return tuple(dict.fromkeys(g for v in doelversies if v.type != "Provenance" for g in self._gronden_van(v)))
        nodig = None if versie.type in SAMENGESTELD else basisgroepen(versie.inhoud)
        return tuple(g for g, groepen in self._per_grond(versie) if nodig is None or nodig & groepen)

    def _documenten(self) -> dict[str, tuple[Versie, ...]]:
        """Per Binary de documenten die haar als bijlage hebben."""
        return onthoud(self.momentopname, "documenten", self._maak_documenten)

    def _maak_documenten(self) -> dict[str, tuple[Versie, ...]]:
        uit: dict[str, tuple[Versie, ...]] = {}
        for versie in self.momentopname.van_type("DocumentReference"):
            for deel in versie.inhoud.get("content") or []:
                url = (deel.get("attachment") or {}).get("url") if isinstance(deel, dict) else None
                if isinstance(url, str) and url.startswith("Binary/"):
                    id_ = url.removeprefix("Binary/")
                    uit[id_] = (*uit.get(id_, ()), versie)
        return uit

    def _vragenlijst(self, response: Json) -> Vragenlijst | None:
        try:
            return vragenlijst_van(response)
        except PaspoortFout:
            return register_vragenlijst(self.register, response.get("questionnaire"))

    def _in_register(self, versie: Versie) -> bool:
        """Organisaties en vragenlijsten voor iedereen; mensen binnen de eigen organisatie of een gedeeld paspoort."""
        a = self.actor
        if versie.type in VOOR_IEDEREEN or a.rol == "beheerder":
            return True
        if versie.type not in MENSEN:
            return False
        plek = f"{versie.type}/{versie.id}"
        functies = [f"PractitionerRole/{versie.id}"] if versie.type == "PractitionerRole" else self._functies(versie.id)
        if a.organisatie is not None and any(self.register.organisatie_van(f) == a.organisatie for f in functies):
            return True
        return any({plek, *functies} & z.genoemd() for z in self._gedeeld)

    def _functies(self, practitioner: str) -> list[str]:
        doel = f"Practitioner/{practitioner}"
        rollen = self.register.van_type("PractitionerRole")
        return [f"PractitionerRole/{v.id}" for v in rollen if plek_van(v.inhoud.get("practitioner")) == doel]

    def genoemd(self) -> frozenset[str]:
        """Alles waar de zichtbare resources van dit paspoort naar wijzen, als `Type/id`."""
        gevonden: set[str] = set()
        for versie in self.momentopname.alle():
            getoond = self.toon(versie)
            if getoond is not None:
                gevonden |= {v.partition("/_history")[0] for _, v in referenties(getoond.inhoud)}
        return frozenset(gevonden)

    def _onthouden(self) -> _Geheugen:
        if self.geheel or self.momentopname.partitie == REGISTER:
            return {}, {}
        alle: dict[object, _Geheugen] = onthoud(self.momentopname, "zichten", dict)
        sleutel = self.sleutel
        if sleutel not in alle:
            if len(alle) >= ZICHTEN_ONTHOUDEN:
                alle.pop(next(iter(alle)))
            alle[sleutel] = ({}, {})
        return alle[sleutel]


def bepaal_zicht(
    actor: Actor, momentopname: Momentopname, register: Register, nu: datetime, gedeeld: Sequence[Zicht] = ()
) -> Zicht:
    """Wat deze vrager op dit moment van deze partitie ziet. Zonder grond: niets.

    Bij het register zijn `gedeeld` de blikken op paspoorten die de vrager in dit verzoek ziet: wie daarin genoemd
    wordt, is ook hier te lezen. `nu` draagt een tijdzone.
    """
    return Zicht(actor, momentopname, register, nu, bepaal_gronden(actor, momentopname, register, nu), gedeeld)
