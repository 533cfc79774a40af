"""Networks on disk: one .npz with a schema, replaced as a whole, so that a kill loses nothing."""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn.network import Network
from nn.ops import Array

SCHEMA = 1


def save(
    network: Network,
    path: str | Path,
    state: Mapping[str, Array] | None = None,
    progress: Mapping[str, Any] | None = None,
) -> None:
    """Write the network, the optimiser's `state` and any JSON `progress`, all or nothing."""
    path = Path(path)
    facts = {"schema": SCHEMA, "network": network.settings(), "progress": dict(progress or {})}
    arrays = {f"parameter/{name}": array for name, array in network.parameters.named.items()}
    arrays |= {f"state/{name}": array for name, array in (state or {}).items()}
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("wb") as file:
        np.savez(file, facts=np.array(json.dumps(facts)), **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def load(path: str | Path) -> tuple[Network, dict[str, Array], dict[str, Any]]:
    """The network, the optimiser's state and the progress. ValueError for a file that is not a checkpoint."""
    try:
        with np.load(path, allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            arrays = {name: file[name] for name in file.files}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a checkpoint of nn: {error}") from None
    if facts.get("schema") != SCHEMA:
        raise ValueError(f"{path} has schema {facts.get('schema')}; this nn reads schema {SCHEMA}")
    network = Network(**facts["network"])
    for name, array in network.parameters.named.items():
        array[...] = arrays[f"parameter/{name}"]
    return network, _of("state/", arrays), facts["progress"]


def _of(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
