"""Three statements ask the gates: for one family, for the plan, for what was heard. They agree."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warmline.core.contacts import gates
from warmline.core.contacts.models import Contact, Message
from warmline.core.journal.recording import record
from warmline.core.people.models import Consent
from warmline.core.people.signals import FamilyJoined
from warmline.core.playbooks.hearing import hear
from warmline.core.playbooks.models import Playbook
from warmline.core.playbooks.planning import plan
from warmline.core.promises.models import Promise

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 1, tzinfo=UTC)  # nine in the morning: no quiet hours
PURPOSES = ["recall", "logistics", "service", "care", "survey", "sales"]

families = st.fixed_dictionaries(
    {
        "decisions": st.lists(st.booleans(), max_size=2),
        "tries": st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=7),
        "texts": st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["queued", "failed"])), max_size=3),
        "status": st.sampled_from(["active", "quiet", "gone"]),
    }
)  # fmt: skip


def live(home, zhou, said, purpose):
    """Give a family this history with us."""
    home.status = said["status"]
    home.save()
    for granted in said["decisions"] if purpose in Consent.Purpose.values else []:
        Consent.objects.create(
            household=home, purpose=purpose, granted=granted, channel="store", text_version="1"
        )
    for n, (days, is_inbound) in enumerate(said["tries"]):
        Contact.objects.create(
            key=f"{home.pk}-{n}", household=home, store=home.store, staff=zhou, purpose=purpose,
            outcome="no_answer", is_inbound=is_inbound, at=NOW - timedelta(days=days, minutes=1),
        )  # fmt: skip
    for n, (days, status) in enumerate(said["texts"]):
        Message.objects.create(
            key=f"{home.pk}-{n}", household=home, channel="sms", purpose=purpose, to="x", text="x",
            status=status, created_at=NOW - timedelta(days=days, minutes=1),
        )  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=families, purpose=st.sampled_from(PURPOSES))
def test_who_may_be_touched_is_the_same_everywhere(family, zhou, only, clock, said, purpose):
    clock(NOW.isoformat())
    only("welcome", "full-moon")
    Playbook.objects.filter(code="welcome").update(conditions=[], condition="true")
    Playbook.objects.update(purpose=purpose)
    with transaction.atomic():
        home = family(born_on=date(2026, 10, 22), allows=())
        live(home, zhou, said, purpose)
        refused = gates.check_many([home.pk], purpose, "phone", NOW).get(home.pk, [])
        rules = {r.rule for r in refused}
        if purpose == "service":
            rules -= {"budget"}  # a service that is owed stays owed

        plan(date(2026, 11, 21))
        planned = Promise.objects.count()
        signal = FamilyJoined(
            household=home.pk, store=home.store_id, source="store", has_child=True
        )
        hear([record(signal)])
        heard = Promise.objects.count() - planned
        transaction.set_rollback(True)
    assert (planned, heard) == ((0, 0) if rules else (1, 1)), rules
