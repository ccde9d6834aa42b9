from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from notte_dashboard.pages import health, metrics, views

# With the second factor, if there is one, and the same limit of attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.overview, name="overview"),
    path("live/", views.wall, name="wall"),
    path("notices/", views.notices, name="notices"),
    path("pickers/", views.picker_lists, name="pickers"),
    path("sessions/", include("sessions_app.urls")),
    path("agents/", include("agents_app.urls")),
    path("presets/", include("notte_dashboard.presets.urls")),
    path("workspace/", include("notte_dashboard.upkeep.urls")),
    path("admin/contract/", include("notte_dashboard.contract.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("notte_dashboard.teams.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
]
