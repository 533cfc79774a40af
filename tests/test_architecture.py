"""Who may import whom, what may touch the world, how long a module may be: read off the syntax tree.

The rooms and their arrows are the table below. A room may import what its arrows lead to, over any number of steps.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ARROWS = {
    "__main__": "cli hooks",
    "cli": "commands hooks report",
    # doors
    "commands": "client demo hooks history plan report setup tdd",
    "hooks": "client learn runner tdd",
    # rooms that each own one idea
    "plan": "commit",
    "commit": "checks learn proof",
    "checks": "selection",
    "proof": "selection",
    "tdd": "project",
    "history": "learn",
    "learn": "git",
    "demo": "system",
    "setup": "checks client learn",
    "client": "checks",
    # rooms that serve
    "selection": "runner",
    "runner": "project",
    "project": "git syntax",
    "git": "system",
    "syntax": "",
    "system": "",
    "report": "",
}
# Everyone may import these; they import nothing but each other.
SHARED = {"budget", "errors", "findings", "printable", "wording"}
# Which module outside of system, git and runner starts processes or reaches for files, and why.
PROCESSES, FILES = "processes", "files"
TOUCHES = {
    "__main__": ({FILES, PROCESSES}, "opens the streams that its caller closed; starts itself again in UTF-8"),
    "report": ({FILES}, "is the only writer: a broken stdout goes nowhere"),
    "checks.answer": ({PROCESSES}, "runs a tool and judges its answer"),
    "checks.custom": ({PROCESSES}, "runs the command line that a project configures"),
    "checks.lint": ({PROCESSES}, "runs ruff"),
    "checks.reading": ({FILES}, "reads sources as Python would"),
    "checks.types": ({PROCESSES}, "runs mypy or pyright"),
    "checks.workers": ({PROCESSES}, "names the type of a process that it hands on"),
    "project.irregular": ({FILES}, "asks the file system what each name is"),
    "client.transcripts": ({FILES}, "reads what the client wrote down of its sessions"),
    "commands.commit_plan": ({FILES}, "looks at the file of a plan before it reads it"),
    "commands.verify_github": ({FILES}, "adds to the summary of a job on GitHub"),
    "commands.verify_shards": ({FILES}, "reads the answers of other machines"),
    "commands.tdd": ({PROCESSES}, "hands the terminal to pytest-watch"),
    "commit.fixes": ({FILES}, "reads what ruff made of the snapshot, and brings it to the working tree"),
    "commit.inspection": ({FILES}, "looks whether a staged file lies as it is staged"),
    "commit.transaction": ({FILES, PROCESSES}, "moves index and branch, though a kill may come between"),
    "demo.scratch_repository": ({FILES, PROCESSES}, "makes the repository in which the story is played"),
    "history.page_file": ({FILES}, "writes the page"),
    "hooks.branch_logs": ({FILES}, "reads what the logs of other branches gained"),
    "hooks.marks": ({FILES}, "marks what a tool may change out of our sight"),
    "hooks.offered": ({FILES}, "keeps what fits which file, and what a session was told"),
    "hooks.shell_path": ({FILES}, "writes the line by which the client's shell finds devtools"),
    "hooks.typed_text": ({FILES}, "keeps what was typed after a slash command, for one call"),
    "learn.file": ({FILES}, "is the writer of LEARNINGS.md"),
    "learn.catalog": ({FILES}, "keeps what is searched in SQLite"),
    "plan.apply": ({FILES, PROCESSES}, "builds a chain of commits and moves the branch last"),
    "plan.uncommitted": ({FILES}, "reads and writes the file of a plan"),
    "project.checkout": ({FILES}, "lays a snapshot out in a folder of its own"),
    "project.fingerprint": ({FILES}, "reads what can change the outcome of a check"),
    "project.project": ({FILES}, "reads the settings and finds the interpreter"),
    "proof.record": ({FILES}, "takes the sizes and times of our own files: they identify the engine"),
    "selection.codes": ({FILES}, "reads the modules of the working tree"),
    "selection.memory": ({FILES}, "keeps what the last run of the tests left"),
    "selection.outside_files": ({FILES}, "looks at files outside of the project that tests read"),
    "setup.files": ({FILES}, "changes several files of a person, all or none"),
    "setup.inventory": ({PROCESSES}, "asks the interpreter for its versions, and git for names"),
    "setup.removal": ({FILES}, "hands git the three versions of a file that both changed"),
    "setup.surroundings": ({FILES, PROCESSES}, "looks whether the tools, the client and its hooks run"),
    "setup.templates": ({FILES}, "reads the texts that the package brings"),
    "tdd.restore": ({FILES, PROCESSES}, "puts files back as the cycle holds them"),
}
RUNNING = {"process.run", "process.attached"}
STARTS = ("subprocess.Popen", "subprocess.run", "subprocess.call", "subprocess.check_", "subprocess.getoutput")
STARTS += ("os.system", "os.popen", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "pty.", "multiprocessing.")
# Where a process begins, and whose environment it has: `run` takes that of system.environment where no other is given.
STARTING = {
    "system.process": {"subprocess.Popen"},
    "system.survivor": {"subprocess.Popen"},  # a shell with no environment at all
    "__main__": {"os.execv"},  # itself once more, in UTF-8
    "commit.transaction": {"os.fork"},  # itself, to outlive a kill
    "runner.inside.proof_plugin": {"os.fork"},  # in the project's interpreter
    "runner.inside.startup.forerunner": {"os.fork"},  # there, too
    "runner.forerunner": {"subprocess.Popen"},  # what that one forks from, at the word of system.process
}
READING = {"lstat", "open", "listdir", "readlink", "scandir", "stat", "walk"}
CHANGING = {"chmod", "fdopen", "link", "makedirs", "mkdir", "remove", "removedirs", "rename", "replace", "rmdir"}
CHANGING |= {"symlink", "truncate", "unlink", "utime", "write"}
# Which module moves or takes away files, in any room, by what calls, and why. What no row names loses nothing.
MOVING = {"remove", "removedirs", "rename", "renames", "replace", "rmdir", "unlink"}
MOVING_TREES = {"rmtree", "move"}
MOVES = {
    "commit.transaction": ("os.replace os.unlink", "writes its journal and LEARNINGS.md whole, and ends the journal"),
    "demo.scratch_repository": ("shutil.rmtree", "takes its own repository away"),
    "git.draft": ("os.unlink", "drops what a draft left in its own folder"),
    "git.index_lock": ("os.rename os.unlink", "puts an index in its place, and drops the lock that is its own"),
    "git.pool": ("shutil.rmtree", "takes scratch trees of repositories away that are gone"),
    "git.ref_locks": ("os.unlink", "drops the locks of HEAD that a killed git left"),
    "git.scratch": ("os.unlink shutil.rmtree", "makes a damaged scratch tree new"),
    "hooks.offered": ("sealed.remove", "forgets the sessions beyond the newest"),
    "hooks.marks": ("sealed.remove", "drops a mark that is answered or too old"),
    "hooks.typed_text": ("sealed.remove", "keeps what was typed for one call"),
    "learn.catalog": ("os.unlink", "drops an index of the search, which is made again"),
    "plan.apply": (
        "os.replace shutil.rmtree",
        "writes its journal whole, and drops its own folders",
    ),
    "runner.foreign": ("os.unlink", "takes away the report of an earlier run before a command writes its own"),
    "runner.inside.proof_plugin": (
        "os.unlink",
        "takes the name off the file of results, so that no test can write to it",
    ),
    "runner.inside.observer": ("os.unlink", "takes the key away before any code of the project runs"),
    "runner.inside.record": ("os.unlink", "takes the key of a worker away before any test runs"),
    "runner.inside.startup.footprint": (
        "os.replace os.unlink",
        "lays a footprint down whole, and drops them where too many are kept",
    ),
    "selection.memory": ("os.unlink", "drops a compiled module that may be stale"),
    "setup.files": ("os.rmdir sealed.remove", "takes out what init put in, and folders that are empty then"),
    "system.sealed": ("os.replace os.unlink", "moves each file whole into its place"),
    "system.store": ("sealed.remove", "keeps the last 50 runs"),
    "system.temporary": ("shutil.rmtree", "takes its temporary folders away"),
    "tdd.restore": ("sealed.remove", "takes away what a phase does not hold; a copy is kept first"),
}
HANDLING = {"shutil", "sqlite3", "tempfile", "devtools.system.sealed", "devtools.system.temporary"}
WORLD = ("system.", "git.", "runner.")
# Longer than 300 lines, and functions longer than 40: as long as that and no longer. The lists may only shrink.
LONG_MODULES = {
    "hooks.bypass": 307,
    "proof.green": 444,
    "runner.inside.proof_plugin": 478,
    "runner.inside.startup.sitecustomize": 413,
    "syntax.tests": 350,
}
LONG_FUNCTIONS = {"system.process:run": 62}
# They import a module whose name is data: the entry, the table of verbs, the dispatcher, the table of checks.
BY_NAME = {"__main__", "cli", "hooks.dispatch", "checks.run"}
# They change the environment for a while, or run in the project's own interpreter.
CHANGES_ENVIRONMENT = {"system.environment", "project.checkout", "runner.inside.proof_plugin"} | {
    f"runner.inside.startup.{name}" for name in ("sitecustomize", "footprint", "forerunner")
}


def dotted(path: Path) -> str:
    """The name of a module below devtools; a room has the name of its folder, the package itself none."""
    return ".".join(path.relative_to(ROOT / "devtools").with_suffix("").parts).removesuffix("__init__").rstrip(".")


PATHS = sorted((ROOT / "devtools").rglob("*.py"))
MODULES = {dotted(path): path for path in PATHS}
NODES = {name: list(ast.walk(ast.parse(path.read_text()))) for name, path in MODULES.items()}


def room(name: str) -> str:
    return name.partition(".")[0]


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every module that is imported anywhere among the nodes, with its whole name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full.removeprefix("devtools.") in MODULES else str(node.module)


def ours(name: str) -> set[str]:
    """Which modules of devtools the module imports, by their names below it."""
    return {each[9:] for each in imported(NODES[name]) if each.startswith("devtools.")}


def below(name: str) -> set[str]:
    """Every room to which the arrows lead from this one."""
    near = set(ARROWS[name].split())
    return near.union(*(below(each) for each in near))


def test_the_table_has_every_room_and_no_arrow_leads_back():
    assert {room(name) for name in MODULES if name} == {*ARROWS, *SHARED}
    assert not [name for name in ARROWS if name in below(name)]


def test_a_module_imports_only_rooms_below_its_own():
    """An import that runs up or sideways makes two rooms one."""
    strangers = set()
    for name in MODULES:
        own = {room(name), *below(room(name))} if room(name) in ARROWS else set()
        strangers |= {(name, each) for each in ours(name) if room(each) not in own | SHARED}
    assert strangers == set()


def test_devtools_and_nn_never_import_each_other():
    texts = {str(path): path.read_text() for path in (ROOT / "nn").rglob("*.py")}
    pairs = [(name, "nn", nodes) for name, nodes in NODES.items()]
    pairs += [(name, "devtools", list(ast.walk(ast.parse(text)))) for name, text in texts.items()]
    assert [name for name, other, nodes in pairs if other in {each.partition(".")[0] for each in imported(nodes)}] == []


def test_what_runs_in_the_project_s_interpreter_imports_nothing_of_ours():
    """Devtools need not be installed there."""
    assert [name for name in MODULES if name.startswith("runner.inside") and ours(name)] == []


def test_a_verb_imports_no_other_verb():
    """It may have a part of its own, which bears its name, and shares the options."""
    verbs = {name: {each for each in ours(name) if room(each) == "commands"} for name in MODULES}
    named = ((name, each) for name in MODULES if room(name) == "commands" for each in verbs[name])
    assert [pair for pair in named if pair[1] != "commands.options" and not pair[1].startswith(f"{pair[0]}_")] == []


def test_a_room_says_what_it_owns_and_which_file_to_read_first():
    for name in (name for name in MODULES if name and MODULES[name].name == "__init__.py"):
        said = (ast.get_docstring(NODES[name][0]) or "").splitlines()
        assert (said[1], said[2][:15], said[-1][:5], len(said)) == ("", "This room owns ", "Read ", 5), name
        assert f"{name}.{said[-1].split('`')[1]}" in MODULES


def touched(name: str) -> set[str]:
    """Whether a module starts processes or reaches for files, by the names that it calls and imports."""
    nodes = NODES[name]
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    of_os = {call.attr for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call.value) == "os"}
    plain = {call.id for call in calls if isinstance(call, ast.Name)}
    known = set(imported(NODES[name]))
    running = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "devtools.system.process"]
    starts = "subprocess" in known or any(alias.name == "run" for node in running for alias in node.names)
    starts |= any(isinstance(call, ast.Attribute) and ast.unparse(call) in RUNNING for call in calls)
    starts |= any(ast.unparse(call).startswith(STARTS) for call in calls)
    files = "open" in plain or bool(of_os & (READING | CHANGING)) or bool(known & HANDLING)
    return {kind for kind, found in ((PROCESSES, starts), (FILES, files)) if found}


def test_only_these_modules_start_processes_or_reach_for_files():
    """Every other one is pure, or asks a module of `system`, `git` or `runner`."""
    found = {name: touched(name) for name in MODULES if not f"{name}.".startswith(WORLD)}
    assert {name: kinds for name, kinds in found.items() if kinds} == {name: row[0] for name, row in TOUCHES.items()}


def moved(name: str) -> set[str]:
    """What a module calls, imports or hands on that moves or takes away files."""
    found = set()
    for node in NODES[name]:
        if isinstance(node, ast.Attribute) and node.attr in MOVING | MOVING_TREES:
            call = ast.unparse(node)
            ours_or_os = call.partition(".")[0] in {"os", "shutil", "sealed"}
            found |= {call} if ours_or_os or node.attr in {"rename", "rmdir", "unlink", "rmtree"} else set()
        elif isinstance(node, ast.ImportFrom) and node.module in {"os", "shutil", "devtools.system.sealed"}:
            found |= {alias.name for alias in node.names if alias.name in MOVING | MOVING_TREES}
    return found


def test_only_these_modules_move_or_take_away_files():
    """A file that goes is a file that may be lost: each place has a reason."""
    found = {name: " ".join(sorted(moved(name))) for name in MODULES}
    assert {name: calls for name, calls in found.items() if calls} == {name: row[0] for name, row in MOVES.items()}


def test_one_place_starts_programs():
    calls = {
        name: [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)] for name, nodes in NODES.items()
    }
    starts = {name: {call for call in each if call.startswith(STARTS)} for name, each in calls.items()}
    assert {name: each for name, each in starts.items() if each} == STARTING
    pools = {"multiprocessing", "pty", "asyncio", "ProcessPoolExecutor"}
    for name, nodes in NODES.items():
        names = {*imported(nodes), *(call for call in calls[name] if call.endswith("PoolExecutor"))}
        assert not pools & {each.rpartition(".")[2] for each in names}, name


def test_no_class_has_the_name_of_another():
    """One word, one thing."""
    classes = [node.name for nodes in NODES.values() for node in nodes if isinstance(node, ast.ClassDef)]
    twice = {name for name in classes if classes.count(name) > 1 and not name.startswith("_")}
    assert twice == set()


def test_every_module_that_a_list_names_is_there():
    """A stale row would let in what comes under its name later."""
    assert set(MODULES) >= BY_NAME | CHANGES_ENVIRONMENT | set(STARTING)


def test_only_the_reporter_prints():
    calls = ((name, node) for name, nodes in NODES.items() for node in nodes if isinstance(node, ast.Call))
    assert [name for name, call in calls if ast.unparse(call.func) == "print"] == []


def test_only_tables_import_by_name_and_they_name_modules_that_are_there():
    for name, nodes in ((name, nodes) for name, nodes in NODES.items() if not name.startswith("runner.inside")):
        calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        assert (name in BY_NAME) == bool({"__import__", "importlib.import_module"} & calls), name
    texts = [node.value for nodes in NODES.values() for node in nodes if isinstance(node, ast.Constant)]
    named = {text[9:] for text in texts if isinstance(text, str) and re.fullmatch(r"devtools\.[a-z_.]+", text)}
    assert {"commands.commit", "hooks.dispatch", "hooks.stop", "checks.lint"} <= named <= {*MODULES, "toml"}


def test_only_one_module_decides_what_a_child_s_environment_is():
    """`os.environ.get(...)` and `in os.environ` ask for one variable; whoever takes more hands it on."""
    found = set()
    for name, nodes in NODES.items():
        asked = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "get"}
        asked |= {id(each) for node in nodes if isinstance(node, ast.Compare) for each in node.comparators}
        whole = (node for node in nodes if isinstance(node, ast.Attribute) and id(node) not in asked)
        found |= {name for node in whole if node.attr in ("environ", "environb")}
    assert found - CHANGES_ENVIRONMENT == set()


def lines_of_modules() -> dict[str, int]:
    return {name: path.read_text().count("\n") for name, path in MODULES.items()}


def lines_of_functions() -> dict[str, int]:
    """The longest one where a module has several of one name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    each = ((name, node) for name, nodes in NODES.items() for node in nodes if isinstance(node, kinds))
    found = [(node.end_lineno - node.lineno + 1, f"{name}:{node.name}") for name, node in each]
    return {name: lines for lines, name in sorted(found)}


def test_a_module_has_300_lines_and_a_function_40_at_most():
    """What was longer when this test was written may only shrink, and leaves its list when it is short enough."""
    for lengths, limit, known in ((lines_of_modules(), 300, LONG_MODULES), (lines_of_functions(), 40, LONG_FUNCTIONS)):
        assert {name: lines for name, lines in lengths.items() if lines > known.get(name, limit)} == {}
        assert [name for name in known if lengths.get(name, 0) <= limit] == []


def test_a_warm_hygiene_loads_no_tool_and_no_heavy_package(repository):
    warm = (
        "import sys; from devtools.cli import run; run(['hygiene', '--only', 'git']); run(['hygiene', '--only', 'git'])"
    )
    heavy = (
        "; print(*{'pytest', 'git', 'numpy', 'mypy', 'concurrent.futures', 'logging', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", warm + heavy], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
