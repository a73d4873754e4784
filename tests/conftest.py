"""What all tests share: one thread for arrays, no network for models, one warm cache, and Hypothesis without chance.

With ``PATHWAYS_TRAIN=1`` a run fails unless tests marked ``sentence_transformers`` passed: continuous integration must not go
green because the extra was missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Before anything imports numpy: the libraries read these once.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
    os.environ[_name] = "1"

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

TRAIN_MARKER = "sentence_transformers"
_OWN_SETTINGS = ("PATHWAYS_CATALOG", "PATHWAYS_WEIGHTS", "PATHWAYS_HOST", "PATHWAYS_PORT", "PATHWAYS_TODAY", "PATHWAYS_DEBUG")

settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def warm_home(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of caches for the whole run, so that the bundled catalog is embedded once and not once for each test.

    Pytest keeps it between runs: vectors are stored by the fingerprint of the encoder and the text, so old ones are never wrong.
    """
    cache = pytestconfig.cache
    return Path(cache.mkdir("pathways-home")) if cache is not None else tmp_path_factory.mktemp("pathways-home")


@pytest.fixture(scope="session", autouse=True)
def own_environment(warm_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the person who runs the tests reaches them; caches go to the warm folder, plans to one of this run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _OWN_SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("PATHWAYS_HOME", str(warm_home))
        patch.setenv("PATHWAYS_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("COLUMNS", "80")
        yield


class _TrainWatch:
    """Counts the tests of the extra that ran, and fails a run that had to have some and had none."""

    def __init__(self) -> None:
        self.passed = 0
        self.skipped = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if TRAIN_MARKER in report.keywords:
            self.passed += report.when == "call" and report.passed
            self.skipped += report.skipped

    @property
    def missing(self) -> bool:
        return os.environ.get("PATHWAYS_TRAIN") == "1" and (self.passed == 0 or self.skipped > 0)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.missing:
            counts = f"{self.passed} passed, {self.skipped} skipped"
            terminalreporter.write_line(f"PATHWAYS_TRAIN=1, but the {TRAIN_MARKER} tests did not all run: {counts}.", red=True)
        elif self.skipped:
            terminalreporter.write_line(f"The {TRAIN_MARKER} suite was skipped: the extra of that name is not installed.")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the run, where reports of all workers come together."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_TrainWatch(), "pathways-train-watch")
