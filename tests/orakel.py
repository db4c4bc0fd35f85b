"""Een naïef orakel: wie welk gegeven ziet, opnieuw opgeschreven uit toegang.md, zonder iets van de toegangscode.

Werkt op feiten (wie, toestemmingen, taken, gegevens met per tekst de groepen die nodig zijn), niet op FHIR. De toets
bouwt uit dezelfde feiten echte resources en vergelijkt welke teksten naar buiten komen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

# §3, de kolommen L; `mits` wat daarbij moet gelden
LEEST = {
    "therapeut": {
        "contact",
        "persoon",
        "gezondheid",
        "functioneren",
        "maten",
        "omgeving",
        "hulpmiddelen",
        "advies",
        "eisen",
        "plan",
        "voortgang",
        "ervaringen",
    },
    "verstrekker": {
        "contact",
        "persoon",
        "bsn",
        "gezondheid",
        "functioneren",
        "maten",
        "omgeving",
        "hulpmiddelen",
        "advies",
        "eisen",
        "plan",
        "verzoeken",
        "besluiten",
        "financieel",
        "voortgang",
        "ervaringen",
    },
    "leverancier": {"contact", "maten", "omgeving", "hulpmiddelen", "eisen", "voortgang", "ervaringen"},
}
# §4, voor zover een Task het doel draagt
ONDERZOEK = {
    "contact",
    "persoon",
    "bsn",
    "gezondheid",
    "functioneren",
    "maten",
    "omgeving",
    "hulpmiddelen",
    "advies",
    "eisen",
    "plan",
    "verzoeken",
    "besluiten",
    "voortgang",
}
DOEL = {
    ("onderzoek", "verstrekker"): ONDERZOEK,
    ("herhaalverzoek", "verstrekker"): {
        "contact",
        "bsn",
        "hulpmiddelen",
        "eisen",
        "verzoeken",
        "besluiten",
        "voortgang",
    },
    ("levering", "leverancier"): {"contact", "hulpmiddelen", "eisen", "maten", "omgeving", "voortgang"},
    ("reparatie", "leverancier"): {"contact", "hulpmiddelen", "voortgang"},
    ("afstemming", "verstrekker"): {"advies", "eisen"},
    ("afstemming", "leverancier"): {"advies", "eisen"},
    ("verhuizing", "verstrekker"): {"contact", "bsn", "hulpmiddelen", "besluiten", "eisen", "omgeving"},
    ("verhuizing", "leverancier"): {"contact", "hulpmiddelen", "eisen", "maten"},
}
BETREFT = {"levering", "reparatie"}  # "hulpmiddelen(concerned)"


@dataclass(frozen=True)
class Stuk:
    """Eén tekst in een gegeven. `nodig`: alle groepen; `ook`: het gegeven waar de verwijzing heen gaat."""

    merk: str
    nodig: frozenset[str] | None  # None = niemand dan de houder
    ook: str | None = None


@dataclass(frozen=True)
class Gegeven:
    """Eén resource. `hulpmiddel`: bij welk hulpmiddel zij hoort; `volgt`: Provenance en haar doel."""

    plek: str
    stukken: tuple[Stuk, ...]
    zien: frozenset[str] = frozenset()  # groepen waarvan er één genoeg is om te weten dat het er is
    hulpmiddel: str | None = None
    opsomming: bool = False  # noemt hulpmiddelen zonder er zelf een te zijn
    volgt: str | None = None  # Provenance en haar doel, een foto en haar hulpmiddel
    met: str | None = None  # een gesprek: met wie
    concept: bool = False  # een advies waar nog aan geschreven wordt
    over: str | None = None  # een bericht bij het afstemmen: over welk advies


@dataclass(frozen=True)
class Toestemming:
    plek: str
    aan: str
    doel: str
    groepen: frozenset[str]
    actief: bool
    dag_van: int
    dag_tot: int
    uitgezonderd: frozenset[str]
    betreft: frozenset[str]


@dataclass(frozen=True)
class Taak:
    plek: str
    eigenaar: str
    doel: str | None
    open: bool
    wijst: frozenset[str]


@dataclass(frozen=True)
class Vrager:
    rol: str
    namen: frozenset[str]
    geschorst: bool = False


@dataclass
class Wereld:
    gegevens: dict[str, Gegeven]
    toestemmingen: list[Toestemming] = field(default_factory=list)
    taken: list[Taak] = field(default_factory=list)
    apparaat_van: dict[str, str] = field(default_factory=dict)  # gebruik → hulpmiddel


def zichtbaar(wereld: Wereld, vrager: Vrager, vandaag: int) -> set[str]:
    """Alle teksten die deze vrager vandaag ziet."""
    per_plek = {plek: _groepen(wereld, vrager, g, vandaag) for plek, g in wereld.gegevens.items()}
    uit: set[str] = set()
    for plek, gegeven in wereld.gegevens.items():
        groepen = per_plek[plek]
        if gegeven.volgt is not None and not volgt_iets(wereld, vrager, gegeven, vandaag):
            continue
        for stuk in gegeven.stukken:
            if stuk.nodig is None or not stuk.nodig <= groepen:
                continue
            if stuk.ook is not None and not _bestaat(wereld, per_plek, stuk.ook):
                continue
            uit.add(stuk.merk)
    return uit


def volgt_iets(wereld: Wereld, vrager: Vrager, gegeven: Gegeven, vandaag: int) -> bool:
    """Of er is waar dit gegeven bij hoort; een Provenance die uitgezonderd is, telt bij die toestemming niet mee."""
    plek = gegeven.volgt or ""
    mee = wereld
    if gegeven.plek.startswith("Provenance/"):
        over = [t for t in wereld.toestemmingen if gegeven.plek not in t.uitgezonderd]
        mee = replace(wereld, toestemmingen=over)
    doel = mee.gegevens.get(plek)
    return doel is not None and _bestaat(mee, {plek: _groepen(mee, vrager, doel, vandaag)}, plek)


def _bestaat(wereld: Wereld, per_plek: dict[str, set[str]], plek: str) -> bool:
    gegeven = wereld.gegevens.get(plek)
    return gegeven is not None and bool(gegeven.zien & per_plek[plek])


def _groepen(wereld: Wereld, vrager: Vrager, gegeven: Gegeven, vandaag: int) -> set[str]:
    uit: set[str] = set()
    if vrager.geschorst:
        return uit
    for t in wereld.toestemmingen:
        if (
            not (t.actief and t.aan in vrager.namen and t.dag_van <= vandaag <= t.dag_tot)
            or gegeven.plek in t.uitgezonderd
        ):
            continue
        if t.doel == "afstemming":  # §4: "advies eisen (draft)", en wat daarover gezegd is
            draft = wereld.gegevens.get(gegeven.over or gegeven.plek)
            if draft is None or not draft.concept or (t.betreft and draft.plek not in t.betreft):
                continue
        groepen = set(t.groepen)
        if t.doel in BETREFT or t.betreft:
            over = {wereld.apparaat_van.get(b, b) for b in t.betreft}
            if (gegeven.hulpmiddel is not None and gegeven.hulpmiddel not in over) or gegeven.opsomming:
                groepen.discard("hulpmiddelen")
        uit |= groepen
    for taak in wereld.taken:
        if not (taak.open and taak.eigenaar in vrager.namen):
            continue
        bereik = (
            {taak.plek}
            | {p for p in wereld.gegevens if p.startswith("Patient/")}
            | taak.wijst
            | {wereld.apparaat_van[w] for w in taak.wijst if w in wereld.apparaat_van}
        )
        if taak.doel == "afstemming" and gegeven.plek != taak.plek and not gegeven.concept:
            continue  # §4: "advies eisen (draft)"
        if gegeven.plek in bereik:
            groepen = set(DOEL.get((taak.doel or "", vrager.rol), set()))
            if gegeven.plek == taak.plek:
                groepen.add("voortgang")  # §1: "that Task"; "of those only the groups of its purpose"
            if taak.doel in BETREFT and gegeven.opsomming:
                groepen.discard("hulpmiddelen")  # "concerned": niet de hele lijst
            uit |= groepen
    uit &= LEEST[vrager.rol]
    if gegeven.met is not None and gegeven.met not in vrager.namen:
        uit.discard("voortgang")  # "Communication of one's own conversation"
    if gegeven.plek.startswith("Task/") and vrager.rol == "therapeut":
        eigen = any(t.plek == gegeven.plek and t.eigenaar in vrager.namen for t in wereld.taken)
        if not eigen:
            uit.discard("voortgang")  # "L of those with them"
    if "evaluatie" in gegeven.plek and vrager.rol != "therapeut":
        uit.discard("ervaringen")  # geen eigen Task gaat hierover
    return uit
