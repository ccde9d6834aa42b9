from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "notte_dashboard.runs"
