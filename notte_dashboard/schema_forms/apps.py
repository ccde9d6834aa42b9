from django.apps import AppConfig


class SchemaFormsConfig(AppConfig):
    name = "notte_dashboard.schema_forms"
