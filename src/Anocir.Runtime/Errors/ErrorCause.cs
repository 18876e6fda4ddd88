namespace Anocir.Runtime.Errors;

/// <summary>One row of <see cref="ErrorCatalogue"/>.</summary>
/// <param name="Message">The whole message, without "anocir run failed: " in front; BUNDLE and CGROUP stand for paths.</param>
/// <param name="Cause">What is wrong; empty where the message says it all.</param>
/// <param name="Fix">What to do; empty where the message says it all.</param>
public readonly record struct ErrorCause(string Message, string Cause, string Fix);
