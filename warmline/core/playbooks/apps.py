from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Playbooks listen from the start; their finders come with the services that know."""

    name = "warmline.core.playbooks"

    def ready(self) -> None:
        import warmline.core.playbooks.hearing
        import warmline.core.playbooks.nights  # noqa: F401
