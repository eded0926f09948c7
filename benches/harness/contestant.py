"""The servers that are compared: the limit, Dateline and PostGraphile."""
import contextlib
import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .setup import BENCHES

NAMES = ["limit-postgres", "limit-sqlite", "dateline-postgres", "dateline-sqlite", "postgraphile"]
START_SECONDS = 60


def free_port():
    """Gives a port of the loopback interface that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class Contestant:
    """One server and how to talk to it."""

    name: str
    command: list
    environment: dict
    port: int
    # The folder of its queries; none for the limit, which knows them by name.
    queries: Path | None
    headers: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @classmethod
    def make(cls, name, command, database_url):
        """Makes the contestant of a name on its database."""
        port = free_port()
        if name == "postgraphile":
            environment = {"DATABASE_URL": database_url, "PORT": str(port), "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
            return cls(name, command, environment, port, BENCHES / "postgraphile")
        if name.startswith("limit-"):
            return cls(name, command, {"DATABASE_URL": database_url, "PORT": str(port)}, port, None)
        token = secrets.token_hex(32)
        options = ["serve", "--log", "warn", "--database", database_url, "--listen", f"127.0.0.1:{port}"]
        return cls(name, command + options, {"DATELINE_ADMIN_TOKEN": token}, port, BENCHES / "dateline",
                   {"Authorization": f"Bearer {token}"})

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def uses_postgres(self):
        return not self.name.endswith("-sqlite")

    @property
    def is_dateline(self):
        return self.name.startswith("dateline-")

    def start(self, log_folder, body):
        """Starts the server. Gives the seconds until it has answered `body`, a request."""
        log = log_folder / f"{self.name}.log"
        began = time.monotonic()
        with open(log, "wb") as output:
            # In a session of its own, so that an interrupt from the keyboard reaches it in the order of the clean-up.
            self.process = subprocess.Popen(self.command, env=os.environ | self.environment, stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        while time.monotonic() - began < START_SECONDS and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.post(body).get("data"):
                    return time.monotonic() - began
            time.sleep(.005)
        raise SystemExit(f"{self.name} does not answer: see {log}")

    def stop(self):
        """Stops the server, if it runs."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def query_text(self, query):
        return (self.queries / f"{query}.graphql").read_text(encoding="utf-8") if self.queries else ""

    def body(self, query, variables):
        """Gives the body of a request: the text of the query with those of the variables that it declares."""
        text = self.query_text(query)
        if query == "q5" and self.queries:
            # A cursor means something to its own server only.
            [edge] = self.ask("cursor", variables)["articles"]["edges"]
            variables = {"cursor": edge["cursor"]}
        if self.queries:
            variables = {name: value for name, value in variables.items() if f"${name}:" in text}
        return {"query": text, "operationName": query, "variables": variables}

    def post(self, body):
        """Sends one request. Gives the answer."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"} | self.headers
        request = urllib.request.Request(self.url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return {"errors": [f"{error}: {error.read().decode()}"]}

    def ask(self, query, variables):
        """Gives the data that a query answers; stops the benchmark where it answers errors."""
        answer = self.post(self.body(query, variables))
        if answer.get("errors") or not answer.get("data"):
            raise SystemExit(f"{self.name} answers {query} with errors: {json.dumps(answer, ensure_ascii=False)[:1000]}")
        return answer["data"]
