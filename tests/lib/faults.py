"""Faults under load; started by tests/faults."""

import argparse
import http.client
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from node import Node, bootstrap

CLIENTS = 8
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Ledger:
    """What was acknowledged, and what is in doubt."""

    def __init__(self, account: dict) -> None:
        self.base = f"/scim/v2/{account['connector_id']}"
        self.token, self.admin = account["scim_token"], account["admin_token"]
        self.lock = threading.Lock()
        self.numbers = iter(range(10**9))
        # By name: the id, and the states that the user may have.
        self.users: dict = {}
        self.doubtful: set = set()
        self.acknowledged = 0
        self.refused = 0
        self.wrong: list = []

    def call(self, node, method: str, path: str, body: object):
        """The answer if it acknowledges; None if the outcome is not known or it was refused."""
        try:
            status, answer = node.ask(method, self.base + path, self.token, body)
        except (OSError, http.client.HTTPException):
            return None, None
        with self.lock:
            if 200 <= status < 300:
                self.acknowledged += 1
            elif status in (429, 503):
                self.refused += 1
            else:
                self.wrong.append((method, path, status, answer))
        return status, answer

    def client(self, nodes, stop: threading.Event) -> None:
        """Creates, deactivates and activates until it is told to stop."""
        while not stop.is_set() and not self.wrong:
            node = random.choice(nodes)
            with self.lock:
                name = f"user-{next(self.numbers)}@kongair.example"
                self.doubtful.add(name)
            user = {"schemas": [USER], "userName": name, "active": True}
            status, made = self.call(node, "POST", "/Users", user)
            if status != 201:
                if stop.wait(0.01):
                    return
                continue
            states = {True}
            with self.lock:
                self.doubtful.discard(name)
                self.users[name] = (made["id"], states)
            for active in (False, True)[: random.randrange(3)]:
                change = {
                    "schemas": [PATCH],
                    "Operations": [{"op": "replace", "path": "active", "value": active}],
                }
                # Until it is acknowledged, both are possible.
                states.add(active)
                status, _ = self.call(node, "PATCH", f"/Users/{made['id']}", change)
                if status != 200:
                    break
                states.intersection_update({active})

    def check(self, node, names) -> None:
        """Everything acknowledged is there; seats are those of the members."""
        for name in names:
            identifier, states = self.users[name]
            status, read = node.ask("GET", f"{self.base}/Users/{identifier}", self.token)
            if status != 200 or read["userName"] != name or read["active"] not in states:
                self.wrong.append(("lost", name, status, read, states))
        for name in list(self.doubtful):
            query = f"/Users?filter=userName%20eq%20%22{name}%22"
            found = node.ask("GET", self.base + query, self.token)[1]
            if found["totalResults"] > 1:
                self.wrong.append(("halved", name, found))
            for user in found.get("Resources", []):
                self.users[name] = (user["id"], {user["active"]})
            self.doubtful.discard(name)

    def count(self, node) -> None:
        """Seats in use are those of active members, by the server's own list."""
        active, start = 0, 1
        while True:
            query = f"/Users?attributes=active&count=1000&startIndex={start}"
            page = node.ask("GET", self.base + query, self.token)[1]
            resources = page.get("Resources", [])
            active += sum(user["active"] for user in resources)
            start += len(resources)
            if not resources:
                break
        used = node.ask("GET", "/api/v1/seats", self.admin)[1]["used"]
        if used != active:
            self.wrong.append(("miscounted", used, active))


