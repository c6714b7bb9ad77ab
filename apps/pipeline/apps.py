from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "apps.pipeline"
    label = "pipeline"
    verbose_name = "Journeys"

    def ready(self) -> None:
        from apps.pipeline import handlers, watching  # noqa: F401, PLC0415 (both register themselves)
