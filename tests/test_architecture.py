"""Who may import whom, where processes and prints may be, what the entry may load: walked on the syntax tree."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "__init__": set(),
    "__main__": {"__init__", "cli", "hooks"},
    "cli": {"core", "hooks", "report"},
    "report": {"core"},
    "commands": {"__init__", "commands", "core", "checks", "adapters", "report", "hooks"},
    "checks": {"core", "adapters", "checks"},
    "hooks": {"core", "adapters", "hooks"},
    "adapters": {"core", "adapters"},
    "core": {"core"},
}
MODULES = sorted((ROOT / "devtools").rglob("*.py"))


def room(path):
    return path.relative_to(ROOT / "devtools").parts[0].removesuffix(".py")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "devtools":
            rooms = {alias.name for alias in node.names} & set(ALLOWED)
            yield from (f"devtools.{name}" for name in rooms or {"__init__"})
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_the_rooms_it_may(path):
    names = set(imported(ast.parse(path.read_text())))
    rooms = {name.split(".")[1] for name in names if name.startswith("devtools.")}
    assert rooms <= ALLOWED[room(path)]
    assert not any(name == "nn" or name.startswith("nn.") for name in names)
    if room(path) != "adapters":
        assert "subprocess" not in names


@pytest.mark.parametrize("path", sorted((ROOT / "nn").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_nn_never_imports_devtools(path):
    assert not any(name.split(".")[0] == "devtools" for name in imported(ast.parse(path.read_text())) if name)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_reporter_prints_and_only_adapters_open_files(path):
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    assert "print" not in names
    if room(path) != "adapters":
        assert "open" not in names


# They change it for a while, or run in the project's own interpreter.
CHANGES_ENVIRONMENT = {"environment.py", "scratch.py", "sitecustomize.py", "footprint.py", "pytest_proof.py"}
CHANGES_ENVIRONMENT |= {"forerunner.py"}  # in a fork that is to be a program with an environment of its own


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_module_decides_what_a_child_s_environment_is(path):
    """`os.environ.get(...)` and `in os.environ` ask for one variable; whoever takes more hands it on."""
    tree = ast.parse(path.read_text())
    asked = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "get"}
    asked |= {id(each) for node in ast.walk(tree) if isinstance(node, ast.Compare) for each in node.comparators}
    whole = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb") and id(node) not in asked
    ]
    assert whole == [] or path.name in CHANGES_ENVIRONMENT


STARTS = ("subprocess.Popen", "subprocess.run", "subprocess.call", "subprocess.check_", "subprocess.getoutput")
STARTS += ("os.system", "os.popen", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "pty.", "multiprocessing.")
# Where a process begins, and whose environment it has: `run` takes that of environment.py where no other is given.
STARTING = {
    "adapters/process.py": {"subprocess.Popen"},
    "adapters/survivor.py": {"subprocess.Popen"},  # a shell with no environment at all
    "__main__.py": {"os.execv"},  # itself once more, in UTF-8
    "adapters/committing.py": {"os.fork"},  # itself, to outlive a kill
    "adapters/pytest_proof.py": {"os.fork"},  # in the project's interpreter
    "adapters/proofhook/forerunner.py": {"os.fork"},  # there, too
    "adapters/forerunner.py": {"subprocess.Popen"},  # what that one forks from, at the word of process.py
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_place_starts_programs(path):
    tree = ast.parse(path.read_text())
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    starts = {call for call in calls if call.startswith(STARTS)}
    assert starts == STARTING.get(str(path.relative_to(ROOT / "devtools")), set())
    names = set(imported(tree)) | {each for each in calls if each.endswith("PoolExecutor")}
    assert not {"multiprocessing", "pty", "asyncio", "ProcessPoolExecutor"} & {name.split(".")[-1] for name in names}


def test_a_warm_hygiene_loads_no_tool_and_no_heavy_package(repository):
    warm = (
        "import sys; from devtools.cli import run; run(['hygiene', '--only', 'git']); run(['hygiene', '--only', 'git'])"
    )
    heavy = (
        "; print(*{'pytest', 'git', 'numpy', 'mypy', 'concurrent.futures', 'logging', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", warm + heavy], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""
