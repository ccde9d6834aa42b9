from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "notte_dashboard.upkeep"
