"""Corpora that do not fit in memory: counted shard by shard, in parallel, kept on disk."""

from toolkit.shards.counting import count_shards
from toolkit.shards.counts import ShardCounts

__all__ = ["ShardCounts", "count_shards"]
