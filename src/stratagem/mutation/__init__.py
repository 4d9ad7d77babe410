"""Is a strategy's proof any good? Its conditions are changed one by one, and its scenarios must notice."""
