import json
import threading

from devtools.runner.inside.startup import channel
from devtools.runner.progress import following


def test_what_a_run_writes_down_is_told_while_it_runs(tmp_path):
    path, said, heard = tmp_path / "results", [], threading.Event()

    def tell(text):
        said.append(text)
        heard.set()

    def write(*events):
        with path.open("a") as stream:
            stream.write("".join(json.dumps(event) + "\n" for event in events) + '{"event": "fin')
        heard.clear()
        assert heard.wait(10)
        heard.clear()
        assert heard.wait(10)
        path.write_text(path.read_text().removesuffix('{"event": "fin'))

    with following(str(path), tell, 0.01):
        write({"event": "selected", "number": 3})
        assert said[-1] == "0 of 3 tests"
        write({"event": "finish", "id": "a"}, {"event": "failed", "id": "a"}, {"event": "finish", "id": "b"}, [1])
        assert said[-1] == "2 of 3 tests, 1 failed"


def test_signed_lines_are_told_as_well_and_foreign_ones_are_no_progress(tmp_path):
    path, said, heard = tmp_path / "results", [], threading.Event()
    with path.open("wb") as stream:
        send = channel.sender(stream.fileno(), b"key")
        send("selected", number=2)
        send("finish", id="a")
    with path.open("a") as stream:
        stream.write("0f []\n0f nonsense\n0f 1\nalone\n")

    def tell(text):
        said.append(text)
        heard.set()

    with following(str(path), tell, 0.01):
        assert heard.wait(10)
    assert said[0] == "1 of 2 tests"


def test_nobody_is_told_where_nobody_watches(tmp_path):
    threads = threading.active_count()
    with following(str(tmp_path / "results"), None):
        assert threading.active_count() == threads
