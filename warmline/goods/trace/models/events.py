"""What happened to units, as partners told it: events, what they name, and how they came.

These tables grow without end. Ids carry the time (`numbers.py`), so that a partition by id is one by
month or quarter; the migration makes them by hand (`sql/tables.sql`).
"""

from django.db import models

from warmline.base.clock import now


class CaptureJob(models.Model):
    """One document that came in, and what became of it."""

    class Behaviour(models.TextChoices):
        ROLLBACK = "rollback"
        PROCEED = "proceed"

    id = models.BigIntegerField(primary_key=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    behaviour = models.CharField(max_length=8, choices=Behaviour, default=Behaviour.ROLLBACK)
    is_success = models.BooleanField(default=True)
    events = models.PositiveIntegerField(default=0)  # that are stored by it
    repeated = models.PositiveIntegerField(default=0)  # that were here already
    errors = models.JSONField(default=list)
    token_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    header = models.JSONField(null=True)


class Document(models.Model):
    """Events as they were told, sixteen together and pressed (`pressing.py`)."""

    pk = models.CompositePrimaryKey("job_id", "chunk")
    job_id = models.BigIntegerField()
    chunk = models.SmallIntegerField()
    context = models.JSONField(null=True)
    body = models.BinaryField()


class Event(models.Model):
    """One event: what can be asked for in columns, its words in the document it came with.

    `facts` holds what only some events say: business transactions, sources, extension fields.
    """

    id = models.BigIntegerField(primary_key=True)
    job_id = models.BigIntegerField()
    event_time = models.DateTimeField()
    read_point = models.IntegerField(null=True)
    biz_location = models.IntegerField(null=True)
    biz_step = models.SmallIntegerField(null=True)
    disposition = models.SmallIntegerField(null=True)
    ordinal = models.SmallIntegerField()
    offset_min = models.SmallIntegerField()
    sort = models.SmallIntegerField()
    action = models.SmallIntegerField()
    facts = models.JSONField(null=True)

    class Sort(models.IntegerChoices):
        OTHER = 0, "Event"
        OBJECT = 1, "ObjectEvent"
        AGGREGATION = 2, "AggregationEvent"
        TRANSACTION = 3, "TransactionEvent"
        TRANSFORMATION = 4, "TransformationEvent"
        ASSOCIATION = 5, "AssociationEvent"

    class Action(models.IntegerChoices):
        NONE = 0, ""
        ADD = 1, "ADD"
        OBSERVE = 2, "OBSERVE"
        DELETE = 3, "DELETE"


class EventKey(models.Model):
    """The name of an event, by its hash: an event that was seen has no second effect (G12)."""

    hash = models.UUIDField(primary_key=True)
    event_id = models.BigIntegerField()


class ErrorDeclaration(models.Model):
    """An event that says of an earlier one of the same name that it did not happen so."""

    pk = models.CompositePrimaryKey("hash", "event_id")
    hash = models.UUIDField()
    event_id = models.BigIntegerField()


class Role(models.IntegerChoices):
    """How an event names a thing; several at once are added up."""

    EPC = 1
    PARENT = 2
    CHILD = 4
    INPUT = 8
    OUTPUT = 16
    EMPTIED = 32  # a parent from which everything was taken, whatever it was


class UnitEvent(models.Model):
    """A unit and an event that names it: the index by which a journey is read."""

    pk = models.CompositePrimaryKey("unit_id", "event_time", "event_id")
    unit_id = models.BigIntegerField()
    event_time = models.DateTimeField()
    event_id = models.BigIntegerField()
    place_id = models.IntegerField(null=True)
    party_id = models.IntegerField(null=True)
    biz_step = models.SmallIntegerField(null=True)
    disposition = models.SmallIntegerField(null=True)
    role = models.SmallIntegerField()
    action = models.SmallIntegerField()


class KindEvent(models.Model):
    """A kind of thing (an article, a lot) and an event that names it, with how much."""

    pk = models.CompositePrimaryKey("kind_id", "event_id", "ordinal")
    kind_id = models.IntegerField()
    event_id = models.BigIntegerField()
    ordinal = models.SmallIntegerField()
    role = models.SmallIntegerField()
    event_time = models.DateTimeField()
    quantity = models.FloatField(null=True)
    uom = models.CharField(max_length=10, blank=True)
