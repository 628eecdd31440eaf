"""The addresses of the guide door."""

from django.urls import URLPattern

app_name = "guide"
urlpatterns: list[URLPattern] = []
