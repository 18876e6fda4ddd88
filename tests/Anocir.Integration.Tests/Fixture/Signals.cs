namespace Anocir.Integration.Tests.Fixture;

/// <summary>Signal numbers (x86-64 and arm64).</summary>
internal static class Signals
{
    public const int Hup = 1, Int = 2, Quit = 3, Kill = 9, Usr1 = 10, Usr2 = 12, Term = 15, Cont = 18, Stop = 19, Winch = 28, RtMin = 34;
}
