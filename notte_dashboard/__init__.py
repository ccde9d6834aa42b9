"""A self-hosted dashboard for the Notte API."""

__version__ = "0.1.0"
