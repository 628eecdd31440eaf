"""The addresses of what stands beside a family's file, and of a region's stores."""

from django.urls import path

from warmline.doors.guide import dates, handovers, people, region, standing

urlpatterns = [
    path("families/<int:pk>/handover/refusal/", handovers.refuse, name="handover-refusal"),
    path("families/<int:pk>/dates/", dates.index, name="dates"),
    path("families/<int:pk>/dates/<int:day>/", dates.edit, name="date"),
    path("families/<int:pk>/dates/<int:day>/end/", dates.drop, name="date-end"),
    path("families/<int:pk>/people/", people.index, name="people"),
    path("families/<int:pk>/people/adults/<int:member>/", people.member, name="person"),
    path("families/<int:pk>/people/babies/<int:child>/", people.baby, name="person-baby"),
    path("families/<int:pk>/standing/", standing.edit, name="standing"),
    path("region/", region.index, name="region"),
    path("region/<int:store>/", region.store_day, name="store-day"),
]
