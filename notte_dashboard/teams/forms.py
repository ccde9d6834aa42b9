"""What admins fill in about their workspace."""

from typing import Any

from django import forms
from django.db import transaction
from django.forms import ModelForm

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.workspaces import addresses
from notte_dashboard.workspaces.models import Limits, Membership, Role, Workspace

LIMITS = [field.name for field in Limits._meta.get_fields()]  # noqa: SLF001 - Django's own way to list fields
MEANINGS = {
    Role.REVIEWER: "Sees history, steps, screenshots and replays; starts nothing.",
    Role.OPERATOR: "Starts, watches, drives and stops.",
    Role.ADMIN: "Also manages members, keys and limits.",
}
ROLES = [(role.value, f"{role.label}: {MEANINGS[role]}") for role in Role]


class WorkspaceNameForm(ModelForm[Workspace]):
    class Meta:
        model = Workspace
        fields = ["name"]


class RoleForm(ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ["role"]


class InviteForm(forms.Form):
    role = forms.ChoiceField(choices=ROLES, initial=Role.OPERATOR)
    email = forms.EmailField(label="E-mail", required=False, help_text="Empty: you get a link to pass on yourself.")


class WorkspaceLimitsForm(ModelForm[Workspace]):
    class Meta:
        model = Workspace
        fields = LIMITS


class MemberLimitsForm(ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = LIMITS


class KeyForm(forms.Form):
    base_url = forms.CharField(
        label="Address of the API",
        max_length=500,
        help_text="The key is only ever sent there. Another address needs its own key.",
    )
    key = forms.CharField(
        label="API key",
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Stored encrypted; afterwards only its last four characters are shown.",
    )
    personal = forms.BooleanField(label="Only for my own runs", required=False)
    anyway = forms.BooleanField(label="Save it although it does not work now", required=False)

    def clean_base_url(self) -> str:
        try:
            return addresses.checked(self.cleaned_data["base_url"])
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if {"base_url", "key"} <= found.keys():
            try:
                Connection(base_url=found["base_url"], api_key=found["key"])
            except ValueError:
                self.add_error("key", "This can't be a key: it holds a space or a letter that no key has.")
        return found

    def connection(self) -> Connection:
        address = self.cleaned_data["base_url"]
        public = not addresses.is_our_own(address)
        return Connection(base_url=address, api_key=self.cleaned_data["key"], public_only=public)


@transaction.atomic
def save(form: ModelForm[Any]) -> None:
    """With the entry in the audit log that its saving makes: both, or none."""
    form.save()
