"""`paspoort serve` op de demo: antwoordt, laat kiezen wie u bent, tekent het log en stopt netjes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from server.cli import main
from server.cli.serve import _seconden_tot_morgen

WORTEL = Path(__file__).parents[3]


def test_tot_morgen_is_nooit_meer_dan_een_dag_en_een_minuut() -> None:
    for uur in range(24):
        nu = datetime(2026, 3, 29, uur, 59, 59, tzinfo=UTC)
        straks = nu + timedelta(seconds=_seconden_tot_morgen(nu))
        assert (straks.day, straks.hour, straks.minute) == (30, 0, 1)


def test_de_demo_draait_en_stopt_netjes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = str(s.getsockname()[1])
    assert main(["demo", "--data", str(tmp_path), "--port", poort]) == 0
    opdracht = [sys.executable, "-c", "from server.cli import main; raise SystemExit(main())"]
    opdracht += ["serve", "--demo", "--data", str(tmp_path), "--port", poort]
    proces = subprocess.Popen(opdracht, cwd=WORTEL, stdout=subprocess.PIPE, text=True)
    try:
        assert proces.stdout is not None
        assert poort in proces.stdout.readline()
        base = json.loads((tmp_path / "demo.json").read_text("utf-8"))["base"]
        with httpx.Client(base_url=base, transport=httpx.HTTPTransport(retries=20)) as client:
            einde = time.monotonic() + 20
            while not _leeft(client) and time.monotonic() < einde:
                time.sleep(0.1)
            assert client.get("/readyz").text == "ok"
            assert "Nienke Postma" in client.get("/inloggen", follow_redirects=True).text
            assert client.get("/fhir/Patient").status_code == 401
            assert client.post("/inloggen", data={"persoon": "yvonne"}).status_code == 303
    finally:
        proces.send_signal(signal.SIGTERM)
        assert proces.wait(20) in (0, -signal.SIGTERM)
        if proces.stdout is not None:
            proces.stdout.close()
    capsys.readouterr()
    assert main(["audit", "verify", "--demo", "--data", str(tmp_path)]) == 0
    assert "0 ondertekende dagen" not in capsys.readouterr().out


def _leeft(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
