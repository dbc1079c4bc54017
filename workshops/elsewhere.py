"""Signing in with an account elsewhere: only with one that is known here, or with an invitation in hand."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.utils import generate_unique_username
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from workshops.invitations import InvitationOver, accept_invitation, find_invitation


class ElsewhereAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps of an account elsewhere its number, and takes a user name from it; nothing else comes along."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether whoever is not known here has come by an invitation that can still be followed."""
        try:
            find_invitation(_token(sociallogin))
        except InvitationOver:
            return False
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Give a new user a name that nobody has here; drop the rest of what the other side told."""
        sociallogin.account.extra_data, sociallogin.email_addresses = {}, []
        user: User = sociallogin.user
        user.username = generate_unique_username([data.get("username"), data.get("name"), "user"])
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the account and accept the invitation, both or neither."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
                accept_invitation(token=_token(sociallogin), user=user)
        except InvitationOver as over:
            raise ImmediateHttpResponse(redirect(sociallogin.state["next"])) from over
        sociallogin.state["next"] = reverse("workshops:workshops")
        return user


def _token(sociallogin: Any) -> str:
    """Return the token of the invitation that somebody set out from; empty without one."""
    try:
        found = resolve(sociallogin.state.get("next") or "")
    except Resolver404:
        return ""
    return str(found.kwargs["token"]) if found.view_name == "workshops:invitation" else ""
