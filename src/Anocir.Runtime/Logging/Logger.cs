using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Logging;

/// <summary>
/// Writes one line per message to the file of --log or to standard error. The caller of the library decides where errors go:
/// the library itself only warns and traces, it throws errors.
/// </summary>
public sealed class Logger : IDisposable
{
    private const int StandardError = 2;

    private readonly Fd? _file;
    private readonly List<string> _heldBack = [];

    /// <summary>A logger on a log file (owned from now on), or on standard error when <paramref name="file"/> is null.</summary>
    public Logger(LogLevel level, bool json, Fd? file = null)
    {
        Level = level;
        IsJson = json;
        _file = file;
    }

    /// <summary>Lightest message that is written.</summary>
    public LogLevel Level { get; }

    /// <summary>Whether lines are JSON objects, else logrus-like text.</summary>
    public bool IsJson { get; }

    /// <summary>Whether there is a log file; standard error is then free for the final message.</summary>
    public bool HasFile => _file is not null;

    /// <summary>Opens the file of --log as runc does: append, synchronous, made with 0644 if missing.</summary>
    public static SysResult OpenFile(string path, out Fd? file)
    {
        SysResult result = Sys.Open(path, O.CREAT | O.WRONLY | O.APPEND | O.SYNC | O.CLOEXEC, 0x1a4 /* 0644 */);
        file = result.IsError ? null : new Fd(result.Int);
        return result;
    }

    /// <summary>Whether debug messages are written: ask before building one.</summary>
    public bool IsDebug => Level == LogLevel.Debug;

    /// <summary>Writes a debug message.</summary>
    public void Debug(string message) => Write(LogLevel.Debug, message);

    /// <summary>Writes progress.</summary>
    public void Info(string message) => Write(LogLevel.Info, message);

    /// <summary>Writes a warning. In a JSON file it waits for <see cref="Flush"/> or <see cref="Error"/>: podman reads the file
    /// of a failed command as one single object.</summary>
    public void Warn(string message)
    {
        if (IsJson && HasFile && Level == LogLevel.Warning)
        {
            _heldBack.Add(message);
            return;
        }

        Write(LogLevel.Warning, message);
    }

    /// <summary>Writes the error the command ends with; warnings held back become a member of the same object.</summary>
    public void Error(string message)
    {
        WriteLine(LogLevel.Error, message, _heldBack);
        _heldBack.Clear();
    }

    /// <summary>Writes what was held back: on success, and before the process executes something else.</summary>
    public void Flush()
    {
        foreach (string message in _heldBack)
        {
            Write(LogLevel.Warning, message);
        }

        _heldBack.Clear();
    }

    /// <summary>Flushes and closes the log file.</summary>
    public void Dispose()
    {
        Flush();
        _file?.Dispose();
    }

    private void Write(LogLevel level, string message)
    {
        if (level >= Level)
        {
            WriteLine(level, message, null);
        }
    }

    private void WriteLine(LogLevel level, string message, List<string>? warnings)
    {
        string time = Timestamp.Seconds(DateTime.UtcNow);
        byte[] line = IsJson ? LogLine.Json(level, message, time, warnings) : LogLine.Text(level, message, time);

        // A log that cannot be written must not fail the command: there is nowhere left to say so.
        _ = Sys.WriteAll(_file?.Number ?? StandardError, line);
    }
}
