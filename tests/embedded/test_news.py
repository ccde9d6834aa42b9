import pytest

from notte_dashboard.embedded.news import News
from notte_dashboard.embedded.supervision import State


@pytest.fixture
def news(tmp_path):
    (tmp_path / "web.log").write_text("\n".join(f"line {number}" for number in range(20)))
    return News(tmp_path)


def told(news, name, pid=1, program="web"):
    return news.of({program: State(name, pid, "")})


def test_an_ordinary_start_is_no_news(news):
    assert [told(news, name, pid) for name, pid in (("STOPPED", 0), ("STARTING", 5), ("RUNNING", 5), ("RUNNING", 5))] == [[]] * 4


def test_a_restart_is_told_once_with_the_log(news):
    told(news, "RUNNING", 5)
    assert told(news, "STARTING", 6) == [f"web ended unexpectedly and was started again. Log: {news.logs}/web.log"]
    assert told(news, "RUNNING", 6) == []


def test_a_restart_that_was_seen_half_way_is_told_too(news):
    told(news, "RUNNING", 5)
    assert told(news, "EXITED", 0) == []
    assert len(told(news, "STARTING", 6)) == 1


def test_a_program_that_never_stays_is_told_once_with_its_last_words(news):
    told(news, "STARTING", 5)
    first, *last_words = told(news, "BACKOFF", 0)
    assert first.startswith("web ends as soon as it is started. It is tried again.")
    assert last_words == [f"    line {number}" for number in range(15, 20)]
    assert told(news, "STARTING", 6) == told(news, "BACKOFF", 0) == []
    assert told(news, "RUNNING", 9) == ["web is running again."]


def test_giving_up_is_told(news):
    told(news, "BACKOFF", 0)
    assert "given up" in told(news, "FATAL", 0)[0]
    assert told(news, "FATAL", 0) == []


def test_a_program_without_a_log_is_told_all_the_same(news):
    assert len(told(news, "FATAL", 0, program="beat")) == 1
