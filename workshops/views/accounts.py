"""What allauth's views of an account do not do as it is wanted here."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from requests import RequestException


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Sign in with a passkey; one that is not known here leads back, with a sentence."""

    def form_invalid(self, form: LoginWebAuthnForm) -> HttpResponse:
        """Say so on the page of signing in."""
        return HttpResponseRedirect(reverse("account_login") + "?passkey=unknown")


@require_POST
def leave_for(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to where they sign in elsewhere; where that cannot be reached, say so."""
    try:
        answer: HttpResponseBase = openid.login(request, provider_id)
    except RequestException:
        return render(request, "socialaccount/authentication_error.html")
    return answer
