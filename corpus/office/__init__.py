"""Real notices written out as the DOCX and PDF files that a Chinese office would issue."""
