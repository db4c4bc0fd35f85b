"""Een vragenlijst als formulier voor een bladzijde: velden, groepen en rijen als waarden, klaar voor een sjabloon.

Kent geen HTML. Veldnamen zijn stabiel en uniek: `hulpvraag`, `diagnose` (vaker dezelfde naam), `eis.1.eis-tekst`. Werkt
zonder JavaScript: knoppen vragen om een rij erbij of weg, om zoeken in een lijst, of om bijwerken. Lezen van het
ingestuurde formulier doet `invoer.py`; wat er van FHIR niet in past, zegt `onondersteund.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Bron, in_woorden
from paspoort.fhir.vragenlijst.gelding import Gelding, MetVoorwaarden, Omgeving, antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.invoer import niet_in_te_vullen
from paspoort.fhir.vragenlijst.invoertekst import eenheid_van, is_vrij, optiewaarde, schrijf
from paspoort.fhir.vragenlijst.veld import (
    Deel,
    Formulier,
    Foutregel,
    Groep,
    Herhaling,
    Optie,
    Regel,
    Soort,
    Tekst,
    Toon,
    Veld,
)
from paspoort.fhir.vragenlijst.vraag import Keuze, Uitleg, Voorwaarde, Vraag, Vragenlijst
from paspoort.fhir.vragenlijst.vullen import bronnen_van
from paspoort.fhir.vragenlijst.zoeken import TE_VEEL, vind
from paspoort.fouten import Melding

SOORT_VAN_TYPE: Final[Mapping[str, Soort]] = {
    "boolean": "janee",
    "decimal": "getal",
    "integer": "getal",
    "quantity": "hoeveelheid",
    "date": "datum",
    "dateTime": "moment",
    "time": "tijd",
    "url": "adres",
    "text": "regels",
    "choice": "keuze",
}
ZOEK_CONTROLS: Final = frozenset({"autocomplete", "lookup"})
ZOEK_VANAF: Final = 25  # vanaf zo veel keuzes uit een waardelijst is zoeken sneller dan bladeren
GEEN: Final[Mapping[str, Sequence[str]]] = {}

__all__ = ["Deel", "Formulier", "Foutregel", "Groep", "Herhaling", "Optie", "Tekst", "Veld", "formulier"]


@dataclass(frozen=True, slots=True)
class _Bezig:
    """Wat tijdens het opbouwen overal nodig is. `plekken` verzamelt FHIRPath → (veld-id, label)."""

    lijst: Vragenlijst
    bronnen: Mapping[str, Bron]
    extra: frozenset[str]
    zoek: Mapping[str, str]
    voorstellen: Mapping[str, Sequence[str]]
    stuurt: frozenset[str]
    gelding: Gelding
    meldingen: Mapping[str, tuple[Melding, ...]]
    plekken: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Hier:
    """Waar wij zijn: het FHIRPath, de veldnaam ervoor, en de lagen erboven met hun voorvoegsel."""

    plek: str
    voor: str
    omgeving: Omgeving = ()
    namen: tuple[str, ...] = ()

    def in_laag(self, vragen: tuple[Vraag, ...], ouder: Json | None) -> _Hier:
        """Eén laag dieper: de kinderen van deze ouder."""
        lagen = (*self.omgeving, (vragen, items_van(ouder)))
        return replace(self, omgeving=lagen, namen=(*self.namen, self.voor))


def formulier(
    vragenlijst: Vragenlijst,
    response: Json,
    fouten: Sequence[Melding] = (),
    bronnen: Mapping[str, Bron] | None = None,
    extra: Collection[str] = (),
    alleen: Collection[str] | None = None,
    zoek: Mapping[str, str] | None = None,
    voorstellen: Mapping[str, Sequence[str]] = GEEN,
) -> Formulier:
    """Het formulier bij een (concept-)response.

    `fouten` hebben een FHIRPath-plek in deze response (van `controleer`, `adviescheck`) of een veldnaam; `bronnen`
    komt anders uit de response; `extra` zijn namen van herhalingen die een lege rij erbij krijgen; `alleen` beperkt
    tot deze bovenste item.codes (andere delen laat `uit_formulier` met hetzelfde `alleen` ongemoeid); `zoek` is per
    veldnaam wat er gezocht wordt; `voorstellen` zijn per item.code teksten om uit te kiezen. Vragen die nu niet gesteld
    zijn, staan erin met `toon.nu` False.
    """
    alle_bronnen = bronnen_van(response, vragenlijst) if bronnen is None else bronnen
    vragen = tuple(v for v in vragenlijst.vragen if alleen is None or v.sleutel in alleen)
    teksten = vragenlijst.teksten if alleen is None else ()
    bezig = _Bezig(
        lijst=vragenlijst,
        bronnen=alle_bronnen,
        extra=frozenset(extra),
        zoek=zoek or {},
        voorstellen=voorstellen,
        stuurt=_sturend(vragenlijst),
        gelding=Gelding(),
        meldingen={},
        plekken={},
    )
    hier = _Hier("QuestionnaireResponse", "").in_laag(vragenlijst.vragen, response)
    # eerst de plekken leren, dan de meldingen bij hun veld leggen, dan echt bouwen
    delen = _delen(response, vragen, teksten, hier, bezig)
    regels = tuple(Foutregel(melding, *_veld_bij(melding.plek, bezig.plekken)) for melding in fouten)
    per_veld: dict[str, tuple[Melding, ...]] = {}
    for regel in regels:
        if regel.veld_id:
            per_veld[regel.veld_id] = (*per_veld.get(regel.veld_id, ()), regel.melding)
    if per_veld:
        delen = _delen(response, vragen, teksten, hier, replace(bezig, meldingen=per_veld))
    return Formulier(vragenlijst.titel, delen, regels)


def _sturend(lijst: Vragenlijst) -> frozenset[str]:
    """De linkId's waar een andere vraag van afhangt."""
    vragen = tuple(lijst.per_link.values())
    delen: list[MetVoorwaarden] = [*vragen, *lijst.teksten, *(t for vraag in vragen for t in vraag.teksten)]
    return frozenset(w.vraag for deel in delen for w in deel.voorwaarden)


