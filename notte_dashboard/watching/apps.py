from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "notte_dashboard.watching"
