"""Loopt een waarde na langs een boom van regels en meldt elke afwijking bij haar element.

Weet niet welke profielen gelden; dat doet `validatie_profiel`. FHIR R4 §5.1 (Profiling), §5.1.0.13 (Slicing).
"""

from __future__ import annotations

from typing import Any, Protocol

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_bouw import Bouwer
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.validatie_orde import orde
from paspoort.fhir.validatie_regel import Regel, voldoet
from paspoort.fhir.validatie_structuur import Wandeling
from paspoort.fhir.validatie_teken import Omgeving
from paspoort.fhir.validatie_verwijzing import opsomming
from paspoort.fhir.validatie_vorm import PRIMITIEVEN

MAX_NESTING = 12  # een profiel dat in een slice naar een profiel wijst dat in een slice …


class Bronnen(Protocol):
    """De bomen van alle profielen, en de waardelijsten."""

    bouwer: Bouwer
    codes: Codes


class Toets:
    """Eén resource langs zijn profielen. `wortel`: wie hem insluit (of hijzelf); `bundel`: waar hij in zit."""

    def __init__(
        self, w: Wandeling, bronnen: Bronnen, resource: Json, wortel: Json, bundel: Json | None, diepte: int = 0
    ) -> None:
        self.w = w
        self.bronnen = bronnen
        self.resource = resource
        self.wortel = wortel
        self.bundel = bundel
        self.diepte = diepte
        self.omgeving = Omgeving(resource, wortel, self.past, self.lid, self.doel)

    # --- wat een herkenner of een invariant kan vragen

    def past(self, waarde: Any, profiel: str) -> bool:
        """Of de waarde zonder fout door dit profiel komt; een profiel dat hier niet is, houdt niets tegen."""
        url = profiel.partition("|")[0]
        if url not in self.bronnen.bouwer.definities:
            return True
        boom = self.bronnen.bouwer.boom(url)
        if not isinstance(waarde, dict) or self.diepte > MAX_NESTING:
            return False
        if "resourceType" in waarde and waarde["resourceType"] != boom.naam:
            return False
        los = Wandeling(self.w.eigen, self.w.vormen, self.w.kent)
        resource = waarde if "resourceType" in waarde else self.resource
        binnen = Toets(los, self.bronnen, resource, self.wortel, self.bundel, self.diepte + 1)
        binnen.waarde_van(boom, boom.naam, waarde, boom.naam, "")
        return not any(m.ernst == "error" for m in los.meldingen)

    def lid(self, waarde: Any, lijst: str) -> bool:
        """Of een code in een waardelijst zit; een lijst die hier niet is, houdt niets tegen."""
        gevonden = self.bronnen.codes.lijst(lijst)
        return gevonden is None or any(u != "eruit" for u in gevonden.uitkomsten(None, waarde))

    def doel(self, adres: str) -> Json | None:
        """De resource achter een adres, als die hier ingesloten is of in dezelfde bundel zit."""
        if adres.startswith("#"):
            ingesloten = self.wortel.get("contained")
            lijst = ingesloten if isinstance(ingesloten, list) else []
            return self.wortel if adres == "#" else _eerste(lijst, "id", adres[1:])
        regels = (self.bundel or {}).get("entry")
        for regel in regels if isinstance(regels, list) else ():
            if isinstance(regel, dict) and isinstance(binnen := regel.get("resource"), dict):
                vol = regel.get("fullUrl")
                if adres in (vol, f"{binnen.get('resourceType')}/{binnen.get('id')}"):
                    return binnen
        return None

    # --- de boom langs

    def wortel_van(self, regel: Regel, plek: str, naam: str) -> None:
        """De regels van een resourceprofiel op de resource zelf."""
        self._invarianten(regel, regel.naam, self.resource, plek)
        self._kinderen(regel, self.resource, plek, naam)

    def waarde_van(self, regel: Regel, soort: str, waarde: Any, plek: str, naam: str) -> None:
        """De regels van één element op één waarde."""
        if waarde is None:  # alleen een toevoeging (bijvoorbeeld data-absent-reason): er is geen waarde om te toetsen
            if soort == "code" and any(verplicht for _, verplicht in regel.lijsten):
                self.w.meld("fhir-verplicht", plek)
            return
        if regel.patronen and not voldoet(regel.patronen, waarde):
            verwacht = ", ".join(_kort(p) for p, _ in regel.patronen)
            self.w.meld("fhir-profiel-waarde", plek, profiel=naam, verwacht=verwacht)
        for lijst, verplicht in regel.lijsten:
            self._code(lijst, verplicht, soort, waarde, plek)
        if regel.laagst is not None and orde(waarde, regel.laagst) == -1:
            self.w.meld("fhir-profiel-grens", plek, profiel=naam)
        if regel.hoogst is not None and orde(waarde, regel.hoogst) == 1:
            self.w.meld("fhir-profiel-grens", plek, profiel=naam)
        if regel.lengte is not None and isinstance(waarde, str) and len(waarde) > regel.lengte:
            self.w.meld("fhir-te-lang", plek)
        if regel.doelen is not None or regel.doelprofielen:
            self._doel(regel, waarde, plek)
        if isinstance(waarde, dict):
            if regel.resourcetypen is not None and str(waarde.get("resourceType")) not in regel.resourcetypen:
                self.w.meld("fhir-profiel-soort", plek, profiel=naam, soorten=opsomming(regel.resourcetypen))
            elif regel.kinderen:
                self._kinderen(regel, waarde, plek, naam)
            if regel.profielen and soort != "Extension":
                self._profielen(regel, soort, waarde, plek)
        if regel.invarianten:
            self._invarianten(regel, soort, waarde, plek)

    def _kinderen(self, regel: Regel, ouder: Json, plek: str, naam: str) -> None:
        for kind in regel.kinderen.values():
            gevonden = [n for n in kind.namen if n in ouder or f"_{n}" in ouder]
            if not gevonden:
                if kind.min > 0 or (kind.plakken is not None and any(p.min for p in kind.plakken.plak.values())):
                    self.w.meld("fhir-verplicht", f"{plek}.{kind.naam}")
                continue
            if kind.soorten is not None and gevonden[0] not in kind.soorten:
                soorten = [kind.namen[n] for n in kind.soorten]
                self.w.meld("fhir-profiel-soort", f"{plek}.{gevonden[0]}", profiel=naam, soorten=opsomming(soorten))
                continue
            hier, soort = f"{plek}.{gevonden[0]}", kind.namen[gevonden[0]]
            waarde = ouder.get(gevonden[0])
            if waarde is None and isinstance(ernaast := ouder.get(f"_{gevonden[0]}"), list):
                waarde = [None] * len(ernaast)
            stukken = [(hier, waarde)]
            if isinstance(waarde, list):
                stukken = [(f"{hier}[{nummer}]", een) for nummer, een in enumerate(waarde)]
            self._tel(kind, stukken, hier, naam)
            if kind.max == 0:
                continue
            for waar, een in stukken:
                self.waarde_van(kind, soort, een, waar, naam)
            if kind.kinderen and soort in PRIMITIEVEN:
                self._toevoegingen(kind, stukken, ouder.get(f"_{gevonden[0]}"), naam)
            if kind.plakken is not None:
                self._plakken(kind, gevonden[0], stukken, hier, naam)

    def _toevoegingen(self, regel: Regel, stukken: list[tuple[str, Any]], ernaast: Any, naam: str) -> None:
        """De extensies van een primitief staan ernaast, in `_naam`."""
        naast = ernaast if isinstance(ernaast, list) else [ernaast]
        for nummer, (waar, _) in enumerate(stukken):
            een = naast[nummer] if nummer < len(naast) else None
            self._kinderen(regel, een if isinstance(een, dict) else {}, waar, naam)

    def _tel(self, regel: Regel, stukken: list[tuple[str, Any]], plek: str, naam: str, onzeker: bool = False) -> None:
        if len(stukken) < regel.min:
            code = "fhir-verplicht" if regel.min == 1 else "fhir-te-weinig"
            self.w.meld(code, plek, min=str(regel.min))
        elif regel.max == 0 and stukken:
            self.w.meld("fhir-niet-toegestaan", stukken[0][0], profiel=naam)
        elif regel.max is not None and len(stukken) > regel.max and not onzeker:
            self.w.meld("fhir-te-veel", stukken[regel.max][0], max=str(regel.max))

    def _plakken(self, regel: Regel, json_naam: str, stukken: list[tuple[str, Any]], plek: str, naam: str) -> None:
        snede = regel.plakken
        assert snede is not None
        soort = regel.namen[json_naam]
        plaats: dict[int, int] = {}  # stuk → plak
        for nummer, plak in sorted(enumerate(snede.plak.values()), key=lambda paar: paar[1].onzeker):
            passend = []
            for index, (_, een) in enumerate(stukken):
                if index not in plaats and all(herkent(een, json_naam, self) for herkent in plak.herkent):
                    plaats[index] = nummer
                    passend.append(stukken[index])
            self._tel(plak, passend, plek, naam, plak.onzeker)
            if plak.max != 0:
                for waar, een in passend:
                    self.waarde_van(plak, soort, een, waar, naam)
        laatste = -1
        for index, (waar, _) in enumerate(stukken):
            if index not in plaats:
                # openAtEnd: wat bij geen plak hoort, staat na alle plakken
                aan_het_eind = snede.regels == "openAtEnd" and not any(later > index for later in plaats)
                if snede.regels == "closed" or (snede.regels == "openAtEnd" and not aan_het_eind):
                    self.w.meld("fhir-profiel-regel", waar, profiel=naam)
                continue
            if snede.geordend and plaats[index] < laatste:
                self.w.meld("fhir-profiel-volgorde", waar, profiel=naam)
            laatste = max(laatste, plaats[index])

    def _invarianten(self, regel: Regel, soort: str, waarde: Any, plek: str) -> None:
        for per_soort in regel.invarianten:
            toets = per_soort.get(soort)
            if toets is not None and not toets.geldt(waarde, self.omgeving):
                self.w.meld_regel(toets, plek)

    def _profielen(self, regel: Regel, soort: str, waarde: Json, plek: str) -> None:
        """Een datatype met een eigen profiel: één ervan past. Bij één profiel staan de fouten bij hun element."""
        bomen = self.bronnen.bouwer
        bekend = [p for p in regel.profielen if p in bomen.definities and bomen.definities[p]["type"] == soort]
        if not bekend or len(bekend) < len(regel.profielen):
            return
        if len(bekend) == 1 and self.diepte <= MAX_NESTING:
            self.diepte += 1
            self.waarde_van(bomen.boom(bekend[0]), soort, waarde, plek, bekend[0].rpartition("/")[2])
            self.diepte -= 1
        elif not any(self.past(waarde, profiel) for profiel in bekend):
            self.w.meld("fhir-profiel-geen", plek, profielen=opsomming([p.rpartition("/")[2] for p in bekend]))

    def _doel(self, regel: Regel, waarde: Any, plek: str) -> None:
        if not isinstance(waarde, dict):
            return
        genoemd, adres = waarde.get("type"), waarde.get("reference")
        if isinstance(genoemd, str) and regel.doelen is not None and genoemd not in regel.doelen:
            self.w.meld("fhir-verwijzing-doel", f"{plek}.type", doelen=opsomming(regel.doelen))
        if not isinstance(adres, str):
            return
        doel, deel = self.doel(adres), ontleed(adres)
        soort = doel.get("resourceType") if doel is not None else deel[0] if deel is not None else None
        if isinstance(soort, str) and regel.doelen is not None and soort not in regel.doelen:
            self.w.meld("fhir-verwijzing-doel", f"{plek}.reference", doelen=opsomming(regel.doelen))
        elif doel is not None and regel.doelprofielen and not any(self.past(doel, p) for p in regel.doelprofielen):
            namen = [p.rpartition("/")[2] for p in regel.doelprofielen]
            self.w.meld("fhir-profiel-geen", f"{plek}.reference", profielen=opsomming(namen))

    def _code(self, lijst: Any, verplicht: bool, soort: str, waarde: Any, plek: str) -> None:
        uitkomsten = lijst.uitkomsten(soort, waarde)
        if "erin" in uitkomsten or "onbekend" in uitkomsten:
            return
        waar = plek
        if soort == "CodeableConcept":
            waar = f"{plek}.coding[0]" if uitkomsten else f"{plek}.coding"
        if verplicht and not lijst.open_stelsels:
            if uitkomsten or soort not in PRIMITIEVEN:
                self.w.meld("fhir-code-onbekend", waar, codes=opsomming(lijst.kaal))
        elif uitkomsten:
            self.w.meld("fhir-code-buiten-lijst", waar, lijst=lijst.naam, ernst="warning")


def _eerste(lijst: list[Any], naam: str, waarde: str) -> Json | None:
    return next((een for een in lijst if isinstance(een, dict) and een.get(naam) == waarde), None)


def _kort(patroon: Any) -> str:
    """Een patroon in een paar woorden: de codes en waarden die erin staan."""
    if isinstance(patroon, dict):
        delen = [_kort(v) for n, v in patroon.items() if n != "system" or "code" not in patroon]
        return " ".join(delen)
    if isinstance(patroon, list):
        return ", ".join(map(_kort, patroon))
    return str(patroon).removeprefix(BASIS)
