"""The guided cycle as a state machine: which step may follow, what is remembered. It guides; the proof decides.

Read by the hooks too, so nothing is imported here but where its file lies.
"""

from devtools.system import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from devtools.project.path_kinds import Patterns

IDLE, RED, GREEN, REFACTOR = "idle", "red", "green", "refactor"
PHASES = (IDLE, RED, GREEN, REFACTOR)
# In which phases a step may be taken.
STEPS = {
    "start": (IDLE,),
    "red": (RED,),
    "reopen": (GREEN,),
    "green": (GREEN,),
    "refactor": (REFACTOR,),
    "done": (REFACTOR,),
    "abort": (RED, GREEN, REFACTOR),
}
NEXT = {
    IDLE: "devtools tdd start BEHAVIOUR",
    RED: "write a test that fails, then devtools tdd red",
    GREEN: "write the code that makes it pass, then devtools tdd green",
    REFACTOR: "devtools tdd refactor after a clean-up, or devtools tdd done and devtools commit",
}


class Cycle:
    """Where the work stands. An instance is not changed; each step makes a new one.

    `number` counts the cycles of this working tree. Trees are git ids: `start` is the snapshot that new tests are laid
    over, `frozen` the one whose production files hold until red, `seen` the one in which the last step held.
    `witnessed` are the tests' ids, `result` the last step in words, `carried` the tests of finished
    cycles that no commit has told of yet.
    `tests` and `source` are the project's patterns as they were at the start, so that a change of them opens no door.
    """

    __slots__ = (
        *("phase", "number", "behaviour", "start", "frozen", "seen", "head"),
        *("witnessed", "result", "carried", "tests", "source"),
    )

    def __init__(
        self,
        phase: str = IDLE,
        number: int = 0,
        behaviour: str = "",
        start: str = "",
        frozen: str = "",
        seen: str = "",
        head: str = "",
        witnessed: tuple[str, ...] = (),
        result: str = "",
        carried: tuple[str, ...] = (),
        tests: tuple[str, ...] = (),
        source: tuple[str, ...] = (),
    ) -> None:
        self.phase, self.number, self.behaviour = phase, number, behaviour
        self.start, self.frozen, self.seen, self.head = start, frozen, seen, head
        self.witnessed, self.result, self.carried = witnessed, result, carried
        self.tests, self.source = tests, source

    def having(self, **changes: object) -> "Cycle":
        """Return the same cycle but for these values."""
        return Cycle(**{**self.to_json(), **changes})  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}

    def files(self) -> set[str]:
        """Return the files that hold witnessed tests."""
        return set(map(_file, self.witnessed))


def cycle_of(root: str) -> Cycle:
    """Return the open cycle of a working tree, or an idle one. ValueError where its file is malformed."""
    try:
        return read(state.stored(root, state.CYCLE))
    except (FileNotFoundError, NotADirectoryError):
        return Cycle()
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{state.FOLDER}/{state.CYCLE}: {error}") from error


def read(entry: object) -> Cycle:
    """Return a stored cycle. ValueError where it is none of ours, and is not believed; nothing stored is idle."""
    if not isinstance(entry, dict):
        raise ValueError("the cycle's state is malformed")
    blank = Cycle()
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    for name, value in values.items():
        if name not in Cycle.__slots__ or type(value) is not type(getattr(blank, name)):
            raise ValueError(f"the cycle's state is malformed at {name!r}")
    cycle = blank.having(**values)
    lists = (*cycle.witnessed, *cycle.carried, *cycle.tests, *cycle.source)
    if cycle.phase not in PHASES or not all(isinstance(word, str) for word in lists):
        raise ValueError(f"the cycle's state is malformed at phase {cycle.phase!r}")
    if cycle.phase != IDLE and not (_is_tree(cycle.start) and _is_tree(cycle.frozen)):
        raise ValueError("the cycle's state is malformed at start")
    return cycle


def misplaced(cycle: Cycle, step: str) -> str:
    """Return why the step cannot be taken now, with what to do instead; empty where it can."""
    if cycle.phase in STEPS[step]:
        return ""
    if step == "start":
        return f"cycle {cycle.number} is open in phase {cycle.phase}: {NEXT[cycle.phase]}; or devtools tdd abort"
    if cycle.phase == IDLE:
        return f"no cycle is open: {NEXT[IDLE]}"
    return f"the phase is {cycle.phase}: {NEXT[cycle.phase]}"


def started(cycle: Cycle, behaviour: str, start: str, frozen: str, head: str, config: "Patterns") -> Cycle:
    """Return phase red of the next cycle. What no commit has recorded yet stays."""
    words = " ".join(behaviour.split())
    kept = {"result": "started", "tests": config.tests, "source": config.source}
    return Cycle(RED, cycle.number + 1, words, start, frozen, head=head, carried=cycle.carried).having(**kept)


def witnessed(cycle: Cycle, tests: tuple[str, ...], seen: str) -> Cycle:
    """Red was seen: production may change, the witnessed tests may not."""
    return cycle.having(phase=GREEN, witnessed=tests, seen=seen, result=f"red: {_tests(len(tests))} witnessed")


def reopened(cycle: Cycle, frozen: str) -> Cycle:
    """Back to red because a test was wrong: proved over the start as before, production holds as it is now."""
    return cycle.having(phase=RED, frozen=frozen, seen="", witnessed=(), result="reopened")


def passed(cycle: Cycle, seen: str) -> Cycle:
    """Green or a refactoring held."""
    word = "green" if cycle.phase == GREEN else "refactor"
    return cycle.having(phase=REFACTOR, seen=seen, result=f"{word}: {_tests(len(cycle.witnessed))} passed")


def done(cycle: Cycle) -> Cycle:
    """Idle; the commit of the witnessed tests may say how many they are, with those of earlier cycles."""
    # With those of earlier cycles: two cycles before one commit once told of the second cycle's tests alone.
    carried = tuple(sorted({*cycle.carried, *cycle.witnessed}))
    return Cycle(number=cycle.number, result=f"done: {cycle.behaviour}", carried=carried)


def aborted(cycle: Cycle) -> Cycle:
    return Cycle(number=cycle.number, result=f"aborted: {cycle.behaviour}", carried=cycle.carried)


def refused(cycle: Cycle, step: str, codes: "list[str]") -> Cycle:
    """Return the same phase; what was refused is remembered."""
    return cycle.having(result=f"{step} refused: {', '.join(dict.fromkeys(codes))}")


def trailer(tests: "tuple[str, ...]") -> str:
    """Return what a commit says of these tests of finished cycles, or nothing."""
    return f"TDD: red->green ({_tests(len(tests))})" if tests else ""


def told(cycle: Cycle, paths: "list[str]") -> "tuple[str, ...]":
    """Return the carried tests that a commit which changes these paths tells of: those of the test files among them."""
    # By file, because the trailer once went to whatever was committed next, such as a commit of documents.
    return tuple(test for test in cycle.carried if _file(test) in paths)


def committed(cycle: Cycle, tests: "tuple[str, ...]") -> Cycle:
    """Return the cycle after a commit that records these tests; the others wait for theirs."""
    return cycle.having(carried=tuple(test for test in cycle.carried if test not in tests))


def _file(test: str) -> str:
    return test.partition("::")[0]


def _tests(count: int) -> str:
    from devtools.wording import counted  # not on the hooks' path

    return counted(count, "test")


def _is_tree(name: str) -> bool:
    return len(name) in (40, 64) and not set(name) - set("0123456789abcdef")
