"""The tables are as this version's code expects them: no step is owed, none is from a newer one."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from warmline.base.words import language


def says() -> str:
    return "表结构与当前版本的程序一致。" if language() == "zh_Hans" else str(__doc__)


def offenders() -> list[dict[str, Any]]:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    owed = executor.migration_plan(loader.graph.leaf_nodes())
    newer = [
        (app, name)
        for app, name in loader.applied_migrations or ()
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]
    return [
        *({"step": f"{step.app_label}.{step.name}", "is": "owed"} for step, _back in owed),
        *({"step": f"{app}.{name}", "is": "newer"} for app, name in sorted(newer)),
    ]
