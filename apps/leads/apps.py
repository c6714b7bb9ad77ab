from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "apps.leads"
    label = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        from apps.leads import (  # noqa: PLC0415 (all register themselves)
            alerts,  # noqa: F401
            attachments,  # noqa: F401
            audit,  # noqa: F401
            double_handlers,  # noqa: F401
            handlers,  # noqa: F401
            kinds,  # noqa: F401
            purging,  # noqa: F401
            survey_handlers,  # noqa: F401
        )
