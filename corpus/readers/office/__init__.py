"""Office Open XML: .docx and .xlsx, read from their own XML (ECMA-376)."""
