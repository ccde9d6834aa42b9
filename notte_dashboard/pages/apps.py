from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "notte_dashboard.pages"
