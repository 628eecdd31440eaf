"""The addresses of head office."""

from django.urls import path

from warmline.doors.hq import (
    home,
    imports,
    merges,
    playbooks,
    products,
    rules,
    staff,
    stores,
    watching,
)

app_name = "hq"
urlpatterns = [
    path("", home.index, name="home"),
    path("playbooks/", playbooks.index, name="playbooks"),
    path("playbooks/new/", playbooks.edit, name="playbook-new"),
    path("playbooks/<int:pk>/", playbooks.edit, name="playbook"),
    path("playbooks/<int:pk>/switch/", playbooks.switch, name="playbook-switch"),
    path("products/", products.index, name="products"),
    path("products/new/", products.edit, name="product-new"),
    path("products/<int:pk>/", products.edit, name="product"),
    path("stores/", stores.index, name="stores"),
    path("stores/new/", stores.edit, name="store-new"),
    path("stores/<int:pk>/", stores.edit, name="store"),
    path("stores/<int:pk>/days/", stores.add_day, name="store-day"),
    path("staff/", staff.index, name="staff"),
    path("staff/new/", staff.edit, name="person-new"),
    path("staff/<int:pk>/", staff.edit, name="person"),
    path("staff/<int:pk>/password/", staff.new_password, name="person-password"),
    path("staff/<int:pk>/handover/", staff.hand_over, name="person-handover"),
    path("staff/<int:pk>/leaving/", staff.leave, name="person-leave"),
    path("outbox/", watching.outbox, name="outbox"),
    path("aside/", watching.aside, name="aside"),
    path("aside/retry/", watching.retry, name="aside-retry"),
    path("readings/", watching.readings, name="readings"),
    path("merges/", merges.index, name="merges"),
    path("merges/<int:pk>/undo/", merges.undo, name="merge-undo"),
    path("imports/", imports.index, name="imports"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/kind/", imports.say_kind, name="import-kind"),
    path("imports/<int:pk>/columns/", imports.say_columns, name="import-columns"),
    path("imports/<int:pk>/commit/", imports.commit, name="import-commit"),
    path("imports/<int:pk>/undo/", imports.undo, name="import-undo"),
    path("imports/<int:pk>/to-mend.<str:form>", imports.to_mend, name="import-to-mend"),
    path("imports/template/<str:kind>.csv", imports.template, name="import-template"),
    path("rules/", rules.edit, name="rules"),
]
