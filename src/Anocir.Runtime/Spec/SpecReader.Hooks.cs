namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Hooks ReadHooks()
    {
        var hooks = new Hooks();
        BeginObject();
        while (NextProperty())
        {
            if (Is("prestart"u8))
            {
                hooks.Prestart = ReadHookList();
            }
            else if (Is("createRuntime"u8))
            {
                hooks.CreateRuntime = ReadHookList();
            }
            else if (Is("createContainer"u8))
            {
                hooks.CreateContainer = ReadHookList();
            }
            else if (Is("startContainer"u8))
            {
                hooks.StartContainer = ReadHookList();
            }
            else if (Is("poststart"u8))
            {
                hooks.Poststart = ReadHookList();
            }
            else if (Is("poststop"u8))
            {
                hooks.Poststop = ReadHookList();
            }
            else
            {
                SkipValue();
            }
        }

        return hooks;
    }

    private Hook[] ReadHookList()
    {
        Hook[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadHook());
        }

        return Trim(items, count);
    }

    private Hook ReadHook()
    {
        var hook = new Hook();
        BeginObject();
        while (NextProperty())
        {
            if (Is("path"u8))
            {
                hook.Path = Text();
            }
            else if (Is("args"u8))
            {
                hook.Args = Texts();
            }
            else if (Is("env"u8))
            {
                hook.Env = Texts();
            }
            else if (Is("timeout"u8))
            {
                hook.Timeout = Int32();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(hook.Path, "path");
        return hook;
    }
}
