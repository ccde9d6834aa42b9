"""Accounts in the admin panel: who is locked out is cut off at once."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest

from notte_dashboard.panel.confirmed import confirmed
from notte_dashboard.workspaces.models import Membership

MOST_AT_ONCE = 200


class MembershipsInline(admin.TabularInline[Membership, User]):
    model = Membership
    extra = 0
    fields = ("workspace", "role")
    autocomplete_fields = ("workspace",)


class AccountAdmin(UserAdmin[User]):
    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    show_full_result_count = False
    inlines = (MembershipsInline,)
    actions = ("deactivate_selected", "activate_selected")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if obj else ()

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("auth.change_user")

    @confirmed("Deactivate and sign out", question="They are signed out everywhere; their open pages are cut off within seconds.")
    def deactivate_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        chosen = [user for user in rows.order_by("pk")[:MOST_AT_ONCE] if self._may_be_locked_out(request, user)]
        for user in chosen:
            user.is_active = False
            user.save(update_fields=["is_active"])  # which tells the sockets to look at their rights again
            for session in UserSession.objects.filter(user=user):
                session.end()
        return f"Accounts deactivated: {len(chosen)}."

    def _may_be_locked_out(self, request: HttpRequest, user: Any) -> bool:
        if user == request.user:
            messages.warning(request, "Your own account stays active.")
            return False
        if user.is_superuser and not request.user.is_superuser:
            messages.warning(request, f"{user} is a superuser: only another one can do that.")
            return False
        return bool(user.is_active)

    @confirmed("Activate", question="They can sign in again.")
    def activate_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:  # noqa: ARG002
        chosen = list(rows.filter(is_active=False).order_by("pk")[:MOST_AT_ONCE])
        for user in chosen:
            user.is_active = True
            user.save(update_fields=["is_active"])
        return f"Accounts activated: {len(chosen)}."


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, AccountAdmin)
