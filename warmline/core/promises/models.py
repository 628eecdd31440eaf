"""Promises: what we owe a family, by whom, until when; made, kept, broken or waived."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.i18n import I18nTextField
from warmline.base.stateful import Stateful, WrongMove
from warmline.core.journal.recording import record
from warmline.core.people.models import Child, Household, Member, Reader, Staff, Store
from warmline.core.promises.signals import PromiseBroken, PromiseKept, PromiseTaken, PromiseWaived


class Script(models.Model):
    """The words of a promise: its title, what to say and what not to say. Never changed once used:
    an edit makes a new script, and old promises keep the words they were made with."""

    title = I18nTextField()
    say = I18nTextField()
    avoid = I18nTextField()
    created_at = models.DateTimeField(default=now)


def standing_of(status: str, done_at: datetime | None, waived_for: str) -> str:
    """`Promise.standing` of a row that plain SQL has read."""
    if status == Promise.Status.BROKEN and done_at:
        return "let_off" if waived_for else "late"
    return str(status)


class PromiseQuerySet(models.QuerySet["Promise"]):
    def seen_by(self, staff: Staff | Reader) -> Self:
        """A guide's own and her store's unowned; a manager's store; head office's all (G13)."""
        if staff.moves_goods:
            return self.none()  # a promise names its family
        if staff.sees_every_store:
            return self
        if staff.role == Staff.Role.MANAGER and staff.region_id and not staff.store_id:
            return self.filter(store__region_id=staff.region_id)
        return self.filter(store_id=staff.store_id)

    def open(self) -> Self:
        return self.filter(status=Promise.Status.MADE)

    def owed(self) -> Self:
        """Still to be done: open, or broken and neither made good nor let off yet."""
        return self.filter(
            Q(status=Promise.Status.MADE) | Q(status=Promise.Status.BROKEN, done_at__isnull=True)
        )


class Promise(Stateful):
    """One thing owed by a keeper *and* a store, until an instant. It is never ownerless: without a
    keeper the store's queue owns it."""

    class Status(models.TextChoices):
        MADE = "made", _("Promised")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        WAIVED = "waived", _("Waived")

    MOVES: ClassVar = {Status.MADE: {Status.KEPT, Status.BROKEN, Status.WAIVED}}

    kind = models.CharField(max_length=40)  # care.run_out, care.age_node, contacts.call_back …
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 a plan's step, once
    household = models.ForeignKey(Household, models.PROTECT, related_name="promises")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, related_name="promises")
    keeper = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="promises")
    purpose = models.CharField(max_length=10, default="care")  # a contacts.Purpose
    channel = models.CharField(max_length=8, default="phone")
    script = models.ForeignKey(Script, models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)  # what was promised, in the guide's own words
    why = models.JSONField(default=dict)  # the facts behind it, shown as "why now"
    weight = models.FloatField(default=1.0)  # what is lost by waiting; larger is sooner
    playbook_id = models.BigIntegerField(null=True)  # playbooks stand above: an id, no foreign key
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    shows_at = models.DateTimeField(default=now)  # from here on it stands on a list
    due_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.MADE)
    closed_at = models.DateTimeField(null=True)  # kept, broken or waived at
    # Kept; or, of a broken one, made good or let off (then `waived_for` says why): nothing is owed.
    done_at = models.DateTimeField(null=True)
    waived_for = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)  # calls that nobody answered

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["keeper", "due_at"],
                name="promise_of_keeper",
                condition=Q(status="made") | Q(status="broken", done_at__isnull=True),
            ),
            models.Index(
                fields=["store", "due_at"],
                name="promise_of_store",
                condition=Q(status="made") | Q(status="broken", done_at__isnull=True),
            ),
            models.Index(fields=["due_at"], name="promise_due", condition=Q(status="made")),
            models.Index(
                fields=["keeper", "-done_at"],
                name="promise_done",
                condition=Q(done_at__isnull=False),
            ),
            models.Index(fields=["household", "-made_at"], name="promise_of_household"),
            models.Index(fields=["store", "made_at"], name="promise_store_made"),
        ]
        constraints = [
            models.CheckConstraint(
                name="promise_closed_is_dated",
                condition=Q(status="made", closed_at__isnull=True)
                | (~Q(status="made") & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="promise_waived_for_a_reason",
                condition=~Q(status="waived") | ~Q(waived_for=""),
            ),
            models.CheckConstraint(
                name="promise_kept_is_done", condition=~Q(status="kept") | Q(done_at__isnull=False)
            ),
            models.CheckConstraint(
                name="promise_reason_ends_it",
                condition=Q(waived_for="")
                | Q(status="waived")
                | Q(status="broken", done_at__isnull=False),
            ),
        ]

    @classmethod
    def make(
        cls,
        kind: str,
        *,
        household: Household,
        due_at: datetime,
        keeper: Staff | None,
        by: Staff | None = None,
        store: Store | None = None,
        **rest: Any,
    ) -> "Promise":
        """Promise something to a family. Without a store it is the keeper's, else the family's."""
        owner = store or (keeper and keeper.store) or household.store
        return cls.objects.create(
            kind=kind,
            household=household,
            due_at=due_at,
            keeper=keeper,
            store=owner,
            made_by=by,
            **rest,
        )

    @property
    def standing(self) -> str:
        """Its status, and of a broken one what became of it: made good `late`, or `let_off`."""
        return standing_of(self.status, self.done_at, self.waived_for)

    @property
    def state(self) -> str:
        """What colour it has: kept, broken, soon (within the hour) or quiet."""
        match self.standing:
            case "kept":
                return "kept"
            case "waived" | "late" | "let_off":
                return "quiet"  # nothing is owed any more
        if self.status == self.Status.BROKEN or self.due_at < now():
            return "broken"
        return "soon" if (self.due_at - now()).total_seconds() <= 3600 else "quiet"

    def keep(self, *, by: Staff | None = None) -> None:
        """Do what was promised. Late is still owed, and is then *made good*: it stays broken."""
        with transaction.atomic():
            if self._is_late_and_owed():
                self._end_late()
                record(PromiseKept(**self._named(), late=True), by=by)
                return
            with self.move(self.Status.KEPT):
                self.closed_at = self.done_at = now()
                record(PromiseKept(**self._named()), by=by)

    def _is_late_and_owed(self) -> bool:
        """Broken, and nobody has made it good. The row is ours until the commit: whoever breaks,
        keeps or waives it meanwhile waits."""
        mine = Promise.objects.select_for_update(of=("self",)).filter(pk=self.pk)
        status, done_at = mine.values_list("status", "done_at").get()
        return status == self.Status.BROKEN and done_at is None

    def _end_late(self, *, reason: str = "") -> None:
        Promise.objects.filter(pk=self.pk).update(done_at=now(), waived_for=reason)
        self.refresh_from_db()

    def break_(self) -> None:
        """Its time has passed: the damage is recorded, and someone is told."""
        with self.move(self.Status.BROKEN):
            self.closed_at = now()
            record(PromiseBroken(**self._named()))

    def waive(self, reason: str, *, by: Staff | None = None) -> None:
        """It is not owed any more (the family said so, the baby is weaned): say why. A broken one is
        let off and leaves the lists; that we broke it stays."""
        with transaction.atomic():
            if self._is_late_and_owed():
                self._end_late(reason=reason)
                record(PromiseWaived(**self._named(), reason=reason, late=True), by=by)
                return
            with self.move(self.Status.WAIVED):
                self.closed_at, self.waived_for = now(), reason
                record(PromiseWaived(**self._named(), reason=reason), by=by)

    @transaction.atomic
    def hand_to(self, keeper: Staff, *, by: Staff) -> None:
        """Another guide of the chain keeps it from now on; of two who take it, the first does."""
        assert keeper.store_id
        mine = Promise.objects.filter(pk=self.pk, keeper=self.keeper_id).owed()
        if not mine.update(keeper=keeper, store_id=keeper.store_id):
            raise WrongMove(self, self.status, "kept by another")
        self.refresh_from_db()
        record(PromiseTaken(**self._named()), by=by)

    def _named(self) -> dict[str, Any]:
        return {
            "household": self.household_id,
            "store": self.store_id,
            "keeper": self.keeper_id,
            "promise": self.pk,
            "promise_kind": self.kind,
        }
