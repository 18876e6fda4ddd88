namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>A property of a unit: systemd.resource-control(5), systemd.scope(5), and their names on the bus.</summary>
/// <param name="Name">Name on the bus: <c>MemoryMax</c>, <c>TimeoutStopUSec</c>.</param>
/// <param name="Value">Its value, of the type that systemd wants for it.</param>
public readonly record struct UnitProperty(string Name, DbusValue Value)
{
    /// <summary>As an element of <c>a(sv)</c>.</summary>
    public DbusValue Marshalled => DbusValue.Struct(DbusValue.String(Name), DbusValue.Variant(Value));
}
