from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "apps.intake"
    label = "intake"
    verbose_name = "What came in"

    def ready(self) -> None:
        from apps.intake import audit, purging  # noqa: F401, PLC0415 (both register themselves)
