"""Van StructureDefinition naar boom van regels: de differential over de boom van zijn basis heen.

Zo komt van een keten (nl-core op zib op R4) precies uit wat de snapshot bedoelt; een snapshot wordt alleen gelezen als
de basis hier niet is. Een pad, type, lijst of regel die R4 niet kent, is een fout bij het laden.
FHIR R4 §5.1 (Profiling), §5.1.0.13 (Slicing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_codes import Codes, onbekende_lijst
from paspoort.fhir.validatie_herken import herkenner
from paspoort.fhir.validatie_pad import HL7, Invariant, invariant
from paspoort.fhir.validatie_regel import Plakken, Regel, Slicingregels, vorm_of_fout
from paspoort.fhir.validatie_vorm import PRIMITIEVEN, Vorm, is_resourcetype, vorm

_EXTENSIES = ("extension", "modifierExtension")
_MINIMUM = f"{BASIS}StructureDefinition/hmp-"  # toetst elke resource al bij haar zelf


class Bouwer:
    """Maakt en onthoudt de bomen van alle profielen."""

    def __init__(self, definities: Mapping[str, Json], codes: Codes) -> None:
        """`definities`: StructureDefinitions op url."""
        self.definities = definities
        self.codes = codes
        # onze kopieën van extensies van HL7: de url die zij vastleggen → hun eigen url
        self._van_hl7 = {
            str(e["fixedUri"]): url
            for url, d in definities.items()
            if d["type"] == "Extension"
            for e in d.get("differential", {}).get("element", ())
            if e["id"] == "Extension.url" and str(e.get("fixedUri", url)) != url
        }
        self._bomen: dict[str, Regel] = {}
        self._bezig: list[str] = []

    def boom(self, url: str) -> Regel:
        """De regelboom van een profiel. Werpt ValueError bij een pad, soort, basis of waardelijst die er niet is."""
        if url not in self._bomen:
            if url in self._bezig:
                raise ValueError(f"{url} verwijst naar zichzelf (via {self._bezig})")
            self._bezig.append(url)
            try:
                self._bomen[url] = self._bouw(self.definities[url])
            finally:
                self._bezig.pop()
        return self._bomen[url]

    def _bouw(self, definitie: Json) -> Regel:
        soort, url, basis = definitie["type"], definitie["url"], definitie.get("baseDefinition", HL7)
        elementen = definitie.get("differential", {}).get("element", ())
        if basis in self.definities:
            wortel = self.boom(basis).kopie()
        else:
            vorm_of_fout(soort, url)
            wortel = Regel(soort, {soort: soort}, lijst=False)
            if not basis.startswith(HL7):
                elementen = definitie.get("snapshot", {}).get("element", ())
                if not elementen:
                    raise ValueError(f"{url}: basis {basis} is hier niet, en een snapshot ook niet")
        for element in elementen:
            stukken = _stukken(element)
            if stukken[0] != soort:
                raise ValueError(f"{url}: {element['id']} begint niet met {soort}")
            regel = wortel
            for stuk in stukken[1:]:
                regel = self._daal(regel, stuk, f"{url} {element['id']}")
            self._vul(regel, element, url)
        self._kenmerken(wortel, url, set())
        _herhaal(wortel, {}, set())
        return wortel

    def _daal(self, ouder: Regel, stuk: str, waar: str) -> Regel:
        naam, _, plak = stuk.partition(":")
        regel = ouder.kinderen.get(naam.removesuffix("[x]") if naam not in ouder.kinderen else naam)
        if regel is None:
            regel = self._nieuw(ouder, naam, waar)
            ouder.kinderen[regel.naam] = regel
        if not plak and naam in regel.namen and len(regel.namen) > 1:
            plak = naam  # `valueQuantity` als pad is een plak van `value[x]` op type
        if not plak:
            return regel
        if regel.plakken is None:
            if naam in _EXTENSIES:
                regel.plakken = Plakken((("value", "url"),))
            elif len(regel.namen) > 1:
                regel.plakken = Plakken((("type", "$this"),))
            else:
                raise ValueError(f"{waar}: plak zonder slicing")
        if plak not in regel.plakken.plak:
            nieuw = Regel(regel.naam, regel.namen, regel.lijst, soorten=regel.soorten)
            if plak in regel.namen and len(regel.namen) > 1:
                nieuw.soorten = frozenset({plak})
            regel.plakken.plak[plak] = nieuw
        return regel.plakken.plak[plak]

    def _nieuw(self, ouder: Regel, naam: str, waar: str) -> Regel:
        kort = naam.removesuffix("[x]")
        for url in ouder.profielen if len(ouder.profielen) == 1 else ():
            binnen = self.boom(url).kinderen.get(kort) if url in self.definities else None
            if binnen is not None:
                return binnen.kopie()
        soort = ouder.soort
        if soort is None:
            raise ValueError(f"{waar}: kies eerst één soort voor {ouder.naam}")
        # aan een primitief hangen alleen id en extensies
        v = vorm_of_fout("Element" if soort in PRIMITIEVEN else soort, waar)
        keuze = v.keuzes.get(kort) if naam != kort else next((n for n in v.keuzes.values() if naam in n), None)
        if keuze is not None:
            return _keuze(v, keuze)
        element = v.elementen.get(naam)
        if element is None:
            raise ValueError(f"{waar}: {naam} bestaat niet in {v.naam}")
        return Regel(naam, {naam: element.soort}, lijst=element.lijst)

    def _vul(self, regel: Regel, element: Json, url: str) -> None:
        regel.min = element.get("min", regel.min)
        if (hoogst := element.get("max")) is not None:
            regel.max = None if hoogst == "*" else int(hoogst)
        if "slicing" in element:
            _snijd(regel, element["slicing"], url)
        if typen := element.get("type", ()):
            self._typen(regel, typen, f"{url}: {element['id']}")
            if regel.max is None and "max" not in element and regel.naam in _EXTENSIES and len(regel.profielen) == 1:
                # een plak die niets over aantal zegt, volgt de extensie zelf (Extension.max in haar definitie)
                bron = self._van_hl7.get(regel.profielen[0], regel.profielen[0])
                regel.max = self.boom(bron).max if bron in self.definities else None
        vast = [(w, naam.startswith("fixed")) for naam, w in element.items() if naam.startswith(("fixed", "pattern"))]
        if vast:
            regel.patronen = tuple(vast)
        if binding := element.get("binding"):
            self._lijst(regel, binding, url)
        for naam, waarde in element.items():
            if naam.startswith("minValue"):
                regel.laagst = waarde
            elif naam.startswith("maxValue"):
                regel.hoogst = waarde
        regel.lengte = element.get("maxLength", regel.lengte)
        for constraint in element.get("constraint", ()):
            # wat HL7 zelf stelde, geldt overal waar het type voorkomt: validatie_basis
            if not constraint.get("source", "").startswith(HL7):
                regel.invarianten += (self._invariant(regel, constraint, url),)

    def _typen(self, regel: Regel, typen: list[Json], waar: str) -> None:
        mogen = {t["code"] for t in typen}
        if len(regel.namen) > 1:
            soorten = frozenset(naam for naam, soort in regel.namen.items() if soort in mogen)
            if len({regel.namen[n] for n in soorten}) != len(mogen):
                raise ValueError(f"{waar} kan niet {sorted(mogen)} zijn")
            regel.soorten = soorten
        elif "Resource" in regel.namen.values() and not mogen & {"Resource", "DomainResource"}:
            if onbekend := [m for m in mogen if not is_resourcetype(m)]:
                raise ValueError(f"{waar} kan niet {onbekend} zijn")
            regel.resourcetypen = frozenset(mogen)
        doelen = [d for t in typen if t["code"] == "Reference" for d in t.get("targetProfile", ())]
        if doelen:
            soorten_ = [self._doeltype(d, waar) for d in doelen]
            regel.doelen = None if None in soorten_ or "Resource" in soorten_ else frozenset(map(str, soorten_))
            bekend = [d for d in doelen if d in self.definities and not d.startswith(_MINIMUM)]
            regel.doelprofielen = tuple(bekend) if len(bekend) == len(doelen) else ()
        if profielen := tuple(p for t in typen for p in t.get("profile", ())):
            for profiel in profielen:
                if profiel.startswith(BASIS) and profiel not in self.definities:
                    raise ValueError(f"{waar}: profiel {profiel} bestaat niet")
            regel.profielen = profielen

    def _doeltype(self, canonical: str, waar: str) -> str | None:
        if canonical in self.definities:
            return str(self.definities[canonical]["type"])
        if canonical.startswith(BASIS):
            raise ValueError(f"{waar}: doel {canonical} bestaat niet")
        return canonical.removeprefix(HL7) if canonical.startswith(HL7) else None

    def _lijst(self, regel: Regel, binding: Json, url: str) -> None:
        if binding["strength"] not in ("required", "extensible") or "valueSet" not in binding:
            return
        lijst = self.codes.lijst(binding["valueSet"])
        if lijst is None and binding["valueSet"].startswith(BASIS):
            raise ValueError(f"{url}: waardelijst {binding['valueSet']} bestaat niet")
        regel.lijsten = ((lijst or onbekende_lijst(binding["valueSet"]), binding["strength"] == "required"),)

    def _invariant(self, regel: Regel, constraint: Json, url: str) -> dict[str, Invariant]:
        klaar = {}
        for naam in regel.soorten or regel.namen:
            soort = regel.namen[naam]
            resource = soort if is_resourcetype(soort) else None
            if (gevonden := invariant(constraint, soort, soort, resource, url)) is not None:
                klaar[soort] = gevonden
        return klaar

    def _kenmerken(self, regel: Regel, url: str, gehad: set[int]) -> None:
        """Zoek van elke plak op waaraan hij herkend wordt."""
        if id(regel.kinderen) not in gehad:
            gehad.add(id(regel.kinderen))
            for kind in regel.kinderen.values():
                self._kenmerken(kind, url, gehad)
        if regel.plakken is None:
            return
        for naam, plak in regel.plakken.plak.items():
            self._kenmerken(plak, url, gehad)
            if naam == "@default":
                raise ValueError(f"{url}: {regel.naam}:@default kan niet")
            if regel.naam in _EXTENSIES and not plak.profielen and "url" not in plak.kinderen:
                # een deel van een extensie van anderen die hier niet is: haar plakken heten naar hun url
                if url.startswith(BASIS):
                    raise ValueError(f"{url}: plak {regel.naam}:{naam} heeft geen patroon op url")
                plak.kinderen["url"] = Regel("url", {"url": "uri"}, lijst=False, patronen=((naam, True),))
            plak.herkent = tuple(
                herkenner(self, plak, soort, pad, f"{url}: plak {regel.naam}:{naam}")
                for soort, pad in regel.plakken.kenmerken
            )


def _stukken(element: Json) -> list[str]:
    """Het id in stukken; een url in een sliceName kan punten hebben, dus niet blind op punten."""
    if "." not in element.get("sliceName", ""):
        return [str(stuk) for stuk in element["id"].split(".")]
    namen: list[str] = []
    for stuk in element["id"].split("."):
        if namen and ":" in namen[-1] and stuk not in element["path"].split(".")[len(namen) :][:1]:
            namen[-1] = f"{namen[-1]}.{stuk}"
        else:
            namen.append(stuk)
    return namen


def _keuze(v: Vorm, keuze: tuple[str, ...]) -> Regel:
    groep = next(g for g, namen in v.keuzes.items() if namen == keuze)
    return Regel(groep, {n: v.elementen[n].soort for n in keuze}, lijst=False)


def _snijd(regel: Regel, slicing: Json, url: str) -> None:
    regels = slicing.get("rules", "open")
    if regels not in get_args(Slicingregels):
        raise ValueError(f"{url}: slicing {regels} bestaat niet")
    kenmerken = tuple((d["type"], d["path"]) for d in slicing.get("discriminator", ()))
    if not kenmerken and regel.plakken is None:
        raise ValueError(f"{url}: slicing van {regel.naam} zonder kenmerk")
    if regel.plakken is None:
        regel.plakken = Plakken(kenmerken)
    regel.plakken = replace(
        regel.plakken,
        kenmerken=kenmerken or regel.plakken.kenmerken,
        regels=regels,
        geordend=slicing.get("ordered", False),
    )


def _herhaal(regel: Regel, boven: dict[str, Regel], gehad: set[int]) -> None:
    """contentReference: een onderdeel in zichzelf (Questionnaire.item.item) volgt de regels van het buitenste."""
    if id(regel.kinderen) in gehad:
        return
    gehad.add(id(regel.kinderen))
    soort = regel.soort
    v = vorm(soort) if soort is not None else None
    onderdeel = v is not None and "BackboneElement" in v.afkomst and not regel.resourcetypen
    if v is None or soort is None:
        return
    if onderdeel and regel.kinderen:
        boven = {**boven, soort: regel}
        for element in v.elementen.values():
            if element.soort in boven:
                buiten = boven[element.soort]
                nieuw = Regel(element.naam, {element.naam: element.soort}, element.lijst)
                binnen = regel.kinderen.setdefault(element.naam, nieuw)
                if not binnen.kinderen:
                    binnen.kinderen = buiten.kinderen
                    binnen.invarianten += buiten.invarianten
    for kind in list(regel.kinderen.values()):
        _herhaal(kind, boven, gehad)
    if regel.plakken is not None:
        for plak in regel.plakken.plak.values():
            _herhaal(plak, boven, gehad)


def bouw(definitie: Json, codes: Codes) -> Regel:
    """De regelboom van één losse StructureDefinition. Werpt ValueError bij iets wat er niet is."""
    return Bouwer({definitie["url"]: definitie}, codes).boom(definitie["url"])
