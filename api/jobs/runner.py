"""Who works on caseloads: one thread that hands rows to a pool of processes and keeps what comes back, chunk by chunk.

A job whose process died is taken up again by whoever finds its lease over; rows that are answered are not asked again. The pool is
started by the first job and given back when none waits, so that a server without caseloads costs nothing.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from api.jobs import store
from api.jobs.marks import marks_of
from api.jobs.store import Job, JobStore
from api.jobs.work import Done, answer_rows, begin
from api.settings import Settings
from api.store.database import Database
from api.store.errors import StoreError
from api.world import World
from pathways.errors import PathwaysError

LOG = logging.getLogger("pathways")
ROWS_AT_ONCE = 8
IDLE_SECONDS = 2.0
MOST_BREAKS = 3
DEADLY = '{"column": "learner", "detail": "This row could not be answered: it ended the process."}'


class Runner:
    """Works on the caseloads of a store.

    Parameters
    ----------
    settings : Settings
        ``workers`` processes answer rows.
    database : Database
    world : callable
        The world of now, for what the rules are when a job ends.
    """

    def __init__(self, settings: Settings, database: Database, world: World | None = None) -> None:
        self.owner = uuid.uuid4().hex
        self.settings = settings
        self.database = database
        self.world = world
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def nudge(self) -> None:
        """There is something to do: start, or look again."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="caseloads", daemon=True)
                self._thread.start()
        self._wake.set()

    def resume(self) -> None:
        """Look for jobs a former process left, without making a store that is not there."""
        try:
            if self.database.is_there and store.waiting(self.database):
                self.nudge()
        except StoreError as error:
            LOG.warning("caseloads wait: %s", error)

    def close(self) -> None:
        """Stop after the chunks under way; what is left is taken up by the next process."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(20)
        self._give_back()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                job = store.claim(self.database, self.owner)
            except StoreError as error:
                LOG.warning("caseloads wait: %s", error)
                job = None
            if job is None:
                self._wake.clear()
                if not self._wake.wait(IDLE_SECONDS) and not self._others_wait():
                    self._give_back()
                    return
                continue
            self._work(job)

    def _others_wait(self) -> bool:
        """Whether a job is held by somebody who may die: worth staying for."""
        try:
            return store.waiting(self.database) > 0
        except StoreError:
            return True

    def _work(self, job: Job) -> None:
        """Answer every open row of a job; a process that dies is replaced, and a row that kills it three times is named."""
        breaks: dict[int, int] = {}
        while not self._stop.is_set():
            rows = store.pending(self.database, job, ROWS_AT_ONCE * self.settings.workers * 4)
            if not rows:
                self._finish(job)
                return
            if not self._answer(job, rows, breaks):
                return

    def _answer(self, job: Job, rows: list[tuple[int, str]], breaks: dict[int, int]) -> bool:
        """Answer some rows in the pool; False where the job is no longer ours."""
        chunks = [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]
        if breaks:
            # A row brought a process down: one by one, to find which.
            chunks = [[row] for row in rows]
        pool = self._started()
        running: dict[Future[list[Done]], list[tuple[int, str]]] = {pool.submit(answer_rows, chunk): chunk for chunk in chunks}
        while running:
            done, _ = wait(running, timeout=store.LEASE.total_seconds() / 3, return_when=FIRST_COMPLETED)
            answers: list[Done] = []
            for future in done:
                chunk = running.pop(future)
                try:
                    answers += future.result()
                except BrokenProcessPool:
                    self._pool = None
                    answers += _blamed(chunk, breaks)
                    running.clear()
                    break
            if not store.keep(self.database, job, self.owner, answers) or self._stop.is_set():
                for future in running:
                    future.cancel()
                return False
        return True

    def _finish(self, job: Job) -> None:
        jobs = JobStore(self.database, job.institution)
        touched = {name for row in jobs.rows(job.id) if row.result is not None for name in row.result["touched"]}
        try:
            world = self._current()
            jobs.mark(job.id, marks_of(world.catalog, touched), world.catalog.version)
        except PathwaysError as error:
            LOG.warning("caseload %s has no marks: %s", job.id, error)
        store.end(self.database, job, self.owner)

    def _current(self) -> World:
        if self.world is None:
            from api.world import load_world

            self.world = load_world(self.settings)
        return self.world.current()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            fresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.settings.workers, mp_context=fresh, initializer=begin, initargs=(self.settings,))
        return self._pool

    def _give_back(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _blamed(chunk: list[tuple[int, str]], breaks: dict[int, int]) -> list[Done]:
    """Rows that were being answered when a process died; one that was alone there again and again is given up by name."""
    given_up: list[Done] = []
    for number, _ in chunk:
        breaks[number] = breaks.get(number, 0) + 1
        if len(chunk) == 1 and breaks[number] >= MOST_BREAKS:
            given_up.append(
                (number, None, '{"column": "learner", "detail": "This row could not be answered: it ended the process."}')
            )
    return given_up
