"""Sends one request exactly as a transcript writes it."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from dataclasses import dataclass
from typing import Any

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and body of an answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def document(self) -> Any:
        """The body as JSON, or None when it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def send(
    base_url: str, method: str, target: str, headers: dict[str, str], body: str | None
) -> Answer:
    """Sends the request with these headers and no others, beside Host and Content-Length."""
    url = urllib.parse.urlsplit(base_url)
    connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=SECONDS)
    try:
        connection.putrequest(method, url.path + target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        encoded = body.encode() if body is not None else None
        if encoded is not None or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(encoded or b"")))
        connection.endheaders(encoded)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, text)
    finally:
        connection.close()
