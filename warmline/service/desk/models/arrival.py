"""An arrival: one thing that came in, numbered without a gap by its channel and day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.base.crypto import EncryptedTextField
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.service.desk.models.case import Case


class Channel(models.TextChoices):
    """The ways to come in."""

    WALK_IN = "walk_in", _("In the store")
    PHONE = "phone", pgettext_lazy("a way to reach the desk", "Phone")
    WEB = "web", _("Store page")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom")
    API = "api", _("Another system")


class FromWhom(models.TextChoices):
    """Who asks: colleagues and suppliers are answered before sundown too."""

    FAMILY = "family", pgettext_lazy("who asks the desk", "Family")
    SUPPLIER = "supplier", _("Supplier")
    DEALER = "dealer", _("Dealer")
    COLLEAGUE = "colleague", _("Colleague")
    OTHER = "other", pgettext_lazy("who asks the desk", "Somebody else")


class Numbering(models.Model):
    """The last number given out on a channel and day. Its row is locked until the giver commits, so
    a number is neither lost nor given twice."""

    channel = models.CharField(max_length=8, choices=Channel)
    on = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "on"], name="desk_numbering_once")
        ]


class Arrival(models.Model):
    """One contact as it came. Append-only: it belongs to one case, and keeps its words."""

    channel = models.CharField(max_length=8, choices=Channel)
    on = models.DateField()  # the day of the chain, in which it is numbered
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=120)  # the channel's own name for it; again is the same
    case = models.ForeignKey(Case, models.PROTECT, related_name="arrivals")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="arrivals")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    from_whom = models.CharField(max_length=9, choices=FromWhom, default=FromWhom.FAMILY)
    name = EncryptedTextField()
    phone = EncryptedTextField()
    email = EncryptedTextField()
    wecom_id = models.CharField(max_length=64, blank=True)
    subject = EncryptedTextField()
    words = EncryptedTextField()
    opened = models.BooleanField()  # it began its case, rather than adding to it
    logged_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "on", "number"], name="desk_arrival_numbered_once"
            ),
            models.UniqueConstraint(fields=["channel", "key"], name="desk_arrival_once"),
            models.CheckConstraint(name="desk_arrival_has_key", condition=~Q(key="")),
        ]

    @property
    def code(self) -> str:
        """As it is spoken of: the channel, the day and its number."""
        return f"{self.channel}-{self.on:%m%d}-{self.number:04d}"


class Photo(models.Model):
    """A picture that somebody added: drawn anew by us, small, and sealed like all that is theirs."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    arrival = models.ForeignKey(
        Arrival, models.PROTECT, null=True, related_name="photos", db_index=False
    )
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    sealed = EncryptedTextField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)
