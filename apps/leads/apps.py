from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "apps.leads"
    label = "leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        from apps.leads import audit  # noqa: F401, PLC0415 (registers itself)
