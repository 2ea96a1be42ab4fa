"""Runs a plan on the workers of a Dask cluster; this process keeps the journal.

    feed -> coordinator (deals sessions, keeps claims and results) <-> channel <-> worker (RowSession, the same step)

Dask finds the workers and runs one task on each, which connects back. Rows, secrets and results go over a channel of
their own, encrypted, and never through the scheduler.
"""
