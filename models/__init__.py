"""The data models: records, the store that keeps them, and the formats other programs read.

Imports nothing else of this project. Neural networks are called *weights* (`models.weights`).
"""
