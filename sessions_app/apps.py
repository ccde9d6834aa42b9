from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Browser sessions"

    def ready(self) -> None:
        from sessions_app.services import drive  # noqa: F401, PLC0415 - models must be loaded first
