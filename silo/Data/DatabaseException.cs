namespace ProdSprint.Data;

/// <summary>The database is not as it must be; the message says what to do next.</summary>
public sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);
