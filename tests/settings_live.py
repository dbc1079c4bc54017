"""Settings of the tests of the live channel: phones show a fragment, and views tell a story, that tests can predict."""

from eip2review.settings import *  # noqa: F403

PHONE_FRAGMENT = "tests.workshops.live_app.phone_fragment"
ROOT_URLCONF = "tests.workshops.live_urls"
