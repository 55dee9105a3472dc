"""Load on two releases that serve one database; started by tests/mixed-releases."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter

from node import Node, bootstrap

CLIENTS = 8


class Load:
    """Clients that provision through nodes chosen at random."""

    def __init__(self, account: dict) -> None:
        self.base = f"/scim/v2/{account['connector_id']}"
        self.token = account["scim_token"]
        self.admin = account["admin_token"]
        self.lock = threading.Lock()
        self.statuses: Counter = Counter()
        self.unexpected: list = []
        self.active: dict = {}
        self.numbers = iter(range(10**9))

    def call(self, nodes, method: str, path: str, expected: int, body: object = None):
        """One request through one of the nodes, which has to be answered as expected."""
        node = random.choice(nodes)
        status, answer = node.ask(method, self.base + path, self.token, body)
        with self.lock:
            self.statuses[(node.name, status)] += 1
            if status != expected:
                self.unexpected.append((node.name, method, path, status, answer))
        return answer

    def client(self, nodes, until: float) -> None:
        """Creates, changes, reads and now and then deactivates."""
        while time.monotonic() < until and not self.unexpected:
            with self.lock:
                name = f"user-{next(self.numbers)}@kongair.example"
            user = {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": name,
                "emails": [{"value": name, "primary": True}],
                "active": True,
            }
            made = self.call(nodes, "POST", "/Users", 201, user)
            if not made or "id" not in made:
                return
            path = f"/Users/{made['id']}"
            change = {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{"op": "replace", "path": "title", "value": name}],
            }
            self.call(nodes, "PATCH", path, 200, change)
            group = {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                "displayName": name,
                "members": [{"value": made["id"]}],
            }
            self.call(nodes, "POST", "/Groups", 201, group)
            active = random.random() < 0.7
            if not active:
                change["Operations"] = [{"op": "replace", "value": {"active": False}}]
                self.call(nodes, "PATCH", path, 200, change)
            for node in nodes:
                read = self.call([node], "GET", path, 200)
                if (read or {}).get("title") != name or read.get("active") is not active:
                    self.unexpected.append((node.name, "lost", path, read, active))
            self.active[made["id"]] = active

    def phase(self, name: str, nodes, seconds: float) -> None:
        """Load for so long."""
        before = sum(self.statuses.values())
        until = time.monotonic() + seconds
        clients = [
            threading.Thread(target=self.client, args=(nodes, until)) for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        answered = sum(self.statuses.values()) - before
        print(f"{name}: {answered} answers, {answered / seconds:.0f}/s", flush=True)
        if self.unexpected:
            raise SystemExit(f"unexpected: {self.unexpected[:3]}")

    def check(self, nodes) -> None:
        """Everything that was acknowledged is there, through every node, and seats are exact."""
        seats = 1 + sum(self.active.values())
        for node in nodes:
            for user, active in self.active.items():
                status, read = node.ask("GET", f"{self.base}/Users/{user}", self.token)
                if status != 200 or read["active"] is not active:
                    raise SystemExit(f"{node.name}: {user} is {status} {read}")
            used = node.ask("GET", "/api/v1/seats", self.admin)[1]["used"]
            if used != seats:
                raise SystemExit(f"{node.name}: {used} seats in use, not {seats}")
        print(f"{len(self.active)} users and {seats} seats are as acknowledged", flush=True)


def main() -> None:
    """Plays the replacement of the old release by the new one."""
    old_program, new_program, server, seconds = sys.argv[1:]
    length = float(seconds)
    database = f"{server.rsplit('/', 1)[0]}/mixed_{os.getpid()}"
    create = ["psql", "--quiet", "--dbname", server, "--command"]
    subprocess.run([*create, f"CREATE DATABASE mixed_{os.getpid()}"], check=True)
    load = Load(bootstrap(old_program, database))
    old = Node(old_program, database, "before")
    load.phase("the release before alone", [old], length)
    new = Node(new_program, database, "this")
    load.phase("both", [old, new], length)
    migrate = [new_program, "migrate"]
    subprocess.run(migrate, env={**os.environ, "DATABASE_URL": database}, check=True)
    load.phase("both, migrated", [old, new], length)
    load.check([old, new])
    old.stop()
    load.phase("this release alone", [new], length)
    load.check([new])
    new.stop()
    print(f"answers: {dict(load.statuses)}")


main()
