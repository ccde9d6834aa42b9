import errno
import os
import re
import socket
from pathlib import Path

import pytest

from notte_dashboard.embedded.errors import StartError
from notte_dashboard.embedded.ports import Port, reason, require_free
from tests.ports import reserved_port

FIRST_UNPRIVILEGED = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_ports_are_fine_and_stay_free():
    with reserved_port() as number:
        require_free([Port("PORT", "127.0.0.1", number)])
        require_free([Port("PORT", "127.0.0.1", number)])


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104 - as a user may set it
def test_a_taken_port_names_its_variable_and_another_number(taken, host):
    with pytest.raises(StartError, match=rf"^PORT {taken} is taken .* PORT=\d+ make run$"):
        require_free([Port("PORT", host, taken)])


def test_a_port_that_is_bound_without_listening_is_taken_too():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        with pytest.raises(StartError, match=r"LOCAL_API_PORT .* is taken"):
            require_free([Port("LOCAL_API_PORT", "127.0.0.1", holder.getsockname()[1])])


def test_two_programs_can_not_have_one_port():
    with reserved_port() as number, pytest.raises(StartError, match="PORT and LOCAL_API_PORT are both"):
        require_free([Port("PORT", "127.0.0.1", number), Port("LOCAL_API_PORT", "127.0.0.1", number)])


@pytest.mark.parametrize(
    ("host", "words"),
    [
        # Of the block for documentation: no machine has it.
        ("203.0.113.7", os.strerror(errno.EADDRNOTAVAIL)),
        # Longer than a label may be: no server of names is asked.
        ("x" * 64 + ".invalid", ""),
    ],
    ids=["another-machine", "no-name"],
)
def test_an_address_that_is_not_of_this_machine_blames_the_host(host, words):
    with (
        reserved_port() as number,
        pytest.raises(StartError, match=rf"^HOST {host} is not an address of this machine \({words or '.+'}\)\.$"),
    ):
        require_free([Port("PORT", host, number)])


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.EADDRINUSE, r"^PORT 8000 is taken by another program\. .*PORT=8080 make run$"),
        (errno.EADDRNOTAVAIL, r"^HOST 192\.0\.2\.1 is not an address of this machine \(.+\)\.$"),
        (errno.EACCES, r"^PORT 8000 is not allowed for this user\. .*PORT=8080 make run$"),
        (errno.EPERM, r"^PORT 8000 is not allowed for this user\."),
        (errno.EAFNOSUPPORT, r"^HOST 192\.0\.2\.1 with PORT 8000 can't be used: .+\.$"),
    ],
    ids=errno.errorcode.get,
)
def test_the_number_of_the_error_alone_decides(number, message):
    assert re.search(message, reason(Port("PORT", "192.0.2.1", 8000), OSError(number, os.strerror(number))))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use every port")
@pytest.mark.skipif(
    not FIRST_UNPRIVILEGED.exists() or int(FIRST_UNPRIVILEGED.read_text()) <= 1, reason="everybody may use every port here"
)
def test_a_port_of_the_system_is_not_allowed_to_an_ordinary_user():
    with pytest.raises(StartError, match=r"^PORT 1 is not allowed for this user\. Choose one above 1023: PORT=81 make run$"):
        require_free([Port("PORT", "127.0.0.1", 1)])
