"""Wat de houder vooraf ziet is wat de ander na haar ja echt leest: hetzelfde zicht, voor elk doel en elke rol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.toestemming import naar_fhir
from paspoort.toegang import DOELEN
from paspoort.toestemming import versmal, voorstel
from server.access.actor import Rol
from server.access.voorbeeld import alsof, bekijk, partij, voorbeeld
from server.access.zicht import bepaal_zicht
from server.fhir.gateway import Poort
from server.fhir.request import FhirRequest
from tests.conftest import FUNCTIES, HOUDER, ORGANISATIES, actor

NU = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAREN = [(doel.code, rol) for doel in DOELEN.values() for rol in doel.groepen]


@pytest.mark.parametrize(("doel", "rol"), PAREN, ids=[f"{d}-{r}" for d, r in PAREN])
async def test_het_voorbeeld_is_wat_de_ander_leest(wereld: Any, doel: str, rol: str) -> None:
    wie = f"PractitionerRole/{FUNCTIES[rol]}"
    t = voorstel(doel, rol, f"Patient/{HOUDER}", wie, date(2026, 11, 22), ("Device/rolstoel-yvonne",))
    m, register = await wereld.momentopname(), wereld.opslag.register
    vooraf = voorbeeld(t, cast(Rol, rol), m, register, NU)
    assert bepaal_zicht(actor(rol), m, register, NU).gronden == ()

    await wereld.zet(HOUDER, {**naar_fhir(t), "id": "ja"}, herkomst="zelf")
    m = await wereld.momentopname()
    zicht = bepaal_zicht(actor(rol), m, wereld.opslag.register, NU)
    echt = [g.inhoud for v in m.alle() if (g := zicht.toon(v)) is not None and v.type != "Consent"]
    assert sorted(map(str, vooraf)) == sorted(map(str, echt))


async def test_wat_wordt_weggelaten_staat_niet_in_het_voorbeeld(wereld: Any) -> None:
    vol = voorstel("advies", "therapeut", f"Patient/{HOUDER}", "Organization/x", date(2026, 11, 22))
    m, register = await wereld.momentopname(), wereld.opslag.register
    assert "spierziekte" in str(voorbeeld(vol, "therapeut", m, register, NU))
    zonder = replace(vol, groepen=vol.groepen - {"gezondheid"})
    assert "spierziekte" not in str(voorbeeld(zonder, "therapeut", m, register, NU))


async def test_de_bytes_van_het_voorbeeld_zijn_die_van_de_deur(wereld: Any) -> None:
    """Vooraf uitgerekend, daarna echt gegeven en resource voor resource door de deur gelezen: dezelfde bytes."""
    poort = Poort(wereld.opslag, "http://test/fhir", klok=lambda: NU)
    vergeleken = 0
    for nummer, (doel, rol, als) in enumerate((d, r, als) for d, r in PAREN for als in ("mens", "organisatie")):
        aan = f"PractitionerRole/{FUNCTIES[rol]}" if als == "mens" else f"Organization/{ORGANISATIES[rol]}"
        t = voorstel(doel, rol, f"Patient/{HOUDER}", aan, date(2026, 11, 22), ("Device/rolstoel-yvonne",))
        m, register = await wereld.momentopname(), wereld.opslag.register
        wie = partij(aan, register)
        assert wie is not None and wie.rol == rol and bekijk(wie, m, register, NU) == ()
        vooraf = {_plek(g.inhoud): g.tekst for g in bekijk(wie, alsof(t, m), register, NU)}
        assert vooraf.pop("Consent/voorbeeld")

        id_ = f"ja-{nummer}"
        await wereld.zet(HOUDER, {**naar_fhir(t), "id": id_}, herkomst="zelf")
        m = await wereld.momentopname()
        for v in m.alle():
            if v.type != "Consent":
                antwoord = await poort.handle(wie, FhirRequest("GET", v.type, v.id))
                gelezen = antwoord.body if antwoord.status == 200 else None
                assert gelezen == vooraf.get(v.verwijzing), (doel, als, v.verwijzing, antwoord.status)
                vergeleken += gelezen is not None
        achteraf = {_plek(g.inhoud): g.tekst for g in bekijk(wie, m, wereld.opslag.register, NU)}
        assert {k: w for k, w in achteraf.items() if not k.startswith("Consent/")} == vooraf
        await wereld.trek_in(id_)
    assert vergeleken > 40


async def test_versmallen_laat_nooit_meer_zien(wereld: Any) -> None:
    """Welke groepen, gegevens en dag ook: elk element dat er na versmallen staat, stond er daarvoor ook."""
    m, register = await wereld.momentopname(), wereld.opslag.register
    aan = f"PractitionerRole/{FUNCTIES['therapeut']}"
    vol = voorstel("advies", "therapeut", f"Patient/{HOUDER}", aan, date(2026, 11, 22))
    alles = {_plek(i): i for i in voorbeeld(vol, "therapeut", m, register, NU)}
    plekken = sorted(alles)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sets(st.sampled_from(sorted(vol.groepen)), min_size=1), st.sets(st.sampled_from(plekken), max_size=4))
    def wet(groepen: set[str], dicht: set[str]) -> None:
        smal = versmal(vol, groepen, dicht)
        for inhoud in voorbeeld(smal, "therapeut", m, register, NU):
            plek = _plek(inhoud)
            assert plek in alles and plek not in dicht
            assert _bladen(inhoud) <= _bladen(alles[plek])

    wet()


def _plek(inhoud: Any) -> str:
    return f"{inhoud['resourceType']}/{inhoud['id']}"


def _bladen(waarde: Any, pad: str = "") -> set[str]:
    """Elke waarde met haar pad, zonder `meta`: daar staat juist dat er iets af is."""
    if isinstance(waarde, dict):
        return set().union(*(_bladen(w, f"{pad}.{k}") for k, w in waarde.items() if k != "meta"), set())
    if isinstance(waarde, list):
        return set().union(*(_bladen(w, pad) for w in waarde), set())
    return {f"{pad}={waarde}"}
