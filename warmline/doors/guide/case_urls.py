"""The addresses of a guide's cases."""

from django.urls import path

from warmline.doors.guide import cases, remedies

urlpatterns = [
    path("cases/", cases.index, name="cases"),
    path("cases/<int:pk>/", cases.show, name="case"),
    path("cases/<int:pk>/answer/", cases.answer, name="case-answer"),
    path("cases/<int:pk>/end/", cases.end, name="case-end"),
    path("cases/<int:pk>/offer/", cases.offer, name="case-offer"),
    path("cases/<int:pk>/remedies/", cases.give, name="case-remedy"),
    path("cases/<int:pk>/remedies/<int:remedy>/decision/", remedies.decide, name="remedy-decision"),
    path("cases/<int:pk>/ownership/", cases.tap, {"name": "ownership"}, name="case-ownership"),
    path("cases/<int:pk>/acceptance/", cases.tap, {"name": "acceptance"}, name="case-acceptance"),
    path("cases/<int:pk>/refusal/", cases.tap, {"name": "refusal"}, name="case-refusal"),
]
