"""`python -m tests.load.notify`: what a notice inside each save's transaction costs, on a PostgreSQL of its own."""

import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.servers import Postgres, installed, postgres_server

CLIENTS, SECONDS, ROUNDS = 4, 4, 5
SAVE = (
    "\\set who random(1, 200)\nBEGIN;\n"
    "INSERT INTO answer VALUES (:who, 1) ON CONFLICT (who) DO UPDATE SET value = answer.value + 1;\n"
)
NOTIFY = "SELECT pg_notify('midpoint_live', '482913 tally');\n"
WAYS = {"told after the commit": SAVE + "COMMIT;\n", "told within the transaction": SAVE + NOTIFY + "COMMIT;\n"}


def pace(database: Postgres, script: Path) -> float:
    """Return how many saves a second a few clients make, one after the other each."""
    place = ["-h", "127.0.0.1", "-p", str(database.port), "-U", "midpoint", "postgres"]
    load = ["-n", "-c", str(CLIENTS), "-T", str(SECONDS), "-f", str(script)]
    told = subprocess.run([installed("pgbench"), *load, *place], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None
    return float(found[1])


def main() -> None:
    """Measure both ways in turn, and print medians and what they vary between."""
    paces: dict[str, list[float]] = {way: [] for way in WAYS}
    with postgres_server(durable=True) as database, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(database.url(), autocommit=True) as admin:
            admin.execute("CREATE TABLE answer (who integer PRIMARY KEY, value integer)")
        for _ in range(ROUNDS):
            for way, words in WAYS.items():
                script = Path(folder, "save.sql")
                script.write_text(words)
                paces[way].append(pace(database, script))
    for way, found in paces.items():
        print(f"{way}: {statistics.median(found):,.0f} saves a second ({min(found):,.0f}–{max(found):,.0f})")  # noqa: T201


if __name__ == "__main__":
    main()
