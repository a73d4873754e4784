"""Text, ids and arrays: encoders, retrievers, recommenders, rankers, calibration and the measures they are held to.

Nothing in here knows what a credential is. Callers pass strings, ids and matrices, and get ids and scores back.
"""
