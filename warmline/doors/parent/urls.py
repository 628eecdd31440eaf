"""The addresses of families and of whoever scans a store's code: nobody signs in here."""

from django.urls import path

from warmline.doors.parent import case, store, trace

app_name = "parent"
urlpatterns = [
    path("01/<str:gtin>/21/<str:serial>", trace.unit, name="unit"),
    path("01/<str:gtin>/21/<str:serial>/", trace.unit),
    path("01/<str:gtin>/10/<str:lot>/21/<str:serial>", trace.unit),
    path("01/<str:gtin>/10/<str:number>/papers/<int:pk>/", trace.paper, name="paper"),
    path("t/<str:code>", trace.short, name="short"),
    path(".well-known/gs1resolver", trace.described, name="resolver"),
    path("store/<str:code>/", store.index, name="store"),
    path("store/<str:code>/received/", store.received, name="received"),
    path("s/<str:token>/", case.index, name="case"),
    path("s/<str:token>/words/", case.add, name="words"),
    path("s/<str:token>/unsolved/", case.not_solved, name="unsolved"),
    path("s/<str:token>/rating/", case.rate, name="rating"),
    path("s/<str:token>/photos/<int:pk>/", case.photo, name="photo"),
]
