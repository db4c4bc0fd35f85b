"""`paspoort vertegenwoordiger` als de bediening haar gebruikt: vastleggen, eindigen, overlijden en een vergissing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from paspoort.fhir.validatie import Validator
from server.access.actor import Actor
from server.access.vertegenwoordiging import heeft_grond
from server.cli import main
from server.cli.omgeving import instellingen
from server.store.passports import Opslag
from server.store.session import account_van, lidmaatschappen
from server.store.versions import Wijziging
from tests.klok import vandaag

KIND = "kind"


async def _met(tmp_path: Path, doe: str, wie: Actor | None = None) -> object:
    opslag = await Opslag.open(instellingen(tmp_path, None, demo=None))
    try:
        if doe == "maak":
            await opslag.maak_partitie(KIND, "paspoort")
            geboren = f"{vandaag().year - 8}-01-01"
            persoon = {"resourceType": "Patient", "id": KIND, "name": [{"text": "Anna"}], "birthDate": geboren}
            return await opslag.schrijf(KIND, 0, [Wijziging("Patient", KIND, persoon)], "dienst", "import", ())
        if doe == "rollen":
            account = await account_van(opslag, "https://inlog.test", "mirjam")
            return await lidmaatschappen(opslag, account.id) if account else ()
        assert wie is not None
        return await heeft_grond(opslag, wie, datetime.now(UTC))
    finally:
        await opslag.sluit()


def test_de_bediening_legt_een_ouder_vast_en_eindigt_en_sluit_na_overlijden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, validator: Validator
) -> None:
    monkeypatch.setattr(Validator, "laad", staticmethod(lambda: validator))
    monkeypatch.setenv("MASTER_KEY", "A" * 43 + "=")
    asyncio.run(_met(tmp_path, "maak"))

    def doe(*woorden: str) -> tuple[int, str]:
        uitgang = main(["vertegenwoordiger", "--data", str(tmp_path), *woorden])
        return uitgang, capsys.readouterr().out.strip()

    def kijkt(wie: Actor) -> bool:
        return bool(asyncio.run(_met(tmp_path, "grond", wie)))

    inlog = ("--issuer", "https://inlog.test", "--sub", "mirjam")
    uitgang, mandaat = doe("add", KIND, "Mirjam", "--soort", "ouder-met-gezag", *inlog)
    assert uitgang == 0 and mandaat
    rollen = asyncio.run(_met(tmp_path, "rollen"))
    assert [(r.rol, r.patient, r.namens, r.mandaat) for r in rollen] == [  # type: ignore[attr-defined]
        ("vertegenwoordiger", KIND, "Anna", mandaat)
    ]
    mirjam = Actor("persoon", "vertegenwoordiger", "Mirjam", patient=KIND, mandaat=mandaat)
    assert kijkt(mirjam) and "ouder-met-gezag" in doe("list", KIND)[1]
    assert doe("deceased", KIND, "--op", "2026-11-01")[0] == 0 and not kijkt(mirjam)
    assert doe("deceased", KIND, "--vergissing")[0] == 0 and kijkt(mirjam)
    assert doe("end", KIND, mandaat)[0] == 0 and not kijkt(mirjam)
    assert asyncio.run(_met(tmp_path, "rollen")) == () and "gestopt" in doe("list", KIND)[1]
    assert doe("end", KIND, "bestaat-niet")[0] == 1 and doe("list", "bestaat-niet")[0] == 1
