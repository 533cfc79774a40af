import pytest

from devtools.runner.pace import pace


@pytest.mark.parametrize(
    ("done", "failed", "total", "seconds", "said"),
    [
        (0, 0, 0, 3.0, "collecting tests"),
        (0, 0, 1200, 3.0, "0 of 1,200 tests"),
        (5, 0, 10, 1.9, "5 of 10 tests"),
        (5, 0, 10, 2.0, "5 of 10 tests, about 2 s left"),
        (3, 1, 6, 59.0, "3 of 6 tests, 1 failed, about 59 s left"),
        (10, 1, 20, 60.0, "10 of 20 tests, 1 failed, about 1:00 min left"),
        (1, 2000, 2, 125.0, "1 of 2 tests, 2,000 failed, about 2:05 min left"),
        (10, 0, 10, 60.0, "10 of 10 tests"),
    ],
)
def test_a_waiting_person_reads_what_is_done_what_failed_and_what_is_left(done, failed, total, seconds, said):
    assert pace(done, failed, total, seconds) == said
