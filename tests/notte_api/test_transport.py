"""The wire itself: what is reached, what is not followed, what is not read to its end."""

import asyncio
import contextlib
import datetime as dt
import gzip
import json
import logging
import socket
import ssl
import time
import traceback
import zlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer, NotteError, Refused, Unanswered, Unreachable
from notte_dashboard.notte_api.transport import BODY_LIMIT, READS, Timeouts
from tests.notte_api.wire import KEY, http, says
from tests.ports import refusing_port

SESSION = {"session_id": "s-1", "status": "active"}


def client(connection, transport=None, timeouts=READS):
    return NotteClient(connection, transport=transport, retries=0, reads=timeouts, starts=timeouts)


async def assert_unreachable(connection, transport):
    async with client(connection, transport, Timeouts(connect=0.3)) as api:
        for call in (api.health, lambda: api.start_session({}), lambda: api.stop_session("s-1")):
            with pytest.raises(Unreachable) as caught:
                await call()
            assert caught.value.not_started


async def test_refused_connection_is_unreachable(plain_transport):
    await assert_unreachable(Connection(f"http://127.0.0.1:{refusing_port()}", KEY), plain_transport)


async def test_unknown_host_is_unreachable(plain_transport):
    """The name is longer than names may be, so that no server of names is asked."""
    await assert_unreachable(Connection(f"http://{'.'.join(['x' * 60] * 5)}:1", KEY), plain_transport)


@pytest.mark.clock
async def test_server_that_accepts_nobody_is_unreachable(plain_transport):
    with socket.socket() as full, contextlib.ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        await assert_unreachable(Connection(f"http://127.0.0.1:{full.getsockname()[1]}", KEY), plain_transport)


async def test_server_without_tls_is_unreachable_over_https(wire, plain_transport):
    api = await wire(says(http(200, SESSION)))
    await assert_unreachable(Connection(api.address.replace("http:", "https:"), KEY), plain_transport)
    assert api.requests == []


async def test_certificate_nobody_vouches_for_is_unreachable(tmp_path, plain_transport):
    received = []

    async def serve(reader, writer):
        received.append(await reader.read(100))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(tmp_path))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await assert_unreachable(Connection(f"https://127.0.0.1:{port}", KEY), plain_transport)

    assert not any(received)


def own_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    path = folder / "own.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
        + built.sign(key, hashes.SHA256()).public_bytes(encoding)
    )
    return path


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_not_followed_and_the_key_not_sent_on(wire, plain_transport, status):
    elsewhere = await wire(says(http(200, SESSION)))
    api = await wire(says(http(status, b"", headers=f"location: {elsewhere.address}/sessions/s-1\r\n")))
    async with client(api.connection, plain_transport) as notte:
        for call in (notte.session_status, notte.stop_session):
            with pytest.raises(BadAnswer, match="redirect"):
                await call("s-1")

    assert len(api.requests) == 2
    assert elsewhere.connections == 0


async def test_a_name_that_leads_into_a_private_network_by_now_is_not_connected_to(wire):
    """It was public when the key was saved."""
    api = await wire(says(http(200, SESSION)))
    connection = Connection(api.address.replace("127.0.0.1", "localhost"), KEY, public_only=True)
    async with client(connection) as notte:
        for call in (
            notte.health,
            lambda: notte.start_session({}),
            lambda: notte.session_status("s-1"),
            lambda: notte.stop_session("s-1"),
        ):
            with pytest.raises(Unreachable, match="private network"):
                await call()

    assert api.connections == 0


async def test_proxies_of_the_environment_are_not_used(wire, monkeypatch):
    proxy, api = await wire(says(http(200, SESSION))), await wire(says(http(200, SESSION)))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.address)
    async with client(api.connection) as notte:
        await notte.session_status("s-1")

    assert (len(api.requests), proxy.connections) == (1, 0)


