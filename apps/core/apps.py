from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"
    verbose_name = "System"

    def ready(self) -> None:
        from apps.core import checks, failures, metrics  # noqa: F401, PLC0415 (they register themselves)
        from apps.core.staff.lists import work_out_heads_once  # noqa: PLC0415 (apps must be loaded)

        work_out_heads_once()
        from apps.core.backup import running  # noqa: F401, PLC0415 (its health check)
