"""Where each door stands."""

from django.urls import include, path

from warmline.base import health

urlpatterns = [
    path("livez", health.alive),
    path("readyz", health.ready),
    path("metrics", health.metrics),
    path("accounts/", include("warmline.core.people.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("hq/", include("warmline.doors.hq.urls")),
    path("desk/", include("warmline.doors.agent.urls")),
    path("api/v1/", include("warmline.doors.api.urls")),
    path("", include("warmline.doors.parent.urls")),
    path("", include("warmline.doors.guide.urls")),
]
handler400 = "warmline.base.web.bad_request"
handler403 = "warmline.base.web.forbidden"
handler404 = "warmline.base.web.not_found"
handler500 = "warmline.base.web.broken"
