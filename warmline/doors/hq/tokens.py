"""The keys with which tills, ERPs and shop systems come in: given, told once, taken back."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from warmline.base.forms import put_errors
from warmline.core.people.keeping_house import give_token, take_back
from warmline.core.people.models import Staff, Store, Token
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.look.tables import Column, listing


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What you call it"),
        max_length=60,
        help_text=_("For example: the till of one shop."),
    )
    role = forms.ChoiceField(
        label=_("What it may do"),
        choices=[(role, word) for role, word in Staff.Role.choices if role != Staff.Role.DEALER],
        help_text=_("It may do what somebody of this role may do, and see what she sees."),
    )
    store = forms.ModelChoiceField(
        Store.objects.order_by("name"),
        label=_("For which store"),
        required=False,
        empty_label=_("all stores"),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def index(request: HQRequest) -> HttpResponse:
    """All of them, and a place for a new one; its secret is on this page this once."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = give_token(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
        else:
            form = TokenForm()
    rows = Token.objects.select_related("store").order_by("revoked_at", "-pk")
    why = gettext("No other system comes in yet. A till that sends its sales needs a token.")
    answer = listing(
        request, "hq/tokens.html", rows, _columns(may_end=request.user.role == "hq"),
        name="tokens", status=422 if form.is_bound else 200, form=form, secret=secret,
        icon="key-round", why=why,
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _columns(*, may_end: bool) -> list[Column]:
    """A token's secret is nowhere, so no file can say it."""

    def ending(token: Token) -> str:
        return reverse("hq:token-end", args=[token.pk]) if may_end and not token.revoked_at else ""

    return [
        Column(_("Name"), lambda t: t.name),
        Column(_("Role"), lambda t: t.get_role_display()),
        Column(_("Store"), lambda t: t.store.name if t.store else gettext("all stores")),
        Column(_("Given on"), lambda t: f"{localtime(t.created_at):%Y-%m-%d}"),
        Column(_("Last used"), lambda t: t.last_used_on or gettext("never")),
        Column(_("State"), _state),
        Column(_("Take back"), lambda t: gettext("Take back"), post=ending),
    ]


def _state(token: Token) -> str:
    if not token.revoked_at:
        return gettext("works")
    return f"{gettext('taken back')} {localtime(token.revoked_at):%Y-%m-%d}"


@require_POST
@hq_only
def end(request: HQRequest, pk: int) -> HttpResponse:
    take_back(get_object_or_404(Token, pk=pk), by=request.user)
    return redirect("hq:tokens")
