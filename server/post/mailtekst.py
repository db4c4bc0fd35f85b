"""Wat er in een mail staat, in gewone taal. Nooit gezondheid, groepen, doel of hulpmiddel: mail leest iedereen mee.

Alleen zinnen; `(onderwerp, tekst)`. Bron: issue *receipt by e-mail*, stijl B1 met u.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from paspoort.toestemmingsverloop import dag_in_woorden

SLOT: Final = """
Klopt dit niet? Log dan in en kies Delen. Stoppen mag altijd.
Het adres is: {basis}
Typ dat zelf in. Zo weet u zeker dat u goed zit.

Wij vragen in een mail nooit om uw wachtwoord of code.
Hulpmiddelenpaspoort
"""
# soort verandering → onderwerp en eerste zin
ZINNEN: Final = {
    "gegeven": ("Iemand mag nu meelezen", "{wie} mag vanaf nu meelezen in uw hulpmiddelenpaspoort."),
    "gevraagd": (
        "Iemand wil meelezen",
        "Er staat een toestemming klaar voor {wie} in uw hulpmiddelenpaspoort. {Wie} leest nog niets.",
    ),
    "gestopt": ("Iemand mag niet meer meelezen", "{wie} mag niet meer meelezen in uw hulpmiddelenpaspoort."),
    "minder": ("Iemand mag minder meelezen", "{wie} mag minder lezen dan eerst in uw hulpmiddelenpaspoort."),
    "meer": ("Er veranderde iets bij het meelezen", "Voor {wie} veranderde er iets. Het kan meer of langer zijn."),
    "anders": ("Er veranderde iets bij het meelezen", "Voor {wie} veranderde er iets bij het meelezen."),
}


def ontvangstbewijs(soort: str, wie: str, tot: date | datetime | None, nu: datetime, basis: str) -> tuple[str, str]:
    """Wat er met een toestemming gebeurde: wie, tot wanneer, en waar u het terugziet."""
    onderwerp, zin = ZINNEN[soort]
    begin = wie[:1].upper() + wie[1:]
    zin = zin.format(wie=wie, Wie=begin)
    regels = ["Beste lezer,", "", zin[:1].upper() + zin[1:]]
    if tot is not None and soort in ("gegeven", "minder", "meer", "anders"):
        regels.append(f"Dat mag tot en met {dag_in_woorden(tot)}.")
    regels.append(f"Dit is van {dag_in_woorden(nu)}.")
    return onderwerp, "\n".join(regels) + "\n" + SLOT.format(basis=basis)


def vraag(naam: str, organisatie: str, link: str, basis: str) -> tuple[str, str]:
    """Een organisatie vraagt of zij mag meelezen. Zegt niet of er een paspoort is."""
    tekst = f"""Beste lezer,

{naam} van {organisatie} vraagt of zij mogen meelezen in uw hulpmiddelenpaspoort.
U beslist. Nee zeggen mag. Zij horen niet of u een paspoort hebt.

Open deze link om te zien wat zij vragen:
{link}

De link werkt 7 dagen. Kent u {organisatie} niet? Gooi deze mail dan weg.
{SLOT.format(basis=basis)}"""
    return f"{organisatie} vraagt of zij mogen meelezen", tekst


def meegekeken(wie: str, op: datetime, basis: str) -> tuple[str, str]:
    """Een collega die niet aan het verzoek werkt, opende het paspoort. De reden staat alleen in het paspoort."""
    tekst = f"""Beste lezer,

{wie[:1].upper() + wie[1:]} kijkt vanaf {dag_in_woorden(op)} een dag mee in uw hulpmiddelenpaspoort.
Een collega van deze persoon mocht dat al. Deze persoon schreef op waarom.

Log in en kies Wie keek er mee. Daar leest u waarom. U kunt het ook stoppen.
{SLOT.format(basis=basis)}"""
    return "Een collega kijkt mee in uw paspoort", tekst


def sein(houder: bool, basis: str) -> tuple[str, str]:
    """Er is een nieuw bericht. Van wie, over wie en waarover staat alleen in het paspoort."""
    waar = (
        "Het staat op uw eerste bladzijde, of bij Meer, Uw adviezen." if houder else "Het staat op uw eerste bladzijde."
    )
    van = "uw hulpmiddelenpaspoort" if houder else "het hulpmiddelenpaspoort van een cliënt"
    tekst = f"""Beste lezer,

Er is iets nieuws in {van}.
Log in om het te lezen. {waar}

Het adres is: {basis}
Typ dat zelf in. Zo weet u zeker dat u goed zit.
Wij sturen hierover hoogstens één mail per dag.

Wij vragen in een mail nooit om uw wachtwoord of code.
Hulpmiddelenpaspoort
"""
    return "Er is een nieuw bericht", tekst


def bevestigcode(wie: str, code: str, basis: str) -> tuple[str, str]:
    """De code bij een toestemming die iemand op papier of met de stem gaf."""
    tekst = f"""Beste lezer,

U hebt gezegd dat {wie} mag meelezen in uw hulpmiddelenpaspoort.
Klopt dat? Geef dan deze code door:

    {code}

U kunt de code ook zelf gebruiken: log in en kies Delen.
Klopt het niet? Doe dan niets. Dan leest niemand mee.
De code werkt 42 dagen.
{SLOT.format(basis=basis)}"""
    return "Klopt het dat iemand mag meelezen?", tekst
