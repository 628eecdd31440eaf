"""What a family types in: as few fields as can be."""

import secrets
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.service.desk import picturing
from warmline.service.desk.models import CaseKind

WORDS_MAX = 2000


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Some photos, drawn anew; or a sentence about why not."""

    def __init__(self, **kwargs: Any) -> None:
        widget = ManyFiles({"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(
            label=gettext_lazy("Photos"), required=False, widget=widget, max_length=200, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> list[tuple[bytes, int, int]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files: list[tuple[BinaryIO, int]] = [
            (cast(BinaryIO, file), file.size or 0)
            for file in given
            if isinstance(file, UploadedFile)
        ]
        try:
            return picturing.check(files)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


def key_field() -> forms.CharField:
    """So that a form sent twice, by a tired network, is one."""
    return forms.CharField(
        max_length=40, min_length=8, widget=forms.HiddenInput, initial=lambda: secrets.token_hex(16)
    )


def words_field(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_MAX, required=required, widget=forms.Textarea({"rows": 5})
    )


class AskForm(forms.Form):
    words = words_field(
        gettext_lazy("What happened, or what would you like to know?"), required=True
    )
    kind = forms.ModelChoiceField(
        CaseKind.objects.offered(),
        to_field_name="code",
        label=gettext_lazy("It is about"),
        empty_label=None,
    )
    name = forms.CharField(label=gettext_lazy("How may we call you?"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("We answer on it, and send you the link to follow this."),
    )
    photos = PhotosField()
    key = key_field()

    def clean_phone(self) -> str:
        try:
            phone = parse_phone(self.cleaned_data["phone"])
        except BadCell as error:
            raise ValidationError(error.sentence) from error
        if not phone:
            raise ValidationError(forms.Field.default_error_messages["required"])
        return phone


class MoreForm(forms.Form):
    words = words_field(gettext_lazy("Add something"))
    photos = PhotosField()
    key = key_field()


class NotSolvedForm(forms.Form):
    words = words_field(gettext_lazy("What is still not right?"))
    key = key_field()


class RatingForm(forms.Form):
    score = forms.IntegerField(min_value=1, max_value=5)
