"""Signing in: staff accounts are given, never registered. A one-time password is changed first;
head office, managers and auditors then set up a second factor before anything else."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.base.composed import composed
from warmline.base.crypto import decrypt, encrypt
from warmline.base.web import line_of
from warmline.core.people.models import Staff

PLACE = "mfa_authenticator.data"
PASSED = "second_factor"  # in the session of somebody who has shown her second factor
RECENT_S = 300
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"  # none that is taken for another on paper
FREE = ("/accounts/", "/static/", "/i18n/", "/livez", "/readyz", "/sw.js", "/manifest.webmanifest")


def give_one_time_password(staff: Staff) -> str:
    """A password to be told once: on paper, by phone. At her next sign-in she chooses her own."""
    password = "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _group in range(3))
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    return password


def forget_second_factor(staff: Staff) -> None:
    """Her phone is gone: at her next sign-in she sets up another."""
    Authenticator.objects.filter(user=staff).delete()


def has_second_factor(staff: Any) -> bool:
    return Authenticator.objects.filter(user=staff, type=Authenticator.Type.TOTP).exists()


class StaffBackend(AuthenticationBackend):
    """Who is signed in is read together with her store: every page asks for both."""

    def get_user(self, user_id: Any) -> Staff | None:
        staff = next(iter(_with_store(user_id)), None)
        return staff if staff and self.user_can_authenticate(staff) else None


@composed
def _with_store(pk: int) -> QuerySet[Staff]:
    return Staff.objects.filter(pk=pk).select_related("store")


class StaffAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "User name and password do not fit together. Type both as they were given to you."
        ),
        "too_many_login_attempts": gettext_lazy(
            "That was wrong too often. Wait five minutes, or ask for a new password."
        ),
        "enter_current_password": gettext_lazy("This is not the password you came in with."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "rate_limited": gettext_lazy("That was too often. Wait five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As the whole house sees it: behind our own proxies, and of IPv6 the line it comes by."""
        return line_of(str(getattr(request, "ip", "")) or super().get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in just now is not asked again whether it is she."""
        request = context.request
        signed_in = get_authentication_records(request, request.user)
        return all(time.time() - record["at"] > RECENT_S for record in signed_in)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A guide starts with her families, head office with its console; who moves parcels has
        nothing to do with families, and finds her own page."""
        match getattr(request.user, "role", ""):
            case Staff.Role.HQ | Staff.Role.AUDITOR:
                return "/hq/"
            case Staff.Role.LOGISTICS | Staff.Role.DEALER:
                return "/me/"
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def clean_password(self, password: str, user: Any = None) -> str:
        if user is not None and user.check_password(password):
            raise ValidationError(_("Choose a new one: this is the password you have."))
        return str(super().clean_password(password, user))

    def set_password(self, user: Any, password: str) -> None:
        """Her own password: the one-time one has done its work."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """The next page mostly says it itself."""
        if message_template == "account/messages/password_changed.txt":
            message = _("Your new password holds from now on.")
        if message:
            messages.add_message(request, level, message)


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP secrets are encrypted at rest like every other secret."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code does not fit. It changes every half minute: take the newest."
        ),
        "cannot_delete_authenticator": gettext_lazy("Your role does not work without it."),
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, place=PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text), place=PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not authenticator.user.needs_second_factor


class SetUpSecondFactor(ActivateTOTPView):
    """Who has just shown the first code of a new second factor has passed it."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["code"].label = _("The six digits it shows")
        form.fields["code"].widget.attrs.pop("placeholder", None)
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[PASSED] = True
        return response


class FirstStepsMiddleware:
    """Nobody works with a one-time password, and who needs a second factor not without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = get_user(request)  # who it is, and no proxy of her: every page asks often
        return self.first_step(request) or self.get_response(request)

    def first_step(self, request: HttpRequest) -> HttpResponse | None:
        staff = request.user
        if request.path.startswith(FREE) or not isinstance(staff, Staff):
            return None
        if staff.must_change_password:
            return _lead(request, "account_change_password")
        if not staff.needs_second_factor or has_passed(request):
            return None
        if has_second_factor(staff):  # set up in another session, by whoever holds the phone
            logout(request)
            return _lead(request, "account_login")
        return _lead(request, "mfa_activate_totp")


def has_passed(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this very session; asked of it once."""
    shown = any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )
    if shown and not request.session.get(PASSED):
        request.session[PASSED] = True
    return bool(request.session.get(PASSED))


def _lead(request: HttpRequest, name: str) -> HttpResponse:
    """To another page, and back here afterwards; htmx swaps no page into a page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return redirect(reverse(name) + back)
