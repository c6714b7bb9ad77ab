from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "apps.leads"
    label = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        from apps.leads import audit, handlers  # noqa: F401, PLC0415 (both register themselves)