def _id(naam: str) -> str:
    return naam.replace(".", "-")


def _veld_bij(plek: str | None, plekken: Mapping[str, tuple[str, str]]) -> tuple[str | None, str]:
    """Het veld met de langste plek waar deze plek onder valt."""
    passend = [p for p in plekken if plek is not None and (plek == p or plek.startswith((f"{p}.", f"{p}[")))]
    return plekken[max(passend, key=len)] if passend else (None, "")


def _delen(
    ouder: Json | None, vragen: Sequence[Vraag], teksten: Sequence[Uitleg], hier: _Hier, bezig: _Bezig
) -> tuple[Deel, ...]:
    """De vragen en de uitleg ertussen, op volgorde; wat verborgen is staat er niet bij."""
    samen: list[Vraag | Uitleg] = [*(v for v in vragen if not v.grenzen.verborgen), *teksten]
    samen.sort(key=lambda deel: deel.volgorde)
    return tuple(
        _deel(deel, ouder, hier, bezig) if isinstance(deel, Vraag)
        else Tekst(_id(f"{hier.voor}{deel.link_id}"), deel.tekst, _toon(deel, hier, bezig))
        for deel in samen
    )  # fmt: skip


def _deel(vraag: Vraag, ouder: Json | None, hier: _Hier, bezig: _Bezig) -> Deel:
    naam = f"{hier.voor}{vraag.sleutel}"
    eigen = [(f"{hier.plek}.item[{i}]", item) for i, item in enumerate(items_van(ouder))
             if isinstance(item, dict) and item.get("linkId") == vraag.link_id]  # fmt: skip
    leeg = f"{hier.plek}.item.where(linkId='{vraag.link_id}')"
    if not vraag.is_groep:
        return _veld(vraag, naam, eigen, leeg, hier, bezig)
    if vraag.herhaalt:
        return _herhaling(vraag, naam, eigen, leeg, hier, bezig)
    plek, item = eigen[0] if eigen else (leeg, None)
    bezig.plekken[plek] = bezig.plekken[leeg] = (_id(naam), vraag.tekst)
    binnen = replace(hier, plek=plek).in_laag(vraag.kinderen, item)
    delen = _delen(item, vraag.kinderen, vraag.teksten, binnen, bezig)
    fouten = bezig.meldingen.get(_id(naam), ())
    toon = _toon(vraag, hier, bezig)
    return Groep(naam, _id(naam), vraag.sleutel, vraag.tekst, vraag.hulp, None, delen, toon, fouten)


