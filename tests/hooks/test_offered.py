import os
import subprocess
import sys
from pathlib import Path

from devtools.budget import estimate_tokens
from devtools.hooks import offered

ROOT = str(Path(offered.__file__).parent.parent.parent)
TEXT = {"capture_output": True, "text": True, "check": True}
GEARS = "Gears of 7 teeth skip: 3 of 10 runs."


def test_each_insight_that_fits_a_file_comes_once_in_a_session(repository):
    root = str(repository.path)
    offered.prepare(root, [("engine/gears.py", GEARS), ("engine/gears.py", "Oil them."), ("b", GEARS)])
    asked = [offered.insight(root, session, path) for session in "st" for path in ("engine/gears.py",) * 3 + ("b", "c")]
    assert asked == [GEARS, "Oil them.", "", "", ""] * 2


def test_a_table_that_cannot_be_read_or_a_session_that_cannot_be_noted_offers_nothing(repository):
    root = str(repository.path)
    assert offered.insight(root, "s", "b") == ""
    offered.prepare(root, [("b", GEARS), ("tab\there", "never")])
    assert offered.insight(root, "s", "tab\there") == ""
    (repository.state / "offered").write_text("a file in the way")
    assert offered.insight(root, "s", "b") == ""
    (repository.state / "offers").unlink()
    (repository.state / "offers").mkdir()
    offered.prepare(root, [("b", GEARS)])
    assert offered.insight(root, "s", "b") == ""


def test_only_so_many_sessions_are_remembered(repository):
    for number in range(offered.KEPT + 5):
        assert offered.told(str(repository.path), f"s{number}", GEARS)
    assert len(os.listdir(repository.state / "offered")) == offered.KEPT
    assert offered.told(str(repository.path), "../x y", GEARS)


def test_the_offer_loads_nothing_that_costs_a_hook_time():
    path = f"import sys; sys.path.insert(0, {ROOT!r})"
    code = f"{path}; from devtools.hooks import offered; print({{'re', 'json', 'dataclasses'}} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {ROOT!r}); {code}"], **TEXT
    )
    assert done.stdout.strip() == "set()"


def test_an_offer_has_sixty_tokens_at_most():
    from devtools.learn.offers import within

    text = within("a word of some length, " * 40)
    assert text.endswith("…")
    assert 40 < estimate_tokens(f"learned here before: {text}") <= 60
