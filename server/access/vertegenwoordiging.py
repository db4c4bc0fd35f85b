"""Wat een mandaat geeft: van de RelatedPerson in het paspoort naar zicht, en wat ermee geschreven mag worden (§7).

Leest alleen de momentopname en de klok: een verjaardag, een einddag en een overlijden werken zonder dat iemand iets
schrijft, ook voor lopende tokens, bladzijden en abonnementen. De leeftijdsregels staan in
`paspoort/vertegenwoordiging.py`; besluit 0029 zegt wat er na een overlijden doorgaat.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.gegevensgroep import basisgroepen
from paspoort.fhir.houder import is_overleden, vertegenwoordiger_uit_fhir
from paspoort.fhir.stelsels import extension
from paspoort.fhir.waarden import datum, verwijzing
from paspoort.fouten import PaspoortFout
from paspoort.houder import Mandaatsoort, Vertegenwoordiger
from paspoort.toestemming import HIER
from paspoort.vertegenwoordiging import (
    EIGEN_GIFT,
    HELPERS,
    geldt,
    groepen_van,
    houder_geeft_zelf,
    houder_kijkt_zelf,
    laatste_dag,
)
from server.access.actor import Actor

if TYPE_CHECKING:
    from server.access.zicht import Zicht
    from server.store.passports import Opslag
    from server.store.versions import Momentopname, Versie

Antwoord = Literal["ja", "met-code", "nee"]
T = TypeVar("T")

# Wat een helper die invult mag maken en wijzigen, en met welke status het dan blijft; None = elke status.
INVULLEN: Final[dict[str, str | None]] = {
    "QuestionnaireResponse": None,
    "Observation": None,
    "Condition": None,
    "Goal": None,
    "Device": None,
    "DeviceUseStatement": None,
    "DocumentReference": None,
    "Binary": None,
    "DeviceRequest": "draft",  # de houder verstuurt
    "Consent": "proposed",  # de houder bevestigt met een brief of code
}
# Hiermee zou iemand de eigen toegang verlengen of een ander buitensluiten.
LEVENSLOOP: Final = ("birthDate", "deceasedBoolean", "deceasedDateTime")


@dataclass(frozen=True, slots=True)
class Persoon:
    """Wat de regels van de houder moeten weten."""

    geboren: date | None
    overleden: bool


@dataclass(frozen=True, slots=True)
class Bereik:
    """Wat een geldig mandaat laat zien."""

    plek: str  # RelatedPerson/id
    soort: Mandaatsoort
    groepen: frozenset[str]
    afgeschermd: frozenset[str]
    tot: date | None


def houder_van(m: Momentopname) -> Persoon:
    """Geboortedatum en overlijden uit de Patient van dit paspoort; één keer ontleed."""

    def lees() -> Persoon:
        versie = m.get("Patient", m.partitie)
        if versie is None or versie.verwijderd:
            return Persoon(None, False)
        return Persoon(datum(versie.inhoud.get("birthDate")), is_overleden(versie.inhoud))

    return _onthoud(m, "houder", lees)


def mandaat(m: Momentopname, id: str | None) -> Vertegenwoordiger | None:
    """De RelatedPerson met dit id, als zij er is en bij dit paspoort hoort."""
    return _onthoud(m, "mandaten", lambda: _mandaten(m)).get(id or "")


def bereik(actor: Actor, m: Momentopname, nu: datetime) -> Bereik | None:
    """Wat het mandaat van deze vertegenwoordiger nu geeft, of None: er is er geen, of het geldt vandaag niet."""
    dag = _dag(nu)
    return _onthoud(m, ("bereik", actor.mandaat, dag), lambda: _bereik(m, actor.mandaat, dag))


def _bereik(m: Momentopname, id: str | None, dag: date) -> Bereik | None:
    gevonden, houder = mandaat(m, id), houder_van(m)
    if gevonden is None or gevonden.soort is None or not geldt(gevonden, houder.geboren, houder.overleden, dag):
        return None
    return Bereik(
        gevonden.verwijzing,
        gevonden.soort,
        groepen_van(gevonden),
        gevonden.afgeschermd,
        laatste_dag(gevonden, houder.geboren),
    )


def houder_mag_kijken(m: Momentopname, nu: datetime) -> bool:
    """Of de houder zelf in dit paspoort kan."""
    houder = houder_van(m)
    return houder_kijkt_zelf(houder.geboren, houder.overleden, _dag(nu))


async def heeft_grond(opslag: Opslag, actor: Actor, nu: datetime) -> bool:
    """Of een houder of vertegenwoordiger nu nog in het paspoort kan; voor wie geen van beide is, altijd waar.

    Voor wat buiten de deur om gaat: een token vernieuwen, een app toelaten, een bladzijde die zelf in de opslag leest.
    """
    if actor.rol not in ("houder", "vertegenwoordiger"):
        return True
    try:
        m = await opslag.momentopname(actor.patient or "")
    except PaspoortFout as fout:
        if fout.meldingen[0].code != "niet-gevonden":
            raise
        return False
    return houder_mag_kijken(m, nu) if actor.rol == "houder" else bereik(actor, m, nu) is not None


# --- wat ermee gedaan mag worden


def mag_namens(actor: Actor, m: Momentopname, handeling: str, nu: datetime) -> Antwoord:
    """Of deze houder of vertegenwoordiger dit mag: `lezen`, `invullen`, `toestemming-geven` of `beslissen`.

    `met-code`: de houder moet het zelf nog bevestigen. `beslissen` is alles wat geen invullen is.
    """
    if actor.rol == "houder":
        return "ja" if houder_mag_kijken(m, nu) else "nee"
    gevonden = bereik(actor, m, nu) if actor.rol == "vertegenwoordiger" else None
    if gevonden is None:
        return "nee"
    if gevonden.soort not in HELPERS or handeling == "lezen":
        return "ja"
    if gevonden.soort is Mandaatsoort.HELPER_LEZEN:
        return "nee"
    return {"invullen": "ja", "toestemming-geven": "met-code"}.get(handeling, "nee")  # type: ignore[return-value]


def waarom_niet(zicht: Zicht, handeling: str, inhoud: Json, versie: Versie | None) -> str | None:
    """Waarom een houder of vertegenwoordiger dit niet mag schrijven, of None; de roltabel komt daarna nog."""
    actor, m = zicht.actor, zicht.momentopname
    oud = versie.inhoud if versie is not None else {}
    type_ = inhoud.get("resourceType")
    if type_ == "RelatedPerson" and (is_mandaat(inhoud) or is_mandaat(oud)):
        return None if _mag_mandaat(zicht, handeling, inhoud, versie) else "dit mandaat verandert u niet"
    if type_ == "Patient" and versie is not None and not _mag_levensloop(actor, inhoud, oud, zicht.nu):
        return "geboortedatum en overlijden veranderen niet op deze manier"
    if actor.rol != "vertegenwoordiger":
        return None
    gevonden = bereik(actor, m, zicht.nu)
    if gevonden is None or gevonden.soort is Mandaatsoort.HELPER_LEZEN:
        return "uw mandaat is om mee te lezen"
    if gevonden.soort is Mandaatsoort.HELPER_INVULLEN and not _invullen(handeling, inhoud):
        return "uw mandaat is om in te vullen; de houder verstuurt en beslist"
    groepen = basisgroepen(inhoud)
    if handeling == "S" and not zicht.geheel and (groepen is None or not groepen <= gevonden.groepen):
        return None if type_ == "Binary" else "uw mandaat gaat niet over deze groep"
    if handeling == "D" and versie is not None and ((g := zicht.toon(versie)) is None or not g.volledig):
        return "u ziet dit niet helemaal"
    return None


def is_mandaat(inhoud: Json) -> bool:
    """Of een RelatedPerson toegang kan geven; zonder soort is het een naaste."""
    return any(e.get("url") == extension("mandaatsoort") for e in inhoud.get("extension") or [] if isinstance(e, dict))


def _mag_mandaat(zicht: Zicht, handeling: str, inhoud: Json, versie: Versie | None) -> bool:
    """De houder geeft en eindigt de eigen giften; een vertegenwoordiger legt alleen het eigen mandaat neer."""
    actor, houder = zicht.actor, houder_van(zicht.momentopname)
    oud = versie.inhoud if versie is not None else {}
    if actor.rol == "vertegenwoordiger":
        eigen = versie is not None and versie.id == actor.mandaat and handeling == "W"
        return eigen and (inhoud == oud or (inhoud.get("active") is False and _gelijk(inhoud, oud, "active")))
    if actor.rol != "houder":
        return False
    soorten = {_soort(i) for i in (oud, inhoud) if i and is_mandaat(i)}
    if soorten <= EIGEN_GIFT:
        return houder_geeft_zelf(houder.geboren, _dag(zicht.nu))
    if soorten != {Mandaatsoort.OUDER} or handeling != "W" or houder_geeft_zelf(houder.geboren, _dag(zicht.nu)):
        return False
    # Een kind van twaalf tot zestien schermt af, en verandert verder niets aan wat de ouder mag.
    return _gelijk(_zonder_afgeschermd(inhoud), _zonder_afgeschermd(oud))


def _mag_levensloop(actor: Actor, inhoud: Json, oud: Json, nu: datetime) -> bool:
    anders = {naam for naam in LEVENSLOOP if inhoud.get(naam) != oud.get(naam)}
    if not anders:
        return True
    dagen = [datum(x.get("birthDate")) for x in (oud, inhoud)]
    return actor.rol == "houder" and anders == {"birthDate"} and all(houder_geeft_zelf(d, _dag(nu)) for d in dagen)


def _invullen(handeling: str, inhoud: Json) -> bool:
    type_ = str(inhoud.get("resourceType"))
    status = INVULLEN.get(type_)
    return handeling in ("S", "W") and type_ in INVULLEN and (status is None or inhoud.get("status") == status)


def _soort(inhoud: Json) -> Mandaatsoort | None:
    return vertegenwoordiger_uit_fhir(inhoud).soort


def _gelijk(een: Json, ander: Json, *behalve: str) -> bool:
    weg = {*behalve, "meta", "id"}
    return {k: w for k, w in een.items() if k not in weg} == {k: w for k, w in ander.items() if k not in weg}


def _zonder_afgeschermd(inhoud: Json) -> Json:
    rest = [e for e in inhoud.get("extension") or [] if not _is_afgeschermd(e)]
    return {k: w for k, w in inhoud.items() if k != "extension"} | ({"extension": rest} if rest else {})


def _is_afgeschermd(ext: Any) -> bool:
    return isinstance(ext, dict) and ext.get("url") == extension("afgeschermd")


def _mandaten(m: Momentopname) -> dict[str, Vertegenwoordiger]:
    hier = f"Patient/{m.partitie}"
    alle = ((v.id, v.inhoud) for v in m.van_type("RelatedPerson") if verwijzing(v.inhoud.get("patient")) == hier)
    return {id: vertegenwoordiger_uit_fhir({**inhoud, "id": id}) for id, inhoud in alle}


def _onthoud(m: Momentopname, naam: Hashable, maak: Callable[[], T]) -> T:
    """Eén keer per momentopname; zo kost de grond van een houder op het warme pad twee vergelijkingen."""
    sleutel = ("vertegenwoordiging", naam)
    if sleutel not in m.afgeleid:
        m.afgeleid[sleutel] = maak()
    return cast(T, m.afgeleid[sleutel])


def _dag(nu: datetime) -> date:
    """De dag hier: een verjaardag begint om middernacht in Nederland."""
    return nu.astimezone(HIER).date()


__all__ = [
    "Bereik",
    "bereik",
    "heeft_grond",
    "houder_mag_kijken",
    "houder_van",
    "is_mandaat",
    "mag_namens",
    "waarom_niet",
]
