from django.apps import AppConfig


class B2BConfig(AppConfig):
    name = "apps.b2b"
    label = "b2b"
    verbose_name = "Exchange"

    def ready(self) -> None:
        from apps.b2b import (  # noqa: PLC0415 (all register themselves)
            attachments,  # noqa: F401
            audit,  # noqa: F401
            handlers,  # noqa: F401
            kinds,  # noqa: F401
            purging,  # noqa: F401
        )
