"""Waarmee iemand inlogt, in een paar woorden: *Firefox op Windows*. Om te herkennen, niet om te volgen."""

from __future__ import annotations

from typing import Final

# De eerste die in de User-Agent voorkomt: elke browser noemt ook zijn voorgangers.
BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMEN: Final = (
    ("iPhone", "een iPhone"), ("iPad", "een iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Macintosh", "een Mac"), ("CrOS", "een Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
ONBEKEND: Final = "Een toestel dat wij niet herkennen"


def toestel(user_agent: str) -> str:
    """De browser en het systeem, zonder versies."""
    browser = next((naam for teken, naam in BROWSERS if teken in user_agent), "")
    systeem = next((naam for teken, naam in SYSTEMEN if teken in user_agent), "")
    if browser and systeem:
        return f"{browser} op {systeem}"
    return browser or (f"Een browser op {systeem}" if systeem else ONBEKEND)
