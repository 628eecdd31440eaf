"""A case: something that was asked of us. Answered is not settled; settled needs four stamps.

Its row is what its events come to (`folding`): every verb locks it, adds one event and folds anew.
"""

import secrets
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField, blind
from warmline.base.stateful import WrongMove
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.goods.catalog.models import Product
from warmline.service.desk import folding
from warmline.service.desk.clocks import StoreDays
from warmline.service.desk.folding import CannotBe, Course, Fact
from warmline.service.desk.models.ruling import CaseKind, rules

PK_FIELDS = {"owner": "owner_id", "offered_to": "offered_to_id", "finished_by": "finished_by_id",
             "reviewed_by": "reviewed_by_id", "merged_into": "merged_into_id"}  # fmt: skip


class CaseQuerySet(models.QuerySet["Case"]):
    def seen_by(self, staff: Staff) -> Self:
        """A store's own; a region's for its manager; all for agents and head office (G13). Whoever
        is asked to take a case over sees it too."""
        if not staff.is_active:
            return self.none()
        if staff.moves_goods:  # what she was given, whoever the family is
            return self.filter(Q(owner=staff) | Q(offered_to=staff)) if staff.pk else self.none()
        if staff.sees_every_store:
            return self
        if staff.role == Staff.Role.MANAGER and staff.region_id and not staff.store_id:
            return self.filter(store__region_id=staff.region_id)
        theirs = Q(store_id=staff.store_id) | Q(owner=staff) | Q(offered_to=staff)
        if staff.role == Staff.Role.GUIDE:
            theirs &= Q(owner=staff) | Q(owner__isnull=True, queue="store") | Q(offered_to=staff)
        return self.filter(theirs)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def by_clock(self) -> Self:
        """What cannot wait first, then whose time is up soonest."""
        return self.order_by("-urgency", "due_at", "pk")

    def with_token(self, token: str) -> Self:
        return self.filter(token_digest=sha256(token.encode()).digest())


