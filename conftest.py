"""What the tests of the core and of every plugin share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same commit gets the same verdict: only the deep profile draws examples that nobody drew before. No deadline:
# how long an example takes says more about the machine than about the code.
settings.register_profile("fast", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("CIVRULES_HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reference material beside the repository; a test that needs it is skipped without."""
    folder = Path(os.environ.get("CIVRULES_SHARED") or Path(__file__).parent.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"There is no folder {folder}; CIVRULES_SHARED names another.")
    return folder
