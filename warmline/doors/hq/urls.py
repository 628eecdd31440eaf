"""The addresses of the hq door."""

from django.urls import URLPattern

app_name = "hq"
urlpatterns: list[URLPattern] = []
