from django.apps import AppConfig


class PresetsConfig(AppConfig):
    name = "notte_dashboard.presets"
