"""Het naslagwerk `docs/naslag.md`, uit wat er geregistreerd is: `python -m tests.huis.naslag` schrijft het opnieuw.

Met de hand staat hier alleen wat nergens te lezen is: waar een adres voor is, en hoe een zoeksoort leest.
`test_docs.py` houdt het bestand gelijk aan de code en deze tabellen gelijk aan de adressen van de app.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final

import paspoort
from paspoort.fouten import TEKSTEN
from server.access.scopes import LETTERS, OVERIGE, V1
from server.fhir.operations import OPENBARE_OPERATIES, OPERATIES
from server.fhir.outcome import STATUS
from server.fhir.search.grammatica import AANTAL, AANTAL_HOOGSTENS, BEPALERS
from server.oauth.metadata import scopes_ondersteund
from server.registry import DEFINITIES, DEFINITIETYPES, GEMEENSCHAPPELIJK, TYPES, Resourcetype

WORTEL: Final = Path(__file__).parents[2]
BESTAND: Final = WORTEL / "docs/naslag.md"

# adres → (voor wie, wat). `{…}` is een id.
ADRESSEN: Final = {
    "/": ("iedereen", "de eerste bladzijde van uw rol: start, cliënten, werkvoorraad of open opdrachten"),
    "/weergave": ("iedereen", "letters en kleuren kiezen"),
    "/hulp": ("iedereen", "wie kan helpen, en hoe het paspoort werkt"),
    "/toegankelijk": ("iedereen", "wat wij doen zodat iedereen het kan gebruiken"),
    "/inloggen": ("iedereen", "een inlogdienst kiezen; in de demo een persoon"),
    "/inloggen/bij": ("iedereen", "naar de gekozen inlogdienst"),
    "/inloggen/terug/{code}": ("iedereen", "terug van de inlogdienst; elke dienst een eigen adres"),
    "/inloggen/afmelden/{code}": ("inlogdienst", "de dienst meldt dat iemand zich daar afmeldde (back-channel logout)"),
    "/inloggen/rol": ("iedereen", "kiezen hoe u verder gaat, bij meer dan één rol"),
    "/inloggen/paspoort": ("iedereen", "een eerste eigen paspoort maken, na inloggen zonder rol"),
    "/uitgelogd": ("iedereen", "terug van de inlogdienst na uitloggen"),
    "/uitloggen": ("iedereen", "uitloggen"),
    "/sessies": ("iedereen", "waar u bent ingelogd"),
    "/sessies/uit": ("iedereen", "ergens anders uitloggen, of overal anders"),
    "/sessie/over": ("iedereen", "hoeveel seconden u nog bent ingelogd; vragen verlengt niets"),
    "/sessie/verleng": ("iedereen", "een kwartier langer ingelogd blijven"),
    "/sessie/bewaar": ("iedereen", "wat u typte bewaren als uw inlog voorbij is"),
    "/formulier": ("iedereen", "wat u nog niet verstuurde"),
    "/formulier/weg": ("iedereen", "wat u nog niet verstuurde weggooien"),
    "/hulpmiddelen": ("houder", "wat u gebruikt, en wat u vroeger gebruikte"),
    "/hulpmiddel/{id}": ("houder", "één hulpmiddel: wie betaalt, tot wanneer, papieren, wat er gebeurde"),
    "/delen": ("houder", "wie mag meelezen, welke apps, wat klaarstaat en wat voorbij is"),
    "/delen/toestemming/{id}": ("houder", "één toestemming: wat, waarvoor, tot wanneer; stoppen"),
    "/delen/toestemming/{id}/minder": ("houder", "minder laten lezen: groepen, losse gegevens, eerder stoppen"),
    "/delen/toestemming/{id}/langer": ("houder", "langer laten lezen, tot wat het doel voorstelt"),
    "/delen/toestemming/{id}/voorbeeld": ("houder", "alles wat die partij nu ziet, of na een ja zou zien"),
    "/delen/uitnodiging/{id}/voorbeeld": ("houder", "alles wat wie de code aanneemt straks ziet"),
    "/delen/vraag": ("houder", "waar de link van een organisatie uitkomt; cijfers typen die u kreeg"),
    "/delen/vraag/{id}": ("houder", "een organisatie vraagt om toestemming: ja, een beetje, of nee"),
    "/delen/gevraagd/{id}": ("houder", "een vraag om toestemming die al in het paspoort ligt"),
    "/delen/bevestig/{id}": ("houder", "een helper typt de code die de houder kreeg"),
    "/delen/app": ("houder", "een app stoppen"),
    "/delen/nieuw": ("houder", "kiezen met wie u deelt"),
    "/delen/nieuw/{id}": ("houder", "zien wat iemand gaat lezen, en een code maken"),
    "/delen/uitnodiging/{id}": ("houder", "QR, link en cijfers; daarna: is dit de goede persoon?"),
    "/vervangen/{id}": ("houder", "vervanging vragen, stap 1: is er iets veranderd?"),
    "/vervangen/{id}/wat": ("houder", "stap 1: wat is er veranderd?"),
    "/vervangen/{id}/delen": ("houder", "stap 2: wie leest wat"),
    "/vervangen/{id}/anders": ("houder", "stap 2: zelf kiezen wat zij lezen"),
    "/vervangen/{id}/controle": ("houder", "stap 3: nalezen, verwachting, versturen"),
    "/aanvraag/{id}": ("houder", "hoe ver een vraag is; de vraag stoppen"),
    "/papier": ("houder", "kiezen welk papier u hebt"),
    "/papier/nieuw/{id}": ("houder", "een foto en een paar antwoorden over een besluit of advies van papier"),
    "/papier/{id}": ("houder", "één papier, en of het bevestigd is"),
    "/papier/{id}/bestand": ("houder", "de foto of pdf zelf"),
    "/adviezen": ("houder", "alle adviezen: wat telt, wat nog geschreven wordt, wat oud is"),
    "/advies/{id}": ("houder", "een advies lezen en erop reageren"),
    "/advies/{id}/meelezen/{org}": ("houder", "of een gemeente of leverancier mag meedenken over het concept"),
    "/advies/{id}/voorstellen": ("houder", "wat uit een definitief advies in het paspoort komt"),
    "/advies/{id}/weg": ("houder", "een advies verwijderen of wissen"),
    "/wie-helpt-mij": ("houder", "wie er voor u meekijkt of iets doet: wat, tot wanneer, en hoe u het eindigt"),
    "/wie-helpt-mij/nieuw": ("houder", "iemand laten helpen: wat diegene mag, waarbij, en tot welke dag"),
    "/wie-helpt-mij/code/{id}": ("houder", "QR, link en zes cijfers om te helpen, en bevestigen wie het is"),
    "/wie-helpt-mij/{id}/stop": ("houder", "de hulp van iemand eindigen"),
    "/wie-helpt-mij/{id}/afschermen": ("houder", "kiezen wat een ouder of helper niet ziet"),
    "/helpen": ("iedereen", "een code of link aannemen om iemand te helpen; ook zonder andere rol"),
    "/wie-keek-mee": ("houder", "iedereen die het paspoort opende, ook als het niet mocht; kiezen wie, wat en wanneer"),
    "/wie-keek-mee/bestand": ("houder", "een kopie van die lijst bewaren, als tabel of als AuditEvents"),
    "/meer": ("houder", "wat niet in het menu past, en al uw vragen"),
    "/mijn-gegevens": ("houder", "naam, adres, naasten en vaste contacten"),
    "/meekijken": ("houder", "wie met een reden meekijkt, en dat laten stoppen"),
    "/clienten": ("professional", "wie u iets laat lezen"),
    "/client/{patient}": ("professional", "alles wat u van één cliënt mag lezen"),
    "/client/{patient}/vraag": (
        "professional",
        "om toestemming vragen, of opschrijven wat op papier of met de stem is gegeven",
    ),
    "/client/{patient}/vraag/{consent}": ("professional", "de code typen die de cliënt per mail of brief kreeg"),
    "/client/{patient}/mag-delen": ("professional", "of een andere organisatie een groep gegevens mag zien"),
    "/vraag": ("professional", "iemand om toestemming vragen, en wat u al vroeg"),
    "/vraag/{id}": ("professional", "de cijfers, QR, link en mail bij één vraag"),
    "/code": ("professional", "de zes cijfers van een cliënt typen"),
    "/uitnodiging": ("professional", "waar de QR en de link uitkomen; het geheim staat achter # en gaat niet mee"),
    "/uitnodiging/wacht": ("professional", "uw cliënt is aan de beurt"),
    "/aanleiding": ("professional", "meekijken bij een cliënt van een collega, met een reden die de cliënt leest"),
    "/advies/nieuw/{patient}": ("therapeut", "een functioneel advies beginnen"),
    "/advies/{id}/bewerk": ("therapeut", "een concept schrijven, om een reactie vragen, definitief maken"),
    "/advies/{id}/lees": ("professional", "een advies lezen, met zijn zegel, de eisen voorop"),
    "/advies/{id}/afstemming": ("therapeut", "vragen wie over het concept mag meedenken, en hun opmerkingen"),
    "/advies/{id}/daarna": ("therapeut", "nog geldig, intrekken, nieuwe versie, vragen beantwoorden, wat werd ervan"),
    "/advies/{id}/meedenken": ("professional", "opmerken, afstemmen, of de schrijver één vraag stellen"),
    "/meedenken": ("professional", "de concepten waar een cliënt u over laat meedenken"),
    "/werkvoorraad": ("consulent", "de vragen van uw organisatie, kortste termijn boven"),
    "/intake/{id}": ("consulent", "alles van één verzoek, met voorstel, gronden en normen; bevestigen"),
    "/intake/{id}/anders": ("consulent", "zelf een besluit nemen, met reden"),
    "/intake/{id}/doorgeven": ("consulent", "een verzoek aan een team of collega geven"),
    "/stuk/{id}": ("professional", "een document uit het paspoort openen"),
    "/medewerker": ("iedereen", "met een code van uw organisatie haar medewerker worden; na inloggen"),
    "/beheer": ("beheerder", "alle organisaties"),
    "/beheer/organisatie": ("beheerder", "een organisatie erbij"),
    "/beheer/organisatie/{id}": ("beheerder", "een organisatie met haar teams, mensen, apps en mandaten"),
    "/beheer/organisatie/{id}/gegevens": ("beheerder", "haar soort, nummers, en waar zij bij hoort"),
    "/beheer/organisatie/{id}/schors": ("beheerder", "schorsen of opheffen"),
    "/beheer/organisatie/{id}/team": ("beheerder", "een team erbij"),
    "/beheer/organisatie/{id}/persoon": ("beheerder", "iemand erbij"),
    "/beheer/organisatie/{id}/app": ("beheerder", "een app van deze organisatie aanmelden"),
    "/beheer/organisatie/{id}/mandaat": ("beheerder", "een andere organisatie werk laten doen"),
    "/beheer/organisatie/{id}/mandaat/weg": ("beheerder", "een mandaat intrekken"),
    "/beheer/team/{id}": ("beheerder", "een team: naam, welk werk het aanneemt, of het meedoet"),
    "/beheer/persoon/{id}": ("beheerder", "iemand: rol, teams, inloggen"),
    "/beheer/persoon/{id}/code": ("beheerder", "een code maken; hij is één keer te zien"),
    "/beheer/persoon/{id}/inlog": ("beheerder", "een account koppelen of weghalen"),
    "/beheer/persoon/{id}/schors": ("beheerder", "schorsen of opheffen"),
    "/beheer/apps": ("beheerder", "alle apps"),
    "/beheer/app": ("beheerder", "een app aanmelden"),
    "/beheer/app/{id}": ("beheerder", "een app: het meeste dat zij mag vragen, waarvoor, adressen en sleutels"),
    "/beheer/app/{id}/schors": ("beheerder", "schorsen of opheffen"),
    "/beheer/app/{id}/weg": ("beheerder", "een app weghalen, met alles wat mensen haar toestonden"),
    "/docs": ("iedereen", "het naslagwerk: ingang, en zoeken met `?q=`"),
    "/docs/{soort}": (
        "iedereen",
        "alle profielen, extensies, waardelijsten, codestelsels, vragenlijsten, operaties, handleidingen",
    ),
    "/docs/{soort}/{id}": ("iedereen", "één definitie met tabel, voorbeelden en JSON; of één handleiding"),
    "/fhir/{…}": ("app", "FHIR R4: de typen en operaties hieronder; een Bundle naar /fhir zelf"),
    "/fhir/metadata": ("app", "CapabilityStatement, zonder token"),
    "/fhir/.well-known/smart-configuration": ("app", "SMART-configuratie, zonder token"),
    "/.well-known/openid-configuration": ("app", "OpenID-configuratie, zonder token"),
    "/oauth/authorize": ("app", "toestemming vragen aan de houder (code en PKCE S256)"),
    "/oauth/token": ("app", "code, refresh_token of client_credentials inwisselen"),
    "/oauth/revoke": ("app", "een token intrekken (RFC 7009)"),
    "/oauth/introspect": ("app", "een token navragen (RFC 7662)"),
    "/oauth/userinfo": ("app", "wie er is ingelogd"),
    "/oauth/jwks": ("app", "openbare sleutels, ook die van het zegel"),
    "/demo-inlog/.well-known/openid-configuration": ("demo", "de inlogdienst van de demo"),
    "/demo-inlog/authorize": ("demo", "een verzonnen persoon kiezen"),
    "/demo-inlog/token": ("demo", "token van de demo-inlogdienst"),
    "/demo-inlog/jwks": ("demo", "sleutels van de demo-inlogdienst"),
    "/demo-inlog/uit": ("demo", "uitloggen bij de demo-inlogdienst"),
    "/static": ("iedereen", "stijl, letters en tekeningen"),
    "/healthz": ("beheer", "leeft het proces"),
    "/readyz": ("beheer", "antwoordt de opslag"),
    "/metrics": ("beheer", "aantallen antwoorden; geen personen, geen adressen"),
}
ZOEKSOORTEN: Final = {
    "token": "`code`, `stelsel\\|code`, `stelsel\\|`, of `true` en `false`",
    "string": "begin van een woordgroep, zonder op hoofdletters en accenten te letten",
    "reference": "`Type/id` of `id`; een canonical als adres; als keten: `patient.birthdate`. Bepaler: ook een type",
    "date": "jaar, maand, dag of moment, met `eq ne gt lt ge le sa eb ap` ervoor",
    "uri": "precies dit adres",
    "number": "een getal, met dezelfde letters ervoor als een datum; `100` vindt 99,5 tot 100,5",
    "composite": "de delen met `$` ertussen: `code$waarde`; zij passen op hetzelfde element",
    "quantity": "`getal\\|stelsel\\|eenheid`, met dezelfde letters ervoor",
}
NIVEAUS: Final = {
    "patient": "één paspoort: dat van wie inlogde, of van wie de houder koos",
    "user": "wat de ingelogde persoon zelf mag",
    "system": "wat de organisatie van de app mag, zonder persoon erbij",
}
LETTERWOORDEN: Final = {"c": "maken", "r": "lezen", "u": "wijzigen", "d": "verwijderen", "s": "zoeken"}


def maak() -> str:
    """De hele tekst van het naslagwerk."""
    delen = (_kop(), _adressen(), _operaties(), _scopes(), _zoeken(), _typen(), _fouten(), _woorden())
    return "\n".join(regel for deel in delen for regel in deel)


def _kop() -> Iterator[str]:
    yield "# Naslag"
    yield "Alles wat een adres, naam of code heeft. Gemaakt uit de code; een test houdt het gelijk."
    yield "Opnieuw schrijven: `python -m tests.huis.naslag`."
    yield "Hoe het domein in FHIR ligt: [fhir-afbeelding.md](fhir-afbeelding.md)."


def _adressen() -> Iterator[str]:
    yield from ("", "## Adressen", "| adres | voor wie | wat |", "|---|---|---|")
    for adres, (wie, wat) in ADRESSEN.items():
        yield f"| `{adres}` | {wie} | {wat} |"


def _operaties() -> Iterator[str]:
    yield from ("", "## Operaties", "| operatie | methode | scope | op | wat | invoer |", "|---|---|---|---|---|---|")
    for naam, operatie in sorted(OPERATIES.items()):
        typen = [t.name for t in TYPES.values() if naam in t.operations]
        op = "elk type hieronder, behalve wie haar niet noemt" if len(typen) > 8 else ", ".join(typen)
        adres = f"`[type]/[id]/${naam}`" + (f" of `[type]/${naam}`" if operatie.op_type else "")
        definitie = _definitie(naam)
        invoer = ", ".join(
            f"`{p['name']}`" + ("*" if p["min"] else "") for p in definitie["parameter"] if p["use"] == "in"
        )
        yield (
            f"| {adres} | {' '.join(sorted(operatie.methodes))} | {_scope(operatie.scope)} | {op} "
            f"| {definitie['description']} | {invoer or 'geen'} |"
        )
    for openbaar in OPENBARE_OPERATIES.values():
        definitie = _definitie(openbaar.naam)
        invoer = ", ".join(f"`{p['name']}`" for p in definitie["parameter"] if p["use"] == "in")
        adres = f"`{openbaar.type}/[id]/${openbaar.naam}` of `{openbaar.type}/${openbaar.naam}`"
        methodes = " ".join(sorted(openbaar.methodes))
        yield f"| {adres} | {methodes} | geen token | {openbaar.type} | {definitie['description']} | {invoer} |"
    yield "(* = verplicht.)"


def _definitie(naam: str) -> dict[str, list[dict[str, str]]]:
    gevonden = list((WORTEL / "fhir_profiles/OperationDefinition").glob(f"*-{naam}.json"))
    assert len(gevonden) == 1, f"geen of meer OperationDefinition voor ${naam}"
    inhoud: dict[str, list[dict[str, str]]] = json.loads(gevonden[0].read_text("utf-8"))
    return inhoud


def _scope(interactie: str) -> str:
    return {"everything": "`rs`", "update": "`u`", "read": "`r`", "delete": "`d`"}[interactie]


def _scopes() -> Iterator[str]:
    yield from (
        "",
        "## Scopes",
        "Een scope is `niveau/Type.letters`, bijvoorbeeld `patient/Device.rs`. `*` is elk type.",
        "",
    )
    yield from ("| niveau | waar het over gaat |", "|---|---|")
    for niveau in dict.fromkeys(s.partition("/")[0] for s in scopes_ondersteund() if "." in s):
        yield f"| `{niveau}/` | {NIVEAUS[niveau]} |"
    yield ""
    yield "Letters, altijd in deze volgorde: " + ", ".join(f"`{x}` {LETTERWOORDEN[x]}" for x in LETTERS) + "."
    yield "SMART v1 mag ook: " + ", ".join(f"`.{oud}` = `.{nieuw}`" for oud, nieuw in V1.items()) + "."
    yield "Zonder type: " + ", ".join(f"`{s}`" for s in sorted(OVERIGE)) + "."
    yield "Een scope verruimt nooit: wat u ziet, bepalen toestemming en rol. Voorwaarden achter `?` weigeren wij."


def _zoeken() -> Iterator[str]:
    yield from ("", "## Zoeken", "| soort | hoe het leest | bepalers |", "|---|---|---|")
    for soort, bepalers in BEPALERS.items():
        yield f"| {soort} | {ZOEKSOORTEN[soort]} | {', '.join(f'`:{b}`' for b in (*bepalers, 'missing'))} |"
    yield ""
    yield "Op elk type: " + _parameters(GEMEENSCHAPPELIJK) + "."
    yield (
        f"Over het antwoord: `_count` (gewoon {AANTAL}, hoogstens {AANTAL_HOOGSTENS}), `_sort`, `_include`, "
        "`_revinclude` (ook `*`, `Type:*` en `:iterate`), `_total`, `_summary`, `_elements`. De vorige en "
        "volgende bladzijde staan in `link`."
    )
    yield (
        "Via een verwijzing: `patient.name`, `owner:Organization.name` en `_has:Observation:device:code`, één stap "
        "ver. In een compartiment: `Patient/[id]/[type]` en `Patient/[id]/*`."
    )
    yield (
        "Een onbekende parameter is een fout, tenzij u `Prefer: handling=lenient` stuurt. Zoeken op BSN kan alleen met "
        "`POST [type]/_search`."
    )
    yield (
        "Zoek binnen één paspoort, met `patient`. Daarbuiten kan alleen: het register, `_id` (hoogstens 20), en voor "
        "een organisatie haar taken (`Task`) en wie haar iets laat lezen (`Patient`)."
    )


def _typen() -> Iterator[str]:
    yield from ("", "## Typen")
    for soort in TYPES.values():
        yield from _type(soort)
    yield from (
        "",
        "### Definities",
        "Zonder token te lezen en te zoeken: " + ", ".join(f"`{t}`" for t in DEFINITIETYPES) + ".",
    )
    for naam, soort in DEFINITIES.items():
        yield from ("", f"`{naam}` zoeken: " + _parameters(soort.search) + ".")


def _type(soort: Resourcetype) -> Iterator[str]:
    yield from ("", f"### {soort.name}")
    kan = sorted(soort.interactions) + [f"${o}" for o in soort.operations]
    yield "Kan: " + (", ".join(f"`{k}`" for k in kan) or "nog niets") + "."
    if "search-type" in soort.interactions:
        yield "Zoeken: " + _parameters(soort.search) + "."
    if soort.includes:
        yield "`_include`: " + ", ".join(f"`{i}`" for i in soort.includes) + "."
    if soort.revincludes:
        yield "`_revinclude`: " + ", ".join(f"`{i}`" for i in soort.revincludes) + "."


def _parameters(parameters: tuple[object, ...]) -> str:
    return ", ".join(f"`{p.name}` ({p.type})" for p in parameters)  # type: ignore[attr-defined]


def _fouten() -> Iterator[str]:
    yield from ("", "## Fouten", "De code staat in `OperationOutcome.issue.details.coding`, de plek in `expression`.")
    yield "Zonder status: een fout van inloggen of van een bladzijde. `Accept-Language: en` geeft het Engels."
    yield from ("", "| code | status | soort | tekst | English |", "|---|---|---|---|---|")
    for code, (nl, en) in sorted(TEKSTEN.items()):
        status, soort = STATUS.get(code, ("", ""))
        yield f"| `{code}` | {status} | {soort} | {nl} | {en} |"


def _woorden() -> Iterator[str]:
    yield from (
        "",
        "## Woorden van het domein",
        "Per bestand in `paspoort/` waar het voor is, en de woorden die erin staan.",
    )
    for module in modules():
        yield from ("", f"### {module.removeprefix('paspoort.')}", _eerste_zin(importlib.import_module(module).__doc__))
        for naam, soort in woorden(module):
            yield f"- **{naam}**: {_eerste_zin(soort.__doc__)}"
    yield ""


def modules() -> list[str]:
    """De bestanden met zelfstandige naamwoorden: alles rechtstreeks onder `paspoort/`, en de pakketten daarin."""
    namen = [m.name for m in pkgutil.walk_packages(paspoort.__path__, "paspoort.")]
    return sorted(n for n in namen if not n.startswith("paspoort.fhir"))


def woorden(module: str) -> list[tuple[str, type]]:
    """De openbare klassen van een module met een eigen uitleg."""
    leden = inspect.getmembers(importlib.import_module(module), inspect.isclass)
    return [(n, c) for n, c in leden if c.__module__ == module and not n.startswith("_") and _uitgelegd(c)]


def _uitgelegd(soort: type) -> bool:
    eigen = soort.__dict__.get("__doc__")
    return bool(eigen) and not (issubclass(soort, Enum) and eigen == Enum.__doc__)


def _eerste_zin(tekst: str | None) -> str:
    regel = (tekst or "").strip().split("\n\n")[0].replace("\n", " ")
    return " ".join(regel.split())


if __name__ == "__main__":
    BESTAND.write_text(maak(), "utf-8")
