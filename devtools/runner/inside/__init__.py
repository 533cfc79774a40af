"""Run within the project's interpreter, where devtools need not be installed.

This room owns our plugins of pytest. They use the standard library and pytest only, and import nothing of ours.
They write what they see as data: `runner` reads it, and other rooms judge it.
Read `results_plugin` first, then `proof_plugin`; `startup` reaches the processes that tests start.
"""
