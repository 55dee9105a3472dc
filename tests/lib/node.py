"""A server process and the requests that a harness sends it."""

import atexit
import http.client
import json
import os
import socket
import subprocess
import time


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bootstrap(program: str, database: str) -> dict:
    """Makes an account with a million seats; what `bootstrap --json` prints."""
    arguments = ["bootstrap", "--account", "KongAir", "--owner", "owner@kongair.example"]
    done = subprocess.run(
        [program, *arguments, "--domain", "kongair.example", "--seats", "1000000", "--json"],
        env={**os.environ, "DATABASE_URL": database},
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)


class Node:
    """A server process on a port of its own."""

    def __init__(self, program: str, database: str, name: str = "server") -> None:
        self.name, self.port = name, free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "INSOMNIA_SCIM_LISTEN": f"127.0.0.1:{self.port}",
            "INSOMNIA_SCIM_PUBLIC_URL": "http://127.0.0.1:1",
            "RUST_LOG": "error",
        }
        self.process = subprocess.Popen([program, "serve"], env=environment)
        # However this ends, the server does, too.
        atexit.register(self.process.kill)
        self.wait_until_ready(30)

    def wait_until_ready(self, seconds: float) -> None:
        """Waits until `/readyz` is 200."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            except http.client.HTTPException:
                pass
            time.sleep(0.005)
        raise SystemExit(f"{self.name} does not become ready")

    def ask(self, method: str, path: str, token: str = "", body: object = None):
        """Sends one request; gives status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        text = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, text, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(content) if content else None

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stops it as an orchestrator does."""
        self.process.terminate()
        if self.process.wait(60) != 0:
            raise SystemExit(f"{self.name} ended with {self.process.returncode}")
