"""The live channel's tests' server, whose figures are always new: `python -m tests.eip2review.watched_server`."""

from tests.workshops import live_app  # noqa: F401 - it names the settings

from eip2review import metrics, server  # isort: skip

if __name__ == "__main__":
    metrics.FRESH = 0.0
    server.run(application="tests.workshops.live_app:application")
