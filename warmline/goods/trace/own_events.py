"""Events of our own: what our lines, shops and people did, taken in as every partner's events are."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from django.core.exceptions import ValidationError

from warmline.base.clock import CHINA
from warmline.core.people.models import Staff
from warmline.goods.trace.capturing import From, capture
from warmline.goods.trace.epcis.documents import Document, Json
from warmline.goods.trace.models import CaptureJob
from warmline.goods.trace.telling import CONTEXT


def tell(events: Sequence[Json], *, by: Staff | None) -> CaptureJob:
    """All of them or none; why it cannot be is said to whoever did it."""
    document = Document(list(enumerate(events)), [CONTEXT])
    job = capture(document, by=From(staff=by.pk if by else None))
    if not job.is_success:
        raise ValidationError(job.errors[0]["detail"])
    return job


def moment(at: datetime, zone: tzinfo = CHINA) -> dict[str, str]:
    """When it was, as an event says it: on the clock of the place."""
    local = at.astimezone(zone)
    return {
        "eventTime": local.isoformat(timespec="milliseconds"),
        "eventTimeZoneOffset": local.isoformat()[-6:],
    }
