"""`python -m tests.with_servers ARGUMENTS…`: run Python with DATABASE_URL and REDIS_URL of real servers of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import free_port, postgres_server, redis_server


def main(arguments: list[str]) -> int:
    """Start PostgreSQL and Redis, run Python with the arguments, stop both; return how it ended."""
    with (
        postgres_server() as database,
        tempfile.TemporaryDirectory() as folder,
        redis_server(Path(folder), free_port()) as redis,
    ):
        environment = {**os.environ, "DATABASE_URL": database.url(), "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"}
        return subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
