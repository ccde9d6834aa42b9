from django import forms

from notte_dashboard.upkeep.models import Retention
from notte_dashboard.upkeep.retention.change import FIELDS


class RetentionForm(forms.ModelForm[Retention]):
    class Meta:
        model = Retention
        fields = FIELDS

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs |= {"inputmode": "numeric", "placeholder": "for ever"}
