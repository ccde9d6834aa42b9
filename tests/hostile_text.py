"""What a page, an agent or the API may say to break a page of ours."""

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7|add:7 }}"
"""Markup, a broken attribute and a template, in one text."""
