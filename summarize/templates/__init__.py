"""The Word templates, each of which a clerk may edit in Word."""
