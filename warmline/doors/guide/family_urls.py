"""The addresses of what stands beside a family's file."""

from django.urls import path

from warmline.doors.guide import handovers

urlpatterns = [
    path("families/<int:pk>/handover/refusal/", handovers.refuse, name="handover-refusal"),
]
