"""What lists and the wall need beside the common look of values."""

from django import template

from notte_dashboard.runs import glance

register = template.Library()
register.filter("version", glance.version)
