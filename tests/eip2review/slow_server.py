"""The real server with a page that takes long, `/slow/`, and with limits from the environment."""

import os

from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "eip2review.settings"
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.ROOT_URLCONF = "tests.eip2review.slow_urls"

from eip2review import bounds, server  # noqa: E402 - Django reads its settings once

if __name__ == "__main__":
    bounds.LINGER_SECONDS = float(os.environ.get("LINGER", bounds.LINGER_SECONDS))
    server.LONGEST_GOODBYE = int(os.environ.get("GOODBYE", server.LONGEST_GOODBYE))
    server.run()
