"""Every named address of the product, and how to reach each in a workshop."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import factories
from workshops.choices import StageKind
from workshops.joining import join_token
from workshops.models import Stage, Workshop


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address by its full name, with its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


ROUTES = dict(routes())
"""The pattern of each name; a pattern without a name is under "None"."""


def address(name: str, of: Workshop, *, at: Stage | None = None, **changes: Any) -> str:
    """Return the address of a route in a workshop; ids are those of `at`, or of the first scale's stage."""
    stage = at or factories.stage(of, StageKind.SCALE)
    values: dict[str, Any] = {
        "code": of.code,
        "stage_id": stage.pk,
        "scale_id": stage.scale_id or 0,
        "deliverable_id": stage.deliverable_id or 0,
        "comment_id": 0,
        "imperative_id": 0,
        "erasure_id": 0,
        "user_id": 0,
        "invitation_id": 0,
        "link_id": 0,
        "pk": 0,
        "provider_id": "microsoft",
        "token": "nobodys",
        "review_id": of.edition.review_id,
        "suffix": "md",
        "number": 1,
        "print_id": 0,
        "key": join_token(of),
    }
    taken = ROUTES[name].pattern.converters
    return reverse(name, kwargs={key: value for key, value in (values | changes).items() if key in taken})
