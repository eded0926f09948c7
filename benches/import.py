#!/usr/bin/env python3
"""Measures an import into a new SQLite file. usage: import.py DATELINE LINES [ROUNDS]

DATELINE is the program, LINES what `dateline import` reads. A limit is measured in turns with it, since a machine may be twice as
fast an hour later: SQLite alone puts the very rows that the import made, ready in memory, into the same tables, with the same
settings and one statement for each table. References are not looked at, and indexes made when all rows are there. It reads
no lines, checks nothing, and makes neither rows nor what follows from them."""
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time


def bring_in(program, lines, file):
    """Gives the seconds and the CPU time of an import."""
    before, began = os.times(), time.monotonic()
    done = subprocess.run([program, "import", lines, "--database", f"sqlite://{file}"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    seconds, after = time.monotonic() - began, os.times()
    return seconds, after.children_user + after.children_system - before.children_user - before.children_system


def put_in(made, file):
    """Puts the rows of one file into another. Gives the seconds of that, without those of reading them."""
    source = sqlite3.connect(made)
    tables = source.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    indexes = source.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    unique = [sql for sql, in indexes if sql.upper().startswith("CREATE UNIQUE")]
    target = sqlite3.connect(file, isolation_level=None)
    for setting in ("page_size", "journal_mode"):
        target.execute(f"PRAGMA {setting} = {source.execute(f'PRAGMA {setting}').fetchone()[0]}")
    for setting in ("synchronous = FULL", "foreign_keys = OFF", "cache_size = -262144", "temp_store = MEMORY"):
        target.execute(f"PRAGMA {setting}")
    start = time.monotonic()
    target.execute("BEGIN IMMEDIATE")
    for sql in [sql for _, sql in tables] + unique:
        target.execute(sql)
    reading = 0
    for table, _ in tables:
        began = time.monotonic()
        rows = source.execute(f'SELECT * FROM "{table}"').fetchall()
        reading += time.monotonic() - began
        if rows:
            target.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
    for sql, in indexes:
        if sql not in unique:
            target.execute(sql)
    target.execute("COMMIT")
    return time.monotonic() - start - reading


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, lines = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 3
    with open(lines, "rb") as file:
        records = sum(1 for _ in file)
    imports, limits = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            made = os.path.join(folder, "made.db")
            imports.append(bring_in(program, lines, made))
            limits.append(put_in(made, os.path.join(folder, "limit.db")))
    print(f"{records} records, {rounds} rounds in turns\n\n| | median s | fastest | slowest | records a second |\n|---|---|---|---|---|")
    for name, runs in (("import", [seconds for seconds, _ in imports]), ("limit", limits)):
        median = statistics.median(runs)
        print(f"| {name} | {median:.2f} | {min(runs):.2f} | {max(runs):.2f} | {records / median:.0f} |")
    ratio = statistics.median(limit / seconds for (seconds, _), limit in zip(imports, limits))
    cpu = statistics.median(cpu for _, cpu in imports)
    print(f"\nThe import is {ratio:.2f} times as fast as the limit. It took {cpu:.2f} s of CPU time.")


if __name__ == "__main__":
    main()
