"""schemathesis: requests generated from an OpenAPI document, answers checked against it."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import tools
from ..paths import SHARED
from ..results import Case, Outcome
from ..server import Server
from .base import Suite, SuiteFault, run_program, scim

OKTA = "data/okta/SCIM-20-OPENAPI.yaml"
EXAMPLES = 40
CONFORMANCE = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
STRICT = ["negative_data_rejection", "unsupported_method", "allow_header_conformance"]
STRICT += ["ignored_auth"]
# 501 is what RFC 7644 §3.11 wants of /Me here. A refusal is one whatever it refuses first.
CONFIGURATION = """\
[generation]
deterministic = true
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "501"]
[checks.negative_data_rejection]
expected-statuses = ["4xx", "501"]
"""
EXPLAINED = 3


class Schemathesis(Suite):
    """Our own document, which must be exactly true: no case of it may be a known deviation."""

    name = "schemathesis"
    about = "requests generated from our own /openapi.json, 9 checks on each operation"
    minimum = 275

    def run(self, server: Server, workspace: Path) -> list[Case]:
        document = workspace / "openapi.json"
        document.write_text(json.dumps(scim(server, "GET", "/openapi.json")), encoding="utf-8")
        checks = [*CONFORMANCE, *STRICT]
        url, token = server.scim_base_url, server.scim_token
        return run_document(workspace, document, checks, url=url, token=token, reach=True)


class SchemathesisOkta(Suite):
    """Okta's document. Where it contradicts the RFC it is changed first, and each change is a case
    that fails, for KNOWN_DEVIATIONS.md to name: so nothing else is excused by it."""

    name = "schemathesis-okta"
    about = "requests generated from Okta's OpenAPI document, 5 checks on each operation"
    minimum = 58
    shared_files = [OKTA]

    def run(self, server: Server, workspace: Path) -> list[Case]:
        document = workspace / "okta.json"
        convert = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)"
        done = run_program([str(tools.python()), "-c", convert, str(SHARED / OKTA)])
        try:
            okta = json.loads(done.stdout)
        except ValueError as error:
            raise SuiteFault(f"{OKTA} cannot be read: {done.stderr[-2000:]}") from error
        changed = adapt(okta)
        document.write_text(json.dumps(okta), encoding="utf-8")
        cases = [
            Case.of(name, not count, f"the document is changed in {count} places")
            for name, count in changed.items()
        ]
        left_out = "not run: the document allows none of the forms of values that mean none"
        cases.append(Case("check negative_data_rejection", Outcome.FAILED, left_out))
        url, token = server.scim_base_url, server.scim_token
        return cases + run_document(workspace, document, CONFORMANCE, url=url, token=token)


def adapt(document: dict[str, Any]) -> dict[str, int]:
    """Takes out of Okta's document what the RFC contradicts; counts the places by what it was."""
    counts = {
        "document: values of type are enumerated": 0,
        "document: schemas are enumerated": 0,
        "document: no 409 from PUT and PATCH": 0,
    }
    for schema in document["components"]["schemas"].values():
        properties = schema.get("properties", {})
        if properties.get("type", {}).pop("enum", None):
            counts["document: values of type are enumerated"] += 1
        is_resource = "id" in properties
        if is_resource and properties.get("schemas", {}).get("items", {}).pop("enum", None):
            counts["document: schemas are enumerated"] += 1
    for item in document["paths"].values():
        for method in ("put", "patch"):
            responses = item.get(method, {}).get("responses")
            if responses and not {409, "409"} & set(responses):
                responses["409"] = responses.get("400", responses.get(400))
                counts["document: no 409 from PUT and PATCH"] += 1
    return counts