class Case(models.Model):
    class State(models.TextChoices):
        """The staff's labels; what a family reads is in `labels`."""

        OPEN = "open", pgettext_lazy("state of a case", "To be answered")
        WORKING = "working", pgettext_lazy("state of a case", "Answered, to be done")
        WAITING = "waiting", pgettext_lazy("state of a case", "Waiting for the family")
        REVIEW = "review", pgettext_lazy("state of a case", "To be reviewed")
        FEEDBACK = "feedback", pgettext_lazy("state of a case", "To be fed back")
        SETTLED = "settled", pgettext_lazy("state of a case", "Settled")
        MERGED = "merged", pgettext_lazy("state of a case", "Merged")

    class Queue(models.TextChoices):
        STORE = "store", _("The store")
        DESK = "desk", _("The agents")

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("Explained")
        PUT_RIGHT = "put_right", _("Put right")
        REPLACED = "replaced", _("Replaced")
        REFUNDED = "refunded", _("Refunded")
        COMPENSATED = "compensated", _("Compensated")
        REPAIRED = "repaired", _("Repaired")
        PASSED_ON = "passed_on", _("Passed on to who can")
        DECLINED = "declined", _("Declined, with a reason")

    class Urgency(models.IntegerChoices):
        NORMAL = 0, pgettext_lazy("urgency", "Normal")
        SAFETY = 1, _("Product safety")
        HEALTH = 2, _("A child's health")
        SELF_HARM = 3, _("Somebody in danger")

    kind = models.ForeignKey(CaseKind, models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(Store, models.PROTECT, related_name="cases", db_index=False)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="cases", db_index=False
    )
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    from_whom = models.CharField(max_length=9, default="family")
    name = EncryptedTextField()  # who asked, as they called themselves
    gist = EncryptedTextField()  # the first words, for lists
    phone_bi = models.BinaryField(max_length=16, null=True)  # or of the address they write from
    phone_last4 = models.CharField(max_length=4, blank=True)
    token = EncryptedTextField()  # of their page; found by its digest
    token_digest = models.BinaryField(max_length=32, unique=True)
    channel = models.CharField(max_length=8)  # by which it came first
    urgency = models.SmallIntegerField(choices=Urgency, default=Urgency.NORMAL)
    # What it was about, once somebody found out.
    cause = models.ForeignKey(
        "desk.Cause", models.PROTECT, null=True, related_name="cases", db_index=False
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False
    )
    lot = models.CharField(max_length=40, blank=True)
    supplier = models.CharField(max_length=60, blank=True)
    fault_store = models.ForeignKey(  # where it went wrong, if that was elsewhere
        Store, models.PROTECT, null=True, related_name="+", db_index=False
    )
    sop = models.CharField(max_length=60, blank=True, db_default="")  # the standard, its version
    opened_at = models.DateTimeField()
    first_owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )

    # What the events come to, field by field of `folding.Course`.
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    finish_days = models.PositiveSmallIntegerField(default=3)
    owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="cases", db_index=False
    )
    queue = models.CharField(max_length=5, choices=Queue, default=Queue.STORE)
    offered_to = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answer_by = models.DateTimeField(null=True)
    promise_by = models.DateTimeField(null=True)
    finish_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    fed_back_at = models.DateTimeField(null=True)
    feedback_due = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")

    seq = models.PositiveIntegerField(default=0)  # of its last event
    last_at = models.DateTimeField()  # of its last event
    escalated_at = models.DateTimeField(null=True)  # about the present deadline
    rung = models.PositiveSmallIntegerField(default=0)  # how far up the ladder it went

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                # What the inbox is filtered by lies in the index: a filter that fits nobody reads no row.
                fields=["-urgency", "due_at", "id"],
                include=["state", "kind", "channel", "from_whom", "owner", "store"],
                name="desk_case_inbox",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["state", "-urgency", "due_at", "id"],
                name="desk_case_of_state",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["store", "-urgency", "due_at", "id"],
                name="desk_case_of_store",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["owner", "-urgency", "due_at", "id"],
                name="desk_case_of_owner",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["state", "-id"],
                name="desk_case_closed",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["due_at"],
                name="desk_case_to_escalate",
                condition=Q(closed_at__isnull=True, rung__lt=4),
            ),
            models.Index(
                fields=["offered_to"],
                name="desk_case_offered",
                condition=Q(offered_to__isnull=False),
            ),
            models.Index(fields=["household", "-opened_at"], name="desk_case_of_household"),
            models.Index(fields=["phone_bi", "-opened_at"], name="desk_case_of_phone"),
            models.Index(fields=["store", "-opened_at"], name="desk_case_store_opened"),
            models.Index(
                fields=["lot", "-opened_at"], name="desk_case_of_lot", condition=~Q(lot="")
            ),
            models.Index(
                fields=["product", "-opened_at"],
                name="desk_case_of_product",
                condition=Q(product__isnull=False),
            ),
            models.Index(
                fields=["cause", "-opened_at"],
                name="desk_case_of_cause",
                condition=Q(cause__isnull=False),
            ),
            BrinIndex(fields=["opened_at"], name="desk_case_opened"),  # months, for the rates
        ]
        constraints = [
            models.CheckConstraint(
                name="desk_case_open_has_a_deadline",
                condition=Q(closed_at__isnull=False) | Q(due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_case_finished_has_an_outcome",
                condition=Q(finished_at__isnull=True) | ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="desk_case_settled_has_four_stamps",
                condition=~Q(state="settled")
                | Q(
                    answered_at__isnull=False,
                    finished_at__isnull=False,
                    reviewed_at__isnull=False,
                    fed_back_at__isnull=False,
                    closed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="desk_case_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("finished_by")),
            ),
            models.CheckConstraint(
                name="desk_case_merged_is_closed",
                condition=Q(merged_into__isnull=True) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What people say on the telephone: its number and a check digit."""
        return coded(self.pk)

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < now()

    @property
    def course(self) -> Course:
        names = [f.name for f in fields(Course)]
        return Course(**{name: getattr(self, PK_FIELDS.get(name, name)) for name in names})

    def days(self) -> StoreDays:
        return StoreDays(self.store, cut_off=rules().cut_off)

    @transaction.atomic
    def happen(
        self,
        kind: str,
        *,
        by: Staff | None,
        words: str = "",
        is_shown: bool = False,
        at: datetime | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Lock the case, add one event, and let it stand as its events say. An event never lies
        before the last one, whatever became of a clock."""
        from warmline.service.desk import promising

        self.lock()
        was = self.course
        at = max(at or now(), self.last_at)
        fact = Fact(kind=kind, at=at, by=by.pk if by else None, body=dict(body or {}))
        try:
            after = folding.step(was, fact, self.days())
        except CannotBe as no:
            raise WrongMove(self, was=f"{self.state} ({no})", to=kind) from no
        self.stand(after)
        self.seq, self.last_at = self.seq + 1, at
        self.save()
        event = self.events.create(
            seq=self.seq,
            kind=kind,
            at=at,
            by=by,
            words=words,
            is_shown=is_shown,
            body={**fact.body, "clocks": folding.as_body(after)},
        )
        promising.follow(self, was=was, fact=fact)
        return event

    def lock(self) -> None:
        """This row as it is now, and nobody else's until the end of the transaction."""
        locked = Case.objects.select_for_update(of=("self",)).get(pk=self.pk)
        for column in self._meta.concrete_fields:
            setattr(self, column.attname, getattr(locked, column.attname))

    def stand(self, course: Course) -> None:
        """Write down what the events come to. A new deadline begins a new ladder."""
        for f in fields(Course):
            setattr(self, PK_FIELDS.get(f.name, f.name), getattr(course, f.name))
        self.feedback_due = dict(course.feedback_due)
        self.state = course.state
        if course.due_at != self.due_at:
            self.due_at = course.due_at
            self.escalated_at, self.rung = None, 0

    def give_token(self) -> None:
        """128 random bits; whoever holds them follows this case and nothing else."""
        self.token = secrets.token_urlsafe(16)
        self.token_digest = sha256(self.token.encode()).digest()

    def set_phone(self, e164: str) -> None:
        self.phone_bi = blind(e164) if e164 else None
        self.phone_last4 = e164[-4:]


def coded(number: int) -> str:
    """A number with the check digit that finds a slip of the tongue (Luhn)."""
    digits = [int(d) for d in str(number)]
    doubled = [
        d if place % 2 else (d * 2 - 9 if d > 4 else d * 2)
        for place, d in enumerate(reversed(digits))
    ]
    return f"{number:05d}-{-sum(doubled) % 10}"


def number_of(code: str) -> int | None:
    """The number of a code that somebody said; None if they misheard."""
    plain = "".join(c for c in code if c.isdecimal())
    if len(plain) < 2 or len(plain) > 18:
        return None
    number = int(plain[:-1])
    return number if coded(number).replace("-", "").lstrip("0") == plain.lstrip("0") else None
