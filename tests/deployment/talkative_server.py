"""The real server, which says something on a quiet stream as often in half a second as it would in fifteen."""

import argparse

from eip2review import asgi, server  # noqa: F401 - Django is set up before its models are read
from workshops.live import hub

KEEP_ALIVE = 0.5

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    hub.KEEP_ALIVE = KEEP_ALIVE
    server.run(port=parser.parse_args().port)
