"""What a person sees, as values: texts, keyboards, pictures, presses, links."""
