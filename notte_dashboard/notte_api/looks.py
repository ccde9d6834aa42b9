"""The status calls of a watch, hundreds each second: as bounded as the client's, without the models of httpx.

Those cost more than the call: a look at 30 kB by httpx over aiohttp takes three times the processor time of one by aiohttp.
"""

import aiohttp
from yarl import URL

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer
from notte_dashboard.notte_api.reading import SAMPLED
from notte_dashboard.notte_api.refusals import error_from
from notte_dashboard.notte_api.transport import BODY_LIMIT, HEADERS, Timeouts, looking_session, unpacker

OK = range(200, 300)


class Looks:
    def __init__(self, connection: Connection, timeouts: Timeouts) -> None:
        self._connection = connection
        self._headers = {**HEADERS, "authorization": f"Bearer {connection.api_key}"}
        self._timeout = aiohttp.ClientTimeout(
            total=timeouts.deadline, sock_connect=timeouts.connect, sock_read=timeouts.read, connect=2 * timeouts.connect
        )
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str) -> bytes:
        """Of our own origin, and redirects are not followed: the key goes nowhere else."""
        if self._session is None:
            self._session = looking_session(self._connection, self._headers, self._timeout)
        url = URL(self._connection.base_url + path, encoded=True)
        async with self._session.get(url, allow_redirects=False) as response:
            ok = response.status in OK
            body = await _bounded(response, BODY_LIMIT if ok else SAMPLED)
            if not ok:
                headers = {name.lower(): value for name, value in response.headers.items()}
                raise error_from(self._connection, response.status, headers, body[:SAMPLED])
        if len(body) > BODY_LIMIT:
            raise BadAnswer(f"The answer is larger than {BODY_LIMIT // 1024 // 1024} MB.", status=response.status)
        return body

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


async def _bounded(response: aiohttp.ClientResponse, limit: int) -> bytes:
    unpack = unpacker(response.headers.get("content-encoding", "identity"), limit)
    body = bytearray()
    async for piece in response.content.iter_any():
        body += unpack(piece)
        if len(body) > limit:
            response.close()
            break
    return bytes(body)
