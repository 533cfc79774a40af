import os
import subprocess
import sys
from dataclasses import replace

import pytest

from devtools.project import checkout as scratch
from devtools.project.project import load
from devtools.system import environment


@pytest.fixture
def project(repository):
    repository.put("src/thing/__init__.py", "here = 'staged'\n")
    repository.put("pyproject.toml", "[tool.devtools]\nmax-files = 7\n")
    repository.commit()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "venv"], check=True)
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    repository.put("src/thing/__init__.py", "here = 'saved'\n")
    repository.put("pyproject.toml", "[tool.devtools]\nmax-files = 8\n")
    return load(str(repository.path)), tree


def packages(project):
    lib = os.path.join(project.root, "venv", "lib")
    return os.path.join(lib, os.listdir(lib)[0], "site-packages")


def imported(project):
    done = subprocess.run([project.python, "-c", "import thing; print(thing.here)"], capture_output=True, text=True)
    return done.stdout.strip()


@pytest.mark.parametrize("before", [None, "/nowhere"])
def test_an_editable_install_is_imported_from_the_snapshot(project, monkeypatch, before):
    project, tree = project
    monkeypatch.delenv("PYTHONPATH", raising=False)
    if before:
        monkeypatch.setenv("PYTHONPATH", before)
    with open(os.path.join(packages(project), "_thing.pth"), "w") as stream:
        stream.write(f"import os\n/elsewhere\n{project.root}/src\n")
    assert imported(project) == "saved"
    with scratch.project_at(project, tree) as there:
        assert imported(there) == "staged"
        assert (there.python, there.config.max_files) == (project.python, 7)
        assert os.environ["PYTHONPATH"].endswith(f"/src{f':{before}' if before else ''}")
        assert scratch.own_environment().get("PYTHONPATH") == before
        assert scratch.own_environment()["HOME"] == os.environ["HOME"]
    assert scratch.own_environment() == environment.of_program()
    assert os.environ.get("PYTHONPATH") == before
    assert imported(project) == "saved"


def test_a_finder_of_setuptools_names_its_packages_folders(project):
    project, _ = project
    with open(os.path.join(packages(project), "__editable___thing_finder.py"), "w") as stream:
        stream.write(f"MAPPING: dict[str, str] = {{'thing': '{project.root}/src/thing', 'x': '/else/x'}}\n")
    assert scratch.editable(project) == [f"{project.root}/src"]


def test_what_is_not_installed_editable_changes_no_path(project, monkeypatch):
    project, tree = project
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert scratch.editable(replace(project, python="/nonsense/bin/python")) == []
    with scratch.project_at(project, tree) as there:
        assert "PYTHONPATH" not in os.environ
        assert not os.path.exists(os.path.join(there.root, "venv"))


def test_a_snapshot_of_another_language_borrows_what_is_installed_for_it(repository):
    repository.put("devtools.toml", "[tests]\ncommand = 'npm test'\nreport = 'junit.xml'\n")
    repository.put(".gitignore", "node_modules\n")
    repository.commit()
    repository.put("node_modules/left-pad/index.js", "")
    project, tree = load(str(repository.path)), repository.git("rev-parse", "HEAD^{tree}").strip()
    with scratch.project_at(project, tree) as there:
        assert os.path.isfile(os.path.join(there.root, "node_modules", "left-pad", "index.js"))
        scratch.lend(project, there.root)  # once more changes nothing
