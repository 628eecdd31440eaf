"""A family that is gone is rung for what it needs, and for nothing else."""

from datetime import timedelta

import pytest

from warmline.base.clock import now
from warmline.core.journal import reacting
from warmline.core.journal.workers import Shift
from warmline.core.people import joining, standing
from warmline.core.people.models import Staff, Store
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)


def test_care_calls_are_let_off_and_deliveries_stay_owed():
    store = Store.objects.create(code="CX", name="春熙路店")
    chen = Staff.objects.create_user("chen", "-", name="陈静", store=store, role="manager")
    lin = joining.join(store=store, name="林晓", phone="13812345678")
    due = {"household": lin, "keeper": None, "due_at": now() + timedelta(days=1)}
    care = Promise.make("care.run_out", **due)
    delivery = Promise.make("supply.arrival", purpose="logistics", **due)
    standing.change(lin, tier=1, status="active", by=chen)
    standing.change(lin, tier=1, status="gone", why="moved", by=chen)
    with Shift("react") as shift:
        while reacting.react_once(shift):
            pass
    care.refresh_from_db()
    delivery.refresh_from_db()
    assert (care.status, delivery.status) == ("waived", "made")
    assert care.waived_for
