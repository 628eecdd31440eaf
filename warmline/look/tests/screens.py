"""Screens to try the kit on: the ones of the design, filled with its own words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import sleep
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt

from warmline.base.clock import now
from warmline.look import installable

SATURDAY = date(2026, 11, 21)


class StoreForm(forms.Form):
    name = forms.CharField(label="店名", help_text="顾客看到的名字")
    city = forms.CharField(label="城市", required=False)
    kind = forms.ChoiceField(
        label="类型", choices=[("a", "社区店"), ("b", "商场店")], widget=forms.RadioSelect
    )
    open = forms.BooleanField(label="营业中", required=False)


def _times() -> dict[str, datetime]:
    return {
        "late": now() - timedelta(minutes=20),
        "soon": now() + timedelta(minutes=40),
        "afternoon": now() + timedelta(hours=5, minutes=30),
        "tomorrow": now() + timedelta(days=1, minutes=30),
    }


def today(request: HttpRequest) -> HttpResponse:
    sleep(SERVER.wait_s)
    babies = {
        "anan": date(2026, 7, 9),
        "doudou": date(2026, 5, 21),
        "guoguo": date(2026, 11, 10),
    }
    return render(request, "sample/today.html", {"saturday": SATURDAY, **_times(), **babies})


def family(request: HttpRequest) -> HttpResponse:
    outcomes = ["接通", "未接", "改期", "已购", "拒打", "断奶"]
    context = {
        "anan": date(2026, 7, 9),
        "p10": SATURDAY + timedelta(days=4),
        "p50": SATURDAY + timedelta(days=7),
        "p90": SATURDAY + timedelta(days=12),
        "gone10": SATURDAY - timedelta(days=1),
        "gone50": SATURDAY + timedelta(days=2),
        "gone90": SATURDAY + timedelta(days=4),
        "trend": [18, 21, 20, None, 24, 22],
        "outcomes": outcomes,
    }
    return render(request, "sample/family.html", {**context, **_times()})


def board(request: HttpRequest) -> HttpResponse:
    at = _times()
    form = StoreForm({"city": "成都"})
    form.add_error(None, "这家店已经有了。")
    rows = [
        ("春熙路店", "周洁", 86, 84, "kept", "97.7%", "罐口没有封好", at["late"], "open"),
        ("建设路店", "吴倩", 74, 73, "kept", "98.6%", "转段回访", at["soon"], "open"),
        (
            "金牛万达店",
            "何静",
            69,
            61,
            "broken",
            "88.4%",
            "少送一听",
            at["tomorrow"],
            "open",
        ),
        ("温江店", "李娜", 58, 58, "kept", "100%", "生日问候", at["late"], "kept"),
    ]
    return render(request, "sample/board.html", {"rows": rows, "form": form})


class Counter:
    """What a server of the tests was sent, and what it is told to answer."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.status = 200
        self.signed_in = True
        self.wait_s = 0.0


SERVER = Counter()


@csrf_exempt
def posts(request: HttpRequest) -> HttpResponse:
    sleep(SERVER.wait_s)
    if not SERVER.signed_in:
        return HttpResponse(status=401)
    if SERVER.status == 200:
        SERVER.posts.append((request.headers["Idempotency-Key"], request.POST["note"]))
        return HttpResponse(f"记下了：{escape(request.POST['note'])}")
    return HttpResponse("<p>swapped by mistake</p>", status=SERVER.status)


@csrf_exempt
def plain_posts(request: HttpRequest) -> HttpResponse:
    if not SERVER.signed_in:
        return redirect("/sign-in/?next=/plain-posts/")
    if request.POST.get("note"):
        SERVER.posts.append((request.headers.get("Idempotency-Key", ""), request.POST["note"]))
    return (
        redirect("/forms/")
        if SERVER.status == 200
        else render(request, "sample/forms.html", status=SERVER.status)
    )


@csrf_exempt
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        SERVER.signed_in = True
        return redirect(request.POST["next"])
    return render(request, "sample/login.html")


def sample(name: str) -> Callable[[HttpRequest], HttpResponse]:
    def screen(request: HttpRequest) -> HttpResponse:
        request.user = SimpleNamespace(pk=7, is_authenticated=True)  # type: ignore[assignment]
        return render(request, f"sample/{name}.html")

    return screen


def stale(request: HttpRequest) -> HttpResponse:
    return render(request, "409.html")


guide = (
    [
        path("", today, name="today"),
        path("families/", family, name="families"),
        path("cases/", sample("today"), name="cases"),
        path("scan/", sample("scan"), name="scan"),
        path("me/", stale, name="me"),
    ],
    "guide",
)
hq = ([path("", board, name="board"), path("stores/", stale, name="stores")], "hq")
urlpatterns = [
    path("", include(guide)),
    path("hq/", include(hq)),
    path("sw.js", installable.service_worker),
    path("manifest.webmanifest", installable.manifest),
    path("forms/", sample("forms")),
    path("posts/", posts),
    path("plain-posts/", plain_posts),
    path("sign-out/", csrf_exempt(lambda request: redirect("/sign-in/"))),
    path("sign-in/", sign_in, name="account_login"),
]
