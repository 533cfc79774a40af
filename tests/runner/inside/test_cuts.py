"""A test that was collected runs, or somebody says that it does not."""

import subprocess
import sys

import pytest

from devtools.runner.working_tree import PLUGIN, _read

TWO = "def test_a(): pass\ndef test_b(): pass\n"
CUTTING = "def pytest_collection_modifyitems(config, items):\n    {}items[:] = items[:1]\n"
HARMLESS = "def pytest_collection_modifyitems(items): items.reverse()\n"


@pytest.fixture
def cut(repository, tmp_path):
    """What the plugin says of tests that were taken out, and how many ran."""

    def run(conftest, *arguments):
        repository.put("test_it.py", TWO)
        repository.put("conftest.py", conftest)
        argv = [sys.executable, PLUGIN, tmp_path / "results", "-q", *arguments]
        subprocess.run(argv, input=b"", capture_output=True, check=False)
        events = {event["event"]: event for event in _read(str(tmp_path / "results"))[0]}
        said = events.get("cut", {"number": 0, "first": ""})
        return said["number"], said["first"].partition("::")[2], events["end"]["selected"]

    return run


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        (CUTTING.format(""), (1, "test_b", 1)),
        ("def pytest_collection_modifyitems(items): items.clear()\n", (2, "test_a", 0)),
        ("def pytest_collection_finish(session): del session.items[1]\n", (1, "test_b", 2)),
        ("def pytest_runtestloop(session): del session.items[1]\n", (1, "test_b", 2)),
        (
            "class P:\n    def pytest_collection_modifyitems(self, items): items.pop()\n"
            "def pytest_configure(config): config.pluginmanager.register(P())\n",
            (1, "test_b", 1),
        ),
    ],
)
def test_what_a_hook_of_the_project_takes_out_in_silence_is_told(cut, hook, told):
    assert cut(hook) == told


def test_what_is_announced_is_not_taken_out_in_silence(cut):
    assert cut(CUTTING.format("config.hook.pytest_deselected(items=items[1:]); ")) == (0, "", 1)
    assert cut(HARMLESS, "-k", "test_a") == (0, "", 1)


def test_an_installed_plugin_may_divide_the_tests_in_silence_beside_a_hook_of_the_project(cut, repository):
    repository.put("site-packages/shard.py", CUTTING.format(""))
    repository.put("pytest.ini", "[pytest]\npythonpath = site-packages\naddopts = -p shard\n")
    assert cut(HARMLESS) == (0, "", 1)
