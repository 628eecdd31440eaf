"""What every test may ask for: a database of its own, and a clock that can be set."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A database of one's own, also for people who test side by side on one server."""
    from django.conf import settings

    if suffix := os.environ.get("PYTEST_DB_SUFFIX"):
        name = settings.DATABASES["default"].setdefault("TEST", {}).get("NAME")
        base = name or f"test_{settings.DATABASES['default']['NAME']}"
        settings.DATABASES["default"]["TEST"]["NAME"] = f"{base}_{suffix}"


@pytest.fixture(autouse=True)
def static_as_it_is(settings: Any) -> None:
    """No hashed file names in unit tests: nothing was collected. Journeys collect and serve."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def shop_language() -> Iterator[None]:
    """A page asked for in English leaves its language behind: the next test begins in the shop's."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def what_migrations_made(request: pytest.FixtureRequest) -> None:
    """Categories, house rules and playbooks come with the tables. A test that commits ends with
    every table emptied, so the next one finds them put back."""
    asked = {"db", "transactional_db"} & set(request.fixturenames)
    if not asked and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")
    from importlib import import_module

    from django.apps import apps

    from warmline.core.contacts import house_rules
    from warmline.core.contacts.models import Budget, QuietHours
    from warmline.core.playbooks import builtin
    from warmline.core.playbooks.models import Playbook
    from warmline.core.promises.models import Script
    from warmline.goods.catalog.models import Category
    from warmline.service.care import odd_buying
    from warmline.service.care.models import BuyingRule
    from warmline.service.desk import builtin as desk
    from warmline.service.desk import macros
    from warmline.service.desk.models import Authority, CaseKind, Cause, Department, Macro

    if not CaseKind.objects.exists():
        desk.install(CaseKind, Department)
        desk.install_more(Cause, Authority)
        desk.install_internal(CaseKind, "abnormal")
    macros.install(Macro)
    if not BuyingRule.objects.exists():
        odd_buying.install(BuyingRule)
    if not Category.objects.exists():
        import_module("warmline.goods.catalog.migrations.0002_built_in_categories").add(apps, None)
    if not Budget.objects.exists():
        house_rules.install(Budget, QuietHours)
    if not Playbook.objects.exists():
        builtin.install(Playbook, Script)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Set what time it is: `clock("2026-11-21T09:00:00+08:00")`."""
    return Clock(tmp_path / "clock", monkeypatch)


class Clock:
    def __init__(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = file
        monkeypatch.setenv("WARMLINE_CLOCK", str(file))

    def __call__(self, instant: str) -> None:
        self.file.write_text(instant)
