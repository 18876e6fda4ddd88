namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Scheduler ReadScheduler()
    {
        var scheduler = new Scheduler();
        BeginObject();
        while (NextProperty())
        {
            if (Is("policy"u8))
            {
                scheduler.Policy = Text();
            }
            else if (Is("nice"u8))
            {
                scheduler.Nice = Int32();
            }
            else if (Is("priority"u8))
            {
                scheduler.Priority = Int32();
            }
            else if (Is("flags"u8))
            {
                scheduler.Flags = Texts();
            }
            else if (Is("runtime"u8))
            {
                scheduler.Runtime = UInt64();
            }
            else if (Is("deadline"u8))
            {
                scheduler.Deadline = UInt64();
            }
            else if (Is("period"u8))
            {
                scheduler.Period = UInt64();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(scheduler.Policy, "policy");
        return scheduler;
    }

    private IoPriority ReadIoPriority()
    {
        var priority = new IoPriority();
        BeginObject();
        while (NextProperty())
        {
            if (Is("class"u8))
            {
                priority.Class = Text();
            }
            else if (Is("priority"u8))
            {
                priority.Priority = Int32();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(priority.Class, "class");
        return priority;
    }

    private ExecCpuAffinity ReadExecCpuAffinity()
    {
        var affinity = new ExecCpuAffinity();
        BeginObject();
        while (NextProperty())
        {
            if (Is("initial"u8))
            {
                affinity.Initial = OptionalText();
            }
            else if (Is("final"u8))
            {
                affinity.Final = OptionalText();
            }
            else
            {
                SkipValue();
            }
        }

        return affinity;
    }
}
