"""What stands in a text: agencies, owners, deadlines, documents, sentences."""
