"""After an upgrade a phone gets all of the new files or none."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.utils.module_loading import import_string

from config.settings import STORAGES


def test_modules_import_each_other_by_names_that_change_with_their_content(tmp_path: Path) -> None:
    look = Path(finders.find("look/app.js")).parent
    for file in look.glob("*.js"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    storage_class = import_string(STORAGES["staticfiles"]["BACKEND"])
    storage = storage_class(location=str(tmp_path), base_url="/static/")
    there = FileSystemStorage(location=str(tmp_path))
    names = [file.name for file in look.glob("*.js")]
    done = list(storage.post_process({name: (there, name) for name in names}))
    assert [error for *_, error in done if isinstance(error, Exception)] == []
    app = (tmp_path / storage.stored_name("app.js")).read_text()
    imported = re.findall(r'(?:from|import) "\./([^"]+)"', app)
    assert imported
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imported)
