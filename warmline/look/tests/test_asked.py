"""Django's fields speak our Chinese, whatever Django's own catalogue says."""

from django import forms
from django.utils.translation import override


class Form(forms.Form):
    n = forms.IntegerField(min_value=1, max_value=9)
    words = forms.CharField(max_length=3)
    which = forms.ChoiceField(choices=[("a", "A")])


def said(data):
    with override("zh-hans"):
        return [errors[0] for errors in Form(data).errors.values()]


def test_what_is_wrong_is_said_as_we_say_it():
    assert said({}) == ["这里要填。"] * 3
    assert said({"n": "0", "words": "四个字了", "which": "b"}) == [
        "最小是 1。",
        "最多 3 个字，现在有 4 个。",
        "“b”现在不能选，请另选一项。",
    ]
    assert said({"n": "10", "words": "好", "which": "a"}) == ["最大是 9。"]
