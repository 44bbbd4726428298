"""Vectors of one encoder: an exact index in memory, a Milvus collection beside it, and what keeps the two honest.

Callers take `exact.ExactIndex`, `store.VectorStore` and the types they return; nothing here knows the catalogue.
"""
