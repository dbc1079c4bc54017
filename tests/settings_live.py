"""Settings of the tests of the live channel: its phones show a fragment that the tests can predict."""

from eip2review.settings import *  # noqa: F403

PHONE_FRAGMENT = "tests.workshops.live_app.phone_fragment"
