from django.urls import path

from agents_app import page_views, start_views, viewer_views, views

app_name = "agents"
urlpatterns = [
    path("", views.agent_list, name="list"),
    path("start/", start_views.agent_start, name="start"),
    path("start/check/", start_views.agent_check, name="start-check"),
    path("start/save/", start_views.agent_save, name="start-save"),
    path("start/draft/", start_views.agent_draft, name="start-draft"),
    path("<uuid:uuid>/", views.agent_detail, name="detail"),
    path("<uuid:uuid>/without/", start_views.agent_without, name="without"),
    path("<uuid:uuid>/stop/", views.agent_stop, name="stop"),
    path("<uuid:uuid>/steps/", page_views.agent_steps, name="steps"),
    path("<uuid:uuid>/steps/<int:number>/", page_views.agent_step, name="step"),
    path("<uuid:uuid>/answer.<str:form>", page_views.agent_answer, name="answer"),
    path("<uuid:uuid>/viewer/", viewer_views.agent_viewer, name="viewer"),
    path("<uuid:uuid>/screenshots/<int:seq>/", views.agent_screenshot, name="screenshot"),
]
