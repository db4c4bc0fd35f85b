"""De waarden waar `vreemde_vragen.py` uit put: bijna goed, net fout, en onzin. Alleen gegevens."""

# ruff: noqa: E501 - de lijsten met vreemde waarden lezen als lijst
# fmt: off

from __future__ import annotations

from hypothesis import strategies as st

METHODEN = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO")
TEKST = st.text(max_size=12) | st.sampled_from([
    "", " ", "*", "..", ".", "%", "%00", "%ff", "\x00", "a" * 70, "a" * 2000, "é", "\U0001f9bd", "\ud800", "<script>", "' OR 1=1", "$", "$x",
    "|", "||", ",", "\\", "\\,", "1e400", "-1", "0", "null", "true", "@Patient", "Patient/@Patient", "Patient/@Patient/_history/1",
    "urn:uuid:7f0c2f4e-5a43-4f7a-9b53-0f4c2b1f6a01", "http://x/y|1", "2024-02-30", "ge2024", "sa2024-13", "eb", "2024-01-01T00:00:00Z",
    "9999-12-31", "0000-01-01", "-2024", "ap5", "5.40|http://unitsofmeasure.org|cm", "1e3||", "nan", "Patient?name=x",
])  # fmt: skip
SOORTEN = (
    "application/fhir+json",
    "application/json",
    "application/fhir+xml",
    "text/html",
    "*/*",
    "image/png",
    "x",
    "/",
    ";q=1",
    "*/*;q=x",
    "",
)
KOPPEN = {
    "Accept": SOORTEN,
    "Accept-Language": ("nl", "en;q=0.x", "*", "é", "a" * 300, ",,;q="),
    "Accept-Encoding": ("gzip", "gzip;q=0", "br", "*;q=1", "gzip, gzip"),
    "Accept-Charset": ("utf-8", "utf-16"),
    "Content-Type": (*SOORTEN, "application/json-patch+json", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data"),
    "Content-Encoding": ("gzip", "br", "identity"),
    "If-Match": ('W/"1"', '"1"', "1", "*", 'W/"999999999999999999999"', "W/", '""', "é", 'W/"1", W/"2"'),
    "If-None-Match": ('W/"1"', "*", "1", '"', 'W/"-1"'),
    "If-Modified-Since": ("Sun, 22 Nov 2026 10:00:00 GMT", "gisteren", "Sun, 99 Nov 2026 10:00:00 GMT", "0"),
    "If-None-Exist": ("identifier=x|y", "name=Proef", "_id=@Patient", "&&", "nonsens=1", "%", "patient=@Patient"),
    "Prefer": ("return=minimal", "return=OperationOutcome", "return=x", "handling=strict", "handling=lenient", "respond-async", "=;", "return=minimal; handling=lenient"),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Security-Context": ("Patient/@Patient", "x", "Patient/"),
    "Range": ("bytes=0-1", "x"),
    "Origin": ("http://kwaad.example", "null"),
    "Access-Control-Request-Method": ("PUT", "x"),
    "X-Forwarded-Host": ("kwaad.example",),
    "Authorization": ("Bearer", "Bearer x", "Basic eDp5", "Bearer \xe9", "bearer  a b", ""),
}  # fmt: skip
ALGEMEEN = (
    "_id", "_lastUpdated", "_tag", "_profile", "_security", "_include", "_revinclude", "_include:iterate", "_sort", "_count", "_total",
    "_elements", "_summary", "_format", "_pretty", "_bladzijde", "_since", "_at", "_type", "_has:Task:patient:status", "_text", "_filter",
    "patient", "subject", "patient.name", "profile", "mode", "start", "end", "url", "filter", "nonsens", "",
)  # fmt: skip
BEPALERS = (
    "",
    ":exact",
    ":contains",
    ":not",
    ":missing",
    ":identifier",
    ":Patient",
    ":above",
    ":text",
    ":of-type",
    ":x",
    ".name",
    ".identifier",
    ":Device.type",
)
BUNDEL = ("transaction", "batch", "collection", "history", "", None, 5)
