"""A real endpoint, whichever OPENAI_BASE_URL, OPENAI_API_KEY and JITC_MODEL name: `pytest -m live`."""

from __future__ import annotations

import pytest

from conftest import Project

pytestmark = pytest.mark.live


def test_a_body_is_completed_and_accounted_for(project: Project) -> None:
    project.write(
        "shapes.py",
        '''
        # jitc: enable
        def double(x: int) -> int:  # jitc: complete
            """Twice x.

            >>> double(4)
            8
            """
        ''',
    )
    done = project.run("-m", "jitc_import", "complete", "shapes.py", timeout=300)
    assert done.returncode == 0, done.stderr
    assert " tokens read and " in done.stderr.splitlines()[-1]
