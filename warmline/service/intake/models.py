"""A file that comes in: what it is, what it would do, what it did, and how it is taken back."""

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.base.sheets.heads import KINDS, LABELS
from warmline.base.stateful import Stateful
from warmline.core.people.models import Staff, Store


class Import(Stateful):
    """One file of one kind, from its upload to its commit or its undo.

    Whatever takes long is asked for (`…ing`) and done by the loop, in one transaction: a machine
    that dies in the middle leaves nothing behind but the wish.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being tried out")
        CHECKED = "checked", _("Tried out")
        COMMITTING = "committing", _("Being imported")
        COMMITTED = "committed", _("Imported")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    MOVES: ClassVar[Mapping[Any, Set[Any]]] = {
        Status.UPLOADED: {Status.CHECKING, Status.REFUSED},
        Status.CHECKING: {Status.CHECKED, Status.REFUSED, Status.FAILED},
        Status.CHECKED: {Status.CHECKING, Status.COMMITTING, Status.REFUSED},
        Status.COMMITTING: {Status.COMMITTED, Status.REFUSED, Status.FAILED},
        Status.COMMITTED: {Status.UNDOING},
        Status.UNDOING: {Status.UNDONE, Status.COMMITTED},
        Status.REFUSED: {Status.CHECKING},
        Status.FAILED: {Status.CHECKING},
    }
    AT_WORK: ClassVar[frozenset[str]] = frozenset(
        {Status.CHECKING, Status.COMMITTING, Status.UNDOING}
    )
    KIND_CHOICES: ClassVar[list[tuple[str, Any]]] = list(KINDS.items())

    class Numbering(models.TextChoices):
        """How far a receipt number is unique."""

        CHAIN = "chain", _("Every receipt of the chain has its own number")
        STORE = "store", _("Each store counts its own receipts")
        DAY = "day", _("Each store starts anew every day")

    file_name = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)  # about how many, before it is read
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    looked_as = models.CharField(max_length=10, blank=True)  # the kind it was said to be
    sheet = models.CharField(max_length=100, blank=True)  # of a workbook
    heads = models.JSONField(default=list)  # as the file names its columns
    columns = models.JSONField(default=dict)  # field -> column
    source = models.CharField(max_length=30, default="import")  # whose receipt numbers these are
    numbering = models.CharField(max_length=5, choices=Numbering, default=Numbering.CHAIN)
    store = models.ForeignKey(Store, models.PROTECT, null=True, blank=True, related_name="+")
    has_consent = models.BooleanField(default=False)
    evidence = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    counts = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)  # why not, in English: see `why`
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="intake_same_file")]
        constraints = [
            models.CheckConstraint(
                name="intake_consent_has_evidence",
                condition=models.Q(has_consent=False) | ~models.Q(evidence=""),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        return self.status in self.AT_WORK

    @property
    def why(self) -> str:
        """Why it was refused, or cannot be taken back, in the reader's language."""
        return gettext(self.reason).format(**self.facts) if self.reason else ""


class FilePart(models.Model):
    """A piece of an uploaded file, sealed: it may hold names and phones."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    nth = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "nth"], name="intake_part_once")]


class SavedMapping(models.Model):
    """What somebody said the columns of such a file mean: the next one with these heads needs no
    asking."""

    shape = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=10, choices=Import.KIND_CHOICES)
    columns = models.JSONField()
    source = models.CharField(max_length=30)
    numbering = models.CharField(max_length=5, choices=Import.Numbering)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(default=now)


class Finding(models.Model):
    """What there is to say about one row: it is bad, it was left out, or somebody should look."""

    class Level(models.TextChoices):
        BAD = "bad", _("To mend")
        WARNED = "warned", _("To look at")
        SKIPPED = "skipped", _("Left out")

    of = models.ForeignKey(Import, models.CASCADE, related_name="findings")
    level = models.CharField(max_length=7, choices=Level)
    row = models.IntegerField()
    field = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)  # in English, to be said in the reader's language
    facts = models.JSONField(default=dict)
    cell = EncryptedTextField(blank=True)  # what stood there

    class Meta:
        indexes = [models.Index(fields=["of", "level", "row"], name="intake_finding_list")]

    @property
    def sentence(self) -> str:
        return gettext(self.reason).format(**self.facts)

    @property
    def column(self) -> str:
        """The head of its column as the file calls it, else our word for it."""
        at = self.of.columns.get(self.field)
        if at is not None and at < len(self.of.heads) and self.of.heads[at]:
            return str(self.of.heads[at])
        return str(LABELS.get(self.field, ""))


class Change(models.Model):
    """A row that an import made (`was` is empty), or changed: what its undo puts back."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    table = models.CharField(max_length=40)  # people.Member
    row_id = models.BigIntegerField()
    was = EncryptedTextField(blank=True)  # JSON: field -> [before, after]

    class Meta:
        indexes = [models.Index(fields=["of", "table"], name="intake_change_of")]


class Progress(models.Model):
    """How far the work on a file is. Written beside its transaction, so that it shows meanwhile."""

    class Stage(models.TextChoices):
        READING = "reading", _("Reading the rows")
        SORTING = "sorting", _("Understanding what they say")
        COMPARING = "comparing", _("Comparing with what is here")
        IMPORTING = "importing", _("Writing them down")

    import_id = models.BigIntegerField(primary_key=True)
    stage = models.CharField(max_length=12, choices=Stage)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=now)
