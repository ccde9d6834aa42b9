from django.contrib.admin.apps import AdminConfig


class DashboardAdminConfig(AdminConfig):
    default_site = "notte_dashboard.pages.admin_site.DashboardAdminSite"
