using System.Text;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>Small files of the kernel.</summary>
internal static class FileSteps
{
    /// <summary>Writes an ASCII value to a file of the host's /proc or /sys, in one write(2).</summary>
    public static void AddWrite(PlanWriter plan, string path, string value)
    {
        uint pathOperand = plan.Str(path);
        uint valueOperand = plan.Blob(Encoding.ASCII.GetBytes(value));
        ref Step write = ref plan.Add(StepKind.WriteFile);
        write.S0 = pathOperand;
        write.S1 = valueOperand;
        write.L = (uint)value.Length;
        write.X = (ulong)Linux.O.WRONLY;
    }
}
