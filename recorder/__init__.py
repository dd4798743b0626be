"""Sound from a file (and later a microphone) onto the disk, safely."""
