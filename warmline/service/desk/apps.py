from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk makes its signals and its kinds of promises known when Django starts."""

    name = "warmline.service.desk"

    def ready(self) -> None:
        from warmline.service.desk import kinds, preventing, reckoning, sampling, signals  # noqa: F401
