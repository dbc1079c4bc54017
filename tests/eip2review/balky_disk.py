"""The real server on a disk that does as it is told: while VAR_DIR has `held` it takes nothing, with `broken` it fails.

Each flush that it takes adds a byte to `flushes`; while one is held, `waiting` says how many requests have no answer.
However slow the machine is, all that waits is answered in one turn. With `--phones` it serves nothing: it makes a
workshop at its first scale, joins so many phones, and says where they send and what their cookies are.
"""

import argparse
import errno
import json
import os
import sys
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def flush(file: int) -> None:
    """Take what was written, as the disk was told."""
    from eip2review.traffic import unanswered  # which needs the models

    while (settings.VAR_DIR / "held").exists():
        (settings.VAR_DIR / "waiting").write_text(str(sum(map(len, unanswered.values()))))
        time.sleep(0.01)
    if (settings.VAR_DIR / "broken").exists():
        raise OSError(errno.EIO, "a broken disk")
    os.fsync(file)
    with (settings.VAR_DIR / "flushes").open("ab") as flushes:
        flushes.write(b".")


def make(phones: int) -> dict[str, object]:
    """Return where the phones of a new workshop send, and the cookies of each."""
    django.setup()
    from tests import factories
    from tests.routes import address
    from workshops.choices import StageKind

    of = factories.workshop(deliverables=1)
    stage = factories.opened(of, StageKind.SCALE)
    joined = [factories.phone(of).cookies for _ in range(phones)]
    cookies = ["; ".join(f"{each.key}={each.value}" for each in phone.values()) for phone in joined]
    return {"save": address("ratings:save_score", of, at=stage), "page": address("phone", of), "phones": cookies}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--phones", type=int)
    options = parser.parse_args()
    if options.phones:
        json.dump(make(options.phones), sys.stdout)
    else:
        from eip2review import server

        django.setup()
        from eip2review import bridge

        bridge.flush = flush
        bridge.LONGEST_TURN = 60.0
        server.run(port=options.port)
