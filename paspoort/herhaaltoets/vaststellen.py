"""Van paspoort, verzoek en beleid naar feiten, elk met het bewijs waar het op rust.

herhaaltoets.md, tabel *Facts* en *Herkomst*. Elk feit is één kleine functie. Wat er wel staat maar niet zwaar genoeg
telt, is onbekend: het feit zegt dan wie het kan bevestigen.
"""

from __future__ import annotations

from datetime import date

from paspoort.aanvraag import Verzoek, Wijziging
from paspoort.complexiteit import Kenmerk, kenmerken
from paspoort.document import Documentsoort
from paspoort.gegeven import Gegeven, zwakste
from paspoort.gezondheid import Prognose
from paspoort.herhaaltoets.basis import Basis, basis, datum_van, organisatie_van
from paspoort.herhaaltoets.beleid import AdviesVereist, Beleid
from paspoort.herhaaltoets.feit import ONBEKEND, Feit, Feiten
from paspoort.herhaaltoets.tegenspraak import tegenspraak
from paspoort.hulpmiddel import Contractvorm, Toekenningsoort, Verstrekkingsvorm
from paspoort.paspoort import Paspoort

MAANDEN = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def feiten(paspoort: Paspoort, verzoek: Verzoek, beleid: Beleid, vandaag: date) -> Feiten:
    """Alle feiten voor één verzoek op één dag."""
    steun = basis(paspoort, verzoek, beleid, vandaag)
    complex_ = kenmerken(paspoort, verzoek, vandaag)
    nodig = _advies_nodig(beleid, complex_)
    vorm = _vorm(steun)
    return Feiten(
        (
            _soort(verzoek),
            _bekend(paspoort, beleid, vandaag),
            _toekenning(steun, vandaag),
            _categorie(steun),
            _onderbouwing(verzoek),
            _blijvend(paspoort, steun),
            tegenspraak(paspoort, steun, vandaag),
            _advies(steun, beleid, nodig.waarde == "ja", vandaag),
            nodig,
            vorm,
            _contract(steun, beleid, vorm.waarde),
            _levensduur(steun, vandaag),
            _afkeur(paspoort, steun, beleid),
            _afroep(paspoort, steun, beleid, vandaag),
            _aanpassing(steun, beleid),
        )
    )


def in_woorden(dag: date) -> str:
    """Een datum zoals een mens hem schrijft: 2 april 2019."""
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def _uit(naam: str, waarde: str, toelichting: str, *gegevens: Gegeven | None) -> Feit:
    echte = [g for g in gegevens if g is not None]
    return Feit(naam, waarde, toelichting, tuple(sorted(g.bewijs for g in echte)), zwakste(echte))


def _weet_niet(naam: str, wie: str, ontbreekt: str, *groepen: str, bij: Gegeven | None = None) -> Feit:
    bewijs = (bij.bewijs,) if bij is not None else ()
    return Feit(naam, ONBEKEND, "", bewijs, bij.herkomst if bij else None, wie, ontbreekt, frozenset(groepen))


def _soort(verzoek: Verzoek) -> Feit:
    """N2.1: wat de houder zelf zegt. Een genoemde verandering weegt zwaarder dan het woord ongewijzigd."""
    if verzoek.wijziging is None:
        return _weet_niet("soort", "houder", "Zeg of er iets veranderd is.", "verzoeken", bij=verzoek)
    waarde = verzoek.wijziging
    if waarde is Wijziging.ONGEWIJZIGD and verzoek.veranderingen:
        waarde = Wijziging.VERANDERD
    toelichting = f"gezegd op {in_woorden(verzoek.ingediend_op)}" if verzoek.ingediend_op else ""
    return _uit("soort", waarde.value, toelichting, verzoek)


