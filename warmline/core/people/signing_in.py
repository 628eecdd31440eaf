"""Signing in: staff accounts are given, never registered; head office and managers use a second
factor, and are led to set it up before anything else."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from warmline.base.crypto import decrypt, encrypt
from warmline.core.people.models import Staff

PLACE = "mfa_authenticator.data"


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A guide starts with her families, head office with its console."""
        staff = request.user
        is_hq = getattr(staff, "role", "") in (Staff.Role.HQ, Staff.Role.AUDITOR)
        return reverse("hq:home") if is_hq else reverse("guide:today")


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP secrets are encrypted at rest like every other secret."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, place=PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text), place=PLACE)


def has_second_factor(staff: Any) -> bool:
    return Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).exists()


class SecondFactorMiddleware:
    """Head office, managers and auditors get nowhere before their second factor is set up."""

    FREE = ("/accounts/", "/static/", "/livez", "/readyz", "/sw.js")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.user
        if (
            isinstance(staff, Staff)
            and staff.needs_second_factor
            and not request.path.startswith(self.FREE)
            and not request.session.get("second_factor")
        ):
            if not has_second_factor(staff):
                return redirect("mfa_activate_totp")
            request.session["second_factor"] = True
        return self.get_response(request)
