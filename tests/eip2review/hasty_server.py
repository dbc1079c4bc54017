"""The real server, which waits a second for what it would wait a minute for; static files are where they lie."""

import argparse
import os

from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from eip2review import bounds, server  # noqa: E402 - Django reads its settings once

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    bounds.HEAD_SECONDS = bounds.BODY_SECONDS = 1.0
    server.run(port=parser.parse_args().port)
