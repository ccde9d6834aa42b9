from django.urls import path

from sessions_app import views

app_name = "sessions"
urlpatterns = [
    path("", views.session_list, name="list"),
    path("start/", views.session_start, name="start"),
    path("<uuid:uuid>/", views.session_detail, name="detail"),
    path("<uuid:uuid>/stop/", views.session_stop, name="stop"),
    path("<uuid:uuid>/viewer/", views.session_viewer, name="viewer"),
    path("<uuid:uuid>/screenshots/<int:seq>/", views.session_screenshot, name="screenshot"),
]
