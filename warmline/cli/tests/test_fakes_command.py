"""`warmline fakes` says how to reach it, and will not post anywhere else."""

import os
import signal
import subprocess
import sys
import urllib.request

from click.testing import CliRunner

from warmline.cli.fakes import fakes


def test_it_does_not_post_to_other_machines():
    answer = CliRunner().invoke(fakes, ["--port", "0", "--reports-to", "http://192.168.1.9/"])
    assert answer.exit_code == 1
    assert "this machine" in answer.output


def test_it_prints_its_settings_serves_and_leaves_at_ctrl_c():
    start = [sys.executable, "-c", "from warmline.cli.fakes import fakes; fakes()", "--port", "0"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    # A shell's background job is deaf to Ctrl-C, and so are its children: the suite may be one.
    with subprocess.Popen(
        start, stdout=subprocess.PIPE, text=True, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as running:  # fmt: skip
        lines = iter(running.stdout.readline, "")
        line = next(line for line in lines if line.startswith("WARMLINE_WECOM_URL="))
        url = line.strip().partition("=")[2]
        with urllib.request.urlopen(f"{url}/journal", timeout=20) as answer:
            assert answer.status == 200
        running.send_signal(signal.SIGINT)
        assert "Good night." in running.stdout.read()
    assert running.returncode == 0
