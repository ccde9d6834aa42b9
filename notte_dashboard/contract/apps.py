from django.apps import AppConfig


class ContractConfig(AppConfig):
    name = "notte_dashboard.contract"
