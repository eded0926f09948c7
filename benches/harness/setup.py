"""What has to be there before anything is measured: programs, builds, a Postgres server, and the data in each database."""
import csv
import filecmp
import json
import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

BENCHES = Path(__file__).resolve().parent.parent
REPOSITORY = BENCHES.parent
POSTGRES_SCRIPT = str(REPOSITORY / "scripts" / "postgres")
TABLES = ["place", "organization", "person", "event", "article", "event_participant", "article_place",
          "article_organization", "article_event"]


def output_of(*command):
    """Runs a command. Gives what it prints, or stops the benchmark where it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"this command failed: {' '.join(map(str, command))}")
    return done.stdout


def require_programs():
    """Installs Debian's packages that are missing, as root; otherwise says what to install."""
    missing = [program for program in ("cargo", "npm") if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"please install first: {', '.join(missing)}")
    packages = [] if shutil.which("wrk") else ["wrk"]
    if subprocess.run([POSTGRES_SCRIPT, "find"], capture_output=True).returncode != 0:
        packages.append("postgresql")
    if not packages:
        return
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        raise SystemExit(f"please install first, as root: apt-get install {' '.join(packages)}")
    output_of("apt-get", "update", "-qq")
    output_of("apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages)


def build(folder, program, *options):
    """Builds a program of a Cargo package in release mode. Gives its path."""
    messages = output_of("cargo", "build", "--release", "--locked", "--bin", program, "--message-format",
                         "json-render-diagnostics", "--manifest-path", folder / "Cargo.toml", *options)
    artifacts = map(json.loads, messages.splitlines())
    return next(artifact["executable"] for artifact in artifacts
                if artifact.get("executable") and artifact["target"]["name"] == program)


def install_postgraphile(folder):
    """Installs PostGraphile into a folder. Gives the command that starts it, with a Node that is new enough for it."""
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(BENCHES / "postgraphile" / name, folder)
    lock, installed = folder / "package-lock.json", folder / "installed.json"
    if not (installed.exists() and filecmp.cmp(lock, installed, shallow=False)):
        output_of("npm", "ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error")
        shutil.copy(lock, installed)
    return [str(folder / "node_modules" / ".bin" / "node"), str(folder / "server.mjs")]


class Postgres:
    """A private server that waits for the disk when it commits."""

    def __init__(self, folder):
        self.folder = folder

    def start(self):
        # What an earlier run may have left, if it was killed.
        self.stop()
        starting = subprocess.Popen([POSTGRES_SCRIPT, "start", self.folder, "--durable"], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            failed = starting.wait() != 0
        except BaseException:
            # Only what has been started can be stopped.
            starting.wait()
            raise
        if failed:
            raise SystemExit("Postgres does not start")
        self.psql_path = Path(output_of(POSTGRES_SCRIPT, "find").strip()) / "psql"

    def stop(self):
        subprocess.run([POSTGRES_SCRIPT, "stop", self.folder], check=False)

    def url(self, database):
        address = (self.folder / "url").read_text(encoding="ascii").strip()
        return f"{address.rsplit('/', 1)[0]}/{database}"

    @property
    def pid(self):
        with open(self.folder / "data" / "postmaster.pid", encoding="ascii") as file:
            return int(file.readline())

    def psql(self, database, *statements):
        options = [option for statement in statements for option in ("-c", statement)]
        output_of(self.psql_path, "-qX", "-v", "ON_ERROR_STOP=1", self.url(database), *options)

    def create_database(self, name):
        self.psql("postgres", f"CREATE DATABASE {name}")

    def settle(self, database):
        """Has the planner know the tables, and all that was loaded written to its files."""
        self.psql(database, "VACUUM ANALYZE", "CHECKPOINT")


def sql(name):
    return (BENCHES / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def load_postgres(postgres, database, data_folder):
    """Loads the tables of the limit and of PostGraphile."""
    postgres.create_database(database)
    postgres.psql(database, sql("schema"))
    postgres.psql(database, *(f"\\copy {table} FROM '{data_folder / table}.csv' CSV HEADER" for table in TABLES))
    postgres.psql(database, sql("indexes"))
    postgres.settle(database)


def remove_sqlite(path):
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def load_sqlite(path, data_folder):
    """Loads the tables of the limit."""
    remove_sqlite(path)
    database = sqlite3.connect(path)
    database.executescript("PRAGMA journal_mode = wal;" + re.sub(r"\b(uuid|date)\b", "text", sql("schema")))
    for table in TABLES:
        with open(data_folder / f"{table}.csv", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            columns = next(rows)
            values = ([value or None for value in row] for row in rows)
            database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", values)
    database.commit()
    database.executescript(sql("indexes") + "ANALYZE; PRAGMA wal_checkpoint(truncate);")
    database.close()
