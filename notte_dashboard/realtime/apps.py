from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "notte_dashboard.realtime"

    def ready(self) -> None:
        from notte_dashboard.realtime import kicks  # noqa: F401, PLC0415 - its receiver needs the models
