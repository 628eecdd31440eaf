"""The words of the screens: brought up to date twice, they are the same files."""

import os

import pytest

from tools import messages

SCREEN = """{% load i18n %}<h1>{% translate "Good morning" %}</h1>
<p>{% blocktranslate %}{{ n }} calls{% endblocktranslate %}</p>"""


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    (tmp_path / "morning").mkdir()
    (tmp_path / "morning" / "index.html").write_text(SCREEN)
    return tmp_path / "morning"


def catalogues(app):
    """Each file with its content and the moment it was written."""
    return {
        file.name: (file.read_bytes(), os.stat(file).st_mtime_ns) for file in app.rglob("django.*")
    }


def test_a_second_run_changes_nothing_and_touches_nothing(app):
    assert len(messages.settle(app, check=False)) == 2  # neither is said in Chinese
    po = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.write_text(
        po.read_text().replace('"Good morning"\nmsgstr ""', '"Good morning"\nmsgstr "早"')
    )
    messages.settle(app, check=False)
    first = catalogues(app)

    messages.settle(app, check=False)

    assert catalogues(app) == first
    assert set(first) == {"django.po", "django.mo"}
    assert "早".encode() in first["django.mo"][0]


def test_the_check_says_when_a_file_is_stale(app):
    messages.settle(app, check=False)
    missing = messages.settle(app, check=True)
    (app / "index.html").write_text(SCREEN.replace("calls", "more calls"))
    assert messages.settle(app, check=True)[-1] == "morning: run tools/messages.py"
    assert "morning: run tools/messages.py" not in missing


def test_a_message_is_said_in_one_way(app, tmp_path):
    """ "Who" of a family was "Who" of a table, too: the page of a recall asked for an identity."""
    other = tmp_path / "evening"
    other.mkdir()
    (other / "index.html").write_text(SCREEN)
    for one, words in ((app, "早"), (other, "早上好")):
        messages.settle(one, check=False)
        po = one / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        po.write_text(
            po.read_text().replace('"Good morning"\nmsgstr ""', f'"Good morning"\nmsgstr "{words}"')
        )

    [wrong] = messages.at_odds([app, other])

    assert "Good morning" in wrong
    assert "早上好 (evening)" in wrong
