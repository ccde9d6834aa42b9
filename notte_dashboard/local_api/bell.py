"""A signal that wakes everyone who waits for it."""

import asyncio


class Bell:
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        """For the next ring: look at the state first, and let nothing else run between looking and waiting."""
        await self._event.wait()
