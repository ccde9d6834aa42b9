from typing import Any

from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import CharField, ModelForm, PasswordInput, URLField
from django.http import HttpRequest

from notte_dashboard.panel.confirmed import confirmed
from notte_dashboard.panel.read_only import ReadOnlyAdmin
from notte_dashboard.workspaces import invitations, keys
from notte_dashboard.workspaces.encrypted import EncryptedTextField
from notte_dashboard.workspaces.models import ApiKey, Invitation, Membership, SignOnProvider, Workspace
from notte_dashboard.workspaces.tracked import LIMITS

MOST_AT_ONCE = 500
# The libraries' own pages would show secrets and keep them in clear: `SignOnProvider` has their place, and no tokens are kept.
admin.site.unregister([SocialApp, SocialToken])


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "role", *LIMITS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """With what each row names."""
        return super().get_queryset(request).select_related("user", "workspace")


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ("name", "uuid", *LIMITS, "created_at")
    list_filter = ("created_at",)
    search_fields = ("name", "=uuid")
    show_full_result_count = False
    readonly_fields = ("uuid", "created_at")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("name", "uuid", "created_at")}),
        ("Limits", {"fields": LIMITS, "description": "Empty means no limit. They hold for all members together."}),
    )


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "workspace", "role", *LIMITS, "created_at")
    list_filter = ("role", "created_at")
    list_select_related = ("user", "workspace")
    search_fields = ("user__username", "user__email", "workspace__name")
    autocomplete_fields = ("user", "workspace")
    show_full_result_count = False


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """The link itself is known to nobody: only its hash is kept."""

    list_display = ("workspace", "role", "email", "created_by", "created_at", "expires_at", "accepted_by", "revoked_at")
    list_filter = ("role", "created_at")
    list_select_related = ("workspace", "created_by", "accepted_by")
    search_fields = ("email", "workspace__name")
    exclude = ("token_hash",)
    actions = ("revoke_selected",)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workspaces.change_invitation")

    @confirmed("Revoke selected invitations", question="Their links stop working at once.")
    def revoke_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:  # noqa: ARG002
        revoked = [invitations.revoke(each) for each in rows.order_by("pk")[:MOST_AT_ONCE]]
        return f"Invitations revoked: {sum(revoked)}. The others were over."


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """The key can be written once and is never shown, not even after an error. It is revoked, never deleted: the runs that
    were started with it would go on with another key, at another address.
    """

    formfield_overrides = {
        EncryptedTextField: {"widget": PasswordInput(attrs={"autocomplete": "off"})},
        models.URLField: {"assume_scheme": "https"},
    }
    list_display = ("workspace", "base_url", "last4", "owner", "created_by", "created_at", "checked_at", "revoked_at")
    list_filter = ("created_at", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("workspace", "created_by", "owner")
    search_fields = ("workspace__name", "base_url", "=last4")
    autocomplete_fields = ("workspace", "owner")
    show_full_result_count = False
    actions = ("revoke_selected",)
    exclude_afterwards = ("key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).defer("key")

    def get_exclude(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...] | None:  # noqa: ARG002
        return self.exclude_afterwards if obj else None

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:  # noqa: ARG002
        given = ("workspace", "base_url", "owner", "revoked_at") if obj else ("revoked_at",)
        return ("last4", "created_by", "checked_at", *given)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:  # noqa: ARG002
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workspaces.change_apikey")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: object, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    @confirmed("Revoke selected keys", question="Runs that use them can't be watched or stopped with them any more.")
    def revoke_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:  # noqa: ARG002
        revoked = [keys.revoke(key) for key in rows.order_by("pk")[:MOST_AT_ONCE]]
        return f"Keys revoked: {sum(revoked)}. The others had been."


class SignOnProviderForm(ModelForm[SignOnProvider]):
    server_url = URLField(
        label="Server URL",
        max_length=500,
        assume_scheme="https",
        help_text="Where the provider's /.well-known/openid-configuration is found.",
    )
    client_secret = CharField(
        max_length=500, required=False, strip=True, widget=PasswordInput(attrs={"autocomplete": "off"}), help_text="Never shown."
    )

    class Meta:
        model = SignOnProvider
        fields = ("name", "provider_id", "server_url", "client_id", "client_secret", "is_active")

    def clean_client_secret(self) -> str:
        """Left empty, the stored one stays; another server never gets it."""
        given: str = self.cleaned_data["client_secret"]
        moved = not self.instance.pk or "server_url" in self.changed_data
        if not given and moved:
            raise ValidationError("Needed, since the provider is new here.")
        return given or self.instance.client_secret


@admin.register(SignOnProvider)
class SignOnProviderAdmin(admin.ModelAdmin[SignOnProvider]):
    form = SignOnProviderForm
    list_display = ("name", "provider_id", "server_url", "client_id", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "provider_id", "server_url")
    prepopulated_fields = {"provider_id": ("name",)}
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignOnProvider]:
        return super().get_queryset(request).defer("client_secret")
