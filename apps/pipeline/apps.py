from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "apps.pipeline"
    label = "pipeline"
    verbose_name = "Journeys"

    def ready(self) -> None:
        from apps.pipeline import (  # noqa: PLC0415 (all register themselves)
            alarm,  # noqa: F401
            attachments,  # noqa: F401
            failing,  # noqa: F401
            handlers,  # noqa: F401
            watching,  # noqa: F401
        )
