"""Objects that the contract calls just "an object", as far as their senders are known: a guide, never a limit.

Notifiers: read from the vendor's SDK; the published contract says nothing about them.
"""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}


def _kind(tag: str, title: str, **properties: Any) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "properties": {"type": {"const": tag}, **properties},
        "required": ["type", *properties],
        "additionalProperties": False,
    }


NOTIFIERS: tuple[dict[str, Any], ...] = (
    _kind("slack", "Slack", token=TEXT, channel_id={**TEXT, "title": "Channel ID"}),
    _kind("slack-webhook", "Slack webhook", url={**TEXT, "title": "Webhook URL"}),
    _kind("discord", "Discord", token=TEXT, channel_id={"type": "integer", "title": "Channel ID"}),
    _kind(
        "email",
        "E-mail",
        config={
            "title": "Mail",
            "type": "object",
            "properties": {
                "smtp_server": {**TEXT, "title": "SMTP server"},
                "smtp_port": {"type": "integer", "minimum": 1, "maximum": 65535, "title": "SMTP port"},
                "sender_email": {**TEXT, "title": "Sender address"},
                "sender_password": {**TEXT, "title": "Sender password"},
                "receiver_email": {**TEXT, "title": "Receiver address"},
                "subject": TEXT,
            },
            "required": ["smtp_server", "smtp_port", "sender_email", "sender_password", "receiver_email"],
            "additionalProperties": False,
        },
    ),
)
