"""Sound to utterances: speech detection, recognition, speakers."""
