"""What is done to accounts goes into their trails: allauth says when; where from and with what browser is not kept."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from workshops.choices import Deed
from workshops.trail import record_act

STOPPED = 10 * 60
"""Seconds for which one entry stands for all that is tried at an account after sign-in was stopped."""


@receiver(user_logged_in)
def signed_in(user: AbstractBaseUser, **kwargs: Any) -> None:
    """Write down that somebody signed in."""
    record_act(workshop=None, user=user, act=Deed.SIGNED_IN)


@receiver([password_changed, password_set])
def changed_password(user: AbstractBaseUser, **kwargs: Any) -> None:
    """Write down that somebody has a new password."""
    record_act(workshop=None, user=user, act=Deed.PASSWORD)


@receiver(authenticator_added)
def added_factor(user: AbstractBaseUser, authenticator: Any, **kwargs: Any) -> None:
    """Write down a second factor that was set up, by its kind."""
    record_act(workshop=None, user=user, act=Deed.FACTOR, about=authenticator.get_type_display())


@receiver(authenticator_removed)
def removed_factor(user: AbstractBaseUser, authenticator: Any, **kwargs: Any) -> None:
    """Write down a second factor that was taken away, by its kind."""
    record_act(workshop=None, user=user, act=Deed.NO_FACTOR, about=authenticator.get_type_display())


@receiver(authenticator_reset)
def renewed_codes(user: AbstractBaseUser, **kwargs: Any) -> None:
    """Write down that somebody has new recovery codes."""
    record_act(workshop=None, user=user, act=Deed.CODES)


@receiver(social_account_added)
def connected(sociallogin: Any, **kwargs: Any) -> None:
    """Write down where an account elsewhere was connected."""
    record_act(workshop=None, user=sociallogin.user, act=Deed.CONNECTED, about=sociallogin.account.provider)


@receiver(social_account_removed)
def disconnected(socialaccount: Any, **kwargs: Any) -> None:
    """Write down where an account elsewhere was disconnected."""
    record_act(workshop=None, user=socialaccount.user, act=Deed.PARTED_WITH, about=socialaccount.provider)


def record_lock(username: str) -> None:
    """Write down, once in ten minutes, that guesses at an account were stopped; nothing for a name that nobody has."""
    user = User.objects.filter(username=username).first()
    key = salted_hmac("stopped", username, algorithm="sha256").hexdigest()
    if user and cache.add(f"stopped-{key}", 1, STOPPED):
        record_act(workshop=None, user=user, act=Deed.LOCKED)
