from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "notte_dashboard.audit"

    def ready(self) -> None:
        from notte_dashboard.audit import accounts  # noqa: PLC0415 - models must be loaded first

        accounts.track_users()
