"""The real server, which waits a moment for what it would wait a minute for.

It looks for chores, gives up phones that walked away, and says that nothing was heard from the press.
"""

import argparse
import os
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"

import django

django.setup()

from eip2review import chores, server  # noqa: E402 - they need their models
from ratings.journal import printing  # noqa: E402

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    chores.PAUSE, server.DEAD_AFTER = 1, 2_000
    printing.QUIET = timedelta(seconds=1)
    server.run(port=parser.parse_args().port)