def _herhaling(vraag: Vraag, naam: str, eigen: list[tuple[str, Json]], leeg: str, hier: _Hier,
               bezig: _Bezig) -> Herhaling:  # fmt: skip
    bezig.plekken[leeg] = bezig.plekken[naam] = (_id(naam), vraag.tekst)
    rijen: list[tuple[str, Json | None]] = [*eigen]
    meest = vraag.grenzen.meest
    if not rijen or (naam in bezig.extra and (meest is None or len(rijen) < meest)):
        rijen.append((f"{leeg}[nieuw]", None))
    groepen = []
    for nummer, (plek, item) in enumerate(rijen):
        rijnaam, titel = f"{naam}.{nummer}", f"{vraag.tekst} {nummer + 1}"
        bezig.plekken[plek] = (_id(rijnaam), titel)
        binnen = replace(hier, plek=plek, voor=f"{rijnaam}.").in_laag(vraag.kinderen, item)
        delen = _delen(item, vraag.kinderen, vraag.teksten, binnen, bezig)
        fout = bezig.meldingen.get(_id(rijnaam), ())
        rij = Groep(rijnaam, _id(rijnaam), vraag.sleutel, titel, vraag.hulp, nummer + 1, delen, fouten=fout)
        groepen.append(rij)
    fouten = bezig.meldingen.get(_id(naam), ())
    open_ = bool(eigen) or vraag.nodig or naam in bezig.extra or any(rij.fouten for rij in groepen)
    return Herhaling(naam, _id(naam), vraag.sleutel, vraag.tekst, vraag.hulp, vraag.nodig, tuple(groepen), fouten,
                     _toon(vraag, hier, bezig), meest is None or len(rijen) < meest, open_)  # fmt: skip


def _veld(vraag: Vraag, naam: str, eigen: list[tuple[str, Json]], leeg: str, hier: _Hier, bezig: _Bezig) -> Veld:
    for plek in (leeg, naam, *(p for p, _ in eigen)):
        bezig.plekken[plek] = (_id(naam), vraag.tekst)
    antwoorden = [a for _, item in eigen for a in antwoorden_van(item) if waarde_van(a) is not None]
    soort = _soort(vraag)
    vast = niet_in_te_vullen(vraag)
    vrij = vraag.type == "open-choice" and bool(vraag.keuzes)
    teksten = {optiewaarde(vraag, k): k for k in vraag.keuzes}
    alle = tuple(schrijf(vraag, a) for a in antwoorden)
    anders = tuple(w for w, a in zip(alle, antwoorden, strict=True) if is_vrij(vraag, a))
    waarden = tuple(w for w, a in zip(alle, antwoorden, strict=True) if not is_vrij(vraag, a))
    term = bezig.zoek.get(naam)
    opties, gevonden = _opties(vraag, soort, waarden, teksten, term)
    bronnen = tuple(bron for sleutel, bron in bezig.bronnen.items() if _hoort_bij(sleutel, naam))
    return Veld(
        naam=naam,
        id=_id(naam),
        code=vraag.sleutel,
        label=vraag.tekst,
        soort=soort,
        waarden=tuple(in_woorden(vraag, w[1]) for a in antwoorden if (w := waarde_van(a))) if vast else waarden,
        opties=opties,
        hulp=vraag.hulp,
        eenheid=vraag.eenheid if soort != "hoeveelheid" else _enige_maat(vraag),
        nodig=vraag.nodig,
        max_lengte=vraag.max_lengte,
        alleen_als=_alleen_als(vraag, bezig.lijst),
        bronnen=bronnen,
        fouten=bezig.meldingen.get(_id(naam), ()),
        toon=_toon(vraag, hier, bezig),
        stuurt=vraag.link_id in bezig.stuurt,
        vast=vast,
        meer=vraag.herhaalt,
        control=vraag.control,
        vrij=vrij,
        anders=anders,
        zoekterm=term,
        gevonden=gevonden,
        lijst=vraag.grenzen.lijst if vraag.grenzen.los is None else None,
        eenheden=_eenheden(vraag, antwoorden) if soort == "hoeveelheid" else (),
        eenheid_gekozen=tuple(eenheid_van(a) for a in antwoorden) if soort == "hoeveelheid" else (),
        voorstellen=tuple(dict.fromkeys(bezig.voorstellen.get(vraag.sleutel, ()))),
        meest=vraag.grenzen.meest,
    )


def _opties(vraag: Vraag, soort: Soort, waarden: tuple[str, ...], teksten: Mapping[str, Keuze],
            term: str | None) -> tuple[tuple[Optie, ...], int]:  # fmt: skip
    """De opties om te tonen, en hoeveel er gevonden zijn; bij zoeken wat gekozen is en wat bij de zoekterm past."""
    if soort == "janee":
        return tuple(Optie(tekst, tekst.capitalize(), tekst in waarden) for tekst in ("ja", "nee")), 2
    if soort != "zoek":
        return tuple(Optie(w, k.tekst, w in waarden) for w, k in teksten.items()), len(teksten)
    gekozen = [Optie(w, teksten[w].tekst if w in teksten else w, True) for w in waarden]
    past = [w for w in vind(term, {w: k.tekst for w, k in teksten.items()}) if w not in waarden] if term else []
    return (*gekozen, *(Optie(w, teksten[w].tekst, False) for w in past[:TE_VEEL])), len(past)


