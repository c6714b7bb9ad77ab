from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "apps.integrations"
    label = "integrations"
    verbose_name = "Doors"

    def ready(self) -> None:
        from apps.integrations import (  # noqa: PLC0415 (they register themselves)
            attachments,  # noqa: F401
            handlers,  # noqa: F401
        )
        from apps.integrations.imports import purging  # noqa: F401, PLC0415 (registers itself)
