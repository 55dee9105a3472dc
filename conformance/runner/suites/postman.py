"""The Postman collection of Microsoft's SCIM reference code, run by newman."""

from __future__ import annotations

import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

from .. import tools
from ..paths import SHARED
from ..results import Case, number_repeated
from ..server import Server
from .base import Suite, read_report, run_program, scim

COLLECTION = "data/azuread/AzureAD-PostmanCollection.json"
FOLDERS = [
    "Endpoint tests",
    "User tests",
    "Group tests",
    "ComplexAttribute tests",
    "User tests with garbage",
    "Group tests with garbage",
    "Teardown garbage",
]
TOTAL = re.compile(r"(jsonData\.totalResults\)\.to\.eql\()(\d+)(\))")


class Postman(Suite):
    """What fails here because the collection contradicts the RFC is in KNOWN_DEVIATIONS.md."""

    name = "postman"
    about = "Postman collection of AzureAD/SCIMReferenceCode through newman"
    minimum = 100
    shared_files = [COLLECTION]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        program = tools.newman()
        before = scim(server, "GET", "/Users?count=0")["totalResults"]
        collection = json.loads((SHARED / COLLECTION).read_text(encoding="utf-8"))
        count_in(collection, before)
        folders = name_steps(collection)
        adapted = workspace / "collection.json"
        adapted.write_text(json.dumps(collection), encoding="utf-8")
        report = workspace / "newman.json"
        done = run_program([str(program), *_arguments(server, adapted, report)])
        return number_repeated(_cases(read_report(report, done), folders))


def count_in(collection: dict[str, Any], before: int) -> None:
    """Adds the users that were there before to what the collection expects of unfiltered lists.

    The collection is written for an empty server; an account always has its owner.
    """
    for folder in collection["item"]:
        for step in folder.get("item", []):
            if "filter=" in _url(step):
                continue
            for event in step.get("event", []):
                event["script"]["exec"] = [
                    TOTAL.sub(lambda m: f"{m[1]}{int(m[2]) + before}{m[3]}", line)
                    for line in event["script"]["exec"]
                ]


def _url(step: dict[str, Any]) -> str:
    """The URL of a step as written; the format allows a string or an object."""
    url = step["request"]["url"]
    return str(url["raw"] if isinstance(url, dict) else url)


def name_steps(collection: dict[str, Any]) -> dict[str, str]:
    """Gives every step an id, by which the report names it; returns the folder of each id."""
    folders = {}
    for folder in collection["item"]:
        for position, step in enumerate(folder.get("item", [])):
            step["id"] = f"{folder['name']}#{position}"
            folders[step["id"]] = folder["name"]
    return folders


def _arguments(server: Server, collection: Path, report: Path) -> list[str]:
    """newman's command line, with the server's URL in the pieces that the collection wants."""
    url = urllib.parse.urlsplit(server.scim_base_url)
    variables = {
        "Protocol": url.scheme,
        "Server": str(url.hostname),
        "Port": f":{url.port}",
        "Api": url.path.strip("/"),
        "token": server.scim_token,
    }
    arguments = ["run", str(collection), "--reporters=json"]
    arguments += [f"--reporter-json-export={report}", "--timeout-request=30000"]
    for name, value in variables.items():
        arguments += ["--env-var", f"{name}={value}"]
    for folder in FOLDERS:
        arguments += ["--folder", folder]
    return arguments


def _cases(report: dict[str, Any], folders: dict[str, str]) -> list[Case]:
    """One case for every assertion of every request, and one for every script that broke."""
    cases = []
    for execution in report["run"]["executions"]:
        item = execution["item"]
        step = f"{folders.get(item['id'], '')}: {item['name']}".removeprefix(": ")
        answer = _answer(execution)
        for assertion in execution.get("assertions", []):
            error = assertion.get("error") or {}
            detail = f"{error.get('message', '')}\n{answer}"
            cases.append(Case.of(f"{step}: {assertion['assertion']}", not error, detail))
        for script in execution.get("testScript", []):
            if "error" in script:
                detail = f"{script['error'].get('message', '')}\n{answer}"
                cases.append(Case.of(f"{step}: script", False, detail))
        if "requestError" in execution:
            cases.append(Case.of(f"{step}: request", False, str(execution["requestError"])))
    return cases


def _answer(execution: dict[str, Any]) -> str:
    """Request line, status and the beginning of the body, for a failure's text."""
    request = execution.get("request", {})
    path = "/".join(request.get("url", {}).get("path", []))
    response = execution.get("response", {})
    stream = response.get("stream", {}).get("data", [])
    body = bytes(stream).decode("utf-8", "replace")[:400]
    return f"{request.get('method', '')} {path} -> {response.get('code', 'no answer')}: {body}"
