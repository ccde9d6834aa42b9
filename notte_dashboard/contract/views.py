"""The contract in force, for administrators: version, source, recorded fixes, and what the connected API says today."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notte_dashboard.contract.comparison import Comparison
from notte_dashboard.contract.document import UnusableContractError, offered
from notte_dashboard.notte_api.contract import Override, published, recorded_overrides, recorded_source, version_of
from notte_dashboard.notte_api.rules import RULES, Rule, in_force


@dataclass(frozen=True)
class ShownOverride:
    override: Override
    fit: str


@never_cache
@require_http_methods(["GET", "POST"])
def contract_page(request: HttpRequest) -> HttpResponse:
    """Looked at by anybody on the staff; the API is asked only when the button is pressed."""
    document = published()
    version = version_of(document)
    context = {
        **admin.site.each_context(request),
        "title": "Contract",
        "contract_version": version,
        "source": recorded_source(),
        "overrides": [ShownOverride(each, each.fit(document).value) for each in recorded_overrides()],
        "rules": _rules(version),
        "api_url": settings.NOTTE_API_URL,
        "asked": request.method == "POST",
    }
    if request.method == "POST":
        context |= _compared()
    return render(request, "contract/page.html", context)


def _rules(version: str) -> list[tuple[Rule, bool]]:
    return [(rule, rule in in_force(schema_name, version)) for schema_name, rules in RULES.items() for rule in rules]


def _compared() -> dict[str, object]:
    """Presets are counted, not named: who may see them is their workspace's business."""
    try:
        comparison = Comparison(offered())
        broken = len(comparison.broken_presets)
    except (UnusableContractError, DatabaseError) as error:
        return {"problem": str(error)}
    return {"comparison": comparison, "broken_presets": broken}
