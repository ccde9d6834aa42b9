from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "notte_dashboard.embedded"
