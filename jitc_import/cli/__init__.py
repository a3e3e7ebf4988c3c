"""The commands of python -m jitc_import, one file each."""
