from django.urls import path

from notte_dashboard.presets import views

app_name = "presets"
urlpatterns = [
    path("", views.preset_list, name="list"),
    path("<uuid:uuid>/", views.preset_detail, name="detail"),
    path("<uuid:uuid>/versions/<int:number>/restore/", views.preset_restore, name="restore"),
    path("<uuid:uuid>/delete/", views.preset_delete, name="delete"),
    path("<uuid:uuid>/undelete/", views.preset_undelete, name="undelete"),
]
