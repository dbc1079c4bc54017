"""The product's addresses and one more, whose answer waits for a file."""

import os
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from eip2review import health

health.STUCK["participants"] = float(os.environ.get("STUCK", health.STUCK["participants"]))


def slow(request: HttpRequest) -> HttpResponse:
    """Say that it has begun with a file, and answer once there is another, or after a minute."""
    (settings.VAR_DIR / "begun").touch()
    go: Path = settings.VAR_DIR / "go"
    for _ in range(1200):
        if go.exists():
            break
        time.sleep(0.05)
    return HttpResponse("at last")


urlpatterns = [path("slow/", slow), path("", include("eip2review.urls"))]
