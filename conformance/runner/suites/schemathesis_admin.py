"""schemathesis on the administrators' API: its own document, driven as the account's owner."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..results import Case
from ..server import OPERATOR_TOKEN, Server
from .base import Suite, SuiteFault, scim
from .schemathesis import CONFORMANCE, STRICT, run_document

# What ends the account, the owner's rights or the token that drives the suite, and why it is left
# out. Everything else that the document names is driven.
LEFT_OUT: dict[str, str] = {
    "tokens.delete": "the list of tokens leads to the one that drives the suite",
    "members.change": "the list of members leads to the owner who drives the suite",
    "plan.downgrade": "ends the plan that the suite needs",
    "sso-connections.delete": "takes away the one connection that the account can have",
}

# What deletes things that others need. It comes in a pass of its own, because schemathesis deletes
# whatever it has seen.
DELETIONS = ["organizations.delete", "teams.delete"]

# What cannot succeed in the suite's account, and why; all else that it names is driven as well.
UNREACHED: dict[str, str] = {
    "plan.start-trial": "the account has Enterprise already",
    "plan.reactivate": "the account is active",
    "billing.receive-event": "each request has to be signed",
    "sign-ups.confirm": "its token is only in the mail",
    "invitations.get-offer": "the link's token is in a mail only",
    "invitations.accept": "the link's token is in a mail only",
    **dict.fromkeys(
        (
            "organizations.create-transfer",
            "organizations.get-transfer",
            "organizations.delete-transfer",
            "organization-transfers.get",
            "organization-transfers.accept",
            "organization-transfers.decline",
        ),
        "a transfer needs a second account, and single sign-on off",
    ),
    "session.create": "the link comes by mail",
    "invitations.decline": "the link's token is in a mail only",
    "activations.claim": "the link's token is in a mail only",
    "activations.change-owner": "only the token of a new account, which is not kept, may",
    "activations.preview": "the code is used up by then",
    "plan.preview-activation": "the code is used up by then",
    "members.merge": "makes one of two members whom others need",
    "members.preview-merge": "needs two members in one path",
    "invitations.change": "needs an invitation with a target that is named with it",
    **dict.fromkeys(
        (
            "session.get",
            "session.change",
            "session.delete",
            "session.join",
            "session.decline",
            "session.list-addresses",
            "session.create-address",
            "session.confirm-address",
            "session.change-address",
            "session.delete-address",
            "session.leave",
            "session.request-proof",
            "session.confirm-proof",
            "sessions.list",
            "sessions.delete",
            "sessions.delete-others",
            "accounts.create",
            "me.get",
            "me.change",
            "me.get-first-steps",
            "me.change-first-steps",
            "me.list-invitations",
            "me.accept-invitation",
            "me.decline-invitation",
            "organization-transfers.list",
        ),
        "a personal token is no session",
    ),
    **dict.fromkeys(
        ("recovery-links.create", "recovery-links.delete", "recovery-links.use"),
        "the account's owner came with a token and has proved no address",
    ),
    "sso-connections.confirm-identity": "needs two sign-ins at an identity provider",
    "sso-connections.create": "the account's one domain has its connection",
    "sso-connections.verify": "needs an identity provider",
    "sso-connections.switch-on": "needs a sign-in at an identity provider",
}

# Which thing's id a path parameter is, by what stands before it in the path.
SEEDS = {
    "organizations": "organization",
    "teams": "team",
    "members": "member",
    "collaborators": "collaborator",
    "invitations": "invitation",
    "domains": "domain",
    "activation-codes": "code id",
    "sso-connections": "connection",
}
# Bodies and queries that name things: fields, by operation, with what is put for each seed in <>.
BODIES: dict[str, dict[str, Any]] = {
    "invitations.create": {"email": "new@conformance.example", "organization_id": "<organization>"},
    "domains.create": {"name": "us.conformance.example"},
    "sign-ups.create": {"email": "cora@elsewhere.example"},
    "organizations.invite": {"email": "newer@conformance.example"},
    "invite-control.change": {"rule": "all_domains"},
    "invite-control.preview": {"rule": "verified_domains"},
    "organizations.change-invite-control": {"rule": "all_domains"},
    "organizations.add-collaborator": {"email": "cora@conformance.example"},
    "teams.add-member": {"email": "amelia@conformance.example"},
    "teams.link-scim-group": {"group_id": "<group>"},
    "teams.link-several": {"organization_ids": ["<organization>"]},
    "teams.preview-links": {"organization_ids": ["<organization>"]},
    "plan.request-seats": {"seats": 5000},
    "activations.create": {
        "code": "<code>",
        "account_name": "New",
        "owner_email": "olive@new.example",
    },
    "plan.activate": {"code": "<own code>"},
    "session.request-link": {"email": "amelia@conformance.example"},
    "connector.preview": {"list": "Username,Status\nnew@conformance.example,ACTIVE\n"},
    "sso-connections.change": {"oidc": {"issuer": "https://localhost:9", "client_id": "insomnia"}},
    "operator.create-code": {"customer": "Another", "seats": 5, "days": 30},
}
# Parameters that need another seed than the one that their place in the path means.
PARAMETERS = {
    "connector.get-explanation": {"about": "amelia@conformance.example"},
    "invitations.resend": {"id": "<waiting invitation>"},
    "organizations.resend-invitation": {"invitation_id": "<waiting invitation>"},
    "organizations.revoke-invitation": {"invitation_id": "<other invitation>"},
    "organizations.delete": {"id": "<spare organization>"},
    "organizations.remove-collaborator": {"member_id": "<leaving>"},
    "teams.delete": {"id": "<spare team>"},
    "teams.preview-scim-group": {"id": "<crew>", "group_id": "<other group>"},
}


class SchemathesisAdmin(Suite):
    """The document of the administrators' API must be exactly true: no case may be a deviation."""

    name = "schemathesis-admin"
    about = "requests generated from /api/v1/openapi.json, 9 checks on each operation"
    minimum = 1100

    def run(self, server: Server, workspace: Path) -> list[Case]:
        url = f"{server.public_url}/api/v1"
        document = request(server, "GET", f"{url}/openapi.json")
        give_examples(document, seed(server, url))
        unreached = {
            f"{method.upper()} {path}"
            for path, method, operation in operations_of(document)
            if operation["operationId"] in UNREACHED
        }
        cases = []
        # The operator comes last: he revokes the codes that the others need.
        passes = [
            ("administrator", server.admin_token, [*LEFT_OUT, *DELETIONS], []),
            ("administrator", server.admin_token, [], DELETIONS),
            ("operator", OPERATOR_TOKEN, [], []),
        ]
        for number, (who, token, left_out, only) in enumerate(passes):
            folder = workspace / str(number)
            folder.mkdir()
            file = folder / "openapi.json"
            file.write_text(json.dumps(part(document, who)), encoding="utf-8")
            cases += run_document(
                folder,
                file,
                [*CONFORMANCE, *STRICT],
                url=server.public_url,
                token=token,
                reach=True,
                unreached=unreached,
                left_out=left_out,
                only=only,
            )
        return cases


