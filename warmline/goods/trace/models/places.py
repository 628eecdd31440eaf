"""Where things are and who has them: places, parties, and the words that events are told in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from warmline.core.people.models import Staff, Store


class CompanyPrefix(models.Model):
    """A GS1 company prefix that we know: only so can a link be written as an EPC URN."""

    prefix = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    is_ours = models.BooleanField(default=False)


class Party(models.Model):
    """A company or shop that has goods in its hands; a dealer has a territory."""

    class Sort(models.TextChoices):
        MAKER = "maker", _("Maker")
        DEALER = "dealer", _("Dealer")
        CARRIER = "carrier", _("Carrier")
        STORE = "store", _("Store")
        OTHER = "other", _("Other")

    id = models.AutoField(primary_key=True)
    uri = models.CharField(max_length=300, unique=True)  # its PGLN, canonical
    name = models.CharField(max_length=80, blank=True)
    sort = models.CharField(max_length=8, choices=Sort, default=Sort.OTHER)
    territory = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    out_of_area_max = models.FloatField(default=0.05)  # of its units, before anybody is asked
    store = models.OneToOneField(
        Store, models.PROTECT, null=True, blank=True, related_name="trace_party"
    )

    class Meta:
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name or self.uri.rsplit("/", 1)[-1]


class Place(models.Model):
    """A location of events: a line, a warehouse, a shop's back door, a shelf."""

    id = models.AutoField(primary_key=True)
    uri = models.CharField(max_length=300, unique=True)  # its SGLN, canonical
    name = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=40, blank=True)
    area = models.CharField(max_length=6, blank=True)  # the administrative code (GB/T 2260)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="places")
    inside = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts"
    )  # for "within" (WD_) queries
    facts = models.JSONField(default=dict, blank=True)  # master data as documents brought it

    def __str__(self) -> str:
        return self.name or self.uri.rsplit("/", 1)[-1]


class Post(models.Model):
    """Where somebody scans who works in none of our shops: a warehouse, or a dealer's door."""

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="post")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")


class Word(models.Model):
    """A business step or a disposition, as a small number: the rows are many."""

    id = models.SmallAutoField(primary_key=True)
    uri = models.CharField(max_length=300, unique=True)
