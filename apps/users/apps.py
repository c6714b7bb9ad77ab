from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "apps.users"
    label = "users"
    verbose_name = "People"

    def ready(self) -> None:
        from apps.users import audit, purging, schema  # noqa: F401, PLC0415 (they register themselves)
