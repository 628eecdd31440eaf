"""A command that fails says what is wrong and what to do, and leaves with 1."""

import errno

import click
import psycopg
import pytest
from click.testing import CliRunner

from warmline.base.trouble import Trouble
from warmline.cli.plainly import PlainGroup


@pytest.fixture
def failing(monkeypatch):
    """What a command says that fails with this error."""
    monkeypatch.setenv("WARMLINE_LANGUAGE", "en")
    monkeypatch.delenv("WARMLINE_TRACEBACK", raising=False)

    def fail(error: Exception) -> str:
        @click.group(cls=PlainGroup)
        def main() -> None: ...

        @main.command()
        def work() -> None:
            raise error

        done = CliRunner().invoke(main, ["work"])
        assert done.exit_code == 1
        assert "Traceback" not in done.stderr
        return " ".join(done.stderr.split())

    return fail


def test_a_trouble_is_said_with_its_remedy(failing):
    said = failing(Trouble("It is raining.", mend="Take an umbrella."))
    assert said == "✗ It is raining. → Take an umbrella."


def test_a_database_away_is_told_from_other_errors(failing):
    said = failing(psycopg.OperationalError("connection refused\nmore"))
    assert "The database cannot be reached: connection refused" in said
    assert "warmline doctor" in said


def test_a_full_disk_is_called_so(failing):
    assert "The disk is full." in failing(OSError(errno.ENOSPC, "No space left on device"))


def test_a_file_of_another_user_is_named(failing):
    assert "/srv/keys.json" in failing(PermissionError(errno.EACCES, "no", "/srv/keys.json"))


def test_what_nobody_foresaw_is_one_sentence_too(failing):
    said = failing(ZeroDivisionError("division by zero"))
    assert "ZeroDivisionError: division by zero" in said
    assert "WARMLINE_TRACEBACK=1" in said


def test_words_in_brackets_are_not_taken_for_colours(failing):
    assert "[red]" in failing(Trouble("There is no [red] shop."))
