"""The entry: one thread for small matrices, settled before numpy is loaded."""

import os
import subprocess
import sys

import pytest

import nn
from nn.__main__ import THREADS, main
from nn.network import Network


def test_the_command_multiplies_by_one_thread_unless_the_user_says_else(monkeypatch, capsys):
    for name in THREADS:
        monkeypatch.setenv(name, "2")
        monkeypatch.delenv(name)
    monkeypatch.setenv("MKL_NUM_THREADS", "4")
    monkeypatch.setattr(sys, "argv", ["nn", "experiment", "--list"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    assert {name: os.environ[name] for name in THREADS} == {**dict.fromkeys(THREADS, "1"), "MKL_NUM_THREADS": "4"}
    assert "induction" in capsys.readouterr().out


def test_numpy_is_not_loaded_before_the_number_of_threads_is_settled():
    code = "import sys, nn.__main__; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_package_gives_the_network_when_asked_and_names_what_it_lacks():
    assert nn.Network is Network
    with pytest.raises(AttributeError, match="module 'nn' has no attribute 'Oracle'"):
        _ = nn.Oracle