def run_document(
    workspace: Path,
    document: Path,
    checks: list[str],
    *,
    url: str,
    token: str,
    reach: bool = False,
    unreached: Container[str] = (),
    left_out: Iterable[str] = (),
    only: Iterable[str] = (),
) -> list[Case]:
    """Runs schemathesis with all its phases, always the same requests as far as ids allow.

    `reach`: every operation must also succeed at least once, or else the checks say little;
    those `unreached` need not.
    """
    configuration = workspace / "schemathesis.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    events = workspace / "events.ndjson"
    program = tools.python().parent / "schemathesis"
    done = run_program(
        [str(program), f"--config-file={configuration}", "run", str(document)]
        + [f"--url={url}", f"--header=Authorization: Bearer {token}"]
        + [f"--max-examples={EXAMPLES}", f"--checks={','.join(checks)}", "--continue-on-failure"]
        + ["--no-shrink", "--generation-database=none", "--no-color", "--warnings=off"]
        + [f"--exclude-operation-id={one}" for one in left_out]
        + [f"--include-operation-id={one}" for one in only]
        + ["--report=ndjson", f"--report-ndjson-path={events}"],
        cwd=workspace,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    if not events.exists():
        raise SuiteFault(f"no events (exit status {done.returncode}): {done.stdout[-2000:]}")
    with events.open(encoding="utf-8") as lines:
        cases = read_events(lines, reach, unreached)
    # 1 means that checks failed, which the events tell too.
    if done.returncode not in (0, 1):
        cases.append(Case("schemathesis ended well", Outcome.FAILED, done.stdout[-4000:]))
    return cases


def read_events(
    lines: Iterable[str], reach: bool, unreached: Container[str] = ()
) -> list[Case]:
    """One case for each check of each operation; with `reach`, one that it ever succeeded."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    failures: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    statuses: dict[str, set[int]] = defaultdict(set)
    cases = []
    for line in lines:
        event = json.loads(line)
        for error in _errors(event):
            cases.append(Case("schemathesis could test everything", Outcome.FAILED, error))
        scenario = event.get("ScenarioFinished")
        if not scenario:
            continue
        for operation, checks, status, request in _requests(scenario):
            statuses[operation].add(status)
            for check in checks:
                key = (operation, check["name"])
                counts[key] += 1
                if check["status"] == "failure":
                    failures[key].setdefault(_reason(check), request)
    for (operation, check), count in sorted(counts.items()):
        found = list(failures[operation, check].items())
        if found:
            detail = "\n".join(f"{reason}\n{request}" for reason, request in found[:EXPLAINED])
            detail += f"\n{len(found)} different failures in {count} requests"
        else:
            detail = f"{count} requests"
        outcome = Outcome.FAILED if found else Outcome.PASSED
        cases.append(Case(f"{operation}: {check}", outcome, detail))
    for operation, seen in sorted(statuses.items()):
        if reach and not operation.endswith(" /Me") and operation not in unreached:
            name = f"{operation}: answered with success at least once"
            cases.append(Case.of(name, any(200 <= it < 300 for it in seen), f"only {sorted(seen)}"))
    return cases


def _requests(
    scenario: dict[str, Any],
) -> Iterator[tuple[str, list[dict[str, Any]], int, str]]:
    """Operation, checks, status and request line of every request of a scenario."""
    recorder = scenario["recorder"]
    for identity, recorded in recorder.get("cases", {}).items():
        case = recorded["value"]
        stateful = scenario["phase"] == "stateful"
        operation = f"{case['method']} {case['path']}" if stateful else recorder["label"]
        interaction = recorder.get("interactions", {}).get(identity) or {}
        status = (interaction.get("response") or {}).get("status_code", 0)
        sent = interaction.get("request", {})
        request = f"{sent.get('method')} {sent.get('uri')} -> {status}"
        yield operation, recorder.get("checks", {}).get(identity, []), status, request


def _reason(check: dict[str, Any]) -> str:
    """What a failed check found, in a form that is the same for the same fault."""
    failure = check.get("failure") or check.get("failure_info") or {}
    failure = failure.get("failure", failure)
    message = str(failure.get("message", ""))[:500]
    return f"{failure.get('title', check['name'])}: {message}"


def _errors(event: dict[str, Any]) -> Iterator[str]:
    """Operations that schemathesis could not test at all."""
    for name in ("NonFatalError", "FatalError"):
        if name in event:
            yield json.dumps(event[name])[:2000]
