"""Runs scim2-tester and writes its results as JSON: scim2_tester_probe.py BASE_URL REPORT.

Runs under the virtual environment's Python; the token comes in SCIM_TOKEN.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server


def main(base_url: str, report: str) -> None:
    """Checks the server as `scim2 test` does, and keeps what that command does not print."""
    headers = {"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}
    client = SyncSCIMClient(Client(base_url=base_url, headers=headers, timeout=30))
    client.discover()
    checks = [
        {
            "status": result.status.name,
            "title": result.title or "",
            "resource_type": result.resource_type or "",
            "reason": result.reason or "",
            "data": "" if result.data is None else str(result.data)[:500],
        }
        for result in check_server(client)
    ]
    Path(report).write_text(json.dumps(checks), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
