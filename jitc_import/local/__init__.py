"""A model that runs on this machine: its weights, and the process that is shared by all who use it."""
