from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.forms import PasswordInput
from django.http import HttpRequest

from notte_dashboard.workspaces.encrypted import EncryptedTextField
from notte_dashboard.workspaces.models import ApiKey, Membership, Workspace


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ["name", "uuid", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["uuid"]
    inlines = [MembershipInline]


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """The key can be written once and is never shown, not even after an error. It is revoked, never deleted: the runs that
    were started with it would go on with another key, at another address.
    """

    formfield_overrides = {
        EncryptedTextField: {"widget": PasswordInput(attrs={"autocomplete": "off"})},
        URLField: {"assume_scheme": "https"},
    }
    list_display = ["workspace", "base_url", "last4", "created_by", "created_at", "revoked_at"]
    list_select_related = ["workspace", "created_by"]
    readonly_fields = ["last4", "created_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).defer("key")

    def get_exclude(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str] | None:  # noqa: ARG002
        return ["key"] if obj else None

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:  # noqa: ARG002
        return ["last4", "created_by", *(["workspace", "base_url"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: object, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)
