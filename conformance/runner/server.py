"""The product as an outside program sees it: build, bootstrap, serve, stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .paths import REPOSITORY

READY_SECONDS = 30.0
STOP_SECONDS = 30.0
BUILD_SECONDS = 3600.0
OPERATOR_TOKEN = "operator-of-the-conformance-suites"
BOOTSTRAP = [
    "bootstrap",
    "--account=Conformance",
    "--owner=owner@conformance.example",
    "--owner-name=Olive Owner",
    "--domain=conformance.example",
    "--seats=5000",
    "--json",
]


class ServerFault(Exception):
    """The product did not do what its command line promises."""


@dataclass(frozen=True)
class Server:
    """A running server with one account."""

    scim_base_url: str
    scim_token: str
    admin_token: str
    public_url: str
    process: subprocess.Popen[bytes]
    log: Path


def binary() -> Path:
    """The binary to test: `INSOMNIA_SCIM_TEST_BIN`, or the release binary, built when it is absent."""
    named = os.environ.get("INSOMNIA_SCIM_TEST_BIN")
    if named:
        return Path(named).resolve()
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    path = target / "release" / "insomnia-scim"
    if not path.exists():
        print("building the release binary", flush=True)
        subprocess.run(
            ["cargo", "build", "--release"], cwd=REPOSITORY, check=True, timeout=BUILD_SECONDS
        )
    return path


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(program: Path, database_url: str, directory: Path) -> Iterator[Server]:
    """Bootstraps an account, serves it, and stops the server afterwards.

    Raises ServerFault when the product fails at any of it. How the stop went is for
    `faults_after_stop` to say.
    """
    port = free_port()
    environment = _environment(database_url, port)
    account = _bootstrap(program, environment, directory)
    log = directory / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(program), "serve"], env=environment, cwd=directory, stdout=stream, stderr=stream
        )
        server = Server(
            scim_base_url=account["scim_base_url"].rstrip("/"),
            scim_token=account["scim_token"],
            admin_token=account["admin_token"],
            public_url=environment["INSOMNIA_SCIM_PUBLIC_URL"],
            process=process,
            log=log,
        )
        try:
            _wait_until_ready(server)
            yield server
        finally:
            _stop(process)


def _environment(database_url: str, port: int) -> dict[str, str]:
    """The settings of a test server, on top of ours."""
    listen = f"127.0.0.1:{port}"
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "INSOMNIA_SCIM_LISTEN": listen,
        "INSOMNIA_SCIM_PUBLIC_URL": f"http://{listen}",
        "RUST_BACKTRACE": "1",
        "INSOMNIA_SCIM_OPERATOR_TOKEN": OPERATOR_TOKEN,
        "INSOMNIA_SCIM_SALES_ADDRESS": "sales@conformance.example",
    }


def _bootstrap(program: Path, environment: dict[str, str], directory: Path) -> dict[str, str]:
    """Creates the account; returns what `bootstrap --json` printed."""
    done = subprocess.run(
        [str(program), *BOOTSTRAP],
        env=environment,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise ServerFault(f"bootstrap ended with {done.returncode}: {done.stderr[-2000:]}")
    try:
        account = json.loads(done.stdout)
        missing = {"account_id", "scim_base_url", "scim_token", "admin_token"} - set(account)
    except (ValueError, TypeError) as error:
        raise ServerFault(f"bootstrap --json printed no JSON object: {done.stdout!r}") from error
    if missing:
        raise ServerFault(f"bootstrap --json left out {', '.join(sorted(missing))}")
    return dict(account)


def _wait_until_ready(server: Server) -> None:
    """Polls /readyz until it answers 200."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ServerFault(f"serve ended with {server.process.returncode}: {_tail(server.log)}")
        try:
            with urllib.request.urlopen(f"{server.public_url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise ServerFault(f"/readyz did not answer 200 in {READY_SECONDS:.0f} s: {_tail(server.log)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Asks the server to stop; kills it when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def faults_after_stop(server: Server) -> list[str]:
    """What was wrong with the server's end or its log; nothing when all is well."""
    faults = []
    if server.process.returncode != 0:
        faults.append(
            f"exit status {server.process.returncode} after SIGTERM, want 0 within "
            f"{STOP_SECONDS:.0f} s: {_tail(server.log)}"
        )
    text = server.log.read_text(encoding="utf-8", errors="replace")
    panics = [line for line in text.splitlines() if "panicked at" in line]
    faults += [f"the log has a panic: {line}" for line in panics]
    return faults


def _tail(log: Path) -> str:
    """The end of the log, for a failure's text."""
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
