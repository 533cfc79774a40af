"""The command line: what it prints, its JSON, its exit codes, one line for a mistake."""

import contextlib
import io
import json
import os
import re
import runpy
import sys

import pytest

from nn.__main__ import main
from nn.cli import Progress, check_file, layer_sizes, parser, progress, run, summary
from nn.experiments import EXPERIMENTS
from nn.train import Outcome


def test_training_prints_curve_ending_and_outputs(capsys, tmp_path):
    assert run(["train", "--epochs", "1500", "--seed", "1", "--plot", str(tmp_path / "p.svg")]) == 0
    curve, ending, outputs = capsys.readouterr().out.splitlines()
    assert curve[0] == "█"
    assert ending.startswith("finished after 1500 epochs, loss 0.0")
    assert outputs.startswith("00 01 10 11 -> 0.0")
    assert "<polyline" in (tmp_path / "p.svg").read_text()


def test_json_is_one_object_with_schema_command_and_ok(capsys):
    assert run(["train", "--epochs", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["command"], said["ok"], said["epochs"]) == (1, "train", True, 2)
    assert len(said["losses"]) == 2


def test_divergence_is_an_exit_code_and_null_in_json(capsys):
    assert run(["train", "--learning-rate", "1e308", "--hidden", "identity", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["ended"], said["losses"][-1]) == (False, "diverged", None)


def test_an_experiment_prints_its_table_and_writes_its_picture(capsys, tmp_path):
    assert run(["experiment", "learning-rate", "--plot", str(tmp_path / "p.svg")]) == 0
    assert "median last loss" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "p.svg").read_text()
    assert run(["experiment", "learning-rate", "--json", "--seed", "3"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["command"], said["name"], said["seed"]) == ("experiment", "learning-rate", 3)
    assert said["facts"]
    assert said["answer"]


@pytest.mark.parametrize(
    "mistake", [["experiment", "luck"], ["train", "--layers", "2,x"], ["train", "--layers", "3,1"]]
)
def test_a_mistake_is_one_line_and_exit_two(mistake, capsys):
    assert run([*mistake, "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("nn: ")
    assert captured.err.count("\n") == 1
    assert json.loads(captured.out)["problems"][0]["code"] == "bad-input"
    assert run(mistake) == 2


@pytest.mark.parametrize("mistake", [[], ["fly"], ["train", "--epochs", "many"]])
def test_a_usage_error_is_one_line_and_exit_two(mistake, capsys):
    with pytest.raises(SystemExit) as stop:
        parser().parse_args(mistake)
    assert stop.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_pieces_of_the_output(capsys):
    progress(3, 0.5)
    assert capsys.readouterr().err == "\repoch 3  loss 0.500000"
    assert layer_sizes("2,4,1") == [2, 4, 1]
    assert summary(Outcome(), [0.5]).splitlines()[1] == "finished after 0 epochs, loss none"


def test_python_dash_m_nn_is_the_same_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nn", "experiment", "luck"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    with pytest.raises(SystemExit):
        runpy.run_module("nn", run_name="__main__")
    assert "unknown experiment" in capsys.readouterr().err


def test_the_menu_lists_every_experiment_with_its_question(capsys):
    assert run(["experiment", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(EXPERIMENTS)
    assert all(line.endswith("?") for line in listed)
    assert run(["experiment", "--list", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["experiments"]) == list(EXPERIMENTS)


def test_a_forgotten_name_shows_the_menu_and_is_a_usage_error(capsys):
    assert run(["experiment"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "nn: which experiment? Give one of these names.\n"
    assert "Can a network without a hidden layer learn XOR" in captured.out


def test_other_tasks_than_xor_are_trained_by_name(capsys):
    assert run(["train", "--data", "circles", "--samples", "60", "--epochs", "300", "--seed", "1"]) == 0
    _, ending, right = capsys.readouterr().out.splitlines()
    assert ending.startswith("finished after 300 epochs")
    assert right.endswith("%) right")
    assert run(["train", "--data", "moons", "--epochs", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["data"], said["samples"], len(said["outputs"])) == ("moons", 200, 200)
    assert 0 <= said["right"] <= 200
    assert run(["train", "--data", "mnist"]) == 2
    assert "unknown data set 'mnist'; allowed: xor, moons" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layers", "2,4,2"], "layers are 2,4,2; data set xor needs 2 inputs and 1 output, such as 2,4,1"),
        (["--layers", "2,4,1", "--data", "parity"], "layers are 2,4,1; data set parity needs 4 inputs and 1 output"),
        (["--layers", "2,99999999,1"], "have 399,999,997 parameters; allowed: 10,000,000 at most"),
        (["--layers", "2,0,1"], "layer sizes are [2, 0, 1]; allowed: two or more whole numbers of at least 1"),
        (["--layers", ""], "layers are ''; allowed: whole numbers and commas"),
        (["--samples", "99999999999"], "samples is 99999999999; allowed: 10,000,000 at most"),
        (["--seed", "-1"], "seed is -1; allowed: a whole number of at least 0"),
    ],
)
def test_what_cannot_be_trained_is_named_with_what_is_allowed(arguments, said, capsys):
    assert run(["train", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", [["train", "--epochs", "1"], ["experiment", "seeds"]])
def test_a_file_that_cannot_be_written_is_named_before_the_work_begins(command, capsys, tmp_path):
    assert run([*command, "--plot", str(tmp_path / "no" / "p.svg")]) == 2
    assert capsys.readouterr().err == f"nn: --plot is {tmp_path}/no/p.svg; there is no folder {tmp_path}/no\n"
    assert run([*command, "--plot", str(tmp_path)]) == 2
    assert "which is a folder; allowed: a file" in capsys.readouterr().err


def test_a_file_needs_a_folder_to_stand_in(tmp_path):
    for path in (None, tmp_path / "p.svg"):
        check_file("plot", path)
    with pytest.raises(ValueError, match=r"--plot is .*/no/p.svg; there is no folder .*/no$"):
        check_file("plot", tmp_path / "no" / "p.svg")


def test_a_file_that_the_system_refuses_is_named_without_an_error_number(capsys, tmp_path):
    assert run(["train", "--epochs", "1", "--plot", str(tmp_path / ("x" * 300))]) == 2
    assert capsys.readouterr().err == f"nn: {tmp_path}/{'x' * 300}: File name too long\n"


def test_the_default_layers_fit_the_data(capsys):
    assert run(["train", "--data", "parity", "--epochs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["samples"] == 200


def test_progress_is_rewritten_ten_times_a_second_at_most_and_wiped_away(capsys):
    times = iter([0.0, 0.0, 0.05, 0.2, 0.2])
    with Progress(lambda: next(times)) as watch:
        for epoch in (1, 2, 3):
            watch(epoch, 0.5)
    assert capsys.readouterr().err == "\repoch 1  loss 0.500000\repoch 3  loss 0.500000\r\x1b[K"
    with Progress():
        pass
    assert capsys.readouterr().err == ""


def test_an_experiment_shows_which_training_goes_on_and_wipes_it_away(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    times = iter(range(10_000))
    monkeypatch.setattr("nn.cli.Progress", lambda: Progress(lambda: next(times)))
    assert run(["experiment", "learning-rate"]) == 0
    said = capsys.readouterr().err
    assert said.startswith("\rtraining 1: 25 %")
    assert "\rtraining 900: 100 %" in said
    assert said.endswith("\r\x1b[K")


def test_an_experiment_asks_as_many_networks_as_are_wished(capsys):
    assert run(["experiment", "seeds", "--networks", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["networks"] == 3
    assert run(["experiment", "seeds", "--networks", "0"]) == 2
    assert capsys.readouterr().err == "nn: networks is 0; allowed: 1 to 10,000,000\n"


def test_a_cluster_that_cannot_be_reached_is_one_line_and_exit_two(capsys):
    assert run(["experiment", "seeds", "--networks", "2001", "--dask", "tcp://127.0.0.1:1"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("nn: ")
    assert said.count("\n") == 1
    assert "needs the extra dask" in said or "no Dask scheduler answers at tcp://127.0.0.1:1" in said


class Terminal(io.StringIO):
    """A terminal at which somebody presses Ctrl-C as soon as a text appears."""

    def __init__(self, text="never"):
        super().__init__()
        self.text = text

    def isatty(self):
        return True

    def write(self, said):
        if self.text in said:
            self.text = "never"
            raise KeyboardInterrupt
        return super().write(said)


def test_a_terminal_sees_the_progress_and_then_only_the_result(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert run(["train", "--epochs", "3"]) == 0
    assert sys.stderr.getvalue().startswith("\repoch 1  loss 0.")
    assert sys.stderr.getvalue().endswith("\r\x1b[K")
    assert capsys.readouterr().out.splitlines()[1].startswith("finished after 3 epochs")


@pytest.fixture
def stdout_on(monkeypatch):
    """Put stdout upon a file or descriptor; what could not be written there is dropped in the end."""
    streams = []

    def put(place):
        streams.append(open(place, "w"))  # noqa: SIM115 - closed below, where an error is of no interest
        monkeypatch.setattr(sys, "stdout", streams[-1])

    yield put
    for stream in streams:
        with contextlib.suppress(OSError):
            stream.close()


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_reader_that_leaves_early_is_no_error(stdout_on, capsys, options):
    read, write = os.pipe()
    os.close(read)
    stdout_on(write)
    assert run(["train", "--epochs", "3", *options]) == 0
    assert sys.stdout.close() is None, "a second error at the end"
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_device_is_one_line(stdout_on, capsys, options):
    stdout_on("/dev/full")
    assert run(["train", "--epochs", "3", *options]) == 2
    assert sys.stdout.close() is None, "a second error at the end"
    assert capsys.readouterr().err == "nn: stdout cannot be written: No space left on device\n"


def test_an_interrupt_is_one_line_that_tells_what_it_did_not_cost(monkeypatch, capsys, tmp_path):
    file = tmp_path / "c.npz"
    monkeypatch.setattr(sys, "stderr", Terminal("epoch"))
    assert run(["train", "--epochs", "100", "--checkpoint", str(file)]) == 130
    assert sys.stderr.getvalue().endswith("\r\x1b[Knn: interrupted\n")
    assert run(["train", "--epochs", "100", "--checkpoint", str(file)]) == 0
    monkeypatch.setattr(sys, "stderr", Terminal("epoch"))
    assert run(["train", "--epochs", "200", "--checkpoint", str(file)]) == 130
    assert sys.stderr.getvalue().endswith(f"nn: interrupted; the same command goes on from {file}\n")


def test_the_help_names_what_can_be_chosen(capsys):
    with pytest.raises(SystemExit):
        run(["train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--hidden HIDDEN Use one of sigmoid, relu, tanh, softmax, identity" in said
    assert "--optimiser OPTIMISER Use one of sgd, momentum, adam. [default: sgd]" in said


@pytest.mark.parametrize("command", ["train", "chars", "experiment"])
def test_every_option_says_what_it_does_in_a_sentence(command):
    actions = parser()._subparsers._group_actions[0].choices[command]._actions
    helps = [(action.dest, action.help) for action in actions if action.dest != "help"]
    assert [name for name, said in helps if not re.match(r"[A-Z][a-z]+ .*[.\]]$", said or "")] == []


def test_a_training_of_no_epochs_says_so(capsys):
    assert run(["train", "--epochs", "0"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["no epoch, no curve", "finished after 0 epochs, loss none"]
