"""Widgets drawn quickly: a list of two hundred stores cost more than the rest of its page, as Django
draws each option with two templates. The words are the same, to the letter; only for its dashes in a
list where nothing is chosen there are words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

[(_NOTHING, DASHES)] = BLANK_CHOICE_DASH
Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """Django's own, but for the widgets that stand on every page."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: Widget) -> SafeString:
    said = [f'<select name="{conditional_escape(widget["name"])}"{_attrs(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            said.append(f'\n  <optgroup label="{_word(group)}">')
        said += [f"\n  {_option(option, must=widget['required'])}\n" for option in options]
        if group:
            said.append("\n  </optgroup>")
    said.append("\n</select>\n")
    return SafeString("".join(said))


def _option(option: Widget, *, must: bool) -> str:
    value = conditional_escape(str(option["value"]))
    label = option["label"]
    if label == DASHES:
        label = pgettext("of a list", "please choose") if must else pgettext("of a list", "none")
    return f'<option value="{value}"{_attrs(option)}>{_word(label)}</option>'


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    said = f' value="{conditional_escape(str(value))}"' if value is not None else ""
    name, kind = conditional_escape(widget["name"]), conditional_escape(widget["type"])
    return SafeString(f'<input type="{kind}" name="{name}"{said}{_attrs(widget)}>\n')


def _attrs(widget: Widget) -> str:
    said = []
    for name, value in widget["attrs"].items():
        if value is True:
            said.append(f" {conditional_escape(name)}")
        elif value is not False:
            said.append(f' {conditional_escape(name)}="{conditional_escape(str(value))}"')
    return "".join(said)


def _word(word: Any) -> str:
    return conditional_escape(localize(word) if isinstance(word, int | float) else word)


DRAWN: Mapping[str, Callable[[Widget], SafeString]] = {
    "django/forms/widgets/select.html": _select,
    **dict.fromkeys(
        (
            f"django/forms/widgets/{kind}.html"
            for kind in ("input", "text", "number", "email", "hidden", "date", "time", "password")
        ),
        _input,
    ),
}
