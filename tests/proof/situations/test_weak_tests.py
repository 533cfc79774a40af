"""Tests that run a changed line and do not look at what it does: told, or refused where the settings say so."""

import pytest

from devtools.proof import green as confirming
from devtools.proof.prove import prove
from devtools.selection.footprint_record import Footprints
from devtools.system.store import Store

OLD = {
    "fee.py": "LIMIT = 5\n\n\ndef fee(amount):\n    return 1\n\n\ndef open_for(amount):\n    return amount < LIMIT\n",
    "test_fee.py": "import fee\n\n\ndef test_fee():\n    assert fee.fee(1) is not None\n",
}
FEE = OLD["fee.py"].replace("    return 1\n", "    if amount > 100:\n        return 2\n    return 1\n")
TEST = OLD["test_fee.py"] + "\n\ndef test_much():\n    assert fee.fee(200) == 2\n"


@pytest.fixture
def verdict(project):
    def run(files, kind="feat", setting="warn"):
        settings = {"devtools.toml": f'[tdd]\nmutants = "{setting}"\n'}
        old = project.commit({**OLD, **settings})
        proof = prove(project.loaded(), old, project.commit(files), kind)
        return proof.verdict, [(each.code, each.path, each.line, each.message) for each in proof.warnings], proof

    return run


WEAK = ("weak-test", "fee.py", 5, "`amount > 100` can become `amount >= 100` and no test that runs it fails")


def test_a_boundary_that_no_test_looks_at_is_told_and_refuses_nothing(verdict):
    found, warnings, proof = verdict({"fee.py": FEE, "test_fee.py": TEST})
    assert (found, warnings, proof.untried) == ("proved", [WEAK], 0)
    looked = TEST + "    assert fee.fee(100) == fee.fee(99) == 1\n    assert fee.fee(101) == 2\n"
    assert verdict({"fee.py": FEE, "test_fee.py": looked})[:2] == ("proved", [])


def test_what_survives_refuses_or_is_no_question_where_the_settings_say_so(verdict):
    found, warnings, proof = verdict({"fee.py": FEE, "test_fee.py": TEST}, setting="refuse")
    assert (found, warnings) == ("unproved", [])
    assert [(each.code, each.path, each.line, each.message) for each in proof.problems] == [WEAK]
    assert verdict({"fee.py": FEE, "test_fee.py": TEST}, setting="off")[:2] == ("proved", [])


def test_the_parent_s_body_and_value_beside_the_witnessed_change_are_told(verdict):
    """A function and a constant changed along with the feature, under tests that do not look."""
    code = FEE.replace("LIMIT = 5", "LIMIT = 6").replace("amount < LIMIT", "amount + 1 < LIMIT")
    test = TEST + "    assert fee.fee(100) == 1\n    assert fee.fee(101) == 2\n    assert fee.open_for(1) is True\n"
    _, warnings, _ = verdict({"fee.py": code, "test_fee.py": test})
    assert [(line, message.partition(":")[0]) for _, _, line, message in warnings][:2] == [
        (10, "the parent's body of open_for() passes too"),
        (1, "the parent's `LIMIT = 5` passes too"),
    ]


def test_a_refactoring_may_have_the_parent_s_body_and_its_lines_are_mutated(verdict):
    code = OLD["fee.py"].replace("    return 1\n", "    found = 1\n    return found\n")
    found, warnings, _ = verdict({"fee.py": code}, "refactor")
    assert (found, [message for *_, message in warnings]) == (
        "preserved",
        ["`1` can become `2` and no test that runs it fails"],
    )


def test_a_test_that_was_spared_may_notice_too(verdict):
    """The witness runs every line first; the test of another file is asked before a survivor is told."""
    other = "import fee\n\n\ndef test_boundary():\n    assert (fee.fee(100), fee.fee(101)) == (1, 2)\n"
    files = {"fee.py": FEE, "test_fee.py": TEST, "test_other.py": other}
    assert verdict(files)[:2] == ("proved", [])


def test_only_who_reaches_a_survivor_by_the_record_is_asked_again(project, tmp_path, monkeypatch):
    """Both others have just passed: one of them runs the function that holds the survivor, and notices it."""
    monkeypatch.setattr(confirming, "BUDGET", 60.0)
    log = tmp_path / "log"
    written = f"\n\ndef test_other():\n    open({str(log)!r}, 'a').write(__name__ + ' ')\n"
    near = f"import fee\n{written}    assert fee.fee(100) == fee.fee(1) == 1\n    assert fee.fee(101) == fee.fee(200)\n"
    others = {"test_near.py": near, "test_far.py": f"import fee\n{written}    assert fee.open_for(1)\n"}
    first, grown = project.commit({**OLD, **others}), project.commit({"fee.py": OLD["fee.py"].replace("1\n", "1.0\n")})
    store, loaded = Store(project.root), project.loaded()
    record = Footprints(loaded, store, "one")
    assert prove(loaded, first, grown, "refactor", (), record).verdict == "preserved"
    log.write_text("")
    new = project.commit({"fee.py": FEE, "test_fee.py": TEST})
    proof = prove(
        project.loaded(), grown, new, "feat", tuple(others), Footprints(project.loaded(), record.store, "one")
    )
    assert (proof.verdict, proof.warnings, proof.untried) == ("proved", (), 0)
    assert set(log.read_text().split()) == {"test_near"}
