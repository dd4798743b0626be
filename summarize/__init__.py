"""Utterances to questions, answers, topics and the draft minutes."""
