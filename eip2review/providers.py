"""Microsoft Entra and Google as ways to sign in: each is there when the environment names its client."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

MICROSOFT = "https://login.microsoftonline.com"
GOOGLE = "https://accounts.google.com"


def describe_providers(
    *, microsoft: tuple[str, str, str], google: tuple[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what allauth is to know of each provider, and the origins that a browser may be sent on to.

    `microsoft` is client, secret and tenant, `google` client and secret; a provider with an empty one is left out.
    """
    offered = []
    if all(microsoft):
        offered.append(("microsoft", "Microsoft", *microsoft[:2], f"{MICROSOFT}/{microsoft[2]}/v2.0"))
    if all(google):
        offered.append(("google", "Google", *google, GOOGLE))
    apps = [
        {
            "provider_id": key,
            "name": name,
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": server, "fetch_userinfo": False},
        }
        for key, name, client, secret, server in offered
    ]
    origins = [f"https://{urlsplit(server).netloc}" for *_, server in offered]
    return apps, origins
