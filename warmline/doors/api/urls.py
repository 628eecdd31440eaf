"""The addresses of the API: resources by ninja, the docs page, and webhooks."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from warmline.doors.api import (
    cases,
    docs,
    hooks,
    households,
    products,
    promises,
    run_outs,
    sales,
    units,
)
from warmline.doors.api.door import api

for module in (households, products, sales, promises, cases, run_outs, units):
    api.add_router("", module.router)


class Source(StringConverter):
    regex = "[A-Za-z0-9][A-Za-z0-9_.-]{0,29}"


register_converter(Source, "source")
app_name = "api"
HOOKS = [
    path("hooks/wecom", hooks.wecom, name="hook-wecom"),
    path("hooks/<str:name>/<str:what>/<str:secret>", hooks.provider, name="hook-provider"),
    path("hooks/<source:source>", hooks.signed, name="hook-signed"),
]
urlpatterns = [path("docs", docs.page, name="docs"), *HOOKS, *api.urls[0]]
