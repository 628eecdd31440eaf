from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    """What follows from what: one file per trigger, imported when Django starts."""

    name = "warmline.reactions"

    def ready(self) -> None:
        from importlib import import_module
        from pathlib import Path

        for file in sorted(Path(__file__).parent.glob("when_*.py")):
            import_module(f"{self.name}.{file.stem}")
