from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "notte_dashboard.realtime"
