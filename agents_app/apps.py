from django.apps import AppConfig


class AgentsAppConfig(AppConfig):
    name = "agents_app"
    verbose_name = "Agents"

    def ready(self) -> None:
        from agents_app import events  # noqa: F401, PLC0415 - models must be loaded first
        from agents_app.services import drive  # noqa: F401, PLC0415
