from typing import Any

from django import forms

from notte_dashboard.presets.models import LONGEST_NAME


class NameForm(forms.Form):
    """What a preset is called, and who sees it."""

    name = forms.CharField(max_length=LONGEST_NAME, label="Name")
    shared = forms.BooleanField(required=False, label="Shared in the workspace")

    def clean_name(self) -> str:
        name: Any = self.cleaned_data["name"]
        if not str(name).isprintable():
            raise forms.ValidationError("A name is one line of visible characters.")
        return str(name)