def operations_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of everything that the document names."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def part(document: dict[str, Any], who: str) -> dict[str, Any]:
    """The operations that are this one's: the operator's, or all others."""
    paths: dict[str, Any] = {}
    for path, method, operation in operations_of(document):
        is_operators = any("operator" in one for one in operation["security"])
        if is_operators == (who == "operator"):
            paths.setdefault(path, {})[method] = operation
    return {**document, "paths": paths}


def seed(server: Server, url: str) -> dict[str, str]:
    """Makes one of each thing, so that requests about one can succeed; gives their ids."""
    organization = request(server, "POST", f"{url}/organizations", {"name": "Cargo"})["id"]
    team = request(server, "POST", f"{url}/teams", {"name": "Flight"})["id"]
    member = request(server, "POST", f"{url}/members", {"email": "amelia@conformance.example"})
    request(server, "PUT", f"{url}/teams/{team}/organizations/{organization}")
    invitations = [
        request(
            server,
            "POST",
            f"{url}/invitations",
            {"email": f"{name}@conformance.example", "organization_id": organization},
        )["id"]
        for name in ("bea", "fay", "gwen")
    ]
    collaborators = {}
    for name in ("cora", "dora", "emma"):
        new = {"email": f"{name}@conformance.example"}
        collaborators[name] = request(server, "POST", f"{url}/members", new)["id"]
        if name != "cora":
            request(server, "POST", f"{url}/organizations/{organization}/collaborators", new)
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
    groups = [
        scim(server, "POST", "/Groups", {"schemas": schemas, "displayName": name})["id"]
        for name in ("Pilots", "Mechanics")
    ]
    codes = [
        request(server, "POST", f"{url}/operator/activation-codes", new, OPERATOR_TOKEN)
        for new in (
            {"customer": "New", "seats": 5, "days": 30},
            {"customer": "Conformance", "seats": 6000, "days": 365},
            {"customer": "Revoked", "seats": 5, "days": 30},
        )
    ]
    connection = request(
        server, "POST", f"{url}/sso-connections", {"domain": "conformance.example"}
    )
    return {
        "connection": connection["id"],
        "code": codes[0]["code"],
        "own code": codes[1]["code"],
        "code id": codes[2]["id"],
        "organization": organization,
        "team": team,
        "member": member["id"],
        # Below the account's domain, so that it is verified without DNS.
        "domain": request(server, "POST", f"{url}/domains", {"name": "eu.conformance.example"})["id"],
        "invitation": invitations[0],
        "other invitation": invitations[1],
        "waiting invitation": invitations[2],
        "collaborator": collaborators["dora"],
        "leaving": collaborators["emma"],
        "spare organization": request(server, "POST", f"{url}/organizations", {"name": "Spare"})[
            "id"
        ],
        "spare team": request(server, "POST", f"{url}/teams", {"name": "Spare"})["id"],
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


def filled(values: dict[str, Any], seeds: dict[str, str]) -> dict[str, Any]:
    """The values with the ids of what was made, also in lists."""

    def of(value: Any) -> Any:
        if isinstance(value, list):
            return [of(item) for item in value]
        return seeds[value[1:-1]] if str(value).startswith("<") else value

    return {name: of(value) for name, value in values.items()}


def request(
    server: Server, method: str, url: str, body: Any = None, token: str | None = None
) -> Any:
    """One request, as the account's owner unless with another token. Raises SuiteFault."""
    asked = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token or server.admin_token}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            text = answer.read()
    except OSError as error:
        raise SuiteFault(f"{method} {url}: {error}") from error
    return json.loads(text) if text else None
