"""Staff: the people who keep the promises, and the tokens with which other systems come in."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now, today
from warmline.core.people.models.role import Reader, Role
from warmline.core.people.models.store import Region, Store


class StaffQuerySet(models.QuerySet["Staff"]):
    def at_work(self) -> Self:
        """Employed, and not away (a guide who is away still is somebody's home guide)."""
        return self.filter(is_active=True, away_until__isnull=True) | self.filter(
            is_active=True, away_until__lte=now()
        )


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Staff":
        staff: Staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save()
        return staff


class Staff(AbstractBaseUser):
    """Somebody who works for the chain and signs in."""

    Role = Role

    username = models.CharField(_("User name"), max_length=60, unique=True)
    code = models.CharField(max_length=30, unique=True, null=True, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=60)
    role = models.CharField(max_length=10, choices=Role, default=Role.GUIDE)
    store = models.ForeignKey(Store, models.PROTECT, null=True, blank=True, related_name="staff")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="staff")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    wecom_id = models.CharField(max_length=64, blank=True)
    dialects = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    calls_a_day = models.PositiveSmallIntegerField(default=20)  # what she can do well in a day
    is_active = models.BooleanField(default=True)
    away_until = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_staff_of_a_store",
                condition=~models.Q(role__in=["guide", "manager"])
                | models.Q(store__isnull=False)
                | models.Q(role="manager", region__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def needs_second_factor(self) -> bool:
        return self.role in (Role.HQ, Role.MANAGER, Role.AUDITOR)

    @property
    def moves_goods(self) -> bool:
        return self.reader.moves_goods

    @property
    def sees_every_store(self) -> bool:
        return self.reader.sees_every_store

    @property
    def reader(self) -> Reader:
        return Reader(self.pk, self.role, self.is_active, self.store_id, self.region_id)

    def leave(self) -> None:
        """She leaves the chain: no sign-in from now on; her families go through a handover."""
        self.is_active = False
        self.save(update_fields=["is_active"])

    def go_away(self, until: datetime) -> None:
        self.away_until = until
        self.save(update_fields=["away_until"])


class Token(models.Model):
    """The key of another system (till, ERP, shop): shown once, kept as a hash."""

    name = models.CharField(max_length=60)
    role = models.CharField(max_length=10, choices=Role)
    store = models.ForeignKey(Store, models.PROTECT, null=True, blank=True)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    @staticmethod
    def hash(secret: str) -> bytes:
        return hashlib.sha256(secret.encode()).digest()

    @classmethod
    def issue(cls, *, name: str, role: str, store: Store | None = None) -> "tuple[Token, str]":
        """Make a token; its secret (192 random bits) is returned this once."""
        secret = f"wl_{secrets.token_urlsafe(24)}"
        return cls.objects.create(
            name=name, role=role, store=store, digest=cls.hash(secret)
        ), secret

    def use(self) -> None:
        """Note the day, so that keys nobody uses any more can be found."""
        self.last_used_on = today()
        self.save(update_fields=["last_used_on"])

    def revoke(self) -> None:
        self.revoked_at = now()
        self.save(update_fields=["revoked_at"])
