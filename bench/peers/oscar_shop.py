"""The shop itself, run by `place_order.py` in an environment of its own: settings, goods, and selling."""

import os
import sys
from urllib.parse import parse_qs, urlsplit

from oscar.defaults import *  # noqa: F403

_url = urlsplit(os.environ["BENCH_DATABASE"])
_query = {name: values[0] for name, values in parse_qs(_url.query).items()}
SECRET_KEY = "bench"
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "oscar.config"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": _url.username or _query.get("user", ""),
        "PASSWORD": _url.password or "",
        "HOST": _url.hostname or _query.get("host", ""),
        "PORT": str(_url.port or _query.get("port", "")),
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
]
PRODUCTS, CUSTOMERS = 500, 1_000


def fill() -> None:
    """Products with stock, customers, a site."""
    from decimal import Decimal

    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    kind = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=True)
    partner = get_model("partner", "Partner").objects.create(name="Bench")
    product_model, stock_model = (
        get_model("catalogue", "Product"),
        get_model("partner", "StockRecord"),
    )
    for n in range(PRODUCTS):
        product = product_model.objects.create(title=f"Product {n}", product_class=kind)
        stock_model.objects.create(
            product=product,
            partner=partner,
            partner_sku=f"P{n}",
            price=Decimal("85.25"),
            num_in_stock=10_000_000,
        )
    people = get_user_model()
    people.objects.bulk_create(people(username=f"c{n}") for n in range(CUSTOMERS))


def sell(seconds: float) -> dict[str, float]:
    """Orders of three lines, two of each, for so long."""
    import random
    import time
    import uuid

    from django.contrib.auth import get_user_model
    from django.db import transaction
    from oscar.core.loading import get_class, get_model

    basket_model, product_model = get_model("basket", "Basket"), get_model("catalogue", "Product")
    creator, strategy = (
        get_class("order.utils", "OrderCreator")(),
        get_class("partner.strategy", "Default")(),
    )
    calculator = get_class("checkout.calculators", "OrderTotalCalculator")()
    free = get_class("shipping.methods", "Free")()
    products = list(product_model.objects.all())
    people = list(get_user_model().objects.all())

    def order() -> None:
        with transaction.atomic():
            basket = basket_model.objects.create(owner=random.choice(people))
            basket.strategy = strategy
            for product in random.sample(products, 3):
                basket.add_product(product, 2)
            charge = free.calculate(basket)
            creator.place_order(
                basket=basket,
                total=calculator.calculate(basket, charge),
                shipping_method=free,
                shipping_charge=charge,
                user=basket.owner,
                order_number=uuid.uuid4().hex,
            )
            basket.submit()

    for _warm_up in range(10):
        order()
    orders, begun, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() - begun < seconds:
        order()
        orders += 1
    return {
        "done": orders,
        "seconds": time.monotonic() - begun,
        "cpu_s": time.process_time() - cpu,
    }


if __name__ == "__main__":
    import json

    import django

    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        print(json.dumps(sell(float(sys.argv[2]))))
