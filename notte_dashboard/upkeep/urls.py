from django.urls import path

from notte_dashboard.upkeep import audit_views, orphan_views, retention_views

app_name = "upkeep"
urlpatterns = [
    path("audit/", audit_views.audit_log, name="audit"),
    path("audit/export/", audit_views.audit_export, name="audit-export"),
    path("retention/", retention_views.retention, name="retention"),
    path("orphans/", orphan_views.orphans, name="orphans"),
    path("orphans/search/", orphan_views.search, name="orphans-search"),
    path("orphans/<int:pk>/adopt/", orphan_views.adopt_one, name="orphan-adopt"),
    path("orphans/<int:pk>/stop/", orphan_views.stop_one, name="orphan-stop"),
]
