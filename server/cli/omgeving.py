"""De instellingen van één opdracht: de omgeving, met wat op de opdrachtregel staat ervoor. Laadt verder niets."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from server.settings import Settings, uit_omgeving


def instellingen(data: Path | None, port: int | None, demo: bool | None) -> Settings:
    """De instellingen uit de omgeving, met wat op de opdrachtregel staat ervoor."""
    env = dict(os.environ)
    if data is not None:
        env["DATA"] = str(data)
    if port is not None:
        env["PORT"] = str(port)
    settings = uit_omgeving(env, demo=demo)
    return dataclasses.replace(settings, base_url=settings.base_url.rstrip("/"))
