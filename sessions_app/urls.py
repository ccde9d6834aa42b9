from django.urls import path

from sessions_app import page_views, start_views, viewer_views, views

app_name = "sessions"
urlpatterns = [
    path("", views.session_list, name="list"),
    path("start/", start_views.session_start, name="start"),
    path("start/check/", start_views.session_check, name="start-check"),
    path("start/save/", start_views.session_save, name="start-save"),
    path("start/draft/", start_views.session_draft, name="start-draft"),
    path("<uuid:uuid>/", views.session_detail, name="detail"),
    path("<uuid:uuid>/without/", start_views.session_without, name="without"),
    path("<uuid:uuid>/stop/", views.session_stop, name="stop"),
    path("<uuid:uuid>/viewer/", viewer_views.session_viewer, name="viewer"),
    path("<uuid:uuid>/drive/", viewer_views.session_drive, name="drive"),
    path("<uuid:uuid>/drive/keep/", viewer_views.session_drive_keep, name="drive-keep"),
    path("<uuid:uuid>/drive/back/", viewer_views.session_drive_back, name="drive-back"),
    path("<uuid:uuid>/steps/", page_views.session_steps, name="steps"),
    path("<uuid:uuid>/steps/<int:number>/", page_views.session_step, name="step"),
    path("<uuid:uuid>/cdp/", page_views.session_cdp, name="cdp"),
    path("<uuid:uuid>/screenshots/<int:seq>/", views.session_screenshot, name="screenshot"),
]
