from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "notte_dashboard.workspaces"

    def ready(self) -> None:
        from notte_dashboard.workspaces import accounts, signals, tracked  # noqa: F401, PLC0415 - models must be loaded first

        tracked.track_all()
