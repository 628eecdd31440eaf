"""The addresses of families and of whoever scans a store's code: nobody signs in here."""

from django.urls import path

from warmline.doors.parent import case, store

app_name = "parent"
urlpatterns = [
    path("store/<str:code>/", store.index, name="store"),
    path("store/<str:code>/received/", store.received, name="received"),
    path("s/<str:token>/", case.index, name="case"),
    path("s/<str:token>/words/", case.add, name="words"),
    path("s/<str:token>/unsolved/", case.not_solved, name="unsolved"),
    path("s/<str:token>/rating/", case.rate, name="rating"),
    path("s/<str:token>/photos/<int:pk>/", case.photo, name="photo"),
]
