"""De bladzijden van toestemming in een echte browser: axe zonder bevindingen en niets buiten beeld, op de telefoon."""

from __future__ import annotations

import pytest

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import MERKEN, browser_bij, inloggen, keur
from tests.web.houderwereld import resources
from tests.web.werkwereld import laat_lezen, wereld

pytestmark = [*MERKEN, pytest.mark.lang]


async def test_elke_bladzijde_van_toestemming_is_toegankelijk(settings: Settings) -> None:
    async with wereld(settings, (YVONNE,)) as app:
        await laat_lezen(app, YVONNE.patient)
        nieuw = max(await resources(app, YVONNE.patient, "Consent"), key=lambda c: c["meta"]["lastUpdated"])["id"]
        async with browser_bij(app) as (chroom, basis):
            nienke, yvonne = await inloggen(chroom, basis, "nienke"), await inloggen(chroom, basis, "yvonne")
            for scherm in (nienke, yvonne):
                await scherm.set_viewport_size({"width": 320, "height": 700})
            client = f"/client/{YVONNE.patient}"
            await nienke.goto(f"{basis}/vraag")
            await nienke.check("input[value=advies]")
            await nienke.click("text=Verder")
            vraag = nienke.url.removeprefix(basis)
            cijfers = await nienke.locator(".hmp-code").inner_text()
            await nienke.goto(f"{basis}{client}/vraag")
            await nienke.check("input[value=advies]")
            await nienke.check("input[value=mondeling]")
            await nienke.click("text=Leg de vraag klaar")
            code = nienke.url.removeprefix(basis)
            consent = code.split("/vraag/")[1].split("?")[0]
            for pad in ("/vraag", vraag, f"{client}/vraag", code, f"{client}/mag-delen", client):
                await nienke.goto(f"{basis}{pad}")
                await keur(nienke, pad)
            await yvonne.goto(f"{basis}/delen/vraag")
            await keur(yvonne, "/delen/vraag")
            await yvonne.fill("#code", cijfers)
            await yvonne.click("main >> text=Bekijk de vraag >> visible=true")
            een = f"/delen/toestemming/{nieuw}"
            gevraagd = yvonne.url.removeprefix(basis)
            assert gevraagd.startswith("/delen/vraag/")
            for pad in (een, f"{een}/minder", f"{een}/langer", f"{een}/voorbeeld", gevraagd,
                        f"/delen/gevraagd/{consent}", f"/delen/bevestig/{consent}", "/delen", "/"):  # fmt: skip
                await yvonne.goto(f"{basis}{pad}")
                await yvonne.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                await keur(yvonne, pad)
