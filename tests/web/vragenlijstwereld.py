"""Een vragenlijst met van alles erin, op een kleine app met de echte motor, sjablonen en scripts.

Voor tests van het formulier zelf; de bladzijden die het gebruiken hebben hun eigen tests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.vragenlijst import Vragenlijst, formulier, knop, laad, ontbrekend, uit_formulier
from server.veilig import CSP
from web import bladzijde

LIJST_ID: Final = "categorie"
BLADZIJDE: Final = """{% import "vragenlijst/deel.html" as d with context %}<!doctype html><html lang="nl"><head>
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Proef</title>
{% for css in ("tokens", "stijl", "werkblad", "vragenlijst") %}
<link rel="stylesheet" href="/static/{{ css }}.css">{% endfor %}
<script src="/static/vragenlijst.js" defer></script></head><body><main class="hmp-main"><h1>Proef</h1>
<form class="hmp-stapel" method="post" action="/">
<button class="hmp-verborgen" name="actie" value="bewaar" tabindex="-1" aria-hidden="true">Bewaar</button>
<div class="hmp-tweekolom">{% for deel in vorm.delen %}{{ d.deel(deel) }}{% endfor %}</div>
<button class="hmp-knop" name="actie" value="bewaar">Bewaar</button></form></main></body></html>"""


def item(link: str, type: str, tekst: str, **meer: Any) -> dict[str, Any]:
    """Een item met zijn linkId als code."""
    return {"linkId": link, "type": type, "text": tekst, "code": [{"code": link}], **meer}


def optie(code: str, tekst: str) -> dict[str, Any]:
    """Een antwoordmogelijkheid."""
    return {"valueCoding": {"system": "http://proef", "code": code, "display": tekst}}


def als(vraag: str, operator: str, **antwoord: Any) -> dict[str, Any]:
    """Een voorwaarde."""
    return {"question": vraag, "operator": operator, **antwoord}


VRAGENLIJST: Final[dict[str, Any]] = {
    "resourceType": "Questionnaire",
    "url": "http://proef/Questionnaire/proef",
    "title": "Proef",
    "item": [
        item("uitleg", "display", "Eerst een paar vragen over u."),
        item("naam", "string", "Hoe heet u?", required=True, maxLength=80),
        item("hulp", "boolean", "Krijgt u hulp?"),
        item("wie", "text", "Wie helpt u?", enableWhen=[als("hulp", "=", answerBoolean=True)]),
        item("vaak", "choice", "Hoe vaak?", answerOption=[optie("dag", "Elke dag"), optie("week", "Elke week")],
             enableWhen=[als("hulp", "=", answerBoolean=True)]),
        item("reden", "text", "Waarom elke dag?",
             enableWhen=[als("vaak", "=", answerCoding={"system": "http://proef", "code": "dag"})]),
        item("kleur", "open-choice", "Welke kleur?", answerOption=[optie("rood", "Rood"), optie("blauw", "Blauw")]),
        item("soort", "choice", "Welk soort hulpmiddel?", repeats=True, answerValueSet=f"{BASIS}ValueSet/{LIJST_ID}"),
        item("gewicht", "quantity", "Wat is uw gewicht?", extension=[
            {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
             "valueCoding": {"system": "http://unitsofmeasure.org", "code": c, "display": t}}
            for c, t in (("kg", "kilo"), ("g", "gram"))]),
        item("lengte", "integer", "Lengte", extension=[
            {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
             "valueCoding": {"system": "http://unitsofmeasure.org", "code": "cm"}}]),
        item("dag", "date", "Welke dag?"), item("wanneer", "dateTime", "Wanneer?"), item("laat", "time", "Hoe laat?"),
        item("adres", "url", "Webadres"), item("bijnaam", "string", "Bijnamen", repeats=True),
        item("persoon", "group", "Mensen die helpen", repeats=True, item=[
            item("wie-het-is", "string", "Naam"),
            item("tilt", "boolean", "Kan deze persoon tillen?"),
            item("kilo", "decimal", "Hoeveel kilo?", enableWhen=[als("tilt", "=", answerBoolean=True)]),
            item("dagdeel", "group", "Wanneer", repeats=True, item=[item("deel", "string", "Dagdeel")]),
        ]),
    ],
}  # fmt: skip
LIJST: Final[Vragenlijst] = laad(VRAGENLIJST)


def app() -> FastAPI:
    """GET / toont het formulier, POST / leest het en toont het weer; `/laatste` geeft wat er gelezen is."""
    kern = FastAPI()
    omgeving = Environment(
        loader=ChoiceLoader([DictLoader({"proef": BLADZIJDE}), FileSystemLoader(bladzijde.SJABLONEN)]),
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    omgeving.globals.update(icoon=bladzijde.icoon)
    omgeving.filters["dag"] = bladzijde.dag
    stand: dict[str, Any] = {"response": {}}

    def toon(**meer: Any) -> HTMLResponse:
        vorm = formulier(LIJST, stand["response"], meer.pop("fouten", ()), **meer)
        return HTMLResponse(omgeving.get_template("proef").render(vorm=vorm), headers={"content-security-policy": CSP})

    @kern.get("/")
    async def begin() -> Response:
        stand["response"] = {}
        return toon()

    @kern.post("/")
    async def lees(request: Request) -> Response:
        ingestuurd = await request.form()
        form: Mapping[str, list[str]] = {n: [str(w) for w in ingestuurd.getlist(n)] for n in ingestuurd}
        stand["response"], meldingen = uit_formulier(LIJST, form, stand["response"])
        k = knop(form)
        fouten = meldingen if k.opnieuw else [*meldingen, *ontbrekend(stand["response"], LIJST)]
        return toon(fouten=fouten, extra=k.extra, zoek=k.zoek)

    @kern.get("/laatste")
    async def laatste() -> JSONResponse:
        return JSONResponse(json.loads(json.dumps(stand["response"], default=str)))

    @kern.get("/fhir/ValueSet/{id}/$expand")
    async def klap_uit(id: str) -> JSONResponse:
        keuzes = LIJST.per_code["soort"].keuzes
        return JSONResponse({"expansion": {"contains": [
            {"system": k.systeem, "code": k.code, "display": k.tekst} for k in keuzes]}})  # fmt: skip

    kern.mount("/static", StaticFiles(directory=bladzijde.SJABLONEN.parent / "static"))
    return kern
