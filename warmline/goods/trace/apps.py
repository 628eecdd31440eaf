from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TraceConfig(AppConfig):
    name = "warmline.goods.trace"

    def ready(self) -> None:
        from warmline.goods.trace import kinds, knowing, naming, signals  # noqa: F401

        # What is remembered of small tables is worth nothing once they were emptied or changed.
        for module in (knowing, naming):
            post_migrate.connect(module.forget, dispatch_uid=module.__name__)