def _bekend(paspoort: Paspoort, beleid: Beleid, vandaag: date) -> Feit:
    """N2.1: deze verstrekker, of een waarvan die overnam, verstrekte eerder."""
    if not beleid.verstrekker:
        return _weet_niet("bekend", "houder", "Nog niet gekozen welke verstrekker dit behandelt.")
    bronnen: list[tuple[date, Gegeven]] = []
    for besluit in paspoort.besluiten:
        gebruik = paspoort.gebruik(besluit.betreft)
        if organisatie_van(besluit, gebruik, vandaag) in beleid.organisaties:
            bronnen.append((datum_van(besluit, besluit.genomen_op), besluit))
    for gebruik in paspoort.gebruiken:
        if any(v.organisatie in beleid.organisaties for v in gebruik.verstrekkers):
            sinds = gebruik.periode.van if gebruik.periode else None
            bronnen.append((datum_van(gebruik, sinds), gebruik))
    tellend = sorted(((d, g.bewijs, g) for d, g in bronnen if beleid.telt("bekend", g)), key=lambda t: t[:2])
    if tellend:
        sinds, _, oudste = tellend[0]
        return _uit("bekend", "ja", f"sinds {sinds.year}" if sinds > date.min else "", oudste)
    if bronnen:
        zwak = min(bronnen, key=lambda b: (b[0], b[1].bewijs))[1]
        return _weet_niet("bekend", "verstrekker", "Een eerder besluit is nog niet bevestigd.", bij=zwak)
    return Feit("bekend", "nee")


def _toekenning(steun: Basis, vandaag: date) -> Feit:
    """B1: de nieuwste toekenning die telt. Een evaluatiemoment dat voorbij is, beëindigt het recht niet."""
    gekozen = steun.toegekend
    if gekozen is None or gekozen.toekenning is None:
        zwak = steun.toegekend_onbevestigd
        if zwak is None:
            return Feit("toekenning", "geen")
        return _weet_niet(
            "toekenning", "verstrekker", "De beschikking is nog niet bevestigd.", "besluiten", bij=zwak.gegeven
        )
    toekenning = gekozen.toekenning
    sinds = toekenning.sinds or gekozen.op
    if not toekenning.loopt_op(vandaag):
        if toekenning.sinds is not None and vandaag < toekenning.sinds:
            return _uit("toekenning", "geen", f"begint pas op {in_woorden(toekenning.sinds)}", gekozen.gegeven)
        tot = f"tot {in_woorden(toekenning.tot)}" if toekenning.tot else ""
        return _uit("toekenning", "verlopen", tot, gekozen.gegeven)
    waarde, tekst = toekenning.soort.value, f"open einde, sinds {in_woorden(sinds)}"
    if toekenning.soort is not Toekenningsoort.OPEN:
        woord = "evaluatie" if toekenning.soort is Toekenningsoort.EVALUATIEMOMENT else "tot"
        tekst = f"{woord} {in_woorden(toekenning.tot)}" if toekenning.tot else f"sinds {in_woorden(sinds)}"
    if toekenning.evaluatie_voorbij(vandaag):
        waarde = "evaluatiemoment-voorbij"
    return _uit("toekenning", waarde, tekst, gekozen.gegeven)


def _categorie(steun: Basis) -> Feit:
    """B3: vergelijkt wat gevraagd wordt met wat is toegekend, anders met wat er staat."""
    gevraagd = steun.verzoek.categorie
    toegekend = steun.toegekend.categorie if steun.toegekend else None
    bron: Gegeven | None = steun.toegekend.gegeven if toegekend and steun.toegekend else steun.hulpmiddel
    huidig = toegekend or (steun.hulpmiddel.categorie if steun.hulpmiddel else None)
    if gevraagd is None and huidig is not None and steun.verzoek.wijziging is Wijziging.ONGEWIJZIGD:
        gevraagd = huidig
    if gevraagd is None or huidig is None:
        wie = "houder" if gevraagd is None else "leverancier"
        return _weet_niet("categorie", wie, "De categorie van het hulpmiddel is niet bekend.", bij=steun.verzoek)
    waarde = "zelfde" if gevraagd == huidig else "andere"
    tekst = huidig if waarde == "zelfde" else f"{gevraagd} in plaats van {huidig}"
    return _uit("categorie", waarde, tekst, steun.verzoek, bron)


