"""The embedded PostgreSQL: a private server that comes with Warmline, starts and stops with it."""

from warmline.base.postgres.cluster import Cluster

__all__ = ["Cluster"]
