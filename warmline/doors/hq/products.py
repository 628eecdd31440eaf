"""Products: what one pack holds decides when it is used up."""

from decimal import Decimal

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from warmline.doors.hq.access import HQRequest, hq_only
from warmline.goods.catalog.models import Category, Product
from warmline.goods.catalog.products import ProductIn, upsert
from warmline.look.tables import Column, listing


class ProductForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Article number"), max_length=40)
    gtin = forms.CharField(label=gettext_lazy("Bar code"), max_length=20, required=False)
    name = forms.CharField(label=gettext_lazy("Name of the product"), max_length=120)
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=60, required=False)
    category = forms.ModelChoiceField(
        Category.objects.order_by("pk"), label=gettext_lazy("Category"), to_field_name="code"
    )
    stage = forms.IntegerField(
        label=gettext_lazy("Stage"), required=False, min_value=1, max_value=4
    )
    size = forms.CharField(label=gettext_lazy("Size"), max_length=10, required=False)
    spec = forms.CharField(label=gettext_lazy("Specification"), max_length=60, required=False)
    content = forms.FloatField(
        label=gettext_lazy("One pack holds"),
        required=False,
        min_value=0.001,
        help_text=gettext_lazy(
            "In the category's unit; left empty it is read off the specification."
        ),
    )
    price = forms.DecimalField(
        label=gettext_lazy("Price"), required=False, min_value=Decimal(0), max_digits=10,
        decimal_places=2,
    )  # fmt: skip
    opened_days = forms.IntegerField(
        label=gettext_lazy("Keeps, once opened, days"), required=False, min_value=1, max_value=999
    )
    is_active = forms.BooleanField(label=gettext_lazy("It is sold"), required=False, initial=True)


@require_safe
@hq_only
def index(request: HQRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    rows = Product.objects.select_related("category").order_by("category", "name")
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(code=text)
    columns = [
        Column(_("Article number"), lambda p: p.code),
        Column(_("Bar code"), lambda p: p.gtin or ""),
        Column(_("Product"), lambda p: p.name, link=lambda p: reverse("hq:product", args=[p.pk])),
        Column(_("Brand"), lambda p: p.brand),
        Column(_("Category"), lambda p: str(p.category.name)),
        Column(_("Stage"), lambda p: p.stage or "", is_number=True),
        Column(_("One pack holds"), lambda p: p.content, is_number=True),
        Column(_("Price"), lambda p: p.price, is_number=True),
    ]
    return listing(
        request,
        "hq/list.html",
        rows,
        columns,
        name="products",
        title=_("Products"),
        heading=_("What do we sell?"),
        add=reverse("hq:product-new"),
        add_words=_("New product"),
        icon="milk",
        why=_("Import your products, or add the first by hand."),
    )


@require_http_methods(["GET", "POST"])
@hq_only
def edit(request: HQRequest, pk: int | None = None) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk) if pk else None
    initial = {n: getattr(product, n) for n in ProductForm.base_fields} if product else {}
    if product:
        initial["category"] = product.category.code
    form = ProductForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"category": form.cleaned_data["category"].code}
        put = upsert([ProductIn(**said)])[0]
        if put.outcome != "refused":
            return redirect("hq:products")
        form.add_error(None, put.detail or put.error)
    context = {
        "form": form,
        "title": product.name if product else _("New product"),
        "back": reverse("hq:products"),
    }
    return render(request, "hq/form.html", context, status=422 if form.is_bound else 200)
