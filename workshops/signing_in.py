"""Signing in: what allauth asks this installation, and the door before a change to an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from workshops.account_acts import record_lock
from workshops.guessing import network_of

View = Callable[..., HttpResponseBase]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts by invitation, without e-mail, and without anybody's address in a cache."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "That name and password do not go together. Check both and try again; capitals matter."
        ),
        "too_many_login_attempts": gettext_lazy("That was tried too often. Wait ten minutes, then try again."),
        "rate_limited": gettext_lazy("That was tried too often. Wait ten minutes, then try again."),
        "incorrect_code": gettext_lazy(
            "That code is not right, or it has run out. Try the one that shows now. If none is taken, the clock of "
            "this server or of your phone is wrong: until it is put right, a recovery code or a passkey lets you in."
        ),
        "enter_current_password": gettext_lazy("This is not the password that you have now."),
        "incorrect_password": gettext_lazy("This is not your password. Check it and try again; capitals matter."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: whoever is invited makes an account from the invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what guesses are counted by: a keyed hash of the network they come from, never an address."""
        return salted_hmac("guesses", network_of(request), algorithm="sha256").hexdigest()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Stop what is tried too often, and write it down. Raises ValidationError."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            record_lock(str(credentials.get("username", "")))
            raise

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: accounts here have no e-mail address."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where one goes after a new password."""
        return reverse("mfa_index")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors, called what people call them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """Return the name of a passkey that is given none."""
        return gettext("Passkey")


def anew(view: View) -> View:
    """Return the door of a change to one's account: whoever signed in some time ago does it again, and comes back.

    What was posted is not kept meanwhile: allauth would keep it with the browser's address and name.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if is_reauthentication_required(request, app="allauth.mfa"):
            methods = AccountAdapter(request).get_reauthentication_methods(request.user)
            return redirect_to_login(request.path, login_url=methods[0]["url"])
        return view(request, *args, **kwargs)

    return door
