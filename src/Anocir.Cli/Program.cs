using System;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Commands;
using Anocir.Cli.Output;
using Anocir.Linux;
using Anocir.Runtime.Logging;

namespace Anocir.Cli;

/// <summary>Global options, one command, its error, the exit status.</summary>
internal static class Program
{
    // Ends the process without the runtime's own shutdown, which waits for other threads: there are none, and everything is written.
    private static void Main(string[] args) => Sys.Exit(Run(args));

    private static int Run(string[] args)
    {
        Logger? log = null;
        CommandId command = CommandId.Anocir;
        try
        {
            StandardStreams.Ensure();
            Sys.KeepChildren();
            Arguments global = Arguments.ParseGlobal(args);
            if (ShowsText(global))
            {
                return 0;
            }

            log = GlobalOptions.OpenLog(global);
            command = HelpCommand.Find(global.Operand(0)!);
            return Execute(command, Arguments.Parse(command, args, global.End), global, args, log);
        }
        catch (Exception e)
        {
            return ErrorRenderer.Report(e, command, log);
        }
        finally
        {
            log?.Dispose();
        }
    }

    private static bool ShowsText(Arguments global)
    {
        bool isVersion = global.Has(OptionId.Version) && !global.Has(OptionId.Help);
        if (!isVersion && !global.Has(OptionId.Help) && global.Count > 0)
        {
            return false;
        }

        StandardOutput.Write(isVersion ? VersionText.Get(ProgramName.Current) : HelpText.For(CommandId.Anocir));
        return true;
    }

    private static unsafe int Execute(CommandId command, Arguments arguments, Arguments global, string[] args, Logger log)
    {
        if (arguments.Has(OptionId.Help))
        {
            StandardOutput.Write(HelpText.For(command));
            return 0;
        }

        arguments.Runtime = GlobalOptions.Read(global, args, log);
        return CommandTable.Get(command).Run(arguments);
    }
}
