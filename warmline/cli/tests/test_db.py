"""The database from the command line."""


def test_its_address_is_printed_wherever_data_is_named(warmline, data):
    before = warmline("--data", data, "db", "url").stdout
    after = warmline("db", "url", "--data", data).stdout

    assert before == after
    assert before == f"postgresql:///warmline?host={data}/database/s&port=5432&user=warmline_app\n"
    assert "user=warmline\n" in warmline("db", "url", "--owner", "--data", data).stdout


def test_a_server_of_ones_own_is_named_as_it_was_given(warmline, data):
    mine = "postgresql://shop:geheim@db.example/warmline"
    assert warmline("db", "url", "--data", data, DATABASE_URL=mine).stdout == f"{mine}\n"


def test_a_question_can_be_asked_without_starting_anything_before(warmline, data):
    asked = warmline("db", "psql", "--data", data, "--", "-Atc", "SELECT current_user, 6*7")

    assert asked.stdout == "warmline_app|42\n"
    assert asked.returncode == 0


def test_a_directory_that_cannot_be_is_refused_in_a_sentence(warmline):
    refused = warmline("db", "psql", "--data", "/proc/nowhere")

    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert "--data" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_that_is_away_is_said_to_be_away(warmline, data):
    away = warmline("db", "upgrade", "--data", data, DATABASE_URL="postgresql://127.0.0.1:1/x")

    assert away.returncode == 1
    assert "The database cannot be reached" in away.stderr
