"""What can be done for a family, at the foot of its file: forms that stand closed until they are
wanted. They are the same for every family but for its number and what is known already."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from warmline.core.people.models import Child, Consent, Household
from warmline.doors.guide import complaints, texts
from warmline.doors.guide.blanks import blank
from warmline.doors.guide.facts import Baby, Facts
from warmline.look.stencils import stencil

if TYPE_CHECKING:
    from warmline.doors.guide.family import ChildForm, MemberForm

Form = forms.Form | None
draw = stencil("guide/family/_acts.html")
draw_consent = stencil("guide/family/_consent.html")
draw_news = stencil("guide/family/_news.html")
FEEDINGS = [f for f in Child.Feeding if f]


def drawn(
    family: Household,
    *,
    facts: Facts,
    token: str,
    child: "Callable[[], ChildForm]",
    member: "Callable[[], MemberForm]",
    wrong: dict[str, Any],
) -> SafeString:
    """`wrong` has the forms that could not be accepted, by name: with what was typed in them."""
    child_form, member_form = wrong.get("child_form"), wrong.get("member_form")
    text_form, complaint_form = wrong.get("text_form"), wrong.get("complaint_form")
    complained_at = family.complained_at
    return draw(
        family=family.pk,
        name=facts.name,
        csrf_token=token,
        once=uuid4().hex,
        is_child_open=bool(child_form),
        child=_fields(child_form, child),
        is_member_open=bool(member_form),
        member=_fields(member_form, member),
        consents=SafeString("".join(_consents(facts, family=family.pk, token=token))),
        is_text_open=bool(text_form),
        text_key=_key(text_form),
        text=_fields(text_form, texts.blank),
        complained_on=f"{complained_at:%Y-%m-%d}" if complained_at else "",
        is_complaint_open=bool(complaint_form),
        complaint_key=_key(complaint_form),
        complaint=_fields(complaint_form, complaints.blank),
    )


def news(child: Baby, *, family: int, token: str, wrong: Form) -> SafeString:
    """It is born, it is fed differently, it has a name now."""
    return draw_news(
        csrf_token=token,
        family=family,
        child=child.pk,
        name=child.name or _("Baby"),
        typed=child.name,
        is_born=child.born_on is not None,
        feedings=[(f.value, str(f.label), f.value == child.feeding) for f in FEEDINGS],
        fields=_fields(wrong, None) if wrong else "",
    )


def _fields(form: Form, empty: Callable[[], forms.Form] | None) -> SafeString:
    if form is not None:
        return render_to_string("guide/_typed.html", {"form": form})
    assert empty is not None
    return blank(empty)


def _key(form: Form) -> str:
    """What makes a second tap the same act as the first."""
    return str(form["key"].value()) if form else uuid4().hex


def _consents(facts: Facts, *, family: int, token: str) -> list[SafeString]:
    """What was allowed: each purpose for the family, and each baby's record by itself."""
    said = {(purpose, child): granted for purpose, child, granted in facts.consents}

    def line(purpose: Consent.Purpose, child: Baby | None) -> SafeString:
        return draw_consent(
            csrf_token=token,
            family=family,
            purpose=purpose.value,
            child=child.pk if child else None,
            label=f"{purpose.label} · {child.name}" if child else str(purpose.label),
            granted=said.get((purpose.value, child.pk if child else None), False),
        )

    lines = [line(Consent.Purpose.RECORD, child) for child in facts.children]
    return lines + [line(p, None) for p in Consent.Purpose if p != Consent.Purpose.RECORD]
