"""Het verhaal van ontwerp.md deel 1 over HTTP alleen: vier onafhankelijke apps, geen bladzijde behalve de toestemming.

De houder gebruikt haar eigen app (code + PKCE); ergotherapeut, gemeente en leverancier hun eigen systeem
(private_key_jwt). Elke stap leest wat de vorige achterliet; daarom is het één test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tests.klok import vandaag
from tests.verhaal import stukken as s
from tests.verhaal.advies import ADVIES, MERK, REACTIE, verbeterd
from tests.verhaal.apps import App, als_organisatie, als_persoon, issues
from tests.verhaal.levering import ROLSTOEL, SERIENUMMER, levering, stap
from tests.verhaal.product import Json, Product, bsns_in

GEZONDHEID = {"gezondheid", "functioneren"}


@dataclass
class Verhaal:
    """Wie er meedoen, en wat er onderweg ontstond."""

    product: Product
    houder: App
    therapeut: App
    gemeente: App
    leverancier: App
    wie: str  # Patient/…
    bij: dict[str, str] = field(default_factory=dict)  # naam → Type/id

    def organisatie(self, soort: str) -> str:
        """De organisatie van de app van deze soort."""
        return f"Organization/{self.product.app(soort)['organisatie']}"


def test_de_zes_stappen_over_http(product: Product) -> None:
    yvonne = product.persoon("Yvonne")
    v = Verhaal(
        product,
        houder=als_persoon(product, yvonne["code"]),
        therapeut=als_organisatie(product, "zorgpraktijk"),
        gemeente=als_organisatie(product, "gemeente"),
        leverancier=als_organisatie(product, "leverancier"),
        wie=f"Patient/{yvonne['patient']}",
    )
    assert v.houder.token["patient"] == yvonne["patient"]
    een_de_houder_geeft_toegang(v)
    twee_het_advies_wordt_definitief(v)
    drie_zij_vraagt_vervanging(v)
    vier_de_gemeente_bevestigt(v)
    vijf_de_leverancier_levert(v)
    zes_zij_trekt_in_en_kijkt_terug(v)


def een_de_houder_geeft_toegang(v: Verhaal) -> None:
    """Haar hulpmiddelen zonder patiënt te noemen; de ergotherapeut ziet pas iets na de toestemming."""
    bundel = v.houder.lees("DeviceUseStatement", status="active", _include="DeviceUseStatement:device")
    apparaten = {s.met_id(r["resource"]): r["resource"] for r in bundel["entry"] if r["search"]["mode"] == "include"}
    gebruiken = [r["resource"] for r in bundel["entry"] if r["search"]["mode"] == "match"]
    assert len(gebruiken) >= 3 and all(g["subject"]["reference"] == v.wie for g in gebruiken)
    gebruik = next(g for g in gebruiken if s.waarde_van(apparaten[g["device"]["reference"]], "categorie") == ROLSTOEL)
    v.bij |= {"gebruik": s.met_id(gebruik), "rolstoel": gebruik["device"]["reference"]}

    assert v.therapeut.fhir.get(v.wie).status_code == 404
    assert v.gemeente.fhir.get(v.bij["gebruik"]).status_code == 404
    gegeven = v.houder.maak(s.toestemming(v.wie, v.organisatie("zorgpraktijk"), "advies"))
    v.bij["toestemming therapeut"] = s.met_id(gegeven)
    assert v.therapeut.lees(v.wie)["name"]
    assert v.therapeut.zoek("Condition", patient=v.wie), "de ergotherapeut ziet waar het advies op steunt"


def twee_het_advies_wordt_definitief(v: Verhaal) -> None:
    """Een merk en een eis zonder onderbouwing houden tegen; met haar reactie erin staat het advies vast."""
    lijst = _vragenlijst(v.therapeut, "functioneel-advies")
    oud = v.therapeut.zoek("QuestionnaireResponse", patient=v.wie, questionnaire=lijst["url"], status="completed")
    kop: Json = {"subject": s.verwijs(v.wie), "author": s.verwijs(v.organisatie("zorgpraktijk"))}
    kop |= {"extension": [s.ext("vervangt", valueReference=s.verwijs(s.met_id(oud[-1])))]}
    concept = v.therapeut.maak(s.antwoorden(lijst, ADVIES, **kop))
    plek = v.bij["advies"] = s.met_id(concept)

    antwoord = v.therapeut.stuur("POST", f"{plek}/$definitief")
    assert antwoord.status_code == 422, antwoord.text
    gevonden = dict(issues(antwoord))
    assert {"eis-noemt-merk", "eis-zonder-onderbouwing"} <= set(gevonden), gevonden
    assert all(gevonden[c] and "item" in gevonden[c][0] for c in ("eis-noemt-merk", "eis-zonder-onderbouwing"))
    assert MERK in antwoord.text, "de melding zegt welk woord eruit moet"

    reactie = s.antwoorden(_vragenlijst(v.houder, "reactie-advies"), {"reactie-houder": REACTIE, "akkoord": "ja"})
    reactie |= {"status": "completed", "subject": s.verwijs(v.wie), "author": s.verwijs(v.wie)}
    v.houder.maak(reactie | {"extension": [s.ext("bij", valueReference=s.verwijs(plek))]})
    v.therapeut.wijzig(concept | {"item": s.antwoorden(lijst, verbeterd())["item"]})
    v.therapeut.doe(f"{plek}/$definitief")

    definitief = v.houder.lees(plek)
    assert definitief["status"] == "completed" and REACTIE in str(definitief), "haar reactie is deel drie"
    zegel = [p for p in v.houder.zoek("Provenance", target=plek) if p.get("signature")]
    assert zegel and zegel[0]["signature"][0]["data"], "een definitief advies is verzegeld"
    for app in (v.therapeut, v.houder):
        weer = app.stuur("PUT", plek, definitief | {"status": "in-progress"})
        assert weer.status_code in (403, 422), weer.text
    assert v.therapeut.lees(plek) == v.therapeut.lees(plek)


def drie_zij_vraagt_vervanging(v: Verhaal) -> None:
    """ "Er is niets veranderd": één vraag, geen medische; de verwachte weg vooraf; twee toestemmingen erbij."""
    lijst = _vragenlijst(v.houder, "verzoek")
    groepen = {s.waarde_van(i, "gegevensgroep") for i in [lijst, *lijst["item"]]}
    assert not groepen & GEZONDHEID
    voorstel = v.houder.doe(
        "DeviceRequest/$herhaaltoets",
        s.parameters(verzoek={"resource": s.verzoek(v.wie, v.bij["gebruik"], ROLSTOEL)}),
    )
    assert s.waarde_van(voorstel, "route") == "doorzetten", s.alle(voorstel, "grond")
    assert s.waarde_van(voorstel, "gevraagde-vragen") == 0

    vraag, formulier, taak = s.tijdelijk(), s.tijdelijk(), s.tijdelijk()
    ingevuld = s.antwoorden(lijst, {"soort": "ongewijzigd", "reden": "De motor hapert."}, subject=s.verwijs(v.wie))
    gemeente, leverancier = v.organisatie("gemeente"), v.organisatie("leverancier")
    betreft = (v.bij["gebruik"], v.bij["rolstoel"])
    plekken = v.houder.samen(
        s.transactie(
            (formulier, "POST", ingevuld | {"status": "completed", "author": s.verwijs(v.wie)}),
            (
                vraag,
                "POST",
                s.verzoek(v.wie, v.bij["gebruik"], ROLSTOEL, supportingInfo=[s.verwijs(formulier)]),
            ),
            (taak, "POST", s.behandeling(v.wie, vraag, gemeente)),
            (s.tijdelijk(), "POST", s.toestemming(v.wie, gemeente, "herhaalverzoek")),
            (s.tijdelijk(), "POST", s.toestemming(v.wie, leverancier, "levering", betreft, status="proposed")),
        )
    )
    v.bij |= dict(
        zip(
            ("formulier", "verzoek", "behandeling", "toestemming gemeente", "toestemming leverancier"),
            plekken,
            strict=True,
        )
    )
    assert v.leverancier.fhir.get(v.bij["rolstoel"]).status_code == 404, "de leverancier is nog niet aan de beurt"


def vier_de_gemeente_bevestigt(v: Verhaal) -> None:
    """Zij vindt het in haar werkvoorraad, ziet waarom het door mag en wat dat bespaart, niet de diagnose; één druk."""
    open_ = v.gemeente.zoek("Task", owner=v.organisatie("gemeente"), status="requested")
    assert v.bij["behandeling"] in map(s.met_id, open_)
    voorstel = v.gemeente.doe(f"{v.bij['verzoek']}/$herhaaltoets")
    gronden = s.alle(voorstel, "grond")
    assert s.waarde_van(voorstel, "route") == "doorzetten"
    assert gronden and all(g["uitkomst"] == "ja" and g["norm"] and g["tekst"] for g in gronden), gronden
    assert s.waarde_van(voorstel, "bespaarde-vragen") >= 25

    assert v.gemeente.lees(v.wie)["identifier"], "deze gemeente mag het BSN lezen"
    assert len(v.gemeente.zoek("DeviceUseStatement", patient=v.wie)) >= 4, "ook de hulpmiddelen van vroeger"
    assert any(
        (s.waarde_van(b, "toekenning") or {}).get("soort") == "open"
        for b in v.gemeente.zoek("DeviceRequest", patient=v.wie, intent="order")
    )
    advies = v.gemeente.lees(v.bij["advies"])
    assert "kantelen" in str(advies) and not _diagnosen(v.gemeente, v.wie)
    assert "Heel weinig kracht" not in str(advies), "het herhaalverzoek leest geen functioneren"

    klaar = v.gemeente.doe(f"{v.bij['behandeling']}/$beslis", s.parameters(uitkomst={"valueCode": "doorgezet"}))
    assert klaar["status"] == "completed"
    opdrachten = [
        o["valueReference"]["reference"] for o in klaar["output"] if o["type"]["coding"][0]["code"] == "opdracht"
    ]
    assert len(opdrachten) == 1, klaar["output"]
    v.bij["opdracht"] = opdrachten[0]
    weer = v.gemeente.stuur(
        "POST", f"{v.bij['behandeling']}/$beslis", s.parameters(uitkomst={"valueCode": "doorgezet"})
    )
    assert weer.status_code == 422, "over hetzelfde verzoek wordt één keer beslist"


def vijf_de_leverancier_levert(v: Verhaal) -> None:
    """Opdracht, apparaat, eisen en maten; zij trekt haar toestemming in terwijl de opdracht loopt; dan levering."""
    open_ = v.leverancier.zoek("Task", owner=v.organisatie("leverancier"), status="requested")
    assert v.bij["opdracht"] in map(s.met_id, open_)
    opdracht = v.leverancier.lees(v.bij["opdracht"])
    _leest_wat_nodig_is(v, opdracht)

    morgen = str(vandaag() + timedelta(days=14))
    opdracht = v.leverancier.wijzig(stap(opdracht, "levering-gepland", "verwachte-datum", {"valueDate": morgen}))

    toestemming = v.houder.lees(v.bij["toestemming leverancier"])
    assert toestemming["status"] == "active", "zij werkt sinds de gemeente ja zei"
    v.houder.wijzig(toestemming | {"status": "inactive"})
    assert v.leverancier.lees(v.bij["opdracht"])["status"] == "in-progress"
    _leest_wat_nodig_is(v, opdracht)
    assert v.leverancier.fhir.get("DeviceUseStatement", params={"patient": v.wie}).json()["total"] == 1

    plekken = v.leverancier.samen(levering(v.product.fhir, v.wie, v.bij["gebruik"], opdracht))
    v.bij |= {"nieuwe rolstoel": plekken[0], "nieuw gebruik": plekken[1]}

    oud = v.houder.lees(v.bij["gebruik"])
    assert oud["status"] == "completed" and oud["timingPeriod"]["end"]
    erfde = v.houder.lees(v.bij["nieuw gebruik"])
    assert erfde["status"] == "active" and s.waarde_van(erfde, "toekenning"), "de toekenning loopt door"
    assert v.houder.lees(v.bij["nieuwe rolstoel"])["serialNumber"] == SERIENUMMER


def zes_zij_trekt_in_en_kijkt_terug(v: Verhaal) -> None:
    """Zij ziet wie wat las; zonder toestemming vindt de ergotherapeut niets meer, en de leverancier is klaar."""
    v.houder.wijzig(v.houder.lees(v.bij["toestemming therapeut"]) | {"status": "inactive"})
    for plek in (v.wie, v.bij["advies"], v.bij["rolstoel"]):
        assert v.therapeut.fhir.get(plek).status_code == 404
    assert not v.therapeut.zoek("Device", patient=v.wie)
    nooit = v.therapeut.fhir.get("Patient/bestaat-niet").content
    assert v.therapeut.fhir.get(v.wie).content == nooit, "weg en nooit geweest zijn niet te onderscheiden"
    assert v.leverancier.fhir.get(v.bij["rolstoel"]).status_code == 404, "de opdracht is klaar, de toestemming weg"

    keken = v.houder.zoek("AuditEvent", patient=v.wie)
    wie = str(keken)
    assert len(keken) >= 10
    for soort in ("zorgpraktijk", "gemeente", "leverancier"):
        assert v.organisatie(soort) in wie or v.product.app(soort)["client_id"] in wie, soort
    gebeurd = {c["code"] for p in v.houder.zoek("Provenance") for c in p["activity"]["coding"]}
    assert {"definitief", "besloten", "opgedragen", "geleverd"} <= gebeurd, gebeurd


def _leest_wat_nodig_is(v: Verhaal, opdracht: Json) -> None:
    """De opdracht en wat zij noemt, en daarvan geen diagnose, functioneren of BSN."""
    alles = str(opdracht)
    for regel in opdracht["input"]:
        if verwijzing := regel.get("valueReference", {}).get("reference"):
            alles += str(v.leverancier.lees(verwijzing))
    soorten = {r["type"]["coding"][0]["code"] for r in opdracht["input"]}
    assert {"soort-opdracht", "categorie", "hulpmiddel", "gebruik", "eisen"} <= soorten
    assert "kantelen" in alles and "Heel weinig kracht" not in alles and "atrofie" not in alles
    assert not bsns_in(alles) and not _diagnosen(v.leverancier, v.wie)


def _diagnosen(app: App, wie: str) -> list[Json]:
    return app.zoek("Condition", patient=wie)


def _vragenlijst(app: App, id: str) -> Json:
    return app.lees(f"Questionnaire/{id}")
