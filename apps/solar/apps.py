from django.apps import AppConfig


class SolarConfig(AppConfig):
    name = "apps.solar"
    label = "solar"
    verbose_name = "Markets"
