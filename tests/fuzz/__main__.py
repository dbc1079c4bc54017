"""Send bad inputs, at least 100,000 of them: `python -m tests.fuzz --count 100000 --seed 1`.

The real application is asked in this process, on a database of its own in a folder that goes afterwards. The same seed
sends the same inputs. Prints what was sent and what came back, and every kind of fault with inputs that show it; exits
with 1 when there is any.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Send, print, and return how it ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000, help="bad requests in all")
    parser.add_argument("--journals", type=int, default=300, help="hostile journals, written in every format but PDF")
    parser.add_argument("--printed", type=int, default=4, help="hostile journals set as PDF")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--scene", help="one scene alone, by name")
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="midpoint-fuzz-") as directory:
        os.environ |= {"VAR_DIR": directory, "DATABASE_URL": f"sqlite:///{directory}/midpoint.sqlite3", "REDIS_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"
        from tests.fuzz.installation import run

        return run(options)


if __name__ == "__main__":
    sys.exit(main())
