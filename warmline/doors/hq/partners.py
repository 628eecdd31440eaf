"""Partners of trace: makers, dealers and carriers, their territory, their places, who scans there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from warmline.base.forms import put_errors
from warmline.core.people.models import Staff
from warmline.doors.hq.access import HQRequest, hq_only
from warmline.doors.hq.lots import views
from warmline.goods.trace import partners, provinces
from warmline.goods.trace.models import CompanyPrefix, Party, Place, Post
from warmline.look.tables import Column, listing


class PartnerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the partner"), max_length=80)
    sort = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[(v, w) for v, w in Party.Sort.choices if v != Party.Sort.STORE],
    )
    gln = forms.CharField(
        label=gettext_lazy("Location number (GLN)"),
        max_length=13,
        required=False,
        help_text=gettext_lazy("13 digits; without one it gets a name of our own."),
    )
    threshold = forms.FloatField(
        label=gettext_lazy("Elsewhere at most, %"),
        min_value=0,
        max_value=100,
        initial=5,
        help_text=gettext_lazy("Of its goods; beyond that we ask. Families travel."),
    )
    provinces = forms.MultipleChoiceField(
        label=gettext_lazy("Its territory"),
        choices=[(p.code, p.name) for p in provinces.PROVINCES.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    narrower = forms.CharField(
        label=gettext_lazy("Only parts of a province"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Area codes of cities or districts, with spaces: 5101 5107."),
    )

    def __init__(self, *args: Any, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party:
            self.fields["gln"].disabled = True

    def said(self) -> dict[str, Any]:
        d = self.cleaned_data
        return {
            "name": d["name"],
            "sort": d["sort"],
            "gln": d["gln"],
            "territory": [*d["provinces"], *d["narrower"].split()],
            "out_of_area_max": d["threshold"] / 100,
        }


class PlaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the place"), max_length=80)
    city = forms.CharField(label=gettext_lazy("City"), max_length=40, required=False)
    area = forms.CharField(
        label=gettext_lazy("Area code"),
        max_length=6,
        required=False,
        help_text=gettext_lazy("Of the city or district: 510100 is Chengdu."),
    )
    gln = forms.CharField(
        label=gettext_lazy("Location number (GLN)"), max_length=13, required=False
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180
    )


class PersonChoice(forms.ModelChoiceField):
    """A person with what she is."""

    def label_from_instance(self, one: Any) -> str:
        return f"{one.name} ({one.get_role_display()})"


class PostForm(forms.Form):
    staff = PersonChoice(Staff.objects.none(), label=gettext_lazy("Person"))
    place = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("scans where"))

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Staff.objects.filter(store__isnull=True, is_active=True)
        fields: Any = self.fields
        of_goods = people.filter(role__in=Staff.Role.of_goods())
        fields["staff"].queryset = of_goods.order_by("name")
        fields["place"].queryset = party.places.order_by("name")


class PrefixForm(forms.Form):
    digits = forms.CharField(label=gettext_lazy("Company prefix (GS1)"), max_length=12)
    name = forms.CharField(label=gettext_lazy("Whose it is"), max_length=80)
    is_ours = forms.BooleanField(
        label=gettext_lazy("It is ours: pallet and case codes are made of it"), required=False
    )


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    rows = Party.objects.annotate(spots=Count("places")).order_by("sort", "name", "pk")
    columns = [
        Column(_("Name of the partner"), str, link=lambda p: reverse("hq:partner", args=[p.pk])),
        Column(_("What it is"), lambda p: p.get_sort_display()),
        Column(_("Territory"), _territory),
        Column(_("Elsewhere at most, %"), lambda p: round(100 * p.out_of_area_max, 1),
               is_number=True),
        Column(_("Places"), lambda p: p.spots, is_number=True),
    ]  # fmt: skip
    return listing(
        request, "hq/partners/index.html", rows, columns, name="partners", title=_("Partners"),
        heading=_("Who makes it, and who hands it on?"),
        views=views(), add=reverse("hq:partner-new") if request.user.role == "hq" else "",
        add_words=_("New partner"), icon="handshake",
        why=_("Makers and dealers come by themselves with their events; or write one down."),
    )  # fmt: skip


def _territory(party: Party) -> str:
    return "、".join(
        provinces.name_of(area) if len(area) == 2 else f"{provinces.name_of(area)} {area}"
        for area in party.territory
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    party = get_object_or_404(Party.objects.select_related("store"), pk=pk) if pk else None
    form = PartnerForm(request.POST or None, party=party, initial=_facts(party))
    if request.method == "POST" and form.is_valid():
        try:
            kept = partners.put(**form.said(), party=party)
        except ValidationError as error:
            names = {"territory": "narrower", "out_of_area_max": "threshold"}
            put_errors(form, error, names=names)
        else:
            return redirect("hq:partner", kept.pk)
    return _page(request, party, form=form, status=422 if form.is_bound else 200)


def _facts(party: Party | None) -> dict[str, Any]:
    if party is None:
        return {}
    return {
        "name": party.name,
        "sort": party.sort,
        "gln": party.uri.rsplit("/", 1)[-1] if party.uri.startswith("https://id.gs1.org") else "",
        "threshold": round(100 * party.out_of_area_max, 2),
        "provinces": [area for area in party.territory if len(area) == 2],
        "narrower": " ".join(area for area in party.territory if len(area) > 2),
    }


def _page(
    request: HQRequest,
    party: Party | None,
    *,
    form: forms.Form,
    place: forms.Form | None = None,
    post: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "party": party,
        "form": form,
        "may_act": request.user.role == "hq",
    }
    if party:
        posts = Post.objects.filter(place__party=party).select_related("staff", "place")
        context |= {
            "places": party.places.order_by("name", "pk"),
            "posts": posts.order_by("staff__name"),
            "place_form": place or PlaceForm(auto_id="place_%s"),
            "post_form": post or PostForm(party=party, auto_id="post_%s"),
        }
    return render(request, "hq/partners/edit.html", context, status=status)


def _party(pk: int) -> Party:
    return get_object_or_404(Party, pk=pk)


@require_POST
@hq_only
def add_place(request: HQRequest, pk: int) -> HttpResponse:
    party, form = _party(pk), PlaceForm(request.POST, auto_id="place_%s")
    if form.is_valid():
        try:
            partners.put_place(party, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect(reverse("hq:partner", args=[pk]) + "#places")
    known = PartnerForm(party=party, initial=_facts(party))
    return _page(request, party, form=known, place=form, status=422)


@require_POST
@hq_only
def add_post(request: HQRequest, pk: int) -> HttpResponse:
    """Somebody of a warehouse or a dealer scans at this place from now on."""
    party = _party(pk)
    form = PostForm(request.POST, party=party, auto_id="post_%s")
    if form.is_valid():
        try:
            partners.post(**form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect(reverse("hq:partner", args=[pk]) + "#posts")
    known = PartnerForm(party=party, initial=_facts(party))
    return _page(request, party, form=known, post=form, status=422)


@require_POST
@hq_only
def end_post(request: HQRequest, pk: int, post: int) -> HttpResponse:
    partners.end_post(get_object_or_404(Post, pk=post, place__party=pk))
    return redirect(reverse("hq:partner", args=[pk]) + "#posts")


@require_http_methods(["GET", "POST"])
@hq_only
def prefixes(request: HQRequest) -> HttpResponse:
    """The company prefixes that we know: ours first."""
    form = PrefixForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            partners.add_prefix(said["digits"], name=said["name"], is_ours=said["is_ours"])
        except ValidationError as error:
            put_errors(form, error, names={"prefix": "digits"})
        else:
            return redirect("hq:prefixes")
    rows = CompanyPrefix.objects.order_by("-is_ours", "prefix")
    columns = [
        Column(_("Company prefix (GS1)"), lambda p: p.prefix),
        Column(_("Whose it is"), lambda p: p.name),
        Column(_("Ours"), lambda p: _("yes") if p.is_ours else ""),
    ]
    return listing(
        request, "hq/partners/prefixes.html", rows, columns, name="company-prefixes", form=form,
        status=422 if form.is_bound else 200, may_act=request.user.role == "hq", icon="qr-code",
        why=_("Codes of cases and pallets are made of your own company prefix: it is on the letter from GS1."),
    )  # fmt: skip
