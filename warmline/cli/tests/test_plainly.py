"""A command that fails says what is wrong and what to do, and leaves with 1."""

import errno
import os
import subprocess
import sys

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


def run(*words, **environment):
    at = {**os.environ, "WARMLINE_LANGUAGE": "en", **environment}
    command = [sys.executable, "-m", "warmline", *words]
    return subprocess.run(command, env=at, capture_output=True, text=True, timeout=60)


def test_a_setting_that_cannot_be_is_named(tmp_path):
    for words in (["config", "show"], ["doctor", "--data", str(tmp_path)]):
        said = run(*words, WARMLINE_API_PER_SECOND="many", WARMLINE_CHANNEL_SMS="pigeon")
        told = " ".join((said.stdout + said.stderr).split())
        assert said.returncode == 1
        assert "The setting WARMLINE_API_PER_SECOND cannot be many" in told
        assert "The setting WARMLINE_CHANNEL_SMS cannot be pigeon" in told
        assert "nobody foresaw" not in told


def test_the_name_of_a_setting_is_whole_in_a_narrow_window():
    said = run("config", "show", COLUMNS="60").stdout
    for name in ("WARMLINE_WECOM_CALLBACK_TOKEN", "WARMLINE_TENCENT_SECRET_KEY", "DATABASE_URL"):
        assert f" {name} " in said


def test_an_empty_data_directory_is_not_where_one_stands(tmp_path):
    said = run("doctor", "--data", "")
    assert said.returncode == 2
    assert "It is empty: name a directory." in said.stderr