def _onderbouwing(verzoek: Verzoek) -> Feit:
    """B3: de leverancier zegt waarom een andere categorie nodig is."""
    if verzoek.onderbouwing_afwijking and verzoek.onderbouwing_afwijking.strip():
        return _uit("onderbouwing", "ja", "", verzoek)
    return Feit("onderbouwing", "nee")


def _blijvend(paspoort: Paspoort, steun: Basis) -> Feit:
    """N2.1.2: een levenslange beperking, of het definitieve advies. Een nieuwer *nee* van de adviseur wint."""
    wel: list[tuple[date, str, Gegeven]] = []
    niet: list[tuple[date, str, Gegeven]] = []
    for a in paspoort.aandoeningen:
        levenslang = False if a.levenslang is None and a.prognose is Prognose.HERSTEL_MOGELIJK else a.levenslang
        if a.geldt and levenslang is not None:
            (wel if levenslang else niet).append((datum_van(a, a.vastgelegd_op), a.bewijs, a))
    stuk = steun.advies
    advies = stuk.gegeven if stuk is not None and not stuk.ingetrokken else None
    oordeel = getattr(advies, "levenslang", None)
    if stuk is not None and advies is not None and oordeel is not None:
        if oordeel:
            return _uit("blijvend", "ja", f"uit het advies van {in_woorden(stuk.op)}", advies)
        if all(dag <= stuk.op for dag, _, _ in wel):
            return _uit("blijvend", "nee", f"volgens het advies van {in_woorden(stuk.op)}", advies)
    if wel:
        dag, _, gegeven = max(wel, key=lambda t: t[:2])
        return _uit("blijvend", "ja", f"vastgelegd op {in_woorden(dag)}" if dag > date.min else "", gegeven)
    if niet:
        return _uit("blijvend", "nee", "", max(niet, key=lambda t: t[:2])[2])
    return _weet_niet("blijvend", "therapeut", "Nergens staat of dit blijvend nodig is.", "gezondheid")


def _advies_nodig(beleid: Beleid, complex_: tuple[Kenmerk, ...]) -> Feit:
    """N3.1: bij een complexe vraag is het advies leidend; het beleid zegt wanneer het er moet zijn."""
    nodig = beleid.advies_vereist is AdviesVereist.ALTIJD or (
        beleid.advies_vereist is AdviesVereist.BIJ_COMPLEX and bool(complex_)
    )
    bewijs = tuple(sorted({b for k in complex_ for b in k.bewijs}))
    return Feit("advies_nodig", "ja" if nodig else "nee", "", bewijs)


def _advies(steun: Basis, beleid: Beleid, nodig: bool, vandaag: date) -> Feit:
    """N3.1: definitief, achterhaald (ingetrokken of te oud) of er niet.

    Een advies dat nog niet bevestigd is, is onbekend als er een nodig is; anders telt het alsof het er niet is.
    """
    stuk = steun.advies
    if stuk is None:
        zwak = steun.advies_onbevestigd
        if zwak is None:
            ontbreekt = "Vraag een functioneel advies aan." if nodig else None
            return Feit("advies", "geen", wie="therapeut" if nodig else None, ontbreekt=ontbreekt)
        if not nodig:
            return _uit("advies", "geen", "nog niet bevestigd", zwak.gegeven)
        return _weet_niet("advies", "verstrekker", "Het advies is nog niet bevestigd.", "advies", bij=zwak.gegeven)
    if stuk.ingetrokken:
        return _uit("advies", "achterhaald", "het advies is ingetrokken", stuk.gegeven)
    jaren = beleid.advies_maximaal_jaren
    if jaren is not None and (vandaag - stuk.op).days > jaren * 365.25:
        return _uit("advies", "achterhaald", f"ouder dan {jaren} jaar", stuk.gegeven)
    return _uit("advies", "definitief", in_woorden(stuk.op), stuk.gegeven)


def _vorm(steun: Basis) -> Feit:
    """De verstrekkingsvorm uit het besluit, anders die bij het gebruik."""
    if steun.toegekend is not None and steun.toegekend.vorm is not None:
        return _uit("vorm", steun.toegekend.vorm.value, "", steun.toegekend.gegeven)
    if steun.gebruik is not None and steun.gebruik.verstrekkingsvorm is not None:
        return _uit("vorm", steun.gebruik.verstrekkingsvorm.value, "", steun.gebruik)
    return _weet_niet("vorm", "verstrekker", "Niet bekend of dit in natura is of met een budget.")


