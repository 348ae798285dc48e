"""What a question asks: words, kinds, parts, the notices that it names."""
