from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "notte_dashboard.pages"

    def ready(self) -> None:
        from notte_dashboard.celery import app  # noqa: PLC0415 - it reads the settings

        # Celery makes an app known to the thread that built it; requests run in others, and would look for a broker of their own.
        app.set_default()
