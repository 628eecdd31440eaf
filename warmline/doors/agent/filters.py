"""Filters of the inbox, and the views that everybody has: what to do now, by its clock."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Value
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from warmline.base.clock import now
from warmline.core.people.models import Staff, Store
from warmline.doors.agent.sounds import sounds
from warmline.service.desk import deciding, sampling
from warmline.service.desk.models import Case, CaseKind, Channel, FromWhom
from warmline.service.desk.models.case import CaseQuerySet

ANY = [("", pgettext_lazy("filter", "All"))]
CLOSED = [("settled", Case.State.SETTLED.label), ("merged", Case.State.MERGED.label)]
WHOSE = [
    *ANY,
    ("me", pgettext_lazy("whose cases", "Mine")),
    ("nobody", pgettext_lazy("whose cases", "Nobody's")),
    ("offered", pgettext_lazy("whose cases", "Offered to me")),
    ("others", pgettext_lazy("whose cases", "Others'")),
]
WHEN = [*ANY, ("late", _("Late")), ("urgent", _("Red flags"))]


@dataclass(frozen=True)
class BuiltIn:
    """A view that everybody has; its number says how much waits there."""

    name: str
    words: Any
    query: Mapping[str, str]
    none: Any  # what it says when nothing is there
    some: Any  # what it says of so many

    @property
    def href(self) -> str:
        return f"?{urlencode(self.query)}"

    @property
    def keys(self) -> str:
        return f"{sounds(self.words)} {self.name}"

    def says(self, n: str) -> str:
        """Its heading; `n` is how many there are, "99+", or nothing."""
        if not n:
            return str(self.none)
        return str(self.some % {"n": int(n.rstrip("+")), "shown": n})


VIEWS = [
    BuiltIn(
        "all",
        pgettext_lazy("view", "By clock"),
        {},
        _("Who waits for us, and until when?"),
        "",
    ),
    BuiltIn(
        "mine",
        pgettext_lazy("whose cases", "Mine"),
        {"whose": "me"},
        _("No case is yours now."),
        ngettext_lazy("%(shown)s case is yours.", "%(shown)s cases are yours.", "n"),
    ),
    BuiltIn(
        "nobody",
        pgettext_lazy("view", "To be taken"),
        {"whose": "nobody"},
        _("Nothing waits to be taken."),
        ngettext_lazy(
            "%(shown)s case waits to be taken.", "%(shown)s cases wait to be taken.", "n"
        ),
    ),
    BuiltIn(
        "late",
        pgettext_lazy("view", "Late"),
        {"when": "late"},
        _("Nothing is late."),
        ngettext_lazy("%(shown)s case is late.", "%(shown)s cases are late.", "n"),
    ),
    BuiltIn(
        "urgent",
        pgettext_lazy("view", "Red flags"),
        {"when": "urgent"},
        _("No case has a red flag."),
        ngettext_lazy("%(shown)s case has a red flag.", "%(shown)s cases have a red flag.", "n"),
    ),
    BuiltIn(
        "review",
        pgettext_lazy("view", "To be reviewed"),
        {"state": "review"},
        _("Nothing waits to be reviewed."),
        ngettext_lazy(
            "%(shown)s case waits to be reviewed.", "%(shown)s cases wait to be reviewed.", "n"
        ),
    ),
    BuiltIn(
        "feedback",
        pgettext_lazy("view", "To be fed back"),
        {"state": "feedback"},
        _("Nothing waits to be fed back."),
        ngettext_lazy(
            "%(shown)s case waits to be fed back.", "%(shown)s cases wait to be fed back.", "n"
        ),
    ),
]
OFFERED = BuiltIn(
    "offered",
    pgettext_lazy("whose cases", "Offered to me"),
    {"whose": "offered"},
    _("Nobody asks you to take a case over."),
    ngettext_lazy(
        "You are asked to take over %(shown)s case.",
        "You are asked to take over %(shown)s cases.",
        "n",
    ),
)
COUNTED_MAX = 100


class Filter(forms.Form):
    """What she wants to see; what makes no sense is left out rather than refused."""

    whose = forms.ChoiceField(label=_("Whose"), choices=WHOSE, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[*ANY, *Case.State.choices], required=False)
    when = forms.ChoiceField(label=_("Urgency"), choices=WHEN, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)
    channel = forms.ChoiceField(
        label=pgettext_lazy("filter", "Came by"), choices=[*ANY, *Channel.choices], required=False
    )
    from_whom = forms.ChoiceField(
        label=pgettext_lazy("filter", "From"), choices=[*ANY, *FromWhom.choices], required=False
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        self.kinds = list(CaseKind.objects.all())
        kinds = [*ANY, *((kind.code, str(kind)) for kind in self.kinds)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if staff.store_id and staff.role == Staff.Role.MANAGER:
            del self.fields["store"]
            return
        stores = stores_of(staff).values_list("code", "name", "pk")
        self.numbers = {code: pk for code, _name, pk in stores}
        choices = [*ANY, *((code, name) for code, name, _pk in stores)]
        self.fields["store"].choices = choices  # type: ignore[attr-defined]

    @property
    def query(self) -> dict[str, str]:
        """The filters that are set and make sense, in one order."""
        self.is_valid()
        return {name: self.data[name] for name in self.fields if self.cleaned_data.get(name)}

    @property
    def is_history(self) -> bool:
        """Closed cases are listed by the day they came, as they have no clock."""
        return self.query.get("state") in dict(CLOSED)

    def narrow(self, cases: CaseQuerySet) -> CaseQuerySet:
        said = {name: self.cleaned_data[name] for name in self.query}
        if self.is_history:
            cases = cases.filter(closed_at__isnull=False)
        else:
            cases = cases.open()
        for name in ("state", "channel", "from_whom"):
            if name in said:
                cases = cases.filter(**{name: said[name]})
        if "kind" in said:
            [kind] = [k for k in self.kinds if k.code == said["kind"]]
            cases = cases.filter(kind=kind)
        if "store" in said:
            cases = cases.filter(store=self.numbers[said["store"]])
        return _when(_whose(cases, said.get("whose"), self.staff), said.get("when"))


def _whose(cases: CaseQuerySet, whose: str | None, staff: Staff) -> CaseQuerySet:
    match whose:
        case "me":
            return cases.filter(owner=staff)
        case "nobody":
            return cases.filter(owner__isnull=True)
        case "offered":
            return cases.filter(offered_to=staff)
        case "others":
            return cases.filter(owner__isnull=False).exclude(owner=staff)
    return cases


def _when(cases: CaseQuerySet, when: str | None) -> CaseQuerySet:
    if when == "late":
        return cases.filter(due_at__lte=now())
    return cases.filter(urgency__gt=0) if when == "urgent" else cases


def stores_of(staff: Staff) -> Any:
    stores = Store.objects.order_by("code")
    if staff.role == Staff.Role.MANAGER and not staff.store_id:
        return stores.filter(region=staff.region_id)
    return stores


def counts(cases: CaseQuerySet, staff: Staff) -> dict[str, str]:
    """How much waits in each view, up to "99+": one statement that never counts the whole desk."""
    still = cases.open().order_by()
    asked = {
        "mine": still.filter(owner=staff),
        "nobody": still.filter(owner__isnull=True),
        "late": still.filter(due_at__lte=now()),
        "urgent": still.filter(urgency__gt=0),
        "review": still.filter(state=Case.State.REVIEW),
        "feedback": still.filter(state=Case.State.FEEDBACK),
        "offered": still.filter(offered_to=staff),
    }
    named: list[Any] = [
        rows.annotate(view=Value(name)).values_list("view", flat=True)[:COUNTED_MAX]
        for name, rows in asked.items()
    ]
    yes = deciding.to_decide(staff).order_by().annotate(view=Value("approvals"))
    named.append(yes.values_list("view", flat=True)[:COUNTED_MAX])
    again = sampling.to_look_at(staff).order_by().annotate(view=Value("samples"))
    named.append(again.values_list("view", flat=True)[:COUNTED_MAX])
    found = Counter(named[0].union(*named[1:], all=True))
    return {name: _said(found[name]) for name in (*asked, "approvals", "samples")}


def _said(n: int) -> str:
    return "99+" if n >= COUNTED_MAX else str(n) if n else ""
