"""Waaraan een plak van een slicing te herkennen is: van discriminator naar functie.

Soorten value, pattern, type, exists en profile; paden door elementen, `$this`, `extension('url')`, `resolve()` en
`ofType(X)`. Wat een plak niet te herkennen maakt, is een fout bij het laden. FHIR R4 §5.1.0.14 (Discriminator).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.validatie_regel import Herkenner, Kenner, Regel, voldoet

_STAP = re.compile(
    r"""extension\(\s*(['"]?)(?P<url>[^'")]+)\1\s*\)|(?P<naam>[A-Za-z]+(\[x\])?(\([A-Za-z]*\))?)|\$this"""
)
MAX_DIEPTE = 6  # een onderdeel in zichzelf heeft geen bodem
Stap = tuple[str, str]  # (naam | extension | resolve | ofType | zelf, waarde)


class Bomen(Protocol):
    """Wie de boom van een profiel kan geven."""

    @property
    def definities(self) -> Mapping[str, Json]:
        """Alle StructureDefinitions op url."""

    def boom(self, url: str) -> Regel:
        """De regelboom van een profiel."""


def herkenner(bomen: Bomen, plak: Regel, soort: str, pad: str, waar: str) -> Herkenner:
    """Of een waarde bij deze plak hoort, volgens één discriminator. ValueError als dat niet is vast te stellen."""
    stappen = ontleed_pad(pad, waar)
    if plak.profielen and stappen == [("naam", "url")] and set(plak.namen.values()) == {"Extension"}:
        urls = frozenset(_extensie_url(bomen, p) for p in plak.profielen)
        return lambda waarde, naam, kenner: (
            isinstance(waarde, dict) and isinstance(url := waarde.get("url"), str) and url in urls
        )
    bronnen = _bronnen(bomen, plak, stappen)
    if not any(map(_zegt_iets, bronnen)) and any(p not in bomen.definities for p in plak.profielen):
        # Alles wat de plak herkent, staat in een profiel van anderen dat hier niet is: dan hoort er niets bij.
        return lambda waarde, naam, kenner: False
    if soort in ("value", "pattern"):
        return _op_waarde(bronnen, stappen, f"{waar} heeft geen patroon op {pad}")
    if soort == "exists":
        return _bestaat(bronnen, stappen, f"{waar} zegt niet of {pad} bestaat")
    if soort == "type":
        return _op_type(bronnen, stappen, f"{waar} heeft geen type op {pad}")
    if soort == "profile":
        return _op_profiel(bronnen, stappen, f"{waar} heeft geen profiel op {pad}")
    raise ValueError(f"{waar}: discriminator {soort} bestaat niet")


def _zegt_iets(regel: Regel) -> bool:
    return bool(regel.patronen or regel.lijsten or regel.kinderen or regel.min or regel.max == 0 or regel.soorten)


def ontleed_pad(pad: str, waar: str) -> list[Stap]:
    """`code.coding` → stappen. Werpt ValueError als het pad niet mag in een discriminator."""
    stappen: list[Stap] = []
    plaats = 0
    while plaats < len(pad):
        stuk = _STAP.match(pad, plaats)
        if stuk is None:
            raise ValueError(f"{waar}: discriminatorpad {pad}")
        if stuk["url"]:
            stappen.append(("extension", stuk["url"]))
        elif stuk["naam"]:
            naam, _, rest = stuk["naam"].partition("(")
            if rest and naam not in ("resolve", "ofType", "first"):
                raise ValueError(f"{waar}: {naam}() in discriminatorpad {pad}")
            if naam == "ofType" and rest:
                stappen.append(("ofType", rest.removesuffix(")")))
            elif naam == "resolve" and rest:
                stappen.append(("resolve", ""))
            elif not rest:
                stappen.append(("naam", naam.removesuffix("[x]")))
        plaats = stuk.end()
        if plaats < len(pad) and pad[plaats] != ".":
            raise ValueError(f"{waar}: discriminatorpad {pad}")
        plaats += 1
    return stappen


def _extensie_url(bomen: Bomen, profiel: str) -> str:
    """Een profiel op een extensie heet meestal zoals de extensie; onze kopie van een HL7-extensie legt de url vast."""
    if profiel in bomen.definities:
        vast = bomen.boom(profiel).kinderen.get("url")
        if vast is not None and vast.patronen:
            return str(vast.patronen[0][0])
    return profiel


def _bronnen(bomen: Bomen, plak: Regel, stappen: list[Stap]) -> list[Regel]:
    """De regels die op het pad gelden: die van de plak zelf, en die van het profiel dat de plak noemt."""
    huidig = [plak]
    for soort, waarde in stappen:
        volgend: list[Regel] = []
        for regel in huidig:
            for bron in [regel, *(bomen.boom(p) for p in regel.profielen if p in bomen.definities)]:
                if soort == "naam" and waarde in bron.kinderen:
                    volgend.append(bron.kinderen[waarde])
                elif soort == "extension" and (uitbreiding := bron.kinderen.get("extension")) and uitbreiding.plakken:
                    volgend += [p for p in uitbreiding.plakken.plak.values() if waarde in p.profielen]
                elif soort in ("resolve", "ofType"):
                    volgend.append(bron)
        huidig = volgend
    return huidig + [bomen.boom(p) for regel in huidig for p in regel.profielen if p in bomen.definities]


def _waarden(waarde: Any, stappen: list[Stap], kenner: Kenner) -> list[Any]:
    huidig = [waarde]
    for soort, stap in stappen:
        volgend: list[Any] = []
        for een in huidig:
            if soort == "ofType":
                volgend.append(een)
            elif not isinstance(een, dict):
                continue
            elif soort == "naam":
                binnen = een.get(stap)
                if binnen is None:
                    binnen = _keuze(een, stap)
                volgend += binnen if isinstance(binnen, list) else [] if binnen is None else [binnen]
            elif soort == "extension":
                volgend += [e for e in een.get("extension", ()) if isinstance(e, dict) and e.get("url") == stap]
            elif isinstance(adres := een.get("reference"), str) and (doel := kenner.doel(adres)) is not None:
                volgend.append(doel)
        huidig = volgend
    return huidig


def _keuze(ouder: Json, naam: str) -> Any:
    return next((w for n, w in ouder.items() if n.startswith(naam) and n[len(naam) :][:1].isupper()), None)


def _op_waarde(bronnen: list[Regel], stappen: list[Stap], fout: str) -> Herkenner:
    toetsen = [toets for regel in bronnen if (toets := _waardetoets(regel)) is not None]
    if not toetsen:
        if any(regel.min > 0 or regel.max == 0 for regel in bronnen):
            return _bestaat(bronnen, stappen, fout)
        raise ValueError(fout)
    return lambda waarde, naam, kenner: any(
        all(toets(een) for toets in toetsen) for een in _waarden(waarde, stappen, kenner)
    )


def _waardetoets(regel: Regel, diepte: int = 0) -> Callable[[Any], bool] | None:
    """Vaste waarde of patroon, anders een verplichte lijst, anders wat de onderdelen vastleggen."""
    if regel.patronen:
        return lambda waarde: voldoet(regel.patronen, waarde)
    verplicht = [lijst for lijst, verplicht in regel.lijsten if verplicht]
    if verplicht:
        return lambda waarde: any(c != "eruit" for lijst in verplicht for c in lijst.uitkomsten(regel.soort, waarde))
    dieper = regel.kinderen if diepte < MAX_DIEPTE else {}
    binnen = {naam: toets for naam, kind in dieper.items() if (toets := _waardetoets(kind, diepte + 1)) is not None}
    if not binnen:
        return None

    def alle(waarde: Any) -> bool:
        if not isinstance(waarde, dict):
            return False
        for naam, toets in binnen.items():
            deel = waarde.get(naam)
            delen = deel if isinstance(deel, list) else [] if deel is None else [deel]
            if not any(map(toets, delen)):
                return False
        return True

    return alle


def _bestaat(bronnen: list[Regel], stappen: list[Stap], fout: str) -> Herkenner:
    if any(regel.max == 0 for regel in bronnen):
        return lambda waarde, naam, kenner: not _waarden(waarde, stappen, kenner)
    if any(regel.min > 0 for regel in bronnen):
        return lambda waarde, naam, kenner: bool(_waarden(waarde, stappen, kenner))
    raise ValueError(fout)


def _op_type(bronnen: list[Regel], stappen: list[Stap], fout: str) -> Herkenner:
    if stappen and stappen[-1][0] == "resolve":
        doelen = next((regel.doelen for regel in bronnen if regel.doelen), None)
        if doelen is None:
            raise ValueError(fout)

        def doeltype(waarde: Any, naam: str, kenner: Kenner) -> bool:
            for een in _waarden(waarde, stappen[:-1], kenner):
                adres = een.get("reference") if isinstance(een, dict) else None
                if not isinstance(adres, str):
                    continue
                doel, deel = kenner.doel(adres), ontleed(adres)
                soort = doel.get("resourceType") if doel else deel[0] if deel else een.get("type")
                if isinstance(soort, str) and soort in doelen:
                    return True
            return False

        return doeltype
    for regel in bronnen:
        if regel.resourcetypen:
            typen = regel.resourcetypen
            return lambda waarde, naam, kenner: any(
                str(een.get("resourceType")) in typen
                for een in _waarden(waarde, stappen, kenner)
                if isinstance(een, dict)
            )
    namen = next((regel.soorten for regel in bronnen if regel.soorten), None)
    if namen is None:
        raise ValueError(fout)
    if not stappen:
        return lambda waarde, naam, kenner: naam in namen
    ouders = stappen[:-1]
    return lambda waarde, naam, kenner: any(
        isinstance(een, dict) and not namen.isdisjoint(een) for een in _waarden(waarde, ouders, kenner)
    )


def _op_profiel(bronnen: list[Regel], stappen: list[Stap], fout: str) -> Herkenner:
    naar_doel = bool(stappen) and stappen[-1][0] == "resolve"
    profielen = [p for regel in bronnen for p in (regel.doelprofielen if naar_doel else regel.profielen)]
    if not profielen and not naar_doel:
        raise ValueError(fout)
    # Een doel dat niet in de hand is, is niet te wegen: dan hoort de verwijzing bij geen plak (zoals bij HL7).
    return lambda waarde, naam, kenner: any(
        kenner.past(een, profiel) for een in _waarden(waarde, stappen, kenner) for profiel in profielen
    )
