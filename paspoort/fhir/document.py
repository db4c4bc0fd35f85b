"""Document ⇄ DocumentReference, gebeurtenis ⇄ Provenance (docs/fhir-afbeelding.md)."""

from __future__ import annotations

from paspoort.document import Bijlage, Document, Documentsoort
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.waarden import (
    als_object,
    code_uit,
    eigen_concept,
    keuze,
    kop,
    moment,
    objecten,
    schrijf_kop,
    schrijf_verwijzing,
    schrijf_verwijzingen,
    tekst,
    verwijzing,
    verwijzing_met_versie,
    verwijzingen,
    zonder_leeg,
)
from paspoort.gegeven import Gebeurtenis


def uit_fhir(inhoud: Json) -> Document:
    """DocumentReference → Document."""
    bijlagen = (als_object(c.get("attachment")) for c in objecten(inhoud.get("content")))
    return Document(
        **kop(inhoud),
        soort=keuze(Documentsoort, code_uit(inhoud.get("type"), codestelsel("documentsoort"))),
        status=tekst(inhoud.get("status")) or "current",
        van=moment(inhoud.get("date")),
        omschrijving=tekst(inhoud.get("description")),
        bijlagen=tuple(
            Bijlage(url, tekst(b.get("contentType")), tekst(b.get("title")))
            for b in bijlagen
            if (url := tekst(b.get("url")))
        ),
        betreft=verwijzingen(als_object(inhoud.get("context")).get("related")),
        auteurs=verwijzingen(inhoud.get("author")),
    )


def naar_fhir(document: Document, houder: str | None = None) -> Json:
    """Document → DocumentReference van deze houder."""
    return schrijf_kop(document) | zonder_leeg(
        {
            "status": document.status,
            "type": eigen_concept("documentsoort", document.soort),
            "subject": schrijf_verwijzing(houder),
            "date": document.van.isoformat() if document.van else None,
            "author": schrijf_verwijzingen(document.auteurs),
            "description": document.omschrijving,
            "content": [
                {"attachment": zonder_leeg({"contentType": b.mediatype, "url": b.url, "title": b.titel})}
                for b in document.bijlagen
            ],
            "context": {"related": schrijf_verwijzingen(document.betreft)} if document.betreft else None,
        }
    )


def gebeurtenis_uit_fhir(inhoud: Json) -> Gebeurtenis:
    """Provenance → Gebeurtenis; doelen houden hun versie."""
    agent = next(iter(objecten(inhoud.get("agent"))), {})
    doelen = (verwijzing_met_versie(t) for t in objecten(inhoud.get("target")))
    return Gebeurtenis(
        **kop(inhoud),
        soort=code_uit(inhoud.get("activity"), codestelsel("gebeurtenis")) or "",
        doelen=tuple(d for d in doelen if d),
        door=verwijzing(agent.get("who")),
        namens=verwijzing(agent.get("onBehalfOf")),
        op=moment(inhoud.get("recorded")),
        reden=next((t for r in objecten(inhoud.get("reason")) if (t := tekst(r.get("text")))), None),
    )


def gebeurtenis_naar_fhir(gebeurtenis: Gebeurtenis) -> Json:
    """Gebeurtenis → Provenance."""
    agent = {"who": schrijf_verwijzing(gebeurtenis.door), "onBehalfOf": schrijf_verwijzing(gebeurtenis.namens)}
    return schrijf_kop(gebeurtenis) | zonder_leeg(
        {
            "target": schrijf_verwijzingen(gebeurtenis.doelen),
            "recorded": gebeurtenis.op.isoformat() if gebeurtenis.op else None,
            "activity": eigen_concept("gebeurtenis", gebeurtenis.soort),
            "reason": [{"text": gebeurtenis.reden}] if gebeurtenis.reden else None,
            "agent": [zonder_leeg(agent)] if gebeurtenis.door or gebeurtenis.namens else None,
        }
    )
