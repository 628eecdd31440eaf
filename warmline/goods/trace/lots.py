"""A lot as head office writes it down: what it is, what families may read of it, and its papers."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.core.people.models import Staff
from warmline.goods.catalog.models import Product
from warmline.goods.trace.identity.keys import BadKey, gtin14
from warmline.goods.trace.models import Certificate, Lot, Paper

PAPER_BYTES_MAX = 10 * 2**20
PAPERS_MAX = 40  # of one lot
STORY_MAX = 30  # materials, and steps
# What an import's documents say; a family reads these names in its own language.
IMPORT_FACTS: dict[str, Any] = {
    "country": gettext_lazy("Made in"),
    "port": gettext_lazy("Port of entry"),
    "entered_on": gettext_lazy("Entered on"),
    "importer": gettext_lazy("Importer"),
    "declaration": gettext_lazy("Customs declaration"),
    "quarantine": gettext_lazy("Inspection and quarantine certificate"),
    "warehouse": gettext_lazy("Bonded warehouse"),
}
KINDS_OF_FILE = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


def put(
    *,
    gtin: str,
    number: str,
    made_on: date | None = None,
    expires_on: date | None = None,
    made_at: str = "",
    story: dict[str, Any] | None = None,
    lot: Lot | None = None,
) -> Lot:
    """Write a lot down, or write it anew. Its bar code and number stay what they are."""
    if made_on and expires_on and expires_on <= made_on:
        raise ValidationError({"expires_on": _("The last day is after the day it was made.")})
    number = number.strip()
    if not number or not set(number) <= LOT_LETTERS:
        raise ValidationError(
            {"number": _("A lot number has letters, digits, dots and dashes, at most 20.")}
        )
    try:
        gtin = gtin14(gtin)
    except BadKey:
        raise ValidationError({"gtin": _("This bar code has a wrong digit.")}) from None
    if lot is None:
        lot = Lot(gtin=gtin, number=number)
    lot.product = Product.objects.filter(gtin=lot.gtin).first()
    if lot.product is None:
        raise ValidationError({"gtin": _("No product has this bar code: add the product first.")})
    lot.made_on, lot.expires_on, lot.made_at = made_on, expires_on, made_at.strip()[:120]
    if story is not None:
        lot.story = _told(story)
    try:
        with transaction.atomic():
            lot.save()
    except IntegrityError:
        raise ValidationError({"number": _("This product has a lot of this number.")}) from None
    return lot


LOT_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


def import_facts(story: dict[str, Any]) -> list[tuple[Any, str]]:
    """What the documents of an import say, with its name, in the order in which it happened."""
    said = story.get("import") or {}
    return [(label, said[name]) for name, label in IMPORT_FACTS.items() if said.get(name)]


def _told(story: dict[str, Any]) -> dict[str, Any]:
    """What families read, and nothing empty among it."""

    def rows(name: str, names: Sequence[str]) -> list[dict[str, str]]:
        kept = [
            {k: str(row.get(k) or "").strip()[:120] for k in names} for row in story.get(name, ())
        ]
        return [{k: v for k, v in row.items() if v} for row in kept if row["name"]][:STORY_MAX]

    imported = {k: str(v).strip()[:120] for k, v in (story.get("import") or {}).items()}
    return {
        "materials": rows("materials", ("name", "origin", "maker", "lot")),
        "steps": rows("steps", ("name", "at", "note")),
        "import": {k: v for k, v in imported.items() if v},
    }


@transaction.atomic
def add_certificate(
    lot: Lot,
    *,
    sort: str,
    number: str,
    issuer: str,
    issued_on: date,
    content: bytes = b"",
    by: Staff | None = None,
) -> Certificate:
    """A paper of the lot, with its file if there is one."""
    Lot.objects.select_for_update().get(pk=lot.pk)
    if lot.certificates.count() >= PAPERS_MAX:
        raise ValidationError(_("A lot has at most %(most)s papers.") % {"most": PAPERS_MAX})
    mime = kind_of_file(content) if content else ""
    if lot.certificates.filter(number=number.strip()).exists():
        raise ValidationError({"number": _("This lot has a paper of this number.")})
    made = Certificate.objects.create(
        lot=lot,
        sort=sort,
        number=number.strip(),
        issuer=issuer.strip(),
        issued_on=issued_on,
        sha256=sha256(content).hexdigest() if content else "",
    )
    if content:
        Paper.objects.create(certificate=made, content=content, mime=mime, put_in_by=by)
    return made


def kind_of_file(content: bytes) -> str:
    """What the file really is: its name proves nothing."""
    if len(content) > PAPER_BYTES_MAX:
        raise ValidationError({"file": _("A paper has at most 10 MB.")})
    for head, (mime, _ending) in KINDS_OF_FILE.items():
        if content.startswith(head):
            return mime
    raise ValidationError({"file": _("A paper is a PDF, or a picture (JPEG, PNG).")})


def file_name(certificate: Certificate, mime: str) -> str:
    ending = next((e for m, e in KINDS_OF_FILE.values() if m == mime), "bin")
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in certificate.number)
    return f"{plain}.{ending}"


def take_away(certificate: Certificate) -> None:
    """A paper that was put in by mistake."""
    certificate.delete()
