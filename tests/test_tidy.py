"""House rules that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted((ROOT / "warmline").rglob("*.py"))
LAYERS = [
    "base",
    "look",
    "core",
    "goods",
    "service",
    "reactions",
    "insight",
    "doors",
    "world",
    "cli",
]
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_a_door_calls_verbs_and_never_writes():
    wrong = []
    for file in CODE:
        if "doors" not in file.parts or "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                held = ast.unparse(node.func.value)
                plain_save = node.func.attr == "save" and not node.args
                if node.func.attr in WRITES and ("objects" in held or plain_save):
                    wrong.append(f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}")
    assert not wrong


def test_there_is_no_drawer_for_odds_and_ends():
    assert not [f for f in CODE if f.stem in {"utils", "helpers", "services", "common", "misc"}]


def test_sql_is_never_built_from_strings():
    built = re.compile(r'execute\(\s*f"|execute\([^)]*%\s|\.format\([^)]*\)\s*\)\s*#\s*sql', re.I)
    wrong = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in CODE
        if "tests" not in file.parts
        for match in built.finditer(file.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_a_foreign_key_never_points_up():
    def layer(model: type) -> int:
        parts = model.__module__.split(".")
        return LAYERS.index(parts[1]) if parts[0] == "warmline" else -1

    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("warmline.")
        for field in model._meta.get_fields()
        if field.is_relation and getattr(field, "concrete", False) and field.related_model
        if layer(field.related_model) > layer(model)
    ]
    assert not wrong


def test_signals_are_named_for_their_package_and_never_twice():
    from warmline.core.journal.signals import KINDS

    for kind, signal in KINDS.items():
        if signal.__module__.startswith("warmline."):
            assert kind.split(".")[0] == signal.__module__.split(".")[-2], kind


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_nothing_in_the_project_names_this_machine_or_a_registry():
    named = re.compile(
        rb"[\"'\s=:(](?:/work/|/root/|/home/[a-z])|files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian\.org"
    )
    here = Path(__file__).name
    wrong = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if file.is_file() and file.name != here and file.suffix not in {".png", ".wasm", ".mo"}
        if named.search(file.read_bytes())
    ]
    assert not wrong


def test_every_dependency_has_its_reason():
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for lock in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / lock).read_text().splitlines():
            name = re.match(r"[a-z0-9-]+", line)
            if name and not line.startswith(("#", "-")):
                assert f"**{name.group()}**" in told, f"{name.group()}: say why in docs"


def test_every_model_is_in_the_glossary():
    words = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    plain = re.sub(r"[^a-z]", "", words)
    hidden = {"idempotent", "quiethours"}
    for model in apps.get_models():
        if model.__module__.startswith("warmline."):
            name = model.__name__.lower()
            assert name in hidden or name in plain, f"{model.__name__} is not in docs/GLOSSARY.md"
