"""Me: how my promises stand, my language, my second factor, the way out."""

from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from warmline.base.clock import now
from warmline.core.contacts.models import Contact
from warmline.core.people.signing_in import has_second_factor
from warmline.core.promises.models import Promise
from warmline.doors.guide.access import GuideRequest, signed_in

DAYS = 30


@require_safe
@signed_in
def index(request: GuideRequest) -> HttpResponse:
    since = now() - timedelta(days=DAYS)
    mine = Promise.objects.filter(keeper=request.user, closed_at__gte=since)
    figures = mine.aggregate(
        kept=Count("pk", filter=Q(status=Promise.Status.KEPT)),
        broken=Count("pk", filter=Q(status=Promise.Status.BROKEN)),
    )
    context = {
        "figures": figures,
        "closed": figures["kept"] + figures["broken"],
        "calls": Contact.objects.filter(staff=request.user, at__gte=since).count(),
        "days": DAYS,
        "has_second_factor": has_second_factor(request.user),
    }
    return render(request, "guide/me/index.html", context)
