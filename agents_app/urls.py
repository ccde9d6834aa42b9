from django.urls import path

from agents_app import views

app_name = "agents"
urlpatterns = [
    path("", views.agent_list, name="list"),
    path("start/", views.agent_start, name="start"),
    path("<uuid:uuid>/", views.agent_detail, name="detail"),
    path("<uuid:uuid>/stop/", views.agent_stop, name="stop"),
    path("<uuid:uuid>/screenshots/<int:seq>/", views.agent_screenshot, name="screenshot"),
]
