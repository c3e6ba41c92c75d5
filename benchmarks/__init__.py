"""What a press, a join, an announcement cost here, each beside what people would take instead."""
