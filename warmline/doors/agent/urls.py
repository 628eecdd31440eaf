"""The addresses of the desk."""

from django.urls import path

from warmline.doors.agent import (
    alike,
    bulk,
    cases,
    decisions,
    departments,
    evidence,
    find,
    inbox,
    macro_pages,
    preventions,
    samples,
)

app_name = "agent"
urlpatterns = [
    path("", inbox.index, name="inbox"),
    path("views/", inbox.keep, name="views"),
    path("views/<int:pk>/end/", inbox.drop, name="view-end"),
    path("bulk/", bulk.act, name="bulk"),
    path("find/", find.index, name="find"),
    path("macros/", macro_pages.index, name="macros"),
    path("macros/new/", macro_pages.edit, name="macro-new"),
    path("macros/<int:pk>/", macro_pages.edit, name="macro"),
    path("feedback/", departments.index, name="feedback"),
    path("feedback/<int:pk>/reply/", departments.reply, name="feedback-reply"),
    path("approvals/", decisions.index, name="approvals"),
    path("approvals/<int:pk>/decision/", decisions.decide, name="decision"),
    path("samples/", samples.index, name="samples"),
    path("samples/<int:pk>/look/", samples.look, name="sample"),
    path("preventions/", preventions.index, name="preventions"),
    path("preventions/<int:pk>/end/", preventions.done, name="prevention-done"),
    path("<int:pk>/", cases.show, name="case"),
    path("<int:pk>/presence/", cases.here, name="presence"),
    path("<int:pk>/photos/<int:photo>/", cases.photo, name="photo"),
    path("<int:pk>/finding-out/", evidence.resolve, name="odd-buying"),
    path("<int:pk>/similar/", alike.show, name="alike"),
    path("<int:pk>/<slug:name>/", cases.act, name="act"),
]
