import json
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.project import fingerprint
from devtools.runner.inside import asking
from devtools.runner.working_tree import PLUGIN, _read, run_pytest


def events_of(folder, *arguments, fresh=None, collect=False):
    """Run the plugin as devtools does, and read what it wrote."""
    results = folder / "results"
    if fresh is not None:
        Path(f"{results}.fresh").write_text(json.dumps({"left": list(fresh), "collect": collect}))
    done = subprocess.run(
        [sys.executable, PLUGIN, results, "-q", *arguments], input="", capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {event["event"]: event for event in _read(str(results))[0]}


@pytest.fixture
def impact(repository, tmp_path):
    def run(fresh=(), **files):
        for name, text in files.items():
            repository.put(name + ".py", text)
        return events_of(tmp_path, "-pno:cacheprovider", fresh=fresh)["impact"]

    return run


def test_each_test_file_has_its_counts_and_a_fresh_one_is_left_out(impact):
    files = {"test_a": "def test_1(): pass\ndef test_2(): assert 0\n"}
    files["test_b"] = "import pytest\npytest.skip('x', allow_module_level=True)\n"
    files["test_c"] = "import pytest\n@pytest.mark.skip\ndef test_1(): pass\ndef test_2(): pass\n"
    tests = impact(**files)["tests"]
    assert tests == {
        "test_a.py": {"passed": 1, "skipped": 0, "ran": 2, "total": 2},
        "test_c.py": {"passed": 1, "skipped": 1, "ran": 2, "total": 2},
    }
    assert list(impact(fresh=["test_a.py"])["tests"]) == ["test_c.py"]


def test_a_subtest_is_no_test(impact):
    seen = impact(test_a="def test_1(subtests):\n    for n in range(3):\n        with subtests.test(n=n): pass\n")
    assert seen["tests"]["test_a.py"] == {"passed": 1, "skipped": 0, "ran": 1, "total": 1}


def test_each_test_file_has_its_seconds(impact):
    seen = impact(test_a="import time\ndef test_1(): time.sleep(0.2)\ndef test_2(): time.sleep(0.1)\n", test_b="")
    seconds = seen.get("seconds", {})
    assert list(seconds) == ["test_a.py"]
    assert seconds["test_a.py"] >= 0.3


def test_files_read_and_modules_loaded_are_known_by_the_test_file(impact, repository):
    repository.put("data.txt", "1")
    seen = impact(
        lazy="",
        test_a="def test_a():\n    open('data.txt').read()\n    open('out.txt', 'w')\n    __import__('la' + 'zy')\n",
        test_b="import os\ndef test_b():\n    os.close(os.open('out.txt', os.O_RDWR | os.O_CREAT))\n"
        "    os.close(os.open(b'data.txt', os.O_RDONLY))\n",
    )
    assert seen["reads"]["data.txt"] == ["test_a.py", "test_b.py"]
    assert "out.txt" not in seen["reads"]
    assert seen["loaded"]["lazy.py"] == "test_a.py"
    assert "lazy.py" not in seen["reads"]
    assert any(path.endswith("/pytest/__init__.py") for path in seen["outside"])
    again = impact()
    assert again["loaded"]["lazy.py"] == "test_a.py"  # this time from its compiled file


def test_a_module_read_as_a_text_is_read(impact):
    seen = impact(lib="", test_a="import pathlib\ndef test_a(): pathlib.Path('lib.py').read_text()\n")
    assert seen["reads"]["lib.py"] == ["test_a.py"]


def test_a_module_of_a_temporary_folder_is_gone_after_the_run_and_no_file_elsewhere(impact):
    lines = "(tmp_path / 'passing.py').write_text('')\n    sys.path.append(str(tmp_path))\n    import passing\n"
    seen = impact(test_a=f"import sys\ndef test_a(tmp_path):\n    {lines}")
    ends = ("/passing.py", "/pytest/__init__.py")
    assert {end for end in ends if any(path.endswith(end) for path in seen["outside"])} == {"/pytest/__init__.py"}


def test_what_a_fixture_of_the_session_does_is_every_test_file_s(impact, repository):
    repository.put("data.txt", "1")
    fixture = "import pytest\n@pytest.fixture(scope='session')\ndef f(): return open('data.txt').read()\n"
    assert impact(conftest=fixture, test_a="def test_a(f): pass\n")["reads"]["data.txt"] == [""]


@pytest.mark.parametrize(
    ("line", "opaque"),
    [
        ("subprocess.run(['true'])", True),
        ("subprocess.run(['git', 'version'])", True),
        ("subprocess.run(['git', 'version'], cwd='/')", False),
        ("__import__('platform').processor()", False),
        ("exec(compile('subprocess.run([\"true\"])', '/lib/execnet/io.py', 'exec'))", False),
        ("os.system('true')", True),
        ("os.waitpid(os.posix_spawn('/bin/true', ['true'], os.environ), 0)", True),
    ],
)
def test_programs_hide_what_they_read_but_git_elsewhere_uname_and_workers(impact, line, opaque):
    seen = impact(test_a=f"import os, subprocess\ndef test_a(): {line}\n")
    assert seen["opaque"] == (["test_a.py"] if opaque else [])


def test_folders_that_a_test_lists_are_known(impact):
    seen = impact(
        test_a="import os\ndef test_a(): os.listdir()\n",
        test_b="import pathlib\ndef test_b(): list(pathlib.Path(__file__).parent.glob('*'))\n",
        test_c="import os\ndef test_c(tmp_path): os.listdir(tmp_path)\n",
    )
    assert seen["listing"] == ["test_a.py", "test_b.py"]


def test_a_worker_tells_what_its_test_files_did_and_the_controller_knows_nothing_of_them(plugins, repository, tmp_path):
    repository.put("data.txt", "1")
    repository.put("test_a.py", "def test_a(): open('data.txt').read()\n")
    assert "impact" not in events_of(tmp_path, "-n1", fresh=())
    seen = run_pytest(sys.executable, str(repository.path), ["-n1"], fresh=()).impact
    assert (seen["tests"]["test_a.py"]["ran"], seen["reads"]["data.txt"]) == (1, ["test_a.py"])


def test_where_a_share_of_lines_is_asked_of_all_tests_none_is_left_out(impact, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = -p measure\n")
    measure = (
        "import types\nclass Cov:\n    options = types.SimpleNamespace(cov_fail_under=90)\n"
        "def pytest_load_initial_conftests(early_config): early_config.pluginmanager.register(Cov(), '_cov')\n"
        "def pytest_sessionfinish(session): open('under', 'w').write(str(Cov.options.cov_fail_under))\n"
    )
    impact(measure=measure, test_a="def test_a(): pass\n")
    assert list(impact(fresh=["test_a.py"])["tests"]) == ["test_a.py"]
    assert Path("under").read_text() == "90"


def test_all_is_collected_where_that_is_asked_for_and_the_rest_runs(repository, tmp_path):
    repository.put("test_a.py", "open('data.txt', 'w')\ndef test_a(): assert 0\n")
    repository.put("test_b.py", "def test_b(): pass\n")
    events = events_of(tmp_path, "-pno:cacheprovider", fresh=["test_a.py"], collect=True)
    assert (events["left"]["number"], list(events["impact"]["tests"])) == (1, ["test_b.py"])
    assert (events["end"]["selected"], events["end"]["deselected"], events["end"]["lost"]) == (1, 0, 0)
    assert (repository.path / "data.txt").exists()


def test_the_plugin_runs_without_being_asked_for_impact(repository, tmp_path):
    repository.put("test_a.py", "def test_a(): pass\n")
    events = events_of(tmp_path)
    assert "impact" not in events
    assert "end" in events


def test_prose_is_read_by_the_test_file_itself_or_by_all(impact, repository):
    """What a module of production or a conftest reads it may keep for each test that comes after."""
    for name in ("A.md", "B.rst", "data.txt"):
        (repository.path / name).write_text("1")
    text = "import lib\ndef test_a():\n    open('A.md').close()\n    lib.read('B.rst')\n    lib.read('data.txt')\n"
    seen = impact(test_a=text, lib="def read(name): open(name).close()\n")
    assert {name: seen["reads"][name] for name in ("A.md", "B.rst", "data.txt")} == {
        "A.md": ["test_a.py"],
        "B.rst": [""],
        "data.txt": ["test_a.py"],
    }


def test_a_path_that_is_asked_about_and_not_opened_is_known(impact, tmp_path):
    text = (
        "import os, pathlib\ndef test_a():\n    os.path.exists('ABSENT.md')\n    pathlib.Path('THERE.md').stat()\n"
        f"    os.path.isfile({str(tmp_path / 'x')!r})\n    os.path.exists('/nowhere/at/all')\n"
        "def test_same(): assert os.stat('.') and os.stat in os.supports_follow_symlinks and os.stat(0)\n"
    )
    (tmp_path / "repository" / "THERE.md").touch()
    seen = impact(test_a=text)
    assert seen["tests"]["test_a.py"]["passed"] == 2
    assert {name: seen["reads"].get(name) for name in ("ABSENT.md", "THERE.md")} == {
        "ABSENT.md": ["test_a.py"],
        "THERE.md": ["test_a.py"],
    }
    assert "/nowhere/at/all" in seen["outside"]
    assert not any(path.endswith("/x") for path in seen["outside"]), "pytest made that folder"


def test_a_file_in_the_temporary_folder_that_was_there_before_is_elsewhere(impact, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    (folder / "old").write_text("1")
    text = f"def test_a():\n    open({str(folder / 'new')!r}, 'w').close()\n"
    text += f"    open({str(folder / 'new')!r}).close()\n    open({str(folder / 'old')!r}).close()\n"
    outside = [Path(path) for path in impact(test_a=text)["outside"]]
    found = {path.name for path in outside if folder in path.parents}
    assert found == {"old"}


def test_variables_of_the_terminal_are_known_by_who_reads_them(impact, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    seen = impact(
        test_a="import shutil\ndef test_a(): shutil.get_terminal_size()\n",
        test_b="import os\ndef test_b(): assert dict(os.environ) and os.environ.copy() and os.getenv('HOME') != ''\n",
        test_c="import os\ndef test_c(): assert 'TERM' in os.environ\n",
    )
    assert (seen["asked"]["COLUMNS"], seen["asked"]["TERM"]) == (["test_a.py"], ["test_c.py"])


def test_the_variables_that_end_no_green_are_those_that_are_watched():
    assert asking.VOLATILE == fingerprint.VOLATILE
