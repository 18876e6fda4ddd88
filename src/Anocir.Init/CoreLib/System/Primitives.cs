// The types that the C# compiler and ILC look up by name in the system module. Layout matters, content hardly does.
#pragma warning disable CS0169, CS0649, CA1823, IDE0051 // fields only give the types their size

namespace System;

public unsafe class Object
{
    // Every object starts with its method table pointer; ILC lays out string literals and type descriptors this way.
    private void* _methodTable;

    public Object()
    {
    }
}

public struct Void
{
}

public abstract class ValueType
{
}

public abstract class Enum : ValueType
{
}

public struct Boolean
{
    private bool _value;
}

public struct Char
{
    private char _value;
}

public struct SByte
{
    private sbyte _value;
}

public struct Byte
{
    private byte _value;
}

public struct Int16
{
    private short _value;
}

public struct UInt16
{
    private ushort _value;
}

public struct Int32
{
    public const int MaxValue = 0x7fffffff;

    private int _value;
}

public struct UInt32
{
    public const uint MaxValue = 0xffffffff;

    private uint _value;
}

public struct Int64
{
    public const long MaxValue = 0x7fffffffffffffff;

    private long _value;
}

public struct UInt64
{
    public const ulong MaxValue = 0xffffffffffffffff;

    private ulong _value;
}

public struct Single
{
    private float _value;
}

public struct Double
{
    private double _value;
}

public unsafe struct IntPtr
{
    private void* _value;
}

public unsafe struct UIntPtr
{
    private void* _value;
}

public struct Nullable<T>
    where T : struct
{
    private readonly bool _hasValue;
    private readonly T _value;

    public Nullable(T value)
    {
        _value = value;
        _hasValue = true;
    }

    public readonly bool HasValue => _hasValue;

    public readonly T Value => _value;

    public readonly T GetValueOrDefault() => _value;

    public static implicit operator Nullable<T>(T value) => new Nullable<T>(value);
}

public sealed class String
{
    /// <summary>UTF-16 units; the characters follow.</summary>
    public readonly int Length;

    private readonly char _firstChar;
}

public abstract class Array
{
    private readonly int _length;
}

internal sealed class Array<T> : Array
{
}

public abstract class Delegate
{
}

public abstract class MulticastDelegate : Delegate
{
}

public abstract class Type
{
}

public class Exception
{
}

public struct RuntimeTypeHandle
{
    private nint _value;
}

public struct RuntimeMethodHandle
{
    private nint _value;
}

public struct RuntimeFieldHandle
{
    private nint _value;
}

public interface IDisposable
{
    void Dispose();
}
