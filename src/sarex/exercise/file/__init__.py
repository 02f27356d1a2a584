"""The door of the exercise file: from what people write to checked types."""
