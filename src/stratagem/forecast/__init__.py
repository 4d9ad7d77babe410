"""What a change would have done: alerts a day over past logs, and the filter that would have removed most noise."""
