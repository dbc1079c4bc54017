"""The real server, which waits a moment for what it would wait a minute for: chores, and phones that walked away."""

import argparse
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"

import django

django.setup()

from eip2review import chores, server  # noqa: E402 - they need their models

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    chores.PAUSE, server.DEAD_AFTER = 0.25, 2_000
    server.run(port=parser.parse_args().port)
