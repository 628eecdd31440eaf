from django.apps import AppConfig


class CareConfig(AppConfig):
    """Care makes its kinds of promises and its finders known when Django starts."""

    name = "warmline.service.care"

    def ready(self) -> None:
        from warmline.service.care import kinds, odd_buying, planning, signals  # noqa: F401
