import socket

import pytest

from notte_dashboard.embedded.errors import StartError
from notte_dashboard.embedded.ports import Port, require_free


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_free_ports_are_fine_and_stay_free():
    port = Port("PORT", "127.0.0.1", free())
    require_free([port])
    require_free([port])


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
    number = free()
    with pytest.raises(StartError, match="PORT and LOCAL_API_PORT are both"):
        require_free([Port("PORT", "127.0.0.1", number), Port("LOCAL_API_PORT", "127.0.0.1", number)])


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host.invalid"])
def test_an_address_of_another_machine_blames_the_host(host):
    with pytest.raises(StartError, match=r"^HOST "):
        require_free([Port("PORT", host, free())])
