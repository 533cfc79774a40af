from devtools.plan.document import Step
from devtools.plan.trial import joined, verify

A, B, C = (
    Step(f"feat: {name}", hunks) for name, hunks in (("a", ((0, 0), (0, 1))), ("b", ((1, 0),)), ("c", ((2, 0),)))
)
ALL = {hunk for step in (A, B, C) for hunk in step.hunks}


def trial(*green):
    """Passes where exactly one of these sets of hunks, or all of them, are in; counts its runs."""

    def run(steps):
        run.count += 1
        hunks = {hunk for step in steps for hunk in step.hunks}
        return "" if hunks in (ALL, *green) else "1 failed"

    run.count = 0
    return run


def hunks(*steps):
    return {hunk for step in steps for hunk in step.hunks}


def anything(step):
    return True


def test_steps_that_all_pass_are_verified_and_stay_as_they_are():
    run = trial(hunks(A), hunks(A, B))
    found = verify([A, B, C], run, anything)
    assert [(step.message, step.hunks, step.verified, step.note) for step in found] == [
        (step.message, step.hunks, True, "") for step in (A, B, C)
    ]


def test_a_step_that_needs_the_next_one_is_put_after_it():
    found = verify([A, B, C], trial(hunks(B), hunks(A, B)), anything)
    assert [step.message for step in found] == ["feat: b", "feat: a", "feat: c"]
    assert [step.verified for step in found] == [True] * 3
    assert [step.note for step in found] == ["", "put after the next one, which it needs", ""]


def test_two_steps_that_need_one_another_are_joined_where_they_fit():
    run = trial(hunks(A, B))
    found = verify([A, B, C], run, anything)
    assert [(step.message, step.hunks) for step in found] == [("feat: a", (*A.hunks, *B.hunks)), ("feat: c", C.hunks)]
    assert [step.verified for step in found] == [True, True]
    assert found[0].note == "joined with 'feat: b': they hold together"
    apart = verify([A, B, C], run, lambda step: len(step.hunks) < 3)
    assert [(step.message, step.verified, step.note) for step in apart] == [
        ("feat: a", False, "1 failed"),
        ("feat: b", True, ""),
        ("feat: c", True, ""),
    ]


def test_a_step_that_may_wait_long_is_moved_on_step_by_step():
    found = verify([A, B, C], trial(hunks(B), hunks(B, C)), anything)
    assert [step.message for step in found] == ["feat: b", "feat: c", "feat: a"]
    assert all(step.verified for step in found)


def test_where_the_work_itself_fails_nothing_is_mended():
    def run(steps):
        return "1 failed" if len(steps) > 1 else ""

    found = verify([A, B], run, anything, sound=False)
    assert [(step.message, step.verified, step.note) for step in found] == [
        ("feat: a", True, ""),
        ("feat: b", False, "1 failed"),
    ]


def test_a_lonely_step_has_nothing_to_be_mended_with():
    (found,) = verify([A], lambda steps: "1 failed", anything)
    assert (found.verified, found.note) == (False, "1 failed")


def holding(*good):
    """Holds where the last step has one of these types and sets of hunks."""
    return lambda steps: "" if (steps[-1].message.split(":")[0], set(steps[-1].hunks)) in good else "unproved"


def test_a_step_that_does_not_hold_is_joined_with_one_that_was_made_before():
    run = holding(("feat", hunks(A)), ("feat", hunks(A, C)), ("feat", hunks(B)))
    found = verify([A, B, C], run, anything)
    assert [(set(step.hunks), step.verified) for step in found] == [(hunks(A, C), True), (hunks(B), True)]


def test_joined_steps_get_the_type_of_the_one_under_which_they_hold():
    small = Step("fix: small", C.hunks)
    (found,) = verify([A, small], holding(("fix", hunks(A, small))), anything)
    assert (found.message, found.verified) == ("fix: a", True)


def test_a_step_that_cannot_be_joined_gets_a_type_that_can_hold():
    run = holding(("feat", hunks(A)), ("chore", hunks(B)))
    found = verify([A, B], run, lambda step: False, kinds=("feat", "refactor", "chore"))
    assert [(step.message, step.verified, step.note) for step in found] == [
        ("feat: a", True, ""),
        ("chore: b", True, "as feat it does not hold"),
    ]


def test_of_two_joined_steps_the_bigger_one_gives_the_message():
    both = joined(B, Step("fix: big", A.hunks, note="earlier"))
    assert (both.message, both.hunks) == ("fix: big", (*A.hunks, *B.hunks))
    assert both.note == "earlier; joined with 'feat: b': they hold together"
