"""Een ingestuurd formulier lezen tot een QuestionnaireResponse, met alle fouten bij hun element.

De namen zijn die van `formulier.py`. Wat getypt is blijft staan, ook als het niet klopt: een onleesbaar getal staat als
tekst in de response en `controleer` wijst het aan. Een response met meldingen mag niet bewaard worden. Een antwoord dat
niet veranderde blijft zoals het was, met bron en al.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import Behouden, Waarde, bevestig, bouw
from paspoort.fhir.vragenlijst.controle import antwoorden_van, controleer, items_van
from paspoort.fhir.vragenlijst.gelding import zonder_niet_gesteld
from paspoort.fhir.vragenlijst.invoertekst import eenheid_van, is_vrij, schrijf
from paspoort.fhir.vragenlijst.rekenen import met_berekend
from paspoort.fhir.vragenlijst.vraag import Vraag, Vragenlijst
from paspoort.fouten import Melding

RIJ_ERBIJ: Final = "rij-erbij"  # waarde: de naam van een herhaling
RIJ_WEG: Final = "rij-weg"  # waarde: de naam van een rij
ZOEK: Final = "zoek"  # knop met als waarde de naam van een veld; wat gezocht wordt staat in `{naam}.zoek`
BIJWERKEN: Final = "bijwerken"  # knop: laat zien welke vragen er nu bij horen
KLOPT: Final = "klopt"  # waarden: namen van velden of rijen, of codes van groepen, waarvan de schrijver zegt: klopt nog
GERESERVEERD: Final = frozenset({RIJ_ERBIJ, RIJ_WEG, ZOEK, BIJWERKEN, KLOPT, "actie", "csrf", "versie"})
MAX_RIJEN: Final = 100  # meer rijen dan een mens invult: de rest wordt niet gelezen
EIGEN_WOORDEN: Final = 12  # een antwoord van zo veel tekens is ook in een andere rij nog hetzelfde antwoord


@dataclass(frozen=True, slots=True)
class Knop:
    """Wat de ingedrukte knop vraagt. `opnieuw`: toon het formulier weer, met `extra` en `zoek` erbij."""

    opnieuw: bool
    extra: tuple[str, ...]
    zoek: Mapping[str, str]


def knop(form: Mapping[str, Sequence[str]]) -> Knop:
    """De knop uit een ingestuurd formulier, klaar voor `formulier(..., extra=knop.extra, zoek=knop.zoek)`."""
    zoek = {naam: (form.get(f"{naam}.{ZOEK}") or [""])[0].strip() for naam in form.get(ZOEK, ())}
    extra = tuple(form.get(RIJ_ERBIJ, ()))
    return Knop(bool(zoek or extra or form.get(RIJ_WEG) or BIJWERKEN in form), extra, zoek)


def uit_formulier(vragenlijst: Vragenlijst, form: Mapping[str, Sequence[str]], vorige: Json | None = None,
                  alleen: Collection[str] | None = None, nu: str = "") -> tuple[Json, list[Melding]]:  # fmt: skip
    """(response, meldingen) uit een formulier: naam → alle ingestuurde waarden.

    Lege velden en lege rijen vallen weg; onbekende namen tellen niet mee; `rij-weg` haalt die rij weg. Van `vorige`
    blijven de kop, de status, de delen buiten `alleen`, wat verborgen of niet in te vullen is, en elk antwoord dat niet
    veranderde. Met `nu` (een dateTime) krijgt de bron van wat in `klopt` genoemd is, dat moment als bevestiging.
    Antwoorden op vragen die niet gesteld zijn vervallen; berekende antwoorden worden opnieuw berekend.
    """
    vorige = vorige or {}
    eerder = _Eerder(_per_tekst(items_van(vorige), vragenlijst.vragen), frozenset(form.get(RIJ_WEG, ())),
                     frozenset(form.get(KLOPT, ())) if nu else frozenset(), nu)  # fmt: skip
    vragen = [v for v in vragenlijst.vragen if alleen is None or v.sleutel in alleen]
    waarden = _waarden(vragen, form, "", items_van(vorige), eerder, False)
    kop = {naam: waarde for naam, waarde in vorige.items() if naam not in ("item", "questionnaire", "status", "text")}
    response = bouw(vragenlijst, waarden, status=str(vorige.get("status", "in-progress")), kop=kop)
    gelezen = {vraag.link_id for vraag in vragen}
    behouden = [item for item in items_van(vorige) if isinstance(item, dict) and item.get("linkId") not in gelezen]
    volgorde = {vraag.link_id: nummer for nummer, vraag in enumerate(vragenlijst.vragen)}
    items = sorted(
        [*items_van(response), *behouden], key=lambda item: volgorde.get(str(item.get("linkId")), len(volgorde))
    )
    items = zonder_niet_gesteld(items, vragenlijst.vragen)
    response = {naam: waarde for naam, waarde in response.items() if naam != "item"} | (
        {"item": items} if items else {}
    )
    response = met_berekend(response, vragenlijst)
    return response, controleer(response, vragenlijst)


@dataclass(frozen=True, slots=True)
class _Eerder:
    """Wat bij lezen overal nodig is: eerdere antwoorden op (code, tekst, eenheid, eigen woorden), en wat weg mag."""

    per_tekst: Mapping[tuple[str, str, str, bool], Json]
    weg: frozenset[str]
    klopt: frozenset[str]
    nu: str


def _waarden(vragen: Sequence[Vraag], form: Mapping[str, Sequence[str]], voor: str, vorige: Sequence[Any],
             eerder: _Eerder, klopt: bool) -> dict[str, Waarde]:  # fmt: skip
    """Waarden op item.code zoals `bouw` ze leest; `vorige` zijn de items die er op deze plek stonden."""
    waarden: dict[str, Waarde] = {}
    for vraag in vragen:
        naam = f"{voor}{vraag.sleutel}"
        hier = [item for item in vorige if isinstance(item, dict) and item.get("linkId") == vraag.link_id]
        ja = klopt or not eerder.klopt.isdisjoint((naam, vraag.sleutel))
        if vraag.grenzen.verborgen:
            waarden |= _zoals_het_was(vraag, hier)
        elif vraag.is_groep and vraag.herhaalt:
            waarden[vraag.sleutel] = [
                _waarden(vraag.kinderen, form, f"{naam}.{n}.", items_van(hier[n]) if n < len(hier) else (), eerder,
                         ja or f"{naam}.{n}" in eerder.klopt)
                for n in _rijnummers(form, naam)
                if f"{naam}.{n}" not in eerder.weg
            ]  # fmt: skip
        elif vraag.is_groep:
            binnen = items_van(hier[0]) if hier else ()
            waarden |= _waarden(vraag.kinderen, form, voor, binnen, eerder, ja)
        elif niet_in_te_vullen(vraag) or (vraag.type == "reference" and naam not in form):
            waarden |= _zoals_het_was(vraag, hier)
        else:
            stond = [a for item in hier for a in antwoorden_van(item)]
            getypt = _getypt(vraag, form, naam)
            waarden[vraag.sleutel] = [_gegeven(vraag, los, stond, eerder, ja) for los in getypt]
    return waarden


def niet_in_te_vullen(vraag: Vraag) -> bool:
    """Of het formulier deze vraag alleen laat zien: berekend, vast, een bestand, of een lijst die hier niet is."""
    zonder_keuzes = vraag.type == "choice" and not vraag.keuzes
    return vraag.grenzen.alleen_lezen or vraag.berekend is not None or vraag.type == "attachment" or zonder_keuzes


def _zoals_het_was(vraag: Vraag, items: Sequence[Json]) -> dict[str, Waarde]:
    if not vraag.is_groep:
        return {vraag.sleutel: [Behouden(a) for item in items for a in antwoorden_van(item)]}
    rijen = [
        {
            code: waarde
            for kind in vraag.kinderen
            for code, waarde in _zoals_het_was(
                kind, [i for i in items_van(item) if isinstance(i, dict) and i.get("linkId") == kind.link_id]
            ).items()
        }
        for item in items
    ]
    return {vraag.sleutel: rijen} if vraag.herhaalt else (rijen[0] if rijen else {})


def _getypt(vraag: Vraag, form: Mapping[str, Sequence[str]], naam: str) -> list[tuple[str, str, bool]]:
    """(tekst, eenheid, eigen woorden) van elk ingestuurd antwoord; bij één antwoord gaan eigen woorden voor."""
    eenheden = list(form.get(f"{naam}.eenheid", ()))
    keuzes = [
        (_netjes(los), eenheden[n] if n < len(eenheden) else "", False) for n, los in enumerate(form.get(naam, ()))
    ]
    vrij = [(_netjes(los), "", True) for los in form.get(f"{naam}.anders", ()) if vraag.type == "open-choice"]
    alle = [los for los in (*vrij, *keuzes) if los[0]] if not vraag.herhaalt else [*keuzes, *vrij]
    return alle if vraag.herhaalt else alle[:1]


def _netjes(tekst: str) -> str:
    return tekst.replace("\r\n", "\n").strip()


def _rijnummers(form: Mapping[str, Sequence[str]], naam: str) -> list[int]:
    """De rijnummers die in de namen voorkomen (`eis.3.eis-tekst` → 3), op volgorde."""
    nummers = {sleutel[len(naam) + 1 :].partition(".")[0] for sleutel in form if sleutel.startswith(f"{naam}.")}
    return sorted(int(n) for n in nummers if n.isascii() and n.isdigit() and len(n) < 5)[:MAX_RIJEN]


def _gegeven(vraag: Vraag, los: tuple[str, str, bool], stond: Sequence[Json], eerder: _Eerder, klopt: bool) -> Waarde:
    """Het antwoord dat er al stond als het hetzelfde bleef, anders wat er getypt is."""
    tekst, eenheid, vrij = los
    zelfde = next((a for a in stond if _in_veld(vraag, a) == los), None)
    if zelfde is None and len(tekst) >= EIGEN_WOORDEN:
        zelfde = eerder.per_tekst.get((vraag.sleutel, *los))
    if zelfde is not None and tekst:
        return Behouden(bevestig(zelfde, eerder.nu) if klopt else zelfde)
    if vrij and tekst:
        return Behouden({"valueString": tekst})
    return f"{tekst} {eenheid}" if tekst and eenheid else tekst


def _in_veld(vraag: Vraag, antwoord: Json) -> tuple[str, str, bool]:
    """Zoals `_getypt` het leest. Eigen woorden die toevallig een keuze heten, blijven eigen woorden."""
    return _netjes(schrijf(vraag, antwoord)), eenheid_van(antwoord), is_vrij(vraag, antwoord)


def _per_tekst(items: Sequence[Any], vragen: Sequence[Vraag]) -> dict[tuple[str, str, str, bool], Json]:
    return {
        (vraag.sleutel, *_in_veld(vraag, antwoord)): antwoord
        for vraag, antwoord in _alle(items, vragen)
    }  # fmt: skip


def _alle(items: Sequence[Any], vragen: Sequence[Vraag]) -> Iterator[tuple[Vraag, Json]]:
    per_link = {vraag.link_id: vraag for vraag in vragen}
    for item in items:
        vraag = per_link.get(item.get("linkId", "")) if isinstance(item, dict) else None
        if vraag is not None and vraag.is_groep:
            yield from _alle(items_van(item), vraag.kinderen)
        elif vraag is not None:
            yield from ((vraag, antwoord) for antwoord in antwoorden_van(item))
