"""The repaired conversation as files to keep: a scenario that passes, and a server that answers like it."""
