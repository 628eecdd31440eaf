"""Widgets drawn by us say what Django's own templates say."""

from datetime import date

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from warmline.look.widgets import DRAWN, Renderer

GROUPED = [
    ("", "全部"),
    ("华东 & 华南", [(1, "<春熙路店>"), (2, SafeString("<b>二店</b>"))]),
    (3, 1234),
]


class Form(forms.Form):
    store = forms.ChoiceField(choices=GROUPED, required=False)
    many = forms.MultipleChoiceField(choices=[("a", gettext_lazy("All")), ("b", "B")])
    typed = forms.TypedChoiceField(choices=[(True, "ja"), (None, "—")], coerce=bool)
    name = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"data-x": 'a"b', "ok": False})
    )
    count = forms.IntegerField(min_value=1, initial=12345)
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), initial=date(2026, 11, 29))
    key = forms.CharField(widget=forms.HiddenInput, initial="<k>")
    secret = forms.CharField(widget=forms.PasswordInput)
    mail = forms.EmailField(disabled=True)
    words = forms.CharField(widget=forms.Textarea)


def squeezed(html):
    return [line.strip() for line in html.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "data", [None, {"store": "1", "many": ["b"], "name": '"><script>', "typed": "True", "key": "2"}]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_widget_says_what_djangos_does(settings, data, language):
    settings.LANGUAGE_CODE = language
    theirs = Form(data, renderer=DjangoTemplates())
    ours = Form(data, renderer=Renderer())
    for field, other in zip(ours, theirs, strict=True):
        assert squeezed(str(field)) == squeezed(str(other)), field.name
    assert "<script>" not in str(ours["name"])


def test_what_is_drawn_by_us_is_what_these_widgets_ask_for():
    asked = {field.field.widget.template_name for field in Form()}
    assert set(DRAWN) >= asked - {"django/forms/widgets/textarea.html"}


@pytest.mark.parametrize(("must", "words"), [(True, "请选择"), (False, "无")])
def test_a_list_where_nothing_is_chosen_says_so_in_words(must, words):
    class Plain(forms.Form):
        store = forms.ModelChoiceField(ContentType.objects.none(), required=must)
        size = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("m", "M")], required=must)

    with override("zh-hans"):
        drawn = str(Plain(renderer=Renderer()))
    assert "---" not in drawn
    assert drawn.count(f">{words}</option>") == 2
