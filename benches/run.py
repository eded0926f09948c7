#!/usr/bin/env python3
"""Runs the peers' benchmark with Dateline in it. usage: run.py PEERS_FOLDER [options of its run.py]

The driver of the peers' benchmark measures; some of its lines are changed in memory. Should one not be there any more, this
stops rather than measure something else.

- A cursor is asked for by the id of its row: Dateline has no offsets. A cursor depends on its list and order alone, not on
  `where`, so that a list of that one row gives the same cursor as a walk to it would.
- Answers are compared in one spelling: the roles of participants in Dateline's words, a date in EDTF as its text, and the list
  of an event's places, of which the benchmark gives each event one, as that place.

- A new article has an address of its own: two articles cannot have the same one. Of its answer it is compared only that
  there is one, with an id: Dateline gives a new record its own. Contestants called given-id, of which only q6 is shown, bring an id as the others do.
- Writing takes a token, which DATELINE_ADMIN_TOKEN holds.

Behind the driver's table follows one with Dateline's share of the limit on the same database."""
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from convert import ROLES  # noqa: E402

CHANGES = [
    ('"variables": {"offset": v["offset"]}})',
     '"variables": {"id": arts[v["offset"]][1]} if "$id" in self.text("cursor") else {"offset": v["offset"]}})'),
    ('x = plain(d.get("data"))', 'x = one_spelling(plain(d.get("data")), q)'),
    ('"operationName": q, "variables": v}', '"operationName": q, "variables": of_its_own(v, self.name)}'),
    ('"url": f"https://new.example/{i}"}', '"url": f"https://new.example/{i}/@UUID@"}'),
    ('{"Content-Type": "application/json", "Accept": "application/json"})',
     '{"Content-Type": "application/json", "Accept": "application/json", "Authorization": BEARER})'),
    ('"--latency", "-s"', '"--latency", "-H", f"Authorization: {BEARER}", "-s"'),
]
# of the limit on the same database: q1, the others
TARGETS = {"pg": (.45, .6), "sqlite": (.3, .5)}
TARGET_OF_WRITING = .5
# The token of the servers that ask for one; the others do not look at it.
BEARER = f"Bearer {os.environ.get('DATELINE_ADMIN_TOKEN', '')}"


def of_its_own(variables, name):
    url = variables.get("url")
    return {**variables, "url": url.replace("//new.", f"//{name}.")} if url else variables


def one_spelling(x, query=None):
    if query == "q6":
        x = x.get("article") if isinstance(x, dict) and x.get("userErrors") == [] else x
        return {"made": True} if isinstance(x, dict) and x.get("id") else x
    if isinstance(x, list):
        return [one_spelling(item) for item in x]
    if not isinstance(x, dict):
        return x
    x = {key: one_spelling(value) for key, value in x.items()}
    if isinstance(x.get("place"), list) and len(x["place"]) == 1:
        x["place"] = x["place"][0]
    if isinstance(x.get("startsOn"), dict) and set(x["startsOn"]) == {"edtf"}:
        x["startsOn"] = x["startsOn"]["edtf"]
    if x.get("role") in ROLES:
        x["role"] = ROLES[x["role"]]
    return x


def shares(slices):
    """By requests a second, and by CPU time: the latter hardly depends on what else the machine does."""
    def median(query, contestant, value):
        values = [value(s) for s in slices if s["q"] == query and s["c"] == contestant]
        return statistics.median(values) if values else None

    def ratio(query, contestant, other):
        rates = [median(query, name, lambda s: s["rps"]) for name in (contestant, other)]
        costs = [median(query, name, lambda s: s["srv"] + s["pg"]) for name in (contestant, other)]
        return ("", "") if None in rates else (f"{rates[0] / rates[1]:.2f}", f"{costs[1] / costs[0]:.2f}")

    print("\n| query | contestant | req/s | server us | postgres us | share of the limit | by CPU | wanted | x postgraphile | by CPU |")
    print("|" + "---|" * 10)
    for query in sorted({s["q"] for s in slices}):
        ours = {s["c"]: "sqlite" if "sqlite" in s["c"] else "pg" for s in slices if s["q"] == query and s["c"].startswith("dateline")
                and (query == "q6" or not s["c"].endswith("given-id"))}
        for contestant, database in sorted(ours.items()):
            rate, server, postgres = (median(query, contestant, lambda s, k=k: s[k]) for k in ("rps", "srv", "pg"))
            wanted = TARGET_OF_WRITING if query == "q6" else TARGETS[database][query != "q1"]
            cells = [query, contestant, f"{rate:.0f}", f"{server:.0f}", f"{postgres:.0f}", *ratio(query, contestant, f"limit-{database}"),
                     f"{wanted:.2f}", *ratio(query, contestant, "postgraphile")]
            print("| " + " | ".join(cells) + " |")


def main():
    if len(sys.argv) < 2 or not os.path.exists(os.path.join(sys.argv[1], "run.py")):
        sys.exit(__doc__)
    path = os.path.join(os.path.abspath(sys.argv.pop(1)), "run.py")
    with open(path, encoding="utf-8") as file:
        source = file.read()
    for old, new in CHANGES:
        if source.count(old) != 1:
            sys.exit(f"{path} is another version than this was written for: it does not have once\n  {old}")
        source = source.replace(old, new)
    if "--json" not in sys.argv:
        sys.argv += ["--json", os.path.join(os.environ["BENCH_WORK"], "slices.json")]
    slices = sys.argv[sys.argv.index("--json") + 1]
    sys.argv[0] = path
    try:
        names = {"__name__": "__main__", "__file__": path, "one_spelling": one_spelling, "of_its_own": of_its_own, "BEARER": BEARER}
        exec(compile(source, path, "exec"), names)
    except SystemExit as ended:
        if ended.code in (0, 1, None, False, True):
            with open(slices, encoding="utf-8") as file:
                shares(json.load(file))
        raise


if __name__ == "__main__":
    main()
