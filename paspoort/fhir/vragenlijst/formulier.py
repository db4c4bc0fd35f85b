"""Een vragenlijst als formulier voor een bladzijde: velden, groepen en rijen als waarden, klaar voor een sjabloon.

Kent geen HTML. Veldnamen zijn stabiel en uniek: `hulpvraag`, `diagnose` (vaker dezelfde naam), `eis.1.eis-tekst`. Werkt
zonder JavaScript: een knop `rij-erbij` met waarde `eis` vraagt om een lege rij, `rij-weg` met `eis.1` haalt er een weg.
Lezen van het ingestuurde formulier doet `invoer.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Bron
from paspoort.fhir.vragenlijst.controle import antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst
from paspoort.fhir.vragenlijst.vullen import bronnen_van
from paspoort.fouten import Melding

Soort = Literal["regel", "regels", "lijst", "getal", "datum", "janee", "keuze", "keuzes"]
SOORT_VAN_TYPE: Final[Mapping[str, Soort]] = {
    "boolean": "janee",
    "decimal": "getal",
    "integer": "getal",
    "date": "datum",
    "text": "regels",
    "choice": "keuze",
}


@dataclass(frozen=True, slots=True)
class Optie:
    """Eén keuze; `gekozen` als zij nu het antwoord is."""

    waarde: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Veld:
    """Eén vraag. `soort` kiest de invoer; `waarden` is wat er staat (of wat getypt was); `id` is de HTML-id.

    Bij soort `lijst` is elke waarde een eigen invoer met dezelfde naam, plus een lege; de fouten gelden samen.
    """

    naam: str
    id: str
    code: str
    label: str
    soort: Soort
    waarden: tuple[str, ...]
    opties: tuple[Optie, ...]
    hulp: str | None
    eenheid: str | None
    nodig: bool
    max_lengte: int | None
    alleen_als: str | None
    bronnen: tuple[Bron, ...]
    fouten: tuple[Melding, ...]

    @property
    def waarde(self) -> str:
        """De eerste waarde, of leeg."""
        return self.waarden[0] if self.waarden else ""

    @property
    def bron(self) -> Bron | None:
        """De bron van het eerste antwoord."""
        return self.bronnen[0] if self.bronnen else None


@dataclass(frozen=True, slots=True)
class Groep:
    """Een kop met delen, of één rij van een herhaling (dan heeft zij een `nummer` vanaf 1)."""

    naam: str
    id: str
    code: str
    titel: str
    hulp: str | None
    nummer: int | None
    delen: tuple[Veld | Groep | Herhaling, ...]


@dataclass(frozen=True, slots=True)
class Herhaling:
    """Een groep die vaker mag voorkomen. Knoppen: `rij-erbij`=naam, en per rij `rij-weg`=rij.naam."""

    naam: str
    id: str
    code: str
    titel: str
    hulp: str | None
    nodig: bool
    rijen: tuple[Groep, ...]
    fouten: tuple[Melding, ...]


Deel = Veld | Groep | Herhaling


@dataclass(frozen=True, slots=True)
class Foutregel:
    """Een melding met het id van het veld waar zij bij hoort (None: bij het geheel), voor de lijst bovenaan."""

    melding: Melding
    veld_id: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Formulier:
    """Het hele formulier: de delen in volgorde, en alle meldingen met hun veld."""

    titel: str
    delen: tuple[Deel, ...]
    fouten: tuple[Foutregel, ...]

    def velden(self) -> Iterator[Veld]:
        """Alle velden, van boven naar beneden."""
        yield from _velden(self.delen)


@dataclass(frozen=True, slots=True)
class _Bezig:
    """Wat tijdens het opbouwen overal nodig is. `plekken` verzamelt FHIRPath → (veld-id, label)."""

    lijst: Vragenlijst
    bronnen: Mapping[str, Bron]
    extra: frozenset[str]
    meldingen: Mapping[str, tuple[Melding, ...]]
    plekken: dict[str, tuple[str, str]]


def formulier(
    vragenlijst: Vragenlijst,
    response: Json,
    fouten: Sequence[Melding] = (),
    bronnen: Mapping[str, Bron] | None = None,
    extra: Collection[str] = (),
    alleen: Collection[str] | None = None,
) -> Formulier:
    """Het formulier bij een (concept-)response.

    `fouten` hebben een FHIRPath-plek in deze response (van `controleer`, `adviescheck`) of een veldnaam; `bronnen`
    komt anders uit de response; `extra` zijn namen van herhalingen die een lege rij erbij krijgen; `alleen` beperkt
    tot deze bovenste item.codes (andere delen laat `uit_formulier` met hetzelfde `alleen` ongemoeid).
    """
    alle_bronnen = bronnen_van(response, vragenlijst) if bronnen is None else bronnen
    vragen = [v for v in vragenlijst.vragen if alleen is None or v.sleutel in alleen]
    # eerst de plekken leren, dan de meldingen bij hun veld leggen, dan echt bouwen
    plekken: dict[str, tuple[str, str]] = {}
    _delen(
        response, vragen, "QuestionnaireResponse", "", _Bezig(vragenlijst, alle_bronnen, frozenset(extra), {}, plekken)
    )
    regels = tuple(Foutregel(melding, *_veld_bij(melding.plek, plekken)) for melding in fouten)
    per_veld: dict[str, tuple[Melding, ...]] = {}
    for regel in regels:
        if regel.veld_id:
            per_veld[regel.veld_id] = (*per_veld.get(regel.veld_id, ()), regel.melding)
    bezig = _Bezig(vragenlijst, alle_bronnen, frozenset(extra), per_veld, plekken)
    return Formulier(vragenlijst.titel, _delen(response, vragen, "QuestionnaireResponse", "", bezig), regels)


def _velden(delen: Sequence[Deel]) -> Iterator[Veld]:
    for deel in delen:
        if isinstance(deel, Veld):
            yield deel
        elif isinstance(deel, Groep):
            yield from _velden(deel.delen)
        else:
            yield from _velden(deel.rijen)


def _id(naam: str) -> str:
    return naam.replace(".", "-")


def _veld_bij(plek: str | None, plekken: Mapping[str, tuple[str, str]]) -> tuple[str | None, str]:
    """Het veld met de langste plek waar deze plek onder valt."""
    passend = [p for p in plekken if plek is not None and (plek == p or plek.startswith((f"{p}.", f"{p}[")))]
    return plekken[max(passend, key=len)] if passend else (None, "")


def _delen(ouder: Json | None, vragen: Sequence[Vraag], plek: str, voor: str, bezig: _Bezig) -> tuple[Deel, ...]:
    return tuple(_deel(vraag, ouder, plek, voor, bezig) for vraag in vragen)


def _deel(vraag: Vraag, ouder: Json | None, plek: str, voor: str, bezig: _Bezig) -> Deel:
    naam = f"{voor}{vraag.sleutel}"
    eigen = [(f"{plek}.item[{i}]", item) for i, item in enumerate(items_van(ouder))
             if isinstance(item, dict) and item.get("linkId") == vraag.link_id]  # fmt: skip
    leeg = f"{plek}.item.where(linkId='{vraag.link_id}')"
    if not vraag.is_groep:
        return _veld(vraag, naam, eigen, leeg, bezig)
    if vraag.herhaalt:
        return _herhaling(vraag, naam, eigen, leeg, bezig)
    hier, item = eigen[0] if eigen else (leeg, None)
    bezig.plekken[hier] = (_id(naam), vraag.tekst)
    return Groep(
        naam, _id(naam), vraag.sleutel, vraag.tekst, vraag.hulp, None, _delen(item, vraag.kinderen, hier, voor, bezig)
    )


def _herhaling(vraag: Vraag, naam: str, eigen: list[tuple[str, Json]], leeg: str, bezig: _Bezig) -> Herhaling:
    bezig.plekken[leeg] = bezig.plekken[naam] = (_id(naam), vraag.tekst)
    rijen: list[tuple[str, Json | None]] = [*eigen]
    if not rijen or naam in bezig.extra:
        rijen.append((f"{leeg}[nieuw]", None))
    groepen = []
    for nummer, (hier, item) in enumerate(rijen):
        rijnaam = f"{naam}.{nummer}"
        bezig.plekken[hier] = (_id(rijnaam), f"{vraag.tekst} {nummer + 1}")
        delen = _delen(item, vraag.kinderen, hier, f"{rijnaam}.", bezig)
        groepen.append(
            Groep(rijnaam, _id(rijnaam), vraag.sleutel, f"{vraag.tekst} {nummer + 1}", vraag.hulp, nummer + 1, delen)
        )
    fouten = bezig.meldingen.get(_id(naam), ())
    return Herhaling(naam, _id(naam), vraag.sleutel, vraag.tekst, vraag.hulp, vraag.nodig, tuple(groepen), fouten)


def _veld(vraag: Vraag, naam: str, eigen: list[tuple[str, Json]], leeg: str, bezig: _Bezig) -> Veld:
    for plek in (leeg, naam, *(hier for hier, _ in eigen)):
        bezig.plekken[plek] = (_id(naam), vraag.tekst)
    waarden = tuple(
        _als_invoer(waarde[1])
        for _, item in eigen
        for antwoord in antwoorden_van(item)
        if (waarde := waarde_van(antwoord)) is not None
    )
    soort = _soort(vraag)
    if soort == "janee":
        opties = tuple(Optie(tekst, tekst.capitalize(), tekst in waarden) for tekst in ("ja", "nee"))
    else:
        opties = tuple(Optie(k.code, k.tekst, k.code in waarden) for k in vraag.keuzes)
    return Veld(
        naam=naam,
        id=_id(naam),
        code=vraag.sleutel,
        label=vraag.tekst,
        soort=soort,
        waarden=waarden,
        opties=opties,
        hulp=vraag.hulp,
        eenheid=vraag.eenheid,
        nodig=vraag.nodig,
        max_lengte=vraag.max_lengte,
        alleen_als=_alleen_als(vraag, bezig.lijst),
        bronnen=tuple(bron for sleutel, bron in bezig.bronnen.items() if _hoort_bij(sleutel, naam)),
        fouten=bezig.meldingen.get(_id(naam), ()),
    )


def _hoort_bij(sleutel: str, naam: str) -> bool:
    return sleutel == naam or (sleutel.startswith(f"{naam}.") and sleutel[len(naam) + 1 :].isdigit())


def _soort(vraag: Vraag) -> Soort:
    soort = SOORT_VAN_TYPE.get(vraag.type, "regel")
    if vraag.herhaalt:
        return "keuzes" if soort == "keuze" else "lijst"
    return soort


def _als_invoer(waarde: Any) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, dict):
        return str(waarde.get("code", ""))
    if isinstance(waarde, str):
        return waarde
    return str(waarde).replace(".", ",")


def _alleen_als(vraag: Vraag, lijst: Vragenlijst) -> str | None:
    """Bij welke eerdere antwoorden deze vraag hoort, in woorden; zonder JavaScript staat zij er altijd."""
    teksten = []
    for voorwaarde in vraag.voorwaarden:
        andere = lijst.per_link.get(voorwaarde.vraag)
        waarde = voorwaarde.waarde
        if andere and isinstance(waarde, dict):
            teksten += [k.tekst for k in andere.keuzes if k.code == waarde.get("code")]
    return " of ".join(f"“{tekst}”" for tekst in teksten) or None
