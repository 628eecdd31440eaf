"""Contacts: one real conversation, in or out, append-only. Messages: one text on its way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.core.people.models import Child, Household, Member, Staff, Store


class Purpose(models.TextChoices):
    """Why we get in touch; the touch budget and the consent gate go by it."""

    RECALL = "recall", _("Recall")
    LOGISTICS = "logistics", _("Delivery")
    SERVICE = "service", _("Service")
    CARE = "care", _("Care")
    SURVEY = "survey", _("Survey")
    SALES = "sales", _("Offer")


TO_COLLEAGUE = "colleague"  # a message of ours to one of us: no gate and no budget is asked


class Medium(models.TextChoices):
    PHONE = "phone", pgettext_lazy("a way to talk to a family", "Phone")
    SMS = "sms", _("SMS")
    WECOM = "wecom", _("WeCom")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("In the store")


class Contact(models.Model):
    """One conversation or attempt. Attempts count against the touch budget, answered or not."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        LATER = "later", _("Another time")
        REFUSED = "refused", _("Do not call")
        BOUGHT = "bought", _("Bought already")
        WEANED = "weaned", _("Weaned")
        SWITCHED = "switched", _("Changed brand")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        SENT = "sent", _("Sent")

    ANSWERED = frozenset(
        {
            Outcome.REACHED,
            Outcome.LATER,
            Outcome.REFUSED,
            Outcome.BOUGHT,
            Outcome.WEANED,
            Outcome.SWITCHED,
        }
    )

    key = models.CharField(max_length=80, unique=True)  # the phone's idempotency key
    household = models.ForeignKey(Household, models.PROTECT, related_name="contacts")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, null=True, related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="contacts")
    promise_id = models.BigIntegerField(null=True)  # promises stand beside, not below: an id
    medium = models.CharField(max_length=6, choices=Medium, default=Medium.PHONE)
    is_inbound = models.BooleanField(default=False)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.CARE)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["household", "-at"], name="contact_of_household"),
            models.Index(fields=["store", "-at"], name="contact_of_store"),
            models.Index(fields=["staff", "-at"], name="contact_of_staff"),
        ]


class Message(models.Model):
    """One text on its way to one person. What a provider accepted is never sent again (G9)."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        ACCEPTED = "accepted", _("Accepted")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        UNCERTAIN = "uncertain", _("Uncertain")  # the answer was lost: ask before sending again

    key = models.CharField(max_length=80, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="messages")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # to a colleague
    store = models.ForeignKey(Store, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8)  # sms, email, wecom
    purpose = models.CharField(
        max_length=10, choices=[*Purpose.choices, (TO_COLLEAGUE, _("To a colleague"))]
    )
    to = EncryptedTextField()
    subject = models.CharField(max_length=120, blank=True)
    text = EncryptedTextField()
    template = models.CharField(max_length=40, blank=True)  # the provider's template code
    thread = models.TextField(
        blank=True, default="", db_default=""
    )  # Message-IDs that a mail answers
    params = models.JSONField(default=dict)  # in order: one provider wants names, one positions
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    run_at = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    owner_id = models.BigIntegerField(null=True)
    receipt = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=500, blank=True)
    repeated = models.BooleanField(default=False)  # sent twice in the ambiguous window
    created_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["run_at", "id"], name="message_ready", condition=Q(status="queued")
            ),
            models.Index(
                fields=["run_at", "id"], name="message_uncertain", condition=Q(status="uncertain")
            ),
            models.Index(
                fields=["owner_id"], name="message_owned", condition=Q(owner_id__isnull=False)
            ),
            models.Index(fields=["household", "-created_at"], name="message_of_household"),
            models.Index(fields=["-created_at"], name="message_newest"),
            models.Index(fields=["receipt"], name="message_receipt", condition=~Q(receipt="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_accepted_is_dated",
                condition=~Q(status__in=["accepted", "delivered"]) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_to_someone",
                condition=Q(household__isnull=False)
                | Q(staff__isnull=False)
                | Q(store__isnull=False),  # a stranger who asked a store something
            ),
        ]


class Attempt(models.Model):
    """One try of one message, committed before the provider is called. Append-only."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)  # the message's `tries` at that time
    at = models.DateTimeField(default=now)
    worker_id = models.BigIntegerField()


class Budget(models.Model):
    """How often a family may be touched for one purpose: head office's rule, chain-wide.

    Attempts count, not answers. Recall and logistics have no row: they are never blocked.
    """

    purpose = models.CharField(max_length=10, choices=Purpose, unique=True)
    tries_max = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    is_hard = models.BooleanField(default=True)  # soft: a guide may go on after reading why


class QuietHours(models.Model):
    """When nobody is rung or texted (local time of the family's store); one row, for the chain."""

    begins = models.TimeField()
    ends = models.TimeField()
    sales_begins = models.TimeField()  # promotional texts: the law's narrower window
    sales_ends = models.TimeField()
