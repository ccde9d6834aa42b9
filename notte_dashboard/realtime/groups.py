"""Names of channel-layer groups."""

from uuid import UUID


def run_group(kind: str, uuid: UUID | str) -> str:
    return f"{kind}.{uuid}"


def workspace_group(pk: int) -> str:
    return f"workspace.{pk}"
