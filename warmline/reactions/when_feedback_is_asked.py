"""A department is to hear of a case: its keepers are told until when they answer."""

from warmline.core.journal.listeners import on
from warmline.service.desk import telling
from warmline.service.desk.models import Feedback
from warmline.service.desk.signals import FeedbackAsked


@on(FeedbackAsked)
def tell_its_keepers(signal: FeedbackAsked) -> None:
    asked = Feedback.objects.select_related("case__store", "department").get(pk=signal.feedback)
    telling.tell_department(asked)