class Play:
    """Load on some nodes, with a fault in the middle."""

    def __init__(self, program: str, database: str) -> None:
        self.program, self.database = program, database
        self.ledger = Ledger(bootstrap(program, database))
        self.rows: list = []

    def node(self) -> Node:
        """One more node."""
        return Node(self.program, self.database)

    def play(self, name: str, times: int, nodes: list, fault) -> None:
        """So many faults under load, each checked."""
        recovered, before = [], self.ledger.acknowledged
        for _ in range(times):
            known, stop = set(self.ledger.users), threading.Event()
            clients = [
                threading.Thread(target=self.ledger.client, args=(nodes, stop))
                for _ in range(CLIENTS)
            ]
            for client in clients:
                client.start()
            time.sleep(random.uniform(0.05, 0.4))
            since = fault(nodes)
            for node in nodes:
                node.wait_until_ready(30)
            self.served(nodes)
            recovered.append(time.monotonic() - since)
            stop.set()
            for client in clients:
                client.join()
            self.ledger.check(nodes[0], set(self.ledger.users) - known)
            self.ledger.count(nodes[-1])
            if self.ledger.wrong:
                raise SystemExit(f"{name}: {self.ledger.wrong[:3]}")
        self.ledger.check(nodes[0], set(self.ledger.users))
        if self.ledger.wrong:
            raise SystemExit(f"{name}: {self.ledger.wrong[:3]}")
        recovered.sort()
        middle, longest = recovered[len(recovered) // 2], recovered[-1]
        acknowledged = self.ledger.acknowledged - before
        print(
            f"| {name} | {times} | {acknowledged} | {len(self.ledger.wrong)} | {middle:.2f} s | {longest:.2f} s |",
            flush=True,
        )

    def served(self, nodes) -> None:
        """Returns once each node has written."""
        until = time.monotonic() + 30
        for node in nodes:
            while time.monotonic() < until:
                with self.ledger.lock:
                    name = f"served-{next(self.ledger.numbers)}@kongair.example"
                    self.ledger.doubtful.add(name)
                user = {"schemas": [USER], "userName": name, "active": True}
                status, _ = self.ledger.call(node, "POST", "/Users", user)
                if status == 201:
                    break
                time.sleep(0.005)
            else:
                raise SystemExit("not served again within 30 s")


def kill(play: Play):
    """Kills one of the nodes; another one takes its place."""

    def fault(nodes) -> float:
        since = time.monotonic()
        victim = random.randrange(len(nodes))
        nodes[victim].kill()
        nodes[victim] = play.node()
        return since

    return fault


class Cluster:
    """The PostgreSQL server."""

    def __init__(self) -> None:
        self.data = os.environ["FAULTS_CLUSTER"]
        self.url = os.environ["INSOMNIA_SCIM_TEST_POSTGRES"]

    def run(self, *command: str) -> None:
        """Runs one of its programs as the one who may."""
        account = os.environ["FAULTS_ACCOUNT"]
        program = f"{os.environ['FAULTS_PROGRAMS']}/{command[0]}"
        prefix = ["runuser", "-u", account, "--"] if account else []
        subprocess.run(
            [*prefix, program, *command[1:]],
            cwd=self.data if not account else "/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def sql(self, statement: str) -> None:
        """Runs a statement."""
        self.run("psql", "--quiet", "--dbname", self.url, "--command", statement)

    def crash(self, _nodes) -> float:
        """All of its processes are killed, then it starts again."""
        options = ["--pgdata", self.data, "--silent", "--wait", "--mode=immediate"]
        # What it was started with is kept.
        self.run("pg_ctl", "restart", *options, f"--log={Path(self.data).parent}/server.log")
        return time.monotonic()

    def end_sessions(self, _nodes) -> float:
        """All sessions are ended."""
        since = time.monotonic()
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return since

    def freeze(self, _nodes) -> float:
        """All of its processes stand still for three seconds."""
        leader = int(Path(self.data, "postmaster.pid").read_text().split()[0])
        everybody = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(leader)], check=True, capture_output=True, text=True
        )
        processes = [leader, *map(int, everybody.stdout.split())]
        for process in processes:
            self.signal(process, signal.SIGSTOP)
        time.sleep(3)
        since = time.monotonic()
        for process in processes:
            self.signal(process, signal.SIGCONT)
        return since

    @staticmethod
    def signal(process: int, number: int) -> None:
        """A process may have ended."""
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


def main() -> None:
    """Plays all faults."""
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--kills", type=int)
    arguments = parser.parse_args()
    kills = arguments.kills or (400 if arguments.full else 30)
    few = 30 if arguments.full else 3
    print("| fault | times | writes acknowledged | lost | back after | at most |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        play = Play(arguments.program, f"sqlite://{folder}/faults.db")
        nodes = [play.node()]
        play.play("SQLite: SIGKILL of the server", kills, nodes, kill(play))
        nodes[0].stop()
    cluster = Cluster()
    cluster.sql("CREATE DATABASE faults")
    play = Play(arguments.program, f"{cluster.url.rsplit('/', 1)[0]}/faults")
    nodes = [play.node(), play.node()]
    play.play("PostgreSQL: SIGKILL of one of two nodes", kills, nodes, kill(play))
    play.play("PostgreSQL: crash and restart", few, nodes, cluster.crash)
    play.play("PostgreSQL: all sessions ended", few, nodes, cluster.end_sessions)
    play.play("PostgreSQL: frozen for 3 s", few, nodes, cluster.freeze)
    for node in nodes:
        node.stop()


main()
