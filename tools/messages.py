"""Extract, update and compile every screen's words; list what is not said in Chinese yet.

    tools/messages.py            update every `locale/zh_Hans/LC_MESSAGES/django.po` and its .mo
    tools/messages.py --check    change nothing; fail when something is missing or stale

Each app keeps its own words. English is the message itself, so only Chinese has files.
"""

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
SKIPPED = {"tests", "migrations", "static", "node_modules"}


def apps() -> list[Path]:
    """Every package that keeps words: the nearest folder with models, templates or an __init__."""
    found = [
        ROOT / "warmline" / x
        for x in ("base", "look", "cli", "reactions", "insight", "world", "fakes")
    ]
    for layer in ("core", "goods", "service", "doors"):
        found += sorted(
            p for p in (ROOT / "warmline" / layer).iterdir() if (p / "__init__.py").exists()
        )
    return [p for p in found if p.is_dir()]


def sources(app: Path) -> list[Path]:
    files = [*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]
    return sorted(f for f in files if not SKIPPED & set(f.relative_to(app).parts))


def words_of(app: Path) -> Catalog:
    """All messages that the app's Python and templates say."""
    catalog = Catalog(locale="zh_Hans", fuzzy=False, project="Warmline", charset="utf-8")
    for file in sources(app):
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            if "translate" not in text and "trans " not in text:
                continue
            # Its filler keeps the line numbers, and is indented as no Python is.
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        found = extract("python", io.BytesIO(text.encode()), KEYWORDS, strip_comment_tags=True)
        for _line, message, comments, context in found:
            if message and message != ("",):
                flags = ["python-format"] if _is_format(message) else []
                catalog.add(message, None, flags=flags, auto_comments=comments, context=context)
    return catalog


def _is_format(message: str | tuple[str, ...]) -> bool:
    text = message if isinstance(message, str) else " ".join(message)
    return bool(re.search(r"%\([a-z_0-9]+\)[sd]", text))


def settle(app: Path, *, check: bool) -> list[str]:
    """Bring one app's catalogue up to date; what is wrong with it."""
    template = words_of(app)
    if not len(template):
        return []
    folder = app / "locale" / "zh_Hans" / "LC_MESSAGES"
    po, mo = folder / "django.po", folder / "django.mo"
    catalog = Catalog(locale="zh_Hans", project="Warmline")
    if po.exists():
        with po.open("rb") as file:
            catalog = read_po(file, locale="zh_Hans")
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Warmline in Chinese"
    missing = [m for m in catalog if m.id and not _said(m.string)]
    words = [f"{app.relative_to(ROOT)}: not said in Chinese: {m.id!r}" for m in missing]
    text, binary = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, omit_header=False, sort_output=True, no_location=True, width=100)
    plain = re.sub(
        rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid'
        rb"-Bugs-To|Generated-By):.*\n",
        b"",
        text.getvalue(),
        flags=re.M,
    )
    plain = plain.replace(b'#, fuzzy\nmsgid ""\n', b'msgid ""\n', 1)
    with io.BytesIO(plain) as again:
        settled = read_po(again, locale="zh_Hans")
    settled.creation_date = settled.revision_date = FIXED  # the same words give the same bytes
    write_mo(binary, settled)
    if check:
        stale = not po.exists() or po.read_bytes() != plain
        stale = stale or not mo.exists() or mo.read_bytes() != binary.getvalue()
        return words + ([f"{app.relative_to(ROOT)}: run tools/messages.py"] if stale else [])
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in ((po, plain), (mo, binary.getvalue())):
        if not file.exists() or file.read_bytes() != content:  # what is the same is left alone
            file.write_bytes(content)
    return words


def at_odds(found: list[Path]) -> list[str]:
    """One message has one wording: Django takes whichever app's comes first, for all of them."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for app in found:
        po = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        if not po.exists():
            continue
        with po.open("rb") as file:
            for m in read_po(file, locale="zh_Hans"):
                if m.id and _said(m.string):
                    wording = m.string if isinstance(m.string, str) else " / ".join(m.string)
                    name = m.id if isinstance(m.id, str) else m.id[0]
                    said.setdefault((m.context, name), {})[wording] = str(app.relative_to(ROOT))
    return [
        f"said in two ways, give one of them a context: {name!r}: "
        + ", ".join(f"{wording} ({app})" for wording, app in ways.items())
        for (_context, name), ways in said.items()
        if len(ways) > 1
    ]


def _said(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def main() -> int:
    settings.configure(USE_I18N=True)
    check = "--check" in sys.argv
    only = [a for a in sys.argv[1:] if not a.startswith("-")]
    wrong = [
        w
        for app in apps()
        if not only or any(str(app).endswith(o.strip("/")) for o in only)
        for w in settle(app, check=check)
    ]
    if not only:
        wrong += at_odds(apps())
    print("\n".join(wrong) or "every word is said in Chinese")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
