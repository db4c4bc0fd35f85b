"""Het verzoek om vervanging als één transactie: vraag, antwoorden, behandeling en twee toestemmingen, of niets.

De toestemming voor de leverancier wacht (`proposed`) tot de verstrekker ja zegt. Bron: docs/fhir-afbeelding.md
(*Verzoek*, *Behandeling*, *Toestemming*), toegang.md §4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from paspoort.aanvraag import Behandeling, Fase, Verandering, Verzoek, Wijziging
from paspoort.fhir.aanvraag import behandeling_naar_fhir, verzoek_naar_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.toestemming import naar_fhir as toestemming_naar_fhir
from paspoort.fhir.vragenlijst import bouw, eigen
from paspoort.hulpmiddel import Gebruik, Hulpmiddel
from paspoort.toestemming import Toestemming, voorstel
from web.boek import Boek
from web.deur import nieuw_adres
from web.woorden import naam_van


@dataclass(frozen=True, slots=True)
class Antwoorden:
    """Wat de houder tot nu toe koos; als JSON in het klad van de sessie."""

    soort: str = ""
    verandering: tuple[str, ...] = ()
    reden: str = ""
    aanpassing: bool = False
    verstrekker: str = ""
    weg_verstrekker: tuple[str, ...] = ()
    weg_leverancier: tuple[str, ...] = ()
    mogen_lezen: bool = False

    def als_klad(self) -> dict[str, Any]:
        """Voor de sessie."""
        return {
            "soort": self.soort, "verandering": list(self.verandering), "reden": self.reden,
            "aanpassing": self.aanpassing, "verstrekker": self.verstrekker,
            "weg_verstrekker": list(self.weg_verstrekker), "weg_leverancier": list(self.weg_leverancier),
            "mogen_lezen": self.mogen_lezen,
        }  # fmt: skip

    @property
    def wijziging(self) -> Wijziging:
        """*Dat weet ik niet* is geen *niets veranderd*: dan kijkt iemand mee."""
        return Wijziging.ONGEWIJZIGD if self.soort == "ongewijzigd" else Wijziging.VERANDERD

    @property
    def doel(self) -> str:
        """Bij een ongewijzigde vraag leest de verstrekker minder."""
        return "herhaalverzoek" if self.wijziging is Wijziging.ONGEWIJZIGD else "onderzoek"


def antwoorden_uit(klad: dict[str, Any]) -> Antwoorden:
    """Het klad van de sessie."""
    return Antwoorden(
        soort=klad.get("soort", ""),
        verandering=tuple(klad.get("verandering", ())),
        reden=klad.get("reden", ""),
        aanpassing=bool(klad.get("aanpassing")),
        verstrekker=klad.get("verstrekker", ""),
        weg_verstrekker=tuple(klad.get("weg_verstrekker", ())),
        weg_leverancier=tuple(klad.get("weg_leverancier", ())),
        mogen_lezen=bool(klad.get("mogen_lezen")),
    )


def verzoek(boek: Boek, gebruik: Gebruik, antwoorden: Antwoorden) -> Json:
    """De vraag zelf, nog zonder formulier."""
    houder = f"Patient/{boek.paspoort.houder.id}"
    hulpmiddel = boek.hulpmiddel_van(gebruik)
    return verzoek_naar_fhir(
        Verzoek(
            categorie=hulpmiddel.categorie if hulpmiddel else None,
            # FHIR vraagt hier een code of een woord; zonder categorie is het de naam van het hulpmiddel.
            omschrijving=None if hulpmiddel and hulpmiddel.categorie else naam_van(hulpmiddel),
            ingediend_op=boek.vandaag,
            aanvrager=houder,
            wijziging=antwoorden.wijziging,
            veranderingen=tuple(Verandering(v) for v in antwoorden.verandering),
            betreft=gebruik.verwijzing,
            aanpassing=antwoorden.aanpassing or None,
        ),
        houder,
    )


def voor_verstrekker(boek: Boek, antwoorden: Antwoorden) -> Toestemming:
    """Wat de verstrekker mag lezen."""
    houder = f"Patient/{boek.paspoort.houder.id}"
    t = voorstel(
        antwoorden.doel, "verstrekker", houder, antwoorden.verstrekker, boek.vandaag, (), antwoorden.weg_verstrekker
    )
    return replace(t, gegeven_via="verzoek", gegeven_op=boek.nu.replace(microsecond=0))


def voor_leverancier(boek: Boek, gebruik: Gebruik, antwoorden: Antwoorden) -> Toestemming | None:
    """Wat de leverancier mag lezen als het antwoord ja is; None als er geen leverancier bekend is."""
    hulpmiddel: Hulpmiddel | None = boek.hulpmiddel_van(gebruik)
    if hulpmiddel is None or hulpmiddel.leverancier is None:
        return None
    houder = f"Patient/{boek.paspoort.houder.id}"
    t = voorstel(
        "levering", "leverancier", houder, hulpmiddel.leverancier, boek.vandaag, (hulpmiddel.verwijzing,),
        antwoorden.weg_leverancier,
    )  # fmt: skip
    return replace(t, status="proposed", gegeven_via="verzoek", gegeven_op=boek.nu.replace(microsecond=0))


def transactie(boek: Boek, gebruik: Gebruik, antwoorden: Antwoorden) -> tuple[Json, ...]:
    """Alles wat er bij versturen bewaard wordt; de vraag staat voorop."""
    houder = f"Patient/{boek.paspoort.houder.id}"
    vraag, formulier = nieuw_adres(), nieuw_adres()
    nu = boek.nu.replace(microsecond=0)
    lijst = bouw(
        eigen("verzoek"),
        {
            "soort": antwoorden.wijziging.value,
            "verandering": list(antwoorden.verandering),
            "reden": antwoorden.reden,
        },
        status="completed",
        kop={"subject": {"reference": houder}, "authored": nu.isoformat(), "author": {"reference": houder}},
    )
    behandeling = Behandeling(
        status="requested",
        fase=Fase.INGEDIEND,
        eigenaar=antwoorden.verstrekker,
        opdrachtgever=houder,
        gemaakt_op=nu,
        gewijzigd_op=nu,
        doel=antwoorden.doel,
        verzoek=vraag,
        meldingsdatum=boek.vandaag,
        # Wie niets laat veranderen, hoeft geen onderzoek af te wachten om aan te vragen.
        aanvraagdatum=boek.vandaag if antwoorden.wijziging is Wijziging.ONGEWIJZIGD else None,
    )
    toestemmingen = [voor_verstrekker(boek, antwoorden), voor_leverancier(boek, gebruik, antwoorden)]
    return (
        {**verzoek(boek, gebruik, antwoorden), "supportingInfo": [{"reference": formulier}], "_fullUrl": vraag},
        {**lijst, "_fullUrl": formulier},
        behandeling_naar_fhir(behandeling, houder),
        *(toestemming_naar_fhir(t) for t in toestemmingen if t is not None),
    )
