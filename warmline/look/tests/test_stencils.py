"""A stencil says what its template says, whatever the words are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from warmline.look.stencils import CUTS_MAX, Stencil

urlpatterns = [path("file/<int:pk>/", lambda request, pk: HttpResponse(), name="file")]
pytestmark = pytest.mark.urls(__name__)
LINE = "sample/stencil.html"
PLAIN: dict[str, Any] = {"pk": 7, "who": "林晓", "is_late": False, "note": "", "facts": []}


@pytest.fixture(autouse=True)
def samples() -> Iterator[None]:
    here = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    with override_settings(TEMPLATES=here):
        yield


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "words",
    [
        {},
        {"is_late": True},
        {"note": "二胎"},
        {"who": "<b>\"&'", "note": SafeString("<i>安安</i>")},
        {"pk": 12_345_678_901, "facts": [("每天", "95 克"), ("间隔", "")]},
        {"who": "\ue0000\ue001", "note": "9000000000000000"},
    ],
)
def test_it_draws_what_the_template_draws(words: dict[str, Any], language: str) -> None:
    line = Stencil(LINE)
    said = {**PLAIN, **words}
    with override(language):
        drawn = render_to_string(LINE, said)
        assert line.fill(**said) == drawn
        assert line.fill(**said) == drawn


def test_lines_of_one_shape_share_a_cut_and_no_words() -> None:
    line = Stencil(LINE)
    first = line.fill(**PLAIN)
    second = line.fill(**{**PLAIN, "who": "陈雨", "pk": 8})
    assert len(line.cuts) == 1
    assert "林晓" in first
    assert "陈雨" in second
    assert "林晓" not in second
    assert "/file/8/" in second


def test_what_is_not_ready_to_be_read_is_refused() -> None:
    with pytest.raises(TypeError):
        Stencil(LINE).fill(**{**PLAIN, "who": gettext_lazy("Close")})


def test_shapes_without_end_do_not_fill_the_memory() -> None:
    line = Stencil(LINE)
    for n in range(CUTS_MAX + 5):
        line.fill(**{**PLAIN, "facts": [("a", "b")] * n})
    assert len(line.cuts) <= CUTS_MAX