def _hoort_bij(sleutel: str, naam: str) -> bool:
    return sleutel == naam or (sleutel.startswith(f"{naam}.") and sleutel[len(naam) + 1 :].isdigit())


def _soort(vraag: Vraag) -> Soort:
    if vraag.type in ("choice", "open-choice") and vraag.keuzes:
        uit_lijst = vraag.grenzen.lijst is not None and len(vraag.keuzes) >= ZOEK_VANAF and vraag.control is None
        if vraag.control in ZOEK_CONTROLS or uit_lijst:
            return "zoek"
        return "keuzes" if vraag.herhaalt else "keuze"
    soort = SOORT_VAN_TYPE.get(vraag.type, "regel")
    if vraag.herhaalt and soort != "hoeveelheid":
        return "lijst"
    return soort


def _enige_maat(vraag: Vraag) -> str | None:
    maten = vraag.grenzen.maten
    return str(maten[0][2] or maten[0][1]) if len(maten) == 1 else None


def _eenheden(vraag: Vraag, antwoorden: Sequence[Json]) -> tuple[Optie, ...]:
    """De eenheden om uit te kiezen; een andere die er al staat, hoort er ook bij."""
    gekozen = eenheid_van(antwoorden[0]) if antwoorden else ""
    maten = {str(code or naam): str(naam or code) for _, code, naam in vraag.grenzen.maten}
    maten |= {e: e for a in antwoorden if (e := eenheid_van(a)) and e not in maten}
    return tuple(Optie(w, tekst, w == gekozen) for w, tekst in maten.items()) if len(maten) > 1 else ()


def _alleen_als(vraag: Vraag, lijst: Vragenlijst) -> str | None:
    """Bij welke eerdere antwoorden deze vraag hoort, in woorden; zonder JavaScript staat zij er altijd."""
    teksten = []
    for voorwaarde in vraag.voorwaarden:
        andere = lijst.per_link.get(voorwaarde.vraag)
        waarde = voorwaarde.waarde
        if andere and isinstance(waarde, dict):
            teksten += [k.tekst for k in andere.keuzes if k.code == waarde.get("code")]
    return " of ".join(f"“{tekst}”" for tekst in teksten) or None


# --- wanneer het erbij hoort


def _toon(deel: MetVoorwaarden, hier: _Hier, bezig: _Bezig) -> Toon | None:
    """Of een deel met voorwaarden nu gesteld is, en de regels om dat in de browser na te gaan."""
    if not deel.voorwaarden:
        return None
    regels = tuple(_regel(v, hier, bezig.lijst) for v in deel.voorwaarden)
    return Toon(bezig.gelding.geldt(deel, hier.omgeving), deel.alle_voorwaarden, regels)


def _regel(voorwaarde: Voorwaarde, hier: _Hier, lijst: Vragenlijst) -> Regel:
    """De voorwaarde op veldnamen; `*` staat voor elk rijnummer."""
    for (vragen, _), voor in zip(reversed(hier.omgeving), reversed(hier.namen), strict=True):
        if any(voorwaarde.vraag in vraag.links for vraag in vragen):
            andere = lijst.per_link[voorwaarde.vraag]
            waarde = voorwaarde.waarde
            naam = _naam_van(voorwaarde.vraag, vragen, voor)
            if voorwaarde.operator == "exists":
                return Regel(naam, "exists", "ja" if waarde else "nee")
            return Regel(naam, voorwaarde.operator, schrijf(andere, {_element(andere, waarde): waarde}))
    return Regel("", voorwaarde.operator, "")


def _element(vraag: Vraag, waarde: object) -> str:
    return "valueCoding" if vraag.type in ("choice", "open-choice") and isinstance(waarde, dict) else "valueAnders"


def _naam_van(link_id: str, vragen: Sequence[Vraag], voor: str) -> str:
    for vraag in vragen:
        if vraag.link_id == link_id:
            return f"{voor}{vraag.sleutel}"
        if link_id in vraag.links:
            return _naam_van(link_id, vraag.kinderen, f"{voor}{vraag.sleutel}.*." if vraag.herhaalt else voor)
    return ""
