PYTHON ?= python3

.PHONY: demo test clean

demo:  ## have a model on this machine complete an example, and run the others, in a virtual environment of its own
	@$(PYTHON) scripts/demo.py

test:  ## lint, format, types, and the tests on every supported Python that is found
	@$(PYTHON) scripts/test.py

clean:  ## remove the virtual environments and caches
	rm -rf .venv .venvs build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