async def test_logins_of_the_netrc_file_are_not_used(wire, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    api = await wire(says(http(200, {})))
    async with client(api.connection) as notte:
        await notte.health()

    assert b"authorization" not in api.requests[0].lower()


async def test_cookies_are_not_kept(wire):
    api = await wire(says(http(200, SESSION, headers="set-cookie: tracking=1; Path=/\r\n")))
    async with client(api.connection) as notte:
        await notte.session_status("s-1")
        await notte.session_status("s-1")

    assert b"cookie" not in api.requests[1].lower()


async def test_odd_ids_arrive_as_they_are(wire):
    api = await wire(says(http(200, SESSION)))
    async with client(api.connection) as notte:
        await notte.session_status("a/../b?c#d %2E%2e é")

    assert api.requests[0].startswith(b"GET /sessions/a%2F..%2Fb%3Fc%23d%20%252E%252e%20%C3%A9 HTTP/1.1\r\n")


async def test_oversize_body_is_not_read_to_its_end(wire, plain_transport):
    sent = 0

    async def endless(reader, writer, number):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" " * 65536)
            await writer.drain()
            sent += 65536

    api = await wire(endless)
    async with client(api.connection, plain_transport) as notte:
        with pytest.raises(BadAnswer, match="larger than 32 MB"):
            await notte.session_status("s-1")

    assert BODY_LIMIT <= sent < 2 * BODY_LIMIT


async def test_gzip_bomb_is_not_unpacked(wire, plain_transport):
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(48)) + packer.flush()
    api = await wire(says(http(200, bomb, headers="content-encoding: gzip\r\n")))
    async with client(api.connection, plain_transport) as notte:
        with pytest.raises(BadAnswer, match="larger than 32 MB"):
            await notte.session_status("s-1")


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bytes])
async def test_packed_body_is_unpacked(wire, plain_transport, pack):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate", bytes: "identity"}[pack]
    packed = pack(json.dumps({**SESSION, "error": "x" * 100_000}).encode())
    api = await wire(says(http(200, packed, headers=f"content-encoding: {encoding}\r\n")))
    async with NotteClient(api.connection, transport=plain_transport) as notte:
        answer = await notte.session_status("s-1")

    assert answer is not None
    assert len(answer.error or "") == 100_000


async def test_oversize_error_is_cut(wire, plain_transport):
    api = await wire(says(http(400, b"why? " * 500_000)))
    async with client(api.connection, plain_transport) as notte:
        with pytest.raises(Refused) as caught:
            await notte.session_status("s-1")

    assert len(caught.value.raw) == 64 * 1024
    assert caught.value.message.startswith("why? why?")


@pytest.mark.clock
async def test_dripping_answer_ends_at_the_deadline(wire, plain_transport):
    async def drip(reader, writer, number):
        writer.write(http(200, b"", length=1000))
        for _ in range(1000):
            writer.write(b" ")
            await asyncio.sleep(0.1)

    api = await wire(drip)
    async with client(api.connection, plain_transport, Timeouts(deadline=0.8)) as notte:
        began = time.monotonic()
        with pytest.raises(Unanswered):
            await notte.session_status("s-1")

    assert 0.8 <= time.monotonic() - began < 30, "the answer would take a hundred seconds"


async def test_read_recovers_from_a_cut(wire, plain_transport, no_waiting):
    async def cut_twice(reader, writer, number):
        if number > 2:
            writer.write(http(200, SESSION))
        else:
            writer.close()

    api = await wire(cut_twice)
    async with NotteClient(api.connection, transport=plain_transport) as notte:
        answer = await notte.session_status("s-1")

    assert answer is not None
    assert len(api.requests) == 3


async def test_key_is_in_no_log_and_no_exception(wire, caplog):
    async def cut(reader, writer, number):
        writer.close()

    caplog.set_level(logging.DEBUG)
    echo = http(500, {"message": f"Bearer {KEY}", "token": KEY})
    refusing, cutting = await wire(says(echo)), await wire(cut)
    texts = []
    for api in (refusing, cutting):
        async with client(api.connection) as notte:
            with pytest.raises(NotteError) as caught:
                await notte.start_session({})
        texts += [*traceback.format_exception(caught.value), caught.value.raw]

    assert not refusing.connection.carries_key("".join(texts) + caplog.text)


async def test_many_calls_share_a_client(wire):
    api = await wire(says(http(200, SESSION)))
    async with NotteClient(api.connection) as notte:
        answers = await asyncio.gather(*(notte.session_status(f"s-{number}") for number in range(300)))

    assert len(answers) == len(api.requests) == 300
    assert api.connections <= 200
