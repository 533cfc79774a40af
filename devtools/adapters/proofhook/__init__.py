"""On PYTHONPATH while a proof runs: its sitecustomize reaches every Python that the tests start."""
