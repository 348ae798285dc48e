"""PDF files that hold letters, read from the places of the letters on the page."""
