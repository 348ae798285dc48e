"""Pages that are pictures: scans and photographs, their letters recognised by tesseract."""
