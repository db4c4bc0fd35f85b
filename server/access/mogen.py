"""Wat iemand binnen zijn zicht mag maken, wijzigen of verwijderen, en waarom niet (toegang.md §3).

Leest de roltabel en toetst haar voorwaarden; elke voorwaarde is één functie. Bedrijfsregels (statusovergangen, wat een
besluit moet bevatten) staan niet hier. Wie een resource gedeeltelijk ziet, wijzigt haar niet (§2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from paspoort.fhir.bericht import AFSTEMMING, OPMERKING, UITKOMST, VAN_DE_SERVER, bericht_over, berichtsoorten
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.gegevensgroep import basisgroepen, vragenlijst_id
from paspoort.fhir.referenties import referenties
from paspoort.fhir.stelsels import extension
from paspoort.toegang import DOELEN, recht
from paspoort.toegang.groepen import BSN_STELSELS
from paspoort.toegang.rollen import ONSCHRIJFBAAR
from server.access.afstemmen import stemt_af
from server.access.gronden import HOUDERS, PARTIJEN, Taak, is_eigenaar, plek_van, taak_uit
from server.access.vertegenwoordiging import is_mandaat, waarom_niet

if TYPE_CHECKING:
    from server.access.zicht import Zicht
    from server.store.versions import Versie

Handeling = Literal["S", "W", "D"]

# Zonder eigen groep beheert alleen de houder deze, met de rechten van de groep ernaast.
HOUDER_ZONDER_GROEP: Final = {"Observation": "gezondheid"}
# Wat een eigenaar aan een Task niet verandert: het zijn de afspraken, en zij bepalen wat hij ziet.
AFSPRAKEN: Final = (
    "intent", "code", "focus", "basedOn", "for", "requester", "input", "partOf", "authoredOn", "restriction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Besluit:
    """Ja of nee, met de reden in gewone taal; geen persoonsgegevens."""

    ja: bool
    reden: str

    def __bool__(self) -> bool:
        return self.ja


JA: Final = Besluit(True, "dit mag")


def mag(zicht: Zicht, handeling: Handeling, inhoud: Json, versie: Versie | None) -> Besluit:
    """Het oordeel van de roltabel. Bij W en D hoort `versie`; `inhoud` mag dan ook nog de oude zijn."""
    type_ = str(inhoud.get("resourceType"))
    soorten = {g.soort for g in zicht.gronden}
    if not soorten:
        return Besluit(False, "u heeft hier geen grond voor")
    if all(g.aanleiding for g in zicht.gronden):
        return Besluit(False, "met een aanleiding kijkt u mee; u wijzigt niets")
    soort = berichtsoorten(inhoud) | (berichtsoorten(versie.inhoud) if versie is not None else frozenset())
    if soort & (VAN_DE_SERVER - ({UITKOMST} if soorten & {"dienst", "proef"} else set())):
        houder_haalt_weg = handeling == "D" and zicht.actor.rol in HOUDERS
        return JA if houder_haalt_weg else Besluit(False, "dit bericht schrijft alleen de server")
    if zicht.actor.rol in HOUDERS and (nee := waarom_niet(zicht, handeling, inhoud, versie)):
        return Besluit(False, nee)
    if type_ == "Subscription" and soorten & {"eigen", "mandaat", "afschrift"}:
        return _abonnement(zicht, handeling)
    if type_ in ONSCHRIJFBAAR and "dienst" not in soorten:
        return Besluit(False, "dit houdt alleen de server zelf bij")
    if soorten & {"dienst", "proef"}:
        return JA
    if "afschrift" in soorten:
        vrij = type_ == "Device" and "patient" not in inhoud and handeling != "D"
        return JA if vrij else Besluit(False, "een afschrift verandert niet")
    if handeling == "D":
        houder = zicht.actor.rol in HOUDERS and type_ != "Patient"
        return JA if houder else Besluit(False, "alleen de houder verwijdert; een schrijver meldt een vergissing")
    if handeling == "W":
        if versie is None:
            return Besluit(False, "er is niets om te wijzigen")
        getoond = zicht.toon(versie)
        if getoond is None or not getoond.volledig:
            return Besluit(False, "u ziet dit niet helemaal")
    if type_ == "RelatedPerson" and handeling == "S" and zicht.actor.rol == "houder" and is_mandaat(inhoud):
        return JA  # iemand aanwijzen (§7); `waarom_niet` zei al wie dat mag
    if type_ == "Patient":
        return _patient(zicht, handeling, inhoud, versie)
    if type_ == "Binary":
        schrijver = zicht.actor.rol in HOUDERS | PARTIJEN and handeling == "S"
        return JA if schrijver else Besluit(False, "een bestand verandert niet")
    if handeling == "S" and soort == {OPMERKING} and zicht.actor.rol == "leverancier":
        # De roltabel zwijgt (§3, advies: –); zonder opmerking van de leverancier is er geen afstemmen met hem.
        mee = all(stemt_af(zicht, v) for v in _adviezen(zicht, inhoud) or [None])
        return JA if mee else Besluit(False, "u stemt hier niet over af")
    return _volgens_tabel(zicht, handeling, inhoud, versie)


def _abonnement(zicht: Zicht, handeling: Handeling) -> Besluit:
    """Een abonnement zet een app, in het paspoort van wie haar toeliet of bij haar eigen organisatie."""
    app = zicht.actor.client_id is not None and (zicht.actor.soort == "app" or zicht.actor.rol in HOUDERS)
    weg = handeling == "D" and zicht.actor.rol in HOUDERS
    return JA if app or weg else Besluit(False, "een abonnement zet een app, geen mens")


def _patient(zicht: Zicht, handeling: Handeling, inhoud: Json, versie: Versie | None) -> Besluit:
    if zicht.actor.rol not in HOUDERS or handeling != "W" or versie is None:
        return Besluit(False, "alleen de houder wijzigt de eigen gegevens")
    if _bsn(inhoud) != _bsn(versie.inhoud):
        return Besluit(False, "een burgerservicenummer verandert niet")
    return JA


def _volgens_tabel(zicht: Zicht, handeling: Handeling, inhoud: Json, versie: Versie | None) -> Besluit:
    type_ = str(inhoud.get("resourceType"))
    groepen = basisgroepen(inhoud)
    if groepen is None and zicht.actor.rol in HOUDERS and type_ in HOUDER_ZONDER_GROEP:
        groepen = frozenset({HOUDER_ZONDER_GROEP[type_]})
    if groepen is None:
        return Besluit(False, "dit hoort bij geen gegevensgroep")
    if versie is not None and handeling == "W" and basisgroepen(versie.inhoud) != basisgroepen(inhoud):
        return Besluit(False, "dit hoort dan bij een andere gegevensgroep")
    if handeling == "W" and versie is not None and _vergissing(zicht, inhoud, versie):
        return JA
    for groep in sorted(groepen):
        besluit = _voor_groep(zicht, handeling, groep, inhoud, versie)
        if not besluit:
            return besluit
    return JA


def _voor_groep(zicht: Zicht, handeling: Handeling, groep: str, inhoud: Json, versie: Versie | None) -> Besluit:
    rol = zicht.actor.rol
    voorwaarden = recht(groep, rol, handeling)
    if voorwaarden is None and inhoud.get("resourceType") == "DocumentReference" and rol in HOUDERS:
        # De houder legt ieder eigen document in het eigen paspoort (§1); de groep zegt wie het leest.
        voorwaarden = recht("documenten", rol, handeling)
    if voorwaarden is None:
        return Besluit(False, f"uw rol schrijft niet in de groep {groep}")
    leest = rol not in HOUDERS and groep != "toestemmingen" and recht(groep, rol, "L") is not None
    if handeling == "S" and leest and not any(groep in g.groepen for g in zicht.gronden if not g.aanleiding):
        return Besluit(False, f"u heeft geen grond voor de groep {groep}")
    if handeling == "S":
        if inhoud.get("resourceType") == "Task" and rol not in HOUDERS and not _taak_gunt_niets_extra(zicht, inhoud):
            return Besluit(False, "een Task geeft uzelf geen ruimer zicht")
        if voorwaarden and not any(MAKEN[v](zicht, inhoud) for v in voorwaarden):
            return Besluit(False, f"dit kan alleen als: {', '.join(sorted(voorwaarden))}")
        return JA
    assert versie is not None
    ontbreekt = sorted(v for v in voorwaarden if not WIJZIGEN[v](zicht, inhoud, versie))
    return Besluit(False, f"dit kan alleen als: {', '.join(ontbreekt)}") if ontbreekt else JA


# --- voorwaarden bij maken


def _papier(zicht: Zicht, inhoud: Json) -> bool:
    """Overgenomen van een document: het document zelf, of iets dat naar een document wijst en nergens op volgt."""
    if inhoud.get("resourceType") == "DocumentReference":
        return True
    wijst = any(v.startswith("DocumentReference/") for _, v in referenties(inhoud))
    return wijst and "basedOn" not in inhoud


def _reactie(zicht: Zicht, inhoud: Json) -> bool:
    return vragenlijst_id(inhoud) == "reactie-advies"


def _antwoord(zicht: Zicht, inhoud: Json) -> bool:
    """Een bericht van de houder, of de behandeling van het eigen verzoek."""
    zelf = f"Patient/{zicht.momentopname.partitie}"
    if inhoud.get("resourceType") == "Communication":
        return plek_van(inhoud.get("sender")) == zelf
    taak = taak_uit(inhoud)
    return taak.soort == "behandeling" and taak.aanvrager == zelf and inhoud.get("status") in ("draft", "requested")


def _aanvraag(zicht: Zicht, inhoud: Json) -> bool:
    return inhoud.get("status") in ("draft", "proposed")


def _opmerking(zicht: Zicht, inhoud: Json) -> bool:
    """Een opmerking of vraag bij een advies dat de vrager in die groep leest."""
    leest = [v is not None and "advies" in zicht.groepen_voor(v) for v in _adviezen(zicht, inhoud)]
    return bool(berichtsoorten(inhoud) & AFSTEMMING) and bool(leest) and all(leest)


def _adviezen(zicht: Zicht, bericht: Json) -> list[Versie | None]:
    """De adviezen waar het bericht over gaat; None bij wat er niet is."""
    gevonden = (zicht.momentopname.get(*plek.split("/")) for plek in bericht_over(bericht))
    return [None if v is None or v.verwijderd else v for v in gevonden]


def _machtiging(zicht: Zicht, inhoud: Json) -> bool:
    """Namens de houder vragen kan alleen met een machtiging; die legt dit paspoort nog niet vast, dus nooit."""
    return False


def _signaal(zicht: Zicht, inhoud: Json) -> bool:
    """Een leverancier meldt iets als concept, nooit in naam van de houder."""
    extensies = [e for e in inhoud.get("extension") or [] if isinstance(e, dict)]
    return inhoud.get("status") == "draft" and all(e.get("url") != extension("aanvrager") for e in extensies)


MAKEN: Final[Mapping[str, Callable[[Any, Json], bool]]] = {
    "papier": _papier,
    "reactie": _reactie,
    "antwoord": _antwoord,
    "aanvraag": _aanvraag,
    "opmerking": _opmerking,
    "machtiging": _machtiging,
    "signaal": _signaal,
}


# --- voorwaarden bij wijzigen


def _eigen(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    return zicht.schreef(versie.auteur)


def _tot_definitief(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    if versie.type == "QuestionnaireResponse":
        return versie.inhoud.get("status") == "in-progress"
    if versie.type == "Communication":
        return False  # wat gezegd is, blijft staan
    return versie.inhoud.get("docStatus") not in ("final", "amended")


def _tot_behandeld(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    """Zolang geen behandeling van dit verzoek is afgerond."""
    plek = f"{versie.type}/{versie.id}"
    for taakversie in zicht.momentopname.van_type("Task"):
        taak = taakversie.inhoud
        if plek_van(taak.get("focus")) == plek and taak.get("status") == "completed":
            return False
    return True


def _tot_verzonden(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    return versie.inhoud.get("status") == "draft"


def _eigen_taak(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    """De Task is van de vrager; de afspraken erin verandert alleen wie haar uitzette, en het doel niemand."""
    if versie.type != "Task":
        return zicht.schreef(versie.auteur)
    oud, nieuw = taak_uit(versie.inhoud), taak_uit(inhoud)
    eigenaar = is_eigenaar(zicht.actor, oud, zicht.register, zicht.nu)
    uitzetter = zicht.schreef(oud.aanvrager)
    if not (eigenaar or uitzetter) or nieuw.doel != oud.doel:
        return False
    if uitzetter:
        return inhoud.get("for") == versie.inhoud.get("for") and _taak_gunt_niets_extra(zicht, inhoud)
    zelfde_huis = zicht.register.organisatie_van(nieuw.eigenaar) == zicht.actor.organisatie
    eigenaar_blijft = (nieuw.eigenaar == oud.eigenaar or zelfde_huis) and _wijst_naar_eigen(zicht, oud, nieuw)
    return eigenaar_blijft and all(inhoud.get(naam) == versie.inhoud.get(naam) for naam in AFSPRAKEN)


def _wijst_naar_eigen(zicht: Zicht, oud: Taak, nieuw: Taak) -> bool:
    """Een eigenaar laat zijn Task alleen naar werk van zijn eigen huis wijzen, of naar wat nu ontstaat.

    Anders hield hij met een uitkomst wat een toestemming hem liet zien, ook nadat de houder haar introk (§1).
    """
    erbij = (zicht.momentopname.get(*plek.split("/")) for plek in nieuw.wijst_naar - oud.wijst_naar)
    return all(v is None or zicht.register.organisatie_van(v.auteur) == zicht.actor.organisatie for v in erbij)


def _intrekken(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    """De houder breekt de behandeling van het eigen verzoek af zolang die loopt; verder verandert er niets."""
    taak = taak_uit(versie.inhoud)
    if versie.type != "Task" or not taak.open or taak.aanvrager != f"Patient/{zicht.momentopname.partitie}":
        return False
    if inhoud == versie.inhoud:
        return True
    return inhoud.get("status") == "cancelled" and _gelijk_op(
        inhoud, versie.inhoud, "status", "businessStatus", "statusReason", "lastModified", "note"
    )


def _bezwaar(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    """Bij een besluit voegt de houder alleen een bezwaar toe."""
    if versie.type != "DeviceRequest":
        return False
    return _gelijk_op(_zonder(inhoud, "bezwaar"), _zonder(versie.inhoud, "bezwaar"), "extension") and (
        _zonder(inhoud, "bezwaar").get("extension") == _zonder(versie.inhoud, "bezwaar").get("extension")
    )


WIJZIGEN: Final[Mapping[str, Callable[[Any, Json, Any], bool]]] = {
    "eigen": _eigen,
    "tot-definitief": _tot_definitief,
    "tot-behandeld": _tot_behandeld,
    "tot-verzonden": _tot_verzonden,
    "eigen-taak": _eigen_taak,
    "intrekken": _intrekken,
    "bezwaar": _bezwaar,
}


def _vergissing(zicht: Zicht, inhoud: Json, versie: Versie) -> bool:
    """Een schrijver meldt dat zijn eigen gegeven er per vergissing staat; een definitief advies blijft wat het is."""
    # Bij een eerste vraag is de inhoud nog de oude; een bericht is daarna alleen zo te wijzigen.
    eerst = versie.type == "Communication" and inhoud == versie.inhoud
    return (
        versie.type != "QuestionnaireResponse"
        and (inhoud.get("status") == "entered-in-error" or eerst)
        and zicht.schreef(versie.auteur)
        and _gelijk_op(inhoud, versie.inhoud, "status")
    )


def _taak_gunt_niets_extra(zicht: Zicht, inhoud: Json) -> bool:
    """Wie een Task uitzet, doet dat als zichzelf, en met een doel alleen bij een ander en alleen voor uitvoering.

    Anders zou een organisatie zichzelf met een eigen Task een ruimer zicht kunnen geven.
    """
    taak = taak_uit(inhoud)
    if not zicht.schreef(taak.aanvrager):
        return False
    doel = DOELEN.get(taak.doel or "")
    if taak.doel is None:
        return True
    uitvoering = doel is not None and doel.betreft and set(doel.groepen) == {"leverancier"}
    return uitvoering and zicht.register.organisatie_van(taak.eigenaar) not in (None, zicht.actor.organisatie)


def _gelijk_op(nieuw: Json, oud: Json, *behalve: str) -> bool:
    """Of twee inhouden gelijk zijn op deze elementen en wat de server zelf zet na."""
    weg = {*behalve, "meta", "id"}
    return {k: w for k, w in nieuw.items() if k not in weg} == {k: w for k, w in oud.items() if k not in weg}


def _zonder(inhoud: Json, id: str) -> Json:
    """De inhoud zonder de extensie met deze naam; zonder extensies ook zonder lege lijst."""
    rest = [e for e in inhoud.get("extension") or [] if not (isinstance(e, dict) and e.get("url") == extension(id))]
    kaal = {k: w for k, w in inhoud.items() if k != "extension"}
    return kaal | ({"extension": rest} if rest else {})


def _bsn(inhoud: Json) -> list[Json]:
    identifiers = inhoud.get("identifier")
    return [
        i
        for i in (identifiers if isinstance(identifiers, list) else [])
        if isinstance(i, dict) and i.get("system") in BSN_STELSELS
    ]
