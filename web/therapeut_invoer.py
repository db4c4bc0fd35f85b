"""Wat de schrijver van een concept instuurt, gelezen naast wat er nu bewaard is: ook van een tweede scherm.

Bewaart niets. Veld voor veld samenvoegen doet `therapeut_samen.py`; een formulier lezen `paspoort/fhir/vragenlijst`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Formulier, Knop, Vragenlijst, formulier, keuzes_uit, lijst_van, uit_formulier
from paspoort.fouten import Melding
from paspoort.toestemming import HIER
from web.advieslijst import leesbaar
from web.bezoek import Bezoek
from web.deur import DeurFout
from web.therapeut_samen import voeg_samen

# deel drie (de reactie) is van de houder
VAN_DE_HOUDER: Final = "deel-reactie"
KLOPT: Final = "klopt"  # een vakje per onderdeel; de waarde noemt de velden, met spaties ertussen
GEEN_KNOP: Final = Knop(False, (), {})
KIES, ANDER = "kies:", "ander:"  # bij een botsing: welke tekst blijft, en wat er op het andere scherm stond


@dataclass(frozen=True, slots=True)
class Keus:
    """Een vraag die op twee schermen anders is beantwoord. `daar` zijn de waarden van het andere scherm."""

    naam: str
    label: str
    daar: tuple[str, ...]
    leesbaar: str


@dataclass(frozen=True, slots=True)
class Invoer:
    """`response` mag bewaard als er geen `meldingen` zijn; `getoond` is wat er op het scherm hoort te staan.

    `onleesbaar` noemt de velden die niet te lezen zijn, `anders` wat op een ander scherm veranderde. `schuift`: de
    eisen hebben een ander nummer dan op het scherm.
    """

    response: Json
    meldingen: tuple[Melding, ...]
    getoond: Json
    keuzes: tuple[Keus, ...]
    onleesbaar: tuple[str, ...]
    anders: tuple[str, ...]
    schuift: bool


def delen_van(lijst: Vragenlijst) -> tuple[str, ...]:
    """De delen die de adviseur schrijft: alles behalve de reactie van de houder."""
    return tuple(v.sleutel for v in lijst.vragen if v.sleutel != VAN_DE_HOUDER)


def vorm_van(response: Json, meldingen: Sequence[Melding] = (), knop: Knop = GEEN_KNOP,
             rond: Iterable[Json] = ()) -> Formulier:  # fmt: skip
    """Het formulier van de adviseur bij dit concept; `rond` is het paspoort, om uit te kiezen."""
    lijst = lijst_van(response)
    resources = tuple(rond)
    kiesbaar = [v for v in lijst.per_link.values() if v.keuzes_uit] if resources else []
    voorstellen = {v.sleutel: keuzes_uit(v, response, lijst, resources) for v in kiesbaar}
    return formulier(
        lijst, response, meldingen, extra=knop.extra, alleen=delen_van(lijst), zoek=knop.zoek, voorstellen=voorstellen
    )


async def lees_in(bezoek: Bezoek, nu_bewaard: Json) -> Invoer:
    """Het ingestuurde formulier, samen met wat er intussen op een ander scherm bewaard is."""
    form = _gekozen(bezoek.velden())
    versie = str(nu_bewaard.get("meta", {}).get("versionId", ""))
    begin = nu_bewaard
    if bezoek.veld("versie") not in ("", versie):
        begin = await _begin(bezoek, nu_bewaard)
    if begin is nu_bewaard:
        return _invoer(nu_bewaard, form)
    hier, _ = _lees(begin, form)
    samen = voeg_samen(_velden(begin), _velden(nu_bewaard), _velden(hier))
    velden = {v.naam: v for v in vorm_van(nu_bewaard).velden()} | {v.naam: v for v in vorm_van(hier).velden()}
    daar = {v.naam: leesbaar(v) for v in vorm_van(nu_bewaard).velden()}
    keuzes = tuple(
        Keus(b.naam, velden[b.naam].label if b.naam in velden else b.naam, b.daar,
             daar.get(b.naam, "") or ", ".join(b.daar))
        for b in samen.botsingen
    )  # fmt: skip
    klopt = {KLOPT: form.get(KLOPT, [])} if not samen.schuift else {}
    uit = _invoer(nu_bewaard, {n: list(w) for n, w in samen.velden.items()} | klopt)
    getoond, _ = _lees(nu_bewaard, {n: list(w) for n, w in samen.met_hier.items()} | klopt)
    stond_hier = _velden(hier)
    anders = tuple(n for n in {**samen.velden, **stond_hier} if samen.met_hier.get(n, ()) != stond_hier.get(n, ()))
    return Invoer(uit.response, uit.meldingen, getoond, keuzes, uit.onleesbaar, anders, samen.schuift)


async def _begin(bezoek: Bezoek, nu_bewaard: Json) -> Json:
    """De versie waarop iemand begon te typen; is die er niet, dan is alles wat verschilt een keuze."""
    try:
        return await bezoek.deur.versie("QuestionnaireResponse", str(nu_bewaard["id"]), bezoek.veld("versie"))
    except DeurFout:
        return {naam: waarde for naam, waarde in nu_bewaard.items() if naam != "item"}


def zonder_onleesbaar(invoer: Invoer, nu_bewaard: Json) -> Json:
    """Wat er wel bewaard kan worden: bij een veld dat niet te lezen is, blijft staan wat er stond."""
    velden = vorm_van(invoer.response).invoer()
    stond = vorm_van(nu_bewaard).invoer()
    velden |= {naam: stond.get(naam, []) for naam in invoer.onleesbaar}
    response, meldingen = _lees(invoer.response, velden)
    return nu_bewaard if any(m.ernst == "error" for m in meldingen) else response


def _invoer(bewaard: Json, form: Mapping[str, Sequence[str]]) -> Invoer:
    response, meldingen = _lees(bewaard, form)
    fouten = [m for m in meldingen if m.ernst == "error"]
    vorm = vorm_van(response, fouten)
    op_id = {v.id: v.naam for v in vorm.velden()}
    onleesbaar = tuple(dict.fromkeys(op_id[r.veld_id] for r in vorm.fouten if r.veld_id in op_id))
    return Invoer(response, tuple(fouten), response, (), onleesbaar, (), False)


def _lees(bewaard: Json, form: Mapping[str, Sequence[str]]) -> tuple[Json, list[Melding]]:
    lijst = lijst_van(bewaard)
    return uit_formulier(lijst, form, bewaard, alleen=delen_van(lijst), nu=nu_iso())


def _velden(response: Json) -> dict[str, tuple[str, ...]]:
    return {n: tuple(w.replace("\r\n", "\n") for w in waarden) for n, waarden in vorm_van(response).invoer().items()}


def _gekozen(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """Het formulier met bij elke botsing de tekst die de schrijver koos, en elk *klopt* per veld."""
    uit = {n: list(w) for n, w in form.items() if not n.startswith((KIES, ANDER))}
    for naam, waarden in form.items():
        if naam.startswith(KIES) and waarden[:1] == ["daar"]:
            veld = naam.removeprefix(KIES)
            uit[veld] = form.get(f"{ANDER}{veld}", [])
    uit[KLOPT] = [veld for waarde in form.get(KLOPT, []) for veld in waarde.split()]
    return uit


def nu_iso() -> str:
    """Dit moment, zoals FHIR het schrijft."""
    return datetime.now(HIER).isoformat(timespec="seconds")
