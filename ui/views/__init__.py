"""What people touch in the browser: one file for each page, and the parts of the meeting page."""
