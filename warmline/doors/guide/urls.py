"""The addresses of the guide's door: the phone in her hand."""

from django.urls import include, path

from warmline.doors.guide import (
    calls,
    complaints,
    families,
    family,
    me,
    scan,
    scanning,
    texts,
    today,
)
from warmline.look.installable import manifest, service_worker

app_name = "guide"
urlpatterns = [
    path("", today.index, name="today"),
    path("promises/<int:pk>/", today.card, name="promise"),
    path("promises/<int:pk>/call/", calls.sheet, name="call"),
    path("promises/<int:pk>/keeper/", today.take, name="keeper"),
    path("promises/<int:pk>/waiver/", today.waive, name="waiver"),
    path("families/", families.index, name="families"),
    path("families/new/", families.new, name="family-new"),
    path("families/<int:pk>/", family.index, name="family"),
    path("families/<int:pk>/timeline/", family.timeline, name="timeline"),
    path("families/<int:pk>/contacts/", calls.log, name="contacts"),
    path("families/<int:pk>/corrections/", family.correct, name="corrections"),
    path("families/<int:pk>/notes/", family.remember, name="notes"),
    path("families/<int:pk>/notes/<int:note>/end/", family.forget, name="note-end"),
    path("families/<int:pk>/children/", family.add_child, name="children"),
    path("families/<int:pk>/children/<int:child>/", family.change_child, name="child"),
    path("families/<int:pk>/complaints/", complaints.complain, name="complaints"),
    path("families/<int:pk>/messages/", texts.send, name="messages"),
    path("families/<int:pk>/members/", family.add_member, name="members"),
    path("families/<int:pk>/consents/", family.consent, name="consents"),
    path("", include("warmline.doors.guide.family_urls")),
    path("", include("warmline.doors.guide.case_urls")),
    path("families/<int:pk>/tins/", scanning.give, name="tins"),
    path("scan/", scan.index, name="scan"),
    path("scan/receive/", scanning.receive, name="scan-receive"),
    path("scan/move/", scanning.move, name="scan-move"),
    path("scan/count/", scanning.count, name="scan-count"),
    path("scan/open/", scanning.open_cases, name="scan-open"),
    path("scan/pack/", scanning.pack, name="scan-pack"),
    path("scan/ship/", scanning.ship, name="scan-ship"),
    path("scan/check/", scanning.check, name="scan-check"),
    path("me/", me.index, name="me"),
    path("sw.js", service_worker),
    path("manifest.webmanifest", manifest),
]