def _contract(steun: Basis, beleid: Beleid, vorm: str) -> Feit:
    """B3: huur of koop, alleen bij natura. Wat de houder zelf invult, moet bevestigd zijn."""
    if vorm in {Verstrekkingsvorm.PGB, Verstrekkingsvorm.TEGEMOETKOMING}:
        return Feit("contract", "nvt", "geen contract met een leverancier")
    hulpmiddel = steun.hulpmiddel
    if hulpmiddel is None or hulpmiddel.contractvorm in {None, Contractvorm.ONBEKEND}:
        return _weet_niet("contract", "leverancier", "Niet bekend of het huur of koop is.", bij=hulpmiddel)
    if not beleid.telt("contract", hulpmiddel):
        return _weet_niet("contract", "leverancier", "Huur of koop is nog niet bevestigd.", bij=hulpmiddel)
    assert hulpmiddel.contractvorm is not None
    return _uit("contract", hulpmiddel.contractvorm.value, hulpmiddel.contractvorm.value, hulpmiddel)


def _levensduur(steun: Basis, vandaag: date) -> Feit:
    """B3: de afgesproken technische levensduur."""
    hulpmiddel = steun.hulpmiddel
    voorbij = hulpmiddel.levensduur_voorbij(vandaag) if hulpmiddel else None
    if hulpmiddel is None or voorbij is None or hulpmiddel.technische_levensduur_tot is None:
        return _weet_niet("levensduur", "leverancier", "Niet bekend hoe lang het hulpmiddel meegaat.", bij=hulpmiddel)
    tot = in_woorden(hulpmiddel.technische_levensduur_tot)
    return _uit(
        "levensduur", "voorbij" if voorbij else "niet-voorbij", f"{'sinds' if voorbij else 'tot'} {tot}", hulpmiddel
    )


def _afkeur(paspoort: Paspoort, steun: Basis, beleid: Beleid) -> Feit:
    """B3: een afkeurrapport van de leverancier, bij dit hulpmiddel."""
    rapporten = [
        d
        for d in paspoort.documenten
        if d.soort is Documentsoort.AFKEURRAPPORT and d.status == "current" and steun.betreft & set(d.betreft)
    ]
    tellend = sorted((d for d in rapporten if beleid.telt("afkeur", d)), key=lambda d: d.bewijs)
    if tellend:
        return _uit("afkeur", "ja", "", tellend[-1])
    if rapporten:
        zwak = min(rapporten, key=lambda d: d.bewijs)
        return _weet_niet("afkeur", "leverancier", "Het afkeurrapport is nog niet bevestigd.", bij=zwak)
    return Feit("afkeur", "nee")


def _afroep(paspoort: Paspoort, steun: Basis, beleid: Beleid, vandaag: date) -> Feit:
    """A: de voorziening staat in een lopend IVP."""
    categorie = steun.verzoek.categorie
    plannen = [
        p
        for p in paspoort.voorzieningenplannen
        if p.loopt_op(vandaag) and categorie is not None and p.voorziet_in(categorie)
    ]
    tellend = sorted((p for p in plannen if beleid.telt("afroep", p)), key=lambda p: p.bewijs)
    if tellend:
        return _uit("afroep", "ja", "", tellend[-1])
    if plannen:
        return _weet_niet("afroep", "verstrekker", "Het plan is nog niet bevestigd.", bij=plannen[0])
    return Feit("afroep", "nee")


def _aanpassing(steun: Basis, beleid: Beleid) -> Feit:
    """B3 koop: de vraag is een aanpassing, en die valt in deze categorie binnen de prijsafspraak."""
    if not steun.verzoek.aanpassing:
        return Feit("aanpassing", "nee")
    categorie = steun.verzoek.categorie or (steun.hulpmiddel.categorie if steun.hulpmiddel else None)
    return _uit("aanpassing", "ja" if categorie in beleid.prijsafspraak else "nee", "", steun.verzoek)
