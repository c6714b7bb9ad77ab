from django.apps import AppConfig


class SolarConfig(AppConfig):
    name = "apps.solar"
    label = "solar"
    verbose_name = "Markets"

    def ready(self) -> None:
        from apps.solar import audit, purging  # noqa: F401, PLC0415 (both register themselves)
