"""A small site on loopback that gives sessions and agents something real to do without internet."""

from notte_dashboard.local_api.demo.site import site

__all__ = ["site"]
