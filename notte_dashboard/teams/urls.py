from django.urls import path

from notte_dashboard.teams import invitation_views, key_views, limit_views, mail_views, member_views, workspace_views

app_name = "teams"
urlpatterns = [
    path("workspace/", workspace_views.settings_page, name="settings"),
    path("workspace/new/", workspace_views.create, name="create"),
    path("workspace/switch/", workspace_views.switch_to, name="switch"),
    path("workspace/leave/", workspace_views.leave, name="leave"),
    path("workspace/members/", member_views.members, name="members"),
    path("workspace/members/<int:pk>/role/", member_views.role, name="member-role"),
    path("workspace/members/<int:pk>/limits/", limit_views.member_limits, name="member-limits"),
    path("workspace/members/<int:pk>/remove/", member_views.remove_member, name="member-remove"),
    path("workspace/invitations/", invitation_views.invite_somebody, name="invite"),
    path("workspace/invitations/<uuid:uuid>/renew/", invitation_views.renew_invitation, name="invitation-renew"),
    path("workspace/invitations/<uuid:uuid>/revoke/", invitation_views.revoke_invitation, name="invitation-revoke"),
    path("workspace/keys/", key_views.keys_page, name="keys"),
    path("workspace/keys/<uuid:uuid>/check/", key_views.check_key, name="key-check"),
    path("workspace/keys/<uuid:uuid>/revoke/", key_views.revoke_key, name="key-revoke"),
    path("workspace/limits/", limit_views.workspace_limits, name="limits"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
    path("mails/", mail_views.kept_mails, name="mails"),
]
