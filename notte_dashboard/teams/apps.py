from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "notte_dashboard.teams"
