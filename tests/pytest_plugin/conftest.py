"""The tests of the plugin's users are run by pytest of its own: see test_runs.py."""

collect_ignore = ["project"]
