"""The measurements: requests a second under load, one edit at a time, and imports."""
import http.client
import json
import os
import re
import statistics
import subprocess
import time
import uuid
from dataclasses import dataclass

from . import process
from .question import NEW_ID, normalize, normalize_created
from .setup import BENCHES

CLIENTS = 16
ANSWERS_COMPARED = 25
EDITS = 100


@dataclass
class Slice:
    """What a server did in a few seconds under load."""

    requests_per_second: float
    # CPU time of the server and of Postgres.
    cpu_microseconds_per_request: float
    # Share of the machine's CPUs that programs took which are no part of the benchmark.
    foreign: float


def compare_answers(query, contestants, variables):
    """Stops the benchmark unless all contestants answer a query in the same way."""
    normal_form = normalize_created if query == "q6" else normalize
    for values in variables[:ANSWERS_COMPARED]:
        answers = []
        for contestant in contestants:
            own = json.loads(json.dumps(values).replace(NEW_ID, str(uuid.uuid4())))
            answers.append(normal_form(contestant.ask(query, own)))
        for contestant, answer in zip(contestants, answers):
            if answer != answers[0]:
                raise SystemExit(f"{contestant.name} answers {query} with {values} in another way than {contestants[0].name}:\n"
                                 f"{json.dumps(answer, ensure_ascii=False)}\n{json.dumps(answers[0], ensure_ascii=False)}")


def write_bodies(contestant, query, variables, folder):
    """Writes the requests that the load generator sends, one a line. Gives the path of the file."""
    path = folder / f"{contestant.name}-{query}"
    with open(path, "w", encoding="utf-8") as file:
        for values in variables:
            file.write(json.dumps(contestant.body(query, values), ensure_ascii=False) + "\n")
    return path


def run_load(contestant, bodies, seconds, postgres_pid):
    """Sends requests to one contestant for some seconds, from many clients at once."""
    pids = [contestant.process.pid] + ([postgres_pid] if contestant.uses_postgres else [])

    def cpu():
        return sum(map(process.cpu_seconds, pids))

    headers = [option for header, value in contestant.headers.items() for option in ("-H", f"{header}: {value}")]
    machine, servers, generator = process.machine_cpu_seconds(), cpu(), process.ended_children_cpu_seconds()
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "20s", *headers, "-s", BENCHES / "load.lua", contestant.url,
         "--", bodies], stdout=subprocess.PIPE, text=True, check=True)
    servers = cpu() - servers
    machine = process.machine_cpu_seconds() - machine
    generator = process.ended_children_cpu_seconds() - generator
    result = json.loads(re.search(r"RESULT (.*)", done.stdout).group(1))
    if result["errors"] or not result["requests"]:
        raise SystemExit(f"{contestant.name} failed under load: {result}")
    return Slice(
        requests_per_second=result["requests"] / result["microseconds"] * 1e6,
        cpu_microseconds_per_request=servers / result["requests"] * 1e6,
        foreign=max(0, machine - servers - generator) / (seconds * os.cpu_count()))


def time_edits(contestant, article_ids):
    """Changes the headline of some articles, one after another over one connection. Gives the median of the milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", contestant.port, timeout=60)
    headers = {"Content-Type": "application/json"} | contestant.headers
    times = []
    for number, id in enumerate(article_ids[:EDITS]):
        body = json.dumps(contestant.body("edit", {"id": id, "version": 1, "headline": f"Another headline {number}"}))
        began = time.monotonic()
        connection.request("POST", "/graphql", body, headers)
        answer = json.load(connection.getresponse())
        times.append(time.monotonic() - began)
        if answer.get("errors") or answer["data"]["updateArticle"]["userErrors"]:
            raise SystemExit(f"{contestant.name} refuses an edit: {answer}")
    connection.close()
    return statistics.median(times) * 1000


def time_import(dateline, lines, database_url):
    """Imports lines into an empty database. Gives the seconds that it took."""
    began = time.monotonic()
    done = subprocess.run([dateline, "import", lines, "--database", database_url], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit(f"dateline cannot import the data:\n{done.stdout[-4000:]}")
    return time.monotonic() - began
