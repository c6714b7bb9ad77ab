from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "apps.contacts"
    label = "contacts"
    verbose_name = "People & consent"

    def ready(self) -> None:
        from apps.contacts import attachments  # noqa: F401, PLC0415 (registers itself)
