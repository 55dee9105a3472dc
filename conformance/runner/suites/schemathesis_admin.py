"""schemathesis on the administrators' API: its own document, driven as the account's owner."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

from ..results import Case
from ..server import Server
from .base import Suite, SuiteFault, scim
from .schemathesis import CONFORMANCE, STRICT, run_document

# What ends the account, the owner's rights or the token that drives the suite, and why it is left
# out. Everything else that the document names is driven.
LEFT_OUT: dict[str, str] = {
    "tokens.revoke": "the list of tokens leads to the one that drives the suite",
    "plan.downgrade": "ends the plan that the suite needs",
}

# Which thing's id a path parameter is, by what stands before it in the path.
SEEDS = {
    "organizations": "organization",
    "teams": "team",
    "members": "member",
    "invitations": "invitation",
}
# Bodies and queries that name things: fields, by operation, with what is put for each seed in <>.
BODIES = {
    "invitations.create": {"email": "new@conformance.example", "organization_id": "<organization>"},
    "teams.add-member": {"email": "amelia@conformance.example"},
    "teams.link-scim-group": {"group_id": "<group>"},
}
# Parameters that need another seed than the one that their place in the path means.
PARAMETERS = {"teams.preview-scim-group": {"id": "<crew>", "group_id": "<other group>"}}


class SchemathesisAdmin(Suite):
    """The document of the administrators' API must be exactly true: no case may be a deviation."""

    name = "schemathesis-admin"
    about = "requests generated from /api/v1/openapi.json, 9 checks on each operation"
    minimum = 150

    def run(self, server: Server, workspace: Path) -> list[Case]:
        url = f"{server.public_url}/api/v1"
        document = request(server, "GET", f"{url}/openapi.json")
        for path, operations in list(document["paths"].items()):
            for method, operation in list(operations.items()):
                if operation["operationId"] in LEFT_OUT:
                    del operations[method]
            if not operations:
                del document["paths"][path]
        give_examples(document, seed(server, url))
        file = workspace / "openapi-admin.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return run_document(
            workspace,
            file,
            [*CONFORMANCE, *STRICT],
            url=server.public_url,
            token=server.admin_token,
            reach=True,
        )


def seed(server: Server, url: str) -> dict[str, str]:
    """Makes one of each thing, so that requests about one can succeed; gives their ids."""
    organization = request(server, "POST", f"{url}/organizations", {"name": "Cargo"})["id"]
    team = request(server, "POST", f"{url}/teams", {"name": "Flight"})["id"]
    member = request(server, "POST", f"{url}/members", {"email": "amelia@conformance.example"})
    request(server, "PUT", f"{url}/teams/{team}/organizations/{organization}")
    invited = {"email": "bea@conformance.example", "organization_id": organization}
    invitation = request(server, "POST", f"{url}/invitations", invited)["id"]
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
    groups = [
        scim(server, "POST", "/Groups", {"schemas": schemas, "displayName": name})["id"]
        for name in ("Pilots", "Mechanics")
    ]
    return {
        "organization": organization,
        "team": team,
        "member": member["id"],
        "invitation": invitation,
        "crew": request(server, "POST", f"{url}/teams", {"name": "Crew"})["id"],
        "group": groups[0],
        "other group": groups[1],
    }


def give_examples(document: dict[str, Any], seeds: dict[str, str]) -> None:
    """Writes ids that exist into the parameters that name them."""
    for path, operations in document["paths"].items():
        parts = path.split("/")
        for operation in operations.values():
            named = operation["operationId"]
            if named in BODIES:
                media = operation["requestBody"]["content"]["application/json"]
                media["example"] = filled(BODIES[named], seeds)
            for parameter in operation.get("parameters", []):
                if parameter["name"] in PARAMETERS.get(named, {}):
                    parameter["example"] = filled(PARAMETERS[named], seeds)[parameter["name"]]
                    continue
                if parameter["in"] != "path":
                    continue
                before = parts[parts.index("{" + parameter["name"] + "}") - 1]
                if before in SEEDS:
                    parameter["example"] = seeds[SEEDS[before]]


def filled(values: dict[str, str], seeds: dict[str, str]) -> dict[str, str]:
    """The values with the ids of what was made."""
    return {
        name: seeds[value[1:-1]] if value.startswith("<") else value
        for name, value in values.items()
    }


def request(server: Server, method: str, url: str, body: Any = None) -> Any:
    """One request as the account's owner. Raises SuiteFault."""
    asked = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {server.admin_token}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            text = answer.read()
    except OSError as error:
        raise SuiteFault(f"{method} {url}: {error}") from error
    return json.loads(text) if text else None
