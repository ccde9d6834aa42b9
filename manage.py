#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notte_dashboard.settings.base")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # It names the variable and what it may be; a traceback would hide that.
        sys.exit(f"{problem}")
